// SPDX-License-Identifier: GPL-2.0
/*
 * A sends packets, and a second thread changes their headers, or the descriptors, while the adapter
 * is at it: what it looks at twice may be another thing the second time.
 *
 * B receives.  Whatever A's frames have become, those that are said to have a good checksum have
 * one; and what C sends to B meanwhile is not touched.
 */
#include <endian.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "dice.h"
#include "rings.h"

/* A case lasts until all has happened that should, this long at least. */
#define LEAST_MS	2000
#define MOST_MS		30000

#define ETH		14
#define PAYLOAD		1400
#define LONG_PAYLOAD	1900
#define GSO_SIZE	500
#define QUIET_FRAMES	4
#define QUIET_TYPE	0x88b5	/* as frame_byte() has it */

/* Packets of A, each in a page of its own. */
static const struct shape {
	bool ip6;
	bool tcp;
	bool tagged;
	bool csum;
	bool gso;
} shapes[] = {
	{ .tcp = true },
	{ .tcp = true, .csum = true },
	{ .tagged = true, .csum = true },
	{ .ip6 = true, .csum = true },
	{ .tcp = true, .gso = true },
	{ .ip6 = true, .gso = true },
};

#define NUM_SHAPES	(sizeof(shapes) / sizeof(shapes[0]))

/**
 * struct packet - a packet as it should be
 * @bytes: all of it
 * @len: bytes
 * @l4: where its transport header is
 * @headers: where its payload is
 */
static struct packet {
	uint8_t bytes[PAGE];
	unsigned int len;
	unsigned int l4;
	unsigned int headers;
} packets[NUM_SHAPES];

/**
 * struct race - what is under way
 * @bed: the stations
 * @stop: the thread is to end
 * @descs: it changes descriptors, not headers
 * @dice: the thread's
 * @quiet: number of C's next frame
 * @expected: the number that the next one that B receives has at least
 * @lost: of C's frames
 * @told: frames of A that B was told to have a good checksum
 * @untold: those that it was not told of
 * @stops: how often A's queue was stopped
 */
static struct race {
	struct bed *bed;
	bool stop;
	bool descs;
	struct dice dice;
	uint32_t quiet;
	uint32_t expected;
	uint32_t lost;
	unsigned long told;
	unsigned long untold;
	unsigned long stops;
} race;

/* --- checksums, as the receiver of a packet takes them */

static uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static void put16(uint8_t *at, uint16_t val)
{
	at[0] = val >> 8;
	at[1] = val;
}

static uint32_t sum(const uint8_t *at, size_t len)
{
	uint32_t total = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		total += get16(at + i);
	return len & 1 ? total + (at[len - 1] << 8) : total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* Where the transport header of a packet over IPv6 starts; 0 if none can be seen. */
static size_t skip_ext(const uint8_t *frame, size_t at, size_t len, uint8_t *proto)
{
	while (*proto == 0 || *proto == 43 || *proto == 60) {
		if (at + 8 > len)
			return 0;
		*proto = frame[at];
		at += (frame[at + 1] + 1) * 8;
	}
	return at;
}

/* Is it a packet of TCP or UDP, and the checksum right? */
static bool checksum_is_good(const uint8_t *frame, size_t len)
{
	size_t l3 = ETH, l4, end;
	uint32_t pseudo;
	uint16_t type;
	uint8_t proto;

	type = get16(frame + 12);
	for (; (type == 0x8100 || type == 0x88a8) && l3 + 40 < len; l3 += 4)
		type = get16(frame + l3 + 2);
	if (type == 0x0800) {
		l4 = l3 + (frame[l3] & 15) * 4;
		end = l3 + get16(frame + l3 + 2);
		proto = frame[l3 + 9];
		pseudo = sum(frame + l3 + 12, 8);
	} else if (type == 0x86dd) {
		proto = frame[l3 + 6];
		end = l3 + 40 + get16(frame + l3 + 4);
		pseudo = sum(frame + l3 + 8, 32);
		l4 = skip_ext(frame, l3 + 40, len, &proto);
	} else {
		return false;
	}
	if (!l4 || l4 + 8 > len || (proto != 6 && proto != 17))
		return false;
	if (proto == 17)
		end = l4 + get16(frame + l4 + 4);
	return end <= len && end > l4 &&
	       fold(pseudo + proto + (end - l4) + sum(frame + l4, end - l4)) == 0xffff;
}

/* --- A's packets */

static void put_ip4(uint8_t *ip, uint16_t len, uint8_t proto)
{
	ip[0] = 0x45;
	put16(ip + 2, len);
	ip[8] = 64;
	ip[9] = proto;
	memcpy(ip + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
	put16(ip + 10, ~fold(sum(ip, 20)));
}

static void put_ip6(uint8_t *ip, uint16_t payload, uint8_t proto)
{
	ip[0] = 0x60;
	put16(ip + 4, payload);
	ip[6] = proto;
	ip[7] = 64;
	ip[8] = 0xfd;
	ip[23] = 1;
	ip[24] = 0xfd;
	ip[39] = 2;
}

/* The checksum's field, with what the sender is to leave there. */
static void put_checksum(const struct shape *shape, struct packet *p, const uint8_t *ip)
{
	uint8_t *l4 = p->bytes + p->l4;
	unsigned int len = p->len - p->l4;
	uint32_t total = (shape->ip6 ? sum(ip + 8, 32) : sum(ip + 12, 8)) + len +
			 (shape->tcp ? 6 : 17);

	if (!shape->csum)
		total = ~fold(total + sum(l4, len)) & 0xffff;
	put16(l4 + (shape->tcp ? 16 : 6), fold(total));
}

static void make_packet(const struct shape *shape, struct packet *p, const struct bed *bed)
{
	unsigned int payload = shape->gso ? LONG_PAYLOAD : PAYLOAD, l3 = ETH, i;
	uint8_t proto = shape->tcp ? 6 : 17;

	memset(p, 0, sizeof(*p));
	memcpy(p->bytes, bed->b.mac, 6);
	memcpy(p->bytes + 6, bed->a.mac, 6);
	if (shape->tagged) {
		put16(p->bytes + 12, 0x8100);
		l3 += 4;
	}
	put16(p->bytes + l3 - 2, shape->ip6 ? 0x86dd : 0x0800);
	p->l4 = l3 + (shape->ip6 ? 40 : 20);
	p->headers = p->l4 + (shape->tcp ? 20 : 8);
	p->len = p->headers + payload;
	if (shape->ip6)
		put_ip6(p->bytes + l3, p->len - p->l4, proto);
	else
		put_ip4(p->bytes + l3, p->len - l3, proto);

	put16(p->bytes + p->l4, 4000);
	put16(p->bytes + p->l4 + 2, 4001);
	if (shape->tcp)
		p->bytes[p->l4 + 12] = 5 << 4;
	else
		put16(p->bytes + p->l4 + 4, p->len - p->l4);
	for (i = p->headers; i < p->len; i++)
		p->bytes[i] = i * 13;
	put_checksum(shape, p, p->bytes + l3);
}

static volatile uint8_t *packet_at(unsigned int i)
{
	return race.bed->a.frame + i * PAGE;
}

static void make_packets(struct bed *bed)
{
	unsigned int i;

	for (i = 0; i < NUM_SHAPES; i++) {
		make_packet(&shapes[i], &packets[i], bed);
		memcpy((uint8_t *)packet_at(i), packets[i].bytes, packets[i].len);
	}
}

/* In two buffers, the first of which ends anywhere in the headers, or right behind them. */
static void add_packet(struct ring *tx, unsigned int i, unsigned int cut)
{
	const struct shape *shape = &shapes[i];
	const struct packet *p = &packets[i];
	uint64_t addr = arena_iova(&race.bed->a.mem, race.bed->a.frame) + i * PAGE;
	unsigned int first = 1 + cut % p->headers;
	struct hvnet_tx_desc *desc;

	if (shape->gso) {
		struct hvnet_tx_ext ext = {
			.dst_vport = HVNET_VPORT_NONE,
			.gso_size = GSO_SIZE,
			.hdr_len = p->headers,
			.flags = HVNET_TXD_EXT | HVNET_TXD_GSO,
		};

		memcpy(&tx->tx[tx->prod++ & (tx->size - 1)], &ext, sizeof(ext));
	}
	desc = &tx->tx[tx->prod & (tx->size - 1)];
	ring_add_tx(tx, addr, first, shape->csum ? HVNET_TXD_CSUM : 0);
	desc->csum_start = p->l4;
	desc->csum_offset = shape->tcp ? 16 : 6;
	ring_add_tx(tx, addr + first, p->len - first, HVNET_TXD_EOP);
}

/* --- the thread */

/* For a moment a byte is that of another packet, or any; never one of the addresses. */
static void change_header(struct dice *dice)
{
	unsigned int i = dice_below(dice, NUM_SHAPES), pause;
	unsigned int at = 12 + dice_below(dice, packets[i].headers - 12);
	const struct packet *other = &packets[dice_below(dice, NUM_SHAPES)];

	if (dice_percent(dice, 10))
		at = packets[i].headers + dice_below(dice, packets[i].len - packets[i].headers);
	packet_at(i)[at] = dice_percent(dice, 50) ? other->bytes[at] : dice_roll(dice);
	for (pause = dice_below(dice, 200); pause; pause--)
		__asm__ volatile("pause");
	packet_at(i)[at] = packets[i].bytes[at];
}

/* One of those in hand, or near them.  Of the address only the place in the page. */
static void change_descriptor(struct dice *dice)
{
	struct ring *tx = &race.bed->a.tx;
	uint32_t index = __atomic_load_n(&tx->prod, __ATOMIC_RELAXED) - dice_below(dice, 16);
	volatile uint8_t *desc = (uint8_t *)&tx->tx[index & (tx->size - 1)];
	unsigned int at = dice_percent(dice, 10) ? 0 : 8 + dice_below(dice, 8), pause;
	uint8_t was = desc[at];

	desc[at] = dice_percent(dice, 50) ? was ^ 1u << dice_below(dice, 8) : dice_roll(dice);
	for (pause = dice_below(dice, 200); pause; pause--)
		__asm__ volatile("pause");
	desc[at] = was;
}

static void *change(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&race.stop, __ATOMIC_RELAXED)) {
		if (race.descs)
			change_descriptor(&race.dice);
		else
			change_header(&race.dice);
	}
	return NULL;
}

/* --- C's frames, and what B receives */

static size_t quiet_len(uint32_t number)
{
	return 60 + number * 37 % 1400;
}

static void add_quiet(struct bed *bed)
{
	size_t len = quiet_len(race.quiet);
	uint8_t *at = bed->c.frame + race.quiet % 32 * PAGE;

	frame_fill(at, &bed->c, &bed->b, race.quiet, len);
	memcpy(at + ETH, &race.quiet, sizeof(race.quiet));
	ring_add_tx(&bed->c.tx, arena_iova(&bed->c.mem, at), len, HVNET_TXD_EOP);
	race.quiet++;
}

/*
 * With its descriptors changed A can forge C's address, which differs from A's in the last byte
 * only; what follows it is then still a part of A's packet.
 */
static bool is_quiet(const struct bed *bed, const uint8_t *frame)
{
	return !memcmp(frame + 6, bed->c.mac, 6) &&
	       (!race.descs || get16(frame + 12) == QUIET_TYPE);
}

static const char *look_at_quiet(struct bed *bed, const uint8_t *frame, size_t len)
{
	uint32_t number;
	size_t i;

	memcpy(&number, frame + ETH, sizeof(number));
	if (number < race.expected || number >= race.quiet)
		return "a frame of C's came late, or was never sent";
	if (len != quiet_len(number))
		return "a frame of C's has another length";
	for (i = 0; i < len; i++) {
		/* The number stands where the pattern would begin. */
		if (i == ETH)
			i += sizeof(number);
		if (frame[i] != frame_byte(&bed->c, &bed->b, number, i))
			return "a frame of C's was changed";
	}
	race.lost += number - race.expected;
	race.expected = number + 1;
	return NULL;
}

static const char *look_at(struct bed *bed, const uint8_t *frame, size_t len, uint16_t flags)
{
	if (is_quiet(bed, frame))
		return look_at_quiet(bed, frame, len);
	if (flags & ~(HVNET_RXC_EOP | HVNET_RXC_CSUM_OK))
		return "a flag that B has not asked for";
	if (!(flags & HVNET_RXC_CSUM_OK)) {
		race.untold++;
		return NULL;
	}
	race.told++;
	return checksum_is_good(frame, len) ? NULL : "a checksum is said to be good and is not";
}

/* The next frame of B's, if there is one: @len is 0 if there is none. */
static const char *take_frame(struct station *st, uint8_t *frame, size_t *len, uint16_t *flags)
{
	uint32_t done = ring_cons(&st->rx), bufs = 0;
	const struct hvnet_rx_cmpl *cmpl;

	*len = 0;
	if (done == st->rx.cons)
		return NULL;
	do {
		uint32_t at = st->rx.cons & (st->rx.size - 1);

		if (done == st->rx.cons)
			return "a frame has no end";
		cmpl = &st->rx.cmpl[at];
		if (cmpl->len > st->buf_len || *len + cmpl->len > STATION_MAX_FRAME)
			return "a completion is too long";
		memcpy(frame + *len, st->slots.base + (st->rx.rx[at].addr - st->slots.iova),
		       cmpl->len);
		if (!bufs++)
			*flags = cmpl->flags | HVNET_RXC_EOP;
		*len += cmpl->len;
		st->rx.cons++;
	} while (!(cmpl->flags & HVNET_RXC_EOP));
	station_post(st, bufs);
	return NULL;
}

static const char *receive(struct bed *bed)
{
	static uint8_t frame[STATION_MAX_FRAME];
	uint16_t flags;
	size_t len;

	for (;;) {
		const char *why = take_frame(&bed->b, frame, &len, &flags);

		if (why || !len)
			return why;
		why = look_at(bed, frame, len, flags);
		if (why)
			return why;
	}
}

/* --- the cases */

static bool is_stopped(struct station *st)
{
	struct hvnet_queue_ctx ctx;

	ring_context(&st->fn, st->tx.queue, &ctx);
	return ctx.state == HVNET_QUEUE_ERROR;
}

/* A's queue was stopped for what it was given: once more from the start. */
static const char *restart(struct station *st)
{
	if (!race.descs)
		return "A's queue was stopped, and its descriptors were good";
	race.stops++;
	if (ring_disable(&st->fn, &st->tx))
		return "A's queue does not go off";
	ring_clear(&st->tx);
	return ring_enable(&st->fn, &st->tx) ? "A's queue does not go on" : NULL;
}

/* A packet of each shape, a few frames of C's among them: not more than B has buffers for. */
static const char *exchange(struct bed *bed, unsigned int round)
{
	const char *why = NULL;
	unsigned int i;

	for (i = 0; i < QUIET_FRAMES; i++)
		add_quiet(bed);
	for (i = 0; i < NUM_SHAPES; i++)
		add_packet(&bed->a.tx, i, round * 7 + i);
	ring_publish_kick(&bed->a.fn, &bed->a.tx);
	ring_publish_kick(&bed->c.fn, &bed->c.tx);
	if (!station_wait_sent(&bed->c))
		return "C cannot send";
	if (!WAIT(ring_cons(&bed->a.tx) == bed->a.tx.prod || is_stopped(&bed->a), TIMEOUT_MS))
		return "A's frames are not taken";
	if (is_stopped(&bed->a))
		why = restart(&bed->a);
	return why ?: receive(bed);
}

/* Has all happened that should? */
static bool has_happened(struct bed *bed, const struct hvnet_admin_stats *before)
{
	struct hvnet_admin_stats now;

	if (race.descs)
		return race.told && race.stops;
	return race.told && race.untold && !function_stats(&bed->a.fn, &now) &&
	       now.tx_bad_offload > before->tx_bad_offload;
}

static const char *exchange_for_a_while(struct bed *bed)
{
	uint64_t begin = clock_ms();
	struct hvnet_admin_stats before;
	unsigned int round;

	if (function_stats(&bed->a.fn, &before))
		return "no counters";
	for (round = 0; clock_ms() < begin + LEAST_MS || !has_happened(bed, &before); round++) {
		const char *why = exchange(bed, round);

		if (why)
			return why;
		if (clock_ms() > begin + MOST_MS)
			return "nothing was ever changed at the right moment";
	}
	return NULL;
}

static void run(struct bed *bed, bool descs)
{
	struct hvnet_admin_rx rx = { .queue = HVNET_RX_ALL_QUEUES, .features = HVNET_RX_CSUM };
	struct hvnet_admin_stats before, after;
	pthread_t thread;
	const char *why;

	race = (struct race){ .bed = bed, .descs = descs, .dice = { .state = 0x5eed } };
	make_packets(bed);
	CHECK(!function_admin(&bed->b.fn, HVNET_ADMIN_RX_SET, &rx, sizeof(rx), NULL, 0),
	      "not set");
	CHECK(!function_stats(&bed->b.fn, &before), "no counters");
	if (pthread_create(&thread, NULL, change, NULL))
		die("no thread");
	why = exchange_for_a_while(bed);
	__atomic_store_n(&race.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	/* A frame may be there a little later than its sender is told that it was sent. */
	if (!why)
		WAIT((why = receive(bed)) || race.expected == race.quiet, 200);
	CHECK_NULL(why);

	CHECK(!function_stats(&bed->b.fn, &after), "no counters");
	race.lost += race.quiet - race.expected;
	CHECK(race.lost <= after.rx_no_buffer - before.rx_no_buffer, "%u of C's frames are lost",
	      race.lost);
	CHECK(descs || !race.lost, "B had no buffers for %u of C's frames", race.lost);
	CHECK_NULL(station_up(&bed->a, 2048));
	CHECK_NULL(station_up(&bed->b, 2048));
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 1000));
}

static void headers_change(void *arg)
{
	run(arg, false);
}

static void descriptors_change(void *arg)
{
	run(arg, true);
}

void rings_races(struct bed *bed)
{
	bed_case(bed, "headers-change", headers_change, 2048);
	bed_case(bed, "descriptors-change", descriptors_change, 2048);
}
