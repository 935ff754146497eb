/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Steering rules of a function, and the RSS contexts that they name.
 *
 * Rules with the same mask are found by one look-up of the masked frame in a hash table, so what a
 * frame costs grows with the number of different masks, which is bounded, and not with that of the
 * rules.  How far a look-up goes is bounded as well: what it costs is no concern of the function
 * alone, whose rules may have been chosen to make it dear.
 *
 * A table does not change: a new one, made of the old one and what is to change, takes its place,
 * and the old one is freed when nobody looks at it any more.  Contexts pass from one to the next.
 */
#ifndef HVNET_NIC_STEER_TABLE_H
#define HVNET_NIC_STEER_TABLE_H

#include <linux/types.h>

#include <hvnet/abi/admin.h>

#include "key.h"

struct hvnet_rss;

#define HVNET_STEER_BUCKETS	512
#define HVNET_STEER_DEPTH	16

/**
 * struct hvnet_steer_rule - a rule
 * @key: what a frame has in the bits of the mask
 * @location: its number for the driver; of all that fit the lowest counts
 * @mask: index of its mask
 * @action: &enum hvnet_steer_action
 * @target: queue pair, context or vport
 * @queue: queue pair of the vport, or HVNET_STEER_ANY_QUEUE
 * @next: 1 + index of the next rule in the bucket, or 0
 */
struct hvnet_steer_rule {
	union hvnet_steer_key key;
	u16 location;
	u8 mask;
	u8 action;
	u16 target;
	u16 queue;
	u16 next;
};

/**
 * struct hvnet_steer_limits - what the rules of a function can name
 * @queue_pairs: of each function
 * @vfs: VFs that there can be, for a rule of the PF's
 * @pf: it is the PF
 */
struct hvnet_steer_limits {
	unsigned int queue_pairs;
	unsigned int vfs;
	bool pf;
};

/**
 * struct hvnet_steer - rules and contexts
 * @num_masks: masks in use
 * @num_rules: rules
 * @num_contexts: contexts that are set
 * @seed: of the hash
 * @mask: the masks
 * @context: by number; NULL if it is not set, as the first always is
 * @first: for each bucket 1 + index of its first rule, or 0
 * @rule: the rules
 */
struct hvnet_steer {
	u16 num_masks;
	u16 num_rules;
	u16 num_contexts;
	u64 seed;
	union hvnet_steer_key mask[HVNET_STEER_MASKS];
	struct hvnet_rss *context[1 + HVNET_RSS_CONTEXTS];
	u16 first[HVNET_STEER_BUCKETS];
	struct hvnet_steer_rule rule[];
};

enum hvnet_code hvnet_steer_set(const struct hvnet_steer *old, const struct hvnet_admin_steer *args,
				const struct hvnet_steer_limits *limits,
				struct hvnet_steer **result);
enum hvnet_code hvnet_steer_del(const struct hvnet_steer *old,
				const struct hvnet_admin_unsteer *args,
				struct hvnet_steer **result);
enum hvnet_code hvnet_steer_set_context(const struct hvnet_steer *old, unsigned int context,
					struct hvnet_rss *rss, struct hvnet_steer **result);
void hvnet_steer_free(struct hvnet_steer *steer);
const struct hvnet_steer_rule *hvnet_steer_find(const struct hvnet_steer *steer,
						const union hvnet_steer_key *key);

#endif
