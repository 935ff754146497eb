/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of queue pairs. */
#ifndef HVNET_STATS_H
#define HVNET_STATS_H

#include <net/netdev_queues.h>

#include <hvnet/common.h>

extern const struct netdev_stat_ops hvnet_stat_ops;

void hvnet_stats_init(struct hvnet_dev *dev);
void hvnet_stats_read_rx(const struct hvnet_rx_stats *stats, u64 *count);
void hvnet_stats_read_tx(const struct hvnet_tx_stats *stats, u64 *count);
void hvnet_stats_read_xdp(const struct hvnet_xdp_stats *stats, u64 *count);
u64 hvnet_stats_read_wakes(const struct hvnet_done_stats *stats);
void hvnet_stats_read_times(const struct hvnet_done_stats *stats, u64 *times, u64 *lost);

static inline void hvnet_stats_count_tx(struct hvnet_tx_stats *stats, enum hvnet_tx_stat what)
{
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->count[what]);
	u64_stats_update_end(&stats->sync);
}

#endif
