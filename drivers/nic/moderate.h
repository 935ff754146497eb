/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupt moderation: a queue's interrupt is held back for a while, so that it stands for more
 * completions.
 *
 * It is owed from the completion that the driver asked to be told of until it is raised: by the
 * timer, or by whoever publishes enough completions before that.  Whoever clears @owed raises it.
 */
#ifndef HVNET_NIC_MODERATE_H
#define HVNET_NIC_MODERATE_H

#include <linux/compiler.h>
#include <linux/hrtimer.h>
#include <linux/types.h>

struct hvnet_fn;
struct hvnet_ring_config;

/* Bit of @owed. */
#define HVNET_MODERATOR_OWED	0

/**
 * struct hvnet_moderator - when a queue's interrupt is raised
 * @fn: whose queue
 * @ring: the queue's ring
 * @usecs: how long it is held back, in us; 0: not at all
 * @frames: frames that are completed meanwhile at the most; 0: any number
 * @owed: an interrupt is owed, and the timer started or about to be
 * @seen_frames: frames completed when completions were last published
 * @seen_index: index that was published then
 * @since_frames: the former, before the completion that the interrupt is owed for
 * @since_index: the latter
 * @timer: raises what is owed
 *
 * All but @usecs, @frames and @owed belong to who publishes completions of the queue.
 */
struct hvnet_moderator {
	struct hvnet_fn *fn;
	const struct hvnet_ring_config *ring;
	u32 usecs;
	u32 frames;
	unsigned long owed;
	u64 seen_frames;
	u64 since_frames;
	u32 seen_index;
	u32 since_index;
	struct hrtimer timer;
};

void hvnet_moderator_init(struct hvnet_moderator *moderator, struct hvnet_fn *fn,
			  const struct hvnet_ring_config *ring);
void hvnet_moderator_set(struct hvnet_moderator *moderator, u32 usecs, u32 frames);
void hvnet_moderator_stop(struct hvnet_moderator *moderator);
bool hvnet_moderator_hold(struct hvnet_moderator *moderator, bool wanted, u32 index, u64 frames);

/**
 * hvnet_moderator_due() - is the queue's interrupt to be raised now?
 * @moderator: the queue's
 * @wanted: completions were published that the driver had asked to be told of
 * @index: index that was published
 * @frames: frames completed so far
 *
 * Context: of who publishes, in a DMA section.
 *
 * Return: true if the caller is to raise it.
 */
static inline bool hvnet_moderator_due(struct hvnet_moderator *moderator, bool wanted, u32 index,
				       u64 frames)
{
	if (likely(!READ_ONCE(moderator->usecs)))
		return wanted;
	return hvnet_moderator_hold(moderator, wanted, index, frames);
}

#endif
