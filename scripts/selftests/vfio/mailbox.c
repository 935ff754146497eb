// SPDX-License-Identifier: GPL-2.0
/* mailbox VF VF: PCI addresses, bound to vfio-pci, of an adapter whose PF has its driver. */
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "mailbox.h"

struct station vf, other;

int ask_version(uint16_t min, uint16_t max, struct hvnet_msg_version *answer)
{
	struct hvnet_msg_version arg = { .min = min, .max = max };

	return function_mailbox(&vf.fn, HVNET_MSG_VERSION, 0, &arg, sizeof(arg), answer,
				sizeof(*answer));
}

int read_mac(struct station *st, struct hvnet_block_mac *block)
{
	return function_mailbox(&st->fn, HVNET_MSG_BLOCK_READ, HVNET_BLOCK_MAC, NULL, 0, block,
				sizeof(*block));
}

int write_mac(const uint8_t *mac, uint16_t flags)
{
	struct hvnet_block_mac block = { .flags = flags };

	memcpy(block.mac, mac, sizeof(block.mac));
	return function_mailbox(&vf.fn, HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, &block,
				sizeof(block), NULL, 0);
}

int write_filters(uint16_t flags, uint16_t count, const uint8_t *mac, size_t num)
{
	uint8_t block[HVNET_MSG_PAYLOAD] = {};
	struct hvnet_block_filters head = { .flags = flags, .count = count };

	memcpy(block, &head, sizeof(head));
	memcpy(block + sizeof(head), mac, 6 * num);
	return function_mailbox(&vf.fn, HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_FILTERS, block,
				sizeof(head) + 6 * num, NULL, 0);
}

int raw(uint16_t op, uint16_t block, uint16_t hdr_len, size_t len)
{
	struct hvnet_msg hdr = { .op = op, .block = block, .len = hdr_len };
	uint8_t msg[HVNET_MAILBOX_SIZE] = {};
	int ret;

	do {
		memset(msg, 0, sizeof(msg));
		memcpy(msg, &hdr, sizeof(hdr));
		ret = function_mailbox_raw(&vf.fn, msg, len, msg);
		if (ret < (int)sizeof(hdr))
			return -1;
		memcpy(&hdr, msg, sizeof(hdr));
		if (hdr.code == HVNET_E_RATE)
			clock_sleep(50);
	} while (hdr.code == HVNET_E_RATE);
	return hdr.code;
}

static void before_version(void *arg)
{
	struct hvnet_block_mac mac;
	uint8_t invalid[8];

	(void)arg;
	CHECK(!function_reset(&vf.fn), "no reset");
	CHECK_CODE(read_mac(&vf, &mac), HVNET_E_STATE);
	CHECK_CODE(write_mac((uint8_t *)"\x02\x00\x00\x00\x77\x01", 0), HVNET_E_STATE);
	CHECK_CODE(write_filters(0, 0, NULL, 0), HVNET_E_STATE);
	CHECK_CODE(function_mailbox(&vf.fn, HVNET_MSG_BLOCKS_INVALID, 0, NULL, 0, invalid, 8),
		   HVNET_E_STATE);
	CHECK_CODE(raw(0x77, 0, 0, 8), HVNET_E_STATE);
}

static void negotiation(void *arg)
{
	struct hvnet_msg_version answer;
	struct hvnet_block_mac mac;

	(void)arg;
	CHECK(!function_reset(&vf.fn), "no reset");
	CHECK_CODE(ask_version(HVNET_MAILBOX_VERSION_MAX + 1, 0xffff, &answer), HVNET_E_VERSION);
	CHECK_CODE(ask_version(0, 0, &answer), HVNET_E_VERSION);
	CHECK_CODE(ask_version(2, 1, &answer), HVNET_E_RANGE);
	CHECK_CODE(ask_version(0xffff, 0xffff, &answer), HVNET_E_VERSION);
	CHECK_CODE(read_mac(&vf, &mac), HVNET_E_STATE);
	CHECK_CODE(ask_version(0, 0xffff, &answer), HVNET_OK);
	CHECK(answer.max == HVNET_MAILBOX_VERSION_MAX, "agreed on %u", answer.max);
	CHECK_CODE(read_mac(&vf, &mac), HVNET_OK);
	CHECK_CODE(ask_version(HVNET_MAILBOX_VERSION_MAX, HVNET_MAILBOX_VERSION_MAX + 7, &answer),
		   HVNET_OK);
	CHECK(answer.max == HVNET_MAILBOX_VERSION_MAX, "agreed on %u", answer.max);
	CHECK_CODE(ask_version(1, 1, &answer), HVNET_OK);
	CHECK(answer.max == 1, "agreed on %u", answer.max);
	/* What was agreed on last counts, and what is refused changes nothing. */
	CHECK_CODE(ask_version(HVNET_MAILBOX_VERSION_MAX + 1, 0xffff, &answer), HVNET_E_VERSION);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_READ, HVNET_BLOCK_CAPS, 0, 8), HVNET_E_ABSENT);
	CHECK_CODE(ask_version(2, 2, &answer), HVNET_OK);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_READ, HVNET_BLOCK_CAPS, 0, 8), HVNET_OK);
	CHECK(!function_reset(&vf.fn), "no reset");
	CHECK_CODE(read_mac(&vf, &mac), HVNET_E_STATE);
}

static void bad_lengths(void *arg)
{
	static const uint16_t lens[] = { 0, 1, 7, 257, 1000, 0xffff };
	unsigned int i;

	(void)arg;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		CHECK(raw(HVNET_MSG_VERSION, 0, lens[i] - 8, lens[i]) == HVNET_E_LENGTH,
		      "request of %u bytes", lens[i]);
	CHECK_CODE(raw(HVNET_MSG_VERSION, 0, 5, 12), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_VERSION, 0, 3, 11), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_VERSION, 0, 0xffff, 12), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_VERSION, 0, 248, 256), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_READ, HVNET_BLOCK_MAC, 1, 9), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, 0, 8), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, 8, 16), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, 9, 17), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, 11, 19), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, 13, 21), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_MAC, 248, 256), HVNET_E_LENGTH);
	for (i = HVNET_BLOCK_CAPS; i <= HVNET_BLOCK_RSS; i++) {
		CHECK_CODE(raw(HVNET_MSG_BLOCK_READ, i, 1, 9), HVNET_E_LENGTH);
		CHECK_CODE(raw(HVNET_MSG_BLOCK_READ, i, 248, 256), HVNET_E_LENGTH);
	}
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_FILTERS, 3, 11), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, HVNET_BLOCK_FILTERS, 248, 256), HVNET_E_LENGTH);
	CHECK_CODE(raw(HVNET_MSG_BLOCKS_INVALID, 0, 8, 16), HVNET_E_LENGTH);
}

static void bad_operations(void *arg)
{
	static const uint16_t ops[] = { 0, 5, 6, 0x100, 0xffff };
	static const uint16_t blocks[] = { 6, 7, 63, 64, 67, 0x8000, 0x8003, 0xffff };
	static const uint16_t told[] = {
		HVNET_BLOCK_LINK, HVNET_BLOCK_CAPS, HVNET_BLOCK_MTU, HVNET_BLOCK_RSS
	};
	unsigned int i;

	(void)arg;
	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		CHECK(raw(ops[i], 0, 0, 8) == HVNET_E_OPCODE, "operation %u", ops[i]);
	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		CHECK(raw(HVNET_MSG_BLOCK_READ, blocks[i], 0, 8) == HVNET_E_ABSENT, "read block %u",
		      blocks[i]);
		CHECK(raw(HVNET_MSG_BLOCK_WRITE, blocks[i], 8, 16) == HVNET_E_ABSENT,
		      "write block %u", blocks[i]);
	}
	CHECK_CODE(raw(HVNET_MSG_BLOCK_READ, HVNET_BLOCK_FILTERS, 0, 8), HVNET_E_PERM);
	for (i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, told[i], 0, 8), HVNET_E_PERM);
		CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, told[i], 8, 16), HVNET_E_PERM);
		CHECK_CODE(raw(HVNET_MSG_BLOCK_WRITE, told[i], 248, 256), HVNET_E_PERM);
	}
}

/* The response repeats the number of the request, whatever it is. */
static void sequence_numbers(void *arg)
{
	static const uint16_t numbers[] = { 1, 2, 0xffff, 0, 0x8000, 0x7fff, 3 };
	unsigned int i;

	(void)arg;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct hvnet_block_mac mac;

		vf.fn.mailbox_seq = numbers[i] - 1;
		CHECK_CODE(read_mac(&vf, &mac), HVNET_OK);
		CHECK(vf.fn.mailbox_seq == numbers[i], "the test is wrong");
	}
}

static void mac_block(void *arg)
{
	static const uint8_t one[6] = "\x02\x11\x22\x33\x44\x55";
	static const uint8_t two[6] = "\x02\x11\x22\x33\x44\x66";
	struct hvnet_block_mac first, now, theirs;

	(void)arg;
	CHECK_CODE(read_mac(&vf, &first), HVNET_OK);
	CHECK_CODE(read_mac(&other, &theirs), HVNET_OK);
	CHECK(!(first.mac[0] & 1) && memcmp(first.mac, theirs.mac, 6), "the address is no good");
	CHECK(!first.flags, "flags %#x", first.flags);
	CHECK_CODE(write_mac(one, 0), HVNET_OK);
	CHECK_CODE(read_mac(&vf, &now), HVNET_OK);
	CHECK(!memcmp(now.mac, one, 6), "the address is not what was written");
	CHECK_CODE(write_mac((uint8_t *)"\0\0\0\0\0\0", 0), HVNET_E_RANGE);
	CHECK_CODE(write_mac((uint8_t *)"\x01\x00\x5e\x00\x00\x01", 0), HVNET_E_RANGE);
	CHECK_CODE(write_mac((uint8_t *)"\xff\xff\xff\xff\xff\xff", 0), HVNET_E_RANGE);
	CHECK_CODE(write_mac(two, HVNET_BLOCK_MAC_ASSIGNED), HVNET_E_RANGE);
	CHECK_CODE(write_mac(two, 0x8000), HVNET_E_RANGE);
	CHECK_CODE(write_mac(theirs.mac, 0), HVNET_E_EXISTS);
	CHECK_CODE(read_mac(&vf, &now), HVNET_OK);
	CHECK(!memcmp(now.mac, one, 6), "a refused address has taken effect");

	/* The frames follow the address. */
	memcpy(vf.mac, one, 6);
	CHECK(!station_exchange(&other, &vf, 1, 100), "nothing comes to the new address");
	memcpy(vf.mac, first.mac, 6);
	frame_fill(other.frame, &other, &vf, 2, 100);
	CHECK(station_send(&other, 100) && station_silent(&vf, 50),
	      "frames to the old address come");

	CHECK(!station_up(&vf, 2048), "no reset");
	CHECK(!memcmp(vf.mac, first.mac, 6), "the first address is not back after a reset");
	CHECK(!station_exchange(&other, &vf, 3, 100), "nothing comes to the first address");
}

static const char *exchange_to(const uint8_t *mac, uint32_t number)
{
	uint8_t own[6];
	const char *why;

	memcpy(own, vf.mac, 6);
	memcpy(vf.mac, mac, 6);
	why = station_exchange(&other, &vf, number, 100);
	memcpy(vf.mac, own, 6);
	return why;
}

static bool silent_to(const uint8_t *mac)
{
	memcpy(other.frame, mac, 6);
	return station_send(&other, 100) && station_silent(&vf, 50);
}

static void filters_block(void *arg)
{
	static const uint8_t list[4][6] = {
		"\x01\x00\x5e\x01\x02\x03", "\x33\x33\x00\x00\x00\x99",
		"\x02\x99\x00\x00\x00\x01", "\x02\x99\x00\x00\x00\x02",
	};
	uint8_t many[HVNET_BLOCK_FILTERS_MAX][6];
	unsigned int i;

	(void)arg;
	CHECK(silent_to(list[0]) && silent_to(list[2]), "received before it was asked for");
	CHECK_CODE(write_filters(HVNET_VPORT_PROMISC, 0, NULL, 0), HVNET_E_PERM);
	CHECK_CODE(write_filters(0, 1, list[2], 1), HVNET_E_PERM);
	CHECK_CODE(write_filters(0, 3, list[0], 3), HVNET_E_PERM);
	CHECK(silent_to(list[0]) && silent_to(list[2]), "a refused list has taken effect");
	CHECK_CODE(write_filters(0, 2, list[0], 2), HVNET_OK);
	CHECK(!exchange_to(list[1], 9), "a group does not come");

	CHECK(host("0 trust on"), "no trust");
	CHECK_CODE(write_filters(0, 3, list[0], 3), HVNET_OK);
	for (i = 0; i < 3; i++)
		CHECK(!exchange_to(list[i], 10 + i), "address %u does not come", i);
	CHECK(silent_to(list[3]), "an address comes that was not asked for");
	CHECK_CODE(write_filters(0, 2, list[2], 2), HVNET_OK);
	CHECK(!exchange_to(list[2], 20) && !exchange_to(list[3], 21),
	      "the second list does not come");
	CHECK(silent_to(list[0]), "the first list still comes");
	CHECK(!exchange_to(vf.mac, 22), "its own address does not come");

	CHECK_CODE(write_filters(0x8000, 0, NULL, 0), HVNET_E_RANGE);
	CHECK_CODE(write_filters(0, 1, (uint8_t *)"\0\0\0\0\0\0", 1), HVNET_E_RANGE);
	CHECK_CODE(write_filters(0, 1, other.mac, 1), HVNET_E_EXISTS);
	CHECK(!exchange_to(list[2], 23), "a refused list has taken effect");
	CHECK_CODE(write_filters(0, 2, list[0], 1), HVNET_E_LENGTH);
	CHECK_CODE(write_filters(0, 0xffff, list[0], 1), HVNET_E_LENGTH);

	for (i = 0; i < HVNET_BLOCK_FILTERS_MAX; i++) {
		memset(many[i], 0, 6);
		many[i][0] = 0x33;
		many[i][5] = i;
	}
	CHECK_CODE(write_filters(0, HVNET_BLOCK_FILTERS_MAX, many[0], HVNET_BLOCK_FILTERS_MAX),
		   HVNET_OK);
	CHECK(!exchange_to(many[HVNET_BLOCK_FILTERS_MAX - 1], 30), "the last of the longest list");
	CHECK_CODE(write_filters(HVNET_VPORT_ALLMULTI, 0, NULL, 0), HVNET_OK);
	CHECK(!exchange_to(list[1], 31), "not all multicast comes");
	CHECK_CODE(write_filters(0, 0, NULL, 0), HVNET_OK);
	CHECK(silent_to(list[1]), "all multicast still comes");

	CHECK_CODE(write_filters(0, 2, list[1], 2), HVNET_OK);
	CHECK(host("0 trust off"), "still trusted");
	CHECK(silent_to(list[2]), "a unicast address outlives trust");
	CHECK(!exchange_to(list[1], 32), "a group does not");
	CHECK(!station_up(&vf, 2048), "no reset");
	CHECK(silent_to(list[1]), "filters outlive a reset");
}

static void link_block(void *arg)
{
	struct hvnet_block_link link;

	(void)arg;
	CHECK_CODE(function_mailbox(&vf.fn, HVNET_MSG_BLOCK_READ, HVNET_BLOCK_LINK, NULL, 0, &link,
				    sizeof(link)), HVNET_OK);
	CHECK(!(link.flags & ~HVNET_LINK_UP), "flags %#x", link.flags);
	CHECK(link.speed, "no speed");
}

static void invalid_mask(void *arg)
{
	struct hvnet_msg_invalid invalid;

	(void)arg;
	CHECK_CODE(function_mailbox(&vf.fn, HVNET_MSG_BLOCKS_INVALID, 0, NULL, 0, &invalid,
				    sizeof(invalid)), HVNET_OK);
	CHECK(!(invalid.mask & ~HVNET_BLOCKS_2), "blocks that do not exist are invalid");
	CHECK_CODE(function_mailbox(&vf.fn, HVNET_MSG_BLOCKS_INVALID, 0, NULL, 0, &invalid,
				    sizeof(invalid)), HVNET_OK);
	CHECK(!invalid.mask, "the mask is %#llx after it was read",
	      (unsigned long long)invalid.mask);
}

/* Ring for the request in the register until one of the numbers from @seq to @last is answered. */
static bool ring_until(uint16_t seq, uint16_t last)
{
	struct device *dev = &vf.fn.dev;
	uint64_t end = clock_ms() + TIMEOUT_MS;

	do {
		if (clock_ms() > end)
			return false;
		device_doorbell(dev, HVNET_DB_MAILBOX);
	} while (!WAIT((device_read(dev, HVNET_REG_MAILBOX_RSP) >> 16) - seq <=
		       0u + last - seq, 20));
	return true;
}

/*
 * Of two requests either may be taken: the second takes the first one's place unless the PF has
 * fetched that, and is not looked at then.
 */
static void two_at_once(void *arg)
{
	struct device *dev = &vf.fn.dev;
	struct hvnet_msg msg = { .op = HVNET_MSG_BLOCK_READ, .block = HVNET_BLOCK_LINK };
	uint32_t seq = 0x100, i;

	(void)arg;
	for (i = 0; i < 50; i++, seq += 3) {
		device_write_block(dev, HVNET_MAILBOX_REQ, &msg, sizeof(msg));
		device_write(dev, HVNET_REG_MAILBOX_REQ, seq << 16 | sizeof(msg));
		device_doorbell(dev, HVNET_DB_MAILBOX);
		device_doorbell(dev, HVNET_DB_MAILBOX);
		device_write(dev, HVNET_REG_MAILBOX_REQ, (seq + 1) << 16 | sizeof(msg));
		CHECK(ring_until(seq, seq + 1), "round %u: no answer to either", i);
		device_write(dev, HVNET_REG_MAILBOX_REQ, (seq + 2) << 16 | sizeof(msg));
		CHECK(ring_until(seq + 2, seq + 2), "round %u: no answer to the third", i);
	}
	vf.fn.mailbox_seq = seq;
}

/*
 * A request is carried out once, however often it is rung for: what was the response stays as it
 * is, and the VF is told once more that there is one.
 */
static void once(void *arg)
{
	struct device *dev = &vf.fn.dev;
	struct hvnet_msg msg = { .op = HVNET_MSG_BLOCK_READ, .block = HVNET_BLOCK_LINK };
	uint32_t seq = 0x300, mark = 0x12345678, events, found, i;

	(void)arg;
	device_write_block(dev, HVNET_MAILBOX_REQ, &msg, sizeof(msg));
	device_write(dev, HVNET_REG_MAILBOX_REQ, seq << 16 | sizeof(msg));
	CHECK(ring_until(seq, seq), "no answer");
	for (i = 0; i < 10; i++) {
		events = device_read(dev, HVNET_REG_EVENT_REPLY);
		device_write_block(dev, HVNET_MAILBOX_RSP, &mark, sizeof(mark));
		device_doorbell(dev, HVNET_DB_MAILBOX);
		CHECK(WAIT(device_read(dev, HVNET_REG_EVENT_REPLY) != events, 1000),
		      "round %u: no word of the response", i);
		found = device_read(dev, HVNET_MAILBOX_RSP);
		CHECK(found == mark, "round %u: carried out again", i);
	}
	vf.fn.mailbox_seq = seq;
}

#define PER_SECOND	100
#define BURST		200

/*
 * Two messages in turn, each worth @cost of what a VF may ask for, @num times.  Some must be
 * refused unless the PF may be too slow for that.
 */
static void send_many(uint8_t msg[2][HVNET_MAILBOX_SIZE], size_t len, unsigned int cost,
		      unsigned int num)
{
	uint64_t start = clock_ms(), allowed;
	uint8_t answer[HVNET_MAILBOX_SIZE];
	unsigned int i, refused = 0;

	for (i = 0; i < num; i++) {
		CHECK(function_mailbox_raw(&vf.fn, msg[(i - refused) % 2], len, answer) >= 8,
		      "no answer");
		refused += ((struct hvnet_msg *)answer)->code == HVNET_E_RATE;
	}
	allowed = (BURST + (clock_ms() - start) * PER_SECOND / 1000) / cost + 1;
	CHECK(num - refused <= allowed, "%u of %u served, not %llu", num - refused, num,
	      (unsigned long long)allowed);
	CHECK(refused || allowed >= num, "%u in a row, none refused", num);
}

/*
 * A VF that asks without end is told to slow down, others are served meanwhile, and it recovers.
 * What is refused for its form counts, and each filter does, so that even a slow PF reaches the
 * limit.
 */
static void rate(void *arg)
{
	struct hvnet_msg read = { .op = HVNET_MSG_BLOCK_READ, .block = HVNET_BLOCK_MAC };
	struct hvnet_msg write = {
		.op = HVNET_MSG_BLOCK_WRITE,
		.block = HVNET_BLOCK_FILTERS,
		.len = sizeof(struct hvnet_block_filters) + 6 * HVNET_BLOCK_FILTERS_MAX,
	};
	struct hvnet_block_filters head = { .count = HVNET_BLOCK_FILTERS_MAX };
	uint8_t msg[2][HVNET_MAILBOX_SIZE];
	struct hvnet_block_mac mac;
	unsigned int i, j;

	(void)arg;
	for (i = 0; i < 2; i++) {
		memset(msg[i], 0, sizeof(msg[i]));
		memcpy(msg[i], &read, sizeof(read));
	}
	send_many(msg, sizeof(read), 1, 300);
	read.len = 1;
	for (i = 0; i < 2; i++)
		memcpy(msg[i], &read, sizeof(read));
	send_many(msg, sizeof(read), 1, 300);

	/* Two lists that have nothing in common, in turn. */
	for (i = 0; i < 2; i++) {
		memcpy(msg[i], &write, sizeof(write));
		memcpy(msg[i] + sizeof(write), &head, sizeof(head));
		for (j = 0; j < HVNET_BLOCK_FILTERS_MAX; j++) {
			uint8_t *addr = msg[i] + sizeof(write) + sizeof(head) + 6 * j;

			memcpy(addr, "\x33\x33\x00\x00\x00\x00", 6);
			addr[4] = 1 + i;
			addr[5] = j;
		}
	}
	send_many(msg, sizeof(write) + write.len, 1 + HVNET_BLOCK_FILTERS_MAX, 30);
	CHECK_CODE(read_mac(&other, &mac), HVNET_OK);
	clock_sleep(200);
	CHECK_CODE(read_mac(&vf, &mac), HVNET_OK);
}

static void reset_meanwhile(void *arg)
{
	struct device *dev = &vf.fn.dev;
	struct hvnet_msg msg = { .op = HVNET_MSG_VERSION, .len = 4 };
	unsigned int i;

	(void)arg;
	for (i = 0; i < 30; i++) {
		device_write_block(dev, HVNET_MAILBOX_REQ, &msg, sizeof(msg));
		device_write(dev, HVNET_REG_MAILBOX_REQ, (0x4000 + i) << 16 | 12);
		device_write(dev, HVNET_REG_SCRATCH, 0x5a5a0000 + i);
		device_doorbell(dev, HVNET_DB_MAILBOX);
		CHECK(!function_reset(&vf.fn), "round %u: no reset", i);
		CHECK(!device_read(dev, HVNET_REG_MAILBOX_RSP),
		      "round %u: an answer after the reset", i);
		CHECK(!device_read(dev, HVNET_REG_SCRATCH), "round %u: the reset does not show", i);
	}
	CHECK(!station_up(&vf, 2048), "not up again");
	CHECK(!station_exchange(&other, &vf, 1, 100), "nothing comes");
}

/* Doorbells and register values that mean nothing. */
static void noise(void *arg)
{
	struct device *dev = &vf.fn.dev;
	uint32_t x = 12345;
	unsigned int i;

	(void)arg;
	for (i = 0; i < 1000; i++) {
		x = x * 1664525 + 1013904223;
		device_write(dev, HVNET_MAILBOX_REQ + (x >> 24) / 4 * 4, x);
		device_write(dev, HVNET_REG_MAILBOX_REQ, x);
		device_doorbell(dev, HVNET_DB_MAILBOX);
		if (i % 3 == 0)
			device_doorbell(dev, x);
	}
	CHECK(!station_up(&vf, 2048), "not up again");
	CHECK(!station_exchange(&other, &vf, 1, 100), "nothing comes");
	CHECK(!station_exchange(&vf, &other, 2, 100), "nothing goes");
}

static const struct {
	const char *name;
	case_fn fn;
} cases[] = {
	{ "before-version", before_version },
	{ "negotiation", negotiation },
	{ "bad-lengths", bad_lengths },
	{ "bad-operations", bad_operations },
	{ "sequence-numbers", sequence_numbers },
	{ "mac-block", mac_block },
	{ "filters-block", filters_block },
	{ "link-block", link_block },
	{ "caps-block", caps_block },
	{ "vlan-assignment", vlan_assignment },
	{ "mtu-block", mtu_block },
	{ "rss-block", rss_block },
	{ "version-1", version_1 },
	{ "invalid-mask", invalid_mask },
	{ "two-at-once", two_at_once },
	{ "once", once },
	{ "rate", rate },
	{ "reset-meanwhile", reset_meanwhile },
	{ "noise", noise },
};

static void run(void *arg)
{
	const char *why;

	CHECK(host_defaults(2), "the host's settings fail");
	why = station_up(&vf, 2048);
	CHECK(!why, "set-up: %s", why);
	why = station_up(&other, 2048);
	CHECK(!why, "set-up of the other VF: %s", why);
	cases[*(unsigned int *)arg].fn(NULL);
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc != 3)
		die("usage: mailbox VF VF");
	host_find_pf(argv[1]);
	station_open(&vf, argv[1], 6, 0x100000000);
	station_open(&other, argv[2], 6, 0x200000000);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		case_run(cases[i].name, run, &i);
	station_close(&vf);
	station_close(&other);
	return case_summary();
}
