// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs that a vport wants.
 */
#include <kunit/visibility.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "switch.h"
#include "vlan.h"
#include "vport_set.h"

#define NUM_VLANS	4096

static_assert(HVNET_VLAN_BLOCK % BITS_PER_LONG == 0 && HVNET_VLAN_BLOCK == 32 * HVNET_VLAN_WORDS);
static_assert(NUM_VLANS % HVNET_VLAN_BLOCK == 0);

/**
 * struct hvnet_vlan_filter - VLANs that a vport wants
 * @on: and no others; without it, all
 * @set: by VLAN id; means something only with @on
 *
 * Made when a vport has its first filter, and there for as long as the switch is.  It changes in
 * place, as sets of vports do.
 */
struct hvnet_vlan_filter {
	bool on;
	DECLARE_BITMAP(set, NUM_VLANS);
};

/* Neither untagged frames nor the reserved VLAN are for the filter. */
static bool block_ok(const struct hvnet_admin_vlans *args)
{
	unsigned int block = le16_to_cpu(args->block);

	if (block >= NUM_VLANS / HVNET_VLAN_BLOCK)
		return false;
	if (!block && le32_to_cpu(args->vlans[0]) & BIT(0))
		return false;
	return block != NUM_VLANS / HVNET_VLAN_BLOCK - 1 ||
	       !(le32_to_cpu(args->vlans[HVNET_VLAN_WORDS - 1]) & BIT(31));
}

static bool is_zero(const struct hvnet_admin_vlans *args)
{
	return !memchr_inv(args, 0, sizeof(*args));
}

/* Word by word: what does not change is in it, or not, all the time. */
static void put_block(struct hvnet_vlan_filter *filter, const struct hvnet_admin_vlans *args)
{
	unsigned int at = le16_to_cpu(args->block) * (HVNET_VLAN_BLOCK / BITS_PER_LONG), i;
	DECLARE_BITMAP(block, HVNET_VLAN_BLOCK);
	u32 words[HVNET_VLAN_WORDS];

	for (i = 0; i < HVNET_VLAN_WORDS; i++)
		words[i] = le32_to_cpu(args->vlans[i]);
	bitmap_from_arr32(block, words, HVNET_VLAN_BLOCK);
	for (i = 0; i < HVNET_VLAN_BLOCK / BITS_PER_LONG; i++)
		WRITE_ONCE(filter->set[at + i], block[i]);
}

/* Called with the lock held. */
static int set_vlans(struct hvnet_switch *sw, u16 vport, const struct hvnet_admin_vlans *args)
{
	struct hvnet_vlan_filter *filter = sw->vlans[vport];
	bool on = args->flags & cpu_to_le16(HVNET_VLANS_FILTER);

	if (!filter) {
		if (!on)
			return 0;
		filter = hvnet_switch_alloc(sizeof(*filter));
		if (!filter)
			return -ENOMEM;
	}
	if (on && !filter->on)
		bitmap_zero(filter->set, NUM_VLANS);
	if (on)
		put_block(filter, args);
	/* What is in it, before it counts: see hvnet_switch_filters_vlan(). */
	smp_store_release(&filter->on, on);
	/* A new one whole, or not at all. */
	smp_store_release(&sw->vlans[vport], filter);
	return 0;
}

/**
 * hvnet_switch_set_vlans() - say which VLANs a vport wants
 * @sw: the switch
 * @vport: the vport
 * @args: a copy of what its driver wrote
 *
 * Return: 0, -EINVAL for what cannot be, or -ENOMEM.
 */
int hvnet_switch_set_vlans(struct hvnet_switch *sw, u16 vport,
			   const struct hvnet_admin_vlans *args)
{
	u16 flags = le16_to_cpu(args->flags);
	int err;

	if (vport >= sw->num_vports || flags & ~HVNET_VLANS_FILTER)
		return -EINVAL;
	if (flags ? !block_ok(args) : !is_zero(args))
		return -EINVAL;

	mutex_lock(&sw->lock);
	err = set_vlans(sw, vport, args);
	mutex_unlock(&sw->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_set_vlans);

/**
 * hvnet_vlan_filter_reset() - a vport wants all VLANs again
 * @sw: the switch, with its lock held
 * @vport: the vport, which exists
 */
void hvnet_vlan_filter_reset(struct hvnet_switch *sw, u16 vport)
{
	struct hvnet_vlan_filter *filter = sw->vlans[vport];

	if (filter)
		WRITE_ONCE(filter->on, false);
}

/**
 * hvnet_switch_filters_vlan() - does a vport not want frames of a VLAN?
 * @sw: the switch
 * @vport: the vport, which exists
 * @port: its policy; who is in a port VLAN sees no tag, and has nothing to choose
 * @vlan: VLAN id of a frame, not 0
 *
 * Who is promiscuous wants everything.
 *
 * Return: true if it does not.
 */
bool hvnet_switch_filters_vlan(const struct hvnet_switch *sw, u16 vport, u32 port, u16 vlan)
{
	const struct hvnet_vlan_filter *filter = READ_ONCE(sw->vlans[vport]);

	if (!filter || port & HVNET_TAG)
		return false;
	/* Pairs with set_vlans(). */
	if (!smp_load_acquire(&filter->on))
		return false;
	return !test_bit(vlan & VLAN_VID_MASK, filter->set) &&
	       !hvnet_vport_set_has(sw->promisc, vport);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_filters_vlan);

/**
 * hvnet_vlan_filter_destroy() - free all filters
 * @sw: a switch that the data path no longer uses
 */
void hvnet_vlan_filter_destroy(struct hvnet_switch *sw)
{
	unsigned int i;

	for (i = 0; sw->vlans && i < sw->num_vports; i++)
		kvfree(sw->vlans[i]);
	kvfree(sw->vlans);
}
