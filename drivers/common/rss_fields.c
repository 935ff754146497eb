// SPDX-License-Identifier: GPL-2.0
/* Receive side scaling: which fields of a packet are hashed. */

#include "context.h"
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

/* How flows are hashed in the context that @info names, if it names one; NULL if there is none. */
static struct hvnet_admin_rss *hvnet_rss_find(struct hvnet_dev *dev,
					      const struct ethtool_rxnfc *info)
{
	if (!(info->flow_type & FLOW_RSS) || !info->rss_context)
		return &dev->rss;
	return hvnet_context_find(dev, info->rss_context);
}

/**
 * hvnet_rss_get_fields() - what flows of a type are hashed by
 * @dev: the function
 * @info: the type and, with FLOW_RSS, the RSS context; @data is filled in, 0 for no hash
 *
 * Return: 0 or a negative error code
 */
int hvnet_rss_get_fields(struct hvnet_dev *dev, struct ethtool_rxnfc *info)
{
	const struct hvnet_admin_rss *rss;
	u16 ports;

	if (!(dev->feats & HVNET_FEAT_RSS))
		return -EOPNOTSUPP;
	rss = hvnet_rss_find(dev, info);
	if (!rss)
		return -ENOENT;
	info->data = 0;
	if (hvnet_rss_ports(info->flow_type & ~FLOW_RSS, &ports))
		return 0;
	info->data = HVNET_RXH_ADDRS;
	if (rss->fields & cpu_to_le16(ports))
		info->data |= HVNET_RXH_PORTS;
	return 0;
}

/**
 * hvnet_rss_set_fields() - hash flows of a type with their ports, or without
 * @dev: the function
 * @info: the type, the fields and, with FLOW_RSS, the RSS context
 *
 * Return: 0, or a negative error code and nothing has changed
 */
int hvnet_rss_set_fields(struct hvnet_dev *dev, const struct ethtool_rxnfc *info)
{
	struct hvnet_admin_rss *rss, new;
	u16 ports;
	int err;

	if (!(dev->feats & HVNET_FEAT_RSS))
		return -EOPNOTSUPP;
	rss = hvnet_rss_find(dev, info);
	if (!rss)
		return -ENOENT;
	if (hvnet_rss_ports(info->flow_type & ~FLOW_RSS, &ports))
		return -EINVAL;
	new = *rss;
	if (info->data == HVNET_RXH_ADDRS)
		new.fields &= cpu_to_le16(~ports);
	else if (ports && info->data == (HVNET_RXH_ADDRS | HVNET_RXH_PORTS))
		new.fields |= cpu_to_le16(ports);
	else
		return -EINVAL;
	err = hvnet_rss_change(dev, rss, &new);
	if (!err && rss == &dev->rss)
		dev->rss_chosen |= HVNET_RSS_CHOSE_FIELDS;
	return err;
}
