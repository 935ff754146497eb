/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The virtual function as its driver sees it.
 *
 * Locking: addresses change under rtnl, which is never held while the PF is asked, but for what the
 * stack wants of it: hvnet_vf_set_mac_address().  An address that it changed in between counts.
 */
#ifndef HVNET_VF_H
#define HVNET_VF_H

#include <linux/completion.h>

#include <hvnet/common.h>

#include "refusal.h"

/* What the PF does not grant: it does not trust us, or has no room. */
#define HVNET_DENIED_PROMISC		BIT(0)
#define HVNET_DENIED_UNICAST		BIT(1)
#define HVNET_DENIED_GROUPS		BIT(2)

/**
 * struct hvnet_vf - a virtual function
 * @dev: what all functions have
 * @mac: our address as the PF knows it, zeroes if we do not know, under rtnl
 * @mac_changes: how often the netdev's address was set, under rtnl
 * @negotiate: a version is to be negotiated first: 0 or 1, atomic
 * @mac_doubt: the PF may have another address for us than ours: 0 or 1, atomic
 * @version: mailbox version agreed on, written by @refresh_work
 * @blocks: configuration blocks that the PF has, used by @refresh_work
 * @stale: configuration blocks to read or write, used by @refresh_work
 * @caps: HVNET_CAP_*: what the PF lets us do, written by @refresh_work; it may know better
 * @max_unicast: other unicast addresses that it takes, written by @refresh_work
 * @max_multicast: and groups, written by @refresh_work
 * @port_vlan: the host has put us into a VLAN, under rtnl
 * @opened: the netdev is registered, or @open_error says why it is not
 * @open_error: negative error code
 * @refresh_work: asks the PF what changed, and registers the netdev when that is known
 * @rx_mode_work: tells the PF what we want to receive
 * @denied: HVNET_DENIED_* that the log was told of, used by @rx_mode_work
 * @refusals: what else it was told of
 */
struct hvnet_vf {
	struct hvnet_dev dev;
	u8 mac[ETH_ALEN];
	unsigned int mac_changes;
	unsigned long negotiate;
	unsigned long mac_doubt;
	u16 version;
	u64 blocks;
	u64 stale;
	u32 caps;
	u16 max_unicast;
	u16 max_multicast;
	bool port_vlan;
	struct completion opened;
	int open_error;
	struct delayed_work refresh_work;
	struct delayed_work rx_mode_work;
	unsigned int denied;
	struct hvnet_refusals refusals;
};

static inline struct hvnet_vf *hvnet_vf_of(struct hvnet_dev *dev)
{
	return container_of(dev, struct hvnet_vf, dev);
}

#endif
