// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "station.h"

#define SLOTS_AT	0x40000000u

static uint8_t *slot(struct station *st, uint32_t index)
{
	return st->slots.base + (size_t)(index & (st->rx.size - 1)) * STATION_RX_SLOT;
}

/*
 * A buffer starts where its length makes it cross into the second page, if it is more than a
 * few bytes.
 */
static uint32_t slot_offset(const struct station *st, uint32_t index)
{
	uint32_t room = 2 * PAGE - st->buf_len;

	return room < PAGE ? room : PAGE - 1 - index % 64;
}

void station_open(struct station *st, const char *name, unsigned int order, uint64_t iova)
{
	size_t i;

	memset(st, 0, sizeof(*st));
	space_open(&st->space);
	device_open(&st->fn.dev, name, &st->space);
	arena_create(&st->mem, iova, STATION_FRAME_SPACE + (PAGE << order >> 6) + 16 * PAGE);
	arena_create(&st->slots, iova + SLOTS_AT, (size_t)STATION_RX_SLOT << order);
	ring_create(&st->tx, &st->mem, HVNET_TXQ(0), order, 1);
	ring_create(&st->rx, &st->mem, HVNET_RXQ(0), order, 1);
	st->frame = arena_alloc(&st->mem, STATION_FRAME_SPACE, PAGE);
	if (space_map(&st->space, st->mem.base, st->mem.iova, st->mem.size, SPACE_BOTH))
		die("%s: memory cannot be mapped", name);
	for (i = 0; i < st->slots.size; i += STATION_RX_SLOT)
		if (space_map(&st->space, st->slots.base + i, st->slots.iova + i, 2 * PAGE,
			      SPACE_BOTH))
			die("%s: buffers cannot be mapped", name);
	if (!function_ready(&st->fn))
		die("%s does not get ready", name);
	device_irqs_on(&st->fn.dev, 2);
}

void station_close(struct station *st)
{
	device_close(&st->fn.dev);
	space_close(&st->space);
	arena_destroy(&st->mem);
	arena_destroy(&st->slots);
}

const char *station_up(struct station *st, uint32_t buf_len)
{
	struct hvnet_block_mac mac;

	if (function_reset(&st->fn))
		return "no reset";
	device_set_master(&st->fn.dev, true);
	if (function_negotiate(&st->fn))
		return "no mailbox version";
	if (function_mailbox(&st->fn, HVNET_MSG_BLOCK_READ, HVNET_BLOCK_MAC, NULL, 0, &mac,
			     sizeof(mac)))
		return "no address";
	memcpy(st->mac, mac.mac, sizeof(st->mac));
	st->buf_len = buf_len;
	ring_clear(&st->tx);
	ring_clear(&st->rx);
	memset(st->slots.base, 0xa5, st->slots.size);
	station_post(st, st->rx.size);
	if (ring_enable(&st->fn, &st->rx))
		return "no receive queue";
	if (ring_enable(&st->fn, &st->tx))
		return "no transmit queue";
	return NULL;
}

void station_post(struct station *st, unsigned int num)
{
	while (num--)
		ring_add_rx(&st->rx, arena_iova(&st->slots, slot(st, st->rx.prod)) +
			    slot_offset(st, st->rx.prod), st->buf_len);
	ring_publish(&st->rx);
}

static uint8_t pattern(uint32_t number, size_t pos)
{
	uint32_t x = (number + 1) * 2654435761u + (uint32_t)pos * 40503u;

	return x >> 24 ^ x >> 8;
}

uint8_t frame_byte(const struct station *from, const struct station *to, uint32_t number,
		   size_t pos)
{
	if (pos < 6)
		return to->mac[pos];
	if (pos < 12)
		return from->mac[pos - 6];
	if (pos == 12)
		return 0x88;
	if (pos == 13)
		return 0xb5;
	return pattern(number, pos);
}

void frame_fill(uint8_t *at, const struct station *from, const struct station *to, uint32_t number,
		size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		at[i] = frame_byte(from, to, number, i);
}

bool station_wait_sent(struct station *st)
{
	return WAIT(ring_cons(&st->tx) == st->tx.prod, TIMEOUT_MS);
}

bool station_send(struct station *st, size_t len)
{
	ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), len, HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
	return station_wait_sent(st);
}

static const char *wrong(const char *fmt, unsigned long a, unsigned long b)
{
	static char text[128];

	snprintf(text, sizeof(text), fmt, a, b);
	return text;
}

/* The rest of a buffer must be as it was posted. */
static const char *check_slot(struct station *st, uint32_t index, size_t len)
{
	uint32_t offset = slot_offset(st, index), i;
	uint8_t *at = slot(st, index);

	for (i = 0; i < STATION_RX_SLOT; i++)
		if ((i < offset || i >= offset + len) && at[i] != 0xa5)
			return wrong("byte %lu beyond the %lu received was written",
				     i - offset, len);
	memset(at + offset, 0xa5, len);
	return NULL;
}

static const char *check_cmpl(struct station *st, const struct hvnet_rx_cmpl *cmpl, size_t len,
			      bool first, bool last)
{
	uint16_t from = first ? HVNET_VPORT_NONE : 0;
	uint16_t to = first ? device_read(&st->fn.dev, HVNET_REG_VPORT) : 0;

	if (cmpl->len != len)
		return wrong("completion has length %lu, not %lu", cmpl->len, len);
	if (cmpl->flags != (last ? HVNET_RXC_EOP : 0))
		return wrong("completion has flags %#lx, last is %lu", cmpl->flags, last);
	if (cmpl->src_vport != from || cmpl->dst_vport != to)
		return wrong("completion has vports %lu, %lu", cmpl->src_vport, cmpl->dst_vport);
	if (cmpl->hash || cmpl->vlan_tci || cmpl->gso_size)
		return "completion has fields set that are not announced";
	return NULL;
}

const char *station_expect(struct station *st, const struct station *from, uint32_t number,
			   size_t len)
{
	unsigned int bufs = (len + st->buf_len - 1) / st->buf_len, i;
	size_t done = 0, j;

	if (!WAIT(ring_cons(&st->rx) - st->rx.cons >= bufs, TIMEOUT_MS))
		return wrong("frame of %lu bytes has not come (%lu buffers used)", len,
			     ring_cons(&st->rx) - st->rx.cons);
	for (i = 0; i < bufs; i++, st->rx.cons++) {
		uint32_t index = st->rx.cons;
		size_t n = len - done < st->buf_len ? len - done : st->buf_len;
		const uint8_t *at = slot(st, index) + slot_offset(st, index);
		const char *why;

		why = check_cmpl(st, &st->rx.cmpl[index & (st->rx.size - 1)], n, !done,
				 done + n == len);
		if (why)
			return why;
		for (j = 0; j < n; j++)
			if (at[j] != frame_byte(from, st, number, done + j))
				return wrong("byte %lu of %lu is wrong", done + j, len);
		why = check_slot(st, index, n);
		if (why)
			return why;
		done += n;
	}
	station_post(st, bufs);
	return NULL;
}

const char *station_exchange(struct station *from, struct station *to, uint32_t number, size_t len)
{
	frame_fill(from->frame, from, to, number, len);
	if (!station_send(from, len))
		return wrong("frame of %lu bytes is not taken (cons %lu)", len,
			     ring_cons(&from->tx));
	return station_expect(to, from, number, len);
}

/* Is nothing received for so long? */
bool station_silent(struct station *st, unsigned int ms)
{
	return !WAIT(ring_cons(&st->rx) != st->rx.cons, ms);
}
