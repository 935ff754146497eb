// SPDX-License-Identifier: GPL-2.0
/* What XDP programs may ask about a received frame: the adapter's word in its first completion. */
#include <linux/if_ether.h>

#include "xdp.h"

static int hvnet_xdp_rx_timestamp(const struct xdp_md *ctx, u64 *timestamp)
{
	const struct hvnet_xdp_buff *frame = (const struct hvnet_xdp_buff *)ctx;

	if (!frame->time)
		return -ENODATA;
	*timestamp = ktime_to_ns(frame->time);
	return 0;
}

static const struct hvnet_rx_cmpl *hvnet_xdp_cmpl(const struct xdp_md *ctx)
{
	return &((const struct hvnet_xdp_buff *)ctx)->cmpl;
}

/* The adapter says whether ports were hashed; which protocol it was, the frame says. */
static enum xdp_rss_hash_type hvnet_xdp_hash_type(const struct xdp_buff *xdp, bool l4)
{
	const struct ethhdr *eth = xdp->data;

	if (l4)
		return XDP_RSS_TYPE_L4_ANY;
	if (xdp->data + sizeof(*eth) > xdp->data_end)
		return XDP_RSS_TYPE_NONE;
	switch (eth->h_proto) {
	case htons(ETH_P_IP):
		return XDP_RSS_TYPE_L3_IPV4;
	case htons(ETH_P_IPV6):
		return XDP_RSS_TYPE_L3_IPV6;
	default:
		return XDP_RSS_TYPE_NONE;
	}
}

static int hvnet_xdp_rx_hash(const struct xdp_md *ctx, u32 *hash, enum xdp_rss_hash_type *type)
{
	const struct xdp_buff *xdp = (const struct xdp_buff *)ctx;
	const struct hvnet_rx_cmpl *cmpl = hvnet_xdp_cmpl(ctx);

	if (!(cmpl->flags & cpu_to_le16(HVNET_RXC_HASH)) ||
	    !(xdp->rxq->dev->features & NETIF_F_RXHASH))
		return -ENODATA;
	*hash = le32_to_cpu(cmpl->hash);
	*type = hvnet_xdp_hash_type(xdp, cmpl->flags & cpu_to_le16(HVNET_RXC_HASH_L4));
	return 0;
}

static int hvnet_xdp_rx_vlan_tag(const struct xdp_md *ctx, __be16 *proto, u16 *tci)
{
	const struct hvnet_rx_cmpl *cmpl = hvnet_xdp_cmpl(ctx);

	if (!(cmpl->flags & cpu_to_le16(HVNET_RXC_VLAN)))
		return -ENODATA;
	*proto = htons(ETH_P_8021Q);
	*tci = le16_to_cpu(cmpl->vlan_tci);
	return 0;
}

const struct xdp_metadata_ops hvnet_xdp_metadata_ops = {
	.xmo_rx_timestamp = hvnet_xdp_rx_timestamp,
	.xmo_rx_hash = hvnet_xdp_rx_hash,
	.xmo_rx_vlan_tag = hvnet_xdp_rx_vlan_tag,
};
