// SPDX-License-Identifier: GPL-2.0
/* Memory that the attacker has, has not, and has now and then. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

#define SHIFTED_AWAY	0xd7
#define READ_ONLY	0x3c
#define FAR		0x69

static struct space *space;
static struct arena field, shift, far;
static int flipped = -1;

static pthread_t shifter;
static bool shifter_stop;
static unsigned long shifts, shift_faults;
static struct dice shift_dice;

static void fill_secret(uint8_t *at)
{
	uint64_t magic = MAGIC_SECRET;
	unsigned int i;

	for (i = 0; i < PAGE; i += sizeof(magic))
		memcpy(at + i, &magic, sizeof(magic));
}

enum page_kind memory_kind(unsigned int page)
{
	if (page % 4 == 3)
		return PAGE_CLOSED;
	return page % 8 == 2 ? PAGE_READ_ONLY : PAGE_OPEN;
}

uint8_t *memory_field(unsigned int page)
{
	return field.base + (size_t)page * PAGE;
}

void memory_create(struct space *of)
{
	unsigned int i;
	int err = 0;

	space = of;
	arena_create(&field, FIELD_IOVA, FIELD_PAGES * PAGE);
	arena_create(&shift, SHIFT_IOVA, SHIFT_PAGES * PAGE);
	arena_create(&far, FAR_IOVA, FAR_PAGES * PAGE);
	for (i = 0; i < FIELD_PAGES; i++) {
		uint64_t iova = FIELD_IOVA + (uint64_t)i * PAGE;

		switch (memory_kind(i)) {
		case PAGE_OPEN:
			err |= space_map(space, memory_field(i), iova, PAGE, SPACE_BOTH);
			break;
		case PAGE_READ_ONLY:
			memset(memory_field(i), READ_ONLY, PAGE);
			err |= space_map(space, memory_field(i), iova, PAGE, SPACE_READ);
			break;
		case PAGE_CLOSED:
			fill_secret(memory_field(i));
			break;
		}
	}
	memset(shift.base, SHIFTED_AWAY, shift.size);
	memset(far.base, FAR, far.size);
	err |= space_map(space, far.base, FAR_IOVA, far.size, SPACE_BOTH);
	if (err)
		die("the attacker's memory cannot be mapped");
}

uint8_t *memory_open(uint64_t iova, size_t len)
{
	uint64_t page, last;

	if (iova < FIELD_IOVA || iova >= FIELD_IOVA + field.size ||
	    len > FIELD_IOVA + field.size - iova)
		return NULL;
	last = (iova + len - 1 - FIELD_IOVA) / PAGE;
	for (page = (iova - FIELD_IOVA) / PAGE; page <= last; page++)
		if (memory_kind(page) != PAGE_OPEN)
			return NULL;
	return field.base + (iova - FIELD_IOVA);
}

unsigned int memory_random_open(struct dice *dice)
{
	unsigned int page;

	do {
		page = dice_below(dice, FIELD_PAGES);
	} while (memory_kind(page) != PAGE_OPEN);
	return page;
}

uint64_t memory_random_iova(struct dice *dice, size_t len)
{
	uint32_t what = dice_below(dice, 100);

	if (what < 60)
		return FIELD_IOVA + (uint64_t)memory_random_open(dice) * PAGE +
		       dice_below(dice, PAGE / 64) * 64;
	if (what < 75)
		return FIELD_IOVA + dice_below(dice, FIELD_PAGES * PAGE);
	if (what < 88)
		return SHIFT_IOVA + dice_below(dice, SHIFT_PAGES * PAGE) / 16 * 16;
	if (what < 92)
		return (1ull << 48) - dice_below(dice, 2 * PAGE) / 16 * 16;
	if (what < 96)
		return -(uint64_t)dice_below(dice, len + PAGE) / 16 * 16;
	if (what < 98)
		return dice_below(dice, 0x10000);
	return dice_roll(dice) >> dice_below(dice, 64);
}

/* A page of the field goes away; when the next one goes, it comes back. */
void memory_flip(struct dice *dice)
{
	if (flipped >= 0 &&
	    space_map(space, memory_field(flipped), FIELD_IOVA + (uint64_t)flipped * PAGE, PAGE,
		      SPACE_BOTH))
		die("a page cannot be mapped again");
	if (flipped >= 0 && dice_percent(dice, 50)) {
		flipped = -1;
		return;
	}
	flipped = memory_random_open(dice);
	if (space_unmap(space, FIELD_IOVA + (uint64_t)flipped * PAGE, PAGE))
		die("a page cannot be unmapped");
}

static bool all(const uint8_t *at, size_t len, uint8_t val)
{
	return at[0] == val && !memcmp(at, at + 1, len - 1);
}

/* A page that was unmapped is the program's alone from the moment on that the call returns. */
static void *shift_pages(void *arg)
{
	bool mapped[SHIFT_PAGES] = {};
	unsigned int i;

	(void)arg;
	while (!__atomic_load_n(&shifter_stop, __ATOMIC_RELAXED)) {
		unsigned int page = dice_below(&shift_dice, SHIFT_PAGES);
		uint8_t *at = shift.base + page * PAGE;
		uint64_t iova = SHIFT_IOVA + page * PAGE;

		if (mapped[page]) {
			if (space_unmap(space, iova, PAGE))
				die("a page cannot be unmapped");
			memset(at, SHIFTED_AWAY, PAGE);
		} else {
			shift_faults += !all(at, PAGE, SHIFTED_AWAY);
			memset(at, dice_percent(&shift_dice, 70) ? 0 : 0xff, PAGE);
			if (space_map(space, at, iova, PAGE, 1 + dice_below(&shift_dice, 3)))
				die("a page cannot be mapped");
		}
		mapped[page] = !mapped[page];
		shifts++;
		usleep(50);
	}
	for (i = 0; i < SHIFT_PAGES; i++)
		if (!mapped[i])
			shift_faults += !all(shift.base + i * PAGE, PAGE, SHIFTED_AWAY);
	return NULL;
}

void memory_shift_start(uint64_t seed)
{
	shift_dice.state = seed;
	if (pthread_create(&shifter, NULL, shift_pages, NULL))
		die("no thread");
}

unsigned long memory_shift_stop(void)
{
	__atomic_store_n(&shifter_stop, true, __ATOMIC_RELAXED);
	pthread_join(shifter, NULL);
	return shifts;
}

void memory_check_closed(void *arg)
{
	uint8_t secret[PAGE];
	unsigned int i;

	(void)arg;
	fill_secret(secret);
	for (i = 0; i < FIELD_PAGES; i++)
		CHECK(memory_kind(i) != PAGE_CLOSED || !memcmp(memory_field(i), secret, PAGE),
		      "page %u was written and is not mapped", i);
}

void memory_check_read_only(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < FIELD_PAGES; i++)
		CHECK(memory_kind(i) != PAGE_READ_ONLY || all(memory_field(i), PAGE, READ_ONLY),
		      "page %u was written and is read-only", i);
}

void memory_check_far(void *arg)
{
	(void)arg;
	CHECK(all(far.base, far.size, FAR), "written, and no address was given");
}

void memory_check_shifted(void *arg)
{
	(void)arg;
	CHECK(!shift_faults, "%lu pages were written after they were unmapped", shift_faults);
	CHECK(shifts > 100, "only %lu pages were mapped and unmapped", shifts);
}

bool memory_has(const void *where, size_t len, uint64_t magic)
{
	return memmem(where, len, &magic, sizeof(magic));
}

/* Nothing of the neighbours' traffic and of unmapped pages has come to the attacker. */
void memory_check_leaks(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < FIELD_PAGES; i++) {
		if (memory_kind(i) == PAGE_CLOSED)
			continue;
		CHECK(!memory_has(memory_field(i), PAGE, MAGIC_NEIGHBOUR),
		      "neighbours' data in page %u", i);
		CHECK(!memory_has(memory_field(i), PAGE, MAGIC_SECRET), "unmapped data in page %u",
		      i);
	}
	CHECK(!memory_has(shift.base, shift.size, MAGIC_NEIGHBOUR), "neighbours' data");
	CHECK(!memory_has(shift.base, shift.size, MAGIC_SECRET), "unmapped data");
	CHECK(!memory_has(far.base, far.size, MAGIC_NEIGHBOUR), "neighbours' data");
}
