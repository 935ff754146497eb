// SPDX-License-Identifier: GPL-2.0
/*
 * The link partner's packets as frames of the adapter, and the reverse.
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "adapter.h"
#include "batch.h"
#include "wire_skb.h"

/* What is longer goes to pages of its own: large pieces of linear memory are hard to get. */
#define MAX_LINEAR	2048

static u32 header_len(const struct sk_buff *skb)
{
	if (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)
		return skb_transport_offset(skb) + sizeof(struct udphdr);
	return skb_tcp_all_headers(skb);
}

static void request_of_skb(struct hvnet_request *request, const struct sk_buff *skb)
{
	*request = (struct hvnet_request){};
	if (skb_vlan_tag_present(skb)) {
		request->flags |= HVNET_TXD_VLAN;
		request->vlan_tci = skb_vlan_tag_get(skb);
	}
	if (skb_is_gso(skb)) {
		request->flags |= HVNET_TXD_GSO;
		request->gso_size = skb_shinfo(skb)->gso_size;
		request->hdr_len = min_t(u32, header_len(skb), U16_MAX);
	} else if (skb->ip_summed == CHECKSUM_PARTIAL) {
		request->flags |= HVNET_TXD_CSUM;
		request->csum_start = min(skb_checksum_start_offset(skb), U16_MAX);
		request->csum_offset = min_t(u16, skb->csum_offset, U8_MAX);
	}
}

/* Behind extension headers of IPv6 the stack segments: some of them cannot be seen through. */
static bool has_ext(const struct sk_buff *skb)
{
	return skb_is_gso(skb) && ip_hdr(skb)->version == 6 &&
	       skb_network_header_len(skb) != sizeof(struct ipv6hdr);
}

/**
 * hvnet_wire_skb_features() - what of the features can be used for a packet
 * @skb: the packet
 * @features: the features
 *
 * Return: those that can be used.
 */
netdev_features_t hvnet_wire_skb_features(const struct sk_buff *skb, netdev_features_t features)
{
	struct hvnet_request request;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return features;
	request_of_skb(&request, skb);
	if (hvnet_request_ok(&request, skb->len, HVNET_MAX_FRAME) && !has_ext(skb))
		return features;
	return features & ~(NETIF_F_CSUM_MASK | NETIF_F_GSO_MASK);
}

/**
 * hvnet_wire_skb_to_frame() - make the frame in hand of a packet
 * @batch: of this CPU, not in its section; the request and the frame are filled in
 * @skb: the packet
 *
 * Return: false if it cannot be sent.
 */
bool hvnet_wire_skb_to_frame(struct hvnet_batch *batch, const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	struct hvnet_request *request = &batch->request.offload;
	struct hvnet_frame *frame = &batch->frame;
	unsigned int i;

	request_of_skb(request, skb);
	if (!hvnet_request_ok(request, skb->len, HVNET_MAX_FRAME))
		return false;
	hvnet_frame_start(frame);
	if (request->flags & HVNET_TXD_GSO)
		frame->head_max = request->hdr_len;
	if (!hvnet_frame_add(frame, skb->data, skb_headlen(skb)))
		return false;
	for (i = 0; i < info->nr_frags; i++) {
		const skb_frag_t *frag = &info->frags[i];

		if (!hvnet_frame_add(frame, skb_frag_address(frag), skb_frag_size(frag)))
			return false;
	}
	return hvnet_offload_start(&batch->offload, frame, request);
}

/* Room for @len bytes, @linear of them in the linear part, which is empty yet. */
static struct sk_buff *alloc(struct net_device *dev, u32 linear, u32 len)
{
	struct sk_buff *skb;
	int err;

	if (len <= MAX_LINEAR)
		return netdev_alloc_skb_ip_align(dev, len);
	skb = alloc_skb_with_frags(NET_SKB_PAD + NET_IP_ALIGN + linear, len - linear,
				   PAGE_ALLOC_COSTLY_ORDER, &err, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb->dev = dev;
	return skb;
}

static void copy_rest(struct hvnet_parcel *parcel, struct sk_buff *skb, u32 len)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int i;

	if (!info->nr_frags) {
		hvnet_frame_copy(&parcel->reader, parcel->sum, skb_put(skb, len), len);
		return;
	}
	skb->data_len = len;
	skb->len += len;
	for (i = 0; i < info->nr_frags; i++)
		hvnet_frame_copy(&parcel->reader, parcel->sum, skb_frag_address(&info->frags[i]),
				 skb_frag_size(&info->frags[i]));
}

static void copy(struct hvnet_parcel *parcel, struct sk_buff *skb)
{
	u32 head_len = hvnet_parcel_head_len(parcel);
	u8 *head = skb_put(skb, head_len);

	copy_rest(parcel, skb, hvnet_parcel_len(parcel) - head_len);
	hvnet_parcel_end(parcel);
	hvnet_frame_copy_head(head, hvnet_parcel_open(parcel), head_len);
	hvnet_parcel_close(parcel);
}

static void set_gso(struct sk_buff *skb, const struct hvnet_parcel *parcel,
		    const struct hvnet_headers *headers)
{
	struct skb_shared_info *info = skb_shinfo(skb);

	info->gso_size = parcel->gso_size;
	info->gso_segs = parcel->frames;
	if (!hvnet_headers_tcp(headers))
		info->gso_type = SKB_GSO_UDP_L4;
	else
		info->gso_type = hvnet_headers_ip6(headers) ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4;
	if (headers->tcp_flags & HVNET_TCP_CWR)
		info->gso_type |= SKB_GSO_TCP_ECN;
	/* Guests chose these: let the stack check them before other hardware segments. */
	info->gso_type |= SKB_GSO_DODGY;
}

static void set_checksum(struct sk_buff *skb, const struct hvnet_parcel *parcel)
{
	const struct hvnet_csum_plan *plan = parcel->plan;
	u32 tag = parcel->tag ? VLAN_HLEN : 0;

	if (parcel->flags & HVNET_RXC_CSUM_PARTIAL) {
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_headroom(skb) + plan->start + tag;
		skb->csum_offset = plan->field - plan->start;
	} else if (parcel->flags & HVNET_RXC_CSUM_OK) {
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	}
}

/**
 * hvnet_wire_skb_of_parcel() - make a packet of the parcel in hand
 * @batch: in its section, with the parcel
 * @dev: netdev that receives it
 *
 * Return: the packet, or NULL if memory is short.
 */
struct sk_buff *hvnet_wire_skb_of_parcel(struct hvnet_batch *batch, struct net_device *dev)
{
	struct hvnet_parcel *parcel = &batch->parcel;
	struct sk_buff *skb;

	skb = alloc(dev, hvnet_parcel_head_len(parcel), hvnet_parcel_len(parcel));
	if (!skb)
		return NULL;
	copy(parcel, skb);
	set_checksum(skb, parcel);
	if (parcel->gso_size)
		set_gso(skb, parcel, &batch->offload.headers);
	if (parcel->flags & HVNET_RXC_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), parcel->vlan_tci);
	return skb;
}
