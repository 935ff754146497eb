// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of transport checksums, filled in and judged.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../drivers/nic/offload/settings.h"
#include "packet.h"

#define MAX_TAIL	400

/*
 * Pieces of every kind, from and to every alignment, with every remainder that loops over words
 * may leave.
 */
static void checksum_is_filled_in(struct kunit *test)
{
	static const u32 pieces[] = { 1, 2, 3, 7, 8, 13, 64, 1000 };
	u8 *from = get_memory(test, HEAD + MAX_TAIL + 8);
	u8 *to = get_memory(test, HEAD + MAX_TAIL + 8);
	u8 *want = get_memory(test, HEAD + MAX_TAIL);
	struct hvnet_headers headers = {};
	struct hvnet_csum_plan plan;
	const u8 *frame;
	u32 tail, start, i;
	u8 head[HEAD], *at;
	__sum16 sum;

	for (tail = 0; tail <= MAX_TAIL; tail += tail < 33 ? 1 : 61) {
		put_bytes(from, HEAD + tail + 8, tail);
		for (i = 0; i < ARRAY_SIZE(pieces); i++) {
			frame = from + (tail + i) % 8;
			at = to + (tail / 8 + 3 * i) % 8;
			start = 14 + (tail + i) % 3;
			memcpy(want, frame, HEAD + tail);
			sum = csum_fold(csum_partial(want + start, HEAD + tail - start, 0));
			put_unaligned(sum ?: CSUM_MANGLED_0, (__sum16 *)(want + start + 16));
			memcpy(head, frame, HEAD);
			hvnet_csum_plan_fill(&plan, &headers, head, HEAD + tail, start, 16);
			KUNIT_ASSERT_FALSE(test, deliver(&plan, head, HEAD, at, frame + HEAD, tail,
							 pieces[i]));
			KUNIT_ASSERT_EQ_MSG(test, memcmp(at, want, HEAD + tail), 0,
					    "tail %u, pieces of %u", tail, pieces[i]);
		}
	}
}

static const struct packet csum_packets[] = {
	{ .version = 4, .proto = TCP },
	{ .version = 4, .proto = UDP },
	{ .version = 6, .proto = TCP },
	{ .version = 6, .proto = UDP },
	{ .version = 4, .proto = TCP, .ihl = 6, .doff = 8 },
	{ .version = 6, .proto = TCP, .exts = 1, .ext = { DST }, .doff = 8 },
	{ .version = 4, .proto = UDP, .tags = 1 },
};

static void checksum_is_judged(struct kunit *test)
{
	u8 *from = get_memory(test, HEAD + MAX_TAIL);
	u8 *to = get_memory(test, HEAD + MAX_TAIL);
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;
	unsigned int i, payload;
	u32 len, head_len, at;
	u8 head[HEAD];
	bool ok;

	for (i = 0; i < ARRAY_SIZE(csum_packets); i++) {
		for (payload = 0; payload < 250; payload += payload < 37 ? 1 : 17) {
			struct packet packet = csum_packets[i];

			packet.payload = payload;
			packet.trailer = payload % 5;
			if (packet.proto == UDP && payload > 20)
				packet.udp_off = -(int)(payload % 7);
			len = build(from, &packet);
			head_len = min(len, payload & 1 ? 90 : HEAD);
			memcpy(head, from, head_len);
			hvnet_headers_parse(&headers, head, head_len, len);
			hvnet_csum_plan_check(&plan, &headers, head);
			KUNIT_ASSERT_EQ(test, plan.action, HVNET_CSUM_CHECK);
			ok = deliver(&plan, head, head_len, to, from + head_len, len - head_len,
				     1 + payload % 37);
			KUNIT_ASSERT_TRUE_MSG(test, ok, "packet %u, payload %u", i, payload);
			KUNIT_ASSERT_EQ(test, memcmp(to, from, len), 0);

			/* One wrong bit in what is covered, or anywhere else. */
			at = headers.l4 + (payload * 7) % (len - headers.l4);
			if (at >= headers.payload) {
				from[at] ^= 1 << (payload % 8);
				ok = deliver(&plan, head, head_len, to, from + head_len,
					     len - head_len, 31);
				KUNIT_ASSERT_EQ(test, ok, at < head_len || at >= headers.l4_end);
			}
		}
	}
}

struct judge_case {
	const char *name;
	struct packet packet;
	/* What to write there, in the whole frame. */
	u16 at;
	u16 val;
	u8 action;
	bool ok;
};

static const struct judge_case judge_cases[] = {
	{ "good", { .version = 4, .proto = TCP, .payload = 5 }, 0, 0, HVNET_CSUM_CHECK, true },
	{ "bad", { .version = 4, .proto = TCP, .payload = 5 }, 50, 0x1234, HVNET_CSUM_CHECK },
	{ "none in UDP", { .version = 4, .proto = UDP, .payload = 5 }, 40, 0, HVNET_CSUM_NONE },
	{ "none in UDP over IPv6", { .version = 6, .proto = UDP, .payload = 5 }, 60, 0,
	  HVNET_CSUM_NONE },
	{ "zero in TCP", { .version = 4, .proto = TCP, .payload = 5 }, 50, 0, HVNET_CSUM_CHECK },
	{ "other address", { .version = 4, .proto = TCP, .payload = 5 }, 26, 0x0101,
	  HVNET_CSUM_CHECK },
	{ "other address of IPv6", { .version = 6, .proto = TCP, .payload = 5 }, 52, 0x0101,
	  HVNET_CSUM_CHECK },
	{ "fragment", { .version = 4, .proto = UDP, .frag = 0x2000, .payload = 5 }, 0, 0,
	  HVNET_CSUM_NONE },
	{ "fragment of IPv6",
	  { .version = 6, .proto = UDP, .exts = 1, .ext = { FRG }, .payload = 5 }, 0, 0,
	  HVNET_CSUM_NONE },
	{ "other protocol", { .version = 4, .proto = 132, .payload = 40 }, 0, 0, HVNET_CSUM_NONE },
	{ "not IP", { .type = ETH_P_ARP, .version = 4, .proto = TCP }, 0, 0, HVNET_CSUM_NONE },
	{ "padded", { .version = 4, .proto = TCP, .trailer = 6 }, 0, 0, HVNET_CSUM_CHECK, true },
};

KUNIT_ARRAY_PARAM_DESC(judge, judge_cases, name);

static void only_what_is_right_is_told_right(struct kunit *test)
{
	const struct judge_case *c = test->param_value;
	u8 *head = get_memory(test, HEAD), *to = get_memory(test, HEAD);
	u32 len = build(head, &c->packet);
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;

	if (c->at)
		put_unaligned_be16(c->val, head + c->at);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_csum_plan_check(&plan, &headers, head);
	KUNIT_ASSERT_EQ(test, plan.action, c->action);
	if (c->action)
		KUNIT_EXPECT_EQ(test, deliver(&plan, head, len, to, NULL, 0, 1), c->ok);
}

/* A frame whose sender left the checksum to the adapter. */
struct partial_case {
	const char *name;
	struct packet packet;
	/* Off the sum of the pseudo header, and off the place of the checksum. */
	u16 seed_off, start_off, offset_off;
	bool good;
};

static const struct partial_case partial_cases[] = {
	{ "TCP over IPv4", { .version = 4, .proto = TCP, .payload = 60 }, 0, 0, 0, true },
	{ "UDP over IPv4", { .version = 4, .proto = UDP, .payload = 61 }, 0, 0, 0, true },
	{ "TCP over IPv6", { .version = 6, .proto = TCP, .payload = 60 }, 0, 0, 0, true },
	{ "UDP over IPv6", { .version = 6, .proto = UDP, .payload = 61 }, 0, 0, 0, true },
	{ "tagged", { .tags = 1, .version = 6, .proto = UDP, .payload = 6 }, 0, 0, 0, true },
	{ "wrong pseudo header", { .version = 4, .proto = TCP, .payload = 60 }, 1 },
	{ "wrong start", { .version = 4, .proto = TCP, .payload = 60 }, 0, 2 },
	{ "wrong place", { .version = 4, .proto = TCP, .payload = 60 }, 0, 0, 2 },
	{ "fragment", { .version = 4, .proto = UDP, .frag = 0x2000, .payload = 60 } },
	{ "padded", { .version = 4, .proto = UDP, .trailer = 18 } },
	{ "short UDP", { .version = 4, .proto = UDP, .payload = 60, .udp_off = -2 } },
};

KUNIT_ARRAY_PARAM_DESC(partial, partial_cases, name);

static void filled_in_is_told_right_if_it_is(struct kunit *test)
{
	const struct partial_case *c = test->param_value;
	struct hvnet_rx_settings settings = { .features = HVNET_RX_CSUM | HVNET_RX_CSUM_PARTIAL };
	u8 *frame = get_memory(test, MAX_HEADERS), *to = get_memory(test, MAX_HEADERS);
	u32 len = build(frame, &c->packet), l3 = 14 + 4 * c->packet.tags;
	u32 l4 = l3 + (c->packet.version == 4 ? 20 : 40), head_len = min(len, 80);
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;
	u16 seed;
	int i;

	/* The checksum of nothing but the pseudo header. */
	seed = ~l4_checksum(frame + l3, c->packet.version, c->packet.proto, NULL, 0);
	seed = (__force u16)~csum_fold(csum_add((__force __wsum)(u32)seed,
						(__force __wsum)htonl(len - l4)));
	*l4_field(frame + l4, c->packet.proto) = (__force __sum16)(seed + c->seed_off);

	hvnet_headers_parse(&headers, frame, min(len, HEAD), len);
	hvnet_csum_plan_fill(&plan, &headers, frame, len, l4 + c->start_off,
			     (c->packet.proto == TCP ? 16 : 6) + c->offset_off);
	KUNIT_EXPECT_EQ(test, plan.good, c->good);
	KUNIT_EXPECT_EQ(test, hvnet_rx_partial(&settings, &plan),
			c->good ? HVNET_RXC_CSUM_OK | HVNET_RXC_CSUM_PARTIAL : 0);
	settings.features = HVNET_RX_CSUM;
	KUNIT_EXPECT_EQ(test, hvnet_rx_partial(&settings, &plan), 0);
	/* Each receiver of a copy gets the same. */
	for (i = 0; i < 2; i++) {
		memset(to, 0, MAX_HEADERS);
		KUNIT_EXPECT_EQ(test, deliver(&plan, frame, head_len, to, frame + head_len,
					      len - head_len, 11), c->good);
		if (c->good)
			KUNIT_EXPECT_EQ(test, l4_checksum(to + l3, c->packet.version,
							  c->packet.proto, to + l4, len - l4), 0);
	}
}

/* Fill in the checksum of a datagram whose payload is @val; returns what is stored. */
static u16 fill_in(struct kunit *test, u8 *head, u32 len, u16 seed, u16 val)
{
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;
	u8 to[HEAD];

	put_unaligned(seed, (u16 *)(head + 40));
	put_unaligned_be16(val, head + 42);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_csum_plan_fill(&plan, &headers, head, len, 34, 6);
	KUNIT_EXPECT_TRUE(test, deliver(&plan, head, len, to, NULL, 0, 1));
	KUNIT_EXPECT_EQ(test, l4_checksum(to + 14, 4, UDP, to + 34, len - 34), 0);
	return get_unaligned_be16(to + 40);
}

/* Whatever the payload, the sum of it with what is stored is right and the field is never 0. */
static void zero_is_stored_as_ones(struct kunit *test)
{
	struct packet packet = { .version = 4, .proto = UDP, .payload = 2 };
	u8 head[HEAD] = {};
	struct hvnet_headers headers;
	u32 len = build(head, &packet), val;
	u16 seed, zero;

	hvnet_headers_parse(&headers, head, len, len);
	seed = ~(__force u16)csum_fold(hvnet_csum_pseudo(&headers, head, len - 34));
	for (val = 0; val < 0x10000; val += 0x101)
		KUNIT_ASSERT_NE(test, fill_in(test, head, len, seed, val), 0);
	/* A payload that is what is stored for none brings the sum to zero. */
	zero = fill_in(test, head, len, seed, 0);
	KUNIT_EXPECT_EQ(test, fill_in(test, head, len, seed, zero), 0xffff);
	KUNIT_EXPECT_EQ(test, fill_in(test, head, len, seed, zero - 1), 1);
	KUNIT_EXPECT_EQ(test, fill_in(test, head, len, seed, zero + 1), 0xfffe);
}

static struct kunit_case checksum_test_cases[] = {
	KUNIT_CASE(checksum_is_filled_in),
	KUNIT_CASE(checksum_is_judged),
	KUNIT_CASE_PARAM(only_what_is_right_is_told_right, judge_gen_params),
	KUNIT_CASE_PARAM(filled_in_is_told_right_if_it_is, partial_gen_params),
	KUNIT_CASE(zero_is_stored_as_ones),
	{}
};

static struct kunit_suite checksum_test_suite = {
	.name = "hvnet_checksum",
	.test_cases = checksum_test_cases,
};

kunit_test_suite(checksum_test_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet checksums");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
