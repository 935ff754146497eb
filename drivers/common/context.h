/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RSS contexts beyond the first.
 *
 * ethtool keeps them; what the adapter is told of each is in its private data.  Under rtnl.
 */
#ifndef HVNET_CONTEXT_H
#define HVNET_CONTEXT_H

#include <linux/ethtool.h>

#include <hvnet/common.h>

struct hvnet_admin_rss *hvnet_context_find(struct hvnet_dev *dev, u32 context);
int hvnet_contexts_clear(struct hvnet_dev *dev);
int hvnet_contexts_apply(struct hvnet_dev *dev);

int hvnet_create_rxfh_context(struct net_device *netdev, struct ethtool_rxfh_context *ctx,
			      const struct ethtool_rxfh_param *rxfh,
			      struct netlink_ext_ack *extack);
int hvnet_modify_rxfh_context(struct net_device *netdev, struct ethtool_rxfh_context *ctx,
			      const struct ethtool_rxfh_param *rxfh,
			      struct netlink_ext_ack *extack);
int hvnet_remove_rxfh_context(struct net_device *netdev, struct ethtool_rxfh_context *ctx,
			      u32 context, struct netlink_ext_ack *extack);

#endif
