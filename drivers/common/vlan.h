/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VLAN filter: of frames with an 802.1Q tag, those of the VLANs that the stack has named.
 *
 * They are kept here under rtnl, and told to the adapter while the queues run.
 */
#ifndef HVNET_VLAN_H
#define HVNET_VLAN_H

#include <linux/netdev_features.h>

#include <hvnet/common.h>

int hvnet_vlan_apply(struct hvnet_dev *dev);
int hvnet_vlan_change(struct hvnet_dev *dev, netdev_features_t features);

#endif
