// SPDX-License-Identifier: GPL-2.0
/*
 * Switching things on and off: queues, bus mastering, power, mappings; and what admin commands
 * refuse.
 */
#include <string.h>

#include "rings.h"

static uint64_t rx_off(struct station *st)
{
	struct hvnet_admin_stats stats = {};

	function_stats(&st->fn, &stats);
	return stats.rx_off;
}

static void receive_disable(void *arg)
{
	struct bed *bed = arg;
	uint64_t off = rx_off(&bed->b);
	size_t i;

	CHECK(!ring_disable(&bed->b.fn, &bed->b.rx), "disable");
	frame_fill(bed->a.frame, &bed->a, &bed->b, 1, 200);
	CHECK(station_send(&bed->a, 200), "not taken");
	CHECK(station_silent(&bed->b, 50), "completed");
	for (i = 0; i < bed->b.slots.size; i++)
		CHECK(bed->b.slots.base[i] == 0xa5, "memory was written at %zu", i);
	CHECK(rx_off(&bed->b) == off + 1, "rx_off is not counted");
	ring_clear(&bed->b.rx);
	station_post(&bed->b, bed->b.rx.size);
	CHECK(!ring_enable(&bed->b.fn, &bed->b.rx), "enable");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 200));
}

static void transmit_disable(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;

	CHECK(!ring_disable(&st->fn, &st->tx), "disable");
	frame_fill(st->frame, st, &bed->b, bed->number, 200);
	ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 200, HVNET_TXD_EOP);
	ring_publish(&st->tx);
	device_doorbell(&st->fn.dev, st->tx.queue);
	CHECK(station_silent(&bed->b, 50) && ring_cons(&st->tx) != st->tx.prod, "sent");
	ring_clear(&st->tx);
	CHECK(!ring_enable(&st->fn, &st->tx), "enable");
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 200));
}

/* Disabled under load, a queue's memory is left alone from then on. */
static void disable_under_load(void *arg)
{
	struct bed *bed = arg;
	unsigned int round, i;
	uint32_t seen;

	for (round = 0; round < 20; round++) {
		frame_fill(bed->a.frame, &bed->a, &bed->b, 1, 9000);
		while (bed->a.tx.prod - ring_cons(&bed->a.tx) < bed->a.tx.size)
			ring_add_tx(&bed->a.tx, arena_iova(&bed->a.mem, bed->a.frame), 9000,
				    HVNET_TXD_EOP);
		ring_publish_kick(&bed->a.fn, &bed->a.tx);
		for (i = 0; i < round; i++)
			clock_pause();
		CHECK(!ring_disable(&bed->b.fn, &bed->b.rx), "disable");
		seen = ring_cons(&bed->b.rx);
		memset(bed->b.slots.base, 0xa5, bed->b.slots.size);
		CHECK(station_wait_sent(&bed->a), "not all is sent");
		CHECK(ring_cons(&bed->b.rx) == seen, "completed after disable");
		for (i = 0; i < bed->b.slots.size; i++)
			CHECK(bed->b.slots.base[i] == 0xa5, "written after disable");
		ring_clear(&bed->b.rx);
		station_post(&bed->b, bed->b.rx.size);
		CHECK(!ring_enable(&bed->b.fn, &bed->b.rx), "enable");
	}
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 200));
}

static void bus_master(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t off = rx_off(&bed->b);

	device_set_master(&st->fn.dev, false);
	frame_fill(st->frame, st, &bed->b, bed->number, 200);
	ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 200, HVNET_TXD_EOP);
	ring_publish(&st->tx);
	device_doorbell(&st->fn.dev, st->tx.queue);
	CHECK(station_silent(&bed->b, 50) && ring_cons(&st->tx) != st->tx.prod, "sent while off");
	device_set_master(&st->fn.dev, true);
	CHECK_NULL(station_expect(&bed->b, st, bed->number++, 200));

	device_set_master(&bed->b.fn.dev, false);
	CHECK(station_send(st, 200), "not taken");
	CHECK(station_silent(&bed->b, 50), "received while off");
	device_set_master(&bed->b.fn.dev, true);
	CHECK(rx_off(&bed->b) == off + 1, "rx_off is not counted");
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 200));
}

/* A message is a write to memory, too. */
static void no_interrupt(void *arg)
{
	struct bed *bed = arg;
	struct function *fn = &bed->a.fn;
	struct hvnet_admin_interrupt raise = { .vector = 1 };

	device_irq_wait(&fn->dev, 1, 1);
	device_set_master(&fn->dev, false);
	CHECK(!function_admin(fn, HVNET_ADMIN_INTERRUPT, &raise, sizeof(raise), NULL, 0),
	      "refused");
	CHECK(!device_irq_wait(&fn->dev, 1, 100), "fired while off");
	CHECK(device_read(&fn->dev, HVNET_MSIX_PBA) == BIT(1), "pending bits are %#x",
	      device_read(&fn->dev, HVNET_MSIX_PBA));
	device_set_master(&fn->dev, true);
	CHECK(device_irq_wait(&fn->dev, 1, TIMEOUT_MS) == 1, "not fired when on again");
	CHECK(WAIT(!device_read(&fn->dev, HVNET_MSIX_PBA), 100), "still pending");
}

static void power(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;

	frame_fill(st->frame, st, &bed->b, bed->number, 200);
	ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 200, HVNET_TXD_EOP);
	device_set_power(&st->fn.dev, 3);
	ring_publish(&st->tx);
	device_doorbell(&st->fn.dev, st->tx.queue);
	if (!station_silent(&bed->b, 50) || ring_cons(&st->tx) == st->tx.prod)
		case_fail("sent in D3hot");
	device_set_power(&st->fn.dev, 0);
	CHECK(function_ready(&st->fn), "not ready in D0 again");
	device_set_master(&st->fn.dev, true);
	CHECK_NULL(station_expect(&bed->b, st, bed->number++, 200));
	CHECK_NULL(bed_exchange(bed, &bed->b, st, 200));
}

/* Addresses go through the IOMMU: the frame comes from the memory that is mapped at the time. */
static void translation(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t iova = st->mem.iova + 0x30000000;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		uint8_t *at = st->frame + (i % 7) * PAGE;
		const char *why;

		CHECK(!space_map(&st->space, at, iova, PAGE, SPACE_READ), "no mapping");
		frame_fill(at, st, &bed->b, bed->number, 1000);
		ring_add_tx(&st->tx, iova, 1000, HVNET_TXD_EOP);
		ring_publish_kick(&st->fn, &st->tx);
		why = station_expect(&bed->b, st, bed->number++, 1000);
		space_unmap(&st->space, iova, PAGE);
		CHECK(!why, "mapping %u: %s", i, why);
	}
}

/* The control block moves to other memory while the ring runs. */
static void ring_remap(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t iova = st->mem.iova + 0x30000000;
	struct hvnet_ring_ctl *old = st->tx.ctl;
	uint64_t old_addr = st->tx.ctx.ctl_addr;
	struct hvnet_ring_ctl *other = (void *)(st->frame + 16 * PAGE);
	unsigned int i;

	CHECK(!ring_disable(&st->fn, &st->tx), "disable");
	CHECK(!space_map(&st->space, old, iova, PAGE, SPACE_BOTH), "no mapping");
	st->tx.ctx.ctl_addr = iova;
	ring_clear(&st->tx);
	if (ring_enable(&st->fn, &st->tx))
		case_fail("enable");
	for (i = 0; i < 10 && !case_failed(); i++) {
		struct hvnet_ring_ctl *next = st->tx.ctl == old ? other : old;
		const char *why = bed_exchange(bed, st, &bed->b, 100);

		if (why)
			case_fail("move %u: %s", i, why);
		if (!WAIT(ring_kick(&st->tx), TIMEOUT_MS))
			case_fail("move %u: not idle", i);
		memcpy(next, st->tx.ctl, sizeof(*next));
		space_unmap(&st->space, iova, PAGE);
		memset(st->tx.ctl, 0x5a, sizeof(*next));
		if (space_map(&st->space, next, iova, PAGE, SPACE_BOTH))
			case_fail("no mapping");
		st->tx.ctl = next;
	}
	ring_disable(&st->fn, &st->tx);
	space_unmap(&st->space, iova, PAGE);
	st->tx.ctl = old;
	st->tx.ctx.ctl_addr = old_addr;
}

static void no_buffer(void *arg)
{
	struct bed *bed = arg;
	struct hvnet_admin_stats before, after;
	uint32_t first = bed->number;
	unsigned int i, bufs;

	/*
	 * What is posted is less than the frames need: the ninth has one buffer where it wants
	 * two.
	 */
	CHECK(!ring_disable(&bed->b.fn, &bed->b.rx), "disable");
	ring_clear(&bed->b.rx);
	station_post(&bed->b, 17);
	CHECK(!ring_enable(&bed->b.fn, &bed->b.rx), "enable");
	CHECK(!function_stats(&bed->b.fn, &before), "no counters");
	for (i = 0; i < 12; i++) {
		frame_fill(bed->a.frame, &bed->a, &bed->b, bed->number++, 3000);
		CHECK(station_send(&bed->a, 3000), "not taken");
	}
	CHECK(!function_stats(&bed->b.fn, &after), "no counters");
	CHECK(after.rx_no_buffer - before.rx_no_buffer == 4, "rx_no_buffer rose by %llu, not 4",
	      (unsigned long long)(after.rx_no_buffer - before.rx_no_buffer));
	CHECK(after.rx_packets - before.rx_packets == 8, "rx_packets rose by %llu, not 8",
	      (unsigned long long)(after.rx_packets - before.rx_packets));
	CHECK(after.rx_bytes - before.rx_bytes == 24000, "rx_bytes");
	bufs = ring_cons(&bed->b.rx);
	CHECK(bufs == 16, "%u buffers used, not 16", bufs);
	/* The buffer that was filled for nothing is used again. */
	memset(bed->b.slots.base + 16 * STATION_RX_SLOT, 0xa5, STATION_RX_SLOT);
	for (i = 0; i < 8; i++)
		CHECK_NULL(station_expect(&bed->b, &bed->a, first + i, 3000));
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 3000));
}

static int admin_queue(struct station *st, uint16_t op, uint16_t queue)
{
	struct hvnet_admin_queue arg = { .queue = queue };

	return function_admin(&st->fn, op, &arg, sizeof(arg), NULL, 0);
}

static void admin_refusals(void *arg)
{
	static const uint16_t pf_only[] = {
		HVNET_ADMIN_FILTER_ADD, HVNET_ADMIN_FILTER_DEL, HVNET_ADMIN_VPORT_SET,
		HVNET_ADMIN_MAILBOX_FETCH, HVNET_ADMIN_MAILBOX_REPLY, HVNET_ADMIN_MAILBOX_RING,
		HVNET_ADMIN_LINK_SET, HVNET_ADMIN_LINK_GET, HVNET_ADMIN_PORT_STATS,
	};
	static const uint16_t unknown[] = { 0, 7, 0xf, 0x13, 0x1b, 0x100, 0xffff };
	struct bed *bed = arg;
	struct station *st = &bed->a;
	struct hvnet_admin_vport vport = { .vport = HVNET_VPORT_VF(1) };
	unsigned int pairs = device_read(&st->fn.dev, HVNET_REG_LIMITS) & HVNET_LIMITS_QUEUE_PAIRS;
	unsigned int i;
	int code;

	for (i = 0; i < sizeof(pf_only) / sizeof(pf_only[0]); i++) {
		code = function_admin(&st->fn, pf_only[i], NULL, 0, NULL, 0);
		CHECK(code == HVNET_E_PERM, "command %#x: code %d", pf_only[i], code);
	}
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		code = function_admin(&st->fn, unknown[i], NULL, 0, NULL, 0);
		CHECK(code == HVNET_E_OPCODE, "command %#x: code %d", unknown[i], code);
	}
	code = function_admin(&st->fn, HVNET_ADMIN_STATS, &vport, sizeof(vport), NULL, 0);
	CHECK(code == HVNET_E_PERM, "counters of another VF: code %d", code);
	vport.vport = HVNET_VPORT_NONE;
	code = function_admin(&st->fn, HVNET_ADMIN_STATS, &vport, sizeof(vport), NULL, 0);
	CHECK(code == HVNET_E_RANGE || code == HVNET_E_PERM, "counters of no vport: code %d", code);
	for (i = 2 * pairs; i < 0x10000; i = i * 3 + 1) {
		code = admin_queue(st, HVNET_ADMIN_QUEUE_ENABLE, i);
		CHECK(code == HVNET_E_RANGE, "enable queue %u: code %d", i, code);
		code = admin_queue(st, HVNET_ADMIN_QUEUE_DISABLE, i);
		CHECK(code == HVNET_E_RANGE, "disable queue %u: code %d", i, code);
	}
	code = admin_queue(st, HVNET_ADMIN_QUEUE_ENABLE, HVNET_RXQ(0));
	CHECK(code == HVNET_E_STATE, "enable twice: code %d", code);
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 100));
	CHECK_NULL(bed_exchange(bed, &bed->b, st, 100));
}

/* VLANs that cannot be: what was set, nothing here, stays. */
static void vlan_refusals(void *arg)
{
	struct bed *bed = arg;
	const struct {
		const char *what;
		struct hvnet_admin_vlans vlans;
	} bad[] = {
		{ "flag", { .flags = 2 } },
		{ "flags", { .flags = 0xffff } },
		{ "block", { .flags = HVNET_VLANS_FILTER, .block = 8 } },
		{ "last block", { .flags = HVNET_VLANS_FILTER, .block = 0xffff } },
		{ "VLAN 0", { .flags = HVNET_VLANS_FILTER, .vlans = { 1 } } },
		{ "VLAN 4095", { .flags = HVNET_VLANS_FILTER, .block = 7,
				 .vlans = { [HVNET_VLAN_WORDS - 1] = 1u << 31 } } },
		{ "VLANs without a filter", { .vlans = { 2 } } },
		{ "block without a filter", { .block = 1 } },
	};
	unsigned int i;
	int code;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		code = function_admin(&bed->a.fn, HVNET_ADMIN_VLANS_SET, &bad[i].vlans,
				      sizeof(bad[i].vlans), NULL, 0);
		CHECK(code == HVNET_E_RANGE, "%s: code %d", bad[i].what, code);
	}
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->a, 100));
}

/* Contexts that no queue is enabled with. */
static void context_refusals(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	struct hvnet_queue_ctx good = st->rx.ctx;
	const struct {
		const char *what;
		struct hvnet_queue_ctx ctx;
		int code;
	} bad[] = {
#define WITH(...) ({ struct hvnet_queue_ctx c = good; __VA_ARGS__; c; })
		{ "order 5", WITH(c.order = 5), HVNET_E_RANGE },
		{ "order 13", WITH(c.order = 13), HVNET_E_RANGE },
		{ "order 64", WITH(c.order = 64), HVNET_E_RANGE },
		{ "order 0xffff", WITH(c.order = 0xffff), HVNET_E_RANGE },
		{ "vector", WITH(c.vector = 0xffff), HVNET_E_RANGE },
		{ "first vector that is not", WITH(c.vector = 1 + HVNET_MAX_QUEUE_PAIRS),
		 HVNET_E_RANGE },
		{ "descriptors not aligned", WITH(c.desc_addr += 8), HVNET_E_RANGE },
		{ "completions not aligned", WITH(c.cmpl_addr += 4), HVNET_E_RANGE },
		{ "control block not aligned", WITH(c.ctl_addr += 64), HVNET_E_RANGE },
		{ "descriptors wrap", WITH(c.desc_addr = -16ULL), HVNET_E_RANGE },
		{ "completions wrap", WITH(c.cmpl_addr = -16ULL), HVNET_E_RANGE },
		{ "control block at the end", WITH(c.ctl_addr = -128ULL), HVNET_E_FAULT },
		{ "descriptors at 2^48", WITH(c.desc_addr = 1ULL << 48), HVNET_E_FAULT },
		{ "completions not mapped", WITH(c.cmpl_addr = 0), HVNET_E_FAULT },
		{ "descriptors not mapped", WITH(c.desc_addr = 0), HVNET_E_FAULT },
		{ "control block not mapped", WITH(c.ctl_addr = 0), HVNET_E_FAULT },
#undef WITH
	};
	unsigned int i;
	int code;

	CHECK(!ring_disable(&st->fn, &st->rx), "disable");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		st->rx.ctx = bad[i].ctx;
		code = ring_enable(&st->fn, &st->rx);
		st->rx.ctx = good;
		CHECK(code == bad[i].code, "%s: code %d, not %d", bad[i].what, code, bad[i].code);
	}
	ring_clear(&st->rx);
	station_post(st, st->rx.size);
	CHECK(!ring_enable(&st->fn, &st->rx), "a good context is refused");
	CHECK_NULL(bed_exchange(bed, &bed->b, st, 100));
}

/* A reset leaves nothing of what was, and others alone. */
static void reset(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	struct hvnet_queue_ctx ctx;
	struct hvnet_admin_stats stats;
	unsigned int reg;

	CHECK(!function_reset(&st->fn), "no reset");
	for (reg = HVNET_REG_ADMIN_CMD; reg < HVNET_MSIX_TABLE; reg += 4)
		CHECK(!device_read(&st->fn.dev, reg), "word %#x is %#x after the reset", reg,
		      device_read(&st->fn.dev, reg));
	ring_context(&st->fn, st->rx.queue, &ctx);
	CHECK(ctx.state == HVNET_QUEUE_OFF, "a queue is still on");
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->c, 100));
	frame_fill(bed->b.frame, &bed->b, st, 1, 100);
	CHECK(station_send(&bed->b, 100) && station_silent(st, 50), "received after the reset");
	CHECK(!function_stats(&st->fn, &stats), "no counters");
	CHECK(function_mailbox(&st->fn, HVNET_MSG_BLOCK_READ, HVNET_BLOCK_MAC, NULL, 0, &ctx,
			       sizeof(struct hvnet_block_mac)) == HVNET_E_STATE,
	      "the PF has not forgotten the version");
	CHECK_NULL(station_up(st, 2048));
	CHECK_NULL(bed_exchange(bed, &bed->b, st, 100));
}

/* Reset while frames are under way, again and again: no memory is written once it is over. */
static void reset_under_load(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->b;
	unsigned int round, i;

	for (round = 0; round < 20; round++) {
		uint32_t rx_seen, tx_seen;

		frame_fill(bed->a.frame, &bed->a, st, 1, 9000);
		frame_fill(st->frame, st, &bed->a, 1, 60);
		while (bed->a.tx.prod - ring_cons(&bed->a.tx) < bed->a.tx.size)
			ring_add_tx(&bed->a.tx, arena_iova(&bed->a.mem, bed->a.frame), 9000,
				    HVNET_TXD_EOP);
		while (st->tx.prod - ring_cons(&st->tx) < st->tx.size)
			ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 60, HVNET_TXD_EOP);
		ring_publish_kick(&bed->a.fn, &bed->a.tx);
		ring_publish_kick(&st->fn, &st->tx);
		CHECK(!function_reset(&st->fn), "no reset");
		rx_seen = ring_cons(&st->rx);
		tx_seen = ring_cons(&st->tx);
		memset(st->slots.base, 0xa5, st->slots.size);
		CHECK(station_wait_sent(&bed->a), "the sender is stuck");
		CHECK(ring_cons(&st->rx) == rx_seen && ring_cons(&st->tx) == tx_seen,
		      "completed after the reset");
		for (i = 0; i < st->slots.size; i++)
			CHECK(st->slots.base[i] == 0xa5, "written after the reset");
		CHECK_NULL(station_up(st, 2048));
	}
	CHECK_NULL(bed_exchange(bed, st, &bed->c, 100));
}

/*
 * B gets more frames than it can take, so that DMA goes on; then @stop ends it, and it has
 * ended.
 */
static void stops_at_once(struct bed *bed, void (*stop)(struct station *st))
{
	struct station *st = &bed->b;
	unsigned int round, i;

	for (round = 0; round < 30; round++) {
		uint32_t seen;

		frame_fill(bed->a.frame, &bed->a, st, 1, 9000);
		while (bed->a.tx.prod - ring_cons(&bed->a.tx) < bed->a.tx.size)
			ring_add_tx(&bed->a.tx, arena_iova(&bed->a.mem, bed->a.frame), 9000,
				    HVNET_TXD_EOP);
		ring_publish_kick(&bed->a.fn, &bed->a.tx);
		CHECK(WAIT(ring_cons(&st->rx), TIMEOUT_MS), "nothing is received");
		stop(st);
		seen = ring_cons(&st->rx);
		memset(st->slots.base, 0xa5, st->slots.size);
		clock_sleep(20);
		CHECK(ring_cons(&st->rx) == seen, "round %u: completed afterwards", round);
		for (i = 0; i < st->slots.size; i++)
			CHECK(st->slots.base[i] == 0xa5, "round %u: written afterwards", round);
		CHECK(station_wait_sent(&bed->a), "the sender is stuck");
		CHECK_NULL(station_up(st, 2048));
	}
}

static void stop_by_reset(struct station *st)
{
	device_reset(&st->fn.dev);
}

static void stop_by_master(struct station *st)
{
	device_set_master(&st->fn.dev, false);
}

static void stop_by_power(struct station *st)
{
	device_set_power(&st->fn.dev, 3);
}

static void reset_at_once(void *arg)
{
	stops_at_once(arg, stop_by_reset);
}

static void bus_master_at_once(void *arg)
{
	stops_at_once(arg, stop_by_master);
}

static void power_at_once(void *arg)
{
	stops_at_once(arg, stop_by_power);
}

void rings_control(struct bed *bed)
{
	bed_case(bed, "receive-disable", receive_disable, 2048);
	bed_case(bed, "transmit-disable", transmit_disable, 2048);
	bed_case(bed, "disable-under-load", disable_under_load, 2048);
	bed_case(bed, "bus-master", bus_master, 2048);
	bed_case(bed, "interrupt-without-bus-master", no_interrupt, 2048);
	bed_case(bed, "power-state", power, 2048);
	bed_case(bed, "translation", translation, 2048);
	bed_case(bed, "ring-remap", ring_remap, 2048);
	bed_case(bed, "no-buffer", no_buffer, 2048);
	bed_case(bed, "admin-refusals", admin_refusals, 2048);
	bed_case(bed, "vlan-refusals", vlan_refusals, 2048);
	bed_case(bed, "context-refusals", context_refusals, 2048);
	bed_case(bed, "reset", reset, 2048);
	bed_case(bed, "reset-under-load", reset_under_load, 2048);
	bed_case(bed, "no-dma-after-reset", reset_at_once, 2048);
	bed_case(bed, "no-dma-after-bus-master-off", bus_master_at_once, 2048);
	bed_case(bed, "no-dma-in-d3hot", power_at_once, 2048);
}
