// SPDX-License-Identifier: GPL-2.0
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "datapath.h"
#include "vlan.h"

#define HVNET_VLAN_BLOCKS	(VLAN_N_VID / HVNET_VLAN_BLOCK)

static int hvnet_vlan_send(struct hvnet_dev *dev, const struct hvnet_admin_vlans *arg)
{
	return hvnet_datapath_told(dev, hvnet_admin(dev, HVNET_ADMIN_VLANS_SET, arg, sizeof(*arg),
						    NULL, 0));
}

/* The VLANs of a block as they are to be. */
static int hvnet_vlan_send_block(struct hvnet_dev *dev, unsigned int block)
{
	struct hvnet_admin_vlans arg = {
		.flags = cpu_to_le16(HVNET_VLANS_FILTER),
		.block = cpu_to_le16(block),
	};
	unsigned int vlan, first = block * HVNET_VLAN_BLOCK, end = first + HVNET_VLAN_BLOCK;

	for (vlan = find_next_bit(dev->vlans, end, first); vlan < end;
	     vlan = find_next_bit(dev->vlans, end, vlan + 1))
		arg.vlans[(vlan - first) / 32] |= cpu_to_le32(BIT(vlan % 32));
	return hvnet_vlan_send(dev, &arg);
}

static int hvnet_vlan_send_off(struct hvnet_dev *dev)
{
	struct hvnet_admin_vlans arg = {};

	return hvnet_vlan_send(dev, &arg);
}

/* The first switches the filter on, also if there is nothing in it. */
static int hvnet_vlan_send_all(struct hvnet_dev *dev)
{
	unsigned int block, first;
	int err = 0;

	for (block = 0; !err && block < HVNET_VLAN_BLOCKS; block++) {
		first = block * HVNET_VLAN_BLOCK;
		if (!block || find_next_bit(dev->vlans, first + HVNET_VLAN_BLOCK, first) <
			      first + HVNET_VLAN_BLOCK)
			err = hvnet_vlan_send_block(dev, block);
	}
	return err;
}

/**
 * hvnet_vlan_apply() - tell the adapter which VLANs are wanted, and that there are no others
 * @dev: the function, whose queues are off; a reset may have made the adapter forget
 *
 * Return: 0 or a negative error code
 */
int hvnet_vlan_apply(struct hvnet_dev *dev)
{
	int err;

	ASSERT_RTNL();
	if (!(dev->feats & HVNET_FEAT_RX_VLANS))
		return 0;
	err = hvnet_vlan_send_off(dev);
	if (err || !dev->vlan_filter)
		return err;
	return hvnet_vlan_send_all(dev);
}

/**
 * hvnet_vlan_change() - filter by VLAN, or do not
 * @dev: the function
 * @features: of the netdev from now on
 *
 * When the filter is switched on the stack names the VLANs afterwards, and takes them back when it
 * is switched off.
 *
 * Return: 0, or a negative error code and all is as it was
 */
int hvnet_vlan_change(struct hvnet_dev *dev, netdev_features_t features)
{
	bool on = features & NETIF_F_HW_VLAN_CTAG_FILTER;
	int err = 0;

	ASSERT_RTNL();
	if (on == dev->vlan_filter)
		return 0;
	if (dev->running)
		err = on ? hvnet_vlan_send_all(dev) : hvnet_vlan_send_off(dev);
	if (!err)
		dev->vlan_filter = on;
	return err;
}

/* Tell the adapter of a change; what a reset swallows is told when the queues start again. */
static int hvnet_vlan_update(struct hvnet_dev *dev, u16 vlan)
{
	int err;

	if (!dev->running || !dev->vlan_filter)
		return 0;
	err = hvnet_vlan_send_block(dev, vlan / HVNET_VLAN_BLOCK);
	return err == -ENETDOWN || err == -ENODEV ? 0 : err;
}

/**
 * hvnet_vlan_rx_add_vid() - ndo_vlan_rx_add_vid
 * @netdev: the network device
 * @proto: type of the tag
 * @vlan: VLAN id; 0 is received anyway
 *
 * Return: 0, or a negative error code and the VLAN is not received
 */
int hvnet_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vlan)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	int err;

	if (proto != htons(ETH_P_8021Q) || !vlan || vlan >= VLAN_VID_MASK)
		return 0;
	set_bit(vlan, dev->vlans);
	err = hvnet_vlan_update(dev, vlan);
	if (err)
		clear_bit(vlan, dev->vlans);
	return err;
}
EXPORT_SYMBOL_NS_GPL(hvnet_vlan_rx_add_vid, HVNET);

/**
 * hvnet_vlan_rx_kill_vid() - ndo_vlan_rx_kill_vid
 * @netdev: the network device
 * @proto: type of the tag
 * @vlan: VLAN id
 *
 * Return: 0, or a negative error code and the VLAN may still be received
 */
int hvnet_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vlan)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	if (proto != htons(ETH_P_8021Q) || !vlan || vlan >= VLAN_VID_MASK)
		return 0;
	clear_bit(vlan, dev->vlans);
	return hvnet_vlan_update(dev, vlan);
}
EXPORT_SYMBOL_NS_GPL(hvnet_vlan_rx_kill_vid, HVNET);
