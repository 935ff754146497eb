// SPDX-License-Identifier: GPL-2.0
/*
 * The NIC switch: the data path.
 */
#include <kunit/visibility.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/export.h>

#include "filter.h"
#include "switch.h"
#include "vport_set.h"

static void hvnet_classify_unicast(struct hvnet_switch *sw, const struct hvnet_address *addr,
				   u16 vlan, struct hvnet_verdict *verdict)
{
	const struct hvnet_vport_set *promisc = sw->promisc;
	u32 port = addr ? hvnet_switch_port_for(sw, addr->vport, vlan) : 0;

	if (hvnet_vport_set_is_empty(promisc))
		promisc = NULL;
	if (addr && hvnet_address_takes(sw, addr, vlan) && hvnet_port_has_vlan(port, vlan)) {
		verdict->uplink = false;
		verdict->port = port;
		if (addr->vport == verdict->src)
			promisc = NULL;
		else
			verdict->unicast = addr->vport;
	}
	verdict->copies[0] = promisc;
	verdict->copies[1] = promisc;
}

/**
 * hvnet_switch_classify() - decide where a frame goes
 * @sw: the switch
 * @src: vport that sent it, or HVNET_VPORT_UPLINK if it came from the wire
 * @dst: its destination address
 * @vlan: its VLAN id, 0 if it is untagged; priority bits are ignored
 * @verdict: the decision
 *
 * A unicast frame goes to the vport with a matching filter, or else to the wire; in both cases
 * promiscuous vports get copies.  A frame to an address of its sender is dropped.  A broadcast
 * goes to all active vports, another group address to the group's active members and to those
 * that asked for all multicast; both go to the wire too.  No frame goes back where it came from.
 * An address is not found by frames of a VLAN that its owner is not in; who gets copies is for
 * the caller to ask, with hvnet_port_receives().
 *
 * With hvnet_switch_set_vepa() all that comes from a vport goes to the wire alone.
 *
 * Context: under rcu_read_lock(); from any context but hard interrupt.
 */
void hvnet_switch_classify(struct hvnet_switch *sw, u16 src, const u8 *dst, u16 vlan,
			   struct hvnet_verdict *verdict)
{
	u64 mac = hvnet_mac_to_u64(dst);
	struct hvnet_address *addr;

	verdict->unicast = HVNET_VPORT_NONE;
	verdict->src = src;
	verdict->pruned = HVNET_VPORT_NONE;
	verdict->uplink = src != HVNET_VPORT_UPLINK;
	verdict->port = 0;
	verdict->active = sw->active;
	if (unlikely(READ_ONCE(sw->vepa)) && verdict->uplink) {
		verdict->copies[0] = NULL;
		verdict->copies[1] = NULL;
		return;
	}
	if (mac == HVNET_MAC_BROADCAST) {
		verdict->copies[0] = sw->active;
		verdict->copies[1] = sw->active;
		return;
	}

	addr = hvnet_address_find(sw, mac);
	if (mac & HVNET_MAC_GROUP) {
		verdict->copies[0] = sw->allmulti;
		verdict->copies[1] = addr ? &addr->members : sw->allmulti;
	} else {
		hvnet_classify_unicast(sw, addr, vlan & HVNET_VLAN_MASK, verdict);
	}
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_classify);

/**
 * hvnet_switch_prune() - keep a frame that the wire's other end sent back from its sender
 * @sw: the switch
 * @src_mac: source address of a frame from the wire
 * @verdict: of hvnet_switch_classify(); the vport that has the address is no receiver any more
 *
 * Context: as hvnet_switch_classify().
 */
void hvnet_switch_prune(struct hvnet_switch *sw, const u8 *src_mac, struct hvnet_verdict *verdict)
{
	u64 mac = hvnet_mac_to_u64(src_mac);
	struct hvnet_address *addr;

	if (mac & HVNET_MAC_GROUP)
		return;
	addr = hvnet_address_find(sw, mac);
	if (!addr)
		return;
	verdict->pruned = addr->vport;
	if (verdict->unicast == addr->vport)
		verdict->unicast = HVNET_VPORT_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_prune);

/* A word of the bitmap or of its summary; all sets of a switch are laid out alike. */
static unsigned long hvnet_verdict_word(const struct hvnet_verdict *verdict, unsigned int word)
{
	return (READ_ONCE(verdict->copies[0]->words[word]) |
		READ_ONCE(verdict->copies[1]->words[word])) &
	       READ_ONCE(verdict->active->words[word]);
}

/**
 * hvnet_verdict_has_copy() - is a vport among those that may receive copies?
 * @verdict: the verdict
 * @vport: a vport that exists
 *
 * Return: true if it is.
 */
bool hvnet_verdict_has_copy(const struct hvnet_verdict *verdict, u16 vport)
{
	return verdict->copies[0] && vport != verdict->src && vport != verdict->unicast &&
	       vport != verdict->pruned &&
	       hvnet_verdict_word(verdict, BIT_WORD(vport)) & BIT_MASK(vport);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_verdict_has_copy);

/* Go to the next word of the bitmap that may hold receivers. */
static bool hvnet_copy_iter_advance(struct hvnet_copy_iter *iter)
{
	const struct hvnet_verdict *verdict = iter->verdict;
	unsigned int num_leaves = verdict->active->num_leaves;

	while (!iter->leaves) {
		if (iter->block >= BITS_TO_LONGS(num_leaves))
			return false;
		iter->leaves = hvnet_verdict_word(verdict, num_leaves + iter->block++);
	}
	iter->leaf = (iter->block - 1) * BITS_PER_LONG + __ffs(iter->leaves);
	iter->leaves &= iter->leaves - 1;
	iter->bits = hvnet_verdict_word(verdict, iter->leaf);
	return true;
}

/**
 * hvnet_copy_iter_start() - begin a walk over a verdict's copies
 * @verdict: the verdict
 * @from: the first vport to look at
 *
 * Return: for hvnet_copy_iter_next().
 */
struct hvnet_copy_iter hvnet_copy_iter_start(const struct hvnet_verdict *verdict, u16 from)
{
	struct hvnet_copy_iter iter = { .verdict = verdict, .leaf = BIT_WORD(from) };
	unsigned int num_leaves = verdict->active->num_leaves;
	unsigned int block = BIT_WORD(iter.leaf);

	iter.block = block + 1;
	if (!verdict->copies[0] || iter.leaf >= num_leaves)
		return iter;
	iter.bits = hvnet_verdict_word(verdict, iter.leaf) & BITMAP_FIRST_WORD_MASK(from);
	/* The leaves behind this one. */
	iter.leaves = hvnet_verdict_word(verdict, num_leaves + block) &
		      (~1UL << iter.leaf % BITS_PER_LONG);
	return iter;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_copy_iter_start);

/**
 * hvnet_copy_iter_next() - find the next receiver of a copy
 * @iter: how far the walk has come
 *
 * Each receiver is told once.  See hvnet_verdict_for_each_copy().
 *
 * Return: the vport, or HVNET_VPORT_NONE at the end.
 */
u16 hvnet_copy_iter_next(struct hvnet_copy_iter *iter)
{
	const struct hvnet_verdict *verdict = iter->verdict;
	u16 vport;

	if (!verdict->copies[0])
		return HVNET_VPORT_NONE;

	for (;;) {
		while (!iter->bits) {
			if (!hvnet_copy_iter_advance(iter))
				return HVNET_VPORT_NONE;
		}
		vport = iter->leaf * BITS_PER_LONG + __ffs(iter->bits);
		iter->bits &= iter->bits - 1;
		if (vport != verdict->src && vport != verdict->unicast &&
		    vport != verdict->pruned)
			return vport;
	}
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_copy_iter_next);
