// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the policy of vports: what may enter the NIC switch, who gets it, and when.
 */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/time64.h>
#include <linux/unaligned.h>

#include <hvnet/abi/admin.h>

#include "../drivers/nic/switch/policy.h"
#include "../drivers/nic/switch/shaper.h"
#include "../drivers/nic/switch/switch.h"

#define NUM_VPORTS	8

#define PF		HVNET_VPORT_PF
#define UPLINK		HVNET_VPORT_UPLINK
#define NONE		HVNET_VPORT_NONE
#define ANY		HVNET_FILTER_VLAN_ANY

#define MAC_A		0x02000000000aULL
#define MAC_B		0x02000000000bULL
#define MAC_C		0x02000000000cULL
#define GROUP		0x01005e00000aULL
#define BROADCAST	0xffffffffffffULL

#define T(tci)		(HVNET_TAG | (tci))

#define SPOOF_CHECK	HVNET_PORT_SPOOF_CHECK
#define LINK_OFF	HVNET_PORT_LINK_OFF

/* --- policies as a driver gives them */

struct parse_case {
	const char *name;
	u16 flags;
	u16 tci;
	u32 rate;
	u16 rsvd;
	bool good;
	u32 port;
};

static const struct parse_case parse_cases[] = {
	{ "nothing", .good = true },
	{ "spoof check", HVNET_POLICY_SPOOF_CHECK, .good = true, .port = SPOOF_CHECK },
	{ "link off", HVNET_POLICY_LINK_OFF, .good = true, .port = LINK_OFF },
	{ "port VLAN", HVNET_POLICY_PORT_VLAN, 5, .good = true, .port = T(5) },
	{ "highest VLAN and priority", HVNET_POLICY_PORT_VLAN, 0xeffe, .good = true,
	  .port = T(0xeffe) },
	{ "priority without a VLAN", HVNET_POLICY_PORT_VLAN, 0x6000, .good = true,
	  .port = T(0x6000) },
	{ "lowest rate", .rate = 1, .good = true, .port = HVNET_PORT_SHAPED },
	{ "highest rate", .rate = HVNET_POLICY_MAX_RATE, .good = true, .port = HVNET_PORT_SHAPED },
	{ "all", HVNET_POLICY_PORT_VLAN | HVNET_POLICY_SPOOF_CHECK | HVNET_POLICY_LINK_OFF, 7, 10,
	  .good = true, .port = T(7) | SPOOF_CHECK | LINK_OFF | HVNET_PORT_SHAPED },
	{ "unknown flag", BIT(3) },
	{ "highest flag", BIT(15) },
	{ "reserved VLAN", HVNET_POLICY_PORT_VLAN, 4095 },
	{ "reserved VLAN with priority", HVNET_POLICY_PORT_VLAN, 0xefff },
	{ "drop eligible", HVNET_POLICY_PORT_VLAN, 0x1005 },
	{ "VLAN without the flag", .tci = 5 },
	{ "rate too high", .rate = HVNET_POLICY_MAX_RATE + 1 },
	{ "rate of all ones", .rate = ~0u },
	{ "reserved field", .rsvd = 1 },
};

KUNIT_ARRAY_PARAM_DESC(parse, parse_cases, name);

static void policy_is_checked(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	struct hvnet_admin_policy args = {
		.flags = cpu_to_le16(c->flags),
		.vlan_tci = cpu_to_le16(c->tci),
		.max_rate = cpu_to_le32(c->rate),
		.rsvd = cpu_to_le16(c->rsvd),
	};
	u32 port = 0xdeadbeef;

	KUNIT_EXPECT_EQ(test, hvnet_port_parse(&port, &args), c->good ? HVNET_OK : HVNET_E_RANGE);
	KUNIT_EXPECT_EQ(test, port, c->good ? c->port : 0xdeadbeef);
}

/* --- frames on their way into and out of a port */

struct port_case {
	const char *name;
	u32 port, tag;
	enum hvnet_refusal refusal;
	u32 in_tag;	/* with which it enters */
	bool receives;	/* when it comes from elsewhere */
	u32 out_tag;	/* then the receiver is shown this */
	u16 type;	/* behind the tag; 0: IPv4 */
};

static const struct port_case port_cases[] = {
	{ "none, untagged", 0, 0, HVNET_REFUSAL_NONE, 0, true, 0 },
	{ "none, tagged", 0, T(0x2005), HVNET_REFUSAL_NONE, T(0x2005), true, T(0x2005) },
	{ "untagged", T(0x6007), 0, HVNET_REFUSAL_NONE, T(0x6007), false },
	{ "of the VLAN", T(0x6007), T(7), HVNET_REFUSAL_BAD_VLAN, .receives = true },
	{ "of the VLAN with priority", T(0x6007), T(0xe007), HVNET_REFUSAL_BAD_VLAN,
	  .receives = true },
	{ "of another VLAN", T(0x6007), T(8), HVNET_REFUSAL_BAD_VLAN },
	{ "priority only", T(0x6007), T(0x8000), HVNET_REFUSAL_NONE, T(0x6007), false },
	{ "port priority only, untagged", T(0x6000), 0, HVNET_REFUSAL_NONE, T(0x6000), true, 0 },
	{ "port priority only, priority", T(0x6000), T(0x2000), HVNET_REFUSAL_NONE, T(0x6000), true,
	  0 },
	{ "port priority only, tagged", T(0x6000), T(5), HVNET_REFUSAL_BAD_VLAN },
	{ "none, two tags", 0, T(5), HVNET_REFUSAL_NONE, T(5), true, T(5), ETH_P_8021Q },
	{ "a tag behind a priority", T(7), T(0xe000), HVNET_REFUSAL_BAD_VLAN, .type = ETH_P_8021Q },
	{ "a tag for providers", T(7), 0, HVNET_REFUSAL_BAD_VLAN, .type = ETH_P_8021AD },
	{ "port priority only, a tag for providers", T(0x6000), 0, HVNET_REFUSAL_BAD_VLAN,
	  .receives = true, .type = ETH_P_8021AD },
	{ "two tags, of the VLAN", T(7), T(7), HVNET_REFUSAL_BAD_VLAN, .receives = true,
	  .type = ETH_P_8021Q },
	{ "link off", LINK_OFF, 0, HVNET_REFUSAL_LINK_OFF },
	{ "link off, of the VLAN", LINK_OFF | T(7), T(7), HVNET_REFUSAL_LINK_OFF },
	{ "other flags", SPOOF_CHECK | HVNET_PORT_SHAPED | T(7), 0, HVNET_REFUSAL_NONE, T(7) },
};

KUNIT_ARRAY_PARAM_DESC(port, port_cases, name);

static void port_has_its_vlan(struct kunit *test)
{
	const struct port_case *c = test->param_value;
	__be16 type = htons(c->type ?: ETH_P_IP);
	u32 tag = c->tag;

	KUNIT_EXPECT_EQ(test, hvnet_port_admit(c->port, type, &tag), c->refusal);
	KUNIT_EXPECT_EQ(test, tag, c->refusal == HVNET_REFUSAL_NONE ? c->in_tag : c->tag);
	KUNIT_EXPECT_EQ(test, hvnet_port_receives(c->port, hvnet_tag_vlan(c->tag)), c->receives);
	if (c->receives)
		KUNIT_EXPECT_EQ(test, hvnet_tag_to_port(c->port & HVNET_PORT_TAG, c->tag),
				c->out_tag);
}

/* --- the switch */

static int add(struct hvnet_switch *sw, u16 vport, u64 mac, u16 vlan)
{
	u8 bytes[6];

	put_unaligned_be48(mac, bytes);
	return hvnet_switch_filter_add(sw, vport, bytes, vlan);
}

KUNIT_DEFINE_ACTION_WRAPPER(destroy_switch, hvnet_switch_destroy, struct hvnet_switch *);

/*
 * All vports receive.  Vport 1 has MAC_A in any VLAN, 2 has MAC_B in VLAN 5 and untagged, and both
 * are in GROUP.
 */
static int policy_test_init(struct kunit *test)
{
	struct hvnet_switch *sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);
	u16 vport;

	KUNIT_ASSERT_NOT_NULL(test, sw);
	KUNIT_ASSERT_EQ(test, hvnet_switch_init(sw, NUM_VPORTS), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, destroy_switch, sw), 0);
	for (vport = 0; vport < NUM_VPORTS; vport++)
		KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_active(sw, vport, true), 0);
	KUNIT_ASSERT_EQ(test, add(sw, 1, MAC_A, ANY), 0);
	KUNIT_ASSERT_EQ(test, add(sw, 2, MAC_B, 5), 0);
	KUNIT_ASSERT_EQ(test, add(sw, 2, MAC_B, 0), 0);
	KUNIT_ASSERT_EQ(test, add(sw, 1, GROUP, ANY), 0);
	KUNIT_ASSERT_EQ(test, add(sw, 2, GROUP, ANY), 0);
	test->priv = sw;
	return 0;
}

struct source_case {
	const char *name;
	u16 src;
	u64 mac;
	u16 vlan;
	enum hvnet_refusal refusal;
};

static const struct source_case source_cases[] = {
	{ "own address", 1, MAC_A, 0, HVNET_REFUSAL_NONE },
	{ "own address, any VLAN", 1, MAC_A, 4094, HVNET_REFUSAL_NONE },
	{ "own address in its VLAN", 2, MAC_B, 5, HVNET_REFUSAL_NONE },
	{ "own address, untagged", 2, MAC_B, 0, HVNET_REFUSAL_NONE },
	{ "own address in another VLAN", 2, MAC_B, 6, HVNET_REFUSAL_BAD_VLAN },
	{ "another's address", 1, MAC_B, 0, HVNET_REFUSAL_SPOOFED },
	{ "another's address in the other's VLAN", 1, MAC_B, 5, HVNET_REFUSAL_SPOOFED },
	{ "nobody's address", 1, MAC_C, 0, HVNET_REFUSAL_SPOOFED },
	{ "address of zeroes", 1, 0, 0, HVNET_REFUSAL_SPOOFED },
	{ "a group that it is in", 1, GROUP, 0, HVNET_REFUSAL_SPOOFED },
	{ "broadcast", 1, BROADCAST, 0, HVNET_REFUSAL_SPOOFED },
	{ "a vport without filters", 3, MAC_A, 0, HVNET_REFUSAL_SPOOFED },
};

KUNIT_ARRAY_PARAM_DESC(source, source_cases, name);

static void source_is_checked(struct kunit *test)
{
	const struct source_case *c = test->param_value;
	enum hvnet_refusal refusal;
	u8 mac[6];

	put_unaligned_be48(c->mac, mac);
	rcu_read_lock();
	refusal = hvnet_switch_check_source(test->priv, c->src, mac, c->vlan);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, refusal, c->refusal);
}

/* A frame through a switch whose vports have these policies; sets of vports are bit masks. */
struct frame_case {
	const char *name;
	u32 ports[4];
	bool vepa;
	unsigned long promisc;
	u16 src;
	u64 from;
	u64 to;
	u16 vlan;
	u16 unicast;
	bool uplink;
	unsigned long copies;
};

static const struct frame_case frame_cases[] = {
	{
		.name = "unicast of the port's VLAN",
		.ports = { [1] = T(0x6007) },
		.src = UPLINK, .to = MAC_A, .vlan = 7, .unicast = 1,
	}, {
		.name = "unicast of the port's VLAN, other priority",
		.ports = { [1] = T(0x6007) },
		.src = UPLINK, .to = MAC_A, .vlan = 0xe007, .unicast = 1,
	}, {
		.name = "unicast of another VLAN goes to the wire",
		.ports = { [1] = T(7) },
		.src = 2, .to = MAC_A, .vlan = 8, .unicast = NONE, .uplink = true,
	}, {
		.name = "untagged unicast goes to the wire",
		.ports = { [1] = T(7) },
		.src = 2, .to = MAC_A, .unicast = NONE, .uplink = true,
	}, {
		.name = "unicast of another VLAN from the wire",
		.ports = { [1] = T(7) },
		.src = UPLINK, .to = MAC_A, .vlan = 8, .unicast = NONE,
	}, {
		.name = "unicast to oneself in another VLAN",
		.ports = { [1] = T(7) },
		.src = 1, .to = MAC_A, .vlan = 7, .unicast = NONE,
	}, {
		.name = "port of priority only, untagged",
		.ports = { [1] = T(0x6000) },
		.src = UPLINK, .to = MAC_A, .unicast = 1,
	}, {
		.name = "port VLAN beside the filter's",
		.ports = { [2] = T(6) },
		.src = UPLINK, .to = MAC_B, .vlan = 6, .unicast = NONE,
	}, {
		.name = "port VLAN and the filter's",
		.ports = { [2] = T(5) },
		.src = UPLINK, .to = MAC_B, .vlan = 5, .unicast = 2,
	}, {
		.name = "unicast to a vport whose link is off stays",
		.ports = { [1] = LINK_OFF },
		.src = 2, .to = MAC_A, .unicast = 1,
	}, {
		.name = "broadcast in a VLAN",
		.ports = { [1] = T(7), [2] = T(7), [3] = T(8) },
		.src = 1, .to = BROADCAST, .vlan = 7, .unicast = NONE, .uplink = true,
		.copies = BIT(0) | BIT(2) | 0xf0,
	}, {
		.name = "broadcast and links that are off",
		.ports = { [0] = LINK_OFF, [3] = LINK_OFF | T(7) },
		.src = UPLINK, .to = BROADCAST, .unicast = NONE, .copies = 0xf6,
	}, {
		.name = "group in a VLAN",
		.ports = { [1] = T(7), [2] = T(8) },
		.src = UPLINK, .to = GROUP, .vlan = 8, .unicast = NONE, .copies = BIT(2),
	}, {
		.name = "promiscuous in another VLAN",
		.ports = { [3] = T(8) },
		.promisc = BIT(3) | BIT(4),
		.src = 2, .to = MAC_A, .vlan = 7, .unicast = 1, .copies = BIT(4),
	}, {
		.name = "VEPA: unicast between vports goes to the wire",
		.vepa = true, .promisc = BIT(4),
		.src = 2, .from = MAC_B, .to = MAC_A, .unicast = NONE, .uplink = true,
	}, {
		.name = "VEPA: unicast to oneself goes to the wire",
		.vepa = true,
		.src = 1, .from = MAC_A, .to = MAC_A, .unicast = NONE, .uplink = true,
	}, {
		.name = "VEPA: broadcast goes to the wire alone",
		.vepa = true,
		.src = 2, .from = MAC_B, .to = BROADCAST, .unicast = NONE, .uplink = true,
	}, {
		.name = "VEPA: group goes to the wire alone",
		.vepa = true,
		.src = 2, .from = MAC_B, .to = GROUP, .unicast = NONE, .uplink = true,
	}, {
		.name = "VEPA: unicast comes back",
		.vepa = true, .promisc = BIT(2) | BIT(4),
		.src = UPLINK, .from = MAC_B, .to = MAC_A, .unicast = 1, .copies = BIT(4),
	}, {
		.name = "VEPA: unicast to oneself comes back",
		.vepa = true,
		.src = UPLINK, .from = MAC_A, .to = MAC_A, .unicast = NONE,
	}, {
		.name = "VEPA: broadcast comes back to all but its sender",
		.vepa = true,
		.src = UPLINK, .from = MAC_B, .to = BROADCAST, .unicast = NONE, .copies = 0xfb,
	}, {
		.name = "VEPA: group comes back to the others",
		.vepa = true,
		.src = UPLINK, .from = MAC_A, .to = GROUP, .unicast = NONE, .copies = BIT(2),
	}, {
		.name = "VEPA: broadcast from beyond the wire",
		.vepa = true,
		.src = UPLINK, .from = MAC_C, .to = BROADCAST, .unicast = NONE, .copies = 0xff,
	}, {
		.name = "VEPA: source is a group",
		.vepa = true,
		.src = UPLINK, .from = GROUP, .to = BROADCAST, .unicast = NONE, .copies = 0xff,
	}, {
		.name = "VEPA and port VLANs",
		.ports = { [1] = T(7), [2] = T(7), [3] = T(8) },
		.vepa = true,
		.src = UPLINK, .from = MAC_B, .to = BROADCAST, .vlan = 7, .unicast = NONE,
		.copies = BIT(0) | BIT(1) | 0xf0,
	},
};

KUNIT_ARRAY_PARAM_DESC(frame, frame_cases, name);

/* The receivers of copies, asked for as the data path does. */
static unsigned long copies_of(struct hvnet_switch *sw, const struct hvnet_verdict *verdict,
			       u16 vlan)
{
	unsigned long copies = 0;
	u16 vport;

	hvnet_verdict_for_each_copy(verdict, 0, vport)
		if (hvnet_port_receives(hvnet_switch_port(sw, vport), vlan & VLAN_VID_MASK))
			__set_bit(vport, &copies);
	return copies;
}

static void frame_goes_where_policy_lets_it(struct kunit *test)
{
	const struct frame_case *c = test->param_value;
	struct hvnet_switch *sw = test->priv;
	struct hvnet_verdict verdict;
	unsigned long copies;
	u8 from[6], to[6];
	u16 vport, flags;

	for (vport = 0; vport < NUM_VPORTS; vport++) {
		flags = c->promisc & BIT(vport) ? HVNET_VPORT_PROMISC : 0;
		KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, vport, flags), 0);
	}
	for (vport = 0; vport < ARRAY_SIZE(c->ports); vport++)
		KUNIT_ASSERT_EQ(test, hvnet_switch_set_port(sw, vport, c->ports[vport]), 0);
	hvnet_switch_set_vepa(sw, c->vepa);
	put_unaligned_be48(c->from, from);
	put_unaligned_be48(c->to, to);

	rcu_read_lock();
	hvnet_switch_classify(sw, c->src, to, c->vlan, &verdict);
	if (c->vepa && c->src == UPLINK)
		hvnet_switch_prune(sw, from, &verdict);
	copies = copies_of(sw, &verdict, c->vlan);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, verdict.unicast, c->unicast);
	KUNIT_EXPECT_EQ(test, verdict.uplink, c->uplink);
	KUNIT_EXPECT_EQ(test, copies, c->copies);
	if (c->unicast != NONE)
		KUNIT_EXPECT_EQ(test, verdict.port, c->ports[c->unicast]);
}

static void policy_outlives_resets(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_EXPECT_EQ(test, hvnet_switch_set_port(sw, 1, T(7) | SPOOF_CHECK), 0);
	hvnet_switch_vport_reset(sw, 1);
	hvnet_switch_filter_flush(sw);
	KUNIT_EXPECT_EQ(test, hvnet_switch_port(sw, 1), T(7) | SPOOF_CHECK);
	KUNIT_EXPECT_EQ(test, hvnet_switch_set_port(sw, NUM_VPORTS, T(7)), -EINVAL);
	KUNIT_EXPECT_EQ(test, hvnet_switch_set_port(sw, UPLINK, T(7)), -EINVAL);
	KUNIT_EXPECT_EQ(test, hvnet_switch_port(sw, 0), 0);
}

/* --- the shaper */

#define MS		NSEC_PER_MSEC
#define START		(5000ULL * MS)

static const u32 rates[] = { 1, 2, 3, 7, 10, 100, 999, 1000, 10000, 25000, HVNET_POLICY_MAX_RATE };

static void rate_to_desc(const u32 *rate, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u Mb/s", *rate);
}

KUNIT_ARRAY_PARAM(rate, rates, rate_to_desc);

/* Grants that may be spent until @end if somebody always asks as soon as he may. */
static u64 send_until(struct hvnet_shaper *shaper, u64 now, u64 end)
{
	u64 bytes = 0;

	for (;;) {
		now = max(now, hvnet_shaper_ask(shaper, now, 0));
		if (now >= end)
			return bytes;
		bytes += shaper->grant;
	}
}

/* In a second that is what it says, but for what may be saved, and a grant. */
static void rate_is_kept(struct kunit *test)
{
	const u32 *rate = test->param_value;
	struct hvnet_shaper shaper = {};
	u64 second, saved, bytes;

	hvnet_shaper_set(&shaper, *rate, START);
	second = *rate * 125000ULL;
	saved = second * HVNET_SHAPER_DEPTH_NS / NSEC_PER_SEC;
	KUNIT_EXPECT_GE(test, shaper.grant, HVNET_SHAPER_MIN_GRANT);

	bytes = send_until(&shaper, START, START + NSEC_PER_SEC);
	KUNIT_EXPECT_LE(test, bytes, second + shaper.grant);
	KUNIT_EXPECT_GE(test, bytes, second - second / 1000 - shaper.grant);

	/* After a pause of a minute not more is saved than the depth. */
	bytes = send_until(&shaper, START + 61 * NSEC_PER_SEC, START + 62 * NSEC_PER_SEC);
	KUNIT_EXPECT_LE(test, bytes, second + saved + 2 * shaper.grant);
	KUNIT_EXPECT_GE(test, bytes, second + saved - second / 1000 - 2 * shaper.grant);
}

/* Who comes late, by less than the depth, loses nothing. */
static void late_thread_loses_nothing(struct kunit *test)
{
	struct hvnet_shaper shaper = {};
	u64 now = START, bytes = 0;

	hvnet_shaper_set(&shaper, 100, now);
	while (now < START + NSEC_PER_SEC) {
		while (hvnet_shaper_ask(&shaper, now, 0) <= now)
			bytes += shaper.grant;
		/* The last is spent later. */
		bytes += shaper.grant;
		now += 8 * MS;
	}
	KUNIT_EXPECT_GE(test, bytes, 12500000 * 99 / 100);
	KUNIT_EXPECT_LE(test, bytes, 12500000 * 102 / 100);
}

static void debt_is_waited_for(struct kunit *test)
{
	struct hvnet_shaper shaper = {};
	u64 first, second, third;

	hvnet_shaper_set(&shaper, 8, START);	/* a byte each us */
	first = hvnet_shaper_ask(&shaper, START, 0);
	KUNIT_EXPECT_EQ(test, first, START);
	KUNIT_EXPECT_EQ(test, shaper.grant, HVNET_SHAPER_MIN_GRANT);
	second = hvnet_shaper_ask(&shaper, first, 60000);
	KUNIT_EXPECT_EQ(test, second, first + (HVNET_SHAPER_MIN_GRANT + 60000ULL) * NSEC_PER_USEC);
	third = hvnet_shaper_ask(&shaper, second, 0);
	KUNIT_EXPECT_EQ(test, third, second + HVNET_SHAPER_MIN_GRANT * NSEC_PER_USEC);
}

/* Two who ask at the same time are served in turn. */
static void grants_follow_each_other(struct kunit *test)
{
	struct hvnet_shaper shaper = {};
	u64 last = 0, from;
	int i;

	hvnet_shaper_set(&shaper, 8, START);
	for (i = 0; i < 10; i++) {
		from = hvnet_shaper_ask(&shaper, START, 0);
		KUNIT_EXPECT_GT(test, from, last);
		last = from;
	}
	KUNIT_EXPECT_EQ(test, last, START + 9ULL * HVNET_SHAPER_MIN_GRANT * NSEC_PER_USEC);
}

static void new_rate_begins_empty(struct kunit *test)
{
	struct hvnet_shaper shaper = {};
	u32 generation;

	hvnet_shaper_set(&shaper, 1, START);
	generation = shaper.generation;
	KUNIT_EXPECT_NE(test, generation, 0);
	KUNIT_EXPECT_EQ(test, hvnet_shaper_ask(&shaper, START, 0), START);
	KUNIT_EXPECT_GT(test, hvnet_shaper_ask(&shaper, START, 1000000), START + NSEC_PER_SEC);

	/* The same rate: the debt stays. */
	hvnet_shaper_set(&shaper, 1, START + MS);
	KUNIT_EXPECT_EQ(test, shaper.generation, generation);
	KUNIT_EXPECT_GT(test, hvnet_shaper_ask(&shaper, START + MS, 0), START + NSEC_PER_SEC);

	hvnet_shaper_set(&shaper, 1000, START + 2 * MS);
	KUNIT_EXPECT_NE(test, shaper.generation, generation);
	KUNIT_EXPECT_EQ(test, hvnet_shaper_ask(&shaper, START + 2 * MS, 0), START + 2 * MS);
	hvnet_shaper_set(&shaper, 0, START + 3 * MS);
	KUNIT_EXPECT_EQ(test, shaper.rate, 0);
	KUNIT_EXPECT_EQ(test, shaper.generation, generation + 2);
}

static void clock_may_have_just_begun(struct kunit *test)
{
	struct hvnet_shaper shaper = {};

	hvnet_shaper_set(&shaper, 1000, 0);
	KUNIT_EXPECT_EQ(test, hvnet_shaper_ask(&shaper, 0, 0), 0);
	KUNIT_EXPECT_GT(test, hvnet_shaper_ask(&shaper, 1, 0), 1);
	KUNIT_EXPECT_LE(test, hvnet_shaper_ask(&shaper, 2 * MS, 0), 2 * MS);
}

static struct kunit_case policy_test_cases[] = {
	KUNIT_CASE_PARAM(policy_is_checked, parse_gen_params),
	KUNIT_CASE_PARAM(port_has_its_vlan, port_gen_params),
	KUNIT_CASE_PARAM(source_is_checked, source_gen_params),
	KUNIT_CASE_PARAM(frame_goes_where_policy_lets_it, frame_gen_params),
	KUNIT_CASE(policy_outlives_resets),
	KUNIT_CASE_PARAM(rate_is_kept, rate_gen_params),
	KUNIT_CASE(late_thread_loses_nothing),
	KUNIT_CASE(debt_is_waited_for),
	KUNIT_CASE(grants_follow_each_other),
	KUNIT_CASE(new_rate_begins_empty),
	KUNIT_CASE(clock_may_have_just_begun),
	{}
};

static struct kunit_suite policy_test_suite = {
	.name = "hvnet_policy",
	.init = policy_test_init,
	.test_cases = policy_test_cases,
};

kunit_test_suite(policy_test_suite);

MODULE_DESCRIPTION("KUnit tests of the policy of hvnet vports");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
