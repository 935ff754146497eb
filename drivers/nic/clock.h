/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A clock whose time and rate can be set: arithmetic over a counter that never is.  Pure: the
 * counter is passed in, the caller serialises.
 */
#ifndef HVNET_NIC_CLOCK_H
#define HVNET_NIC_CLOCK_H

#include <linux/types.h>

#include <hvnet/abi/admin.h>

/**
 * struct hvnet_clock - a clock
 * @counter: what the counter said when the clock was last changed, in ns
 * @time: what the clock said then, in ns
 * @fraction: and beyond, in 2^-62 ns
 * @step: by how much it goes on in a ns of the counter, in 2^-62 ns
 */
struct hvnet_clock {
	u64 counter;
	u64 time;
	u64 fraction;
	u64 step;
};

void hvnet_clock_init(struct hvnet_clock *clock, u64 counter);
u64 hvnet_clock_read(const struct hvnet_clock *clock, u64 counter);
void hvnet_clock_set(struct hvnet_clock *clock, u64 counter, u64 time);
void hvnet_clock_add(struct hvnet_clock *clock, u64 counter, s64 delta);
bool hvnet_clock_set_rate(struct hvnet_clock *clock, u64 counter, s64 rate);

#endif
