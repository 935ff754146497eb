// SPDX-License-Identifier: GPL-2.0
#include <linux/cleanup.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "bridge.h"
#include "netdev.h"
#include "pf.h"
#include "policy.h"
#include "sriov.h"

/* More addresses beside our own than this and we rather receive everything. */
#define HVNET_PF_MAX_ADDRS		256

/*
 * The lists are copied under their spinlock.  They may have grown since they were counted: what
 * does not fit comes with the next run of rx_mode_work, which the change has queued.
 */
static struct hvnet_addrs *hvnet_pf_alloc_addrs(struct hvnet_pf *pf, const u8 *mac, u16 flags)
{
	struct net_device *netdev = pf->dev.netdev;
	struct netdev_hw_addr *ha;
	struct hvnet_addrs *addrs;

	addrs = hvnet_addrs_alloc(1 + HVNET_PF_MAX_ADDRS);
	if (!addrs)
		return NULL;

	hvnet_addrs_add(addrs, mac ?: netdev->dev_addr);
	/* Before registration there are no lists, nor a lock. */
	if (netdev->reg_state == NETREG_UNINITIALIZED)
		return addrs;

	netif_addr_lock_bh(netdev);
	if (!(flags & HVNET_VPORT_PROMISC))
		netdev_for_each_uc_addr(ha, netdev)
			hvnet_addrs_add(addrs, ha->addr);
	if (!(flags & (HVNET_VPORT_PROMISC | HVNET_VPORT_ALLMULTI)))
		netdev_for_each_mc_addr(ha, netdev)
			hvnet_addrs_add(addrs, ha->addr);
	netif_addr_unlock_bh(netdev);
	return addrs;
}

/* @mac takes the place of the netdev's own address, unless it is NULL. */
static int hvnet_pf_apply_addrs(struct hvnet_pf *pf, const u8 *mac, u16 flags)
{
	struct hvnet_addrs *addrs;
	int err;

	addrs = hvnet_pf_alloc_addrs(pf, mac, flags);
	if (!addrs)
		return -ENOMEM;
	err = hvnet_filters_replace(pf, &pf->filters, addrs);
	if (err)
		kvfree(addrs);
	return err;
}

/**
 * hvnet_pf_set_mac() - have the adapter deliver frames for an address to the PF
 * @pf: the PF
 * @mac: the address
 *
 * Return: 0 or a negative error code, -EADDRINUSE if a VF has it
 */
int hvnet_pf_set_mac(struct hvnet_pf *pf, const u8 *mac)
{
	guard(mutex)(&pf->lock);
	return hvnet_pf_apply_addrs(pf, mac, pf->vport_flags);
}

static int hvnet_pf_set_mac_address(struct net_device *netdev, void *p)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct sockaddr *sa = p;
	int err;

	err = eth_prepare_mac_addr_change(netdev, sa);
	if (err)
		return err;

	err = hvnet_pf_set_mac(pf, (const u8 *)sa->sa_data);
	if (err) {
		netdev_err(netdev, "cannot have address %pM: %pe\n", sa->sa_data, ERR_PTR(err));
		return err;
	}
	eth_commit_mac_addr_change(netdev, sa);
	/* A run in between may have seen the old address. */
	queue_work(pf->dev.wq, &pf->rx_mode_work);
	return 0;
}

static void hvnet_pf_set_rx_mode(struct net_device *netdev)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));

	queue_work(pf->dev.wq, &pf->rx_mode_work);
}

static int hvnet_pf_set_flags(struct hvnet_pf *pf, u16 flags)
{
	int err;

	if (flags == pf->vport_flags)
		return 0;
	err = hvnet_vport_set(pf, pf->filters.vport, flags);
	if (!err)
		pf->vport_flags = flags;
	return err;
}

/* Flags are set before filters go, and cleared when filters are there. */
static int hvnet_pf_apply_rx_mode(struct hvnet_pf *pf, u16 flags)
{
	return hvnet_pf_set_flags(pf, flags | pf->vport_flags) ?:
	       hvnet_pf_apply_addrs(pf, NULL, flags) ?:
	       hvnet_pf_set_flags(pf, flags);
}

/**
 * hvnet_pf_rx_mode_work() - bring the adapter's filters in line with the netdev's address lists
 * @work: the PF's rx_mode_work
 *
 * If the adapter's table is full, or a VF has one of the addresses, everything is received.
 */
void hvnet_pf_rx_mode_work(struct work_struct *work)
{
	struct hvnet_pf *pf = container_of(work, struct hvnet_pf, rx_mode_work);
	struct net_device *netdev = pf->dev.netdev;
	u16 flags = 0;
	int err;

	if (netdev->flags & IFF_PROMISC || netdev_uc_count(netdev) > HVNET_PF_MAX_ADDRS / 2)
		flags |= HVNET_VPORT_PROMISC;
	if (netdev->flags & IFF_ALLMULTI || netdev_mc_count(netdev) > HVNET_PF_MAX_ADDRS / 2)
		flags |= HVNET_VPORT_ALLMULTI;

	guard(mutex)(&pf->lock);
	err = hvnet_pf_apply_rx_mode(pf, flags);
	if (err == -ENOSPC)
		err = hvnet_pf_apply_rx_mode(pf, flags | HVNET_VPORT_ALLMULTI);
	if (err == -ENOSPC || err == -EADDRINUSE)
		err = hvnet_pf_apply_rx_mode(pf, HVNET_VPORT_PROMISC | HVNET_VPORT_ALLMULTI);
	if (err && err != -ENODEV && err != -ENETDOWN)
		netdev_err(netdev, "receive filters are not set: %pe\n", ERR_PTR(err));
}

/**
 * hvnet_pf_read_link() - tell the stack and the VFs of the physical port's state
 * @pf: the PF
 */
void hvnet_pf_read_link(struct hvnet_pf *pf)
{
	u32 flags = ioread32(pf->dev.bar + HVNET_REG_LINK);
	u32 speed = ioread32(pf->dev.bar + HVNET_REG_LINK_SPEED);

	if (hvnet_dev_gone(&pf->dev))
		return;
	hvnet_set_link(&pf->dev, flags, speed ?: SPEED_UNKNOWN);

	guard(mutex)(&pf->lock);
	hvnet_vf_invalidate_all(pf, HVNET_BLOCK_LINK);
}

const struct net_device_ops hvnet_pf_netdev_ops = {
	.ndo_open = hvnet_open,
	.ndo_stop = hvnet_stop,
	.ndo_start_xmit = hvnet_xmit,
	.ndo_tx_timeout = hvnet_tx_timeout,
	.ndo_get_stats64 = hvnet_get_stats64,
	.ndo_features_check = hvnet_features_check,
	.ndo_fix_features = hvnet_fix_features,
	.ndo_set_features = hvnet_set_features,
	.ndo_vlan_rx_add_vid = hvnet_vlan_rx_add_vid,
	.ndo_vlan_rx_kill_vid = hvnet_vlan_rx_kill_vid,
	.ndo_hwtstamp_get = hvnet_hwtstamp_get,
	.ndo_hwtstamp_set = hvnet_hwtstamp_set,
	.ndo_bpf = hvnet_bpf,
	.ndo_xdp_xmit = hvnet_xdp_xmit,
	.ndo_xsk_wakeup = hvnet_xsk_wakeup,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_set_mac_address = hvnet_pf_set_mac_address,
	.ndo_set_rx_mode = hvnet_pf_set_rx_mode,
	.ndo_set_vf_mac = hvnet_ndo_set_vf_mac,
	.ndo_set_vf_vlan = hvnet_ndo_set_vf_vlan,
	.ndo_set_vf_rate = hvnet_ndo_set_vf_rate,
	.ndo_set_vf_spoofchk = hvnet_ndo_set_vf_spoofchk,
	.ndo_set_vf_link_state = hvnet_ndo_set_vf_link_state,
	.ndo_set_vf_trust = hvnet_ndo_set_vf_trust,
	.ndo_set_vf_rss_query_en = hvnet_ndo_set_vf_rss_query_en,
	.ndo_get_vf_config = hvnet_ndo_get_vf_config,
	.ndo_get_vf_stats = hvnet_ndo_get_vf_stats,
	.ndo_bridge_setlink = hvnet_ndo_bridge_setlink,
	.ndo_bridge_getlink = hvnet_ndo_bridge_getlink,
};
