// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of large NIC switches, and of changes while they are read.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "switch.h"

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

static struct kunit_case switch_scale_test_cases[] = {
	KUNIT_CASE_SLOW(switch_with_4096_vfs),
	KUNIT_CASE(addresses_of_many_vendors),
	KUNIT_CASE_SLOW(readers_see_old_or_new),
	{}
};

static struct kunit_suite switch_scale_test_suite = {
	.name = "hvnet_switch_scale",
	.init = switch_test_init,
	.test_cases = switch_scale_test_cases,
};

kunit_test_suite(switch_scale_test_suite);

MODULE_DESCRIPTION("KUnit tests of large hvnet NIC switches");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
