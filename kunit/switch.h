/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A NIC switch for tests, and what becomes of a frame in it.
 */
#ifndef HVNET_KUNIT_SWITCH_H
#define HVNET_KUNIT_SWITCH_H

#include <kunit/test.h>
#include <linux/bitmap.h>
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
	unsigned int num_told;
	DECLARE_BITMAP(copies, LARGE_VPORTS);
};

struct filter_spec {
	u16 vport;
	u64 mac;
	u16 vlan;
};

static inline int add(struct hvnet_switch *sw, u16 vport, u64 mac, u16 vlan)
{
	u8 bytes[6];

	put_unaligned_be48(mac, bytes);
	return hvnet_switch_filter_add(sw, vport, bytes, vlan);
}

static inline int del(struct hvnet_switch *sw, u16 vport, u64 mac, u16 vlan)
{
	u8 bytes[6];

	put_unaligned_be48(mac, bytes);
	return hvnet_switch_filter_del(sw, vport, bytes, vlan);
}

static inline void send(struct hvnet_switch *sw, u16 src, u64 mac, u16 vlan,
			struct outcome *outcome)
{
	struct hvnet_verdict verdict;
	u8 bytes[6];
	u16 vport;

	put_unaligned_be48(mac, bytes);
	bitmap_zero(outcome->copies, LARGE_VPORTS);
	outcome->num_copies = 0;
	outcome->num_again = 0;
	outcome->num_told = 0;

	rcu_read_lock();
	hvnet_switch_classify(sw, src, bytes, vlan, &verdict);
	hvnet_verdict_for_each_copy(&verdict, 0, vport) {
		struct hvnet_copy_iter again = hvnet_copy_iter_start(&verdict, vport);

		outcome->num_copies++;
		outcome->num_again += hvnet_copy_iter_next(&again) == vport;
		__set_bit(vport, outcome->copies);
	}
	for (vport = 0; vport < sw->num_vports; vport++)
		outcome->num_told += hvnet_verdict_has_copy(&verdict, vport) ==
				     test_bit(vport, outcome->copies);
	rcu_read_unlock();
	outcome->unicast = verdict.unicast;
	outcome->uplink = verdict.uplink;
}

static inline void expect(struct kunit *test, u16 src, u64 mac, u16 vlan, u16 unicast, bool uplink,
			  unsigned long copies)
{
	struct outcome outcome;

	send(test->priv, src, mac, vlan, &outcome);
	KUNIT_EXPECT_EQ(test, outcome.unicast, unicast);
	KUNIT_EXPECT_EQ(test, outcome.uplink, uplink);
	KUNIT_EXPECT_EQ(test, outcome.copies[0], copies);
	KUNIT_EXPECT_EQ_MSG(test, outcome.num_copies, hweight_long(copies), "a copy told twice");
	KUNIT_EXPECT_EQ_MSG(test, outcome.num_again, outcome.num_copies, "a walk begun elsewhere");
	KUNIT_EXPECT_EQ_MSG(test, outcome.num_told, NUM_VPORTS, "asked one by one");
}

KUNIT_DEFINE_ACTION_WRAPPER(destroy_switch, hvnet_switch_destroy, struct hvnet_switch *);

static inline struct hvnet_switch *make_switch(struct kunit *test, unsigned int num_vports)
{
	struct hvnet_switch *sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sw);
	KUNIT_ASSERT_EQ(test, hvnet_switch_init(sw, num_vports), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, destroy_switch, sw), 0);
	return sw;
}

/* Every test starts with eight active vports and no filter. */
static inline int switch_test_init(struct kunit *test)
{
	struct hvnet_switch *sw = make_switch(test, NUM_VPORTS);
	u16 vport;

	for (vport = 0; vport < NUM_VPORTS; vport++)
		KUNIT_ASSERT_EQ(test, hvnet_switch_vport_set_active(sw, vport, true), 0);
	test->priv = sw;
	return 0;
}

#endif
