// SPDX-License-Identifier: GPL-2.0
/* Receive side scaling: which fields of a packet are hashed. */

#include "rss.h"

/* The bit that says that flows of @type are hashed with their ports; 0 if they never are. */
static int hvnet_rss_ports(u32 type, u16 *ports)
{
	*ports = 0;
	switch (type) {
	case TCP_V4_FLOW:
		*ports = HVNET_RSS_TCP4;
		break;
	case UDP_V4_FLOW:
		*ports = HVNET_RSS_UDP4;
		break;
	case TCP_V6_FLOW:
		*ports = HVNET_RSS_TCP6;
		break;
	case UDP_V6_FLOW:
		*ports = HVNET_RSS_UDP6;
		break;
	case IPV4_FLOW:
	case IPV6_FLOW:
	case SCTP_V4_FLOW:
	case SCTP_V6_FLOW:
	case AH_V4_FLOW:
	case AH_V6_FLOW:
	case ESP_V4_FLOW:
	case ESP_V6_FLOW:
	case AH_ESP_V4_FLOW:
	case AH_ESP_V6_FLOW:
		break;
	default:
		return -EINVAL;
	}
	return 0;
}

#define HVNET_RXH_ADDRS		(RXH_IP_SRC | RXH_IP_DST)
#define HVNET_RXH_PORTS		(RXH_L4_B_0_1 | RXH_L4_B_2_3)

static int hvnet_rss_get_fields(struct hvnet_dev *dev, u32 type, u64 *data)
{
	u16 ports;

	if (!(dev->feats & HVNET_FEAT_RSS))
		return -EOPNOTSUPP;
	*data = 0;
	if (hvnet_rss_ports(type, &ports))
		return 0;
	*data = HVNET_RXH_ADDRS;
	if (dev->rss.fields & cpu_to_le16(ports))
		*data |= HVNET_RXH_PORTS;
	return 0;
}

static int hvnet_rss_set_fields(struct hvnet_dev *dev, u32 type, u64 data)
{
	struct hvnet_admin_rss rss = dev->rss;
	u16 ports;
	int err;

	if (!(dev->feats & HVNET_FEAT_RSS))
		return -EOPNOTSUPP;
	if (hvnet_rss_ports(type, &ports))
		return -EINVAL;
	if (data == HVNET_RXH_ADDRS)
		rss.fields &= cpu_to_le16(~ports);
	else if (ports && data == (HVNET_RXH_ADDRS | HVNET_RXH_PORTS))
		rss.fields |= cpu_to_le16(ports);
	else
		return -EINVAL;
	err = hvnet_rss_change(dev, &rss);
	if (!err)
		dev->rss_chosen |= HVNET_RSS_CHOSE_FIELDS;
	return err;
}

/**
 * hvnet_get_rxnfc() - of struct ethtool_ops: the number of receive queues
 * @netdev: the network device
 * @info: what is asked for, and the answer
 * @rules: not used
 *
 * Return: 0 or a negative error code
 */
int hvnet_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *info, u32 *rules)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	switch (info->cmd) {
	case ETHTOOL_GRXRINGS:
		info->data = dev->config.num_pairs;
		return 0;
	case ETHTOOL_GRXFH:
		return hvnet_rss_get_fields(dev, info->flow_type, &info->data);
	}
	return -EOPNOTSUPP;
}

/**
 * hvnet_set_rxnfc() - of struct ethtool_ops: what flows are hashed by
 * @netdev: the network device
 * @info: the kind of flow, and with ports or without
 *
 * Return: 0 or a negative error code
 */
int hvnet_set_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *info)
{
	if (info->cmd != ETHTOOL_SRXFH || info->flow_type & FLOW_RSS)
		return -EOPNOTSUPP;
	return hvnet_rss_set_fields(netdev_priv(netdev), info->flow_type, info->data);
}
