// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "context.h"
#include "datapath.h"
#include "device.h"
#include "rss.h"

#define HVNET_RSS_DEFAULT	(HVNET_RSS_IP4 | HVNET_RSS_TCP4 | HVNET_RSS_IP6 | HVNET_RSS_TCP6)
#define HVNET_RSS_FIELDS	(HVNET_RSS_DEFAULT | HVNET_RSS_UDP4 | HVNET_RSS_UDP6)

/**
 * hvnet_rss_init() - choose a key
 * @dev: the function
 *
 * Datagrams are hashed without their ports: fragments have none, and would overtake them.
 */
void hvnet_rss_init(struct hvnet_dev *dev)
{
	netdev_rss_key_fill(dev->rss.key, sizeof(dev->rss.key));
	dev->rss.fields = cpu_to_le16(HVNET_RSS_DEFAULT);
}

/* A single queue needs no hash, and hashing takes its time. */
static int hvnet_rss_send(struct hvnet_dev *dev, const struct hvnet_admin_rss *rss)
{
	struct hvnet_admin_rss arg = *rss;

	if (!arg.context && dev->config.num_pairs == 1)
		arg.fields = 0;
	return hvnet_datapath_told(dev, hvnet_admin(dev, HVNET_ADMIN_RSS_SET, &arg, sizeof(arg),
						    NULL, 0));
}

/**
 * hvnet_rss_default_table() - spread frames evenly over the queues that there are now
 * @dev: the function
 * @rss: its table is filled in
 */
void hvnet_rss_default_table(const struct hvnet_dev *dev, struct hvnet_admin_rss *rss)
{
	unsigned int i;

	for (i = 0; i < HVNET_RSS_TABLE_SIZE; i++)
		rss->table[i] = ethtool_rxfh_indir_default(i, dev->config.num_pairs);
}

/**
 * hvnet_rss_apply() - tell the adapter how to spread frames over the queues that there are now
 * @dev: the function
 *
 * Return: 0 or a negative error code
 */
int hvnet_rss_apply(struct hvnet_dev *dev)
{
	ASSERT_RTNL();
	if (!(dev->feats & HVNET_FEAT_RSS))
		return 0;
	if (!netif_is_rxfh_configured(dev->netdev))
		hvnet_rss_default_table(dev, &dev->rss);
	return hvnet_rss_send(dev, &dev->rss);
}

/**
 * hvnet_rss_change() - spread frames in another way
 * @dev: the function
 * @rss: how they are spread
 * @new: how they are to be spread
 *
 * Return: 0, or a negative error code and nothing has changed
 */
int hvnet_rss_change(struct hvnet_dev *dev, struct hvnet_admin_rss *rss,
		     const struct hvnet_admin_rss *new)
{
	int err = dev->running ? hvnet_rss_send(dev, new) : 0;

	if (err)
		return err;
	*rss = *new;
	if (rss == &dev->rss && dev->ops->rss_changed)
		dev->ops->rss_changed(dev);
	return 0;
}

/**
 * hvnet_rss_merge() - put what ethtool wants to change where it belongs
 * @rss: to be changed
 * @rxfh: what is to be changed
 * @extack: told what is wrong, or NULL
 *
 * Return: 0 or a negative error code
 */
int hvnet_rss_merge(struct hvnet_admin_rss *rss, const struct ethtool_rxfh_param *rxfh,
		    struct netlink_ext_ack *extack)
{
	unsigned int i;

	if (rxfh->hfunc != ETH_RSS_HASH_NO_CHANGE && rxfh->hfunc != ETH_RSS_HASH_TOP) {
		NL_SET_ERR_MSG_MOD(extack, "The only hash function is toeplitz");
		return -EOPNOTSUPP;
	}
	if (rxfh->input_xfrm != RXH_XFRM_NO_CHANGE)
		rss->flags = rxfh->input_xfrm & RXH_XFRM_SYM_XOR ?
			     cpu_to_le16(HVNET_RSS_SYM_XOR) : 0;
	if (rxfh->key)
		memcpy(rss->key, rxfh->key, HVNET_RSS_KEY_SIZE);
	for (i = 0; rxfh->indir && i < HVNET_RSS_TABLE_SIZE; i++)
		rss->table[i] = rxfh->indir[i];
	return 0;
}

/**
 * hvnet_rss_set_default() - hash as somebody else does, but for what the user has chosen
 * @dev: the function, under rtnl
 * @block: how he does, or NULL: in our own way
 *
 * Return: 0 or a negative error code, and what was before stays
 */
int hvnet_rss_set_default(struct hvnet_dev *dev, const struct hvnet_block_rss *block)
{
	struct hvnet_block_rss own = { .fields = cpu_to_le16(HVNET_RSS_DEFAULT) };
	struct hvnet_admin_rss rss = dev->rss;

	ASSERT_RTNL();
	if (!(dev->feats & HVNET_FEAT_RSS))
		return 0;
	netdev_rss_key_fill(own.key, sizeof(own.key));
	if (!block)
		block = &own;
	if (!(dev->rss_chosen & HVNET_RSS_CHOSE_KEY)) {
		rss.flags = block->flags & cpu_to_le16(HVNET_RSS_SYM_XOR);
		memcpy(rss.key, block->key, sizeof(rss.key));
	}
	if (!(dev->rss_chosen & HVNET_RSS_CHOSE_FIELDS))
		rss.fields = block->fields & cpu_to_le16(HVNET_RSS_FIELDS);
	if (!memcmp(&rss, &dev->rss, sizeof(rss)))
		return 0;
	return hvnet_rss_change(dev, &dev->rss, &rss);
}
EXPORT_SYMBOL_NS_GPL(hvnet_rss_set_default, HVNET);

/**
 * hvnet_get_rxfh_key_size() - of struct ethtool_ops
 * @netdev: the network device
 *
 * Return: bytes of the key
 */
u32 hvnet_get_rxfh_key_size(struct net_device *netdev)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	return dev->feats & HVNET_FEAT_RSS ? HVNET_RSS_KEY_SIZE : 0;
}

/**
 * hvnet_get_rxfh_indir_size() - of struct ethtool_ops
 * @netdev: the network device
 *
 * Return: entries of the table
 */
u32 hvnet_get_rxfh_indir_size(struct net_device *netdev)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	return dev->feats & HVNET_FEAT_RSS ? HVNET_RSS_TABLE_SIZE : 0;
}

/**
 * hvnet_get_rxfh() - of struct ethtool_ops: key and table
 * @netdev: the network device
 * @rxfh: filled in
 *
 * Return: 0 or a negative error code
 */
int hvnet_get_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	bool configured = netif_is_rxfh_configured(netdev);
	unsigned int i;

	if (!(dev->feats & HVNET_FEAT_RSS))
		return -EOPNOTSUPP;
	rxfh->hfunc = ETH_RSS_HASH_TOP;
	rxfh->input_xfrm = dev->rss.flags & cpu_to_le16(HVNET_RSS_SYM_XOR) ? RXH_XFRM_SYM_XOR : 0;
	if (rxfh->key)
		memcpy(rxfh->key, dev->rss.key, HVNET_RSS_KEY_SIZE);
	for (i = 0; rxfh->indir && i < HVNET_RSS_TABLE_SIZE; i++)
		rxfh->indir[i] = configured ? dev->rss.table[i] :
				 ethtool_rxfh_indir_default(i, dev->config.num_pairs);
	return 0;
}

/**
 * hvnet_set_rxfh() - of struct ethtool_ops: key and table
 * @netdev: the network device
 * @rxfh: what is to be changed
 * @extack: told what is wrong
 *
 * Return: 0 or a negative error code
 */
int hvnet_set_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh,
		   struct netlink_ext_ack *extack)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_admin_rss rss = dev->rss;
	bool chosen;
	int err;

	if (!(dev->feats & HVNET_FEAT_RSS))
		return -EOPNOTSUPP;
	err = hvnet_rss_merge(&rss, rxfh, extack);
	if (err)
		return err;
	/* An ethtool that does not know input_xfrm says 0. */
	chosen = rxfh->key || rss.flags != dev->rss.flags;
	err = hvnet_rss_change(dev, &dev->rss, &rss);
	if (!err && chosen)
		dev->rss_chosen |= HVNET_RSS_CHOSE_KEY;
	return err;
}
