/* SPDX-License-Identifier: GPL-2.0 */
/* Receive side scaling: how the adapter spreads frames over the receive queues. */
#ifndef HVNET_RSS_H
#define HVNET_RSS_H

#include <linux/ethtool.h>

#include <hvnet/common.h>

void hvnet_rss_init(struct hvnet_dev *dev);
int hvnet_rss_apply(struct hvnet_dev *dev);
void hvnet_rss_default_table(const struct hvnet_dev *dev, struct hvnet_admin_rss *rss);
int hvnet_rss_merge(struct hvnet_admin_rss *rss, const struct ethtool_rxfh_param *rxfh,
		    struct netlink_ext_ack *extack);
int hvnet_rss_change(struct hvnet_dev *dev, struct hvnet_admin_rss *rss,
		     const struct hvnet_admin_rss *new);
int hvnet_rss_get_fields(struct hvnet_dev *dev, struct ethtool_rxnfc *info);
int hvnet_rss_set_fields(struct hvnet_dev *dev, const struct ethtool_rxnfc *info);

u32 hvnet_get_rxfh_key_size(struct net_device *netdev);
u32 hvnet_get_rxfh_indir_size(struct net_device *netdev);
int hvnet_get_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh);
int hvnet_set_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh,
		   struct netlink_ext_ack *extack);

#endif
