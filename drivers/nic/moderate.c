// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt moderation.
 */
#include <linux/bitops.h>
#include <linux/ktime.h>

#include "adapter.h"
#include "function.h"
#include "moderate.h"
#include "msix.h"
#include "ring.h"

static enum hrtimer_restart raise(struct hrtimer *timer)
{
	struct hvnet_moderator *moderator = container_of(timer, struct hvnet_moderator, timer);
	struct hvnet_fn *fn = moderator->fn;

	if (test_and_clear_bit(HVNET_MODERATOR_OWED, &moderator->owed) &&
	    !READ_ONCE(fn->adapter->gone))
		hvnet_msix_raise(fn, READ_ONCE(moderator->ring->vector));
	return HRTIMER_NORESTART;
}

/**
 * hvnet_moderator_init() - raise a queue's interrupts at once
 * @moderator: the queue's
 * @fn: whose queue
 * @ring: its ring, which may change
 */
void hvnet_moderator_init(struct hvnet_moderator *moderator, struct hvnet_fn *fn,
			  const struct hvnet_ring_config *ring)
{
	moderator->fn = fn;
	moderator->ring = ring;
	/* In a softirq: what raises an interrupt may wake a guest's processor. */
	hrtimer_init(&moderator->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	moderator->timer.function = raise;
}

/**
 * hvnet_moderator_set() - say how long a queue's interrupts are held back from now on
 * @moderator: the queue's
 * @usecs: in us; 0: not at all
 * @frames: but no longer than until so many frames have been completed, if not 0
 *
 * What is owed already is raised when it would have been.
 */
void hvnet_moderator_set(struct hvnet_moderator *moderator, u32 usecs, u32 frames)
{
	WRITE_ONCE(moderator->frames, frames);
	WRITE_ONCE(moderator->usecs, usecs);
}

/**
 * hvnet_moderator_stop() - forget what is owed
 * @moderator: of a queue that is off
 *
 * Context: task.
 */
void hvnet_moderator_stop(struct hvnet_moderator *moderator)
{
	hrtimer_cancel(&moderator->timer);
	clear_bit(HVNET_MODERATOR_OWED, &moderator->owed);
}

/* Too much has been completed since the interrupt is owed for the driver not to know. */
static bool is_enough(const struct hvnet_moderator *moderator, u32 index, u64 frames)
{
	u32 max = READ_ONCE(moderator->frames);

	/* A ring must not run empty because its driver is not told. */
	if (index - moderator->since_index >= moderator->ring->size / 2)
		return true;
	return max && frames - moderator->since_frames >= max;
}

/**
 * hvnet_moderator_hold() - hvnet_moderator_due() for a queue whose interrupts are held back
 * @moderator: the queue's
 * @wanted: completions were published that the driver had asked to be told of
 * @index: index that was published
 * @frames: frames completed so far
 *
 * A driver that asks again while one is owed has looked at its ring since: time starts anew.
 *
 * Return: true if the caller is to raise it.
 */
bool hvnet_moderator_hold(struct hvnet_moderator *moderator, bool wanted, u32 index, u64 frames)
{
	u64 ns = READ_ONCE(moderator->usecs) * (u64)NSEC_PER_USEC;

	if (wanted) {
		moderator->since_frames = moderator->seen_frames;
		moderator->since_index = moderator->seen_index;
	}
	moderator->seen_frames = frames;
	moderator->seen_index = index;

	if (is_enough(moderator, index, frames))
		return test_and_clear_bit(HVNET_MODERATOR_OWED, &moderator->owed) || wanted;
	if (wanted) {
		/* The timer may be running out just now, and then raise this one. */
		set_bit(HVNET_MODERATOR_OWED, &moderator->owed);
		hrtimer_start(&moderator->timer, ns_to_ktime(ns), HRTIMER_MODE_REL_SOFT);
	}
	return false;
}
