// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of how headers of a frame are found.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "../drivers/nic/offload/rss.h"
#include "packet.h"

struct headers_case {
	const char *name;
	struct packet packet;
	/* Bytes taken away at the end, and from the head. */
	u32 cut, hidden;
	u8 flow;
	u16 l3, l4, payload;
	bool fragment;
};

static const struct headers_case headers_cases[] = {
	{ "TCP over IPv4", { .version = 4, .proto = TCP, .payload = 6 }, 0, 0,
	  HVNET_FLOW_TCP4, 14, 34, 54 },
	{ "UDP over IPv4", { .version = 4, .proto = UDP, .payload = 6 }, 0, 0,
	  HVNET_FLOW_UDP4, 14, 34, 42 },
	{ "TCP over IPv6", { .version = 6, .proto = TCP, .payload = 6 }, 0, 0,
	  HVNET_FLOW_TCP6, 14, 54, 74 },
	{ "UDP over IPv6", { .version = 6, .proto = UDP, .payload = 6 }, 0, 0,
	  HVNET_FLOW_UDP6, 14, 54, 62 },
	{ "SCTP over IPv4", { .version = 4, .proto = 132, .payload = 40 }, 0, 0,
	  HVNET_FLOW_IP4, 14 },
	{ "ICMP over IPv6", { .version = 6, .proto = 58, .payload = 40 }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
	{ "no payload", { .version = 4, .proto = TCP }, 0, 0, HVNET_FLOW_TCP4, 14, 34, 54 },
	{ "one tag", { .tags = 1, .version = 4, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP4, 18, 38, 58 },
	{ "two tags", { .tags = 2, .version = 6, .proto = UDP }, 0, 0,
	  HVNET_FLOW_UDP6, 22, 62, 70 },
	{ "three tags", { .tags = 3, .version = 4, .proto = TCP } },
	{ "tag at the end", { .tags = 1, .version = 4, .proto = TCP }, 42 },
	{ "ARP", { .type = ETH_P_ARP, .version = 4, .proto = TCP } },
	{ "IPv6 in an IPv4 type", { .type = ETH_P_IP, .version = 6, .proto = TCP } },
	{ "IPv4 in an IPv6 type", { .type = ETH_P_IPV6, .version = 4, .proto = TCP,
				    .payload = 40 } },
	{ "IPv4 options", { .version = 4, .ihl = 15, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP4, 14, 74, 94 },
	{ "IPv4 options out of reach", { .version = 4, .ihl = 15, .proto = TCP }, 0, 20,
	  HVNET_FLOW_IP4, 14 },
	{ "IPv4 header of 4 words", { .version = 4, .ihl = 4, .proto = TCP } },
	{ "IPv4 header of one word", { .version = 4, .ihl = 1, .proto = TCP } },
	{ "IPv4 shorter than its header", { .version = 4, .proto = UDP, .ip_off = -9 } },
	{ "IPv4 longer than the frame", { .version = 4, .proto = TCP, .ip_off = 1 } },
	{ "IPv4 cut", { .version = 4, .proto = TCP, .payload = 9 }, 1 },
	{ "IPv4 header cut", { .version = 4, .proto = TCP }, 21 },
	{ "IPv6 longer than the frame", { .version = 6, .proto = TCP, .ip_off = 1 } },
	{ "IPv6 of 64 KiB", { .version = 6, .proto = UDP, .ip_off = -9 } },
	{ "IPv6 header cut", { .version = 6, .proto = TCP }, 21 },
	{ "Ethernet header cut", { .version = 4, .proto = TCP }, 41 },
	{ "TCP header behind the packet's end", { .version = 4, .proto = TCP, .ip_off = -1 }, 0, 0,
	  HVNET_FLOW_IP4, 14 },
	{ "TCP header out of reach", { .version = 4, .proto = TCP }, 0, 1, HVNET_FLOW_IP4, 14 },
	{ "TCP options", { .version = 4, .proto = TCP, .doff = 15 }, 0, 0,
	  HVNET_FLOW_TCP4, 14, 34, 94 },
	{ "TCP options out of reach", { .version = 4, .proto = TCP, .doff = 15 }, 0, 40,
	  HVNET_FLOW_TCP4, 14, 34, 94 },
	{ "TCP header of 4 words", { .version = 4, .proto = TCP, .doff = 4 }, 0, 0,
	  HVNET_FLOW_IP4, 14 },
	{ "TCP header longer than the packet",
	  { .version = 4, .proto = TCP, .doff = 6, .ip_off = -1 }, 0, 0, HVNET_FLOW_IP4, 14 },
	{ "UDP shorter than the packet",
	  { .version = 4, .proto = UDP, .payload = 9, .udp_off = -3 },
	  0, 0, HVNET_FLOW_UDP4, 14, 34, 42 },
	{ "UDP longer than the packet", { .version = 4, .proto = UDP, .udp_off = 1, .trailer = 9 },
	  0, 0, HVNET_FLOW_IP4, 14 },
	{ "UDP of 7 bytes", { .version = 4, .proto = UDP, .udp_off = -1 }, 0, 0,
	  HVNET_FLOW_IP4, 14 },
	{ "UDP of no length", { .version = 6, .proto = UDP, .udp_off = -8 }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
	{ "padding", { .version = 4, .proto = UDP, .trailer = 18 }, 0, 0,
	  HVNET_FLOW_UDP4, 14, 34, 42 },
	{ "first fragment", { .version = 4, .proto = UDP, .frag = 0x2000 }, 0, 0,
	  HVNET_FLOW_IP4, 14, 0, 0, true },
	{ "last fragment", { .version = 4, .proto = UDP, .frag = 0x0001 }, 0, 0,
	  HVNET_FLOW_IP4, 14, 0, 0, true },
	{ "not to be fragmented", { .version = 4, .proto = UDP, .frag = 0x4000 }, 0, 0,
	  HVNET_FLOW_UDP4, 14, 34, 42 },
	{ "options of each hop",
	  { .version = 6, .exts = 2, .ext = { HBH, DST }, .proto = UDP }, 0, 0,
	  HVNET_FLOW_UDP6, 14, 70, 78 },
	{ "options of the destination",
	  { .version = 6, .exts = 1, .ext = { DST }, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP6, 14, 62, 82 },
	{ "as many headers as may be",
	  { .version = 6, .exts = 4, .ext = { HBH, DST, RTG, DST }, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP6, 14, 86, 106 },
	{ "too many headers",
	  { .version = 6, .exts = 5, .ext = { DST, DST, DST, DST, DST }, .proto = UDP }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
	{ "route at its end", { .version = 6, .exts = 1, .ext = { RTG }, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP6, 14, 62, 82 },
	{ "route", { .version = 6, .exts = 1, .ext = { RTG }, .route_left = 1, .proto = TCP }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
	{ "fragment of IPv6", { .version = 6, .exts = 1, .ext = { FRG }, .proto = UDP }, 0, 0,
	  HVNET_FLOW_IP6, 14, 0, 0, true },
	{ "fragment behind options",
	  { .version = 6, .exts = 2, .ext = { DST, FRG }, .proto = UDP }, 0, 0,
	  HVNET_FLOW_IP6, 14, 0, 0, true },
	{ "header out of reach", { .version = 6, .exts = 1, .ext = { DST }, .proto = UDP }, 0, 9,
	  HVNET_FLOW_IP6, 14 },
	{ "header behind the packet's end",
	  { .version = 6, .exts = 1, .ext = { DST }, .ip_off = -9, .proto = UDP }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
};

KUNIT_ARRAY_PARAM_DESC(headers, headers_cases, name);

static void headers_are_found(struct kunit *test)
{
	const struct headers_case *c = test->param_value;
	u8 *frame = get_memory(test, MAX_HEADERS);
	u32 len = build(frame, &c->packet) - c->cut;
	u32 avail = min(len, HEAD) - c->hidden;
	struct hvnet_headers headers;
	u8 *head = get_memory(test, avail);

	memcpy(head, frame, avail);
	memset(&headers, 0xa5, sizeof(headers));
	hvnet_headers_parse(&headers, head, avail, len);
	KUNIT_EXPECT_EQ(test, headers.flow, c->flow);
	KUNIT_EXPECT_EQ(test, headers.l3, c->l3);
	KUNIT_EXPECT_EQ(test, headers.l4, c->l4);
	KUNIT_EXPECT_EQ(test, headers.payload, c->payload);
	KUNIT_EXPECT_EQ(test, headers.fragment, c->fragment);
	if (c->l4)
		KUNIT_EXPECT_EQ(test, headers.l4_end,
				len - c->packet.trailer + c->packet.udp_off);
}

static void expect_sound(struct kunit *test, const struct hvnet_headers *headers, u32 avail,
			 u32 len)
{
	u32 hlen = hvnet_headers_tcp(headers) ? 20 : 8;

	KUNIT_ASSERT_LE(test, headers->flow, HVNET_FLOW_UDP6);
	KUNIT_ASSERT_EQ(test, !headers->l3, headers->flow == HVNET_FLOW_NONE);
	if (headers->l3)
		KUNIT_ASSERT_LE(test, headers->l3 + (hvnet_headers_ip6(headers) ? 40 : 20), avail);
	KUNIT_ASSERT_EQ(test, !headers->l4, headers->flow == HVNET_FLOW_NONE ||
			headers->flow == HVNET_FLOW_IP4 || headers->flow == HVNET_FLOW_IP6);
	if (!headers->l4)
		return;
	KUNIT_ASSERT_FALSE(test, headers->fragment);
	KUNIT_ASSERT_GE(test, headers->l4, headers->l3 + 20);
	KUNIT_ASSERT_LE(test, headers->l4 + hlen, avail);
	KUNIT_ASSERT_GE(test, headers->payload, headers->l4 + hlen);
	KUNIT_ASSERT_LE(test, headers->payload, headers->l4_end);
	KUNIT_ASSERT_LE(test, headers->l4_end, len);
}

/* Any bytes may come: what is found lies within, and nothing beyond them is looked at. */
static void headers_may_be_hostile(struct kunit *test)
{
	struct hvnet_rss_parts *parts = (struct hvnet_rss_parts *)get_memory(test, sizeof(*parts));
	u8 *frame = get_memory(test, MAX_HEADERS), *head;
	struct hvnet_admin_rss args = { .fields = cpu_to_le16(0x3f) };
	struct hvnet_csum_plan plan;
	struct hvnet_rss_hash hash;
	struct hvnet_headers headers;
	struct hvnet_rss rss;
	struct rnd_state rnd;
	unsigned int i, j;
	u32 len, avail;

	prandom_seed_state(&rnd, 20240607);
	hvnet_rss_parts_init(parts, args.key);
	hvnet_rss_init(&rss, &args, parts);
	for (i = 0; i < 2000; i++) {
		const struct headers_case *c;

		c = &headers_cases[prandom_u32_state(&rnd) % ARRAY_SIZE(headers_cases)];
		memset(frame, 0, MAX_HEADERS);
		len = build(frame, &c->packet);
		for (j = prandom_u32_state(&rnd) % 4; j; j--)
			frame[12 + prandom_u32_state(&rnd) % 60] = prandom_u32_state(&rnd);
		avail = prandom_u32_state(&rnd) % (min(len, HEAD) + 1);
		if (i & 1)
			avail = min(len, HEAD);
		head = kmemdup(frame, avail, GFP_KERNEL);
		if (i % 3)
			hvnet_headers_parse(&headers, head, avail, len);
		else
			hvnet_headers_parse_gso(&headers, head, avail, len);
		expect_sound(test, &headers, avail, len);
		hvnet_csum_plan_check(&plan, &headers, head);
		hvnet_rss_hash(&rss, &headers, head, &hash);
		kfree(head);
	}
}

static struct kunit_case headers_test_cases[] = {
	KUNIT_CASE_PARAM(headers_are_found, headers_gen_params),
	KUNIT_CASE(headers_may_be_hostile),
	{}
};

static struct kunit_suite headers_test_suite = {
	.name = "hvnet_headers",
	.test_cases = headers_test_cases,
};

kunit_test_suite(headers_test_suite);

MODULE_DESCRIPTION("KUnit tests of how hvnet finds headers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
