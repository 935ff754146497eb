/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A set of vports: a bitmap, and above it a summary with one bit for each word that is not
 * empty, so that a walk costs what the set holds and not what the switch could have.
 *
 * Sets change in place, one bit at a time.  Changes are serialised by the caller; readers need
 * no lock and see each vport as it was before a change or after it.
 */
#ifndef HVNET_SWITCH_VPORT_SET_H
#define HVNET_SWITCH_VPORT_SET_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/math.h>
#include <linux/types.h>

/**
 * struct hvnet_vport_set - a set of vports
 * @num_leaves: words of the bitmap
 * @count: vports in the set
 * @words: the bitmap, then its summary
 */
struct hvnet_vport_set {
	unsigned int num_leaves;
	unsigned int count;
	unsigned long words[];
};

/* Bytes of @words in a set for the vports below @num_vports. */
static inline size_t hvnet_vport_set_words_size(unsigned int num_vports)
{
	unsigned int leaves = BITS_TO_LONGS(num_vports);

	return (leaves + BITS_TO_LONGS(leaves)) * sizeof(unsigned long);
}

/* The rest of a new set is zero. */
static inline void hvnet_vport_set_init(struct hvnet_vport_set *set, unsigned int num_vports)
{
	set->num_leaves = BITS_TO_LONGS(num_vports);
}

static inline bool hvnet_vport_set_has(const struct hvnet_vport_set *set, u16 vport)
{
	return test_bit(vport, set->words);
}

static inline bool hvnet_vport_set_is_empty(const struct hvnet_vport_set *set)
{
	return !READ_ONCE(set->count);
}

void hvnet_vport_set_add(struct hvnet_vport_set *set, u16 vport);
void hvnet_vport_set_remove(struct hvnet_vport_set *set, u16 vport);
void hvnet_vport_set_assign(struct hvnet_vport_set *set, u16 vport, bool member);

#endif
