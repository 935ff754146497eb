// SPDX-License-Identifier: GPL-2.0
/*
 * The adapter's clock.
 */
#include <linux/timekeeping.h>

#include "phc.h"

/**
 * hvnet_phc_init() - let the clock run
 * @phc: to be filled in
 */
void hvnet_phc_init(struct hvnet_phc *phc)
{
	seqlock_init(&phc->lock);
	hvnet_clock_init(&phc->clock, ktime_get_raw_ns());
}

/**
 * hvnet_phc_now() - what time is it?
 * @phc: the clock
 *
 * Context: any, interrupts on or off.
 *
 * Return: the adapter's time in ns.
 */
u64 hvnet_phc_now(struct hvnet_phc *phc)
{
	unsigned int seq;
	u64 now;

	do {
		seq = read_seqbegin(&phc->lock);
		now = hvnet_clock_read(&phc->clock, ktime_get_raw_ns());
	} while (read_seqretry(&phc->lock, seq));
	return now;
}

/**
 * hvnet_phc_set() - set the time
 * @phc: the clock
 * @args: a copy of what the PF's driver wrote
 */
void hvnet_phc_set(struct hvnet_phc *phc, const struct hvnet_admin_clock *args)
{
	unsigned long flags;

	write_seqlock_irqsave(&phc->lock, flags);
	hvnet_clock_set(&phc->clock, ktime_get_raw_ns(), le64_to_cpu(args->value));
	write_sequnlock_irqrestore(&phc->lock, flags);
}

/**
 * hvnet_phc_step() - put the clock forward or back
 * @phc: the clock
 * @args: a copy of what the PF's driver wrote
 */
void hvnet_phc_step(struct hvnet_phc *phc, const struct hvnet_admin_clock *args)
{
	unsigned long flags;

	write_seqlock_irqsave(&phc->lock, flags);
	hvnet_clock_add(&phc->clock, ktime_get_raw_ns(), le64_to_cpu(args->value));
	write_sequnlock_irqrestore(&phc->lock, flags);
}

/**
 * hvnet_phc_set_rate() - let the clock run faster or slower
 * @phc: the clock
 * @args: a copy of what the PF's driver wrote
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_phc_set_rate(struct hvnet_phc *phc, const struct hvnet_admin_clock *args)
{
	unsigned long flags;
	bool ok;

	write_seqlock_irqsave(&phc->lock, flags);
	ok = hvnet_clock_set_rate(&phc->clock, ktime_get_raw_ns(), le64_to_cpu(args->value));
	write_sequnlock_irqrestore(&phc->lock, flags);
	return ok ? HVNET_OK : HVNET_E_RANGE;
}
