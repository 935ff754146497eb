// SPDX-License-Identifier: GPL-2.0
/* AF_XDP: sockets come and go, receive and are woken; what they send is in xsk_tx.c. */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/xdp_sock_drv.h>

#include "datapath.h"
#include "offload.h"
#include "pair.h"
#include "xdp.h"
#include "xsk.h"

#define HVNET_XSK_BATCH			32

/* --- sockets come and go */

static void hvnet_xsk_free(struct hvnet_xsk *xsk)
{
	if (xdp_rxq_info_is_reg(&xsk->rxq))
		xdp_rxq_info_unreg(&xsk->rxq);
	if (xsk->pool->dma_pages)
		xsk_pool_dma_unmap(xsk->pool, 0);
	kfree(xsk);
}

static struct hvnet_xsk *hvnet_xsk_alloc(struct hvnet_dev *dev, struct xsk_buff_pool *pool,
					 u16 queue)
{
	struct hvnet_xsk *xsk;
	int err;

	xsk = kzalloc(sizeof(*xsk), GFP_KERNEL);
	if (!xsk)
		return ERR_PTR(-ENOMEM);
	xsk->pool = pool;
	xsk->frame_size = min(xsk_pool_get_rx_frame_size(pool), dev->max_frame);
	err = xdp_rxq_info_reg(&xsk->rxq, dev->netdev, queue, 0);
	if (!err)
		err = xdp_rxq_info_reg_mem_model(&xsk->rxq, MEM_TYPE_XSK_BUFF_POOL, NULL);
	if (!err)
		err = xsk_pool_dma_map(pool, &dev->pdev->dev, 0);
	if (err) {
		hvnet_xsk_free(xsk);
		return ERR_PTR(err);
	}
	xsk_pool_set_rxq_info(pool, &xsk->rxq);
	return xsk;
}

static bool hvnet_xsk_is_running(const struct hvnet_dev *dev, u16 queue)
{
	return dev->running && queue < dev->config.num_pairs;
}

/* The pair goes on with its socket: before it has the socket's buffers, frames fit into them. */
static int hvnet_xsk_begin(struct hvnet_dev *dev, u16 queue)
{
	hvnet_xdp_limit_mtu(dev);
	if (!hvnet_xsk_is_running(dev, queue))
		return 0;
	return hvnet_offload_set_rx(dev) ?: hvnet_datapath_restart_pair(dev, queue);
}

/* It goes on without: longer frames may come when the socket's buffers are gone. */
static int hvnet_xsk_leave(struct hvnet_dev *dev, u16 queue)
{
	hvnet_xdp_limit_mtu(dev);
	if (!hvnet_xsk_is_running(dev, queue))
		return 0;
	return hvnet_datapath_restart_pair(dev, queue) ?: hvnet_offload_set_rx(dev);
}

static int hvnet_xsk_enable(struct hvnet_dev *dev, struct xsk_buff_pool *pool, u16 queue)
{
	u32 size = xsk_pool_get_rx_frame_size(pool);
	struct hvnet_xsk *xsk;
	int err;

	if (queue >= dev->config.num_pairs || dev->xsk[queue])
		return -EINVAL;
	/* The adapter stops a queue for buffers that are too small, and for too long a frame. */
	if (size < HVNET_RX_MIN_BUF || size < dev->netdev->mtu + VLAN_ETH_HLEN ||
	    xsk_pool_get_chunk_size(pool) > dev->max_frame)
		return -EOPNOTSUPP;

	xsk = hvnet_xsk_alloc(dev, pool, queue);
	if (IS_ERR(xsk))
		return PTR_ERR(xsk);
	WRITE_ONCE(dev->xsk[queue], xsk);
	err = hvnet_xsk_begin(dev, queue);
	if (!err)
		return 0;

	WRITE_ONCE(dev->xsk[queue], NULL);
	if (hvnet_xsk_leave(dev, queue))
		netdev_warn(dev->netdev, "the adapter may receive in another way than is set\n");
	/* What is off is brought back. */
	if (dev->pairs && !dev->running && hvnet_datapath_start(dev))
		hvnet_datapath_check(dev);
	hvnet_xsk_free(xsk);
	return err;
}

/* Must not fail: if the pair does not start again, it was stopped all the same. */
static int hvnet_xsk_disable(struct hvnet_dev *dev, u16 queue)
{
	struct hvnet_xsk *xsk;
	int err;

	if (queue >= HVNET_MAX_QUEUE_PAIRS || !dev->xsk[queue])
		return -EINVAL;
	xsk = dev->xsk[queue];
	WRITE_ONCE(dev->xsk[queue], NULL);
	err = hvnet_xsk_leave(dev, queue);
	if (err) {
		hvnet_datapath_stop(dev);
		hvnet_datapath_check(dev);
	}
	hvnet_xsk_free(xsk);
	return 0;
}

/**
 * hvnet_xsk_setup() - a socket comes or goes
 * @dev: the function
 * @pool: its memory, or NULL if it goes
 * @queue: number of the queue pair
 *
 * Other queue pairs do not notice.
 *
 * Return: 0 or a negative error code
 */
int hvnet_xsk_setup(struct hvnet_dev *dev, struct xsk_buff_pool *pool, u16 queue)
{
	ASSERT_RTNL();
	return pool ? hvnet_xsk_enable(dev, pool, queue) : hvnet_xsk_disable(dev, queue);
}

/**
 * hvnet_xsk_limit() - how long may a frame for a socket be?
 * @dev: the function
 * @queue: number of the queue pair
 *
 * Return: bytes, or 0 if there is no socket
 */
u32 hvnet_xsk_limit(const struct hvnet_dev *dev, unsigned int queue)
{
	return dev->xsk[queue] ? dev->xsk[queue]->frame_size : 0;
}

/**
 * hvnet_xsk_start() - let a pair work for its socket, if it has one
 * @pair: a pair that is to be started
 */
void hvnet_xsk_start(struct hvnet_pair *pair)
{
	struct hvnet_xsk *xsk = pair->dev->xsk[pair->index];

	if (!xsk)
		return;
	xsk->rxq.napi_id = pair->napi.napi_id;
	pair->tx.xsk = xsk;
	if (pair->rx.xdp)
		pair->rx.xsk = xsk;
}

/**
 * hvnet_xsk_end() - mirror image of hvnet_xsk_start()
 * @pair: a pair whose queues were reset
 */
void hvnet_xsk_end(struct hvnet_pair *pair)
{
	pair->rx.xsk = NULL;
	pair->tx.xsk = NULL;
}

/* --- reception */

/* Gives the socket's buffers to the adapter until the ring is full; false if there are too few. */
static bool hvnet_xsk_refill(struct hvnet_rx *rx)
{
	struct xdp_buff *bufs[HVNET_XSK_BATCH];
	u32 end = rx->cons + rx->ring.size;
	u32 prod = rx->prod;

	while (prod != end) {
		u32 i, num, want = min(end - prod, HVNET_XSK_BATCH);

		num = xsk_buff_alloc_batch(rx->xsk->pool, bufs, want);
		for (i = 0; i < num; i++) {
			u32 slot = hvnet_ring_slot(&rx->ring, prod++);

			rx->bufs[slot].xdp = bufs[i];
			rx->ring.rx_desc[slot] = (struct hvnet_rx_desc){
				.addr = cpu_to_le64(xsk_buff_xdp_get_dma(bufs[i])),
				.len = cpu_to_le32(rx->xsk->frame_size),
			};
		}
		if (num < want)
			break;
	}
	if (prod != rx->prod) {
		rx->prod = prod;
		hvnet_ring_publish(&rx->ring, prod);
	}
	return prod == end;
}

/*
 * True if NAPI may end.  A socket that wants to be told wakes us when it has buffers again; it may
 * have got some before it was told.
 */
static bool hvnet_xsk_replenish(struct hvnet_rx *rx)
{
	struct xsk_buff_pool *pool = rx->xsk->pool;
	bool full = hvnet_xsk_refill(rx);

	if (!xsk_uses_need_wakeup(pool))
		return full || rx->prod - rx->cons >= hvnet_rx_low(rx);
	if (full) {
		xsk_clear_rx_need_wakeup(pool);
		return true;
	}
	xsk_set_rx_need_wakeup(pool);
	hvnet_xsk_refill(rx);
	return true;
}

/**
 * hvnet_xsk_fill() - give the first buffers to the adapter, if the socket has any
 * @rx: the queue, reset
 */
void hvnet_xsk_fill(struct hvnet_rx *rx)
{
	local_bh_disable();
	hvnet_xsk_replenish(rx);
	local_bh_enable();
}

/**
 * hvnet_xsk_take_back() - take all buffers back
 * @rx: a queue that is off for the adapter and for NAPI
 */
void hvnet_xsk_take_back(struct hvnet_rx *rx)
{
	local_bh_disable();
	for (; rx->cons != rx->prod; rx->cons++)
		xsk_buff_free(rx->bufs[hvnet_ring_slot(&rx->ring, rx->cons)].xdp);
	local_bh_enable();
}

/**
 * hvnet_xsk_build_skb() - copy a frame for the stack
 * @rx: the queue
 * @xdp: the frame; its buffer is the socket's again if this succeeds
 *
 * Return: the copy or NULL
 */
struct sk_buff *hvnet_xsk_build_skb(struct hvnet_rx *rx, struct xdp_buff *xdp)
{
	unsigned int size = xdp->data_end - xdp->data_meta;
	unsigned int meta = xdp->data - xdp->data_meta;
	struct sk_buff *skb;

	skb = napi_alloc_skb(rx->napi, size);
	if (unlikely(!skb))
		return NULL;
	skb_put_data(skb, xdp->data_meta, size);
	if (meta) {
		skb_metadata_set(skb, meta);
		__skb_pull(skb, meta);
	}
	xsk_buff_free(xdp);
	return skb;
}

/* A frame has one buffer: the adapter was told how long it may be. */
static bool hvnet_xsk_length_ok(const struct hvnet_rx *rx, const struct hvnet_rx_cmpl *cmpl)
{
	u16 len = le16_to_cpu(cmpl->len);

	return cmpl->flags & cpu_to_le16(HVNET_RXC_EOP) && len >= ETH_HLEN &&
	       len <= rx->xsk->frame_size;
}

static void hvnet_xsk_receive(struct hvnet_rx *rx, struct xdp_buff *xdp,
			      const struct hvnet_rx_cmpl *cmpl, u32 slot,
			      struct hvnet_xdp_work *work)
{
	struct hvnet_xdp_buff *frame = container_of(xdp, struct hvnet_xdp_buff, xdp);

	XSK_CHECK_PRIV_TYPE(struct hvnet_xdp_buff);
	xsk_buff_set_size(xdp, le16_to_cpu(cmpl->len));
	xsk_buff_dma_sync_for_cpu(xdp);
	hvnet_xdp_note(rx, frame, cmpl, slot);
	hvnet_xdp_run(rx, frame, work);
}

/**
 * hvnet_xsk_poll() - give received frames to the program, which may give them to the socket
 * @rx: the queue
 * @budget: NAPI's, at least 1
 *
 * Return: frames received, or @budget to be polled again
 */
int hvnet_xsk_poll(struct hvnet_rx *rx, int budget)
{
	struct hvnet_xdp_work work = { .prog = READ_ONCE(rx->ring.dev->xdp_prog) };
	u32 end, cons = rx->cons;
	int frames = 0;

	if (!hvnet_ring_done(&rx->ring, cons, &rx->prod, &end))
		return 0;

	while (cons != end && frames < budget) {
		u32 slot = hvnet_ring_slot(&rx->ring, cons++);
		struct hvnet_rx_cmpl cmpl = rx->ring.cmpl[slot];
		struct xdp_buff *xdp = rx->bufs[slot].xdp;
		bool last = cmpl.flags & cpu_to_le16(HVNET_RXC_EOP);

		rx->bufs[slot].xdp = NULL;
		frames += last;
		if (likely(!rx->skip && hvnet_xsk_length_ok(rx, &cmpl))) {
			hvnet_xsk_receive(rx, xdp, &cmpl, slot, &work);
			continue;
		}
		if (!rx->skip)
			work.rx.count[HVNET_RX_STAT_BAD_LENGTH]++;
		rx->skip = !last;
		xsk_buff_free(xdp);
	}
	if (cons != rx->cons)
		hvnet_xdp_finish(rx, &work);
	WRITE_ONCE(rx->cons, cons);
	return hvnet_xsk_replenish(rx) ? frames : budget;
}

/* --- wake-up */

/**
 * hvnet_xsk_wakeup() - ndo_xsk_wakeup
 * @netdev: the network device
 * @queue: number of the queue pair
 * @flags: XDP_WAKEUP_RX, XDP_WAKEUP_TX: NAPI does both
 *
 * If the queues are not running NAPI runs when they are.
 *
 * Return: 0 or a negative error code
 */
int hvnet_xsk_wakeup(struct net_device *netdev, u32 queue, u32 flags)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct netdev_queue *txq;

	if (!netif_running(netdev))
		return -ENETDOWN;
	if (queue >= HVNET_MAX_QUEUE_PAIRS || !READ_ONCE(dev->xsk[queue]))
		return -EINVAL;

	txq = netdev_get_tx_queue(netdev, queue);
	__netif_tx_lock_bh(txq);
	/* Who takes the pairs away says first that they are not running, then takes this lock. */
	if (queue < dev->config.num_pairs && READ_ONCE(dev->running)) {
		struct napi_struct *napi = &dev->pairs[queue].napi;

		if (!napi_if_scheduled_mark_missed(napi))
			napi_schedule(napi);
	}
	__netif_tx_unlock_bh(txq);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(hvnet_xsk_wakeup, HVNET);
