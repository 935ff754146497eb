// SPDX-License-Identifier: GPL-2.0
/* Network device operations that need nothing of the function, declared in hvnet/common.h. */
#include <linux/ethtool.h>
#include <linux/export.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "datapath.h"
#include "pair.h"
#include "xdp.h"

/**
 * hvnet_open() - ndo_open
 * @netdev: the network device
 *
 * Return: 0 or a negative error code
 */
int hvnet_open(struct net_device *netdev)
{
	return hvnet_datapath_open(netdev_priv(netdev));
}
EXPORT_SYMBOL_NS_GPL(hvnet_open, HVNET);

/**
 * hvnet_stop() - ndo_stop
 * @netdev: the network device
 *
 * Return: 0
 */
int hvnet_stop(struct net_device *netdev)
{
	hvnet_datapath_close(netdev_priv(netdev));
	return 0;
}
EXPORT_SYMBOL_NS_GPL(hvnet_stop, HVNET);

/**
 * hvnet_xmit() - ndo_start_xmit
 * @skb: the frame
 * @netdev: the network device
 *
 * Return: NETDEV_TX_OK or NETDEV_TX_BUSY
 */
netdev_tx_t hvnet_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	u16 queue = skb_get_queue_mapping(skb);

	/* Who transmits past the qdisc may have chosen a queue that has gone since. */
	if (unlikely(queue >= dev->config.num_pairs)) {
		dev_core_stats_tx_dropped_inc(netdev);
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	return hvnet_tx_xmit(&dev->pairs[queue].tx, skb);
}
EXPORT_SYMBOL_NS_GPL(hvnet_xmit, HVNET);

/**
 * hvnet_tx_timeout() - ndo_tx_timeout
 * @netdev: the network device
 * @txqueue: number of the queue pair
 */
void hvnet_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	/* A queue in the error state does not move either, but that is another fault. */
	if (READ_ONCE(dev->running) && !test_bit(txqueue, &dev->faults[HVNET_FAULT_DMA]))
		hvnet_datapath_fault(dev, HVNET_FAULT_TX, txqueue);
}
EXPORT_SYMBOL_NS_GPL(hvnet_tx_timeout, HVNET);

/**
 * hvnet_set_link() - tell the stack of the link's state
 * @dev: the function
 * @flags: HVNET_LINK_*
 * @speed: Mb/s
 */
void hvnet_set_link(struct hvnet_dev *dev, u32 flags, u32 speed)
{
	bool up = flags & HVNET_LINK_UP;

	bool other = speed != dev->link_speed;

	WRITE_ONCE(dev->link_speed, speed);
	if (up == netif_carrier_ok(dev->netdev)) {
		/* Who goes by the speed, as bonds and bridges do, learns of it. */
		if (up && other)
			netif_carrier_event(dev->netdev);
		return;
	}

	if (up)
		netif_carrier_on(dev->netdev);
	else
		netif_carrier_off(dev->netdev);
	if (dev->netdev->reg_state == NETREG_REGISTERED)
		netdev_info(dev->netdev, "link is %s\n", up ? "up" : "down");
}
EXPORT_SYMBOL_NS_GPL(hvnet_set_link, HVNET);

/**
 * hvnet_limit_mtu() - the host says how long packets may be
 * @dev: the function, under rtnl
 * @max: largest MTU, as far as the adapter can do it; a larger one that is set is lowered
 *
 * Return: 0, or -EAGAIN if it is to be called again
 */
int hvnet_limit_mtu(struct hvnet_dev *dev, u32 max)
{
	struct net_device *netdev = dev->netdev;
	int err;

	ASSERT_RTNL();
	max = clamp(max, ETH_MIN_MTU, dev->max_frame - VLAN_ETH_HLEN);
	dev->host_mtu = max;
	hvnet_xdp_limit_mtu(dev);
	if (netdev->mtu <= max)
		return 0;
	if (netdev->reg_state == NETREG_UNINITIALIZED) {
		netdev->mtu = max;
		return 0;
	}
	if (!netif_device_present(netdev))
		return -EAGAIN;
	err = dev_set_mtu(netdev, max);
	if (err)
		netdev_err(netdev, "the host allows an MTU of %u, which is not taken: %pe\n", max,
			   ERR_PTR(err));
	else
		netdev_info(netdev, "the host allows an MTU of %u\n", max);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(hvnet_limit_mtu, HVNET);
