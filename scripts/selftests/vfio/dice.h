/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers, the same for the same seed. */
#ifndef SELFTEST_DICE_H
#define SELFTEST_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

static inline uint64_t dice_roll(struct dice *dice)
{
	uint64_t x = dice->state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	dice->state = x;
	return x * 0x2545f4914f6cdd1dull;
}

static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
	return (dice_roll(dice) >> 32) * n >> 32;
}

static inline bool dice_percent(struct dice *dice, unsigned int percent)
{
	return dice_below(dice, 100) < percent;
}

#endif
