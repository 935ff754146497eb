// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of segmentation.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../drivers/nic/offload/segment.h"
#include "packet.h"

/* Long packets to segment. */
struct gso_case {
	const char *name;
	struct packet packet;
};

static const struct gso_case gso_cases[] = {
	{ "TCP over IPv4", { .version = 4, .proto = TCP } },
	{ "TCP over IPv6", { .version = 6, .proto = TCP } },
	{ "UDP over IPv4", { .version = 4, .proto = UDP } },
	{ "UDP over IPv6", { .version = 6, .proto = UDP } },
	{ "longest headers of IPv6", { .tags = 1, .version = 6, .proto = TCP, .doff = 15 } },
	{ "options", { .version = 4, .ihl = 10, .proto = TCP, .doff = 8 } },
	{ "extension headers", { .version = 6, .exts = 2, .ext = { HBH, DST }, .proto = TCP } },
	{ "lengths of no meaning", { .version = 4, .proto = UDP, .ip_off = 99, .udp_off = -8 } },
	{ "no length", { .version = 6, .proto = TCP, .ip_off = -20 } },
};

KUNIT_ARRAY_PARAM_DESC(gso, gso_cases, name);

#define MAX_GSO_FRAME	(HEAD + 66000)

/* A long packet, what was made of it, and what is expected. */
struct gso_test {
	struct packet packet;
	u8 *frame, *to;
	u32 len, l3, l4, hdr_len;
	struct hvnet_headers headers;
	struct hvnet_gso gso;
	struct hvnet_segment segment;
};

static struct gso_test *gso_start(struct kunit *test, const struct packet *packet)
{
	struct gso_test *t = (struct gso_test *)get_memory(test, sizeof(*t));

	t->packet = *packet;
	t->packet.tcp_flags = 0xff;
	t->frame = get_memory(test, MAX_GSO_FRAME);
	t->to = get_memory(test, MAX_GSO_FRAME);
	return t;
}

static bool gso_packet(struct gso_test *t, u32 payload, u32 gso_size)
{
	t->packet.payload = payload;
	t->len = build(t->frame, &t->packet);
	hvnet_headers_parse_gso(&t->headers, t->frame, min(t->len, HEAD), t->len);
	t->l3 = t->headers.l3;
	t->l4 = t->headers.l4;
	t->hdr_len = t->len - payload;
	return hvnet_gso_init(&t->gso, &t->headers, t->frame, t->len, t->hdr_len, gso_size);
}

/* Everything in the headers of a frame that was made, but for what TCP alone has. */
static void expect_frame(struct kunit *test, const struct gso_test *t, u32 index)
{
	const u8 *to = t->to, *frame = t->frame;
	u32 len = t->hdr_len + t->segment.payload;
	struct hvnet_headers headers;

	hvnet_headers_parse(&headers, to, min(len, HEAD), len);
	KUNIT_ASSERT_EQ(test, headers.flow, t->headers.flow);
	KUNIT_ASSERT_EQ(test, headers.payload, t->hdr_len);
	KUNIT_ASSERT_EQ(test, headers.l4_end, len);
	KUNIT_ASSERT_EQ(test, memcmp(to, frame, t->l3 + 2), 0);
	if (t->packet.version == 4) {
		KUNIT_ASSERT_FALSE(test, ip_fast_csum(to + t->l3, to[t->l3] & 15));
		KUNIT_ASSERT_EQ(test, get_unaligned_be16(to + t->l3 + 4), (u16)(0xfffe + index));
		KUNIT_ASSERT_EQ(test, get_unaligned_be16(to + t->l3 + 2), len - t->l3);
		KUNIT_ASSERT_EQ(test, memcmp(to + t->l3 + 6, frame + t->l3 + 6, 4), 0);
		KUNIT_ASSERT_EQ(test, memcmp(to + t->l3 + 12, frame + t->l3 + 12,
					     t->l4 + 4 - t->l3 - 12), 0);
	} else {
		KUNIT_ASSERT_EQ(test, get_unaligned_be16(to + t->l3 + 4), len - t->l3 - 40);
		KUNIT_ASSERT_EQ(test, memcmp(to + t->l3 + 6, frame + t->l3 + 6,
					     t->l4 + 4 - t->l3 - 6), 0);
	}
	if (t->packet.proto == UDP)
		KUNIT_ASSERT_EQ(test, get_unaligned_be16(to + t->l4 + 4), len - t->l4);
}

static void expect_tcp(struct kunit *test, const struct gso_test *t, u32 done, u8 not_flags)
{
	const u8 *tcp = t->to + t->l4, *was = t->frame + t->l4;

	if (t->packet.proto != TCP)
		return;
	KUNIT_ASSERT_EQ(test, get_unaligned_be32(tcp + 4), (u32)(0xfffffc00 + done));
	KUNIT_ASSERT_EQ(test, tcp[13], (u8)~not_flags);
	KUNIT_ASSERT_EQ(test, memcmp(tcp + 8, was + 8, 5), 0);
	KUNIT_ASSERT_EQ(test, memcmp(tcp + 14, was + 14, 2), 0);
	KUNIT_ASSERT_EQ(test, memcmp(tcp + 18, was + 18, t->hdr_len - t->l4 - 18), 0);
}

/* Check one segment, from header to payload; returns bytes of payload. */
static u32 expect_segment(struct kunit *test, struct gso_test *t, u32 index, u32 done, u32 piece)
{
	bool last = index == t->gso.segments - 1;
	struct hvnet_segment *s = &t->segment;
	u32 len;

	memset(s, 0xa5, sizeof(*s));
	hvnet_gso_segment(&t->gso, index, s);
	KUNIT_ASSERT_EQ(test, s->from, t->hdr_len + done);
	len = t->hdr_len + s->payload;
	KUNIT_ASSERT_TRUE(test, deliver(&s->plan, s->head, t->hdr_len, t->to, t->frame + s->from,
					s->payload, piece));
	expect_frame(test, t, index);
	expect_tcp(test, t, done, (index ? 0x80 : 0) | (last ? 0 : 0x09));
	KUNIT_ASSERT_EQ(test, l4_checksum(t->to + t->l3, t->packet.version, t->packet.proto,
					  t->to + t->l4, len - t->l4), 0);
	KUNIT_ASSERT_EQ(test, memcmp(t->to + t->hdr_len, t->frame + s->from, s->payload), 0);
	return s->payload;
}

static void expect_segments(struct kunit *test, struct gso_test *t, u32 payload, u32 gso_size)
{
	u32 index, done = 0, n;

	KUNIT_ASSERT_TRUE(test, gso_packet(t, payload, gso_size));
	KUNIT_ASSERT_EQ(test, t->gso.segments, DIV_ROUND_UP(payload, gso_size));
	for (index = 0; index < t->gso.segments; index++) {
		n = expect_segment(test, t, index, done, 1 + (payload + index) % 300);
		KUNIT_ASSERT_EQ(test, n, min(gso_size, payload - done));
		done += n;
	}
	KUNIT_ASSERT_EQ(test, done, payload);
}

/* Segments enough: more of them are more of the same. */
#define MOST_SEGMENTS	16

static void expect_sizes(struct kunit *test, struct gso_test *t, u32 payload)
{
	static const u32 sizes[] = { 1, 2, 7, 8, 33, 100, 536 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (payload <= MOST_SEGMENTS * sizes[i])
			expect_segments(test, t, payload, sizes[i]);
}

static void packet_is_segmented(struct kunit *test)
{
	static const u32 edges[] = { 31, 32, 33, 63, 64, 65, 127, 128, 129 };
	const struct gso_case *c = test->param_value;
	struct gso_test *t = gso_start(test, &c->packet);
	u32 i, payload;

	for (payload = 1; payload <= 17; payload++)
		expect_sizes(test, t, payload);
	for (i = 0; i < ARRAY_SIZE(edges); i++)
		expect_sizes(test, t, edges[i]);
	for (payload = 1447; payload <= 1449; payload++)
		expect_segments(test, t, payload, 1448);
	for (payload = 2 * 1448 - 1; payload <= 2 * 1448 + 1; payload++)
		expect_segments(test, t, payload, 1448);
	/* As many as there may be, and long ones. */
	expect_segments(test, t, HVNET_TX_MAX_SEGMENTS * 36, 36);
	expect_segments(test, t, 2 * 8948 + 1, 8948);
}

static void packet_is_handed_on_whole(struct kunit *test)
{
	static const u32 payloads[] = { 1, 2, 3, 1448, 1449, 65001 };
	const struct gso_case *c = test->param_value;
	struct gso_test *t = gso_start(test, &c->packet);
	struct hvnet_segment *s = &t->segment;
	struct hvnet_csum_plan again;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(payloads); i++) {
		KUNIT_ASSERT_TRUE(test, gso_packet(t, payloads[i], 1448));
		hvnet_gso_whole(&t->gso, s);
		KUNIT_ASSERT_EQ(test, s->from, t->hdr_len);
		KUNIT_ASSERT_EQ(test, s->payload, payloads[i]);
		KUNIT_ASSERT_TRUE(test, hvnet_csum_may_stay(&s->plan));
		/* Its headers are as good as those of one whose driver asked for the checksum. */
		hvnet_headers_parse(&t->headers, s->head, t->hdr_len, t->len);
		hvnet_csum_plan_fill(&again, &t->headers, s->head, t->len, t->l4,
				     t->packet.proto == TCP ? 16 : 6);
		KUNIT_ASSERT_TRUE(test, again.good);
		deliver(&s->plan, s->head, t->hdr_len, t->to, t->frame + s->from, s->payload, 4096);
		expect_frame(test, t, 0);
		expect_tcp(test, t, 0, 0);
		KUNIT_ASSERT_EQ(test, l4_checksum(t->to + t->l3, t->packet.version, t->packet.proto,
						  t->to + t->l4, t->len - t->l4), 0);
	}
}

static void longest_packet_is_segmented(struct kunit *test)
{
	static const struct packet ip4 = { .version = 4, .proto = TCP };
	static const struct packet ip6 = { .version = 6, .proto = TCP };
	struct gso_test *t = gso_start(test, &ip4);

	expect_segments(test, t, 65535 - 40, 9000);
	KUNIT_EXPECT_FALSE(test, gso_packet(t, 65535 - 39, 9000));
	t->packet = ip6;
	t->packet.tcp_flags = 0xff;
	expect_segments(test, t, 65535 - 20, 9000);
	KUNIT_EXPECT_FALSE(test, gso_packet(t, 65535 - 19, 9000));
}

struct no_gso_case {
	const char *name;
	struct packet packet;
	s16 hdr_off;
};

static const struct no_gso_case no_gso_cases[] = {
	{ "headers end before", { .version = 4, .proto = TCP, .payload = 300 }, -1 },
	{ "headers end behind", { .version = 4, .proto = TCP, .payload = 300 }, 1 },
	{ "header of TCP in the payload", { .version = 4, .proto = TCP, .payload = 300 }, -20 },
	{ "options in the payload",
	  { .version = 4, .proto = TCP, .doff = 8, .payload = 300 }, -12 },
	{ "fragment", { .version = 4, .proto = TCP, .frag = 0x2000, .payload = 300 } },
	{ "fragment of IPv6", { .version = 6, .exts = 1, .ext = { FRG }, .proto = UDP,
				.payload = 300 } },
	{ "other protocol", { .version = 4, .proto = 132, .payload = 300 } },
	{ "not IP", { .type = ETH_P_ARP, .version = 4, .proto = TCP, .payload = 300 } },
	{ "short IPv4 header", { .version = 4, .ihl = 4, .proto = TCP, .payload = 300 } },
	{ "short TCP header", { .version = 4, .doff = 4, .proto = TCP, .payload = 300 } },
};

KUNIT_ARRAY_PARAM_DESC(no_gso, no_gso_cases, name);

static void only_tcp_and_udp_are_segmented(struct kunit *test)
{
	const struct no_gso_case *c = test->param_value;
	u8 *frame = get_memory(test, 600);
	u32 len = build(frame, &c->packet);
	struct hvnet_headers headers;
	struct hvnet_gso gso;

	hvnet_headers_parse_gso(&headers, frame, HEAD, len);
	KUNIT_EXPECT_FALSE(test, hvnet_gso_init(&gso, &headers, frame, len,
						len - 300 + c->hdr_off, 100));
}

static struct kunit_case segment_test_cases[] = {
	KUNIT_CASE_PARAM(packet_is_segmented, gso_gen_params),
	KUNIT_CASE_PARAM(packet_is_handed_on_whole, gso_gen_params),
	KUNIT_CASE(longest_packet_is_segmented),
	KUNIT_CASE_PARAM(only_tcp_and_udp_are_segmented, no_gso_gen_params),
	{}
};

static struct kunit_suite segment_test_suite = {
	.name = "hvnet_segment",
	.test_cases = segment_test_cases,
};

kunit_test_suite(segment_test_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet segmentation");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
