// SPDX-License-Identifier: GPL-2.0
/* What stops a queue, how the driver learns of it, and how it recovers; others notice nothing. */
#include <string.h>

#include "rings.h"

#define FAR	0x20000000	/* from the start of a station's memory: nothing is mapped there */

static void others_work(struct bed *bed)
{
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->c, 700));
	CHECK_NULL(bed_exchange(bed, &bed->c, &bed->b, 700));
}

/* The queue of @ring stops with @error, and says so. */
static void stops(struct station *st, struct ring *ring, uint32_t events, uint32_t error,
		  uint64_t addr)
{
	struct hvnet_queue_ctx ctx = {};

	CHECK(WAIT((ring_context(&st->fn, ring->queue, &ctx), ctx.state == HVNET_QUEUE_ERROR),
		   TIMEOUT_MS), "queue %u is in state %u, not stopped", ring->queue, ctx.state);
	CHECK(ctx.error == error, "error is %u, not %u", ctx.error, error);
	/* In a ring it is that of the descriptor that was looked at. */
	CHECK(error != HVNET_QERR_DMA || ctx.error_addr - addr < PAGE,
	      "error_addr is %#llx, not in the page at %#llx",
	      (unsigned long long)ctx.error_addr, (unsigned long long)addr);
	CHECK(device_irq_wait(&st->fn.dev, 0, TIMEOUT_MS), "the event vector did not fire");
	CHECK(device_read(&st->fn.dev, HVNET_REG_EVENT_QUEUE) != events, "no event is counted");
}

static uint32_t events_before(struct station *st)
{
	device_irq_wait(&st->fn.dev, 0, 0);
	return device_read(&st->fn.dev, HVNET_REG_EVENT_QUEUE);
}

static void recovers_by_disable(struct bed *bed, struct station *st, struct ring *ring)
{
	CHECK(ring_enable(&st->fn, ring) == HVNET_E_STATE, "enabled without being disabled");
	CHECK(!ring_disable(&st->fn, ring), "disable");
	ring_clear(ring);
	if (ring == &st->rx) {
		memset(st->slots.base, 0xa5, st->slots.size);
		station_post(st, ring->size);
	}
	CHECK(!ring_enable(&st->fn, ring), "enable");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 100));
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->a, 100));
}

static void recovers_by_reset(struct bed *bed, struct station *st)
{
	CHECK_NULL(station_up(st, 2048));
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 100));
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->a, 100));
}

/**
 * struct chain - descriptors that must stop a transmit queue
 * @name: of the case
 * @num: descriptors in use
 * @error: what they are stopped with
 * @d: descriptors; addresses are relative to the frame
 */
struct chain {
	const char *name;
	unsigned int num;
	uint32_t error;
	struct hvnet_tx_desc d[24];
};

#define EXT_NONE(f)	{ .addr = HVNET_VPORT_NONE, .flags = HVNET_TXD_EXT | (f) }

#define EXT_GSO(size, hdr)						\
	{ .addr = HVNET_VPORT_NONE | (size) * (1ULL << 32) | (hdr) * (1ULL << 48),	\
	  .flags = HVNET_TXD_EXT | HVNET_TXD_GSO }
#define BUF(n)		{ .len = (n), .flags = HVNET_TXD_EOP }

static const struct chain chains[] = {
	{ "empty-buffer", 1, HVNET_QERR_LENGTH, { { .len = 0, .flags = HVNET_TXD_EOP } } },
	{ "empty-second-buffer", 2, HVNET_QERR_LENGTH,
	  { { .len = 60 }, { .len = 0, .flags = HVNET_TXD_EOP } } },
	{ "frame-of-13-bytes", 1, HVNET_QERR_LENGTH, { { .len = 13, .flags = HVNET_TXD_EOP } } },
	{ "frame-of-1-byte", 1, HVNET_QERR_LENGTH, { { .len = 1, .flags = HVNET_TXD_EOP } } },
	{ "frame-of-9619-bytes", 1, HVNET_QERR_LENGTH,
	  { { .len = STATION_MAX_FRAME + 1, .flags = HVNET_TXD_EOP } } },
	{ "frame-of-65535-bytes", 1, HVNET_QERR_LENGTH,
	  { { .len = 65535, .flags = HVNET_TXD_EOP } } },
	{ "frame-too-long-in-two", 2, HVNET_QERR_LENGTH,
	  { { .len = 9600 }, { .len = 19, .flags = HVNET_TXD_EOP } } },
	{ "no-end", 1, HVNET_QERR_CHAIN, { { .len = 100 } } },
	{ "no-end-of-20", 20, HVNET_QERR_CHAIN, { [0 ... 19] = { .len = 20 } } },
	{ "21-buffers", 21, HVNET_QERR_CHAIN,
	  { [0 ... 19] = { .len = 20 }, [20] = { .len = 20, .flags = HVNET_TXD_EOP } } },
	{ "extension-alone", 1, HVNET_QERR_CHAIN, { EXT_NONE(0) } },
	{ "extension-with-end", 1, HVNET_QERR_FLAGS, { EXT_NONE(HVNET_TXD_EOP) } },
	{ "extension-with-checksum", 2, HVNET_QERR_FLAGS, { EXT_NONE(HVNET_TXD_CSUM), BUF(100) } },
	{ "reserved-word-with-vlan", 2, HVNET_QERR_FLAGS,
	  { { .addr = HVNET_VPORT_NONE, .len = 1, .flags = HVNET_TXD_EXT | HVNET_TXD_VLAN },
	    BUF(100) } },
	{ "too-long-with-vlan", 2, HVNET_QERR_OFFLOAD,
	  { EXT_NONE(HVNET_TXD_VLAN), BUF(STATION_MAX_FRAME - 3) } },
	{ "extension-twice", 3, HVNET_QERR_FLAGS,
	  { EXT_NONE(0), EXT_NONE(0), { .len = 100, .flags = HVNET_TXD_EOP } } },
	{ "extension-second", 2, HVNET_QERR_FLAGS, { { .len = 100 }, EXT_NONE(0) } },
	{ "extension-to-a-vport", 2, HVNET_QERR_FLAGS,
	  { { .addr = HVNET_VPORT_VF(1), .flags = HVNET_TXD_EXT },
	    { .len = 100, .flags = HVNET_TXD_EOP } } },
	{ "extension-to-the-pf", 2, HVNET_QERR_FLAGS,
	  { { .addr = HVNET_VPORT_PF, .flags = HVNET_TXD_EXT },
	    { .len = 100, .flags = HVNET_TXD_EOP } } },
	{ "checksum-in-the-addresses", 1, HVNET_QERR_OFFLOAD,
	  { { .len = 100, .flags = HVNET_TXD_EOP | HVNET_TXD_CSUM, .csum_start = 13 } } },
	{ "checksum-behind-the-end", 1, HVNET_QERR_OFFLOAD,
	  { { .len = 100, .flags = HVNET_TXD_EOP | HVNET_TXD_CSUM, .csum_start = 34,
	      .csum_offset = 65 } } },
	{ "checksum-out-of-reach", 1, HVNET_QERR_OFFLOAD,
	  { { .len = 200, .flags = HVNET_TXD_EOP | HVNET_TXD_CSUM, .csum_start = 34,
	      .csum_offset = 93 } } },
	{ "checksum-in-the-second-buffer", 2, HVNET_QERR_FLAGS,
	  { { .len = 100 },
	    { .len = 100, .flags = HVNET_TXD_EOP | HVNET_TXD_CSUM, .csum_start = 34 } } },
	{ "segments-of-nothing", 2, HVNET_QERR_OFFLOAD, { EXT_GSO(0, 54), BUF(200) } },
	{ "segments-too-long", 2, HVNET_QERR_OFFLOAD,
	  { EXT_GSO(STATION_MAX_FRAME - 53, 54), BUF(200) } },
	{ "segments-too-many", 2, HVNET_QERR_OFFLOAD, { EXT_GSO(1, 54), BUF(54 + 257) } },
	{ "segments-without-headers", 2, HVNET_QERR_OFFLOAD, { EXT_GSO(100, 13), BUF(200) } },
	{ "segments-of-headers-only", 2, HVNET_QERR_OFFLOAD, { EXT_GSO(100, 54), BUF(54) } },
	{ "segments-of-long-headers", 2, HVNET_QERR_OFFLOAD, { EXT_GSO(100, 129), BUF(200) } },
	{ "unknown-flags", 1, HVNET_QERR_FLAGS,
	  { { .len = 100, .flags = HVNET_TXD_EOP | 0x7ff0 } } },
};

/* A good frame stands before the bad one and still goes out. */
static void bad_chain(struct bed *bed, const struct chain *chain)
{
	struct station *st = &bed->a;
	uint32_t events = events_before(st);
	uint64_t at = arena_iova(&st->mem, st->frame);
	unsigned int i;

	frame_fill(st->frame, st, &bed->b, bed->number, 100);
	ring_add_tx(&st->tx, at, 100, HVNET_TXD_EOP);
	for (i = 0; i < chain->num; i++) {
		struct hvnet_tx_desc desc = chain->d[i];

		if (!(desc.flags & HVNET_TXD_EXT))
			desc.addr += at;
		st->tx.tx[st->tx.prod++ & (st->tx.size - 1)] = desc;
	}
	ring_publish_kick(&st->fn, &st->tx);
	CHECK_NULL(station_expect(&bed->b, st, bed->number++, 100));
	stops(st, &st->tx, events, chain->error, 0);
	CHECK(ring_cons(&st->tx) == 1, "cons is %u, not 1", ring_cons(&st->tx));
	CHECK(station_silent(&bed->b, 5), "something else was sent");
	others_work(bed);
	recovers_by_disable(bed, st, &st->tx);
}

static const struct chain *chain_in_turn;

static void bad_chain_case(void *arg)
{
	bad_chain(arg, chain_in_turn);
}

static void good_extension(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	unsigned int i;

	frame_fill(st->frame, st, &bed->b, bed->number, 400);
	st->tx.tx[st->tx.prod++] = (struct hvnet_tx_desc)EXT_NONE(0);
	for (i = 0; i < 20; i++)
		ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame) + 20 * i, 20,
			    i == 19 ? HVNET_TXD_EOP : 0);
	ring_publish_kick(&st->fn, &st->tx);
	CHECK(station_wait_sent(st), "not taken");
	CHECK_NULL(station_expect(&bed->b, st, bed->number++, 400));
}

/* The producer index: too far ahead, or behind the consumer. */
static void bad_index(void *arg)
{
	static const int32_t jumps[] = { 257, 1000, 0x40000000, INT32_MIN, -1, -256 };
	struct bed *bed = arg;
	struct station *st = &bed->a;
	unsigned int i;

	for (i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		uint32_t events = events_before(st);

		st->tx.prod += jumps[i];
		ring_publish_kick(&st->fn, &st->tx);
		stops(st, &st->tx, events, HVNET_QERR_INDEX, 0);
		others_work(bed);
		recovers_by_disable(bed, st, &st->tx);
		CHECK(!case_failed(), "transmit, jump %d", jumps[i]);

		events = events_before(st);
		st->rx.prod = ring_cons(&st->rx) + jumps[i];
		ring_publish(&st->rx);
		frame_fill(bed->b.frame, &bed->b, st, 1, 100);
		CHECK(station_send(&bed->b, 100), "the sender is stuck");
		stops(st, &st->rx, events, HVNET_QERR_INDEX, 0);
		others_work(bed);
		recovers_by_disable(bed, st, &st->rx);
		CHECK(!case_failed(), "receive, jump %d", jumps[i]);
	}
}

static void transmit_unmapped(void *arg)
{
	static const uint64_t far[] = { FAR, FAR + 0x123, 0xffffffffffULL, 1ULL << 48, -16ULL };
	struct bed *bed = arg;
	struct station *st = &bed->a;
	unsigned int i;

	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		uint64_t addr = i < 2 ? st->mem.iova + far[i] : far[i];
		uint32_t events = events_before(st);

		ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 100, 0);
		ring_add_tx(&st->tx, addr, 100, HVNET_TXD_EOP);
		ring_publish_kick(&st->fn, &st->tx);
		stops(st, &st->tx, events, HVNET_QERR_DMA, addr);
		CHECK(station_silent(&bed->b, 5), "half a frame was sent");
		others_work(bed);
		if (i & 1)
			recovers_by_reset(bed, st);
		else
			recovers_by_disable(bed, st, &st->tx);
		CHECK(!case_failed(), "address %u", i);
	}
}

/* The second page of a buffer is not mapped: its address is told. */
static void transmit_half_mapped(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t iova = st->mem.iova + FAR;
	uint32_t events = events_before(st);

	CHECK(!space_map(&st->space, st->frame, iova, PAGE, SPACE_READ), "no mapping");
	ring_add_tx(&st->tx, iova + PAGE - 100, 200, HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
	stops(st, &st->tx, events, HVNET_QERR_DMA, iova + PAGE);
	space_unmap(&st->space, iova, PAGE);
	recovers_by_disable(bed, st, &st->tx);
}

/* One buffer, given by the caller, is posted to A; B sends to it. */
static void receive_into(struct bed *bed, uint64_t addr, uint32_t len, uint32_t error,
			 uint64_t error_addr)
{
	struct station *st = &bed->a;
	struct hvnet_admin_stats before, after;
	uint32_t events = events_before(st);

	CHECK(!function_stats(&st->fn, &before), "no counters");
	CHECK(!ring_disable(&st->fn, &st->rx), "disable");
	ring_clear(&st->rx);
	ring_add_rx(&st->rx, addr, len);
	ring_publish(&st->rx);
	CHECK(!ring_enable(&st->fn, &st->rx), "enable");
	frame_fill(bed->b.frame, &bed->b, st, bed->number, 1000);
	CHECK(station_send(&bed->b, 1000), "the sender is stuck");
	stops(st, &st->rx, events, error, error_addr);
	CHECK(station_send(&bed->b, 1000), "the sender is stuck afterwards");
	CHECK(!ring_cons(&st->rx), "something was completed");
	CHECK(!function_stats(&st->fn, &after), "no counters");
	CHECK(after.rx_error - before.rx_error == 2, "rx_error rose by %llu, not 2",
	      (unsigned long long)(after.rx_error - before.rx_error));
	CHECK(error != HVNET_QERR_DMA || after.dma_faults > before.dma_faults,
	      "dma_faults is not counted");
	others_work(bed);
	recovers_by_disable(bed, st, &st->rx);
}

static void receive_unmapped(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t far = st->mem.iova + FAR;

	receive_into(bed, far + 8, 2048, HVNET_QERR_DMA, far + 8);
	receive_into(bed, 1ULL << 48, 2048, HVNET_QERR_DMA, 1ULL << 48);
	receive_into(bed, -16ULL, 2048, HVNET_QERR_DMA, -16ULL);
	/* The page after two that are mapped. */
	receive_into(bed, st->slots.iova + 2 * PAGE - 10, 2048, HVNET_QERR_DMA,
		     st->slots.iova + 2 * PAGE);
}

static void receive_bad_length(void *arg)
{
	static const uint32_t lens[] = { 0, 1, 255, 65536, 0xffffffff };
	struct bed *bed = arg;
	unsigned int i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		receive_into(bed, bed->a.slots.iova, lens[i], HVNET_QERR_LENGTH, 0);
		CHECK(!case_failed(), "length %u", lens[i]);
	}
}

/* What is mapped for reading only can be sent, and is not written. */
static void read_only(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t iova = st->mem.iova + FAR;
	uint8_t *page = st->frame + 20 * PAGE;
	struct hvnet_queue_ctx good = st->tx.ctx;
	unsigned int i;
	int code;

	memset(page, 0x77, PAGE);
	CHECK(!space_map(&st->space, page, iova, PAGE, SPACE_READ), "no mapping");
	frame_fill(page, st, &bed->b, bed->number, 500);
	ring_add_tx(&st->tx, iova, 500, HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
	CHECK_NULL(station_expect(&bed->b, st, bed->number++, 500));

	memset(page, 0x77, PAGE);
	receive_into(bed, iova, 2048, HVNET_QERR_DMA, iova);
	CHECK(!ring_disable(&st->fn, &st->tx), "disable");
	st->tx.ctx.ctl_addr = iova;
	code = ring_enable(&st->fn, &st->tx);
	st->tx.ctx = good;
	CHECK(code == HVNET_E_FAULT, "control block: code %d", code);
	for (i = 0; i < PAGE; i++)
		CHECK(page[i] == 0x77, "byte %u was written", i);
	space_unmap(&st->space, iova, PAGE);
}

/* The other way round: write-only memory is not read. */
static void write_only(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t iova = st->mem.iova + FAR;
	uint32_t events = events_before(st);

	CHECK(!space_map(&st->space, st->frame, iova, PAGE, SPACE_WRITE), "no mapping");
	ring_add_tx(&st->tx, iova, 100, HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
	stops(st, &st->tx, events, HVNET_QERR_DMA, iova);
	CHECK(station_silent(&bed->b, 5), "sent");
	space_unmap(&st->space, iova, PAGE);
	recovers_by_disable(bed, st, &st->tx);
}

/* Parts of a running ring lose their mapping. */
static void ring_unmapped(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t iova = st->mem.iova + FAR;
	unsigned int part;

	for (part = 0; part < 2; part++) {
		struct hvnet_queue_ctx good = st->tx.ctx;
		void *memory = part ? (void *)st->tx.ctl : (void *)st->tx.tx;
		uint32_t events;

		CHECK(!ring_disable(&st->fn, &st->tx), "disable");
		CHECK(!space_map(&st->space, memory, iova, PAGE, SPACE_BOTH), "no mapping");
		*(part ? &st->tx.ctx.ctl_addr : &st->tx.ctx.desc_addr) = iova;
		ring_clear(&st->tx);
		CHECK(!ring_enable(&st->fn, &st->tx), "enable");
		CHECK_NULL(bed_exchange(bed, st, &bed->b, 100));
		CHECK(WAIT(ring_kick(&st->tx), TIMEOUT_MS), "not idle");
		events = events_before(st);
		space_unmap(&st->space, iova, PAGE);
		ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 100, HVNET_TXD_EOP);
		ring_publish(&st->tx);
		device_doorbell(&st->fn.dev, st->tx.queue);
		st->tx.ctx = good;
		stops(st, &st->tx, events, HVNET_QERR_DMA, iova);
		CHECK(station_silent(&bed->b, 5), "sent");
		others_work(bed);
		recovers_by_disable(bed, st, &st->tx);
		CHECK(!case_failed(), "part %u", part);
	}
}

void rings_faults(struct bed *bed)
{
	unsigned int i;

	for (i = 0; i < sizeof(chains) / sizeof(chains[0]); i++) {
		chain_in_turn = &chains[i];
		bed_case(bed, chains[i].name, bad_chain_case, 2048);
	}
	bed_case(bed, "extension-and-20-buffers", good_extension, 2048);
	bed_case(bed, "bad-index", bad_index, 2048);
	bed_case(bed, "transmit-unmapped", transmit_unmapped, 2048);
	bed_case(bed, "transmit-half-mapped", transmit_half_mapped, 2048);
	bed_case(bed, "receive-unmapped", receive_unmapped, 2048);
	bed_case(bed, "receive-bad-length", receive_bad_length, 2048);
	bed_case(bed, "read-only", read_only, 2048);
	bed_case(bed, "write-only", write_only, 2048);
	bed_case(bed, "ring-unmapped", ring_unmapped, 2048);
}
