// SPDX-License-Identifier: GPL-2.0
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/xarray.h>

#include "context.h"
#include "datapath.h"
#include "rss.h"
#include "steer.h"

/**
 * hvnet_context_find() - what the adapter is told of a context
 * @dev: the function
 * @context: number of the context, any value but 0
 *
 * Return: it, or NULL if there is no such context
 */
struct hvnet_admin_rss *hvnet_context_find(struct hvnet_dev *dev, u32 context)
{
	struct ethtool_rxfh_context *ctx;

	ASSERT_RTNL();
	ctx = xa_load(&dev->netdev->ethtool->rss_ctx, context);
	return ctx ? ethtool_rxfh_context_priv(ctx) : NULL;
}

static int hvnet_context_send(struct hvnet_dev *dev, const struct hvnet_admin_rss *rss)
{
	dev->steered = true;
	return hvnet_datapath_told(dev, hvnet_admin(dev, HVNET_ADMIN_RSS_SET, rss, sizeof(*rss),
						    NULL, 0));
}

static int hvnet_context_send_end(struct hvnet_dev *dev, u16 context)
{
	struct hvnet_admin_rss rss = { .context = cpu_to_le16(context) };

	return hvnet_datapath_told(dev, hvnet_admin(dev, HVNET_ADMIN_RSS_SET, &rss, sizeof(rss),
						    NULL, 0));
}

/**
 * hvnet_contexts_clear() - have the adapter forget all contexts
 * @dev: the function, which has no rules there
 *
 * Return: 0 or a negative error code
 */
int hvnet_contexts_clear(struct hvnet_dev *dev)
{
	return hvnet_context_send_end(dev, HVNET_RSS_ALL_CONTEXTS);
}

/**
 * hvnet_contexts_apply() - tell the adapter all contexts
 * @dev: the function
 *
 * Return: 0 or a negative error code
 */
int hvnet_contexts_apply(struct hvnet_dev *dev)
{
	struct ethtool_netdev_state *state = dev->netdev->ethtool;
	struct ethtool_rxfh_context *ctx;
	unsigned long context;
	int err = 0;

	mutex_lock(&state->rss_lock);
	xa_for_each(&state->rss_ctx, context, ctx) {
		err = hvnet_context_send(dev, ethtool_rxfh_context_priv(ctx));
		if (err)
			break;
	}
	mutex_unlock(&state->rss_lock);
	return err;
}

static int hvnet_context_set(struct hvnet_dev *dev, struct ethtool_rxfh_context *ctx,
			     struct hvnet_admin_rss *rss, const struct ethtool_rxfh_param *rxfh,
			     struct netlink_ext_ack *extack)
{
	int err;

	err = hvnet_rss_merge(rss, rxfh, extack);
	if (!err && dev->running)
		err = hvnet_context_send(dev, rss);
	if (!err)
		memcpy(ethtool_rxfh_context_priv(ctx), rss, sizeof(*rss));
	return err;
}

/**
 * hvnet_create_rxfh_context() - of struct ethtool_ops
 * @netdev: the network device
 * @ctx: the new context; what @rxfh leaves open is filled in
 * @rxfh: what it is to be; otherwise it hashes as the first does, over all queues
 * @extack: told why not
 *
 * Return: 0 or a negative error code
 */
int hvnet_create_rxfh_context(struct net_device *netdev, struct ethtool_rxfh_context *ctx,
			      const struct ethtool_rxfh_param *rxfh,
			      struct netlink_ext_ack *extack)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_admin_rss rss = dev->rss;
	unsigned int i;
	int err;

	if (!(dev->feats & HVNET_FEAT_RSS_CTX)) {
		NL_SET_ERR_MSG(extack, "the adapter has one RSS context only");
		return -EOPNOTSUPP;
	}
	rss.context = cpu_to_le16(rxfh->rss_context);
	hvnet_rss_default_table(dev, &rss);
	/* To the core a key of zeroes is one that was forgotten. */
	if (!rxfh->key && !memchr_inv(rss.key, 0, sizeof(rss.key)))
		netdev_rss_key_fill(rss.key, sizeof(rss.key));
	err = hvnet_context_set(dev, ctx, &rss, rxfh, extack);
	if (err)
		return err;
	ctx->hfunc = ETH_RSS_HASH_TOP;
	ctx->input_xfrm = rss.flags & cpu_to_le16(HVNET_RSS_SYM_XOR) ? RXH_XFRM_SYM_XOR : 0;
	memcpy(ethtool_rxfh_context_key(ctx), rss.key, HVNET_RSS_KEY_SIZE);
	for (i = 0; i < HVNET_RSS_TABLE_SIZE; i++)
		ethtool_rxfh_context_indir(ctx)[i] = rss.table[i];
	return 0;
}

/**
 * hvnet_modify_rxfh_context() - of struct ethtool_ops
 * @netdev: the network device
 * @ctx: the context
 * @rxfh: what is to be changed
 * @extack: told why not
 *
 * Return: 0, or a negative error code and nothing has changed
 */
int hvnet_modify_rxfh_context(struct net_device *netdev, struct ethtool_rxfh_context *ctx,
			      const struct ethtool_rxfh_param *rxfh,
			      struct netlink_ext_ack *extack)
{
	struct hvnet_admin_rss rss;

	memcpy(&rss, ethtool_rxfh_context_priv(ctx), sizeof(rss));
	return hvnet_context_set(netdev_priv(netdev), ctx, &rss, rxfh, extack);
}

/**
 * hvnet_remove_rxfh_context() - of struct ethtool_ops
 * @netdev: the network device
 * @ctx: the context
 * @context: its number
 * @extack: told why not
 *
 * Return: 0, or a negative error code and it is still there
 */
int hvnet_remove_rxfh_context(struct net_device *netdev, struct ethtool_rxfh_context *ctx,
			      u32 context, struct netlink_ext_ack *extack)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	if (hvnet_steer_names(dev, context)) {
		NL_SET_ERR_MSG(extack, "a rule names the context");
		return -EBUSY;
	}
	return dev->running ? hvnet_context_send_end(dev, context) : 0;
}
