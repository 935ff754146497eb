// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the filters of the NIC switch: their limits, and want of memory.
 */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/module.h>

#include "switch.h"

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
	for (nth = 1; nth <= 6; nth++) {
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

static struct kunit_case filter_test_cases[] = {
	KUNIT_CASE_PARAM(filter_add_answers, add_gen_params),
	KUNIT_CASE_PARAM(filter_del_answers, del_gen_params),
	KUNIT_CASE(deleted_filter_no_longer_matches),
	KUNIT_CASE(deleted_address_may_change_hands),
	KUNIT_CASE(flush_removes_all_filters),
	KUNIT_CASE(vport_reset_keeps_filters),
	KUNIT_CASE(vport_filters_are_bounded),
	KUNIT_CASE_SLOW(pf_filters_are_bounded),
	KUNIT_CASE_SLOW(groups_are_bounded),
	KUNIT_CASE(walk_tells_every_filter),
	KUNIT_CASE(init_without_memory),
	KUNIT_CASE_PARAM(add_without_memory_leaves_no_trace, memory_gen_params),
	{}
};

static struct kunit_suite filter_test_suite = {
	.name = "hvnet_filter",
	.init = switch_test_init,
	.test_cases = filter_test_cases,
};

kunit_test_suite(filter_test_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet filters");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
