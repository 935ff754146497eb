/* SPDX-License-Identifier: GPL-2.0 */
/* Operations of ethtool for receive queues, hash fields and rules. */
#ifndef HVNET_RXNFC_H
#define HVNET_RXNFC_H

#include <linux/ethtool.h>

int hvnet_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *info, u32 *locations);
int hvnet_set_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *info);

#endif
