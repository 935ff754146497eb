/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Steering: ethtool's rules for received frames.
 *
 * They are kept here under rtnl, and told to the adapter while the queues run.
 */
#ifndef HVNET_STEER_H
#define HVNET_STEER_H

#include <linux/ethtool.h>

#include <hvnet/common.h>

void hvnet_steer_init(struct hvnet_dev *dev);
void hvnet_steer_exit(struct hvnet_dev *dev);
int hvnet_steer_clear(struct hvnet_dev *dev);
int hvnet_steer_apply(struct hvnet_dev *dev);
int hvnet_steer_flush(struct hvnet_dev *dev);
bool hvnet_steer_names(struct hvnet_dev *dev, u32 context);

int hvnet_steer_query(struct hvnet_dev *dev, struct ethtool_rxnfc *info, u32 *locations);
int hvnet_steer_change(struct hvnet_dev *dev, struct ethtool_rxnfc *info);

#endif
