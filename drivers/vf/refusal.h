/* SPDX-License-Identifier: GPL-2.0 */
/* What the PF refuses: told to the log once, until it is granted or refused for another reason. */
#ifndef HVNET_VF_REFUSAL_H
#define HVNET_VF_REFUSAL_H

#include <linux/types.h>

/**
 * enum hvnet_wish - what we ask the PF for
 * @HVNET_WISH_CONFIG: to be told of our configuration; used by refresh_work
 * @HVNET_WISH_RSS: to know how it hashes; used by refresh_work
 * @HVNET_WISH_AGREE: the address that we had before a reset; used by refresh_work
 * @HVNET_WISH_MAC: another address; under rtnl
 * @HVNET_WISH_FILTERS: to receive what the stack wants; used by rx_mode_work
 * @HVNET_NUM_WISHES: number of these
 */
enum hvnet_wish {
	HVNET_WISH_CONFIG,
	HVNET_WISH_RSS,
	HVNET_WISH_AGREE,
	HVNET_WISH_MAC,
	HVNET_WISH_FILTERS,
	HVNET_NUM_WISHES,
};

/**
 * struct hvnet_refusals - what the log was told of
 * @err: by &enum hvnet_wish, the error that was told last, or 0
 */
struct hvnet_refusals {
	int err[HVNET_NUM_WISHES];
};

/**
 * hvnet_refusal_is_new() - is this something that the log was not told of?
 * @refusals: what it was told of
 * @wish: what we asked for; by one context at a time
 * @err: 0 if it was granted, or a negative error code
 *
 * Return: true if the caller is to tell the log
 */
static inline bool hvnet_refusal_is_new(struct hvnet_refusals *refusals, enum hvnet_wish wish,
					int err)
{
	bool new = err && err != refusals->err[wish];

	refusals->err[wish] = err;
	return new;
}

#endif
