// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of what two ends of a link agree on.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../drivers/nic/link.h"

#define M1	HVNET_LINK_MODE_1000
#define M10	HVNET_LINK_MODE_10000
#define M25	HVNET_LINK_MODE_25000

struct resolve_case {
	const char *name;
	struct hvnet_link_end a, b;
	u32 speed;
};

static const struct resolve_case resolve_cases[] = {
	{ "all modes", { true, true, M1 | M10 | M25 }, { true, true, M1 | M10 | M25 }, 25000 },
	{ "one end is off", { true, true, M25 }, { false, true, M25 }, 0 },
	{ "both are off", { false, true, M25 }, { false, true, M25 }, 0 },
	{ "fastest in common", { true, true, M1 | M10 }, { true, true, M1 | M10 | M25 }, 10000 },
	{ "one in common", { true, true, M1 | M25 }, { true, true, M1 | M10 }, 1000 },
	{ "none in common", { true, true, M1 | M25 }, { true, true, M10 }, 0 },
	{ "the same by force", { true, false, M10 }, { true, false, M10 }, 10000 },
	{ "others by force", { true, false, M10 }, { true, false, M1 }, 0 },
	{ "one by force", { true, false, M1 }, { true, true, M1 | M10 | M25 }, 1000 },
	{ "one by force, not advertised", { true, false, M1 }, { true, true, M10 | M25 }, 0 },
};

KUNIT_ARRAY_PARAM_DESC(resolve, resolve_cases, name);

/* Whichever end is asked first. */
static void test_resolve(struct kunit *test)
{
	const struct resolve_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, hvnet_link_speed(hvnet_link_resolve(&c->a, &c->b)), c->speed);
	KUNIT_EXPECT_EQ(test, hvnet_link_speed(hvnet_link_resolve(&c->b, &c->a)), c->speed);
}

struct end_case {
	const char *name;
	u16 modes;
	bool autoneg, ok;
};

static const struct end_case end_cases[] = {
	{ "advertises all", M1 | M10 | M25, true, true },
	{ "advertises one", M10, true, true },
	{ "advertises none", 0, true, false },
	{ "advertises what is not", M1 | BIT(3), true, false },
	{ "advertises all ones", 0xffff, true, false },
	{ "uses one", M25, false, true },
	{ "uses two", M10 | M25, false, false },
	{ "uses none", 0, false, false },
	{ "uses what is not", BIT(15), false, false },
};

KUNIT_ARRAY_PARAM_DESC(end, end_cases, name);

static void test_end(struct kunit *test)
{
	const struct end_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, hvnet_link_end_ok(c->modes, c->autoneg), c->ok);
}

static void test_advertised(struct kunit *test)
{
	struct hvnet_link_end end = { true, true, M1 | M25 };

	KUNIT_EXPECT_EQ(test, hvnet_link_advertised(&end), M1 | M25);
	end.autoneg = false;
	KUNIT_EXPECT_EQ(test, hvnet_link_advertised(&end), 0);
	end.autoneg = true;
	end.on = false;
	KUNIT_EXPECT_EQ(test, hvnet_link_advertised(&end), 0);
}

static struct kunit_case link_cases[] = {
	KUNIT_CASE_PARAM(test_resolve, resolve_gen_params),
	KUNIT_CASE_PARAM(test_end, end_gen_params),
	KUNIT_CASE(test_advertised),
	{ }
};

static struct kunit_suite link_suite = {
	.name = "hvnet_link",
	.test_cases = link_cases,
};

kunit_test_suite(link_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet links");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
