// SPDX-License-Identifier: GPL-2.0
/*
 * The wire.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>

#include "adapter.h"
#include "batch.h"
#include "forward.h"
#include "function.h"
#include "wire.h"
#include "wire_ethtool.h"
#include "wire_skb.h"

/**
 * struct wire - private data of the netdev
 * @adapter: the adapter at the other end
 * @batch: a batch for each CPU, used with bottom halves disabled
 * @rx: how the link partner receives
 * @end: its end of the link, under rtnl
 */
struct wire {
	struct hvnet_adapter *adapter;
	struct hvnet_batch __percpu *batch;
	struct hvnet_rx_settings rx;
	struct hvnet_link_end end;
};

#define TX_FEATURES	(NETIF_F_HW_CSUM | NETIF_F_ALL_TSO | NETIF_F_GSO_UDP_L4 | \
			 NETIF_F_HW_VLAN_CTAG_TX)
#define RX_FEATURES	(NETIF_F_RXCSUM | NETIF_F_GRO_HW | NETIF_F_HW_VLAN_CTAG_RX)

/* The frame in hand passes the port; bottom halves are disabled. */
static void count_received(struct hvnet_batch *batch)
{
	struct hvnet_port_counts *counts = this_cpu_ptr(batch->adapter->port.counts);
	const struct hvnet_offload *offload = &batch->offload;
	const struct hvnet_frame *frame = &batch->frame;
	u32 longest = 0;

	if (offload->segments)
		longest = frame->head_len + batch->request.offload.gso_size +
			  (frame->tag ? VLAN_HLEN : 0);
	hvnet_port_count(&counts->rx, frame->head, hvnet_offload_frames(offload),
			 hvnet_offload_bytes(offload, frame), longest);
}

/* Nobody has that address, or the frame came back to its sender. */
static void count_unwanted(const struct hvnet_batch *batch)
{
	struct hvnet_port_counts *counts = this_cpu_ptr(batch->adapter->port.counts);

	counts->rx.lost += hvnet_offload_frames(&batch->offload);
}

static netdev_tx_t wire_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct wire *wire = netdev_priv(dev);
	struct hvnet_batch *batch;
	u16 copies = 0;
	bool wanted;

	if (eth_skb_pad(skb))
		goto drop_freed;
	skb_tx_timestamp(skb);
	batch = this_cpu_ptr(wire->batch);
	/* Frames that were on their way when the link went down. */
	if (unlikely(!READ_ONCE(wire->adapter->link_speed)))
		goto drop;
	if (!hvnet_wire_skb_to_frame(batch, skb))
		goto drop;
	count_received(batch);
	do {
		hvnet_batch_begin(batch);
		wanted = hvnet_forward(batch, HVNET_VPORT_UPLINK, &copies);
		hvnet_batch_end(batch);
	} while (copies);
	if (!wanted)
		count_unwanted(batch);

	dev_sw_netstats_tx_add(dev, 1, skb->len);
	consume_skb(skb);
	return NETDEV_TX_OK;

drop:
	kfree_skb(skb);
drop_freed:
	DEV_STATS_INC(dev, tx_dropped);
	return NETDEV_TX_OK;
}

/**
 * hvnet_wire_adapter() - the adapter that a wire belongs to
 * @dev: the wire
 *
 * Return: the adapter.
 */
struct hvnet_adapter *hvnet_wire_adapter(const struct net_device *dev)
{
	const struct wire *wire = netdev_priv(dev);

	return wire->adapter;
}

/**
 * hvnet_wire_end() - the link partner's end of the link
 * @dev: the wire
 *
 * Context: rtnl is held.
 *
 * Return: the end.
 */
const struct hvnet_link_end *hvnet_wire_end(const struct net_device *dev)
{
	const struct wire *wire = netdev_priv(dev);

	return &wire->end;
}

/**
 * hvnet_wire_set_end() - say how the link partner is to come to a mode
 * @dev: the wire
 * @modes: checked with hvnet_link_end_ok()
 * @autoneg: it negotiates
 *
 * Context: rtnl is held.
 */
void hvnet_wire_set_end(struct net_device *dev, u16 modes, bool autoneg)
{
	struct wire *wire = netdev_priv(dev);

	wire->end.modes = modes;
	wire->end.autoneg = autoneg;
	hvnet_port_set_partner(wire->adapter, &wire->end);
}

static void set_power(struct net_device *dev, bool on)
{
	struct wire *wire = netdev_priv(dev);

	wire->end.on = on;
	hvnet_port_set_partner(wire->adapter, &wire->end);
}

static int wire_open(struct net_device *dev)
{
	netif_start_queue(dev);
	set_power(dev, true);
	return 0;
}

static int wire_stop(struct net_device *dev)
{
	set_power(dev, false);
	/* What was sent before: hvnet_wire_receive() looks whether there is a link, under RCU. */
	synchronize_net();
	netif_stop_queue(dev);
	return 0;
}

static netdev_features_t wire_features_check(struct sk_buff *skb, struct net_device *dev,
					     netdev_features_t features)
{
	return hvnet_wire_skb_features(skb, vlan_features_check(skb, features));
}

static int wire_set_features(struct net_device *dev, netdev_features_t features)
{
	struct wire *wire = netdev_priv(dev);
	u16 rx = 0;

	if (features & NETIF_F_RXCSUM)
		rx |= HVNET_RX_CSUM;
	if (features & NETIF_F_HW_VLAN_CTAG_RX)
		rx |= HVNET_RX_VLAN_STRIP;
	/* The stack allows it with NETIF_F_RXCSUM only. */
	if (features & NETIF_F_GRO_HW)
		rx |= HVNET_RX_CSUM_PARTIAL | HVNET_RX_GRO;
	WRITE_ONCE(wire->rx.features, rx);
	return 0;
}

static const struct net_device_ops wire_netdev_ops = {
	.ndo_open = wire_open,
	.ndo_stop = wire_stop,
	.ndo_start_xmit = wire_start_xmit,
	.ndo_features_check = wire_features_check,
	.ndo_set_features = wire_set_features,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

/* Hand the parcel in hand on at the section's end. */
static bool send_parcel(struct hvnet_batch *batch)
{
	const struct hvnet_parcel *parcel = &batch->parcel;
	struct net_device *dev = batch->adapter->wire;
	struct sk_buff *skb;

	skb = hvnet_wire_skb_of_parcel(batch, dev);
	if (!skb) {
		this_cpu_add(batch->adapter->port.counts->tx.lost, parcel->frames);
		DEV_STATS_INC(dev, rx_dropped);
		return false;
	}
	hvnet_port_count(&this_cpu_ptr(batch->adapter->port.counts)->tx, parcel->head,
			 parcel->frames, parcel->bytes, parcel->longest);
	list_add_tail(&skb->list, &batch->wire);
	return true;
}

/* A packet to segment: as it is if the link partner takes that, else segment by segment. */
static bool send_packet(struct hvnet_batch *batch, const struct hvnet_rx_settings *rx)
{
	struct hvnet_offload *offload = &batch->offload;
	bool sent = false;
	u32 i;

	if (rx->features & HVNET_RX_GRO) {
		hvnet_parcel_whole(&batch->parcel, offload, &batch->frame, rx);
		return send_parcel(batch);
	}
	for (i = 0; i < offload->segments; i++) {
		hvnet_parcel_segment(&batch->parcel, offload, &batch->frame, i, rx);
		sent |= send_parcel(batch);
	}
	return sent;
}

/**
 * hvnet_wire_send() - send the frame in hand to the link partner
 * @batch: in its section, with the frame; the skb is handed on at its end
 *
 * Return: false if there is no link or memory is short.
 */
bool hvnet_wire_send(struct hvnet_batch *batch)
{
	struct wire *wire = netdev_priv(batch->adapter->wire);
	const struct hvnet_rx_settings rx = { .features = READ_ONCE(wire->rx.features) };

	if (!READ_ONCE(batch->adapter->link_speed)) {
		this_cpu_add(batch->adapter->port.counts->tx.lost,
			     hvnet_offload_frames(&batch->offload));
		return false;
	}
	/* It is not hashed; what another receiver was told does not matter here. */
	batch->offload.hash.flags = 0;
	if (batch->offload.segments)
		return send_packet(batch, &rx);
	hvnet_parcel_frame(&batch->parcel, &batch->offload, &batch->frame, &rx);
	return send_parcel(batch);
}

static void receive(struct net_device *dev, struct list_head *skbs)
{
	struct sk_buff *skb;

	list_for_each_entry(skb, skbs, list) {
		dev_sw_netstats_rx_add(dev, skb->len);
		skb->protocol = eth_type_trans(skb, dev);
	}
	netif_receive_skb_list(skbs);
}

static void drop(struct net_device *dev, struct list_head *skbs)
{
	struct sk_buff *skb, *next;

	list_for_each_entry_safe(skb, next, skbs, list) {
		DEV_STATS_INC(dev, rx_dropped);
		kfree_skb(skb);
	}
}

/**
 * hvnet_wire_receive() - let the link partner receive
 * @dev: its netdev
 * @skbs: frames as hvnet_wire_send() made them; empty afterwards
 *
 * Context: task or softirq, outside of DMA sections.
 */
void hvnet_wire_receive(struct net_device *dev, struct list_head *skbs)
{
	struct wire *wire = netdev_priv(dev);

	local_bh_disable();
	rcu_read_lock();
	if (READ_ONCE(wire->adapter->link_speed))
		receive(dev, skbs);
	else
		drop(dev, skbs);
	rcu_read_unlock();
	local_bh_enable();
	INIT_LIST_HEAD(skbs);
}

/**
 * hvnet_wire_create() - plug the cable in
 * @adapter: adapter without a wire
 *
 * Return: 0 or a negative error number.
 */
int hvnet_wire_create(struct hvnet_adapter *adapter)
{
	struct net_device *dev;
	struct wire *wire;
	int err, cpu;

	dev = alloc_netdev(sizeof(*wire), "hvwire%d", NET_NAME_ENUM, ether_setup);
	if (!dev)
		return -ENOMEM;
	wire = netdev_priv(dev);
	wire->adapter = adapter;
	wire->end = (struct hvnet_link_end){ .autoneg = true, .modes = HVNET_LINK_MODES };
	wire->batch = alloc_percpu(struct hvnet_batch);
	if (!wire->batch) {
		err = -ENOMEM;
		goto err_free;
	}
	for_each_possible_cpu(cpu)
		hvnet_batch_init(per_cpu_ptr(wire->batch, cpu), adapter);

	dev->netdev_ops = &wire_netdev_ops;
	dev->ethtool_ops = &hvnet_wire_ethtool_ops;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	/* A message printed inside a DMA section must not come back into one. */
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_DISABLE_NETPOLL;
	dev->hw_features |= NETIF_F_SG | TX_FEATURES | RX_FEATURES;
	dev->features |= dev->hw_features | NETIF_F_HIGHDMA;
	dev->vlan_features |= NETIF_F_SG | NETIF_F_HIGHDMA | TX_FEATURES;
	dev->vlan_features &= ~NETIF_F_HW_VLAN_CTAG_TX;
	netif_set_tso_max_segs(dev, HVNET_TX_MAX_SEGMENTS);
	wire_set_features(dev, dev->features);
	dev->lltx = true;
	dev->max_mtu = HVNET_MAX_MTU;
	eth_hw_addr_random(dev);

	netif_carrier_off(dev);
	/* The adapter sends nothing before the wire is up, so it is known in time. */
	adapter->wire = dev;
	err = register_netdev(dev);
	if (err)
		goto err_batch;
	return 0;

err_batch:
	adapter->wire = NULL;
	free_percpu(wire->batch);
err_free:
	free_netdev(dev);
	return err;
}

/**
 * hvnet_wire_destroy() - pull the cable
 * @adapter: adapter whose engines have stopped
 */
void hvnet_wire_destroy(struct hvnet_adapter *adapter)
{
	struct wire *wire = netdev_priv(adapter->wire);

	unregister_netdev(adapter->wire);
	free_percpu(wire->batch);
	free_netdev(adapter->wire);
	adapter->wire = NULL;
}
