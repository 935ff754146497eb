/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A token bucket that hands out time: when may the next bytes go?
 *
 * Who wants to send asks for a grant, a fixed number of bytes, and is told from when on it may be
 * spent.  Grants follow each other at the rate, so several who ask are served in the order that
 * they asked in.  The last frame of a grant may exceed it: that is a debt, named with the next
 * question and waited for before the next grant.  A bucket that nobody asked for a while has saved
 * HVNET_SHAPER_DEPTH_NS of time.
 *
 * Times are in ns, of any clock that does not go backwards.  The caller serialises.
 */
#ifndef HVNET_SWITCH_SHAPER_H
#define HVNET_SWITCH_SHAPER_H

#include <linux/types.h>

/* What may be saved: as much as a thread that waits may come late. */
#define HVNET_SHAPER_DEPTH_NS	10000000

/* What a grant lasts at the rate, unless that is less than a frame. */
#define HVNET_SHAPER_GRANT_NS	500000
#define HVNET_SHAPER_MIN_GRANT	2048

/**
 * struct hvnet_shaper - a token bucket
 * @rate: Mb/s; 0: it is not in use
 * @grant: bytes of a grant
 * @time: when all that was granted has been sent
 * @generation: how often @rate was changed: grants end with it
 */
struct hvnet_shaper {
	u32 rate;
	u32 grant;
	u64 time;
	u32 generation;
};

void hvnet_shaper_set(struct hvnet_shaper *shaper, u32 rate, u64 now);
u64 hvnet_shaper_ask(struct hvnet_shaper *shaper, u64 now, u32 debt);

#endif
