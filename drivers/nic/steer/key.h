/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What steering rules look at in a frame, in words to be masked and compared.
 */
#ifndef HVNET_NIC_STEER_KEY_H
#define HVNET_NIC_STEER_KEY_H

#include <linux/types.h>

#include <hvnet/abi/admin.h>

#include "../offload/headers.h"

#define HVNET_STEER_WORDS	7

/**
 * union hvnet_steer_key - fields of a frame or of a rule
 * @fields: one by one
 * @word: all of them
 */
union hvnet_steer_key {
	struct hvnet_steer_fields fields;
	u64 word[HVNET_STEER_WORDS];
};

static_assert(sizeof(union hvnet_steer_key) == sizeof(struct hvnet_steer_fields), "no holes");

void hvnet_steer_key_init(union hvnet_steer_key *key, const struct hvnet_headers *headers,
			  const u8 *head, u32 tag);

#endif
