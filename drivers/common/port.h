/* SPDX-License-Identifier: GPL-2.0 */
/* The physical port: how its link is set, and what passed it. */
#ifndef HVNET_PORT_H
#define HVNET_PORT_H

#include <linux/ethtool.h>

#include <hvnet/common.h>

int hvnet_get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *cmd);
int hvnet_set_link_ksettings(struct net_device *netdev, const struct ethtool_link_ksettings *cmd);
void hvnet_get_eth_mac_stats(struct net_device *netdev, struct ethtool_eth_mac_stats *stats);
void hvnet_get_rmon_stats(struct net_device *netdev, struct ethtool_rmon_stats *stats,
			  const struct ethtool_rmon_hist_range **ranges);

#endif
