/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupt moderation: how long the adapter holds back a queue's interrupts. */
#ifndef HVNET_MODERATION_H
#define HVNET_MODERATION_H

#include <linux/dim.h>
#include <linux/ethtool.h>

#include <hvnet/common.h>

struct hvnet_pair;

/**
 * struct hvnet_dim - what finds out how long is best for a queue
 * @dim: the kernel's algorithm
 * @dev: the function
 * @queue: number of the queue
 * @on: it is in use; changed under rtnl, read by NAPI
 */
struct hvnet_dim {
	struct dim dim;
	struct hvnet_dev *dev;
	u16 queue;
	bool on;
};

/* What has been: interrupts, then packets and bytes of the queue.  From NAPI, which ends. */
static inline void hvnet_dim_sample(struct hvnet_dim *dim, u16 irqs, u64 packets, u64 bytes)
{
	struct dim_sample sample = {};

	dim_update_sample(irqs, packets, bytes, &sample);
	net_dim(&dim->dim, sample);
}

void hvnet_moderation_init(struct hvnet_pair *pair);
int hvnet_moderation_start(struct hvnet_pair *pair);
void hvnet_moderation_stop(struct hvnet_pair *pair);

int hvnet_get_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
		       struct kernel_ethtool_coalesce *kernel, struct netlink_ext_ack *extack);
int hvnet_set_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
		       struct kernel_ethtool_coalesce *kernel, struct netlink_ext_ack *extack);
int hvnet_get_queue_coalesce(struct net_device *netdev, u32 queue, struct ethtool_coalesce *ec);
int hvnet_set_queue_coalesce(struct net_device *netdev, u32 queue, struct ethtool_coalesce *ec);

#endif
