// SPDX-License-Identifier: GPL-2.0
/*
 * Time stamps of frames, by the adapter's clock.
 *
 * The rings always have room for them, so that they can be switched on and off while frames pass.
 */
#include <linux/export.h>
#include <linux/ktime.h>
#include <linux/rtnetlink.h>

#include "offload.h"
#include "stats.h"
#include "timestamp.h"

/**
 * hvnet_timestamp_sent() - tell the sender when its frame was sent
 * @ring: transmit ring
 * @slot: of the frame's last descriptor, which has been completed
 * @skb: the frame
 * @stats: where it is counted
 */
void hvnet_timestamp_sent(struct hvnet_ring *ring, u32 slot, struct sk_buff *skb,
			  struct hvnet_done_stats *stats)
{
	struct skb_shared_hwtstamps times = {};
	u64 ns = le64_to_cpu(READ_ONCE(ring->times[slot]));

	/* The adapter has dropped it. */
	if (!ns) {
		hvnet_timestamp_lost(stats);
		return;
	}
	times.hwtstamp = ns_to_ktime(ns);
	skb_tstamp_tx(skb, &times);
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->times);
	u64_stats_update_end(&stats->sync);
}

/**
 * hvnet_timestamp_lost() - a frame was to get a time stamp, and does not
 * @stats: where it is counted; NAPI's, or NAPI is off
 */
void hvnet_timestamp_lost(struct hvnet_done_stats *stats)
{
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->times_lost);
	u64_stats_update_end(&stats->sync);
}

/**
 * hvnet_timestamp_received() - when was a frame received?
 * @ring: receive ring
 * @slot: of the frame's first completion, which says that there is a time stamp
 *
 * Return: the time by the adapter's clock, or 0 if there cannot be one
 */
ktime_t hvnet_timestamp_received(const struct hvnet_ring *ring, u32 slot)
{
	/* That we did not ask for it is the adapter's business. */
	if (!ring->times)
		return 0;
	return ns_to_ktime(le64_to_cpu(READ_ONCE(ring->times[slot])));
}

/**
 * hvnet_hwtstamp_get() - ndo_hwtstamp_get
 * @netdev: the network device
 * @config: filled in
 *
 * Return: 0, or -EOPNOTSUPP if there is no clock
 */
int hvnet_hwtstamp_get(struct net_device *netdev, struct kernel_hwtstamp_config *config)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	if (!dev->ptp)
		return -EOPNOTSUPP;
	config->flags = 0;
	config->tx_type = dev->tx_times;
	config->rx_filter = dev->rx_times;
	return 0;
}
EXPORT_SYMBOL_NS_GPL(hvnet_hwtstamp_get, HVNET);

/* All frames get one, or none: a filter for some of them becomes one for all. */
static int hvnet_timestamp_filter(int filter)
{
	switch (filter) {
	case HWTSTAMP_FILTER_NONE:
		return HWTSTAMP_FILTER_NONE;
	case HWTSTAMP_FILTER_ALL:
	case HWTSTAMP_FILTER_SOME:
	case HWTSTAMP_FILTER_PTP_V1_L4_EVENT:
	case HWTSTAMP_FILTER_PTP_V1_L4_SYNC:
	case HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ:
	case HWTSTAMP_FILTER_PTP_V2_L4_EVENT:
	case HWTSTAMP_FILTER_PTP_V2_L4_SYNC:
	case HWTSTAMP_FILTER_PTP_V2_L4_DELAY_REQ:
	case HWTSTAMP_FILTER_PTP_V2_L2_EVENT:
	case HWTSTAMP_FILTER_PTP_V2_L2_SYNC:
	case HWTSTAMP_FILTER_PTP_V2_L2_DELAY_REQ:
	case HWTSTAMP_FILTER_PTP_V2_EVENT:
	case HWTSTAMP_FILTER_PTP_V2_SYNC:
	case HWTSTAMP_FILTER_PTP_V2_DELAY_REQ:
	case HWTSTAMP_FILTER_NTP_ALL:
		return HWTSTAMP_FILTER_ALL;
	default:
		return -ERANGE;
	}
}

static int hvnet_timestamp_set_rx(struct hvnet_dev *dev, enum hwtstamp_rx_filters filter)
{
	enum hwtstamp_rx_filters old = dev->rx_times;
	int err;

	dev->rx_times = filter;
	if (filter == old || !dev->running)
		return 0;
	err = hvnet_offload_set_rx(dev);
	if (!err)
		return 0;
	dev->rx_times = old;
	if (hvnet_offload_set_rx(dev))
		netdev_warn(dev->netdev, "the adapter may receive in another way than is set\n");
	return err;
}

/**
 * hvnet_hwtstamp_set() - ndo_hwtstamp_set
 * @netdev: the network device
 * @config: what is wanted; filled in with what it becomes
 * @extack: says why not
 *
 * Return: 0 or a negative error code; then nothing has changed
 */
int hvnet_hwtstamp_set(struct net_device *netdev, struct kernel_hwtstamp_config *config,
		       struct netlink_ext_ack *extack)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	int filter = hvnet_timestamp_filter(config->rx_filter);
	int err;

	ASSERT_RTNL();
	if (!dev->ptp) {
		NL_SET_ERR_MSG_MOD(extack, "there is no clock");
		return -EOPNOTSUPP;
	}
	if (config->tx_type != HWTSTAMP_TX_OFF && config->tx_type != HWTSTAMP_TX_ON) {
		NL_SET_ERR_MSG_MOD(extack, "the adapter writes no time stamps into frames");
		return -ERANGE;
	}
	if (filter < 0) {
		NL_SET_ERR_MSG_MOD(extack, "this filter is not known");
		return filter;
	}
	err = hvnet_timestamp_set_rx(dev, filter);
	if (err) {
		NL_SET_ERR_MSG_MOD(extack, "the adapter does not obey");
		return err;
	}
	WRITE_ONCE(dev->tx_times, config->tx_type);
	config->rx_filter = filter;
	return 0;
}
EXPORT_SYMBOL_NS_GPL(hvnet_hwtstamp_set, HVNET);

/**
 * hvnet_get_ts_info() - of struct ethtool_ops
 * @netdev: the network device
 * @info: filled in
 *
 * Return: 0
 */
int hvnet_get_ts_info(struct net_device *netdev, struct kernel_ethtool_ts_info *info)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	if (!dev->ptp)
		return ethtool_op_get_ts_info(netdev, info);
	info->so_timestamping = SOF_TIMESTAMPING_SOFTWARE_MASK | SOF_TIMESTAMPING_HARDWARE_MASK;
	info->phc_index = ptp_clock_index(dev->ptp);
	info->tx_types = BIT(HWTSTAMP_TX_OFF) | BIT(HWTSTAMP_TX_ON);
	info->rx_filters = BIT(HWTSTAMP_FILTER_NONE) | BIT(HWTSTAMP_FILTER_ALL);
	return 0;
}

/**
 * hvnet_get_ts_stats() - of struct ethtool_ops
 * @netdev: the network device
 * @stats: filled in with what is known
 */
void hvnet_get_ts_stats(struct net_device *netdev, struct ethtool_ts_stats *stats)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	unsigned int i;
	u64 times, lost;

	if (!dev->ptp)
		return;
	stats->pkts = 0;
	stats->lost = 0;
	for (i = 0; i < HVNET_MAX_QUEUE_PAIRS; i++) {
		hvnet_stats_read_times(&dev->stats[i].done, &times, &lost);
		stats->pkts += times;
		stats->lost += lost;
	}
}
