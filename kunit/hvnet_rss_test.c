// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of receive side scaling: the hash, and the keys that functions have in common.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../drivers/nic/offload/rss.h"
#include "../drivers/nic/rss_share.h"
#include "packet.h"

/* Microsoft's vectors: a key, and packets with their hashes without and with ports. */
static const u8 rss_key[HVNET_RSS_KEY_SIZE] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

struct rss_case {
	const char *name;
	u8 version;
	u32 src[4], dst[4];
	u16 sport, dport;
	u32 hash, hash_l4;
};

static const struct rss_case rss_cases[] = {
	{ "IPv4 1", 4, { 0x420995bb }, { 0xa18e6450 }, 2794, 1766, 0x323e8fc2, 0x51ccc178 },
	{ "IPv4 2", 4, { 0xc75c6f02 }, { 0x41458c53 }, 14230, 4739, 0xd718262a, 0xc626b0ea },
	{ "IPv4 3", 4, { 0x1813c65f }, { 0x0c16cfb8 }, 12898, 38024, 0xd2d0a5de, 0x5c2b394a },
	{ "IPv4 4", 4, { 0x261bcd1e }, { 0xd18ea306 }, 48228, 2217, 0x82989176, 0xafc7327f },
	{ "IPv4 5", 4, { 0x9927a3bf }, { 0xcabc7f02 }, 44251, 1303, 0x5d1809c5, 0x10e828a2 },
	{ "IPv6 1", 6, { 0x3ffe2501, 0x02001fff, 0x00000000, 0x00000007 },
	  { 0x3ffe2501, 0x02000003, 0x00000000, 0x00000001 }, 2794, 1766, 0x2cc18cd5, 0x40207d3d },
	{ "IPv6 2", 6, { 0x3ffe0501, 0x00080000, 0x026097ff, 0xfe40efab },
	  { 0xff020000, 0x00000000, 0x00000000, 0x00000001 }, 14230, 4739, 0x0f0c461c,
	  0xdde51bbf },
	{ "IPv6 3", 6, { 0x3ffe1900, 0x45450003, 0x0200f8ff, 0xfe2167cf },
	  { 0xfe800000, 0x00000000, 0x0200f8ff, 0xfe2167cf }, 44251, 38024, 0x4b61e985,
	  0x02d1feef },
};

KUNIT_ARRAY_PARAM_DESC(rss, rss_cases, name);

static void rss_args(struct hvnet_admin_rss *args, u16 fields)
{
	unsigned int i;

	*args = (struct hvnet_admin_rss){ .fields = cpu_to_le16(fields) };
	memcpy(args->key, rss_key, sizeof(args->key));
	for (i = 0; i < HVNET_RSS_TABLE_SIZE; i++)
		args->table[i] = (i * 5) % 16;
}

static struct hvnet_rss *rss_start(struct kunit *test, u16 fields, u16 flags)
{
	struct hvnet_rss_parts *parts = (struct hvnet_rss_parts *)get_memory(test, sizeof(*parts));
	struct hvnet_rss *rss = (struct hvnet_rss *)get_memory(test, sizeof(*rss));
	struct hvnet_admin_rss args;

	rss_args(&args, fields);
	args.flags = cpu_to_le16(flags);
	KUNIT_ASSERT_EQ(test, hvnet_rss_check(&args, 16), HVNET_OK);
	hvnet_rss_parts_init(parts, args.key);
	hvnet_rss_init(rss, &args, parts);
	return rss;
}

static void rss_frame(const struct rss_case *c, u8 proto, bool back, u8 *head,
		      struct hvnet_headers *headers)
{
	struct packet packet = { .version = c->version, .proto = proto, .payload = 9 };
	u32 len = build(head, &packet);
	u32 at = 14 + (c->version == 4 ? 12 : 8), words = c->version == 4 ? 1 : 4, i;

	for (i = 0; i < words; i++) {
		put_unaligned_be32(back ? c->dst[i] : c->src[i], head + at + 4 * i);
		put_unaligned_be32(back ? c->src[i] : c->dst[i], head + at + 4 * (words + i));
	}
	at += 8 * words;
	put_unaligned_be16(back ? c->dport : c->sport, head + at);
	put_unaligned_be16(back ? c->sport : c->dport, head + at + 2);
	hvnet_headers_parse(headers, head, min(len, HEAD), len);
}

static void expect_hash(struct kunit *test, const struct hvnet_rss *rss,
			const struct rss_case *c, u8 proto, u32 hash, u16 flags)
{
	struct hvnet_rss_hash result = { 1, 1, 1 };
	struct hvnet_headers headers;
	u8 head[HEAD] = {};

	rss_frame(c, proto, false, head, &headers);
	hvnet_rss_hash(rss, &headers, head, &result);
	KUNIT_EXPECT_EQ(test, result.hash, hash);
	KUNIT_EXPECT_EQ(test, result.flags, flags);
	KUNIT_EXPECT_EQ(test, result.pair, flags ? (hash % 128 * 5) % 16 : 0);
}

static void hash_is_as_published(struct kunit *test)
{
	const struct rss_case *c = test->param_value;
	u16 l3 = HVNET_RXC_HASH, l4 = HVNET_RXC_HASH | HVNET_RXC_HASH_L4;
	u16 ip = c->version == 4 ? HVNET_RSS_IP4 : HVNET_RSS_IP6;
	u16 tcp = c->version == 4 ? HVNET_RSS_TCP4 : HVNET_RSS_TCP6;
	u16 udp = c->version == 4 ? HVNET_RSS_UDP4 : HVNET_RSS_UDP6;
	struct hvnet_rss *rss = rss_start(test, 0x3f, 0);

	expect_hash(test, rss, c, TCP, c->hash_l4, l4);
	expect_hash(test, rss, c, UDP, c->hash_l4, l4);
	expect_hash(test, rss, c, 132, c->hash, l3);
	rss = rss_start(test, ip, 0);
	expect_hash(test, rss, c, TCP, c->hash, l3);
	expect_hash(test, rss, c, 132, c->hash, l3);
	rss = rss_start(test, tcp, 0);
	expect_hash(test, rss, c, TCP, c->hash_l4, l4);
	expect_hash(test, rss, c, UDP, 0, 0);
	expect_hash(test, rss, c, 132, 0, 0);
	rss = rss_start(test, ip | udp, 0);
	expect_hash(test, rss, c, TCP, c->hash, l3);
	expect_hash(test, rss, c, UDP, c->hash_l4, l4);
	rss = rss_start(test, 0x3f & ~(ip | tcp | udp), 0);
	expect_hash(test, rss, c, TCP, 0, 0);
}

static u32 toeplitz(const u8 *key, const u8 *input, unsigned int len)
{
	u32 window = get_unaligned_be32(key), hash = 0;
	unsigned int bit;

	for (bit = 0; bit < 8 * len; bit++) {
		unsigned int next = bit + 32;

		if (input[bit / 8] & (0x80 >> bit % 8))
			hash ^= window;
		window <<= 1;
		if (next < 8 * HVNET_RSS_KEY_SIZE && key[next / 8] & (0x80 >> next % 8))
			window |= 1;
	}
	return hash;
}

static void symmetric_hash_is_symmetric(struct kunit *test)
{
	const struct rss_case *c = test->param_value;
	struct hvnet_rss *rss = rss_start(test, 0x3f, HVNET_RSS_SYM_XOR);
	unsigned int i, len = c->version == 4 ? 4 : 16;
	struct hvnet_rss_hash there, back;
	struct hvnet_headers headers;
	u8 head[HEAD] = {}, input[HVNET_RSS_INPUT];

	rss_frame(c, TCP, true, head, &headers);
	hvnet_rss_hash(rss, &headers, head, &back);
	rss_frame(c, TCP, false, head, &headers);
	hvnet_rss_hash(rss, &headers, head, &there);
	KUNIT_EXPECT_EQ(test, there.hash, back.hash);
	KUNIT_EXPECT_EQ(test, there.pair, back.pair);

	memcpy(input, head + headers.l4 - 2 * len, 2 * len + 4);
	for (i = 0; i < len; i++)
		input[i] ^= input[len + i];
	memcpy(input + len, input, len);
	for (i = 2 * len; i < 2 * len + 2; i++)
		input[i] ^= input[2 + i];
	memcpy(input + 2 * len + 2, input + 2 * len, 2);
	KUNIT_EXPECT_EQ(test, there.hash, toeplitz(rss_key, input, 2 * len + 4));
}

static void fragments_stay_together(struct kunit *test)
{
	struct packet packet = { .version = 4, .proto = UDP, .payload = 9 };
	struct hvnet_rss *rss = rss_start(test, 0x3f, 0);
	struct hvnet_rss_hash first, later;
	struct hvnet_headers headers;
	u8 head[HEAD] = {};
	u32 len;

	packet.frag = 0x2000;
	len = build(head, &packet);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_rss_hash(rss, &headers, head, &first);
	packet.frag = 0x0007;
	len = build(head, &packet);
	put_bytes(head + 34, 8, 77);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_rss_hash(rss, &headers, head, &later);
	KUNIT_EXPECT_EQ(test, first.hash, later.hash);
	KUNIT_EXPECT_EQ(test, first.flags, HVNET_RXC_HASH);
	KUNIT_EXPECT_EQ(test, first.hash, toeplitz(rss_key, head + 26, 8));
}

static void rss_is_checked(struct kunit *test)
{
	struct hvnet_admin_rss args;

	rss_args(&args, 0x3f);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_OK);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 15), HVNET_E_RANGE);
	args.table[127] = 16;
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_E_RANGE);
	rss_args(&args, 0);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_OK);
	rss_args(&args, 0x40);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_E_RANGE);
	rss_args(&args, 0x3f);
	args.flags = cpu_to_le16(2);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_E_RANGE);
	args.flags = 0;
	args.rsvd = cpu_to_le16(1);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_E_RANGE);
}

static void expect_shared(struct kunit *test, const struct hvnet_rss *one,
			  const struct hvnet_rss *two, const struct hvnet_rss *other)
{
	KUNIT_ASSERT_TRUE(test, one && two && other);
	KUNIT_EXPECT_PTR_EQ(test, one->parts, two->parts);
	KUNIT_EXPECT_PTR_NE(test, one->parts, other->parts);
	KUNIT_EXPECT_NE(test, two->parts->part[35][1], other->parts->part[35][1]);
	KUNIT_EXPECT_EQ(test, one->fields, HVNET_RSS_IP4);
	KUNIT_EXPECT_EQ(test, two->fields, HVNET_RSS_TCP4);
	KUNIT_EXPECT_EQ(test, one->table[0], 0);
	KUNIT_EXPECT_EQ(test, two->table[0], 7);
}

/* What is made of a key is there once for all who have it, and all else for each. */
static void keys_are_shared(struct kunit *test)
{
	const struct rss_case *c = &rss_cases[0];
	struct hvnet_rss *one, *two, *other;
	struct hvnet_admin_rss args;

	rss_args(&args, HVNET_RSS_IP4);
	one = hvnet_rss_get(&args);
	args.fields = cpu_to_le16(HVNET_RSS_TCP4);
	args.table[0] = 7;
	two = hvnet_rss_get(&args);
	args.key[HVNET_RSS_KEY_SIZE - 1] ^= 2;
	other = hvnet_rss_get(&args);
	expect_shared(test, one, two, other);

	/* The second still has it. */
	hvnet_rss_put(one);
	expect_hash(test, two, c, TCP, c->hash_l4, HVNET_RXC_HASH | HVNET_RXC_HASH_L4);
	hvnet_rss_put(two);
	hvnet_rss_put(other);
}

/* However many there are, each is found. */
static void many_keys_are_shared(struct kunit *test)
{
	struct hvnet_rss *one[100] = {}, *two;
	struct hvnet_admin_rss args;
	unsigned int i;

	rss_args(&args, HVNET_RSS_IP4);
	for (i = 0; i < ARRAY_SIZE(one); i++) {
		args.key[0] = i;
		one[i] = hvnet_rss_get(&args);
		KUNIT_EXPECT_NOT_NULL(test, one[i]);
	}
	for (i = 0; i < ARRAY_SIZE(one); i++) {
		args.key[0] = i;
		two = hvnet_rss_get(&args);
		KUNIT_EXPECT_NOT_NULL(test, two);
		if (one[i] && two)
			KUNIT_EXPECT_PTR_EQ(test, one[i]->parts, two->parts);
		hvnet_rss_put(two);
		hvnet_rss_put(one[i]);
	}
}

static struct kunit_case rss_test_cases[] = {
	KUNIT_CASE_PARAM(hash_is_as_published, rss_gen_params),
	KUNIT_CASE_PARAM(symmetric_hash_is_symmetric, rss_gen_params),
	KUNIT_CASE(fragments_stay_together),
	KUNIT_CASE(rss_is_checked),
	KUNIT_CASE(keys_are_shared),
	KUNIT_CASE(many_keys_are_shared),
	{}
};

static struct kunit_suite rss_test_suite = {
	.name = "hvnet_rss",
	.test_cases = rss_test_cases,
};

kunit_test_suite(rss_test_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet receive side scaling");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
