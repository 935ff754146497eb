// SPDX-License-Identifier: GPL-2.0
/* Frames of every shape, and the protocols that announce them. */
#include <string.h>

#include <linux/pci_regs.h>

#include "rings.h"

static void identity(void *arg)
{
	struct bed *bed = arg;
	struct device *dev = &bed->a.fn.dev;
	uint32_t limits = device_read(dev, HVNET_REG_LIMITS);

	CHECK(device_read(dev, HVNET_REG_VERSION) >> 16 == HVNET_VERSION_MAJOR, "version %#x",
	      device_read(dev, HVNET_REG_VERSION));
	CHECK(device_read(dev, HVNET_REG_VPORT) == HVNET_VPORT_VF(0), "vport %u",
	      device_read(dev, HVNET_REG_VPORT));
	CHECK(device_read(&bed->b.fn.dev, HVNET_REG_VPORT) == HVNET_VPORT_VF(1), "vport of B");
	CHECK(!(limits & HVNET_LIMITS_VFS), "a VF has VFs");
	CHECK(limits & HVNET_LIMITS_QUEUE_PAIRS, "no queue pairs");
	CHECK((limits & HVNET_LIMITS_RING_ORDER) >> 8 == HVNET_RING_MAX_ORDER, "ring order");
	CHECK(device_read(dev, HVNET_REG_MAX_FRAME) == STATION_MAX_FRAME, "longest frame %u",
	      device_read(dev, HVNET_REG_MAX_FRAME));
	CHECK(memcmp(bed->a.mac, bed->b.mac, 6), "A and B have one address");
	CHECK(!(bed->a.mac[0] & 1), "A's address is a group's");
}

static void lengths(void *arg)
{
	static const uint16_t edges[] = {
		255, 256, 257, 511, 512, 513, 1499, 1500, 1501, 1514, 1518, 2047, 2048, 2049,
		4095, 4096, 4097, 8191, 8192, 8193, 9000, 9613, 9614, 9615, 9616, 9617, 9618,
	};
	struct bed *bed = arg;
	unsigned int i;

	for (i = 14; i <= 200; i++)
		CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, i));
	for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, edges[i]));
	for (i = 211; i < STATION_MAX_FRAME; i += 173)
		CHECK_NULL(bed_exchange(bed, &bed->b, &bed->a, i));
}

/* Send st->frame, @len bytes, in @bufs buffers of unequal length. */
static bool send_chain(struct station *st, size_t len, unsigned int bufs)
{
	uint64_t addr = arena_iova(&st->mem, st->frame);

	while (bufs) {
		size_t n = bufs == 1 ? len : len / bufs + (bufs & 1 && len > 2 * bufs);

		ring_add_tx(&st->tx, addr, n, bufs == 1 ? HVNET_TXD_EOP : 0);
		addr += n;
		len -= n;
		bufs--;
	}
	ring_publish_kick(&st->fn, &st->tx);
	return station_wait_sent(st);
}

static void chains(void *arg)
{
	static const uint16_t lens[] = { 20, 60, 63, 64, 65, 100, 1514, 4097, 9614 };
	struct bed *bed = arg;
	unsigned int bufs, i;

	for (bufs = 1; bufs <= HVNET_TX_MAX_BUFS; bufs++) {
		for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
			frame_fill(bed->a.frame, &bed->a, &bed->b, bed->number, lens[i]);
			CHECK(send_chain(&bed->a, lens[i], bufs),
			      "%u bytes in %u buffers not taken",
			      lens[i], bufs);
			CHECK_NULL(station_expect(&bed->b, &bed->a, bed->number++, lens[i]));
		}
	}
}

/* The frame lies across the end of a page, in pages that are not neighbours. */
static void page_crossing(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint64_t iova = st->mem.iova + 0x20000000;
	uint8_t *first = st->frame + 8 * PAGE, *second = st->frame + 4 * PAGE;
	uint8_t frame[200];
	unsigned int before;

	CHECK(!space_map(&st->space, first, iova, PAGE, SPACE_READ) &&
	      !space_map(&st->space, second, iova + PAGE, PAGE, SPACE_READ), "no mapping");
	for (before = 1; before < sizeof(frame); before++) {
		frame_fill(frame, st, &bed->b, bed->number, sizeof(frame));
		memcpy(first + PAGE - before, frame, before);
		memcpy(second, frame + before, sizeof(frame) - before);
		ring_add_tx(&st->tx, iova + PAGE - before, sizeof(frame), HVNET_TXD_EOP);
		ring_publish_kick(&st->fn, &st->tx);
		if (!station_wait_sent(st)) {
			case_fail("%u bytes before the page's end: not taken", before);
			break;
		}
		if (station_expect(&bed->b, st, bed->number++, sizeof(frame))) {
			case_fail("%u bytes before the page's end: not received well", before);
			break;
		}
	}
	space_unmap(&st->space, iova, 2 * PAGE);
}

static void multi_buffer(void *arg)
{
	struct bed *bed = arg;
	unsigned int len;

	for (len = 250; len < 262; len++)
		CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, len));
	for (len = 500; len <= STATION_MAX_FRAME; len += 601)
		CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, len));
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 256 * 37));
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 9614));
}

/* More frames than the ring has descriptors, some published together. */
static void wrap(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	unsigned int round, i, n;

	for (round = 0; round < 60; round++) {
		uint32_t first = bed->number;

		n = 1 + round % 31;
		for (i = 0; i < n; i++) {
			uint8_t *at = st->frame + i * 2048;

			frame_fill(at, st, &bed->b, bed->number++, 100 + i);
			ring_add_tx(&st->tx, arena_iova(&st->mem, at), 100 + i, HVNET_TXD_EOP);
		}
		ring_publish_kick(&st->fn, &st->tx);
		CHECK(station_wait_sent(st), "round %u: not taken", round);
		for (i = 0; i < n; i++)
			CHECK_NULL(station_expect(&bed->b, st, first + i, 100 + i));
	}
	CHECK(st->tx.prod > 3 * st->tx.size, "the test is too short");
}

static void to_self_and_nobody(void *arg)
{
	struct bed *bed = arg;
	struct hvnet_admin_stats before, after;

	CHECK(!function_stats(&bed->a.fn, &before), "no counters");
	frame_fill(bed->a.frame, &bed->a, &bed->a, 1, 100);
	CHECK(station_send(&bed->a, 100), "to itself: not taken");
	CHECK(station_silent(&bed->a, 50), "received from itself");
	memcpy(bed->a.frame, "\x02\xff\xff\xff\xff\xfe", 6);
	CHECK(station_send(&bed->a, 100), "to nobody: not taken");
	CHECK(station_silent(&bed->b, 50) && station_silent(&bed->c, 1), "received by others");
	CHECK(!function_stats(&bed->a.fn, &after), "no counters");
	CHECK(after.tx_packets - before.tx_packets == 2, "tx_packets");
	CHECK(after.tx_bytes - before.tx_bytes == 200, "tx_bytes");
	CHECK(after.tx_no_dest - before.tx_no_dest == 2, "tx_no_dest rose by %llu, not 2",
	      (unsigned long long)(after.tx_no_dest - before.tx_no_dest));
}

static void broadcast(void *arg)
{
	struct bed *bed = arg;
	struct station everybody = { .mac = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	struct station *to[] = { &bed->b, &bed->c };
	struct hvnet_admin_stats stats;
	unsigned int i;

	frame_fill(bed->a.frame, &bed->a, &everybody, bed->number, 300);
	CHECK(station_send(&bed->a, 300), "not taken");
	for (i = 0; i < 2; i++) {
		uint8_t mac[6];
		const char *why;

		memcpy(mac, to[i]->mac, 6);
		memcpy(to[i]->mac, everybody.mac, 6);
		why = station_expect(to[i], &bed->a, bed->number, 300);
		memcpy(to[i]->mac, mac, 6);
		CHECK(!why, "receiver %u: %s", i, why);
	}
	bed->number++;
	CHECK(station_silent(&bed->a, 20), "the sender receives it too");
	CHECK(!function_stats(&bed->b.fn, &stats), "no counters");
	CHECK(stats.rx_packets && stats.rx_multicast, "rx_multicast is not counted");
}

/*
 * Kick is not 0 while the device sleeps: then nothing moves without the doorbell.  It has another
 * value the next time.
 */
static void kick_when_idle(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	uint32_t kick;

	CHECK_NULL(bed_exchange(bed, st, &bed->b, 100));
	CHECK(WAIT(ring_kick(&st->tx), TIMEOUT_MS), "kick is not set when idle");
	kick = ring_kick(&st->tx);
	frame_fill(st->frame, st, &bed->b, bed->number, 100);
	ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 100, HVNET_TXD_EOP);
	ring_publish(&st->tx);
	CHECK(!WAIT(ring_cons(&st->tx) == st->tx.prod, 50), "sent without the doorbell");
	CHECK(ring_kick(&st->tx) == kick, "kick changed by itself");
	device_doorbell(&st->fn.dev, st->tx.queue);
	CHECK_NULL(station_expect(&bed->b, st, bed->number++, 100));
	CHECK(WAIT(ring_kick(&st->tx), TIMEOUT_MS), "kick is not set again");
	CHECK(ring_kick(&st->tx) != kick, "kick is %u again", kick);
}

/*
 * Kick is 0 while the device polls: what is published then needs no doorbell. B does not care
 * what it loses.
 */
static void no_kick_while_busy(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	unsigned int published = 0, rung = 0, awake = 0, i;
	uint64_t end = clock_ms() + 1000;
	uint32_t count;

	frame_fill(st->frame, st, &bed->b, bed->number, 9614);
	count = device_doorbells(&st->fn.dev);
	while (clock_ms() < end) {
		awake += !ring_kick(&st->tx);
		if (st->tx.prod - ring_cons(&st->tx) > st->tx.size / 2)
			continue;
		for (i = 0; i < 16; i++)
			ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 9614, HVNET_TXD_EOP);
		rung += ring_publish_kick(&st->fn, &st->tx);
		published += 16;
	}
	CHECK(station_wait_sent(st), "frames are left over (%u published, %u doorbells)", published,
	      rung);
	CHECK(device_doorbells(&st->fn.dev) - count == rung, "doorbells counted %u, rung %u",
	      device_doorbells(&st->fn.dev) - count, rung);
	CHECK(published > 2 * st->tx.size, "only %u frames sent", published);
	CHECK(awake, "kick was never cleared while busy");
	CHECK(rung < published / 4, "%u doorbells for %u frames", rung, published);
}

/* B is told of a frame from A and does not ring.  Is its transmit ring looked at within @ms? */
static const char *tell(struct bed *bed, unsigned int ms, bool *looked)
{
	struct station *st = &bed->b;
	uint32_t kick = ring_kick(&st->tx);
	const char *why;

	ring_arm(&st->rx);
	why = bed_exchange(bed, &bed->a, st, 100);
	if (!why && device_irq_wait(&st->fn.dev, 1, TIMEOUT_MS) != 1)
		why = "not told of a frame";
	*looked = WAIT(ring_kick(&st->tx) != kick, ms);
	if (!WAIT(ring_kick(&st->tx), TIMEOUT_MS))
		why = "kick is not set when idle";
	return why;
}

/* Who is told of frames and mostly answers need not ring for that; who says nothing has to. */
static void answers(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->b;
	uint32_t count, rung = 1;
	unsigned int round;
	bool looked;

	device_irq_wait(&st->fn.dev, 1, 20);
	CHECK_NULL(bed_exchange(bed, st, &bed->a, 100));
	CHECK(WAIT(ring_kick(&st->tx), TIMEOUT_MS), "kick is not set when idle");
	CHECK_NULL(tell(bed, TIMEOUT_MS, &looked));
	CHECK(looked, "not looked at, though it sent the last time");
	CHECK_NULL(tell(bed, 100, &looked));
	CHECK(!looked, "looked at, though it sent nothing the last time");

	/* The time for an answer is short: not every round makes it. */
	for (round = 0; round < 100 && rung; round++) {
		CHECK_NULL(bed_exchange(bed, st, &bed->a, 100));
		CHECK(WAIT(ring_kick(&st->tx), TIMEOUT_MS), "kick is not set when idle");
		ring_arm(&st->rx);
		CHECK_NULL(bed_exchange(bed, &bed->a, st, 100));
		WAIT(!ring_kick(&st->tx), 100);
		count = device_doorbells(&st->fn.dev);
		CHECK_NULL(bed_exchange(bed, st, &bed->a, 100));
		rung = device_doorbells(&st->fn.dev) - count;
	}
	CHECK(!rung, "no answer without a doorbell");
}

static void interrupts(void *arg)
{
	struct bed *bed = arg;
	struct device *dev = &bed->b.fn.dev;

	/* Those that mailbox responses caused. */
	device_irq_wait(dev, 0, 20);
	device_irq_wait(dev, 1, 20);
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 100));
	CHECK(!device_irq_wait(dev, 1, 50), "fired without being armed");
	ring_arm(&bed->b.rx);
	CHECK(!device_irq_wait(dev, 1, 50), "fired without a frame");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 100));
	CHECK(device_irq_wait(dev, 1, TIMEOUT_MS) == 1, "receive: armed, a frame came, not fired");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 100));
	CHECK(!device_irq_wait(dev, 1, 50), "fired twice for one arming");
	ring_arm(&bed->b.tx);
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->a, 100));
	CHECK(device_irq_wait(dev, 1, TIMEOUT_MS) == 1, "transmit: armed, sent, not fired");
	CHECK(!device_irq_wait(dev, 0, 1), "the event vector fired");
}

static void masked_vector(void *arg)
{
	struct bed *bed = arg;
	struct device *dev = &bed->b.fn.dev;
	unsigned int ctrl = HVNET_MSIX_TABLE + PCI_MSIX_ENTRY_SIZE + PCI_MSIX_ENTRY_VECTOR_CTRL;
	unsigned int round;

	for (round = 0; round < 3; round++) {
		device_irq_wait(dev, 1, 1);
		CHECK(!(device_read(dev, ctrl) & PCI_MSIX_ENTRY_CTRL_MASKBIT),
		      "masked to begin with");
		device_write(dev, ctrl, PCI_MSIX_ENTRY_CTRL_MASKBIT);
		ring_arm(&bed->b.rx);
		CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 100));
		CHECK(!device_irq_wait(dev, 1, 100), "fired while masked");
		CHECK(device_read(dev, HVNET_MSIX_PBA) == BIT(1), "pending bits are %#x",
		      device_read(dev, HVNET_MSIX_PBA));
		device_write(dev, ctrl, 0);
		CHECK(device_irq_wait(dev, 1, TIMEOUT_MS) == 1, "not fired after unmask");
		CHECK(WAIT(!device_read(dev, HVNET_MSIX_PBA), 100), "still pending");
		CHECK(!device_irq_wait(dev, 1, 50), "fired twice");
	}
}

/* Each queue pair of a VF by itself. */
static void queue_pairs(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	unsigned int pairs = device_read(&st->fn.dev, HVNET_REG_LIMITS) & HVNET_LIMITS_QUEUE_PAIRS;
	struct ring first = st->tx;
	unsigned int pair;

	for (pair = 1; pair < pairs; pair++) {
		CHECK(!ring_disable(&st->fn, &st->tx), "disable");
		st->tx.queue = HVNET_TXQ(pair);
		ring_clear(&st->tx);
		if (ring_enable(&st->fn, &st->tx))
			case_fail("queue %u cannot be enabled", st->tx.queue);
		else if (bed_exchange(bed, st, &bed->b, 500))
			case_fail("queue %u does not send", st->tx.queue);
	}
	ring_disable(&st->fn, &st->tx);
	st->tx.queue = first.queue;
}

/* Frames longer than the driver wants are lost and counted, until a reset. */
static void longest_wanted(void *arg)
{
	struct bed *bed = arg;
	struct function *fn = &bed->b.fn;
	struct hvnet_admin_rx rx = { .queue = HVNET_RXQ(0), .max_frame = 1000 };
	struct hvnet_admin_stats before, after;

	CHECK(!function_stats(fn, &before), "no counters");
	CHECK(!function_admin(fn, HVNET_ADMIN_RX_SET, &rx, sizeof(rx), NULL, 0), "not set");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 1000));
	frame_fill(bed->a.frame, &bed->a, &bed->b, bed->number, 1001);
	CHECK(station_send(&bed->a, 1001), "not taken");
	CHECK(station_silent(&bed->b, 50), "received");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 100));
	CHECK(!function_stats(fn, &after), "no counters");
	CHECK(after.rx_oversize - before.rx_oversize == 1, "rx_oversize rose by %llu, not 1",
	      (unsigned long long)(after.rx_oversize - before.rx_oversize));
	CHECK(after.rx_packets - before.rx_packets == 2, "rx_packets");

	CHECK_NULL(station_up(&bed->b, 2048));
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 1001));
	CHECK(!function_stats(fn, &before), "no counters");
	CHECK(before.rx_oversize == after.rx_oversize, "rx_oversize rose after the reset");
}

/* To be segmented, and neither TCP nor UDP: dropped and counted, and the queue goes on. */
static void not_what_is_said(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	struct hvnet_tx_ext ext = {
		.dst_vport = HVNET_VPORT_NONE, .gso_size = 100, .hdr_len = 54,
	};
	struct hvnet_admin_stats before, after;
	uint64_t first;

	CHECK(!function_stats(&st->fn, &before), "no counters");
	frame_fill(st->frame, st, &bed->b, bed->number, 254);
	memcpy(st->frame + 12, "\x88\xb5", 2);
	memcpy(&first, &ext, sizeof(first));
	ring_add_tx(&st->tx, first, 0, HVNET_TXD_EXT | HVNET_TXD_GSO);
	ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), 254, HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
	CHECK(station_wait_sent(st), "not taken");
	CHECK(station_silent(&bed->b, 50), "received");
	CHECK_NULL(bed_exchange(bed, st, &bed->b, 254));
	CHECK(!function_stats(&st->fn, &after), "no counters");
	CHECK(after.tx_packets - before.tx_packets == 2, "tx_packets");
	CHECK(after.tx_no_dest == before.tx_no_dest, "tx_no_dest");
	CHECK(after.tx_bad_offload - before.tx_bad_offload == 1,
	      "tx_bad_offload rose by %llu, not 1",
	      (unsigned long long)(after.tx_bad_offload - before.tx_bad_offload));
}

#define SEGMENTS	256

static uint64_t met(const struct hvnet_admin_stats *stats)
{
	return stats->rx_packets + stats->rx_no_buffer;
}

/* As much as one frame may ask for: each receiver meets each segment once, the queue goes on. */
static void segments_to_all(void *arg)
{
	static const uint8_t headers[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x08, 0x00,
		0x45, 0, (28 + SEGMENTS) >> 8, (28 + SEGMENTS) & 255, 0, 0, 0x40, 0, 64, 17, 0, 0,
		10, 0, 0, 1, 10, 0, 0, 255,
		0, 9, 0, 9, (8 + SEGMENTS) >> 8, (8 + SEGMENTS) & 255, 0, 0,
	};
	struct hvnet_tx_ext ext = {
		.dst_vport = HVNET_VPORT_NONE, .gso_size = 1, .hdr_len = sizeof(headers),
	};
	struct bed *bed = arg;
	struct station *st = &bed->a, *to[] = { &bed->b, &bed->c };
	struct hvnet_admin_stats before[2], after;
	uint64_t first;
	unsigned int i;

	for (i = 0; i < 2; i++)
		CHECK(!function_stats(&to[i]->fn, &before[i]), "no counters");
	memset(st->frame, 0, sizeof(headers) + SEGMENTS);
	memcpy(st->frame, headers, sizeof(headers));
	memcpy(st->frame + 6, st->mac, 6);
	memcpy(&first, &ext, sizeof(first));
	ring_add_tx(&st->tx, first, 0, HVNET_TXD_EXT | HVNET_TXD_GSO);
	ring_add_tx(&st->tx, arena_iova(&st->mem, st->frame), sizeof(headers) + SEGMENTS,
		    HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
	CHECK(station_wait_sent(st), "not taken");
	for (i = 0; i < 2; i++) {
		CHECK(!function_stats(&to[i]->fn, &after), "no counters");
		CHECK(met(&after) - met(&before[i]) == SEGMENTS, "receiver %u met %llu segments", i,
		      (unsigned long long)(met(&after) - met(&before[i])));
	}
}

void rings_traffic(struct bed *bed)
{
	bed_case(bed, "identity", identity, 2048);
	bed_case(bed, "lengths", lengths, 2048);
	bed_case(bed, "lengths-in-whole-pages", lengths, 2 * PAGE);
	bed_case(bed, "chains", chains, 2048);
	bed_case(bed, "transmit-page-crossing", page_crossing, 2048);
	bed_case(bed, "multi-buffer-receive", multi_buffer, 256);
	bed_case(bed, "ring-wrap", wrap, 2048);
	bed_case(bed, "to-self-and-nobody", to_self_and_nobody, 2048);
	bed_case(bed, "broadcast", broadcast, 2048);
	bed_case(bed, "kick-when-idle", kick_when_idle, 2048);
	bed_case(bed, "no-kick-while-busy", no_kick_while_busy, 2048);
	bed_case(bed, "answers", answers, 2048);
	bed_case(bed, "interrupts", interrupts, 2048);
	bed_case(bed, "masked-vector", masked_vector, 2048);
	bed_case(bed, "queue-pairs", queue_pairs, 2048);
	bed_case(bed, "longest-wanted", longest_wanted, 2048);
	bed_case(bed, "not-what-is-said", not_what_is_said, 2048);
	bed_case(bed, "segments-to-all", segments_to_all, 2048);
}
