// SPDX-License-Identifier: GPL-2.0
/* Network device operations that need nothing of the function, declared in hvnet/common.h. */
#include <linux/ethtool.h>
#include <linux/export.h>
#include <linux/netdevice.h>

#include "datapath.h"
#include "pair.h"

/**
 * hvnet_open() - ndo_open
 * @netdev: the network device
 *
 * Return: 0 or a negative error code
 */
int hvnet_open(struct net_device *netdev)
{
	return hvnet_datapath_open(netdev_priv(netdev));
}
EXPORT_SYMBOL_NS_GPL(hvnet_open, HVNET);

/**
 * hvnet_stop() - ndo_stop
 * @netdev: the network device
 *
 * Return: 0
 */
int hvnet_stop(struct net_device *netdev)
{
	hvnet_datapath_close(netdev_priv(netdev));
	return 0;
}
EXPORT_SYMBOL_NS_GPL(hvnet_stop, HVNET);

/**
 * hvnet_xmit() - ndo_start_xmit
 * @skb: the frame
 * @netdev: the network device
 *
 * Return: NETDEV_TX_OK or NETDEV_TX_BUSY
 */
netdev_tx_t hvnet_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	u16 queue = skb_get_queue_mapping(skb);

	/* Who transmits past the qdisc may have chosen a queue that has gone since. */
	if (unlikely(queue >= dev->config.num_pairs)) {
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	return hvnet_tx_xmit(&dev->pairs[queue].tx, skb);
}
EXPORT_SYMBOL_NS_GPL(hvnet_xmit, HVNET);

/**
 * hvnet_tx_timeout() - ndo_tx_timeout
 * @netdev: the network device
 * @txqueue: number of the queue pair
 */
void hvnet_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	hvnet_datapath_fault(netdev_priv(netdev), HVNET_TXQ(txqueue));
}
EXPORT_SYMBOL_NS_GPL(hvnet_tx_timeout, HVNET);

static void hvnet_add_rx_stats(const struct hvnet_rx_stats *rx, struct rtnl_link_stats64 *stats)
{
	u64 packets, bytes, bad_length, bad_offload, no_memory;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&rx->sync);
		packets = u64_stats_read(&rx->packets);
		bytes = u64_stats_read(&rx->bytes);
		bad_length = u64_stats_read(&rx->bad_length);
		bad_offload = u64_stats_read(&rx->bad_offload);
		no_memory = u64_stats_read(&rx->no_memory);
	} while (u64_stats_fetch_retry(&rx->sync, start));

	stats->rx_packets += packets;
	stats->rx_bytes += bytes;
	stats->rx_errors += bad_length + bad_offload;
	stats->rx_length_errors += bad_length;
	stats->rx_dropped += no_memory;
}

static void hvnet_add_tx_stats(const struct hvnet_tx_stats *tx, struct rtnl_link_stats64 *stats)
{
	u64 packets, bytes, dropped;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&tx->sync);
		packets = u64_stats_read(&tx->packets);
		bytes = u64_stats_read(&tx->bytes);
		dropped = u64_stats_read(&tx->dropped);
	} while (u64_stats_fetch_retry(&tx->sync, start));

	stats->tx_packets += packets;
	stats->tx_bytes += bytes;
	stats->tx_dropped += dropped;
}

/**
 * hvnet_get_stats64() - ndo_get_stats64
 * @netdev: the network device
 * @stats: added to
 */
void hvnet_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	unsigned int i;

	for (i = 0; i < HVNET_MAX_QUEUE_PAIRS; i++) {
		hvnet_add_rx_stats(&dev->stats[i].rx, stats);
		hvnet_add_tx_stats(&dev->stats[i].tx, stats);
	}
}
EXPORT_SYMBOL_NS_GPL(hvnet_get_stats64, HVNET);

/**
 * hvnet_set_link() - tell the stack of the link's state
 * @dev: the function
 * @flags: HVNET_LINK_*
 * @speed: Mb/s
 */
void hvnet_set_link(struct hvnet_dev *dev, u32 flags, u32 speed)
{
	bool up = flags & HVNET_LINK_UP;

	WRITE_ONCE(dev->link_speed, speed);
	if (up == netif_carrier_ok(dev->netdev))
		return;

	if (up)
		netif_carrier_on(dev->netdev);
	else
		netif_carrier_off(dev->netdev);
	if (dev->netdev->reg_state == NETREG_REGISTERED)
		netdev_info(dev->netdev, "link is %s\n", up ? "up" : "down");
}
EXPORT_SYMBOL_NS_GPL(hvnet_set_link, HVNET);
