// SPDX-License-Identifier: GPL-2.0
/*
 * The NIC switch: its life and its vports.
 */
#include <kunit/static_stub.h>
#include <kunit/visibility.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <hvnet/abi/admin.h>

#include "filter.h"
#include "switch.h"
#include "vlan.h"
#include "vport_set.h"

#define HVNET_VPORT_FLAGS	(HVNET_VPORT_PROMISC | HVNET_VPORT_ALLMULTI)

void *hvnet_switch_alloc(size_t size)
{
	KUNIT_STATIC_STUB_REDIRECT(hvnet_switch_alloc, size);
	return kvzalloc(size, GFP_KERNEL);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_alloc);

static struct hvnet_vport_set *hvnet_vport_set_create(unsigned int num_vports)
{
	struct hvnet_vport_set *set;

	set = hvnet_switch_alloc(sizeof(*set) + hvnet_vport_set_words_size(num_vports));
	if (set)
		hvnet_vport_set_init(set, num_vports);
	return set;
}

static void hvnet_switch_free(struct hvnet_switch *sw)
{
	hvnet_vlan_filter_destroy(sw);
	kvfree(sw->num_filters);
	kvfree(sw->ports);
	kvfree(sw->allmulti);
	kvfree(sw->promisc);
	kvfree(sw->active);
	mutex_destroy(&sw->lock);
}

/**
 * hvnet_switch_init() - make a switch without filters, whose vports are all inactive
 * @sw: the switch
 * @num_vports: vports it has, the PF's included
 *
 * Return: 0, -EINVAL if @num_vports is 0 or reaches the reserved numbers, or -ENOMEM.
 */
int hvnet_switch_init(struct hvnet_switch *sw, unsigned int num_vports)
{
	int err = -ENOMEM;

	if (!num_vports || num_vports > HVNET_VPORT_UPLINK)
		return -EINVAL;

	*sw = (struct hvnet_switch){ .num_vports = num_vports };
	mutex_init(&sw->lock);
	INIT_LIST_HEAD(&sw->addresses);
	sw->active = hvnet_vport_set_create(num_vports);
	sw->promisc = hvnet_vport_set_create(num_vports);
	sw->allmulti = hvnet_vport_set_create(num_vports);
	sw->num_filters = hvnet_switch_alloc(num_vports * sizeof(*sw->num_filters));
	sw->ports = hvnet_switch_alloc(num_vports * sizeof(*sw->ports));
	sw->vlans = hvnet_switch_alloc(num_vports * sizeof(*sw->vlans));
	if (!sw->active || !sw->promisc || !sw->allmulti || !sw->num_filters || !sw->ports ||
	    !sw->vlans)
		goto err_free;

	err = rhashtable_init(&sw->table, &hvnet_filter_params);
	if (err)
		goto err_free;
	return 0;

err_free:
	hvnet_switch_free(sw);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_init);

/**
 * hvnet_switch_destroy() - free a switch that the data path no longer uses
 * @sw: the switch
 */
void hvnet_switch_destroy(struct hvnet_switch *sw)
{
	hvnet_switch_filter_flush(sw);
	rhashtable_destroy(&sw->table);
	hvnet_switch_free(sw);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_destroy);

static void hvnet_vport_assign_flags(struct hvnet_switch *sw, u16 vport, u16 flags)
{
	hvnet_vport_set_assign(sw->promisc, vport, flags & HVNET_VPORT_PROMISC);
	hvnet_vport_set_assign(sw->allmulti, vport, flags & HVNET_VPORT_FLAGS);
}

/**
 * hvnet_switch_vport_set_flags() - say what a vport receives beyond its filters
 * @sw: the switch
 * @vport: the vport
 * @flags: HVNET_VPORT_PROMISC and HVNET_VPORT_ALLMULTI, in place of those set before
 *
 * Return: 0, or -EINVAL for a vport or a flag that does not exist.
 */
int hvnet_switch_vport_set_flags(struct hvnet_switch *sw, u16 vport, u16 flags)
{
	if (vport >= sw->num_vports || flags & ~HVNET_VPORT_FLAGS)
		return -EINVAL;

	mutex_lock(&sw->lock);
	hvnet_vport_assign_flags(sw, vport, flags);
	mutex_unlock(&sw->lock);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_vport_set_flags);

/**
 * hvnet_switch_vport_set_active() - say whether a vport receives
 * @sw: the switch
 * @vport: the vport
 * @active: its receive queue is on
 *
 * Frames that match a unicast filter of an inactive vport still go to it, to be dropped and
 * counted there; it gets no copies of other frames.
 *
 * Return: 0, or -EINVAL for a vport that does not exist.
 */
int hvnet_switch_vport_set_active(struct hvnet_switch *sw, u16 vport, bool active)
{
	if (vport >= sw->num_vports)
		return -EINVAL;

	mutex_lock(&sw->lock);
	hvnet_vport_set_assign(sw->active, vport, active);
	mutex_unlock(&sw->lock);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_vport_set_active);

/**
 * hvnet_switch_vport_reset() - drop a vport's flags and VLAN filter, and make it inactive
 * @sw: the switch
 * @vport: the vport; one that does not exist is ignored
 *
 * Its filters are the PF's and stay, and so does its policy.
 */
void hvnet_switch_vport_reset(struct hvnet_switch *sw, u16 vport)
{
	if (vport >= sw->num_vports)
		return;

	mutex_lock(&sw->lock);
	hvnet_vport_set_remove(sw->active, vport);
	hvnet_vport_assign_flags(sw, vport, 0);
	hvnet_vlan_filter_reset(sw, vport);
	mutex_unlock(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_vport_reset);
