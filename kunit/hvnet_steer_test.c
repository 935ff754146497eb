// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the adapter's steering rules.
 */
#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include <hvnet/abi/queue.h>

#include "../drivers/nic/offload/headers.h"
#include "../drivers/nic/offload/rss.h"
#include "../drivers/nic/offload/vlan.h"
#include "../drivers/nic/rss_share.h"
#include "../drivers/nic/steer/key.h"
#include "../drivers/nic/steer/table.h"

#define PAIRS		4
#define VFS		5
#define HEAD		HVNET_TX_HEAD

#define DROP		HVNET_STEER_DROP
#define QUEUE		HVNET_STEER_QUEUE
#define CONTEXT		HVNET_STEER_CONTEXT
#define VPORT		HVNET_STEER_VPORT
#define ANY_QUEUE	HVNET_STEER_ANY_QUEUE

static const struct hvnet_steer_limits vf_limits = { .queue_pairs = PAIRS, .vfs = VFS };
static const struct hvnet_steer_limits pf_limits = { PAIRS, VFS, .pf = true };

/* The table in force, as a function has it. */
struct bed {
	struct hvnet_steer *steer;
	struct hvnet_rss *context[1 + HVNET_RSS_CONTEXTS];
};

static int bed_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct bed), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void bed_exit(struct kunit *test)
{
	struct bed *bed = test->priv;
	unsigned int i;

	hvnet_steer_free(bed->steer);
	for (i = 0; i <= HVNET_RSS_CONTEXTS; i++)
		hvnet_rss_put(bed->context[i]);
}

static enum hvnet_code take(struct bed *bed, enum hvnet_code code, struct hvnet_steer *steer)
{
	if (code == HVNET_OK) {
		hvnet_steer_free(bed->steer);
		bed->steer = steer;
	}
	return code;
}

static enum hvnet_code set_of(struct bed *bed, const struct hvnet_admin_steer *args,
			      const struct hvnet_steer_limits *limits)
{
	struct hvnet_steer *steer = NULL;
	enum hvnet_code code = hvnet_steer_set(bed->steer, args, limits, &steer);

	return take(bed, code, steer);
}

static enum hvnet_code set(struct bed *bed, const struct hvnet_admin_steer *args)
{
	return set_of(bed, args, &vf_limits);
}

static enum hvnet_code del(struct bed *bed, u16 location)
{
	struct hvnet_admin_unsteer args = { .location = cpu_to_le16(location) };
	struct hvnet_steer *steer = NULL;
	enum hvnet_code code = hvnet_steer_del(bed->steer, &args, &steer);

	return take(bed, code, steer);
}

/* Set the context if @queue is not negative, else end it. */
static enum hvnet_code set_context(struct bed *bed, u16 context, int queue)
{
	struct hvnet_admin_rss args = { .fields = cpu_to_le16(HVNET_RSS_IP4) };
	struct hvnet_rss *rss = NULL;
	struct hvnet_steer *steer = NULL;
	enum hvnet_code code;

	if (queue >= 0) {
		memset(args.table, queue, sizeof(args.table));
		rss = hvnet_rss_get(&args);
	}
	code = hvnet_steer_set_context(bed->steer, context, rss, &steer);
	if (code != HVNET_OK) {
		hvnet_rss_put(rss);
		return code;
	}
	if (context != HVNET_RSS_ALL_CONTEXTS) {
		hvnet_rss_put(bed->context[context]);
		bed->context[context] = rss;
	}
	return take(bed, code, steer);
}

static struct hvnet_admin_steer rule(u16 location, u16 action, u16 target)
{
	return (struct hvnet_admin_steer){
		.location = cpu_to_le16(location),
		.action = cpu_to_le16(action),
		.target = cpu_to_le16(target),
	};
}

static void match_port(struct hvnet_admin_steer *args, u16 port, u16 mask)
{
	args->value.dst_port = cpu_to_be16(port);
	args->mask.dst_port = cpu_to_be16(mask);
}

/* A rule for a port. */
static enum hvnet_code set_port(struct bed *bed, u16 location, u16 port, u16 mask, u16 queue)
{
	struct hvnet_admin_steer args = rule(location, QUEUE, queue);

	match_port(&args, port, mask);
	return set(bed, &args);
}

static union hvnet_steer_key to_port(u16 port)
{
	return (union hvnet_steer_key){ .fields.dst_port = cpu_to_be16(port) };
}

/* Where frames to the port go: a queue, or -1 if no rule fits. */
static int queue_of(struct bed *bed, u16 port)
{
	union hvnet_steer_key key = to_port(port);
	const struct hvnet_steer_rule *found = hvnet_steer_find(bed->steer, &key);

	return found ? found->target : -1;
}

/* --- the fields of a frame */

struct frame_case {
	const char *name;
	u16 type;
	u8 proto;
	bool fragment;
	u32 tag;
	u8 kind;
	bool ports;
};

static const struct frame_case frame_cases[] = {
	{ "arp", ETH_P_ARP },
	{ "arp tagged", ETH_P_ARP, .tag = HVNET_TAG | 0x6005, .kind = HVNET_STEER_TAGGED },
	{ "tcp4", ETH_P_IP, IPPROTO_TCP, .kind = HVNET_STEER_IP4 | HVNET_STEER_TCP, .ports = true },
	{ "udp4", ETH_P_IP, IPPROTO_UDP, .kind = HVNET_STEER_IP4 | HVNET_STEER_UDP, .ports = true },
	{ "icmp", ETH_P_IP, IPPROTO_ICMP, .kind = HVNET_STEER_IP4 },
	{ "fragment", ETH_P_IP, IPPROTO_UDP, .fragment = true, .kind = HVNET_STEER_IP4 },
	{ "tcp6", ETH_P_IPV6, IPPROTO_TCP, .kind = HVNET_STEER_IP6 | HVNET_STEER_TCP,
	  .ports = true },
	{ "udp6", ETH_P_IPV6, IPPROTO_UDP, .kind = HVNET_STEER_IP6 | HVNET_STEER_UDP,
	  .ports = true },
	{ "udp6 tagged 0", ETH_P_IPV6, IPPROTO_UDP, .tag = HVNET_TAG,
	  .kind = HVNET_STEER_IP6 | HVNET_STEER_UDP | HVNET_STEER_TAGGED, .ports = true },
	{ "icmp6", ETH_P_IPV6, IPPROTO_ICMPV6, .kind = HVNET_STEER_IP6 },
};

KUNIT_ARRAY_PARAM_DESC(frame, frame_cases, name);

static const u8 macs[] = { 2, 0, 0, 0, 0, 0xd, 2, 0, 0, 0, 0, 0x5 };

static void put_l4(const struct frame_case *c, u8 *l4)
{
	put_unaligned_be16(0x1234, l4);
	put_unaligned_be16(0x5678, l4 + 2);
	if (c->proto == IPPROTO_TCP)
		l4[HVNET_TCP_DOFF] = 5 << 4;
	else
		put_unaligned_be16(20, l4 + HVNET_UDP_LEN);
}

/* A frame with 20 bytes behind its IP header; addresses count up from 0x41 and 0x81. */
static u32 put_frame(const struct frame_case *c, u8 *head)
{
	u8 *ip = head + ETH_HLEN;
	u32 i, len = c->type == ETH_P_IPV6 ? 16 : 4, hlen = c->type == ETH_P_IPV6 ? 40 : 20;
	u8 *addrs = ip + (c->type == ETH_P_IPV6 ? HVNET_IP6_ADDRS : HVNET_IP4_ADDRS);

	memset(head, 0, HEAD);
	memcpy(head, macs, sizeof(macs));
	put_unaligned_be16(c->type, head + sizeof(macs));
	if (c->type == ETH_P_ARP)
		return 60;
	for (i = 0; i < len; i++) {
		addrs[i] = 0x41 + i;
		addrs[len + i] = 0x81 + i;
	}
	if (c->type == ETH_P_IPV6) {
		put_unaligned_be32(0x6b712345, ip);
		put_unaligned_be16(20, ip + HVNET_IP6_LEN);
		ip[HVNET_IP6_PROTO] = c->proto;
	} else {
		put_unaligned_be16(0x45b7, ip);
		put_unaligned_be16(40, ip + HVNET_IP4_LEN);
		put_unaligned_be16(c->fragment ? 0x2000 : 0, ip + HVNET_IP4_FRAG);
		ip[HVNET_IP4_PROTO] = c->proto;
	}
	put_l4(c, ip + hlen);
	return ETH_HLEN + hlen + 20;
}

static void expect_fields(struct kunit *test, const struct frame_case *c,
			  const struct hvnet_steer_fields *got)
{
	struct hvnet_steer_fields want = {
		.type = cpu_to_be16(c->type),
		.vlan_tci = cpu_to_be16((u16)c->tag),
		.src_port = c->ports ? cpu_to_be16(0x1234) : 0,
		.dst_port = c->ports ? cpu_to_be16(0x5678) : 0,
		.proto = c->proto,
		.tos = c->type == ETH_P_ARP ? 0 : 0xb7,
		.kind = c->kind,
	};
	u32 i, len = c->type == ETH_P_IPV6 ? 16 : 4;

	memcpy(want.dst_mac, macs, ETH_ALEN);
	memcpy(want.src_mac, macs + ETH_ALEN, ETH_ALEN);
	for (i = 0; i < len && c->type != ETH_P_ARP; i++) {
		want.src_ip[i] = 0x41 + i;
		want.dst_ip[i] = 0x81 + i;
	}
	KUNIT_EXPECT_MEMEQ(test, got, &want, sizeof(want));
}

static void fields_are_taken(struct kunit *test)
{
	const struct frame_case *c = test->param_value;
	u8 *head = kunit_kzalloc(test, HEAD, GFP_KERNEL);
	struct hvnet_headers headers;
	union hvnet_steer_key key;
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, head);
	memset(&key, 0xff, sizeof(key));
	len = put_frame(c, head);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_steer_key_init(&key, &headers, head, c->tag);
	expect_fields(test, c, &key.fields);
}

/* Memory is as long as it is said to be: KASAN sees who reaches out. */
static void fields_of_hostile_frames(struct kunit *test)
{
	struct rnd_state rnd;
	unsigned int i, n;

	prandom_seed_state(&rnd, 11);
	for (i = 0; i < 5000; i++) {
		const struct frame_case *c = &frame_cases[i % ARRAY_SIZE(frame_cases)];
		u32 len, avail = ETH_HLEN + prandom_u32_state(&rnd) % (HEAD - ETH_HLEN + 1);
		u8 whole[HEAD], *head = kmalloc(avail, GFP_KERNEL);
		struct hvnet_headers headers;
		union hvnet_steer_key key;

		KUNIT_ASSERT_NOT_NULL(test, head);
		len = put_frame(c, whole);
		memcpy(head, whole, avail);
		for (n = prandom_u32_state(&rnd) % 4; n; n--)
			head[prandom_u32_state(&rnd) % avail] = prandom_u32_state(&rnd);
		hvnet_headers_parse(&headers, head, avail, max(len, avail));
		hvnet_steer_key_init(&key, &headers, head, HVNET_TAG_NONE);
		kfree(head);
	}
}

/* --- rules */

static void rule_is_found(struct kunit *test)
{
	struct bed *bed = test->priv;

	KUNIT_ASSERT_EQ(test, set_port(bed, 5, 80, 0xffff, 2), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 80), 2);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 81), -1);
	KUNIT_EXPECT_EQ(test, del(bed, 5), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 80), -1);
	KUNIT_EXPECT_EQ(test, bed->steer->num_rules, 0);
	KUNIT_EXPECT_EQ(test, bed->steer->num_masks, 0);
}

/* Each bit of each field counts, if it is in the mask, and only then. */
static void every_bit_counts(struct kunit *test)
{
	struct bed *bed = test->priv;
	unsigned int bit;

	for (bit = 0; bit < 8 * offsetof(struct hvnet_steer_fields, kind); bit++) {
		struct hvnet_admin_steer args = rule(0, QUEUE, 1);
		union hvnet_steer_key key = {};
		u8 *byte = (u8 *)&key + bit / 8;

		((u8 *)&args.mask)[bit / 8] = BIT(bit % 8);
		((u8 *)&args.value)[bit / 8] = BIT(bit % 8);
		KUNIT_ASSERT_EQ(test, set(bed, &args), HVNET_OK);
		KUNIT_EXPECT_NULL(test, hvnet_steer_find(bed->steer, &key));
		*byte = BIT(bit % 8);
		KUNIT_EXPECT_NOT_NULL(test, hvnet_steer_find(bed->steer, &key));
		memset(&key, 0xff, sizeof(key));
		KUNIT_EXPECT_NOT_NULL(test, hvnet_steer_find(bed->steer, &key));
		*byte = ~BIT(bit % 8);
		KUNIT_EXPECT_NULL(test, hvnet_steer_find(bed->steer, &key));
	}
}

static void rule_without_mask_fits_all(struct kunit *test)
{
	struct hvnet_admin_steer all = rule(9, DROP, 0);
	struct bed *bed = test->priv;

	KUNIT_ASSERT_EQ(test, set(bed, &all), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 80), 0);
	KUNIT_ASSERT_EQ(test, set_port(bed, 8, 80, 0xffff, 3), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 80), 3);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 81), 0);
}

static void lowest_location_counts(struct kunit *test)
{
	struct bed *bed = test->priv;
	u16 i;

	/* Each takes in the one before; then the widest goes from the last place to the first. */
	for (i = 0; i < HVNET_STEER_MASKS; i++)
		KUNIT_ASSERT_EQ(test, set_port(bed, 100 + i, 0, 0xffff << i, i % PAIRS), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 0), 0);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 1), 1);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 4), 3);
	KUNIT_ASSERT_EQ(test, del(bed, 107), HVNET_OK);
	KUNIT_ASSERT_EQ(test, set_port(bed, 7, 0, 0xff80, 2), HVNET_OK);
	for (i = 0; i < 128; i++)
		KUNIT_EXPECT_EQ(test, queue_of(bed, i), 2);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 128), -1);
}

static void rule_is_replaced(struct kunit *test)
{
	struct bed *bed = test->priv;

	KUNIT_ASSERT_EQ(test, set_port(bed, 1, 80, 0xffff, 1), HVNET_OK);
	KUNIT_ASSERT_EQ(test, set_port(bed, 1, 80, 0xffff, 2), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 80), 2);
	KUNIT_ASSERT_EQ(test, set_port(bed, 1, 81, 0xffff, 3), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 80), -1);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 81), 3);
	KUNIT_EXPECT_EQ(test, bed->steer->num_rules, 1);
}

static void duplicate_is_refused(struct kunit *test)
{
	struct bed *bed = test->priv;

	KUNIT_ASSERT_EQ(test, set_port(bed, 1, 80, 0xffff, 1), HVNET_OK);
	KUNIT_ASSERT_EQ(test, set_port(bed, 2, 81, 0xffff, 1), HVNET_OK);
	KUNIT_EXPECT_EQ(test, set_port(bed, 3, 80, 0xffff, 2), HVNET_E_EXISTS);
	KUNIT_EXPECT_EQ(test, set_port(bed, 2, 80, 0xffff, 2), HVNET_E_EXISTS);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 80), 1);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 81), 1);
	/* The same value under another mask is another rule. */
	KUNIT_EXPECT_EQ(test, set_port(bed, 3, 80, 0xff, 2), HVNET_OK);
}

static void masks_are_limited(struct kunit *test)
{
	struct bed *bed = test->priv;
	u16 i;

	for (i = 0; i < HVNET_STEER_MASKS; i++) {
		KUNIT_ASSERT_EQ(test, set_port(bed, i, 0, 1 << i, 1), HVNET_OK);
		KUNIT_ASSERT_EQ(test, set_port(bed, 100 + i, 1 << i, 1 << i, 1), HVNET_OK);
	}
	KUNIT_EXPECT_EQ(test, set_port(bed, 50, 0, 0xffff, 1), HVNET_E_SPACE);
	KUNIT_EXPECT_EQ(test, set_port(bed, 0, 0, 0xffff, 1), HVNET_E_SPACE);
	KUNIT_EXPECT_EQ(test, bed->steer->num_rules, 2 * HVNET_STEER_MASKS);
	/* A mask goes with its last rule. */
	KUNIT_ASSERT_EQ(test, del(bed, 3), HVNET_OK);
	KUNIT_EXPECT_EQ(test, set_port(bed, 50, 0, 0xffff, 1), HVNET_E_SPACE);
	KUNIT_EXPECT_EQ(test, set_port(bed, 103, 0, 0xffff, 1), HVNET_OK);
}

static void table_may_be_full(struct kunit *test)
{
	struct bed *bed = test->priv;
	u16 i;

	for (i = 0; i < HVNET_STEER_RULES; i++)
		KUNIT_ASSERT_EQ(test, set_port(bed, i, 1000 + i, 0xffff, i % PAIRS), HVNET_OK);
	for (i = 0; i < HVNET_STEER_RULES; i++)
		KUNIT_EXPECT_EQ(test, queue_of(bed, 1000 + i), i % PAIRS);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 999), -1);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 1000 + HVNET_STEER_RULES), -1);
	KUNIT_EXPECT_EQ(test, set_port(bed, HVNET_STEER_RULES, 1, 0xffff, 1), HVNET_E_RANGE);
	KUNIT_EXPECT_EQ(test, set_port(bed, 77, 1, 0xffff, 1), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 1), 1);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 1077), -1);
	KUNIT_EXPECT_EQ(test, del(bed, HVNET_STEER_ALL_RULES), HVNET_OK);
	KUNIT_EXPECT_EQ(test, bed->steer->num_rules, 0);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 1), -1);
}

/* The bucket that a rule for the port falls into, in a table made of @base. */
static unsigned int bucket_of(struct kunit *test, const struct hvnet_steer *base, u16 port)
{
	struct hvnet_admin_steer args = rule(0, QUEUE, 0);
	struct hvnet_steer *steer;
	unsigned int i;

	match_port(&args, port, 0xffff);
	KUNIT_ASSERT_EQ(test, hvnet_steer_set(base, &args, &vf_limits, &steer), HVNET_OK);
	for (i = 0; i < HVNET_STEER_BUCKETS && !steer->first[i]; i++)
		;
	hvnet_steer_free(steer);
	return i;
}

/* Rules may have been chosen to fall together: a look-up goes so far and no further. */
static void bucket_may_be_full(struct kunit *test)
{
	struct bed *bed = test->priv;
	struct hvnet_steer *base;
	unsigned int n = 0;
	u32 port, last = 0;

	KUNIT_ASSERT_EQ(test, set_context(bed, 1, 0), HVNET_OK);
	base = kunit_kzalloc(test, sizeof(*base), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, base);
	base->seed = bed->steer->seed;
	for (port = 1; port < 0x10000 && n <= HVNET_STEER_DEPTH; port++) {
		if (bucket_of(test, base, port) != 7)
			continue;
		last = port;
		KUNIT_ASSERT_EQ(test, set_port(bed, n, port, 0xffff, n % PAIRS),
				n < HVNET_STEER_DEPTH ? HVNET_OK : HVNET_E_SPACE);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, HVNET_STEER_DEPTH + 1);
	KUNIT_EXPECT_EQ(test, bed->steer->num_rules, HVNET_STEER_DEPTH);
	KUNIT_EXPECT_EQ(test, queue_of(bed, last), -1);
	/* In the place of one of them there is room. */
	KUNIT_EXPECT_EQ(test, set_port(bed, 5, last, 0xffff, 3), HVNET_OK);
	KUNIT_EXPECT_EQ(test, queue_of(bed, last), 3);
}

static void absent_rule_is_told(struct kunit *test)
{
	struct hvnet_admin_unsteer args = { .location = cpu_to_le16(1), .rsvd = cpu_to_le16(1) };
	struct bed *bed = test->priv;
	struct hvnet_steer *steer;

	KUNIT_EXPECT_EQ(test, del(bed, 1), HVNET_E_ABSENT);
	KUNIT_EXPECT_EQ(test, del(bed, HVNET_STEER_ALL_RULES), HVNET_OK);
	KUNIT_ASSERT_EQ(test, set_port(bed, 1, 80, 0xffff, 1), HVNET_OK);
	KUNIT_EXPECT_EQ(test, del(bed, 0), HVNET_E_ABSENT);
	KUNIT_EXPECT_EQ(test, del(bed, HVNET_STEER_RULES), HVNET_E_RANGE);
	KUNIT_EXPECT_EQ(test, del(bed, 0xfffe), HVNET_E_RANGE);
	KUNIT_EXPECT_EQ(test, hvnet_steer_del(bed->steer, &args, &steer), HVNET_E_RANGE);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 80), 1);
}

struct check_case {
	const char *name;
	u16 location;
	u16 action;
	u16 target;
	u16 queue;
	u8 value;
	u8 mask;
	u8 field_rsvd;
	enum hvnet_code code;
};

static const struct check_case check_cases[] = {
	{ "queue", 0, QUEUE, 0, .code = HVNET_OK },
	{ "last queue", 255, QUEUE, PAIRS - 1, .code = HVNET_OK },
	{ "queue out of range", 0, QUEUE, PAIRS, .code = HVNET_E_RANGE },
	{ "queue all ones", 0, QUEUE, 0xffff, .code = HVNET_E_RANGE },
	{ "location out of range", 256, QUEUE, 0, .code = HVNET_E_RANGE },
	{ "location all ones", 0xffff, QUEUE, 0, .code = HVNET_E_RANGE },
	{ "drop", 0, DROP, 0, .code = HVNET_OK },
	{ "drop to a queue", 0, DROP, 1, .code = HVNET_E_RANGE },
	{ "first context", 0, CONTEXT, 0, .code = HVNET_OK },
	{ "context", 0, CONTEXT, 2, .code = HVNET_OK },
	{ "absent context", 0, CONTEXT, 3, .code = HVNET_E_ABSENT },
	{ "last context", 0, CONTEXT, 16, .code = HVNET_E_ABSENT },
	{ "context out of range", 0, CONTEXT, 17, .code = HVNET_E_RANGE },
	{ "context all ones", 0, CONTEXT, 0xffff, .code = HVNET_E_RANGE },
	{ "vport", 0, VPORT, 1, .code = HVNET_E_PERM },
	{ "no vport", 0, VPORT, 0, .code = HVNET_E_PERM },
	{ "unknown action", 0, 4, 0, .code = HVNET_E_RANGE },
	{ "action in the high byte", 0, 0x103, 1, .code = HVNET_E_RANGE },
	{ "action all ones", 0, 0xffff, 0, .code = HVNET_E_RANGE },
	{ "queue of a vport", 0, QUEUE, 0, 1, .code = HVNET_E_RANGE },
	{ "any queue", 0, QUEUE, 0, ANY_QUEUE, .code = HVNET_E_RANGE },
	{ "drop at a queue", 0, DROP, 0, 1, .code = HVNET_E_RANGE },
	{ "context at a queue", 0, CONTEXT, 2, 1, .code = HVNET_E_RANGE },
	{ "kinds", 0, QUEUE, 0, 0, 0x15, 0x1f, .code = HVNET_OK },
	{ "unknown kind", 0, QUEUE, 0, 0, 0, 0x20, .code = HVNET_E_RANGE },
	{ "value outside of the mask", 0, QUEUE, 0, 0, 0x1, 0x1e, .code = HVNET_E_RANGE },
	{ "value without a mask", 0, QUEUE, 0, 0, 0x1, 0, .code = HVNET_E_RANGE },
	{ "reserved field", 0, QUEUE, 0, 0, 0, 0, 1, .code = HVNET_E_RANGE },
};

KUNIT_ARRAY_PARAM_DESC(check, check_cases, name);

/* What is refused changes nothing. */
static void rule_is_checked(struct kunit *test)
{
	const struct check_case *c = test->param_value;
	struct hvnet_admin_steer args = rule(c->location, c->action, c->target);
	struct bed *bed = test->priv;
	const struct hvnet_steer *before;

	KUNIT_ASSERT_EQ(test, set_context(bed, 2, 1), HVNET_OK);
	before = bed->steer;
	args.queue = cpu_to_le16(c->queue);
	args.value.kind = c->value;
	args.mask.kind = c->mask;
	args.mask.rsvd = c->field_rsvd;
	KUNIT_EXPECT_EQ(test, set(bed, &args), c->code);
	KUNIT_EXPECT_EQ(test, bed->steer == before, c->code != HVNET_OK);
}

struct vport_case {
	const char *name;
	u16 target;
	u16 queue;
	unsigned int vfs;
	enum hvnet_code code;
};

static const struct vport_case vport_cases[] = {
	{ "first", HVNET_VPORT_VF(0), 0, VFS, HVNET_OK },
	{ "last", HVNET_VPORT_VF(VFS - 1), 0, VFS, HVNET_OK },
	{ "queue", HVNET_VPORT_VF(0), PAIRS - 1, VFS, HVNET_OK },
	{ "any queue", HVNET_VPORT_VF(0), ANY_QUEUE, VFS, HVNET_OK },
	{ "itself", HVNET_VPORT_PF, 0, VFS, HVNET_E_RANGE },
	{ "one too far", HVNET_VPORT_VF(VFS), 0, VFS, HVNET_E_RANGE },
	{ "uplink", HVNET_VPORT_UPLINK, 0, VFS, HVNET_E_RANGE },
	{ "none", HVNET_VPORT_NONE, 0, VFS, HVNET_E_RANGE },
	{ "queue out of range", HVNET_VPORT_VF(0), PAIRS, VFS, HVNET_E_RANGE },
	{ "queue almost all ones", HVNET_VPORT_VF(0), 0xfffe, VFS, HVNET_E_RANGE },
	{ "without VFs", HVNET_VPORT_VF(0), 0, 0, HVNET_E_RANGE },
};

KUNIT_ARRAY_PARAM_DESC(vport, vport_cases, name);

/* A rule of the PF's may name a VF; of a VF's, see above, none does. */
static void vport_is_checked(struct kunit *test)
{
	const struct vport_case *c = test->param_value;
	struct hvnet_steer_limits limits = { PAIRS, c->vfs, .pf = true };
	struct hvnet_admin_steer args = rule(3, VPORT, c->target);
	union hvnet_steer_key key = to_port(80);
	const struct hvnet_steer_rule *found;
	struct bed *bed = test->priv;

	args.queue = cpu_to_le16(c->queue);
	KUNIT_ASSERT_EQ(test, set_of(bed, &args, &limits), c->code);
	if (c->code != HVNET_OK) {
		KUNIT_EXPECT_NULL(test, bed->steer);
		return;
	}
	/* It says so after others have come and gone. */
	KUNIT_ASSERT_EQ(test, set_port(bed, 4, 81, 0xffff, 1), HVNET_OK);
	KUNIT_ASSERT_EQ(test, del(bed, 4), HVNET_OK);
	found = hvnet_steer_find(bed->steer, &key);
	KUNIT_ASSERT_NOT_NULL(test, found);
	KUNIT_EXPECT_EQ(test, found->action, VPORT);
	KUNIT_EXPECT_EQ(test, found->target, c->target);
	KUNIT_EXPECT_EQ(test, found->queue, c->queue);
}

static void hostile_rules(struct kunit *test)
{
	struct bed *bed = test->priv;
	unsigned int i, n, taken = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 7);
	for (i = 0; i < 5000; i++) {
		struct hvnet_admin_steer args = {};
		union hvnet_steer_key key;

		for (n = prandom_u32_state(&rnd) % 4; n; n--) {
			unsigned int at = prandom_u32_state(&rnd) % sizeof(args.mask);
			u8 mask = prandom_u32_state(&rnd), wild = n == 3 ? 0xff : 0;

			((u8 *)&args.mask)[at] = mask;
			((u8 *)&args.value)[at] = prandom_u32_state(&rnd) & (mask | wild);
		}
		args.location = cpu_to_le16(prandom_u32_state(&rnd) % 300);
		args.action = cpu_to_le16(prandom_u32_state(&rnd) % 5);
		args.target = cpu_to_le16(prandom_u32_state(&rnd) % 8);
		if (set_of(bed, &args, i % 2 ? &pf_limits : &vf_limits) == HVNET_OK)
			taken++;
		if (i % 8 == 0)
			del(bed, prandom_u32_state(&rnd) % 300);
		/* There are few masks at a time. */
		if (i % 50 == 0)
			del(bed, HVNET_STEER_ALL_RULES);
		if (!bed->steer)
			continue;
		prandom_bytes_state(&rnd, &key, sizeof(key));
		hvnet_steer_find(bed->steer, &key);
		KUNIT_ASSERT_LE(test, bed->steer->num_rules, HVNET_STEER_RULES);
		KUNIT_ASSERT_LE(test, bed->steer->num_masks, HVNET_STEER_MASKS);
	}
	KUNIT_EXPECT_GT(test, taken, 100);
}

/* --- contexts */

static void context_outlives_changes(struct kunit *test)
{
	struct hvnet_admin_steer args = rule(3, CONTEXT, 5);
	struct bed *bed = test->priv;

	KUNIT_EXPECT_EQ(test, set(bed, &args), HVNET_E_ABSENT);
	KUNIT_ASSERT_EQ(test, set_context(bed, 5, 3), HVNET_OK);
	KUNIT_EXPECT_EQ(test, set(bed, &args), HVNET_OK);
	KUNIT_EXPECT_EQ(test, set_port(bed, 4, 80, 0xffff, 1), HVNET_OK);
	KUNIT_EXPECT_EQ(test, bed->steer->num_contexts, 1);
	KUNIT_EXPECT_EQ(test, bed->steer->context[5]->table[0], 3);
	KUNIT_EXPECT_EQ(test, set_context(bed, 5, 2), HVNET_OK);
	KUNIT_EXPECT_EQ(test, bed->steer->num_contexts, 1);
	KUNIT_EXPECT_EQ(test, bed->steer->num_rules, 2);
	KUNIT_EXPECT_EQ(test, bed->steer->context[5]->table[0], 2);
	KUNIT_EXPECT_EQ(test, queue_of(bed, 81), 5);
}

static void context_in_use_stays(struct kunit *test)
{
	struct hvnet_admin_steer args = rule(3, CONTEXT, 5), first = rule(4, CONTEXT, 0);
	struct bed *bed = test->priv;

	KUNIT_ASSERT_EQ(test, set_context(bed, 5, 3), HVNET_OK);
	KUNIT_ASSERT_EQ(test, set_context(bed, 16, 2), HVNET_OK);
	match_port(&first, 1, 1);
	KUNIT_ASSERT_EQ(test, set(bed, &first), HVNET_OK);
	KUNIT_ASSERT_EQ(test, set(bed, &args), HVNET_OK);
	KUNIT_EXPECT_EQ(test, set_context(bed, 5, -1), HVNET_E_STATE);
	KUNIT_EXPECT_EQ(test, set_context(bed, HVNET_RSS_ALL_CONTEXTS, -1), HVNET_E_STATE);
	KUNIT_EXPECT_NOT_NULL(test, bed->steer->context[5]);
	KUNIT_EXPECT_EQ(test, set_context(bed, 16, -1), HVNET_OK);
	KUNIT_EXPECT_NULL(test, bed->steer->context[16]);
	KUNIT_EXPECT_EQ(test, bed->steer->num_contexts, 1);
	KUNIT_EXPECT_EQ(test, del(bed, 3), HVNET_OK);
	KUNIT_EXPECT_EQ(test, set_context(bed, HVNET_RSS_ALL_CONTEXTS, -1), HVNET_OK);
	KUNIT_EXPECT_EQ(test, bed->steer->num_contexts, 0);
	KUNIT_EXPECT_EQ(test, bed->steer->num_rules, 1);
	/* There being none is no reason to refuse its end. */
	KUNIT_EXPECT_EQ(test, set_context(bed, 5, -1), HVNET_OK);
	KUNIT_EXPECT_EQ(test, bed->steer->num_contexts, 0);
}

static void context_number_is_checked(struct kunit *test)
{
	struct hvnet_admin_rss args = { .fields = cpu_to_le16(HVNET_RSS_IP4) };

	args.context = cpu_to_le16(HVNET_RSS_CONTEXTS);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, PAIRS), HVNET_OK);
	args.context = cpu_to_le16(HVNET_RSS_CONTEXTS + 1);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, PAIRS), HVNET_E_RANGE);
	args.context = cpu_to_le16(HVNET_RSS_ALL_CONTEXTS);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, PAIRS), HVNET_E_RANGE);
	args.fields = 0;
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, PAIRS), HVNET_OK);
	args.context = cpu_to_le16(HVNET_RSS_ALL_CONTEXTS - 1);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, PAIRS), HVNET_E_RANGE);
}

static struct kunit_case steer_test_cases[] = {
	KUNIT_CASE_PARAM(fields_are_taken, frame_gen_params),
	KUNIT_CASE(fields_of_hostile_frames),
	KUNIT_CASE(rule_is_found),
	KUNIT_CASE(every_bit_counts),
	KUNIT_CASE(rule_without_mask_fits_all),
	KUNIT_CASE(lowest_location_counts),
	KUNIT_CASE(rule_is_replaced),
	KUNIT_CASE(duplicate_is_refused),
	KUNIT_CASE(masks_are_limited),
	KUNIT_CASE(table_may_be_full),
	KUNIT_CASE(bucket_may_be_full),
	KUNIT_CASE(absent_rule_is_told),
	KUNIT_CASE_PARAM(rule_is_checked, check_gen_params),
	KUNIT_CASE_PARAM(vport_is_checked, vport_gen_params),
	KUNIT_CASE(hostile_rules),
	KUNIT_CASE(context_outlives_changes),
	KUNIT_CASE(context_in_use_stays),
	KUNIT_CASE(context_number_is_checked),
	{}
};

static struct kunit_suite steer_test_suite = {
	.name = "hvnet_steer",
	.init = bed_init,
	.exit = bed_exit,
	.test_cases = steer_test_cases,
};

kunit_test_suite(steer_test_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet steering");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
