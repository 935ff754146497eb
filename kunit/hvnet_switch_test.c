// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the NIC switch: where frames go, and vports.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "switch.h"

/* One frame through a switch that is set up as told; sets of vports are bit masks. */
struct frame_case {
	const char *name;
	struct filter_spec filters[4];
	unsigned long promisc;
	unsigned long allmulti;
	unsigned long inactive;
	u16 src;
	u64 dst;
	u16 vlan;
	u16 unicast;
	bool uplink;
	unsigned long copies;
};

static const struct frame_case frame_cases[] = {
	{
		.name = "unicast between vports",
		.filters = { { 1, MAC_A, ANY }, { 2, MAC_B, ANY } },
		.src = 1, .dst = MAC_B, .unicast = 2,
	}, {
		.name = "unicast from the wire",
		.filters = { { 1, MAC_A, ANY }, { 2, MAC_B, ANY } },
		.src = UPLINK, .dst = MAC_A, .unicast = 1,
	}, {
		.name = "unicast to the PF",
		.filters = { { PF, MAC_A, ANY } },
		.src = 3, .dst = MAC_A, .unicast = PF,
	}, {
		.name = "unicast tagged, any VLAN",
		.filters = { { 2, MAC_A, ANY } },
		.src = UPLINK, .dst = MAC_A, .vlan = 4094, .unicast = 2,
	}, {
		.name = "unicast in the filter's VLAN",
		.filters = { { 2, MAC_A, 5 } },
		.src = UPLINK, .dst = MAC_A, .vlan = 5, .unicast = 2,
	}, {
		.name = "unicast in another VLAN",
		.filters = { { 2, MAC_A, 5 } },
		.src = 1, .dst = MAC_A, .vlan = 6, .unicast = NONE, .uplink = true,
	}, {
		.name = "unicast untagged, filter for a VLAN",
		.filters = { { 2, MAC_A, 5 } },
		.src = UPLINK, .dst = MAC_A, .unicast = NONE,
	}, {
		.name = "unicast untagged, filter for untagged",
		.filters = { { 2, MAC_A, 0 } },
		.src = UPLINK, .dst = MAC_A, .unicast = 2,
	}, {
		.name = "unicast tagged, filter for untagged",
		.filters = { { 2, MAC_A, 0 } },
		.src = UPLINK, .dst = MAC_A, .vlan = 1, .unicast = NONE,
	}, {
		.name = "unicast, second VLAN of the owner",
		.filters = { { 2, MAC_A, 5 }, { 2, MAC_A, 6 } },
		.src = UPLINK, .dst = MAC_A, .vlan = 6, .unicast = 2,
	}, {
		.name = "unicast, owner of a VLAN and of any, other VLAN",
		.filters = { { 2, MAC_A, 5 }, { 2, MAC_A, ANY } },
		.src = UPLINK, .dst = MAC_A, .vlan = 7, .unicast = 2,
	}, {
		.name = "priority bits are ignored",
		.filters = { { 2, MAC_A, 5 } },
		.src = UPLINK, .dst = MAC_A, .vlan = 0xf005, .unicast = 2,
	}, {
		.name = "hostile VLAN does not pass for any VLAN",
		.filters = { { 2, MAC_A, 5 } },
		.src = UPLINK, .dst = MAC_A, .vlan = 0xffff, .unicast = NONE,
	}, {
		.name = "VLAN of all ones matches any VLAN",
		.filters = { { 2, MAC_A, ANY } },
		.src = UPLINK, .dst = MAC_A, .vlan = 0xffff, .unicast = 2,
	}, {
		.name = "unknown unicast from a vport",
		.filters = { { 2, MAC_A, ANY } },
		.src = 1, .dst = MAC_B, .unicast = NONE, .uplink = true,
	}, {
		.name = "unknown unicast from the wire",
		.filters = { { 2, MAC_A, ANY } },
		.src = UPLINK, .dst = MAC_B, .unicast = NONE,
	}, {
		.name = "zero address",
		.src = 1, .dst = 0, .unicast = NONE, .uplink = true,
	}, {
		.name = "own address is dropped",
		.filters = { { 2, MAC_A, ANY } },
		.promisc = BIT(4),
		.src = 2, .dst = MAC_A, .unicast = NONE,
	}, {
		.name = "own address in a VLAN is dropped",
		.filters = { { 2, MAC_A, 5 } },
		.promisc = BIT(4),
		.src = 2, .dst = MAC_A, .vlan = 5, .unicast = NONE,
	}, {
		.name = "unicast to an inactive vport stays",
		.filters = { { 2, MAC_A, ANY } },
		.inactive = BIT(2),
		.src = 1, .dst = MAC_A, .unicast = 2,
	}, {
		.name = "promiscuous vports see unicast",
		.filters = { { 2, MAC_A, ANY } },
		.promisc = BIT(0) | BIT(4),
		.src = 1, .dst = MAC_A, .unicast = 2, .copies = BIT(0) | BIT(4),
	}, {
		.name = "promiscuous receiver gets one copy",
		.filters = { { 2, MAC_A, ANY } },
		.promisc = BIT(2) | BIT(4),
		.src = 1, .dst = MAC_A, .unicast = 2, .copies = BIT(4),
	}, {
		.name = "promiscuous vports see unknown unicast",
		.promisc = BIT(0) | BIT(4),
		.src = 1, .dst = MAC_A, .unicast = NONE, .uplink = true, .copies = BIT(0) | BIT(4),
	}, {
		.name = "promiscuous vports see unknown unicast from the wire",
		.promisc = BIT(0) | BIT(4),
		.src = UPLINK, .dst = MAC_A, .unicast = NONE, .copies = BIT(0) | BIT(4),
	}, {
		.name = "promiscuous sender gets nothing back",
		.promisc = BIT(1) | BIT(4),
		.src = 1, .dst = MAC_A, .unicast = NONE, .uplink = true, .copies = BIT(4),
	}, {
		.name = "inactive promiscuous vport",
		.promisc = BIT(3) | BIT(4),
		.inactive = BIT(3),
		.src = 1, .dst = MAC_A, .unicast = NONE, .uplink = true, .copies = BIT(4),
	}, {
		.name = "allmulti is not promiscuous",
		.allmulti = BIT(3),
		.src = 1, .dst = MAC_A, .unicast = NONE, .uplink = true,
	}, {
		.name = "broadcast from a vport",
		.src = 1, .dst = BROADCAST, .unicast = NONE, .uplink = true, .copies = 0xfd,
	}, {
		.name = "broadcast from the wire",
		.src = UPLINK, .dst = BROADCAST, .unicast = NONE, .copies = 0xff,
	}, {
		.name = "broadcast and inactive vports",
		.promisc = BIT(3),
		.allmulti = BIT(7),
		.inactive = BIT(3) | BIT(7),
		.src = UPLINK, .dst = BROADCAST, .vlan = 9, .unicast = NONE, .copies = 0x77,
	}, {
		.name = "group members, allmulti and promiscuous",
		.filters = { { 1, GROUP_A, ANY }, { 2, GROUP_A, ANY }, { 3, GROUP_B, ANY } },
		.promisc = BIT(5),
		.allmulti = BIT(6),
		.src = UPLINK, .dst = GROUP_A, .vlan = 9, .unicast = NONE,
		.copies = BIT(1) | BIT(2) | BIT(5) | BIT(6),
	}, {
		.name = "member that is allmulti and promiscuous gets one copy",
		.filters = { { 1, GROUP_A, ANY } },
		.promisc = BIT(1),
		.allmulti = BIT(1),
		.src = UPLINK, .dst = GROUP_A, .unicast = NONE, .copies = BIT(1),
	}, {
		.name = "group from a member",
		.filters = { { 1, GROUP_A, ANY }, { 2, GROUP_A, ANY } },
		.src = 1, .dst = GROUP_A, .unicast = NONE, .uplink = true, .copies = BIT(2),
	}, {
		.name = "inactive member",
		.filters = { { 1, GROUP_A, ANY }, { 2, GROUP_A, ANY } },
		.allmulti = BIT(6),
		.inactive = BIT(1) | BIT(6),
		.src = UPLINK, .dst = GROUP_A, .unicast = NONE, .copies = BIT(2),
	}, {
		.name = "unknown group",
		.filters = { { 3, GROUP_B, ANY } },
		.promisc = BIT(5),
		.allmulti = BIT(6),
		.src = 1, .dst = GROUP_A, .unicast = NONE, .uplink = true,
		.copies = BIT(5) | BIT(6),
	}, {
		.name = "sender that does not exist",
		.filters = { { 2, MAC_A, ANY } },
		.src = 0xfffd, .dst = MAC_A, .unicast = 2,
	},
};

KUNIT_ARRAY_PARAM_DESC(frame, frame_cases, name);

static void frame_goes_where_it_should(struct kunit *test)
{
	const struct frame_case *c = test->param_value;
	struct hvnet_switch *sw = test->priv;
	const struct filter_spec *filter;
	u16 vport, flags;

	for (filter = c->filters; filter->mac; filter++)
		KUNIT_ASSERT_EQ(test, add(sw, filter->vport, filter->mac, filter->vlan), 0);
	for (vport = 0; vport < NUM_VPORTS; vport++) {
		flags = (c->promisc & BIT(vport) ? HVNET_VPORT_PROMISC : 0) |
			(c->allmulti & BIT(vport) ? HVNET_VPORT_ALLMULTI : 0);
		KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, vport, flags), 0);
		KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_active(sw, vport,
								    !(c->inactive & BIT(vport))),
				0);
	}
	expect(test, c->src, c->dst, c->vlan, c->unicast, c->uplink, c->copies);
}

static void vport_out_of_range_is_refused(struct kunit *test)
{
	static const u16 vports[] = { NUM_VPORTS, 64, 4096, UPLINK, NONE };
	struct hvnet_switch *sw = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vports); i++) {
		KUNIT_EXPECT_EQ(test, hvnet_switch_vport_set_active(sw, vports[i], true), -EINVAL);
		KUNIT_EXPECT_EQ(test, hvnet_switch_vport_set_flags(sw, vports[i], 0), -EINVAL);
		KUNIT_EXPECT_EQ(test, hvnet_switch_num_filters(sw, vports[i]), 0);
		hvnet_switch_vport_reset(sw, vports[i]);
	}
	expect(test, UPLINK, BROADCAST, 0, NONE, false, 0xff);
}

static void unknown_flag_is_refused(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, HVNET_VPORT_ALLMULTI), 0);
	KUNIT_EXPECT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, HVNET_VPORT_PROMISC | BIT(2)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, BIT(15)), -EINVAL);
	expect(test, UPLINK, MAC_A, 0, NONE, false, 0);
	expect(test, UPLINK, GROUP_A, 0, NONE, false, BIT(1));
}

/* Setting what is set already must not upset the counts behind the sets. */
static void flags_may_be_repeated(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, HVNET_VPORT_PROMISC), 0);
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, HVNET_VPORT_PROMISC), 0);
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 2, HVNET_VPORT_PROMISC), 0);
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 2, HVNET_VPORT_ALLMULTI), 0);
	expect(test, UPLINK, MAC_A, 0, NONE, false, BIT(1));
	expect(test, UPLINK, GROUP_A, 0, NONE, false, BIT(1) | BIT(2));
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 2, 0), 0);
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 2, 0), 0);
	expect(test, UPLINK, MAC_A, 0, NONE, false, BIT(1));
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, 0), 0);
	expect(test, UPLINK, MAC_A, 0, NONE, false, 0);
	expect(test, UPLINK, GROUP_A, 0, NONE, false, 0);
}

static void new_switch_sends_to_no_vport(struct kunit *test)
{
	test->priv = make_switch(test, NUM_VPORTS);
	expect(test, 1, BROADCAST, 0, NONE, true, 0);
	expect(test, UPLINK, BROADCAST, 0, NONE, false, 0);
}

static void number_of_vports_is_checked(struct kunit *test)
{
	struct hvnet_switch *sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sw);
	KUNIT_EXPECT_EQ(test, hvnet_switch_init(sw, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, hvnet_switch_init(sw, HVNET_VPORT_UPLINK + 1), -EINVAL);
	sw = make_switch(test, HVNET_VPORT_UPLINK);
	KUNIT_EXPECT_EQ(test, add(sw, HVNET_VPORT_UPLINK - 1, MAC_A, ANY), 0);
	sw = make_switch(test, 1);
	KUNIT_EXPECT_EQ(test, add(sw, 1, MAC_A, ANY), -EINVAL);
}

static struct kunit_case switch_test_cases[] = {
	KUNIT_CASE_PARAM(frame_goes_where_it_should, frame_gen_params),
	KUNIT_CASE(vport_out_of_range_is_refused),
	KUNIT_CASE(unknown_flag_is_refused),
	KUNIT_CASE(flags_may_be_repeated),
	KUNIT_CASE(new_switch_sends_to_no_vport),
	KUNIT_CASE(number_of_vports_is_checked),
	{}
};

static struct kunit_suite switch_test_suite = {
	.name = "hvnet_switch",
	.init = switch_test_init,
	.test_cases = switch_test_cases,
};

kunit_test_suite(switch_test_suite);

MODULE_DESCRIPTION("KUnit tests of the hvnet NIC switch");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
