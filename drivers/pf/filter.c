// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "filter.h"
#include "pf.h"

/**
 * hvnet_addrs_alloc() - allocate an empty list
 * @max: room for so many addresses
 *
 * Return: the list, to be freed by kvfree(), or NULL
 */
struct hvnet_addrs *hvnet_addrs_alloc(unsigned int max)
{
	struct hvnet_addrs *addrs;

	addrs = kvzalloc(struct_size(addrs, mac, max), GFP_KERNEL);
	if (addrs)
		addrs->max = max;
	return addrs;
}

/**
 * hvnet_addrs_has() - is an address in a list?
 * @addrs: the list, or NULL for an empty one
 * @mac: the address
 *
 * Return: true if it is
 */
bool hvnet_addrs_has(const struct hvnet_addrs *addrs, const u8 *mac)
{
	unsigned int i;

	for (i = 0; addrs && i < addrs->count; i++)
		if (ether_addr_equal_unaligned(addrs->mac[i], mac))
			return true;
	return false;
}

/**
 * hvnet_addrs_add() - add an address unless the list has it, or has no room
 * @addrs: the list
 * @mac: the address; the broadcast address is not added, because it needs no filter
 */
void hvnet_addrs_add(struct hvnet_addrs *addrs, const u8 *mac)
{
	u8 broadcast[ETH_ALEN];

	eth_broadcast_addr(broadcast);
	if (ether_addr_equal_unaligned(mac, broadcast) || hvnet_addrs_has(addrs, mac))
		return;
	if (addrs->count < addrs->max)
		memcpy(addrs->mac[addrs->count++], mac, ETH_ALEN);
}

static int hvnet_filter_command(struct hvnet_pf *pf, enum hvnet_admin_op op, u16 vport,
				const u8 *mac)
{
	struct hvnet_admin_filter arg = {
		.vport = cpu_to_le16(vport),
		.vlan = cpu_to_le16(HVNET_FILTER_VLAN_ANY),
	};

	lockdep_assert_held(&pf->lock);
	memcpy(arg.mac, mac, ETH_ALEN);
	return hvnet_admin(&pf->dev, op, &arg, sizeof(arg), NULL, 0);
}

/*
 * What the adapter refuses because it has it may be this very filter: from an attempt that failed
 * half-way, or a command that we had given up.
 */
static int hvnet_filter_add(struct hvnet_pf *pf, u16 vport, const u8 *mac)
{
	int err;

	err = hvnet_filter_command(pf, HVNET_ADMIN_FILTER_ADD, vport, mac);
	if (err == -EADDRINUSE && !hvnet_filter_command(pf, HVNET_ADMIN_FILTER_DEL, vport, mac))
		err = hvnet_filter_command(pf, HVNET_ADMIN_FILTER_ADD, vport, mac);
	return err;
}

/* The PF's addresses are its own also when the adapter has forgotten them. */
static bool hvnet_filter_is_pf(const struct hvnet_pf *pf, u16 vport, const u8 *mac)
{
	return vport != pf->filters.vport && !is_multicast_ether_addr(mac) &&
	       hvnet_addrs_has(pf->filters.addrs, mac);
}

/* Removing one that is not there is no error, nor from a device that is gone or in a reset. */
static void hvnet_filter_del(struct hvnet_pf *pf, u16 vport, const u8 *mac)
{
	int err = hvnet_filter_command(pf, HVNET_ADMIN_FILTER_DEL, vport, mac);

	if (err && err != -ENOENT && err != -ENODEV && err != -ENETDOWN)
		netdev_warn(pf->dev.netdev, "vport %u: filter %pM is not removed: %pe\n",
			    vport, mac, ERR_PTR(err));
}

/**
 * hvnet_filters_replace() - give a vport other filters
 * @pf: the PF
 * @filters: the vport's
 * @addrs: their new addresses; the list is @filters' if this succeeds, and the caller's otherwise
 *
 * What is new is added before what is old goes, so that a frame for an address that stays is never
 * lost, and on failure the old ones are still in place.  The command that failed is undone too: it
 * may still be carried out.
 *
 * Return: 0 or a negative error code, -EADDRINUSE if another vport has one of the addresses
 */
int hvnet_filters_replace(struct hvnet_pf *pf, struct hvnet_filters *filters,
			  struct hvnet_addrs *addrs)
{
	struct hvnet_addrs *old = filters->addrs;
	unsigned int i;
	int err;

	for (i = 0; i < addrs->count; i++) {
		if (hvnet_addrs_has(old, addrs->mac[i]))
			continue;
		if (hvnet_filter_is_pf(pf, filters->vport, addrs->mac[i]))
			err = -EADDRINUSE;
		else
			err = hvnet_filter_add(pf, filters->vport, addrs->mac[i]);
		if (err)
			goto undo;
	}

	for (i = 0; old && i < old->count; i++)
		if (!hvnet_addrs_has(addrs, old->mac[i]))
			hvnet_filter_del(pf, filters->vport, old->mac[i]);
	filters->addrs = addrs;
	kvfree(old);
	return 0;

undo:
	do {
		if (!hvnet_addrs_has(old, addrs->mac[i]))
			hvnet_filter_del(pf, filters->vport, addrs->mac[i]);
	} while (i--);
	return err;
}

/**
 * hvnet_filters_replay() - tell the adapter again, after it was reset
 * @pf: the PF
 * @filters: the vport's
 *
 * May be called again when it failed.
 *
 * Return: 0 or a negative error code
 */
int hvnet_filters_replay(struct hvnet_pf *pf, const struct hvnet_filters *filters)
{
	const struct hvnet_addrs *addrs = filters->addrs;
	unsigned int i;
	int err = 0;

	for (i = 0; addrs && i < addrs->count && !err; i++)
		err = hvnet_filter_add(pf, filters->vport, addrs->mac[i]);
	return err;
}

/**
 * hvnet_filters_clear() - remove all filters of a vport
 * @pf: the PF
 * @filters: the vport's
 */
void hvnet_filters_clear(struct hvnet_pf *pf, struct hvnet_filters *filters)
{
	struct hvnet_addrs *addrs = filters->addrs;
	unsigned int i;

	for (i = 0; addrs && i < addrs->count; i++)
		hvnet_filter_del(pf, filters->vport, addrs->mac[i]);
	filters->addrs = NULL;
	kvfree(addrs);
}

/**
 * hvnet_vport_set() - what a vport receives beyond its filters
 * @pf: the PF
 * @vport: the vport
 * @flags: HVNET_VPORT_*
 *
 * Return: 0 or a negative error code
 */
int hvnet_vport_set(struct hvnet_pf *pf, u16 vport, u16 flags)
{
	struct hvnet_admin_vport arg = {
		.vport = cpu_to_le16(vport),
		.flags = cpu_to_le16(flags),
	};

	return hvnet_admin(&pf->dev, HVNET_ADMIN_VPORT_SET, &arg, sizeof(arg), NULL, 0);
}
