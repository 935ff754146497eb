/* SPDX-License-Identifier: GPL-2.0 */
/* Time stamps of frames, by the adapter's clock. */
#ifndef HVNET_TIMESTAMP_H
#define HVNET_TIMESTAMP_H

#include <linux/ethtool.h>
#include <linux/skbuff.h>

#include "ring.h"

int hvnet_get_ts_info(struct net_device *netdev, struct kernel_ethtool_ts_info *info);
void hvnet_get_ts_stats(struct net_device *netdev, struct ethtool_ts_stats *stats);

void hvnet_timestamp_sent(struct hvnet_ring *ring, u32 slot, struct sk_buff *skb,
			  struct hvnet_done_stats *stats);
void hvnet_timestamp_lost(struct hvnet_done_stats *stats);
ktime_t hvnet_timestamp_received(const struct hvnet_ring *ring, u32 slot);

/* Is a frame to get a time stamp when it is sent? */
static inline bool hvnet_timestamp_wanted(const struct hvnet_dev *dev, const struct sk_buff *skb)
{
	return unlikely(skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP) &&
	       READ_ONCE(dev->tx_times) == HWTSTAMP_TX_ON;
}

#endif
