/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The link partner's packets as frames of the adapter, and the reverse.
 */
#ifndef HVNET_NIC_WIRE_SKB_H
#define HVNET_NIC_WIRE_SKB_H

#include <linux/netdev_features.h>
#include <linux/types.h>

struct hvnet_batch;
struct net_device;
struct sk_buff;

netdev_features_t hvnet_wire_skb_features(const struct sk_buff *skb, netdev_features_t features);
bool hvnet_wire_skb_to_frame(struct hvnet_batch *batch, const struct sk_buff *skb);
struct sk_buff *hvnet_wire_skb_of_parcel(struct hvnet_batch *batch, struct net_device *dev);

#endif
