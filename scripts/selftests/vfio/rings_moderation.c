// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts held back and raised on request, frames sent back: what the adapter does for a driver
 * that asks, and what it refuses.
 */
#include "rings.h"

#define MAX_MS		(HVNET_MODERATE_MAX_USECS / 1000)

static int moderate(struct station *st, uint16_t queue, uint16_t usecs, uint16_t frames)
{
	struct hvnet_admin_moderate arg = { .queue = queue, .usecs = usecs, .frames = frames };

	return function_admin(&st->fn, HVNET_ADMIN_MODERATE, &arg, sizeof(arg), NULL, 0);
}

/* Forget interrupts that are on their way. */
static void settle(struct device *dev)
{
	device_irq_wait(dev, 0, 20);
	device_irq_wait(dev, 1, 2 * MAX_MS);
}

/* An interrupt comes when its time is up, and once. */
static void held_back(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->b;
	struct device *dev = &st->fn.dev;
	unsigned int round;
	uint64_t begin;

	CHECK(!moderate(st, HVNET_RXQ(0), HVNET_MODERATE_MAX_USECS, 0), "not set");
	settle(dev);
	for (round = 0; round < 10; round++) {
		begin = clock_ms();
		ring_arm(&st->rx);
		CHECK_NULL(bed_exchange(bed, &bed->a, st, 100));
		CHECK_NULL(bed_exchange(bed, &bed->a, st, 100));
		CHECK(device_irq_wait(dev, 1, TIMEOUT_MS) == 1, "not fired");
		CHECK(clock_ms() - begin >= MAX_MS - 1, "fired after %u ms",
		      (unsigned int)(clock_ms() - begin));
		CHECK(!device_irq_wait(dev, 1, 2 * MAX_MS), "fired twice for one arming");
	}
	CHECK_NULL(bed_exchange(bed, &bed->a, st, 100));
	CHECK(!device_irq_wait(dev, 1, 2 * MAX_MS), "fired without being armed");

	CHECK(!moderate(st, HVNET_TXQ(0), HVNET_MODERATE_MAX_USECS, 0), "not set");
	begin = clock_ms();
	ring_arm(&st->tx);
	CHECK_NULL(bed_exchange(bed, st, &bed->a, 100));
	CHECK(device_irq_wait(dev, 1, TIMEOUT_MS) == 1, "transmit: not fired");
	CHECK(clock_ms() - begin >= MAX_MS - 1, "transmit: fired too early");
}

/* Publish @num frames from A to B at once. */
static void burst(struct bed *bed, unsigned int num)
{
	struct station *st = &bed->a;

	frame_fill(st->frame, st, &bed->b, bed->number, 100);
	while (num--)
		ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 100, HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
}

/*
 * @sent frames end the waiting, if @frames are enough or they are half a ring: there is one
 * interrupt, and in the best of some rounds it comes before the time is up.
 */
static void no_longer_than(struct bed *bed, uint16_t frames, unsigned int sent)
{
	struct station *st = &bed->b;
	struct device *dev = &st->fn.dev;
	uint64_t begin, elapsed, best = TIMEOUT_MS, plain = TIMEOUT_MS;
	unsigned int round;

	for (round = 0; round < 10; round++) {
		CHECK_NULL(station_up(st, 2048));
		CHECK(!moderate(st, HVNET_RXQ(0), HVNET_MODERATE_MAX_USECS, frames), "not set");
		settle(dev);
		ring_arm(&st->rx);
		begin = clock_ms();
		burst(bed, sent);
		CHECK(device_irq_wait(dev, 1, TIMEOUT_MS) == 1, "not fired for %u frames", sent);
		elapsed = clock_ms() - begin;
		CHECK(station_wait_sent(&bed->a), "not all is sent");
		CHECK(!device_irq_wait(dev, 1, 2 * MAX_MS), "fired twice for one arming");
		best = elapsed < best ? elapsed : best;

		/* A kernel may be too slow to deliver them in time, whatever is held back. */
		CHECK_NULL(station_up(st, 2048));
		begin = clock_ms();
		burst(bed, sent);
		CHECK(station_wait_sent(&bed->a), "not all is sent at once");
		elapsed = clock_ms() - begin;
		plain = elapsed < plain ? elapsed : plain;
	}
	CHECK(best < MAX_MS - 1 || plain >= MAX_MS - 1, "%u frames take %u ms", sent,
	      (unsigned int)best);
}

static void enough_frames(void *arg)
{
	struct bed *bed = arg;

	no_longer_than(bed, 1, 1);
	no_longer_than(bed, 3, 3);
	no_longer_than(bed, 0, bed->b.rx.size / 2);
}

/* What is owed when a queue is switched off, or the function reset, does not come afterwards. */
static void nothing_left(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->b;
	struct device *dev = &st->fn.dev;

	CHECK(!moderate(st, HVNET_RXQ(0), HVNET_MODERATE_MAX_USECS, 0), "not set");
	settle(dev);
	ring_arm(&st->rx);
	CHECK_NULL(bed_exchange(bed, &bed->a, st, 100));
	CHECK(!ring_disable(&st->fn, &st->rx), "disable");
	device_irq_wait(dev, 1, 0);
	CHECK(!device_irq_wait(dev, 1, 2 * MAX_MS), "fired for a queue that is off");

	CHECK_NULL(station_up(st, 2048));
	settle(dev);
	ring_arm(&st->rx);
	CHECK_NULL(bed_exchange(bed, &bed->a, st, 100));
	CHECK(device_irq_wait(dev, 1, TIMEOUT_MS) == 1, "not fired after a reset");
}

static void raised(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	struct device *dev = &st->fn.dev;
	struct hvnet_admin_interrupt vector = { .vector = 1 };

	settle(dev);
	CHECK(!function_admin(&st->fn, HVNET_ADMIN_INTERRUPT, &vector, sizeof(vector), NULL, 0),
	      "refused");
	CHECK(device_irq_wait(dev, 1, TIMEOUT_MS) == 1, "not raised");
}

static int loopback(struct station *st, uint16_t on)
{
	struct hvnet_admin_loopback arg = { .on = on };

	return function_admin(&st->fn, HVNET_ADMIN_LOOPBACK, &arg, sizeof(arg), NULL, 0);
}

/* What A sends, to itself or to B, comes back to A; what B sends to A is lost. */
static void sent_back(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	struct hvnet_admin_stats before, after;

	CHECK(!loopback(st, 1), "not set");
	CHECK_NULL(bed_exchange(bed, st, st, 300));
	frame_fill(st->frame, st, &bed->b, bed->number, 300);
	CHECK(station_send(st, 300), "not taken");
	CHECK(WAIT(ring_cons(&st->rx) == 2, TIMEOUT_MS), "does not come back");
	CHECK(station_silent(&bed->b, 50), "gets out");

	CHECK(!function_stats(&st->fn, &before), "no counters");
	frame_fill(bed->b.frame, &bed->b, st, bed->number, 300);
	CHECK(station_send(&bed->b, 300), "not taken");
	CHECK(!function_stats(&st->fn, &after), "no counters");
	CHECK(after.rx_off - before.rx_off == 1, "another's frame is not counted as lost");
	CHECK(ring_cons(&st->rx) == 2, "another's frame is received");
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->c, 300));

	CHECK(!loopback(st, 0), "not set");
	CHECK_NULL(station_up(st, 2048));
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 300));
	CHECK(!loopback(st, 1), "not set");
	CHECK_NULL(station_up(st, 2048));
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 300));
}

static void refusals(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	unsigned int pairs = device_read(&st->fn.dev, HVNET_REG_LIMITS) & HVNET_LIMITS_QUEUE_PAIRS;
	struct hvnet_admin_interrupt vector = { .vector = pairs + 1 };
	unsigned int i;

	for (i = 2 * pairs; i < 0x10000; i = i * 3 + 1)
		CHECK(moderate(st, i, 1, 1) == HVNET_E_RANGE, "queue %u", i);
	CHECK(moderate(st, 0, HVNET_MODERATE_MAX_USECS + 1, 0) == HVNET_E_RANGE, "time");
	CHECK(moderate(st, 0, 0xffff, 0) == HVNET_E_RANGE, "longest time");
	CHECK(moderate(st, 1, 1, HVNET_MODERATE_MAX_FRAMES + 1) == HVNET_E_RANGE, "frames");
	CHECK(moderate(st, 2 * pairs - 1, HVNET_MODERATE_MAX_USECS, HVNET_MODERATE_MAX_FRAMES) ==
	      HVNET_OK, "all that there is");
	CHECK(function_admin(&st->fn, HVNET_ADMIN_INTERRUPT, &vector, sizeof(vector), NULL, 0) ==
	      HVNET_E_RANGE, "vector");
	vector.vector = 0xffff;
	CHECK(function_admin(&st->fn, HVNET_ADMIN_INTERRUPT, &vector, sizeof(vector), NULL, 0) ==
	      HVNET_E_RANGE, "last vector");
	CHECK(loopback(st, 2) == HVNET_E_RANGE, "neither on nor off");
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 100));
}

void rings_moderation(struct bed *bed)
{
	bed_case(bed, "interrupts-held-back", held_back, 2048);
	bed_case(bed, "interrupts-of-enough-frames", enough_frames, 2048);
	bed_case(bed, "interrupts-none-left", nothing_left, 2048);
	bed_case(bed, "interrupt-raised", raised, 2048);
	bed_case(bed, "loopback", sent_back, 2048);
	bed_case(bed, "moderation-refusals", refusals, 2048);
}
