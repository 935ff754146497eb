/* SPDX-License-Identifier: GPL-2.0 */
/* The adapter's switch as a bridge: "bridge link set dev PF hwmode". */
#ifndef HVNET_PF_BRIDGE_H
#define HVNET_PF_BRIDGE_H

#include <linux/netdevice.h>

struct hvnet_pf;

int hvnet_ndo_bridge_setlink(struct net_device *netdev, struct nlmsghdr *nlh, u16 flags,
			     struct netlink_ext_ack *extack);
int hvnet_ndo_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *netdev,
			     u32 filter_mask, int nlflags);

#endif
