/* SPDX-License-Identifier: GPL-2.0 */
/* What the adapter does to frames on the driver's behalf, and what netdevs offer of it. */
#ifndef HVNET_OFFLOAD_H
#define HVNET_OFFLOAD_H

#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include <hvnet/common.h>

void hvnet_offload_init(struct hvnet_dev *dev);
void hvnet_offload_shape(const struct bpf_prog *prog, netdev_features_t features,
			 struct hvnet_config *config);
void hvnet_offload_reshape(const struct hvnet_dev *dev, struct hvnet_config *config);
int hvnet_offload_apply(struct hvnet_dev *dev);
int hvnet_offload_set_rx(struct hvnet_dev *dev);
int hvnet_offload_change(struct hvnet_dev *dev, const struct hvnet_config *config);
bool hvnet_offload_can(const struct hvnet_dev *dev, const struct sk_buff *skb);
void hvnet_offload_ext(struct hvnet_tx_ext *ext, const struct sk_buff *skb);
bool hvnet_offload_received(struct net_device *netdev, struct sk_buff *skb,
			    const struct hvnet_rx_cmpl *cmpl);
unsigned int hvnet_offload_headers(const struct sk_buff *skb);

/**
 * hvnet_offload_ok() - can the adapter do to a frame what is left to it?
 * @dev: the function
 * @skb: the frame
 *
 * The adapter stops the queue for what cannot be.
 *
 * Return: true if it can
 */
static inline bool hvnet_offload_ok(const struct hvnet_dev *dev, const struct sk_buff *skb)
{
	if (!skb_is_gso(skb) && skb->ip_summed != CHECKSUM_PARTIAL)
		return true;
	return hvnet_offload_can(dev, skb);
}

/* Does the frame need an extension descriptor? */
static inline bool hvnet_offload_wants_ext(const struct sk_buff *skb)
{
	return skb_is_gso(skb) || skb_vlan_tag_present(skb);
}

/* Is there something in its first completion that the stack is to be told? */
static inline bool hvnet_offload_tells(const struct hvnet_rx_cmpl *cmpl)
{
	return cmpl->flags & cpu_to_le16((u16)~HVNET_RXC_EOP);
}

#endif
