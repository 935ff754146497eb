// SPDX-License-Identifier: GPL-2.0
/*
 * A queue pair's counters outlive its rings and the pair itself: what was counted on a pair that is
 * not in use any more is in the device's own statistics, so that these never go back.
 */
#include <linux/export.h>
#include <linux/rtnetlink.h>

#include "stats.h"

/**
 * hvnet_stats_init() - initialise the counters
 * @dev: the function, whose netdev is not registered
 */
void hvnet_stats_init(struct hvnet_dev *dev)
{
	unsigned int i;

	for (i = 0; i < HVNET_MAX_QUEUE_PAIRS; i++) {
		u64_stats_init(&dev->stats[i].rx.sync);
		u64_stats_init(&dev->stats[i].tx.sync);
		u64_stats_init(&dev->stats[i].done.sync);
		u64_stats_init(&dev->stats[i].xdp.sync);
	}
	dev->netdev->stat_ops = &hvnet_stat_ops;
}

/**
 * hvnet_stats_read_rx() - read the counters of a receive queue, as they were at one time
 * @stats: the counters
 * @count: HVNET_RX_NUM_STATS values to fill in
 */
void hvnet_stats_read_rx(const struct hvnet_rx_stats *stats, u64 *count)
{
	unsigned int i, start;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		for (i = 0; i < HVNET_RX_NUM_STATS; i++)
			count[i] = u64_stats_read(&stats->count[i]);
	} while (u64_stats_fetch_retry(&stats->sync, start));
}

/**
 * hvnet_stats_read_tx() - read the counters of a transmit queue, as they were at one time
 * @stats: the counters
 * @count: HVNET_TX_NUM_STATS values to fill in
 */
void hvnet_stats_read_tx(const struct hvnet_tx_stats *stats, u64 *count)
{
	unsigned int i, start;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		for (i = 0; i < HVNET_TX_NUM_STATS; i++)
			count[i] = u64_stats_read(&stats->count[i]);
	} while (u64_stats_fetch_retry(&stats->sync, start));
}

/**
 * hvnet_stats_read_xdp() - read what became of frames for programs, as it was at one time
 * @stats: the counters
 * @count: HVNET_XDP_NUM_STATS values to fill in
 */
void hvnet_stats_read_xdp(const struct hvnet_xdp_stats *stats, u64 *count)
{
	unsigned int i, start;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		for (i = 0; i < HVNET_XDP_NUM_STATS; i++)
			count[i] = u64_stats_read(&stats->count[i]);
	} while (u64_stats_fetch_retry(&stats->sync, start));
}

/**
 * hvnet_stats_read_wakes() - how often was a full transmit queue started again?
 * @stats: the counters
 *
 * Return: the number
 */
u64 hvnet_stats_read_wakes(const struct hvnet_done_stats *stats)
{
	unsigned int start;
	u64 wakes;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		wakes = u64_stats_read(&stats->wakes);
	} while (u64_stats_fetch_retry(&stats->sync, start));
	return wakes;
}

/**
 * hvnet_stats_read_times() - how many frames that were to get a time stamp got one?
 * @stats: the counters
 * @times: their number
 * @lost: number of the others
 */
void hvnet_stats_read_times(const struct hvnet_done_stats *stats, u64 *times, u64 *lost)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		*times = u64_stats_read(&stats->times);
		*lost = u64_stats_read(&stats->times_lost);
	} while (u64_stats_fetch_retry(&stats->sync, start));
}

/**
 * hvnet_get_stats64() - ndo_get_stats64
 * @netdev: the network device
 * @stats: added to
 */
void hvnet_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	u64 rx[HVNET_RX_NUM_STATS], tx[HVNET_TX_NUM_STATS];
	unsigned int i;

	for (i = 0; i < HVNET_MAX_QUEUE_PAIRS; i++) {
		hvnet_stats_read_rx(&dev->stats[i].rx, rx);
		hvnet_stats_read_tx(&dev->stats[i].tx, tx);

		stats->rx_packets += rx[HVNET_RX_STAT_PACKETS];
		stats->rx_bytes += rx[HVNET_RX_STAT_BYTES];
		stats->rx_errors += rx[HVNET_RX_STAT_BAD_LENGTH] +
				    rx[HVNET_RX_STAT_BAD_OFFLOAD];
		stats->rx_length_errors += rx[HVNET_RX_STAT_BAD_LENGTH];
		stats->rx_dropped += rx[HVNET_RX_STAT_NO_MEMORY];
		stats->tx_packets += tx[HVNET_TX_STAT_PACKETS];
		stats->tx_bytes += tx[HVNET_TX_STAT_BYTES];
		stats->tx_dropped += tx[HVNET_TX_STAT_DROPPED] + tx[HVNET_TX_STAT_XDP_DROPPED];
	}
}
EXPORT_SYMBOL_NS_GPL(hvnet_get_stats64, HVNET);

static void hvnet_get_queue_stats_rx(struct net_device *netdev, int queue,
				     struct netdev_queue_stats_rx *stats)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	u64 rx[HVNET_RX_NUM_STATS];

	hvnet_stats_read_rx(&dev->stats[queue].rx, rx);
	stats->packets = rx[HVNET_RX_STAT_PACKETS];
	stats->bytes = rx[HVNET_RX_STAT_BYTES];
	stats->alloc_fail = rx[HVNET_RX_STAT_NO_MEMORY];
	stats->csum_unnecessary = rx[HVNET_RX_STAT_CSUM_UNNECESSARY];
	stats->csum_none = rx[HVNET_RX_STAT_CSUM_NONE];
	stats->hw_gro_packets = rx[HVNET_RX_STAT_GRO_PACKETS];
	stats->hw_gro_bytes = rx[HVNET_RX_STAT_GRO_BYTES];
	stats->hw_gro_wire_packets = rx[HVNET_RX_STAT_GRO_WIRE_PACKETS];
	stats->hw_gro_wire_bytes = rx[HVNET_RX_STAT_GRO_WIRE_BYTES];
}

static void hvnet_get_queue_stats_tx(struct net_device *netdev, int queue,
				     struct netdev_queue_stats_tx *stats)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	u64 tx[HVNET_TX_NUM_STATS];

	hvnet_stats_read_tx(&dev->stats[queue].tx, tx);
	stats->packets = tx[HVNET_TX_STAT_PACKETS];
	stats->bytes = tx[HVNET_TX_STAT_BYTES];
	stats->csum_none = tx[HVNET_TX_STAT_CSUM_NONE];
	stats->needs_csum = tx[HVNET_TX_STAT_NEEDS_CSUM];
	stats->hw_gso_packets = tx[HVNET_TX_STAT_GSO_PACKETS];
	stats->hw_gso_bytes = tx[HVNET_TX_STAT_GSO_BYTES];
	stats->hw_gso_wire_packets = tx[HVNET_TX_STAT_GSO_WIRE_PACKETS];
	stats->hw_gso_wire_bytes = tx[HVNET_TX_STAT_GSO_WIRE_BYTES];
	stats->stop = tx[HVNET_TX_STAT_STOPS];
	stats->wake = hvnet_stats_read_wakes(&dev->stats[queue].done);
}

/* The adapter counts them by vport.  While it does not answer they are what they were. */
static void hvnet_get_drops(struct hvnet_dev *dev, struct netdev_queue_stats_rx *rx,
			    struct netdev_queue_stats_tx *tx)
{
	struct hvnet_admin_stats *drops = &dev->drops;
	struct hvnet_admin_stats stats;

	if (!hvnet_admin_stats(dev, dev->vport, &stats))
		*drops = stats;
	rx->hw_drop_overruns = le64_to_cpu(drops->rx_no_buffer);
	rx->hw_drops = rx->hw_drop_overruns + le64_to_cpu(drops->rx_off) +
		       le64_to_cpu(drops->rx_error) + le64_to_cpu(drops->rx_oversize) +
		       le64_to_cpu(drops->rx_link_off) + le64_to_cpu(drops->rx_steer_drop) +
		       le64_to_cpu(drops->rx_vlan_drop);
	tx->hw_drop_errors = le64_to_cpu(drops->tx_bad_offload);
	tx->hw_drops = tx->hw_drop_errors + le64_to_cpu(drops->tx_no_dest) +
		       le64_to_cpu(drops->tx_spoofed) + le64_to_cpu(drops->tx_bad_vlan) +
		       le64_to_cpu(drops->tx_link_off) + le64_to_cpu(drops->tx_oversize);
}

/* What is not counted on the queues that are in use: on the others, and by the adapter. */
static void hvnet_get_base_stats(struct net_device *netdev, struct netdev_queue_stats_rx *rx,
				 struct netdev_queue_stats_tx *tx)
{
	*rx = (struct netdev_queue_stats_rx){ .csum_bad = ~0ull, .hw_drop_ratelimits = ~0ull };
	*tx = (struct netdev_queue_stats_tx){ .hw_drop_ratelimits = ~0ull };
	netdev_stat_queue_sum(netdev, netdev->real_num_rx_queues, HVNET_MAX_QUEUE_PAIRS, rx,
			      netdev->real_num_tx_queues, HVNET_MAX_QUEUE_PAIRS, tx);
	hvnet_get_drops(netdev_priv(netdev), rx, tx);
}

const struct netdev_stat_ops hvnet_stat_ops = {
	.get_queue_stats_rx = hvnet_get_queue_stats_rx,
	.get_queue_stats_tx = hvnet_get_queue_stats_tx,
	.get_base_stats = hvnet_get_base_stats,
};
