// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/export.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "datapath.h"
#include "device.h"
#include "offload.h"
#include "rss.h"
#include "rx.h"
#include "steer.h"
#include "vlan.h"
#include "xdp.h"
#include "xsk.h"

/* What an HVNET_FEAT_* bit makes possible. */
static const struct {
	u32 feat;
	netdev_features_t features;
} hvnet_offloads[] = {
	{ HVNET_FEAT_TX_CSUM, NETIF_F_HW_CSUM },
	{ HVNET_FEAT_TX_VLAN, NETIF_F_HW_VLAN_CTAG_TX },
	{ HVNET_FEAT_TX_TSO, NETIF_F_ALL_TSO },
	{ HVNET_FEAT_TX_USO, NETIF_F_GSO_UDP_L4 },
	{ HVNET_FEAT_RX_SET, NETIF_F_RXCSUM | NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_GRO_HW },
	{ HVNET_FEAT_RSS, NETIF_F_RXHASH },
	{ HVNET_FEAT_STEER, NETIF_F_NTUPLE },
	{ HVNET_FEAT_RX_VLANS, NETIF_F_HW_VLAN_CTAG_FILTER },
};

/* How frames are to be received, with these features of the netdev. */
static u16 hvnet_offload_rx(netdev_features_t features)
{
	u16 rx = 0;

	if (features & NETIF_F_RXCSUM)
		rx |= HVNET_RX_CSUM;
	if (features & NETIF_F_HW_VLAN_CTAG_RX)
		rx |= HVNET_RX_VLAN_STRIP;
	/* The stack allows it with NETIF_F_RXCSUM only, as the adapter does. */
	if (features & NETIF_F_GRO_HW)
		rx |= HVNET_RX_CSUM_PARTIAL | HVNET_RX_GRO;
	return rx;
}

/**
 * hvnet_offload_shape() - how to receive with these features and this program
 * @prog: the program, or NULL
 * @features: of the netdev; GRO_HW counts only without a program
 * @config: its fields for reception are filled in
 */
void hvnet_offload_shape(const struct bpf_prog *prog, netdev_features_t features,
			 struct hvnet_config *config)
{
	config->xdp = prog;
	config->rx_limit = prog && !prog->aux->xdp_has_frags ? HVNET_XDP_MAX_FRAME : 0;
	config->rx_features = hvnet_offload_rx(prog ? features & ~NETIF_F_GRO_HW : features);
	config->rx_buf = hvnet_rx_buf_size(config->rx_features, config->xdp);
}

/**
 * hvnet_offload_reshape() - how to receive, as it should be now
 * @dev: the function
 * @config: its fields for reception are filled in
 *
 * To detach a program does not fail: what was wanting then may be there when buffers are allocated
 * again.
 */
void hvnet_offload_reshape(const struct hvnet_dev *dev, struct hvnet_config *config)
{
	hvnet_offload_shape(dev->xdp_prog, dev->netdev->features, config);
}

/**
 * hvnet_offload_init() - offer what the adapter can do, and use all of it
 * @dev: the function, whose netdev is not registered
 */
void hvnet_offload_init(struct hvnet_dev *dev)
{
	struct net_device *netdev = dev->netdev;
	netdev_features_t features = NETIF_F_SG;
	unsigned int i;

	dev->feats = hvnet_read(dev, HVNET_REG_FEATURES);
	for (i = 0; i < ARRAY_SIZE(hvnet_offloads); i++)
		if (dev->feats & hvnet_offloads[i].feat)
			features |= hvnet_offloads[i].features;

	netdev->hw_features = features;
	netdev->features = features | NETIF_F_HIGHDMA;
	dev->vlan_filter = features & NETIF_F_HW_VLAN_CTAG_FILTER;
	netdev->vlan_features = NETIF_F_HIGHDMA |
				(features & (NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_ALL_TSO |
					     NETIF_F_GSO_UDP_L4));
	netif_set_tso_max_segs(netdev, HVNET_TX_MAX_SEGMENTS);
	hvnet_offload_shape(NULL, features, &dev->config);
	hvnet_rss_init(dev);
}

static int hvnet_offload_send_rx(struct hvnet_dev *dev, u16 queue, u32 limit)
{
	u16 times = dev->rx_times == HWTSTAMP_FILTER_NONE ? 0 : HVNET_RX_TIME;
	struct hvnet_admin_rx arg = {
		.queue = cpu_to_le16(queue),
		.features = cpu_to_le16(dev->config.rx_features | times),
		.max_frame = cpu_to_le32(min(limit, dev->max_frame)),
	};

	return hvnet_admin(dev, HVNET_ADMIN_RX_SET, &arg, sizeof(arg), NULL, 0);
}

/* The longest frame that a queue takes, if that is for its socket to say; 0 if it is not. */
static u32 hvnet_offload_own_limit(const struct hvnet_dev *dev, unsigned int queue)
{
	return dev->config.xdp ? hvnet_xsk_limit(dev, queue) : 0;
}

static bool hvnet_offload_is_uniform(const struct hvnet_dev *dev)
{
	unsigned int i;

	for (i = 0; i < dev->config.num_pairs; i++)
		if (hvnet_offload_own_limit(dev, i))
			return false;
	return true;
}

/**
 * hvnet_offload_set_rx() - tell the adapter what it is to do to received frames
 * @dev: the function
 *
 * No queue is told of a limit that is not its own: it may be receiving.
 *
 * Return: 0 or a negative error code
 */
int hvnet_offload_set_rx(struct hvnet_dev *dev)
{
	u32 limit = dev->config.rx_limit;
	unsigned int i;
	int err = 0;

	if (!(dev->feats & HVNET_FEAT_RX_SET))
		return 0;
	if (hvnet_offload_is_uniform(dev))
		return hvnet_offload_send_rx(dev, HVNET_RX_ALL_QUEUES, limit);
	for (i = 0; !err && i < dev->config.num_pairs; i++)
		err = hvnet_offload_send_rx(dev, HVNET_RXQ(i),
					    hvnet_offload_own_limit(dev, i) ?: limit);
	return err;
}

/**
 * hvnet_offload_apply() - tell the adapter how frames are to be received
 * @dev: the function; a reset made the adapter forget
 *
 * Return: 0 or a negative error code
 */
int hvnet_offload_apply(struct hvnet_dev *dev)
{
	ASSERT_RTNL();
	return hvnet_offload_set_rx(dev) ?: hvnet_vlan_apply(dev) ?: hvnet_rss_apply(dev) ?:
	       hvnet_steer_apply(dev);
}

/**
 * hvnet_offload_change() - receive in another way: all or nothing
 * @dev: the function
 * @config: its shape, with this changed
 *
 * The data path is made anew only if its buffers are others.
 *
 * Return: 0 or a negative error code
 */
int hvnet_offload_change(struct hvnet_dev *dev, const struct hvnet_config *config)
{
	struct hvnet_config old = dev->config;
	int err;

	ASSERT_RTNL();
	if (config->rx_buf != old.rx_buf || config->xdp != old.xdp)
		return hvnet_datapath_reshape(dev, config);
	if (config->rx_features == old.rx_features && config->rx_limit == old.rx_limit)
		return 0;
	dev->config = *config;
	if (!dev->running)
		return 0;
	err = hvnet_offload_set_rx(dev);
	if (!err)
		return 0;
	dev->config = old;
	if (hvnet_offload_set_rx(dev))
		netdev_warn(dev->netdev, "the adapter may receive in another way than is set\n");
	return err;
}

/**
 * hvnet_fix_features() - ndo_fix_features
 * @netdev: the network device
 * @features: what is wanted
 *
 * Return: of these features, what goes together: a program sees frames as they were sent
 */
netdev_features_t hvnet_fix_features(struct net_device *netdev, netdev_features_t features)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	return dev->xdp_prog ? features & ~NETIF_F_GRO_HW : features;
}
EXPORT_SYMBOL_NS_GPL(hvnet_fix_features, HVNET);

/**
 * hvnet_set_features() - ndo_set_features
 * @netdev: the network device
 * @features: what it is to do
 *
 * Return: 0 or a negative error code
 */
int hvnet_set_features(struct net_device *netdev, netdev_features_t features)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_config old = dev->config;
	struct hvnet_config config = old;
	int err;

	hvnet_offload_shape(dev->xdp_prog, features, &config);
	err = hvnet_offload_change(dev, &config);
	if (err)
		return err;
	err = hvnet_vlan_change(dev, features);
	if (!err && !(features & NETIF_F_NTUPLE))
		err = hvnet_steer_flush(dev);
	if (!err)
		return 0;
	if (hvnet_offload_change(dev, &old) ?: hvnet_vlan_change(dev, netdev->features))
		netdev_warn(netdev, "the adapter may receive in another way than is set\n");
	return err;
}
EXPORT_SYMBOL_NS_GPL(hvnet_set_features, HVNET);

/**
 * hvnet_offload_headers() - bytes of the headers of a packet to segment
 * @skb: the packet
 *
 * Return: where its payload starts
 */
unsigned int hvnet_offload_headers(const struct sk_buff *skb)
{
	if (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)
		return skb_transport_offset(skb) + sizeof(struct udphdr);
	return skb_tcp_all_headers(skb);
}

static bool hvnet_offload_gso_ok(const struct hvnet_dev *dev, const struct sk_buff *skb)
{
	unsigned int size = skb_shinfo(skb)->gso_size;
	unsigned int headers = hvnet_offload_headers(skb);

	/* Behind extension headers the stack segments: the adapter looks through some only. */
	if (ip_hdr(skb)->version == 6 && skb_network_header_len(skb) != sizeof(struct ipv6hdr))
		return false;
	/* A buffer's length is told in 16 bits. */
	return skb->len <= U16_MAX && headers <= HVNET_TX_HEAD && headers < skb->len &&
	       headers + size + VLAN_HLEN <= dev->max_frame &&
	       DIV_ROUND_UP(skb->len - headers, size) <= HVNET_TX_MAX_SEGMENTS;
}

/**
 * hvnet_offload_can() - hvnet_offload_ok() for a frame of which something is left to the adapter
 * @dev: the function
 * @skb: the frame
 *
 * Return: as hvnet_offload_ok()
 */
bool hvnet_offload_can(const struct hvnet_dev *dev, const struct sk_buff *skb)
{
	if (skb_is_gso(skb))
		return hvnet_offload_gso_ok(dev, skb);
	return skb->csum_offset <= U8_MAX && skb_checksum_start_offset(skb) >= ETH_HLEN &&
	       skb_checksum_start_offset(skb) + skb->csum_offset + sizeof(__sum16) <=
	       HVNET_TX_HEAD;
}

/**
 * hvnet_features_check() - ndo_features_check
 * @skb: a frame
 * @netdev: the network device
 * @features: what could be left to the adapter
 *
 * Return: of these features, what can be done to the frame
 */
netdev_features_t hvnet_features_check(struct sk_buff *skb, struct net_device *netdev,
				       netdev_features_t features)
{
	if (unlikely(!hvnet_offload_ok(netdev_priv(netdev), skb)))
		features &= ~(NETIF_F_CSUM_MASK | NETIF_F_GSO_MASK);
	return vlan_features_check(skb, features);
}
EXPORT_SYMBOL_NS_GPL(hvnet_features_check, HVNET);

/**
 * hvnet_offload_ext() - fill in an extension descriptor
 * @ext: zeroes
 * @skb: the frame
 */
void hvnet_offload_ext(struct hvnet_tx_ext *ext, const struct sk_buff *skb)
{
	u16 flags = HVNET_TXD_EXT;

	ext->dst_vport = cpu_to_le16(HVNET_VPORT_NONE);
	if (skb_vlan_tag_present(skb)) {
		flags |= HVNET_TXD_VLAN;
		ext->vlan_tci = cpu_to_le16(skb_vlan_tag_get(skb));
	}
	if (skb_is_gso(skb)) {
		flags |= HVNET_TXD_GSO;
		ext->gso_size = cpu_to_le16(skb_shinfo(skb)->gso_size);
		ext->hdr_len = cpu_to_le16(hvnet_offload_headers(skb));
	}
	ext->flags = cpu_to_le16(flags);
}

/*
 * Where the transport header is, and which; the network header is set.  The adapter says that they
 * are in the linear part, we see to it.  0 if there is none.
 */
static unsigned int hvnet_offload_transport(struct sk_buff *skb, __be16 *type, u8 *proto)
{
	unsigned int at = 0;
	__be16 frag;
	int end;

	*type = skb->protocol;
	while (eth_type_vlan(*type)) {
		if (skb_headlen(skb) < at + VLAN_HLEN)
			return 0;
		*type = ((const struct vlan_hdr *)(skb->data + at))->h_vlan_encapsulated_proto;
		at += VLAN_HLEN;
	}
	skb_set_network_header(skb, at);
	if (*type == htons(ETH_P_IP) && skb_headlen(skb) >= at + sizeof(struct iphdr)) {
		*proto = ip_hdr(skb)->protocol;
		return at + ip_hdrlen(skb);
	}
	if (*type == htons(ETH_P_IPV6) && skb_headlen(skb) >= at + sizeof(struct ipv6hdr)) {
		*proto = ipv6_hdr(skb)->nexthdr;
		end = ipv6_skip_exthdr(skb, at + sizeof(struct ipv6hdr), proto, &frag);
		return max(end, 0);
	}
	return 0;
}

/* A packet that stands for several; its checksum is set up. */
static bool hvnet_offload_long(struct sk_buff *skb, unsigned int l4, bool ip6, bool tcp, u16 size)
{
	struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int headers = l4 + sizeof(struct udphdr);

	info->gso_type = SKB_GSO_UDP_L4;
	if (tcp) {
		const struct tcphdr *th = tcp_hdr(skb);

		headers = l4 + th->doff * 4;
		info->gso_type = ip6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4;
		if (th->cwr)
			info->gso_type |= SKB_GSO_TCP_ECN;
	}
	/* Another guest chose it: let the stack check it before other hardware segments. */
	info->gso_type |= SKB_GSO_DODGY;
	if (headers >= skb->len || headers > skb_headlen(skb))
		return false;
	info->gso_size = size;
	info->gso_segs = DIV_ROUND_UP(skb->len - headers, size);
	return true;
}

/* The checksum was not filled in: find its place.  False if there is none. */
static bool hvnet_offload_partial(struct sk_buff *skb, u16 gso_size)
{
	unsigned int l4, need;
	__be16 type;
	u8 proto = 0;
	bool tcp;

	l4 = hvnet_offload_transport(skb, &type, &proto);
	tcp = proto == IPPROTO_TCP;
	need = l4 + (tcp ? sizeof(struct tcphdr) : sizeof(struct udphdr));
	if (!l4 || (!tcp && proto != IPPROTO_UDP) || need > skb_headlen(skb))
		return false;
	if (!skb_partial_csum_set(skb, l4, tcp ? offsetof(struct tcphdr, check) :
						 offsetof(struct udphdr, check)))
		return false;
	return !gso_size ||
	       hvnet_offload_long(skb, l4, type == htons(ETH_P_IPV6), tcp, gso_size);
}

/**
 * hvnet_offload_received() - tell the stack what the adapter says of a frame
 * @netdev: the network device
 * @skb: the frame, after eth_type_trans()
 * @cmpl: a copy of its first completion
 *
 * Return: false if that cannot be: the frame is to be dropped
 */
bool hvnet_offload_received(struct net_device *netdev, struct sk_buff *skb,
			    const struct hvnet_rx_cmpl *cmpl)
{
	u16 flags = le16_to_cpu(cmpl->flags);

	if (flags & HVNET_RXC_HASH && netdev->features & NETIF_F_RXHASH)
		skb_set_hash(skb, le32_to_cpu(cmpl->hash),
			     flags & HVNET_RXC_HASH_L4 ? PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
	if (flags & HVNET_RXC_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), le16_to_cpu(cmpl->vlan_tci));
	if (flags & HVNET_RXC_CSUM_PARTIAL)
		return hvnet_offload_partial(skb, le16_to_cpu(cmpl->gso_size));
	if (flags & HVNET_RXC_CSUM_OK)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	return true;
}
