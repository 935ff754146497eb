// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the adapter's clock.
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/time64.h>

#include "../drivers/nic/clock.h"

#define START		1234567890123456789ULL
#define SECOND		((u64)NSEC_PER_SEC)
#define YEAR		(365 * 86400 * SECOND)
#define PPM(n)		((s64)(n) * 65536)
#define FASTEST		HVNET_CLOCK_MAX_RATE

static void time_goes_by(struct kunit *test)
{
	struct hvnet_clock clock;

	hvnet_clock_init(&clock, START);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START), 0);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + 1), 1);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + SECOND), SECOND);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + 100 * YEAR), 100 * YEAR);
}

/* One processor may see the counter a little behind another. */
static void time_does_not_go_back(struct kunit *test)
{
	struct hvnet_clock clock;

	hvnet_clock_init(&clock, START);
	hvnet_clock_set(&clock, START + 100, 5000);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + 99), 5000);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START), 5000);
	hvnet_clock_add(&clock, START + 99, 1);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + 99), 5001);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + 101), 5002);
}

struct rate_case {
	const char *name;
	s64 rate;
	u64 after;	/* what the clock says when the counter has gone on by... */
	u64 count;
	bool refused;
};

static const struct rate_case rate_cases[] = {
	{ "nominal", 0, SECOND, SECOND },
	{ "1 ppm fast", PPM(1), SECOND + 1000, SECOND },
	/* The step is rounded down, and so is the time. */
	{ "1 ppm slow", PPM(-1), SECOND - 1000, SECOND },
	{ "1 ppb fast, about", 66, 1000 * SECOND + 1007, 1000 * SECOND },
	{ "slightest", 1, YEAR + 481201, YEAR },
	{ "slightest the other way", -1, YEAR - 481201, YEAR },
	{ "1000 ppm for a century", PPM(1000), 100 * YEAR + YEAR / 10, 100 * YEAR },
	{ "fastest", FASTEST, SECOND + SECOND / 10, SECOND },
	{ "fastest for a century", FASTEST, 110 * YEAR, 100 * YEAR },
	{ "slowest", -FASTEST, SECOND - SECOND / 10, SECOND },
	{ "slowest for a century", -FASTEST, 90 * YEAR, 100 * YEAR },
	{ "fastest for as long as the counter goes", FASTEST,
	  (u64)S64_MAX + (u64)S64_MAX / 10, S64_MAX },
	{ "too fast", FASTEST + 1, SECOND, SECOND, true },
	{ "too slow", -FASTEST - 1, SECOND, SECOND, true },
	{ "largest", S64_MAX, SECOND, SECOND, true },
	{ "smallest", S64_MIN, SECOND, SECOND, true },
	{ "twice as fast", PPM(1000000), SECOND, SECOND, true },
	{ "backwards", PPM(-2000000), SECOND, SECOND, true },
};

KUNIT_ARRAY_PARAM_DESC(rate, rate_cases, name);

/* To the ns, whatever the rate: it is exact to 2^-62. */
static void rate_is_kept(struct kunit *test)
{
	const struct rate_case *c = test->param_value;
	struct hvnet_clock clock;
	u64 time;

	hvnet_clock_init(&clock, START);
	KUNIT_ASSERT_EQ(test, hvnet_clock_set_rate(&clock, START, c->rate), !c->refused);
	time = hvnet_clock_read(&clock, START + c->count);
	KUNIT_EXPECT_LE(test, abs_diff(time, c->after), 1);
}

/* The time is the same before and after a change of rate, and the past keeps its own. */
static void rate_does_not_jump(struct kunit *test)
{
	struct hvnet_clock clock;
	u64 counter = START;

	hvnet_clock_init(&clock, counter);
	counter += SECOND;
	KUNIT_ASSERT_TRUE(test, hvnet_clock_set_rate(&clock, counter, FASTEST));
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, counter), SECOND);
	counter += SECOND;
	KUNIT_ASSERT_TRUE(test, hvnet_clock_set_rate(&clock, counter, -FASTEST));
	KUNIT_EXPECT_LE(test, abs_diff(hvnet_clock_read(&clock, counter), 21 * SECOND / 10), 1);
	counter += SECOND;
	KUNIT_ASSERT_FALSE(test, hvnet_clock_set_rate(&clock, counter, S64_MIN));
	counter += SECOND;
	KUNIT_EXPECT_LE(test, abs_diff(hvnet_clock_read(&clock, counter), 39 * SECOND / 10), 1);
}

/* Fractions of a ns are not lost when a servo changes the rate many times in a second. */
static void fractions_add_up(struct kunit *test)
{
	struct hvnet_clock clock;
	u64 counter = START;
	unsigned int i;

	hvnet_clock_init(&clock, counter);
	for (i = 0; i < 100000; i++) {
		/* A third of a ppm of 1001 ns: less than a thousandth of a ns each time. */
		KUNIT_ASSERT_TRUE(test, hvnet_clock_set_rate(&clock, counter, PPM(1) / 3));
		counter += 1001;
	}
	/* 100.1 ms, a third of a ppm of which is 33 ns. */
	KUNIT_EXPECT_LE(test, abs_diff(hvnet_clock_read(&clock, counter), counter - START + 33), 1);
}

struct step_case {
	const char *name;
	u64 time;
	s64 delta;
	u64 after;
};

static const struct step_case step_cases[] = {
	{ "nothing", 1000, 0, 1000 },
	{ "forward", 1000, 500, 1500 },
	{ "back", 1000, -500, 500 },
	{ "a century forward", 1000, 100 * YEAR, 1000 + 100 * YEAR },
	{ "a century back", 101 * YEAR, -(s64)(100 * YEAR), YEAR },
	{ "below zero", 1000, -1001, U64_MAX },
	{ "furthest forward", 1, S64_MAX, 1ULL << 63 },
	{ "furthest back", 1ULL << 63, S64_MIN, 0 },
	{ "around", U64_MAX, 1, 0 },
};

KUNIT_ARRAY_PARAM_DESC(step, step_cases, name);

static void step_is_taken(struct kunit *test)
{
	const struct step_case *c = test->param_value;
	struct hvnet_clock clock;

	hvnet_clock_init(&clock, START);
	hvnet_clock_set(&clock, START + 77, c->time);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + 77), c->time);
	hvnet_clock_add(&clock, START + 77, c->delta);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + 77), c->after);
	KUNIT_EXPECT_EQ(test, hvnet_clock_read(&clock, START + 177), c->after + 100);
}

static void steps_keep_the_rate(struct kunit *test)
{
	struct hvnet_clock clock;

	hvnet_clock_init(&clock, START);
	KUNIT_ASSERT_TRUE(test, hvnet_clock_set_rate(&clock, START, FASTEST));
	hvnet_clock_add(&clock, START, -5);
	hvnet_clock_set(&clock, START + SECOND, 0);
	KUNIT_EXPECT_LE(test, abs_diff(hvnet_clock_read(&clock, START + 2 * SECOND),
				       11 * SECOND / 10), 1);
}

static struct kunit_case clock_test_cases[] = {
	KUNIT_CASE(time_goes_by),
	KUNIT_CASE(time_does_not_go_back),
	KUNIT_CASE_PARAM(rate_is_kept, rate_gen_params),
	KUNIT_CASE(rate_does_not_jump),
	KUNIT_CASE(fractions_add_up),
	KUNIT_CASE_PARAM(step_is_taken, step_gen_params),
	KUNIT_CASE(steps_keep_the_rate),
	{ }
};

static struct kunit_suite clock_suite = {
	.name = "hvnet_clock",
	.test_cases = clock_test_cases,
};

kunit_test_suite(clock_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet's clock");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
