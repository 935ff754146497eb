/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transport checksums, filled in or checked while a frame is copied.
 *
 * A sum is taken of what was written to the receiver, never of the sender's memory in another pass:
 * the sender may change it in between, and then a checksum would be told right that is wrong.
 * Hence the order of a delivery.  The bytes behind the head go first and are summed on the way;
 * then the sum is complete, the checksum is put into the private head, and the head follows:
 *
 *	hvnet_csum_begin(&run, plan, head, head_len);
 *	hvnet_csum_copy(&run, to + head_len, from, n) for all that follows the head
 *	ok = hvnet_csum_end(&run, plan, head);
 *	memcpy(to, head, head_len);
 *
 * The plan does not change, so the same head may be delivered again.
 */
#ifndef HVNET_NIC_OFFLOAD_CHECKSUM_H
#define HVNET_NIC_OFFLOAD_CHECKSUM_H

#include <linux/bitops.h>
#include <linux/types.h>
#include <linux/unaligned.h>
#include <net/checksum.h>

#include "headers.h"

enum hvnet_csum_action {
	HVNET_CSUM_NONE,	/* there is no checksum that could be told good */
	HVNET_CSUM_CHECK,	/* the sender filled it in: see whether it is right */
	HVNET_CSUM_FILL,	/* the sender left it to the adapter */
};

/**
 * struct hvnet_csum_plan - what to do about the checksum of a frame
 * @action: &enum hvnet_csum_action
 * @good: with HVNET_CSUM_FILL: the result is a right transport checksum
 * @field: where the checksum is; the field lies within the head
 * @seed: with HVNET_CSUM_FILL: what the sender left in the field, as it was in memory
 * @start: where the sum starts, at most @field
 * @end: where it ends
 * @pseudo: with HVNET_CSUM_CHECK: sum of the pseudo header
 */
struct hvnet_csum_plan {
	u8 action;
	bool good;
	u16 field;
	u16 seed;
	u32 start;
	u32 end;
	__wsum pseudo;
};

/**
 * struct hvnet_csum_run - a sum that is being taken
 * @sum: so far
 * @pos: bytes of the frame so far
 * @start: where the sum starts
 * @end: where it ends
 */
struct hvnet_csum_run {
	__wsum sum;
	u32 pos;
	u32 start;
	u32 end;
};

void hvnet_csum_plan_fill(struct hvnet_csum_plan *plan, const struct hvnet_headers *headers,
			  const u8 *head, u32 len, u32 start, u32 offset);
void hvnet_csum_plan_check(struct hvnet_csum_plan *plan, const struct hvnet_headers *headers,
			   const u8 *head);
__wsum hvnet_csum_pseudo(const struct hvnet_headers *headers, const u8 *head, u32 len);

void hvnet_csum_begin(struct hvnet_csum_run *run, const struct hvnet_csum_plan *plan, u8 *head,
		      u32 head_len);
void hvnet_csum_copy(struct hvnet_csum_run *run, void *to, const void *from, u32 len);
bool hvnet_csum_end(const struct hvnet_csum_run *run, const struct hvnet_csum_plan *plan, u8 *head);

/* Internet checksum of a sum, or what to store in its place where 0 means that there is none. */
static inline u16 hvnet_csum_mangled(__wsum sum)
{
	return (__force u16)csum_fold(sum) ?: 0xffff;
}

/* A receiver that understands HVNET_RXC_CSUM_PARTIAL can take the frame without the checksum. */
static inline bool hvnet_csum_may_stay(const struct hvnet_csum_plan *plan)
{
	return plan->action == HVNET_CSUM_FILL && plan->good;
}

/* What the sender left in the field: it may have been filled in for another receiver. */
static inline void hvnet_csum_seed(const struct hvnet_csum_plan *plan, u8 *head)
{
	put_unaligned(plan->seed, (u16 *)(head + plan->field));
}

#endif
