// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the VLAN filter of vports.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include "switch.h"

#define FILTER		HVNET_VLANS_FILTER
#define BLOCKS		(4096 / HVNET_VLAN_BLOCK)
#define WORDS		HVNET_VLAN_WORDS

static struct hvnet_admin_vlans command(u16 flags, u16 block)
{
	return (struct hvnet_admin_vlans){
		.flags = cpu_to_le16(flags),
		.block = cpu_to_le16(block),
	};
}

/* The block of @vlan has this VLAN alone; 0: none in the first. */
static int want(struct hvnet_switch *sw, u16 vport, u16 vlan)
{
	struct hvnet_admin_vlans args = command(FILTER, vlan / HVNET_VLAN_BLOCK);

	if (vlan)
		args.vlans[vlan % HVNET_VLAN_BLOCK / 32] = cpu_to_le32(BIT(vlan % 32));
	return hvnet_switch_set_vlans(sw, vport, &args);
}

static int want_all(struct hvnet_switch *sw, u16 vport)
{
	struct hvnet_admin_vlans args = command(0, 0);

	return hvnet_switch_set_vlans(sw, vport, &args);
}

static bool wants(struct hvnet_switch *sw, u16 vport, u16 vlan)
{
	return !hvnet_switch_filters_vlan(sw, vport, 0, vlan);
}

static unsigned int num_wanted(struct hvnet_switch *sw, u16 vport)
{
	unsigned int vlan, n = 0;

	for (vlan = 1; vlan < 4096; vlan++)
		n += wants(sw, vport, vlan);
	return n;
}

static void all_are_wanted_at_first(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_EXPECT_EQ(test, num_wanted(sw, 1), 4095);
	/* To want all of them takes no memory. */
	KUNIT_EXPECT_EQ(test, want_all(sw, 1), 0);
	KUNIT_EXPECT_NULL(test, sw->vlans[1]);
}

static void every_vlan_counts(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;
	unsigned int vlan;

	for (vlan = 1; vlan < 4095; vlan++) {
		KUNIT_ASSERT_EQ(test, want(sw, 1, vlan), 0);
		KUNIT_ASSERT_TRUE(test, wants(sw, 1, vlan));
		KUNIT_ASSERT_FALSE(test, wants(sw, 1, vlan + 1));
		KUNIT_ASSERT_TRUE(test, wants(sw, 2, vlan + 1));
		/* The block before keeps its last. */
		KUNIT_ASSERT_EQ(test, wants(sw, 1, vlan - 1), vlan % HVNET_VLAN_BLOCK == 0);
	}
	KUNIT_EXPECT_EQ(test, num_wanted(sw, 1), BLOCKS);
}

/* Switched on again, nothing is left of before. */
static void off_forgets(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_ASSERT_EQ(test, want(sw, 1, 5), 0);
	KUNIT_ASSERT_EQ(test, want(sw, 1, 3000), 0);
	KUNIT_EXPECT_EQ(test, num_wanted(sw, 1), 2);
	KUNIT_ASSERT_EQ(test, want_all(sw, 1), 0);
	KUNIT_EXPECT_EQ(test, num_wanted(sw, 1), 4095);
	KUNIT_ASSERT_EQ(test, want(sw, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, num_wanted(sw, 1), 0);
}

static void reset_wants_all(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_ASSERT_EQ(test, want(sw, 1, 5), 0);
	KUNIT_ASSERT_EQ(test, want(sw, 2, 5), 0);
	hvnet_switch_vport_reset(sw, 1);
	KUNIT_EXPECT_TRUE(test, wants(sw, 1, 6));
	KUNIT_EXPECT_FALSE(test, wants(sw, 2, 6));
	KUNIT_ASSERT_EQ(test, want(sw, 1, 7), 0);
	KUNIT_EXPECT_FALSE(test, wants(sw, 1, 5));
	/* One that never had a filter. */
	hvnet_switch_vport_reset(sw, 3);
	KUNIT_EXPECT_TRUE(test, wants(sw, 3, 6));
}

static void promiscuous_wants_all(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_ASSERT_EQ(test, want(sw, 1, 5), 0);
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, HVNET_VPORT_PROMISC), 0);
	KUNIT_EXPECT_TRUE(test, wants(sw, 1, 6));
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, HVNET_VPORT_ALLMULTI), 0);
	KUNIT_EXPECT_FALSE(test, wants(sw, 1, 6));
}

static void port_vlan_is_not_filtered(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;
	u32 port = hvnet_tag(5);

	KUNIT_ASSERT_EQ(test, want(sw, 1, 0), 0);
	KUNIT_EXPECT_FALSE(test, hvnet_switch_filters_vlan(sw, 1, port, 5));
	KUNIT_EXPECT_TRUE(test, hvnet_switch_filters_vlan(sw, 1, HVNET_PORT_SPOOF_CHECK, 5));
}

/* The owner of an address is found whatever its filter, and the verdict says that it is out. */
static void verdict_tells(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;
	struct hvnet_verdict verdict;
	u8 mac[6];

	put_unaligned_be48(MAC_A, mac);
	KUNIT_ASSERT_EQ(test, add(sw, 1, MAC_A, ANY), 0);
	KUNIT_ASSERT_EQ(test, want(sw, 1, 5), 0);

	rcu_read_lock();
	hvnet_switch_classify(sw, UPLINK, mac, 0, &verdict);
	KUNIT_EXPECT_EQ(test, verdict.unicast, 1);
	KUNIT_EXPECT_EQ(test, verdict.port, 0);
	hvnet_switch_classify(sw, UPLINK, mac, 0xe005, &verdict);
	KUNIT_EXPECT_EQ(test, verdict.port, 0);
	hvnet_switch_classify(sw, UPLINK, mac, 6, &verdict);
	KUNIT_EXPECT_EQ(test, verdict.unicast, 1);
	KUNIT_EXPECT_EQ(test, verdict.port, HVNET_PORT_VLAN_OUT);
	hvnet_switch_classify(sw, UPLINK, mac, 0xe000, &verdict);
	KUNIT_EXPECT_EQ(test, verdict.port, 0);
	rcu_read_unlock();

	KUNIT_EXPECT_EQ(test, hvnet_switch_port_for(sw, 1, 0), 0);
	KUNIT_EXPECT_TRUE(test, hvnet_port_receives(hvnet_switch_port_for(sw, 1, 5), 5));
	KUNIT_EXPECT_FALSE(test, hvnet_port_receives(hvnet_switch_port_for(sw, 1, 6), 6));
	KUNIT_EXPECT_TRUE(test, hvnet_port_receives(hvnet_switch_port_for(sw, 2, 6), 6));
}

struct check_case {
	const char *name;
	u16 vport;
	u16 flags;
	u16 block;
	u8 word;
	u32 vlans;
	int err;
};

static const struct check_case check_cases[] = {
	{ "none", 1, FILTER, 0, 0, 0, 0 },
	{ "last vport", NUM_VPORTS - 1, FILTER, 0, 0, 0, 0 },
	{ "vport out of range", NUM_VPORTS, FILTER, 0, 0, 0, -EINVAL },
	{ "no vport", NONE, FILTER, 0, 0, 0, -EINVAL },
	{ "all but the lowest", 1, FILTER, 0, 0, 0xfffffffe, 0 },
	{ "VLAN 0", 1, FILTER, 0, 0, 1, -EINVAL },
	{ "VLAN 512", 1, FILTER, 1, 0, 1, 0 },
	{ "VLAN 511", 1, FILTER, 0, WORDS - 1, BIT(31), 0 },
	{ "VLAN 4094", 1, FILTER, BLOCKS - 1, WORDS - 1, BIT(30), 0 },
	{ "VLAN 4095", 1, FILTER, BLOCKS - 1, WORDS - 1, BIT(31), -EINVAL },
	{ "block out of range", 1, FILTER, BLOCKS, 0, 0, -EINVAL },
	{ "block all ones", 1, FILTER, 0xffff, 0, 0, -EINVAL },
	{ "unknown flag", 1, FILTER | 2, 0, 0, 0, -EINVAL },
	{ "unknown flag alone", 1, 0x8000, 0, 0, 0, -EINVAL },
	{ "off", 1, 0, 0, 0, 0, 0 },
	{ "off with a block", 1, 0, 1, 0, 0, -EINVAL },
	{ "off with a VLAN", 1, 0, 0, WORDS - 1, 2, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(check, check_cases, name);

/* What is refused changes nothing. */
static void command_is_checked(struct kunit *test)
{
	const struct check_case *c = test->param_value;
	struct hvnet_admin_vlans args = command(c->flags, c->block);
	struct hvnet_switch *sw = test->priv;

	KUNIT_ASSERT_EQ(test, want(sw, 1, 5), 0);
	args.vlans[c->word] = cpu_to_le32(c->vlans);
	KUNIT_EXPECT_EQ(test, hvnet_switch_set_vlans(sw, c->vport, &args), c->err);
	if (c->err)
		KUNIT_EXPECT_EQ(test, num_wanted(sw, 1), 1);
	KUNIT_EXPECT_EQ(test, num_wanted(sw, 2), 4095);
}

static void hostile_commands(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;
	struct hvnet_admin_vlans args;
	unsigned int i, taken = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 5);
	for (i = 0; i < 5000; i++) {
		prandom_bytes_state(&rnd, &args, sizeof(args));
		args.flags = cpu_to_le16(prandom_u32_state(&rnd) % 3);
		args.block = cpu_to_le16(prandom_u32_state(&rnd) % 12);
		taken += !hvnet_switch_set_vlans(sw, prandom_u32_state(&rnd) % 10, &args);
		wants(sw, prandom_u32_state(&rnd) % NUM_VPORTS, prandom_u32_state(&rnd));
	}
	KUNIT_EXPECT_GT(test, taken, 500);
}

static struct kunit_case vlan_cases[] = {
	KUNIT_CASE(all_are_wanted_at_first),
	KUNIT_CASE(every_vlan_counts),
	KUNIT_CASE(off_forgets),
	KUNIT_CASE(reset_wants_all),
	KUNIT_CASE(promiscuous_wants_all),
	KUNIT_CASE(port_vlan_is_not_filtered),
	KUNIT_CASE(verdict_tells),
	KUNIT_CASE_PARAM(command_is_checked, check_gen_params),
	KUNIT_CASE(hostile_commands),
	{}
};

static struct kunit_suite vlan_suite = {
	.name = "hvnet_vlan",
	.init = switch_test_init,
	.test_cases = vlan_cases,
};

kunit_test_suite(vlan_suite);

MODULE_DESCRIPTION("hvnet adapter: KUnit tests of VLAN filters");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
