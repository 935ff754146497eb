// SPDX-License-Identifier: GPL-2.0
#include "vport_set.h"

void hvnet_vport_set_add(struct hvnet_vport_set *set, u16 vport)
{
	if (hvnet_vport_set_has(set, vport))
		return;
	set_bit(vport, set->words);
	set_bit(BIT_WORD(vport), set->words + set->num_leaves);
	WRITE_ONCE(set->count, set->count + 1);
}

void hvnet_vport_set_remove(struct hvnet_vport_set *set, u16 vport)
{
	unsigned int leaf = BIT_WORD(vport);

	if (!hvnet_vport_set_has(set, vport))
		return;
	clear_bit(vport, set->words);
	if (!READ_ONCE(set->words[leaf]))
		clear_bit(leaf, set->words + set->num_leaves);
	WRITE_ONCE(set->count, set->count - 1);
}

void hvnet_vport_set_assign(struct hvnet_vport_set *set, u16 vport, bool member)
{
	if (member)
		hvnet_vport_set_add(set, vport);
	else
		hvnet_vport_set_remove(set, vport);
}
