// SPDX-License-Identifier: GPL-2.0
/*
 * What the user set is kept by queue, for as long as there is the network device.  The adapter has
 * it, too, but for what it forgets in a reset; then, and for queues that adapt, it is told again
 * when the pair is started.
 *
 * Adaptive moderation: NAPI tells the kernel's library what came in between two interrupts; when
 * this suggests another value, a work item tells it to the adapter.
 */
#include <linux/rtnetlink.h>

#include "moderation.h"
#include "pair.h"

/* The adapter counts time from the first completion that the driver has not been told of. */
#define HVNET_DIM_MODE		DIM_CQ_PERIOD_MODE_START_FROM_EQE

static int hvnet_moderate(struct hvnet_dev *dev, u16 queue, u16 usecs, u16 frames)
{
	struct hvnet_admin_moderate arg = {
		.queue = cpu_to_le16(queue),
		.usecs = cpu_to_le16(usecs),
		.frames = cpu_to_le16(frames),
	};

	return hvnet_admin(dev, HVNET_ADMIN_MODERATE, &arg, sizeof(arg), NULL, 0);
}

static struct dim_cq_moder hvnet_dim_value(const struct hvnet_dim *dim)
{
	u8 profile = READ_ONCE(dim->dim.profile_ix);
	struct dim_cq_moder value;

	value = HVNET_QUEUE_IS_RX(dim->queue) ? net_dim_get_rx_moderation(HVNET_DIM_MODE, profile) :
						net_dim_get_tx_moderation(HVNET_DIM_MODE, profile);
	/* The first, of 1 us: to hold an interrupt back for so short would only cost a timer. */
	if (!profile) {
		value.usec = 0;
		value.pkts = 0;
	}
	return value;
}

static int hvnet_dim_apply(struct hvnet_dim *dim)
{
	struct dim_cq_moder value = hvnet_dim_value(dim);

	return hvnet_moderate(dim->dev, dim->queue, value.usec, value.pkts);
}

/* If the adapter does not listen now, it is told the next value, or all when queues start again. */
static void hvnet_dim_work(struct work_struct *work)
{
	struct hvnet_dim *dim = container_of(work, struct hvnet_dim, dim.work);

	hvnet_dim_apply(dim);
	dim->dim.state = DIM_START_MEASURE;
}

static void hvnet_dim_init(struct hvnet_dim *dim, struct hvnet_dev *dev, u16 queue)
{
	dim->dev = dev;
	dim->queue = queue;
	dim->dim.mode = HVNET_DIM_MODE;
	dim->dim.profile_ix = 0;
	INIT_WORK(&dim->dim.work, hvnet_dim_work);
}

/**
 * hvnet_moderation_init() - prepare what adapts
 * @pair: a pair that is being allocated
 */
void hvnet_moderation_init(struct hvnet_pair *pair)
{
	hvnet_dim_init(&pair->rx_dim, pair->dev, HVNET_RXQ(pair->index));
	hvnet_dim_init(&pair->tx_dim, pair->dev, HVNET_TXQ(pair->index));
}

static int hvnet_dim_start(struct hvnet_dim *dim)
{
	const struct hvnet_moderation *moderation = &dim->dev->moderation[dim->queue];

	WRITE_ONCE(dim->on, false);
	if (!moderation->adaptive)
		return moderation->usecs ? hvnet_moderate(dim->dev, dim->queue, moderation->usecs,
							  moderation->frames) : 0;
	dim->dim.state = DIM_START_MEASURE;
	WRITE_ONCE(dim->on, true);
	return hvnet_dim_apply(dim);
}

static void hvnet_dim_stop(struct hvnet_dim *dim)
{
	WRITE_ONCE(dim->on, false);
	/* A poll may have seen that it is on, and queue the work item. */
	synchronize_net();
	cancel_work_sync(&dim->dim.work);
}

/**
 * hvnet_moderation_start() - tell the adapter what the user set, and adapt
 * @pair: a pair that is being started, before its NAPI
 *
 * Return: 0 or a negative error code
 */
int hvnet_moderation_start(struct hvnet_pair *pair)
{
	return hvnet_dim_start(&pair->rx_dim) ?: hvnet_dim_start(&pair->tx_dim);
}

/**
 * hvnet_moderation_stop() - do not adapt any more
 * @pair: the pair
 */
void hvnet_moderation_stop(struct hvnet_pair *pair)
{
	if (pair->rx_dim.on)
		hvnet_dim_stop(&pair->rx_dim);
	if (pair->tx_dim.on)
		hvnet_dim_stop(&pair->tx_dim);
}

/* NULL if the queue's pair is not in use. */
static struct hvnet_dim *hvnet_dim_of(struct hvnet_dev *dev, unsigned int queue)
{
	struct hvnet_pair *pair;

	if (!dev->running || queue / 2 >= dev->config.num_pairs)
		return NULL;
	pair = &dev->pairs[queue / 2];
	return HVNET_QUEUE_IS_RX(queue) ? &pair->rx_dim : &pair->tx_dim;
}

static int hvnet_moderation_set(struct hvnet_dev *dev, unsigned int queue,
				const struct hvnet_moderation *moderation)
{
	struct hvnet_dim *dim = hvnet_dim_of(dev, queue);
	int err;

	if (!memcmp(moderation, &dev->moderation[queue], sizeof(*moderation)))
		return 0;
	if (dim && dim->on)
		hvnet_dim_stop(dim);
	err = hvnet_moderate(dev, queue, moderation->usecs, moderation->frames);
	if (err) {
		if (dim)
			hvnet_dim_start(dim);
		return err;
	}
	dev->moderation[queue] = *moderation;
	return dim && moderation->adaptive ? hvnet_dim_start(dim) : 0;
}

/* What queues from @first on have. */
struct hvnet_moderation_pair {
	struct hvnet_moderation rx;
	struct hvnet_moderation tx;
};

/* All or nothing, as far as the adapter listens. */
static int hvnet_moderation_change(struct hvnet_dev *dev, unsigned int first, unsigned int num,
				   const struct hvnet_moderation_pair *wish)
{
	struct hvnet_moderation old[HVNET_MAX_QUEUES];
	unsigned int queue, end = 2 * (first + num);
	int err = 0;

	memcpy(old, dev->moderation, sizeof(old));
	for (queue = 2 * first; !err && queue < end; queue++)
		err = hvnet_moderation_set(dev, queue,
					   HVNET_QUEUE_IS_RX(queue) ? &wish->rx : &wish->tx);
	if (!err)
		return 0;
	for (queue = 2 * first; queue < end; queue++)
		hvnet_moderation_set(dev, queue, &old[queue]);
	return err;
}

static int hvnet_moderation_parse(struct hvnet_moderation *moderation, u32 usecs, u32 frames,
				  u32 adaptive, struct netlink_ext_ack *extack)
{
	if (usecs > HVNET_MODERATE_MAX_USECS) {
		NL_SET_ERR_MSG_FMT_MOD(extack, "at most %u us", HVNET_MODERATE_MAX_USECS);
		return -EINVAL;
	}
	if (frames > HVNET_MODERATE_MAX_FRAMES) {
		NL_SET_ERR_MSG_FMT_MOD(extack, "at most %lu frames", HVNET_MODERATE_MAX_FRAMES);
		return -EINVAL;
	}
	if (frames && !usecs) {
		NL_SET_ERR_MSG_MOD(extack, "a number of frames needs a time, too");
		return -EINVAL;
	}
	*moderation = (struct hvnet_moderation){
		.usecs = usecs, .frames = frames, .adaptive = !!adaptive,
	};
	return 0;
}

static int hvnet_moderation_parse_pair(struct hvnet_moderation_pair *pair,
				       const struct ethtool_coalesce *ec,
				       struct netlink_ext_ack *extack)
{
	return hvnet_moderation_parse(&pair->rx, ec->rx_coalesce_usecs,
				      ec->rx_max_coalesced_frames,
				      ec->use_adaptive_rx_coalesce, extack) ?:
	       hvnet_moderation_parse(&pair->tx, ec->tx_coalesce_usecs,
				      ec->tx_max_coalesced_frames,
				      ec->use_adaptive_tx_coalesce, extack);
}

static void hvnet_moderation_fill(struct ethtool_coalesce *ec, const struct hvnet_moderation *rx,
				  const struct hvnet_moderation *tx)
{
	ec->rx_coalesce_usecs = rx->usecs;
	ec->rx_max_coalesced_frames = rx->frames;
	ec->use_adaptive_rx_coalesce = rx->adaptive;
	ec->tx_coalesce_usecs = tx->usecs;
	ec->tx_max_coalesced_frames = tx->frames;
	ec->use_adaptive_tx_coalesce = tx->adaptive;
}

/**
 * hvnet_get_coalesce() - of struct ethtool_ops: what was set, for the first pair
 * @netdev: the network device
 * @ec: filled in
 * @kernel: not used
 * @extack: not used
 *
 * Return: 0 or a negative error code
 */
int hvnet_get_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
		       struct kernel_ethtool_coalesce *kernel, struct netlink_ext_ack *extack)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	if (!(dev->feats & HVNET_FEAT_MODERATE))
		return -EOPNOTSUPP;
	hvnet_moderation_fill(ec, &dev->moderation[HVNET_RXQ(0)], &dev->moderation[HVNET_TXQ(0)]);
	return 0;
}

/**
 * hvnet_set_coalesce() - of struct ethtool_ops: for all pairs, also those not in use
 * @netdev: the network device
 * @ec: what is wanted
 * @kernel: not used
 * @extack: why it is refused
 *
 * Return: 0 or a negative error code
 */
int hvnet_set_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
		       struct kernel_ethtool_coalesce *kernel, struct netlink_ext_ack *extack)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_moderation_pair wish;
	int err;

	if (!(dev->feats & HVNET_FEAT_MODERATE))
		return -EOPNOTSUPP;
	err = hvnet_moderation_parse_pair(&wish, ec, extack);
	return err ?: hvnet_moderation_change(dev, 0, dev->max_pairs, &wish);
}

/* What the adapter does now: of a queue that adapts, the value that was found. */
static struct hvnet_moderation hvnet_moderation_now(struct hvnet_dev *dev, unsigned int queue)
{
	struct hvnet_moderation moderation = dev->moderation[queue];
	const struct hvnet_dim *dim = hvnet_dim_of(dev, queue);

	if (dim && dim->on) {
		struct dim_cq_moder value = hvnet_dim_value(dim);

		moderation.usecs = value.usec;
		moderation.frames = value.pkts;
	}
	return moderation;
}

/**
 * hvnet_get_queue_coalesce() - of struct ethtool_ops: what the adapter does now
 * @netdev: the network device
 * @queue: number of the pair
 * @ec: filled in
 *
 * Return: 0 or a negative error code
 */
int hvnet_get_queue_coalesce(struct net_device *netdev, u32 queue, struct ethtool_coalesce *ec)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_moderation rx, tx;

	if (!(dev->feats & HVNET_FEAT_MODERATE))
		return -EOPNOTSUPP;
	if (queue >= dev->config.num_pairs)
		return -EINVAL;
	rx = hvnet_moderation_now(dev, HVNET_RXQ(queue));
	tx = hvnet_moderation_now(dev, HVNET_TXQ(queue));
	hvnet_moderation_fill(ec, &rx, &tx);
	return 0;
}

/**
 * hvnet_set_queue_coalesce() - of struct ethtool_ops
 * @netdev: the network device
 * @queue: number of the pair
 * @ec: what is wanted
 *
 * Return: 0 or a negative error code
 */
int hvnet_set_queue_coalesce(struct net_device *netdev, u32 queue, struct ethtool_coalesce *ec)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_moderation_pair wish;
	int err;

	if (!(dev->feats & HVNET_FEAT_MODERATE))
		return -EOPNOTSUPP;
	if (queue >= dev->config.num_pairs)
		return -EINVAL;
	err = hvnet_moderation_parse_pair(&wish, ec, NULL);
	return err ?: hvnet_moderation_change(dev, queue, 1, &wish);
}
