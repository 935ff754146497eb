// SPDX-License-Identifier: GPL-2.0
/*
 * The adapter's clock and time stamps: what a driver is told, when, and what it may not do.
 */
#include <string.h>

#include "rings.h"

/* Nothing is mapped there. */
#define FAR	0x20000000

static int rx_time(struct station *st, bool on)
{
	struct hvnet_admin_rx arg = {
		.queue = HVNET_RX_ALL_QUEUES,
		.features = on ? HVNET_RX_TIME : 0,
	};

	return function_admin(&st->fn, HVNET_ADMIN_RX_SET, &arg, sizeof(arg), NULL, 0);
}

/* Enable a queue of @st anew, with its time stamps at @addr, or without if that is 0. */
static int restart(struct station *st, struct ring *ring, uint64_t addr)
{
	unsigned int reg = HVNET_QUEUE_CTX + ring->queue * HVNET_QUEUE_CTX_SIZE +
			   offsetof(struct hvnet_queue_ctx, times_addr);

	if (ring_disable(&st->fn, ring))
		return -1;
	ring_clear(ring);
	if (ring == &st->rx) {
		memset(st->slots.base, 0xa5, st->slots.size);
		station_post(st, ring->size);
	}
	device_write_block(&st->fn.dev, reg, &addr, sizeof(addr));
	return ring_enable(&st->fn, ring);
}

/* Memory for time stamps, where the frames to send are not. */
static uint64_t *times_of(struct station *st, struct ring *ring)
{
	return (uint64_t *)(st->frame + (ring == &st->rx ? 32 : 40) * PAGE);
}

static int restart_timed(struct station *st, struct ring *ring)
{
	memset(times_of(st, ring), 0, ring->size * sizeof(uint64_t));
	return restart(st, ring, arena_iova(&st->mem, times_of(st, ring)));
}

/* Publish a frame of two buffers from A to B, with flags for the first. */
static void publish_two(struct bed *bed, uint16_t flags)
{
	struct station *st = &bed->a;
	uint64_t at = arena_iova(&st->mem, st->frame);

	frame_fill(st->frame, st, &bed->b, bed->number, 300);
	ring_add_tx(&st->tx, at, 100, flags);
	ring_add_tx(&st->tx, at + 100, 200, HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
}

static bool send_two(struct bed *bed, uint16_t flags)
{
	publish_two(bed, flags);
	return station_wait_sent(&bed->a);
}

static void clock_runs(void *arg)
{
	struct bed *bed = arg;
	uint64_t first = device_clock(&bed->a.fn.dev), last = first, next;
	unsigned int i;

	CHECK(device_read(&bed->a.fn.dev, HVNET_REG_FEATURES) & HVNET_FEAT_CLOCK, "not announced");
	for (i = 0; i < 1000; i++) {
		next = device_clock(i & 1 ? &bed->b.fn.dev : &bed->a.fn.dev);
		CHECK(next >= last, "it went back by %llu", (unsigned long long)(last - next));
		last = next;
	}
	clock_sleep(20);
	next = device_clock(&bed->a.fn.dev);
	CHECK(next - last > 10000000 && next - last < 5000000000, "%llu ns in 20 ms",
	      (unsigned long long)(next - last));
	/* Neither a write nor a reset of the function touches it. */
	device_config_write(&bed->a.fn.dev, bed->a.fn.dev.clock + HVNET_CLOCK_LO, 4, 0);
	device_config_write(&bed->a.fn.dev, bed->a.fn.dev.clock + HVNET_CLOCK_HI, 4, 0);
	CHECK(!function_reset(&bed->a.fn), "no reset");
	last = device_clock(&bed->a.fn.dev);
	CHECK(last > next && last - next < 60000000000, "the time jumped by %lld ns",
	      (long long)(last - next));
}

static void not_a_vfs(void *arg)
{
	static const uint16_t ops[] = {
		HVNET_ADMIN_CLOCK_SET, HVNET_ADMIN_CLOCK_STEP, HVNET_ADMIN_CLOCK_RATE,
	};
	struct hvnet_admin_clock value = { .value = 1000000000000000000 };
	struct bed *bed = arg;
	struct device *dev = &bed->a.fn.dev;
	uint64_t before = device_clock(dev), after;
	unsigned int i;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		CHECK(function_admin(&bed->a.fn, ops[i], &value, sizeof(value), NULL, 0) ==
		      HVNET_E_PERM, "command %#x", ops[i]);
	after = device_clock(dev);
	CHECK(after > before && after - before < 60000000000, "the clock was set");
}

/* When it was sent is told with the last descriptor of the frame, and with no other. */
static void sent(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t *times = times_of(st, &st->tx), before, after;
	unsigned int i;

	CHECK(!restart_timed(st, &st->tx), "enable");
	for (i = 0; i < 2 * st->tx.size; i += 4) {
		uint32_t last = (st->tx.prod + 1) & (st->tx.size - 1);

		before = device_clock(&st->fn.dev);
		CHECK(send_two(bed, HVNET_TXD_TIME), "not taken");
		after = device_clock(&st->fn.dev);
		CHECK(times[last] >= before && times[last] <= after,
		      "sent at %llu, between %llu and %llu", (unsigned long long)times[last],
		      (unsigned long long)before, (unsigned long long)after);
		times[last] = 0;
		CHECK_NULL(station_expect(&bed->b, st, bed->number++, 300));
		CHECK(send_two(bed, 0), "not taken");
		CHECK_NULL(station_expect(&bed->b, st, bed->number++, 300));
	}
	for (i = 0; i < st->tx.size; i++)
		CHECK(!times[i], "time stamp %u was not asked for", i);
}

/* When it was received is told with the first descriptor, if it was asked for. */
static void received(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->b;
	uint64_t *times = times_of(st, &st->rx), *sent = times_of(&bed->a, &bed->a.tx);
	uint32_t at;

	CHECK(!restart_timed(&bed->a, &bed->a.tx), "enable");
	CHECK(!restart_timed(st, &st->rx), "enable");
	/* 300 bytes take two buffers. */
	CHECK(send_two(bed, HVNET_TXD_TIME), "not taken");
	CHECK_NULL(station_expect(st, &bed->a, bed->number++, 300));
	CHECK(!times[0] && !times[1], "not asked for");

	CHECK(!rx_time(st, true), "not set");
	at = st->rx.cons & (st->rx.size - 1);
	CHECK(send_two(bed, HVNET_TXD_TIME), "not taken");
	CHECK(WAIT(ring_cons(&st->rx) == st->rx.cons + 2, TIMEOUT_MS), "has not come");
	CHECK(st->rx.cmpl[at].flags == HVNET_RXC_TIME, "flags of the first are %#x",
	      st->rx.cmpl[at].flags);
	CHECK(st->rx.cmpl[at + 1].flags == HVNET_RXC_EOP, "flags of the last are %#x",
	      st->rx.cmpl[at + 1].flags);
	CHECK(times[at] >= sent[3] && times[at] <= device_clock(&st->fn.dev),
	      "sent at %llu, received at %llu", (unsigned long long)sent[3],
	      (unsigned long long)times[at]);
	CHECK(!times[at + 1], "told with the last descriptor");

	/* A queue that has no place for them tells nothing. */
	CHECK(!restart(st, &st->rx, 0), "enable");
	CHECK_NULL(bed_exchange(bed, &bed->a, st, 300));
	CHECK(!rx_time(st, false), "not set");
	CHECK(!restart_timed(st, &st->rx), "enable");
	CHECK_NULL(bed_exchange(bed, &bed->a, st, 300));
}

static void no_place(void *arg)
{
	static const struct { uint64_t addr; int code; } places[] = {
		{ 4, HVNET_E_RANGE }, { 1, HVNET_E_RANGE }, { -8ULL, HVNET_E_RANGE },
		{ FAR, HVNET_E_FAULT }, { 1ULL << 48, HVNET_E_FAULT }, { 8, HVNET_E_FAULT },
	};
	struct bed *bed = arg;
	struct station *st = &bed->a;
	unsigned int i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		CHECK(restart(st, &st->tx, places[i].addr) == places[i].code,
		      "transmit at %#llx", (unsigned long long)places[i].addr);
		CHECK(restart(st, &st->rx, places[i].addr) == places[i].code,
		      "receive at %#llx", (unsigned long long)places[i].addr);
	}
	CHECK(!restart(st, &st->tx, 0) && !restart(st, &st->rx, 0), "enable");
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 100));
	CHECK_NULL(bed_exchange(bed, &bed->b, st, 100));
}

/* The queue of @ring is in the error state. */
static bool stopped(struct station *st, struct ring *ring, uint32_t error)
{
	struct hvnet_queue_ctx ctx = {};

	return WAIT((ring_context(&st->fn, ring->queue, &ctx), ctx.state == HVNET_QUEUE_ERROR),
		    TIMEOUT_MS) && ctx.error == error;
}

/* Frames that the function has sent, or would have if they had not been dropped. */
static uint64_t sent_by(struct station *st)
{
	struct hvnet_admin_stats stats;

	return function_stats(&st->fn, &stats) ? 0 : stats.tx_packets;
}

/*
 * A queue without time stamps cannot tell them, and one whose memory has gone stops.  What it was
 * stopped for was not sent.
 */
static void place_gone(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t iova = st->mem.iova + FAR;
	void *page = times_of(st, &st->tx);
	uint64_t sent = sent_by(st);

	publish_two(bed, HVNET_TXD_TIME);
	CHECK(stopped(st, &st->tx, HVNET_QERR_FLAGS), "asked for without a place");
	CHECK(station_silent(&bed->b, 50), "sent all the same");

	CHECK(!space_map(&st->space, page, iova, PAGE, SPACE_BOTH), "no mapping");
	CHECK(!restart(st, &st->tx, iova), "enable");
	CHECK(!space_unmap(&st->space, iova, PAGE), "no unmapping");
	publish_two(bed, HVNET_TXD_TIME);
	CHECK(stopped(st, &st->tx, HVNET_QERR_DMA), "written where nothing is mapped");
	CHECK(station_silent(&bed->b, 50), "sent all the same");
	CHECK(sent_by(st) == sent, "counted as sent");
	CHECK(!restart(st, &st->tx, 0), "enable");
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 300));

	CHECK(!space_map(&st->space, page, iova, PAGE, SPACE_BOTH), "no mapping");
	CHECK(!rx_time(st, true), "not set");
	CHECK(!restart(st, &st->rx, iova), "enable");
	CHECK(!space_unmap(&st->space, iova, PAGE), "no unmapping");
	frame_fill(bed->b.frame, &bed->b, st, bed->number, 300);
	CHECK(station_send(&bed->b, 300), "not taken");
	CHECK(stopped(st, &st->rx, HVNET_QERR_DMA), "received where nothing is mapped");
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->c, 300));
}

void rings_time(struct bed *bed)
{
	bed_case(bed, "clock-runs", clock_runs, 2048);
	bed_case(bed, "clock-not-a-vfs", not_a_vfs, 2048);
	bed_case(bed, "time-sent", sent, 2048);
	bed_case(bed, "time-received", received, 256);
	bed_case(bed, "time-no-place", no_place, 2048);
	bed_case(bed, "time-place-gone", place_gone, 2048);
}
