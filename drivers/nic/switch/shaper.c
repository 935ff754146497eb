// SPDX-License-Identifier: GPL-2.0
/*
 * A token bucket.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "shaper.h"

/* Rounded up, so that the rate is never exceeded. */
static u64 duration(const struct hvnet_shaper *shaper, u32 bytes)
{
	return div_u64(bytes * 8ULL * NSEC_PER_USEC + shaper->rate - 1, shaper->rate);
}

/**
 * hvnet_shaper_set() - change the rate
 * @shaper: the bucket; zeroes are one without a rate
 * @rate: Mb/s, at most HVNET_POLICY_MAX_RATE; 0: none
 * @now: the time
 *
 * The bucket is empty then.  The same rate again changes nothing.
 */
void hvnet_shaper_set(struct hvnet_shaper *shaper, u32 rate, u64 now)
{
	u64 grant = div_u64((u64)rate * HVNET_SHAPER_GRANT_NS, 8 * NSEC_PER_USEC);

	if (rate == shaper->rate)
		return;
	shaper->rate = rate;
	shaper->grant = max(grant, HVNET_SHAPER_MIN_GRANT);
	shaper->time = now;
	shaper->generation++;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_shaper_set);

/**
 * hvnet_shaper_ask() - get a grant
 * @shaper: a bucket with a rate
 * @now: the time
 * @debt: bytes by which the last grant was exceeded
 *
 * Return: the time from which on @shaper->grant bytes may be sent.
 */
u64 hvnet_shaper_ask(struct hvnet_shaper *shaper, u64 now, u32 debt)
{
	u64 saved = min(now, HVNET_SHAPER_DEPTH_NS);
	u64 from = max(shaper->time, now - saved) + duration(shaper, debt);

	shaper->time = from + duration(shaper, shaper->grant);
	return from;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_shaper_ask);
