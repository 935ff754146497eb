// SPDX-License-Identifier: GPL-2.0
/*
 * A steering rule of ethtool's in the adapter's words.
 *
 * Any bits of a field may be masked.  What the adapter cannot compare is refused, not ignored.
 */
#include <linux/etherdevice.h>

#include "rule.h"

#define HVNET_RULE_IP		(HVNET_STEER_IP4 | HVNET_STEER_IP6)
#define HVNET_RULE_L4		(HVNET_STEER_TCP | HVNET_STEER_UDP)

static u32 hvnet_rule_type(const struct ethtool_rx_flow_spec *fs)
{
	return fs->flow_type & ~(FLOW_EXT | FLOW_MAC_EXT | FLOW_RSS);
}

static void hvnet_rule_put_tcpip4(struct hvnet_steer_fields *to,
				  const struct ethtool_tcpip4_spec *from)
{
	memcpy(to->src_ip, &from->ip4src, sizeof(from->ip4src));
	memcpy(to->dst_ip, &from->ip4dst, sizeof(from->ip4dst));
	to->src_port = from->psrc;
	to->dst_port = from->pdst;
	to->tos = from->tos;
}

static void hvnet_rule_put_tcpip6(struct hvnet_steer_fields *to,
				  const struct ethtool_tcpip6_spec *from)
{
	memcpy(to->src_ip, from->ip6src, sizeof(from->ip6src));
	memcpy(to->dst_ip, from->ip6dst, sizeof(from->ip6dst));
	to->src_port = from->psrc;
	to->dst_port = from->pdst;
	to->tos = from->tclass;
}

static void hvnet_rule_put_ip4(struct hvnet_steer_fields *to,
			       const struct ethtool_usrip4_spec *from)
{
	memcpy(to->src_ip, &from->ip4src, sizeof(from->ip4src));
	memcpy(to->dst_ip, &from->ip4dst, sizeof(from->ip4dst));
	to->tos = from->tos;
	to->proto = from->proto;
}

static void hvnet_rule_put_ip6(struct hvnet_steer_fields *to,
			       const struct ethtool_usrip6_spec *from)
{
	memcpy(to->src_ip, from->ip6src, sizeof(from->ip6src));
	memcpy(to->dst_ip, from->ip6dst, sizeof(from->ip6dst));
	to->tos = from->tclass;
	to->proto = from->l4_proto;
}

static void hvnet_rule_put_ether(struct hvnet_steer_fields *to, const struct ethhdr *from)
{
	ether_addr_copy(to->dst_mac, from->h_dest);
	ether_addr_copy(to->src_mac, from->h_source);
	to->type = from->h_proto;
}

/* Values or masks of flows of @type. */
static void hvnet_rule_put(struct hvnet_steer_fields *to, u32 type,
			   const union ethtool_flow_union *from)
{
	switch (type) {
	case TCP_V4_FLOW:
		hvnet_rule_put_tcpip4(to, &from->tcp_ip4_spec);
		break;
	case UDP_V4_FLOW:
		hvnet_rule_put_tcpip4(to, &from->udp_ip4_spec);
		break;
	case TCP_V6_FLOW:
		hvnet_rule_put_tcpip6(to, &from->tcp_ip6_spec);
		break;
	case UDP_V6_FLOW:
		hvnet_rule_put_tcpip6(to, &from->udp_ip6_spec);
		break;
	case IPV4_USER_FLOW:
		hvnet_rule_put_ip4(to, &from->usr_ip4_spec);
		break;
	case IPV6_USER_FLOW:
		hvnet_rule_put_ip6(to, &from->usr_ip6_spec);
		break;
	case ETHER_FLOW:
		hvnet_rule_put_ether(to, &from->ether_spec);
		break;
	}
}

static int hvnet_rule_set_kind(struct hvnet_admin_steer *rule, u32 type)
{
	switch (type) {
	case TCP_V4_FLOW:
		rule->value.kind = HVNET_STEER_IP4 | HVNET_STEER_TCP;
		break;
	case UDP_V4_FLOW:
		rule->value.kind = HVNET_STEER_IP4 | HVNET_STEER_UDP;
		break;
	case TCP_V6_FLOW:
		rule->value.kind = HVNET_STEER_IP6 | HVNET_STEER_TCP;
		break;
	case UDP_V6_FLOW:
		rule->value.kind = HVNET_STEER_IP6 | HVNET_STEER_UDP;
		break;
	case IPV4_USER_FLOW:
		rule->value.kind = HVNET_STEER_IP4;
		rule->mask.kind = HVNET_RULE_IP;
		return 0;
	case IPV6_USER_FLOW:
		rule->value.kind = HVNET_STEER_IP6;
		rule->mask.kind = HVNET_RULE_IP;
		return 0;
	case ETHER_FLOW:
		return 0;
	default:
		return -EOPNOTSUPP;
	}
	rule->mask.kind = HVNET_RULE_IP | HVNET_RULE_L4;
	return 0;
}

/* What rules for any IP packet can say and the adapter cannot compare. */
static int hvnet_rule_check_ip(const struct ethtool_rx_flow_spec *fs, u32 type)
{
	if (type == IPV6_USER_FLOW)
		return fs->m_u.usr_ip6_spec.l4_4_bytes ? -EOPNOTSUPP : 0;
	if (type != IPV4_USER_FLOW)
		return 0;
	if (fs->m_u.usr_ip4_spec.ip_ver && fs->h_u.usr_ip4_spec.ip_ver != ETH_RX_NFC_IP4)
		return -EINVAL;
	return fs->m_u.usr_ip4_spec.l4_4_bytes ? -EOPNOTSUPP : 0;
}

/* To the adapter, only 802.1Q is a tag. */
static int hvnet_rule_put_ext(struct hvnet_admin_steer *rule, const struct ethtool_flow_ext *value,
			      const struct ethtool_flow_ext *mask)
{
	if (mask->data[0] || mask->data[1])
		return -EOPNOTSUPP;
	if (mask->vlan_etype && (mask->vlan_etype != htons(U16_MAX) ||
				 value->vlan_etype != htons(ETH_P_8021Q)))
		return -EOPNOTSUPP;
	if (!mask->vlan_etype && !mask->vlan_tci)
		return 0;
	rule->value.kind |= HVNET_STEER_TAGGED;
	rule->mask.kind |= HVNET_STEER_TAGGED;
	rule->value.vlan_tci = value->vlan_tci;
	rule->mask.vlan_tci = mask->vlan_tci;
	return 0;
}

static void hvnet_rule_apply_mask(struct hvnet_admin_steer *rule)
{
	u8 *value = (u8 *)&rule->value, *mask = (u8 *)&rule->mask;
	size_t i;

	for (i = 0; i < sizeof(rule->value); i++)
		value[i] &= mask[i];
}

/**
 * hvnet_rule_translate() - make the adapter's rule of ethtool's
 * @rule: zeroes; @value and @mask are filled in
 * @fs: the rule as ethtool has it
 *
 * Return: 0, -EOPNOTSUPP for what the adapter cannot compare, -EINVAL for what cannot be
 */
int hvnet_rule_translate(struct hvnet_admin_steer *rule, const struct ethtool_rx_flow_spec *fs)
{
	u32 type = hvnet_rule_type(fs);
	int err;

	err = hvnet_rule_set_kind(rule, type);
	if (!err)
		err = hvnet_rule_check_ip(fs, type);
	if (err)
		return err;
	hvnet_rule_put(&rule->value, type, &fs->h_u);
	hvnet_rule_put(&rule->mask, type, &fs->m_u);
	/* It would take the place of the address in the rule itself. */
	if (fs->flow_type & FLOW_MAC_EXT && type == ETHER_FLOW)
		return -EINVAL;
	if (fs->flow_type & FLOW_MAC_EXT) {
		ether_addr_copy(rule->value.dst_mac, fs->h_ext.h_dest);
		ether_addr_copy(rule->mask.dst_mac, fs->m_ext.h_dest);
	}
	if (fs->flow_type & FLOW_EXT)
		err = hvnet_rule_put_ext(rule, &fs->h_ext, &fs->m_ext);
	hvnet_rule_apply_mask(rule);
	return err;
}
