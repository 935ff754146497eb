// SPDX-License-Identifier: GPL-2.0
/*
 * Operations of ethtool for receive queues, hash fields and rules, which share one number space.
 *
 * Hash fields have operations of their own in later updates of 6.12, but not in the 6.12.107 of
 * Debian 13.
 */
#include <linux/netdevice.h>

#include "rss.h"
#include "rxnfc.h"
#include "steer.h"

/**
 * hvnet_get_rxnfc() - of struct ethtool_ops: receive queues, hash fields and rules
 * @netdev: the network device
 * @info: what is asked for, and the answer
 * @locations: of all rules, filled in for ETHTOOL_GRXCLSRLALL
 *
 * Return: 0 or a negative error code
 */
int hvnet_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *info, u32 *locations)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	switch (info->cmd) {
	case ETHTOOL_GRXRINGS:
		info->data = dev->config.num_pairs;
		return 0;
	case ETHTOOL_GRXFH:
		return hvnet_rss_get_fields(dev, info);
	default:
		return hvnet_steer_query(dev, info, locations);
	}
}

/**
 * hvnet_set_rxnfc() - of struct ethtool_ops: hash fields and rules
 * @netdev: the network device
 * @info: what is to be done; the location of a rule that was added is filled in
 *
 * Return: 0, or a negative error code and nothing has changed
 */
int hvnet_set_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *info)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	if (info->cmd == ETHTOOL_SRXFH)
		return hvnet_rss_set_fields(dev, info);
	return hvnet_steer_change(dev, info);
}
