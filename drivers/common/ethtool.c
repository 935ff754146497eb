// SPDX-License-Identifier: GPL-2.0
#include <linux/ethtool.h>
#include <linux/log2.h>

#include "context.h"
#include "datapath.h"
#include "dump.h"
#include "ethtool.h"
#include "moderation.h"
#include "offload.h"
#include "port.h"
#include "rss.h"
#include "rxnfc.h"
#include "selftest.h"
#include "stats.h"
#include "timestamp.h"

/* Counters of a queue pair, in the order of hvnet_get_pair_stats(). */
static const char * const hvnet_pair_stat_names[] = {
	"rx%u_packets",
	"rx%u_bytes",
	"rx%u_chained",
	"rx%u_bad_length",
	"rx%u_bad_offload",
	"rx%u_no_memory",
	"rx%u_csum_unnecessary",
	"rx%u_csum_none",
	"rx%u_gro_packets",
	"rx%u_gro_bytes",
	"rx%u_gro_wire_packets",
	"rx%u_gro_wire_bytes",
	"tx%u_packets",
	"tx%u_bytes",
	"tx%u_linearized",
	"tx%u_dropped",
	"tx%u_kicks",
	"tx%u_csum_none",
	"tx%u_needs_csum",
	"tx%u_gso_packets",
	"tx%u_gso_bytes",
	"tx%u_gso_wire_packets",
	"tx%u_gso_wire_bytes",
	"tx%u_stops",
	"tx%u_xdp_packets",
	"tx%u_xdp_dropped",
	"tx%u_xsk_packets",
	"tx%u_wakes",
	"rx%u_xdp_drop",
	"rx%u_xdp_pass",
	"rx%u_xdp_tx",
	"rx%u_xdp_redirect",
	"rx%u_xdp_err",
};

static_assert(ARRAY_SIZE(hvnet_pair_stat_names) ==
	      HVNET_RX_NUM_STATS + HVNET_TX_NUM_STATS + 1 + HVNET_XDP_NUM_STATS);

/* Counters of the adapter, in the order of struct hvnet_admin_stats. */
static const char hvnet_port_stat_names[][ETH_GSTRING_LEN] = {
	"vport_rx_packets",
	"vport_rx_bytes",
	"vport_rx_multicast",
	"vport_rx_no_buffer",
	"vport_rx_off",
	"vport_rx_error",
	"vport_tx_packets",
	"vport_tx_bytes",
	"vport_tx_multicast",
	"vport_tx_no_dest",
	"vport_dma_faults",
	"vport_bad_doorbells",
	"vport_tx_bad_offload",
	"vport_rx_oversize",
	"vport_tx_spoofed",
	"vport_tx_bad_vlan",
	"vport_tx_link_off",
	"vport_rx_link_off",
	"vport_tx_broadcast",
	"vport_rx_broadcast",
	"vport_tx_throttled",
	"vport_rx_steer_drop",
	"vport_rx_vlan_drop",
	"vport_tx_oversize",
};

static_assert(sizeof(struct hvnet_admin_stats) ==
	      ARRAY_SIZE(hvnet_port_stat_names) * sizeof(__le64));

static void hvnet_get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	strscpy(info->driver, dev->pdev->driver->name, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(dev->pdev), sizeof(info->bus_info));
	info->n_priv_flags = 0;
}

static void hvnet_get_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
				struct kernel_ethtool_ringparam *kernel_ring,
				struct netlink_ext_ack *extack)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	ring->rx_max_pending = dev->max_ring;
	ring->tx_max_pending = dev->max_ring;
	ring->rx_pending = dev->config.rx_size;
	ring->tx_pending = dev->config.tx_size;
}

static int hvnet_set_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			       struct kernel_ethtool_ringparam *kernel_ring,
			       struct netlink_ext_ack *extack)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_config config = dev->config;

	if (ring->rx_pending < HVNET_RING_MIN || ring->tx_pending < HVNET_RING_MIN) {
		NL_SET_ERR_MSG_FMT_MOD(extack, "a ring has at least %u descriptors",
				       HVNET_RING_MIN);
		return -EINVAL;
	}
	/* Not more than there can be: the core has seen to that. */
	config.rx_size = roundup_pow_of_two(ring->rx_pending);
	config.tx_size = roundup_pow_of_two(ring->tx_pending);
	if (config.rx_size == dev->config.rx_size && config.tx_size == dev->config.tx_size)
		return 0;
	hvnet_offload_reshape(dev, &config);
	return hvnet_datapath_reshape(dev, &config);
}

static void hvnet_get_channels(struct net_device *netdev, struct ethtool_channels *channels)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	channels->max_combined = dev->max_pairs;
	channels->combined_count = dev->config.num_pairs;
}

static int hvnet_set_channels(struct net_device *netdev, struct ethtool_channels *channels)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_config config = dev->config;

	if (!channels->combined_count || channels->combined_count > dev->max_pairs)
		return -EINVAL;
	config.num_pairs = channels->combined_count;
	if (config.num_pairs == dev->config.num_pairs)
		return 0;
	hvnet_offload_reshape(dev, &config);
	return hvnet_datapath_reshape(dev, &config);
}

static int hvnet_get_sset_count(struct net_device *netdev, int sset)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	if (sset == ETH_SS_TEST)
		return hvnet_num_selftests;
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return dev->config.num_pairs * ARRAY_SIZE(hvnet_pair_stat_names) +
	       ARRAY_SIZE(hvnet_port_stat_names) + dev->ops->num_stats;
}

static void hvnet_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	unsigned int i, pair;

	for (i = 0; sset == ETH_SS_TEST && i < hvnet_num_selftests; i++)
		ethtool_puts(&data, hvnet_selftest_names[i]);
	if (sset != ETH_SS_STATS)
		return;
	for (pair = 0; pair < dev->config.num_pairs; pair++)
		for (i = 0; i < ARRAY_SIZE(hvnet_pair_stat_names); i++)
			ethtool_sprintf(&data, hvnet_pair_stat_names[i], pair);
	for (i = 0; i < ARRAY_SIZE(hvnet_port_stat_names); i++)
		ethtool_puts(&data, hvnet_port_stat_names[i]);
	for (i = 0; i < dev->ops->num_stats; i++)
		ethtool_puts(&data, dev->ops->stat_names[i]);
}

static u64 *hvnet_get_pair_stats(const struct hvnet_pair_stats *stats, u64 *data)
{
	hvnet_stats_read_rx(&stats->rx, data);
	data += HVNET_RX_NUM_STATS;
	hvnet_stats_read_tx(&stats->tx, data);
	data += HVNET_TX_NUM_STATS;
	*data++ = hvnet_stats_read_wakes(&stats->done);
	hvnet_stats_read_xdp(&stats->xdp, data);
	return data + HVNET_XDP_NUM_STATS;
}

static void hvnet_get_ethtool_stats(struct net_device *netdev, struct ethtool_stats *ethtool_stats,
				    u64 *data)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_admin_stats stats = {};
	const __le64 *port = (const __le64 *)&stats;
	unsigned int i;

	for (i = 0; i < dev->config.num_pairs; i++)
		data = hvnet_get_pair_stats(&dev->stats[i], data);

	/* Without an answer they stay 0: there is nobody to tell. */
	hvnet_admin_stats(dev, dev->vport, &stats);
	for (i = 0; i < ARRAY_SIZE(hvnet_port_stat_names); i++)
		*data++ = le64_to_cpu(port[i]);

	if (dev->ops->num_stats)
		dev->ops->get_stats(dev, data);
}

const struct ethtool_ops hvnet_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_USECS | ETHTOOL_COALESCE_MAX_FRAMES |
				     ETHTOOL_COALESCE_USE_ADAPTIVE,
#ifdef HVNET_HAVE_INPUT_XFRM
	.supported_input_xfrm = RXH_XFRM_SYM_XOR,
#else
	.cap_rss_sym_xor_supported = true,
#endif
#ifdef HVNET_HAVE_CTX_FIELDS
	.rxfh_per_ctx_fields = true,
#endif
	.rxfh_per_ctx_key = true,
	.rxfh_priv_size = sizeof(struct hvnet_admin_rss),
	.rxfh_max_num_contexts = 1 + HVNET_RSS_CONTEXTS,
	.get_drvinfo = hvnet_get_drvinfo,
	.get_regs_len = hvnet_get_regs_len,
	.get_regs = hvnet_get_regs,
	.self_test = hvnet_self_test,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = hvnet_get_link_ksettings,
	.set_link_ksettings = hvnet_set_link_ksettings,
	.get_coalesce = hvnet_get_coalesce,
	.set_coalesce = hvnet_set_coalesce,
	.get_per_queue_coalesce = hvnet_get_queue_coalesce,
	.set_per_queue_coalesce = hvnet_set_queue_coalesce,
	.get_ringparam = hvnet_get_ringparam,
	.set_ringparam = hvnet_set_ringparam,
	.get_channels = hvnet_get_channels,
	.set_channels = hvnet_set_channels,
	.get_rxnfc = hvnet_get_rxnfc,
	.set_rxnfc = hvnet_set_rxnfc,
	.get_rxfh_key_size = hvnet_get_rxfh_key_size,
	.get_rxfh_indir_size = hvnet_get_rxfh_indir_size,
	.get_rxfh = hvnet_get_rxfh,
	.set_rxfh = hvnet_set_rxfh,
	.create_rxfh_context = hvnet_create_rxfh_context,
	.modify_rxfh_context = hvnet_modify_rxfh_context,
	.remove_rxfh_context = hvnet_remove_rxfh_context,
	.get_sset_count = hvnet_get_sset_count,
	.get_strings = hvnet_get_strings,
	.get_ethtool_stats = hvnet_get_ethtool_stats,
	.get_eth_mac_stats = hvnet_get_eth_mac_stats,
	.get_rmon_stats = hvnet_get_rmon_stats,
	.get_ts_info = hvnet_get_ts_info,
	.get_ts_stats = hvnet_get_ts_stats,
};
