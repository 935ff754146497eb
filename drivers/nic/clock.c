// SPDX-License-Identifier: GPL-2.0
/*
 * A clock whose time and rate can be set.
 *
 * A product of 64 by 64 bits has 128, so nothing runs over however long the clock is left alone;
 * at this resolution the smallest rate that can be told is exact to less than a ns in a year.
 */
#include <kunit/visibility.h>
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "clock.h"

#define SHIFT		62
#define NOMINAL		BIT_ULL(SHIFT)

/* One as rates are told: in 2^-16 ppm. */
#define RATE_ONE	(1000000ULL << 16)

/* How far the counter has come since; one that went back stands still. */
static u64 counted(const struct hvnet_clock *clock, u64 counter)
{
	s64 count = counter - clock->counter;

	return max(count, 0);
}

/* By how much the time has gone on when the counter has by @count, in 2^-62 ns. */
static u128 elapsed(const struct hvnet_clock *clock, u64 count)
{
	return (u128)count * clock->step + clock->fraction;
}

/* What follows starts at @counter, where the time is what it was. */
static void rebase(struct hvnet_clock *clock, u64 counter)
{
	u64 count = counted(clock, counter);
	u128 more = elapsed(clock, count);

	clock->time += (u64)(more >> SHIFT);
	clock->fraction = (u64)more & (NOMINAL - 1);
	clock->counter += count;
}

/**
 * hvnet_clock_init() - a clock that says 0 and runs at its nominal rate
 * @clock: to be filled in
 * @counter: the counter, in ns
 */
void hvnet_clock_init(struct hvnet_clock *clock, u64 counter)
{
	*clock = (struct hvnet_clock){ .counter = counter, .step = NOMINAL };
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_clock_init);

/**
 * hvnet_clock_read() - what time is it?
 * @clock: the clock
 * @counter: the counter, in ns
 *
 * Return: the time in ns, modulo 2^64.
 */
u64 hvnet_clock_read(const struct hvnet_clock *clock, u64 counter)
{
	return clock->time + (u64)(elapsed(clock, counted(clock, counter)) >> SHIFT);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_clock_read);

/**
 * hvnet_clock_set() - set the time; the rate stays
 * @clock: the clock
 * @counter: the counter, in ns
 * @time: what time it is, in ns
 */
void hvnet_clock_set(struct hvnet_clock *clock, u64 counter, u64 time)
{
	rebase(clock, counter);
	clock->time = time;
	clock->fraction = 0;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_clock_set);

/**
 * hvnet_clock_add() - put the clock forward or back; the rate stays
 * @clock: the clock
 * @counter: the counter, in ns
 * @delta: by how much, in ns
 */
void hvnet_clock_add(struct hvnet_clock *clock, u64 counter, s64 delta)
{
	rebase(clock, counter);
	clock->time += delta;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_clock_add);

/**
 * hvnet_clock_set_rate() - let the clock run faster or slower from now on
 * @clock: the clock
 * @counter: the counter, in ns
 * @rate: how much faster than nominal, in 2^-16 ppm, any value
 *
 * Return: false if it cannot: nothing has changed.
 */
bool hvnet_clock_set_rate(struct hvnet_clock *clock, u64 counter, s64 rate)
{
	u64 diff;

	if (rate > HVNET_CLOCK_MAX_RATE || rate < -HVNET_CLOCK_MAX_RATE)
		return false;
	diff = mul_u64_u64_div_u64(NOMINAL, abs(rate), RATE_ONE);
	rebase(clock, counter);
	clock->step = rate < 0 ? NOMINAL - diff : NOMINAL + diff;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_clock_set_rate);
