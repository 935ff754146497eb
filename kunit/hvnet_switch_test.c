// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the NIC switch.
 */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/unaligned.h>

#include <hvnet/abi/admin.h>

#include "../drivers/nic/switch/switch.h"

#define NUM_VPORTS	8
#define LARGE_VPORTS	4097

#define PF		HVNET_VPORT_PF
#define UPLINK		HVNET_VPORT_UPLINK
#define NONE		HVNET_VPORT_NONE
#define ANY		HVNET_FILTER_VLAN_ANY

#define MAC_A		0x02000000000aULL
#define MAC_B		0x02000000000bULL
#define MAC_C		0x02000000000cULL
#define GROUP_A		0x01005e00000aULL
#define GROUP_B		0x33330000000bULL
#define BROADCAST	0xffffffffffffULL

/* Receivers of a frame. */
struct outcome {
	u16 unicast;
	bool uplink;
	unsigned int num_copies;
	unsigned int num_again;
	DECLARE_BITMAP(copies, LARGE_VPORTS);
};

struct filter_spec {
	u16 vport;
	u64 mac;
	u16 vlan;
};

static int add(struct hvnet_switch *sw, u16 vport, u64 mac, u16 vlan)
{
	u8 bytes[6];

	put_unaligned_be48(mac, bytes);
	return hvnet_switch_filter_add(sw, vport, bytes, vlan);
}

static int del(struct hvnet_switch *sw, u16 vport, u64 mac, u16 vlan)
{
	u8 bytes[6];

	put_unaligned_be48(mac, bytes);
	return hvnet_switch_filter_del(sw, vport, bytes, vlan);
}

static void send(struct hvnet_switch *sw, u16 src, u64 mac, u16 vlan, struct outcome *outcome)
{
	struct hvnet_verdict verdict;
	u8 bytes[6];
	u16 vport;

	put_unaligned_be48(mac, bytes);
	bitmap_zero(outcome->copies, LARGE_VPORTS);
	outcome->num_copies = 0;
	outcome->num_again = 0;

	rcu_read_lock();
	hvnet_switch_classify(sw, src, bytes, vlan, &verdict);
	hvnet_verdict_for_each_copy(&verdict, 0, vport) {
		struct hvnet_copy_iter again = hvnet_copy_iter_start(&verdict, vport);

		outcome->num_copies++;
		outcome->num_again += hvnet_copy_iter_next(&again) == vport;
		__set_bit(vport, outcome->copies);
	}
	rcu_read_unlock();
	outcome->unicast = verdict.unicast;
	outcome->uplink = verdict.uplink;
}

static void expect(struct kunit *test, u16 src, u64 mac, u16 vlan, u16 unicast, bool uplink,
		   unsigned long copies)
{
	struct outcome outcome;

	send(test->priv, src, mac, vlan, &outcome);
	KUNIT_EXPECT_EQ(test, outcome.unicast, unicast);
	KUNIT_EXPECT_EQ(test, outcome.uplink, uplink);
	KUNIT_EXPECT_EQ(test, outcome.copies[0], copies);
	KUNIT_EXPECT_EQ_MSG(test, outcome.num_copies, hweight_long(copies), "a copy told twice");
	KUNIT_EXPECT_EQ_MSG(test, outcome.num_again, outcome.num_copies, "a walk begun elsewhere");
}

KUNIT_DEFINE_ACTION_WRAPPER(destroy_switch, hvnet_switch_destroy, struct hvnet_switch *);

static struct hvnet_switch *make_switch(struct kunit *test, unsigned int num_vports)
{
	struct hvnet_switch *sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sw);
	KUNIT_ASSERT_EQ(test, hvnet_switch_init(sw, num_vports), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, destroy_switch, sw), 0);
	return sw;
}

/* Every test starts with eight active vports and no filter. */
static int switch_test_init(struct kunit *test)
{
	struct hvnet_switch *sw = make_switch(test, NUM_VPORTS);
	u16 vport;

	for (vport = 0; vport < NUM_VPORTS; vport++)
		KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_active(sw, vport, true), 0);
	test->priv = sw;
	return 0;
}

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

/* Adding a filter to a switch that has those of filter_base. */
struct add_case {
	const char *name;
	struct filter_spec filter;
	int err;
};

static const struct filter_spec filter_base[] = {
	{ 1, MAC_A, ANY },
	{ 1, MAC_B, 5 },
	{ 1, GROUP_A, ANY },
};

static const struct add_case add_cases[] = {
	{ "new address", { 2, MAC_C, ANY }, 0 },
	{ "VLAN beside one's own any VLAN", { 1, MAC_A, 5 }, 0 },
	{ "any VLAN beside one's own VLAN", { 1, MAC_B, ANY }, 0 },
	{ "second VLAN", { 1, MAC_B, 6 }, 0 },
	{ "untagged beside VLAN", { 1, MAC_B, 0 }, 0 },
	{ "highest VLAN", { 2, MAC_C, 4094 }, 0 },
	{ "highest vport", { NUM_VPORTS - 1, MAC_C, ANY }, 0 },
	{ "second member", { 2, GROUP_A, ANY }, 0 },
	{ "same filter", { 1, MAC_A, ANY }, -EEXIST },
	{ "same VLAN filter", { 1, MAC_B, 5 }, -EEXIST },
	{ "same group", { 1, GROUP_A, ANY }, -EEXIST },
	{ "another's address", { 2, MAC_A, ANY }, -EEXIST },
	{ "VLAN of another's any VLAN", { 2, MAC_A, 5 }, -EEXIST },
	{ "any VLAN over another's VLAN", { 2, MAC_B, ANY }, -EEXIST },
	{ "another's VLAN", { 2, MAC_B, 5 }, -EEXIST },
	{ "address another has in other VLANs", { 2, MAC_B, 6 }, -EEXIST },
	{ "zero address", { 1, 0, ANY }, -EINVAL },
	{ "broadcast", { 1, BROADCAST, ANY }, -EINVAL },
	{ "vport out of range", { NUM_VPORTS, MAC_C, ANY }, -EINVAL },
	{ "group, vport out of range", { NUM_VPORTS, GROUP_A, ANY }, -EINVAL },
	{ "uplink as vport", { UPLINK, MAC_C, ANY }, -EINVAL },
	{ "no vport", { NONE, MAC_C, ANY }, -EINVAL },
	{ "reserved VLAN", { 1, MAC_C, 4095 }, -EINVAL },
	{ "VLAN of 13 bits", { 1, MAC_C, 0x1005 }, -EINVAL },
	{ "VLAN just below any", { 1, MAC_C, 0xfffe }, -EINVAL },
	{ "group in a VLAN", { 1, GROUP_B, 5 }, -EOPNOTSUPP },
	{ "group untagged", { 1, GROUP_B, 0 }, -EOPNOTSUPP },
};

KUNIT_ARRAY_PARAM_DESC(add, add_cases, name);

static unsigned int count_all_filters(struct hvnet_switch *sw)
{
	unsigned int num = 0;
	u16 vport;

	for (vport = 0; vport < NUM_VPORTS; vport++)
		num += hvnet_switch_num_filters(sw, vport);
	return num;
}

static void add_base(struct kunit *test)
{
	const struct filter_spec *filter = filter_base;

	for (; filter < filter_base + ARRAY_SIZE(filter_base); filter++)
		KUNIT_ASSERT_EQ(test, add(test->priv, filter->vport, filter->mac, filter->vlan), 0);
}

static void expect_base(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_EXPECT_EQ(test, hvnet_switch_num_filters(sw, 1), ARRAY_SIZE(filter_base));
	KUNIT_EXPECT_EQ(test, count_all_filters(sw), ARRAY_SIZE(filter_base));
	expect(test, UPLINK, MAC_A, 5, 1, false, 0);
	expect(test, UPLINK, MAC_B, 5, 1, false, 0);
	expect(test, UPLINK, MAC_B, 6, NONE, false, 0);
	expect(test, UPLINK, MAC_C, 0, NONE, false, 0);
	expect(test, UPLINK, GROUP_A, 0, NONE, false, BIT(1));
	expect(test, UPLINK, GROUP_B, 0, NONE, false, 0);
}

static void filter_add_answers(struct kunit *test)
{
	const struct add_case *c = test->param_value;
	const struct filter_spec *f = &c->filter;
	struct hvnet_switch *sw = test->priv;

	add_base(test);
	KUNIT_EXPECT_EQ(test, add(sw, f->vport, f->mac, f->vlan), c->err);
	if (!c->err) {
		KUNIT_EXPECT_EQ(test, count_all_filters(sw), ARRAY_SIZE(filter_base) + 1);
		KUNIT_EXPECT_EQ(test, del(sw, f->vport, f->mac, f->vlan), 0);
	}
	expect_base(test);
}

/* Removing a filter from such a switch. */
static const struct add_case del_cases[] = {
	{ "unknown address", { 1, MAC_C, ANY }, -ENOENT },
	{ "another's address", { 2, MAC_A, ANY }, -ENOENT },
	{ "another's VLAN", { 2, MAC_B, 5 }, -ENOENT },
	{ "VLAN, there is only any", { 1, MAC_A, 5 }, -ENOENT },
	{ "any, there is only a VLAN", { 1, MAC_B, ANY }, -ENOENT },
	{ "other VLAN", { 1, MAC_B, 6 }, -ENOENT },
	{ "not a member", { 2, GROUP_A, ANY }, -ENOENT },
	{ "unknown group", { 1, GROUP_B, ANY }, -ENOENT },
	{ "group in a VLAN", { 1, GROUP_A, 5 }, -ENOENT },
	{ "vport out of range", { 0xfff0, GROUP_A, ANY }, -ENOENT },
	{ "zero address", { 1, 0, ANY }, -ENOENT },
	{ "reserved VLAN", { 1, MAC_A, 4095 }, -ENOENT },
};

KUNIT_ARRAY_PARAM_DESC(del, del_cases, name);

static void filter_del_answers(struct kunit *test)
{
	const struct add_case *c = test->param_value;
	const struct filter_spec *f = &c->filter;

	add_base(test);
	KUNIT_EXPECT_EQ(test, del(test->priv, f->vport, f->mac, f->vlan), c->err);
	expect_base(test);
}

static void deleted_filter_no_longer_matches(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	add_base(test);
	KUNIT_ASSERT_EQ(test, add(sw, 1, MAC_A, 5), 0);
	KUNIT_ASSERT_EQ(test, add(sw, 2, GROUP_A, ANY), 0);

	KUNIT_EXPECT_EQ(test, del(sw, 1, MAC_A, ANY), 0);
	expect(test, UPLINK, MAC_A, 5, 1, false, 0);
	expect(test, UPLINK, MAC_A, 6, NONE, false, 0);
	KUNIT_EXPECT_EQ(test, del(sw, 1, MAC_A, 5), 0);
	expect(test, UPLINK, MAC_A, 5, NONE, false, 0);
	KUNIT_EXPECT_EQ(test, del(sw, 1, MAC_B, 5), 0);
	expect(test, UPLINK, MAC_B, 5, NONE, false, 0);
	KUNIT_EXPECT_EQ(test, del(sw, 1, GROUP_A, ANY), 0);
	expect(test, UPLINK, GROUP_A, 0, NONE, false, BIT(2));
	KUNIT_EXPECT_EQ(test, del(sw, 2, GROUP_A, ANY), 0);
	expect(test, UPLINK, GROUP_A, 0, NONE, false, 0);
	KUNIT_EXPECT_EQ(test, count_all_filters(sw), 0);
}

static void deleted_address_may_change_hands(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	KUNIT_ASSERT_EQ(test, add(sw, 1, MAC_A, ANY), 0);
	KUNIT_ASSERT_EQ(test, add(sw, 1, MAC_A, 5), 0);
	KUNIT_EXPECT_EQ(test, del(sw, 1, MAC_A, ANY), 0);
	KUNIT_EXPECT_EQ(test, add(sw, 2, MAC_A, ANY), -EEXIST);
	KUNIT_EXPECT_EQ(test, del(sw, 1, MAC_A, 5), 0);
	KUNIT_EXPECT_EQ(test, add(sw, 2, MAC_A, ANY), 0);
	expect(test, UPLINK, MAC_A, 5, 2, false, 0);
}

static void flush_removes_all_filters(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	add_base(test);
	KUNIT_ASSERT_EQ(test, add(sw, 2, GROUP_A, ANY), 0);
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 3, HVNET_VPORT_ALLMULTI), 0);
	hvnet_switch_filter_flush(sw);

	KUNIT_EXPECT_EQ(test, count_all_filters(sw), 0);
	expect(test, UPLINK, MAC_A, 5, NONE, false, 0);
	expect(test, UPLINK, MAC_B, 5, NONE, false, 0);
	expect(test, UPLINK, GROUP_A, 0, NONE, false, BIT(3));
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 3, 0), 0);
	add_base(test);
	expect_base(test);
}

static void vport_reset_keeps_filters(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;

	add_base(test);
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_flags(sw, 1, HVNET_VPORT_PROMISC), 0);
	expect(test, UPLINK, MAC_C, 0, NONE, false, BIT(1));
	hvnet_switch_vport_reset(sw, 1);

	expect(test, UPLINK, MAC_A, 0, 1, false, 0);
	expect(test, UPLINK, GROUP_A, 0, NONE, false, 0);
	expect(test, UPLINK, BROADCAST, 0, NONE, false, 0xfd);
	KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_active(sw, 1, true), 0);
	expect_base(test);
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

static void fill_vport(struct kunit *test, u16 vport, unsigned int max)
{
	struct hvnet_switch *sw = test->priv;
	unsigned int i;

	for (i = 0; i < max; i++)
		KUNIT_ASSERT_EQ(test, add(sw, vport, (i & 1 ? GROUP_A : MAC_A) + (i << 8), ANY), 0);
	KUNIT_EXPECT_EQ(test, hvnet_switch_num_filters(sw, vport), max);
	KUNIT_EXPECT_EQ(test, add(sw, vport, MAC_C, ANY), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(sw, vport, MAC_C, 5), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(sw, vport, MAC_A, 5), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(sw, vport, GROUP_B, ANY), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(sw, vport, MAC_A, ANY), -EEXIST);
	KUNIT_EXPECT_EQ(test, hvnet_switch_num_filters(sw, vport), max);
	KUNIT_EXPECT_EQ(test, add(sw, 3, MAC_C, ANY), 0);
	KUNIT_EXPECT_EQ(test, del(sw, vport, MAC_A, ANY), 0);
	KUNIT_EXPECT_EQ(test, add(sw, vport, GROUP_B, ANY), 0);
}

static void vport_filters_are_bounded(struct kunit *test)
{
	fill_vport(test, 1, HVNET_SWITCH_MAX_FILTERS);
}

static void pf_filters_are_bounded(struct kunit *test)
{
	fill_vport(test, PF, HVNET_SWITCH_MAX_FILTERS_PF);
}

static void groups_are_bounded(struct kunit *test)
{
	unsigned int vports = HVNET_SWITCH_MAX_GROUPS / HVNET_SWITCH_MAX_FILTERS;
	struct hvnet_switch *sw = make_switch(test, vports + 2);
	unsigned int i;

	for (i = 0; i < HVNET_SWITCH_MAX_GROUPS; i++)
		KUNIT_ASSERT_EQ(test, add(sw, 1 + i % vports, GROUP_A + (i << 8), ANY), 0);
	KUNIT_EXPECT_EQ(test, add(sw, PF, GROUP_B, ANY), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(sw, PF, GROUP_A, ANY), 0);
	KUNIT_EXPECT_EQ(test, add(sw, PF, MAC_A, ANY), 0);
	KUNIT_EXPECT_EQ(test, del(sw, PF, GROUP_A, ANY), 0);
	KUNIT_EXPECT_EQ(test, add(sw, PF, GROUP_B, ANY), -ENOSPC);
	KUNIT_EXPECT_EQ(test, del(sw, 1, GROUP_A, ANY), 0);
	KUNIT_EXPECT_EQ(test, add(sw, PF, GROUP_B, ANY), 0);
	hvnet_switch_filter_flush(sw);
	KUNIT_EXPECT_EQ(test, add(sw, PF, GROUP_A, ANY), 0);
}

struct walk {
	struct filter_spec seen[8];
	unsigned int num;
	unsigned int stop_at;
};

static int walk_collect(const struct hvnet_switch_filter *filter, void *arg)
{
	struct walk *walk = arg;

	if (walk->num < ARRAY_SIZE(walk->seen))
		walk->seen[walk->num] = (struct filter_spec){
			filter->vport, get_unaligned_be48(filter->mac), filter->vlan,
		};
	walk->num++;
	return walk->num == walk->stop_at ? -EINTR : 0;
}

static void walk_tells_every_filter(struct kunit *test)
{
	static const struct filter_spec all[] = {
		{ 1, MAC_A, ANY }, { 1, MAC_A, 0 }, { 1, MAC_A, 5 }, { 1, MAC_B, 5 },
		{ 1, GROUP_A, ANY }, { 7, GROUP_A, ANY },
	};
	struct hvnet_switch *sw = test->priv;
	struct walk walk = {};
	unsigned int i;

	KUNIT_EXPECT_EQ(test, hvnet_switch_walk_filters(sw, walk_collect, &walk), 0);
	KUNIT_EXPECT_EQ(test, walk.num, 0);
	for (i = 0; i < ARRAY_SIZE(all); i++)
		KUNIT_ASSERT_EQ(test, add(sw, all[i].vport, all[i].mac, all[i].vlan), 0);

	KUNIT_EXPECT_EQ(test, hvnet_switch_walk_filters(sw, walk_collect, &walk), 0);
	KUNIT_ASSERT_EQ(test, walk.num, ARRAY_SIZE(all));
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		KUNIT_EXPECT_EQ(test, walk.seen[i].vport, all[i].vport);
		KUNIT_EXPECT_EQ(test, walk.seen[i].mac, all[i].mac);
		KUNIT_EXPECT_EQ(test, walk.seen[i].vlan, all[i].vlan);
	}
	for (i = 1; i <= ARRAY_SIZE(all); i++) {
		walk = (struct walk){ .stop_at = i };
		KUNIT_EXPECT_EQ(test, hvnet_switch_walk_filters(sw, walk_collect, &walk), -EINTR);
		KUNIT_EXPECT_EQ(test, walk.num, i);
	}
}

/* The allocation with this number fails, counted down from when it is set. */
static int failing_alloc;

static void *alloc_that_fails(size_t size)
{
	return --failing_alloc ? kvzalloc(size, GFP_KERNEL) : NULL;
}

static void init_without_memory(struct kunit *test)
{
	struct hvnet_switch *sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);
	int nth;

	KUNIT_ASSERT_NOT_NULL(test, sw);
	kunit_activate_static_stub(test, hvnet_switch_alloc, alloc_that_fails);
	for (nth = 1; nth <= 5; nth++) {
		failing_alloc = nth;
		KUNIT_EXPECT_EQ_MSG(test, hvnet_switch_init(sw, NUM_VPORTS), -ENOMEM,
				    "allocation %d", nth);
	}
	failing_alloc = nth;
	make_switch(test, NUM_VPORTS);
	KUNIT_EXPECT_EQ_MSG(test, failing_alloc, 1, "an allocation more or less than tested");
}

struct memory_case {
	const char *name;
	struct filter_spec filter;
	int nth;
};

static const struct memory_case memory_cases[] = {
	{ "address", { 2, MAC_C, ANY }, 1 },
	{ "address for a VLAN", { 2, MAC_C, 5 }, 1 },
	{ "VLAN of a new address", { 2, MAC_C, 5 }, 2 },
	{ "VLAN of a known address", { 1, MAC_B, 6 }, 1 },
	{ "VLAN beside any", { 1, MAC_A, 6 }, 1 },
	{ "group", { 1, GROUP_B, ANY }, 1 },
};

KUNIT_ARRAY_PARAM_DESC(memory, memory_cases, name);

static void add_without_memory_leaves_no_trace(struct kunit *test)
{
	const struct memory_case *c = test->param_value;
	const struct filter_spec *f = &c->filter;
	struct hvnet_switch *sw = test->priv;
	struct walk walk = {};

	add_base(test);
	kunit_activate_static_stub(test, hvnet_switch_alloc, alloc_that_fails);
	failing_alloc = c->nth;
	KUNIT_EXPECT_EQ(test, add(sw, f->vport, f->mac, f->vlan), -ENOMEM);
	kunit_deactivate_static_stub(test, hvnet_switch_alloc);

	expect_base(test);
	KUNIT_EXPECT_EQ(test, hvnet_switch_walk_filters(sw, walk_collect, &walk), 0);
	KUNIT_EXPECT_EQ(test, walk.num, ARRAY_SIZE(filter_base));
	if (f->mac == MAC_C)
		KUNIT_EXPECT_EQ_MSG(test, add(sw, 3, MAC_C, ANY), 0, "the address is still owned");
	else
		KUNIT_EXPECT_EQ(test, add(sw, f->vport, f->mac, f->vlan), 0);
}

static u64 large_mac(u16 vport, unsigned int i)
{
	return MAC_A + ((u64)vport << 24) + ((u64)i << 20);
}

static void large_fill(struct kunit *test, struct hvnet_switch *sw)
{
	u16 vport;

	for (vport = 0; vport < LARGE_VPORTS; vport++) {
		if (add(sw, vport, large_mac(vport, 0), ANY) ||
		    add(sw, vport, large_mac(vport, 1), vport % 4095) ||
		    add(sw, vport, GROUP_A, ANY) ||
		    add(sw, vport, GROUP_B + (vport % 64 << 8), ANY) ||
		    hvnet_switch_vport_set_active(sw, vport, true))
			KUNIT_FAIL_AND_ABORT(test, "vport %u", vport);
	}
}

static void large_check(struct kunit *test, struct hvnet_switch *sw, struct outcome *outcome)
{
	u16 vport;

	for (vport = 0; vport < LARGE_VPORTS; vport++) {
		send(sw, UPLINK, large_mac(vport, 0), 7, outcome);
		KUNIT_ASSERT_EQ(test, outcome->unicast, vport);
		send(sw, UPLINK, large_mac(vport, 1), vport % 4095, outcome);
		KUNIT_ASSERT_EQ(test, outcome->unicast, vport);
		send(sw, UPLINK, large_mac(vport, 1), (vport + 1) % 4095, outcome);
		KUNIT_ASSERT_EQ(test, outcome->unicast, NONE);
	}
}

static void switch_with_4096_vfs(struct kunit *test)
{
	struct outcome *outcome = kunit_kzalloc(test, sizeof(*outcome), GFP_KERNEL);
	struct hvnet_switch *sw = make_switch(test, LARGE_VPORTS);
	u16 vport;

	KUNIT_ASSERT_NOT_NULL(test, outcome);
	large_fill(test, sw);
	large_check(test, sw, outcome);

	send(sw, LARGE_VPORTS - 1, BROADCAST, 0, outcome);
	KUNIT_EXPECT_EQ(test, outcome->num_copies, LARGE_VPORTS - 1);
	KUNIT_EXPECT_FALSE(test, test_bit(LARGE_VPORTS - 1, outcome->copies));
	send(sw, UPLINK, GROUP_A, 0, outcome);
	KUNIT_EXPECT_EQ(test, outcome->num_copies, LARGE_VPORTS);
	KUNIT_EXPECT_TRUE(test, bitmap_full(outcome->copies, LARGE_VPORTS));

	/* Members one word apart; the last is alone in the summary's second word. */
	send(sw, UPLINK, GROUP_B, 0, outcome);
	KUNIT_EXPECT_EQ(test, outcome->num_copies, 65);
	KUNIT_EXPECT_EQ(test, outcome->num_again, 65);
	for (vport = 0; vport < LARGE_VPORTS; vport += 64)
		KUNIT_EXPECT_TRUE(test, test_bit(vport, outcome->copies));

	for (vport = 0; vport < LARGE_VPORTS; vport++)
		KUNIT_ASSERT_EQ(test, del(sw, vport, GROUP_A, ANY), 0);
	send(sw, UPLINK, GROUP_A, 0, outcome);
	KUNIT_EXPECT_EQ(test, outcome->num_copies, 0);
	KUNIT_EXPECT_EQ(test, hvnet_switch_vport_set_flags(sw, 4096, HVNET_VPORT_PROMISC), 0);
	send(sw, UPLINK, MAC_B, 0, outcome);
	KUNIT_EXPECT_EQ(test, outcome->num_copies, 1);
	KUNIT_EXPECT_TRUE(test, test_bit(4096, outcome->copies));
}

/* The number in the first two bytes, but not in the group bit. */
static u64 vendor_mac(unsigned int i)
{
	return (u64)(i >> 5) << 41 | (u64)(i & 31) << 32 | 1;
}

/* Addresses that differ in their first bytes only must not fall together. */
static void addresses_of_many_vendors(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;
	struct outcome outcome;
	unsigned int i;

	for (i = 0; i < HVNET_SWITCH_MAX_FILTERS_PF; i++)
		KUNIT_ASSERT_EQ(test, add(sw, PF, vendor_mac(i), ANY), 0);
	for (i = 0; i < HVNET_SWITCH_MAX_FILTERS_PF; i++) {
		send(sw, UPLINK, vendor_mac(i), 0, &outcome);
		KUNIT_ASSERT_EQ(test, outcome.unicast, PF);
	}
}

/*
 * What must hold while the switch changes: MAC_A and membership of vport 1 in GROUP_A stay, MAC_B
 * belongs to vport 2 or 3 or nobody, vports 4 and 5 come and go everywhere, 6 and 7 are silent.
 */
struct reader {
	struct hvnet_switch *sw;
	struct task_struct *task;
	unsigned long frames;
	unsigned long wrong;
};

static bool reader_is_content(struct hvnet_switch *sw)
{
	unsigned long coming = BIT(4) | BIT(5);
	struct outcome outcome;

	send(sw, UPLINK, MAC_A, 5, &outcome);
	if (outcome.unicast != 1 || outcome.copies[0] & ~coming)
		return false;
	send(sw, UPLINK, MAC_B, 5, &outcome);
	if ((outcome.unicast != 2 && outcome.unicast != 3 && outcome.unicast != NONE) ||
	    outcome.copies[0] & ~coming)
		return false;
	send(sw, UPLINK, GROUP_A, 0, &outcome);
	if ((outcome.copies[0] & ~coming) != BIT(1))
		return false;
	send(sw, 1, GROUP_B, 0, &outcome);
	if (outcome.copies[0] & ~coming || !outcome.uplink)
		return false;
	send(sw, UPLINK, BROADCAST, 0, &outcome);
	return (outcome.copies[0] & ~coming) == 0x0f &&
	       outcome.num_copies == hweight_long(outcome.copies[0]);
}

static int reader_run(void *arg)
{
	struct reader *reader = arg;
	bool content;

	while (!kthread_should_stop()) {
		local_bh_disable();
		content = reader_is_content(reader->sw);
		local_bh_enable();
		reader->wrong += !content;
		WRITE_ONCE(reader->frames, reader->frames + 1);
		cond_resched();
	}
	return 0;
}

static void reader_start(struct kunit *test, struct reader *reader)
{
	unsigned int i;

	reader->sw = test->priv;
	reader->task = kthread_run(reader_run, reader, "hvnet_reader");
	if (IS_ERR(reader->task))
		return;
	for (i = 0; i < 5000 && !READ_ONCE(reader->frames); i++)
		usleep_range(1000, 2000);
}

static int change_everything(struct hvnet_switch *sw, unsigned int round)
{
	unsigned int owner = 2 + round % 2, vport = 4 + round % 2, i;
	int err = 0;

	err |= add(sw, owner, MAC_B, round & 2 ? ANY : 5);
	err |= add(sw, owner, MAC_B, 6);
	err |= add(sw, vport, GROUP_A, ANY);
	err |= add(sw, vport, GROUP_B, ANY);
	err |= hvnet_switch_vport_set_active(sw, vport, round & 4);
	err |= hvnet_switch_vport_set_flags(sw, vport, round & HVNET_VPORT_PROMISC);
	for (i = 0; i < 64; i++)
		err |= add(sw, 6, MAC_C + (i << 8), i);
	for (i = 0; i < 64; i++)
		err |= del(sw, 6, MAC_C + (i << 8), i);
	hvnet_switch_vport_reset(sw, vport);
	err |= del(sw, vport, GROUP_B, ANY);
	err |= del(sw, vport, GROUP_A, ANY);
	err |= del(sw, owner, MAC_B, 6);
	err |= del(sw, owner, MAC_B, round & 2 ? ANY : 5);
	return err;
}

static void readers_see_old_or_new(struct kunit *test)
{
	struct hvnet_switch *sw = test->priv;
	unsigned int i, round, err = 0;
	struct reader readers[2] = {};
	unsigned long end;

	KUNIT_ASSERT_EQ(test, add(sw, 1, MAC_A, ANY), 0);
	KUNIT_ASSERT_EQ(test, add(sw, 1, GROUP_A, ANY), 0);
	for (i = 4; i < NUM_VPORTS; i++)
		hvnet_switch_vport_reset(sw, i);

	for (i = 0; i < ARRAY_SIZE(readers); i++)
		reader_start(test, &readers[i]);
	end = jiffies + 3 * HZ;
	for (round = 0; (round < 8 || time_before(jiffies, end)) && !err; round++) {
		err = change_everything(sw, round);
		cond_resched();
	}
	for (i = 0; i < ARRAY_SIZE(readers); i++) {
		if (!IS_ERR(readers[i].task))
			kthread_stop(readers[i].task);
		KUNIT_EXPECT_NE(test, readers[i].frames, 0);
		KUNIT_EXPECT_EQ(test, readers[i].wrong, 0);
	}
	KUNIT_EXPECT_EQ(test, err, 0);
}

static struct kunit_case switch_test_cases[] = {
	KUNIT_CASE_PARAM(frame_goes_where_it_should, frame_gen_params),
	KUNIT_CASE_PARAM(filter_add_answers, add_gen_params),
	KUNIT_CASE_PARAM(filter_del_answers, del_gen_params),
	KUNIT_CASE(deleted_filter_no_longer_matches),
	KUNIT_CASE(deleted_address_may_change_hands),
	KUNIT_CASE(flush_removes_all_filters),
	KUNIT_CASE(vport_reset_keeps_filters),
	KUNIT_CASE(vport_out_of_range_is_refused),
	KUNIT_CASE(unknown_flag_is_refused),
	KUNIT_CASE(flags_may_be_repeated),
	KUNIT_CASE(new_switch_sends_to_no_vport),
	KUNIT_CASE(number_of_vports_is_checked),
	KUNIT_CASE(vport_filters_are_bounded),
	KUNIT_CASE_SLOW(pf_filters_are_bounded),
	KUNIT_CASE_SLOW(groups_are_bounded),
	KUNIT_CASE(walk_tells_every_filter),
	KUNIT_CASE(init_without_memory),
	KUNIT_CASE_PARAM(add_without_memory_leaves_no_trace, memory_gen_params),
	KUNIT_CASE_SLOW(switch_with_4096_vfs),
	KUNIT_CASE(addresses_of_many_vendors),
	KUNIT_CASE_SLOW(readers_see_old_or_new),
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
