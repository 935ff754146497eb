// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/slab.h>

#include "block.h"
#include "pf.h"
#include "vf.h"

/* A VF's driver makes some ten requests when it starts and a few a day later. */
#define HVNET_VF_REQUESTS_PER_SECOND	100
#define HVNET_VF_REQUESTS_BURST		200

/*
 * The address of a VF that was given none: locally administered, the same at each boot, different
 * for each VF of the PF and most likely for each PF.
 */
static void hvnet_vf_default_mac(struct hvnet_pf *pf, unsigned int index, u8 *mac)
{
	u32 hash = jhash(pf->dev.netdev->perm_addr, ETH_ALEN, 0);

	mac[0] = ((hash >> 24) & 0xfc) | 0x02;
	mac[1] = hash >> 16;
	mac[2] = hash >> 8;
	mac[3] = hash;
	mac[4] = index >> 8;
	mac[5] = index;
}

static void hvnet_vf_own_mac(struct hvnet_pf *pf, const struct hvnet_vf *vf, u8 *mac)
{
	if (vf->assigned)
		ether_addr_copy(mac, vf->assigned_mac);
	else
		hvnet_vf_default_mac(pf, vf->filters.vport - HVNET_VPORT_VF(0), mac);
}

static int hvnet_vf_apply(struct hvnet_pf *pf, struct hvnet_vf *vf, const u8 *mac,
			  const struct hvnet_addrs *extra)
{
	unsigned int i, count = extra ? extra->count : 0;
	struct hvnet_addrs *addrs;
	int err;

	addrs = hvnet_addrs_alloc(1 + count);
	if (!addrs)
		return -ENOMEM;

	hvnet_addrs_add(addrs, mac);
	for (i = 0; i < count; i++)
		hvnet_addrs_add(addrs, extra->mac[i]);

	err = hvnet_filters_replace(pf, &vf->filters, addrs);
	if (err)
		kvfree(addrs);
	return err;
}

/**
 * hvnet_vf_set_mac() - change a VF's address
 * @pf: the PF
 * @vf: the VF
 * @mac: the address
 *
 * Return: 0 or a negative error code, -EADDRINUSE if another vport has the address
 */
int hvnet_vf_set_mac(struct hvnet_pf *pf, struct hvnet_vf *vf, const u8 *mac)
{
	int err;

	err = hvnet_vf_apply(pf, vf, mac, vf->extra);
	if (!err)
		ether_addr_copy(vf->mac, mac);
	return err;
}

/* All that a VF receives; @extra is the VF's if this succeeds, the caller's otherwise. */
static int hvnet_vf_set_all(struct hvnet_pf *pf, struct hvnet_vf *vf, const u8 *mac,
			    struct hvnet_addrs *extra, u16 flags)
{
	u16 old_flags = vf->flags;
	int err;

	if (flags != old_flags) {
		err = hvnet_vport_set(pf, vf->filters.vport, flags);
		if (err)
			return err;
		vf->flags = flags;
	}

	err = hvnet_vf_apply(pf, vf, mac, extra);
	if (err) {
		if (flags != old_flags && !hvnet_vport_set(pf, vf->filters.vport, old_flags))
			vf->flags = old_flags;
		return err;
	}
	kvfree(vf->extra);
	vf->extra = extra;
	ether_addr_copy(vf->mac, mac);
	return 0;
}

/**
 * hvnet_vf_set_extra() - change what a VF receives beside its address
 * @pf: the PF
 * @vf: the VF
 * @extra: addresses, or NULL for none; the VF's if this succeeds, the caller's otherwise
 * @flags: HVNET_VPORT_*
 *
 * Return: 0 or a negative error code, -EADDRINUSE if another vport has one of the addresses
 */
int hvnet_vf_set_extra(struct hvnet_pf *pf, struct hvnet_vf *vf, struct hvnet_addrs *extra,
		       u16 flags)
{
	return hvnet_vf_set_all(pf, vf, vf->mac, extra, flags);
}

/* What a VF that is not trusted may receive when its address is @mac. */
static int hvnet_vf_restrict(struct hvnet_pf *pf, struct hvnet_vf *vf, const u8 *mac)
{
	unsigned int i, count = vf->extra ? vf->extra->count : 0;
	struct hvnet_addrs *groups;
	int err;

	groups = hvnet_addrs_alloc(count);
	if (!groups)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		if (is_multicast_ether_addr(vf->extra->mac[i]))
			hvnet_addrs_add(groups, vf->extra->mac[i]);

	err = hvnet_vf_set_all(pf, vf, mac, groups, vf->flags & ~HVNET_VPORT_PROMISC);
	if (err)
		kvfree(groups);
	return err;
}

/**
 * hvnet_vf_assign_mac() - the host gives an address to a VF
 * @pf: the PF
 * @vf: the VF
 * @mac: the address
 *
 * Return: 0 or a negative error code, -EADDRINUSE if another vport has the address
 */
int hvnet_vf_assign_mac(struct hvnet_pf *pf, struct hvnet_vf *vf, const u8 *mac)
{
	int err;

	err = hvnet_vf_set_mac(pf, vf, mac);
	if (err)
		return err;
	vf->assigned = true;
	ether_addr_copy(vf->assigned_mac, mac);
	return 0;
}

/**
 * hvnet_vf_confine() - take away what a VF may have only as long as it is trusted
 * @pf: the PF
 * @vf: the VF
 *
 * Return: 0 or a negative error code
 */
int hvnet_vf_confine(struct hvnet_pf *pf, struct hvnet_vf *vf)
{
	int err;

	err = hvnet_vf_restrict(pf, vf, vf->assigned ? vf->assigned_mac : vf->mac);
	if (err == -EADDRINUSE) {
		netdev_warn(pf->dev.netdev, "VF %u keeps address %pM: %pM is taken\n",
			    vf->filters.vport - HVNET_VPORT_VF(0), vf->mac, vf->assigned_mac);
		err = hvnet_vf_restrict(pf, vf, vf->mac);
	}
	if (err)
		return err;
	/* Also what it has not, as far as we know: what failed may have been carried out late. */
	return hvnet_vport_set(pf, vf->filters.vport, vf->flags);
}

/**
 * hvnet_vf_forget() - forget what the driver of a VF wanted, because the VF was reset
 * @pf: the PF
 * @vf: the VF
 *
 * The next driver, maybe another guest's, starts with the address that the host assigned, or else
 * with the default one, unless another vport has that.
 *
 * Return: 0, or a negative error code if it is to be called again
 */
int hvnet_vf_forget(struct hvnet_pf *pf, struct hvnet_vf *vf)
{
	u8 mac[ETH_ALEN];
	int err;

	vf->version = 0;
	vf->invalid = 0;
	vf->refused = false;
	err = hvnet_vf_set_extra(pf, vf, NULL, 0);
	if (err)
		return err;

	hvnet_vf_own_mac(pf, vf, mac);
	if (ether_addr_equal(mac, vf->mac))
		return 0;
	err = hvnet_vf_set_mac(pf, vf, mac);
	if (err != -EADDRINUSE)
		return err;
	if (net_ratelimit())
		netdev_warn(pf->dev.netdev, "VF %u keeps address %pM: %pM is taken\n",
			    vf->filters.vport - HVNET_VPORT_VF(0), vf->mac, mac);
	return 0;
}

/**
 * hvnet_vf_replay() - bring a VF back after the adapter was reset
 * @pf: the PF
 * @vf: the VF, which was reset too: what its driver wanted is forgotten
 *
 * May be called again when it failed.
 *
 * Return: 0 or a negative error code
 */
int hvnet_vf_replay(struct hvnet_pf *pf, struct hvnet_vf *vf)
{
	u8 mac[ETH_ALEN];

	vf->version = 0;
	vf->flags = 0;
	kvfree(vf->extra);
	vf->extra = NULL;

	hvnet_vf_own_mac(pf, vf, mac);
	ether_addr_copy(vf->mac, mac);
	vf->filters.addrs->count = 0;
	hvnet_addrs_add(vf->filters.addrs, mac);
	return hvnet_filters_replay(pf, &vf->filters);
}

/**
 * hvnet_vf_take_tokens() - may a VF cause work now?
 * @vf: the VF
 * @num: how much: one for a request, one for each filter
 *
 * Return: true if it did not cause too much of late
 */
bool hvnet_vf_take_tokens(struct hvnet_vf *vf, unsigned int num)
{
	unsigned long elapsed = min(jiffies - vf->refilled, 60UL * HZ);
	unsigned int new = elapsed * HVNET_VF_REQUESTS_PER_SECOND / HZ;

	if (new) {
		vf->tokens = min(vf->tokens + new, HVNET_VF_REQUESTS_BURST);
		vf->refilled = jiffies;
	}
	if (vf->tokens < num)
		return false;
	vf->tokens -= num;
	return true;
}

/**
 * hvnet_vf_ring() - have a VF read which of its configuration blocks changed
 * @pf: the PF
 * @index: number of the VF, or HVNET_MAILBOX_ALL_VFS
 *
 * Return: 0 or a negative error code, -ETIMEDOUT if the adapter is silent
 */
int hvnet_vf_ring(struct hvnet_pf *pf, u16 index)
{
	struct hvnet_admin_ring arg = { .vf = cpu_to_le16(index) };
	int err;

	err = hvnet_admin(&pf->dev, HVNET_ADMIN_MAILBOX_RING, &arg, sizeof(arg), NULL, 0);
	if (err && err != -ENODEV && err != -ENETDOWN && net_ratelimit())
		netdev_warn(pf->dev.netdev, "VFs cannot be rung: %pe\n", ERR_PTR(err));
	return err;
}

/**
 * hvnet_vf_mark() - note that a configuration block of a VF changed
 * @pf: the PF
 * @index: number of the VF
 * @block: the block; a VF that speaks of an earlier version does not hear of it
 *
 * Return: true if the VF is to be rung; if it is not, it learns of it when it is next
 */
bool hvnet_vf_mark(struct hvnet_pf *pf, unsigned int index, enum hvnet_block block)
{
	struct hvnet_vf *vf = &pf->vfs[index];

	lockdep_assert_held(&pf->lock);
	if (vf->version && !(hvnet_blocks(pf, vf->version) & BIT_ULL(block)))
		return false;
	vf->invalid |= BIT_ULL(block);
	return true;
}

/**
 * hvnet_vf_invalidate() - tell a VF that one of its configuration blocks changed
 * @pf: the PF
 * @index: number of the VF
 * @block: the block, as for hvnet_vf_mark()
 */
void hvnet_vf_invalidate(struct hvnet_pf *pf, unsigned int index, enum hvnet_block block)
{
	if (hvnet_vf_mark(pf, index, block))
		hvnet_vf_ring(pf, index);
}

/**
 * hvnet_vf_invalidate_all() - tell all VFs that a configuration block changed
 * @pf: the PF
 * @block: the block
 */
void hvnet_vf_invalidate_all(struct hvnet_pf *pf, enum hvnet_block block)
{
	unsigned int i;

	lockdep_assert_held(&pf->lock);
	if (!pf->num_vfs)
		return;
	for (i = 0; i < pf->num_vfs; i++)
		pf->vfs[i].invalid |= BIT_ULL(block);
	hvnet_vf_ring(pf, HVNET_MAILBOX_ALL_VFS);
}

/**
 * hvnet_vf_init() - prepare for a VF
 * @pf: the PF
 * @index: number of the VF
 * @vf: the VF, zeroed
 *
 * Return: 0 or a negative error code
 */
int hvnet_vf_init(struct hvnet_pf *pf, unsigned int index, struct hvnet_vf *vf)
{
	u8 mac[ETH_ALEN];
	int err;

	vf->filters.vport = HVNET_VPORT_VF(index);
	vf->tokens = HVNET_VF_REQUESTS_BURST;
	vf->refilled = jiffies;

	hvnet_vf_default_mac(pf, index, mac);
	err = hvnet_vf_set_mac(pf, vf, mac);
	if (err)
		netdev_err(pf->dev.netdev, "VF %u cannot have address %pM: %pe\n", index, mac,
			   ERR_PTR(err));
	return err;
}

/**
 * hvnet_vf_exit() - mirror image of hvnet_vf_init()
 * @pf: the PF
 * @vf: the VF
 */
void hvnet_vf_exit(struct hvnet_pf *pf, struct hvnet_vf *vf)
{
	if (vf->flags)
		hvnet_vport_set(pf, vf->filters.vport, 0);
	hvnet_filters_clear(pf, &vf->filters);
	kvfree(vf->extra);
	vf->extra = NULL;
}
