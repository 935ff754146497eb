// SPDX-License-Identifier: GPL-2.0
/* XDP frames in a transmit queue, which they share with the stack's. */
#include <linux/dma-mapping.h>
#include <linux/export.h>
#include <net/netdev_queues.h>
#include <net/page_pool/helpers.h>

#include "pair.h"
#include "stats.h"
#include "xdp.h"
#include "xsk.h"

static_assert(1 + MAX_SKB_FRAGS <= HVNET_TX_MAX_BUFS);

/* Fills in the descriptor at @index.  Pages of our own pools are mapped already. */
static bool hvnet_xdp_map(struct hvnet_tx *tx, u32 index, void *data, u32 len, bool own)
{
	struct device *dma = &tx->ring.dev->pdev->dev;
	u32 slot = hvnet_ring_slot(&tx->ring, index);
	struct hvnet_tx_buf *buf = &tx->bufs[slot];

	buf->frame = NULL;
	buf->kind = HVNET_TX_XDP;
	if (own) {
		buf->addr = page_pool_get_dma_addr(virt_to_page(data)) + offset_in_page(data);
		buf->len = 0;
		dma_sync_single_for_device(dma, buf->addr, len, DMA_BIDIRECTIONAL);
	} else {
		buf->addr = dma_map_single(dma, data, len, DMA_TO_DEVICE);
		if (dma_mapping_error(dma, buf->addr))
			return false;
		buf->len = len;
	}

	tx->ring.tx_desc[slot] = (struct hvnet_tx_desc){
		.addr = cpu_to_le64(buf->addr),
		.len = cpu_to_le16(len),
	};
	return true;
}

static void hvnet_xdp_unmap(struct hvnet_tx *tx, const struct hvnet_tx_buf *buf)
{
	if (buf->len)
		dma_unmap_single(&tx->ring.dev->pdev->dev, buf->addr, buf->len, DMA_TO_DEVICE);
}

/* Puts a frame into the ring; its length and the room were checked. */
static bool hvnet_xdp_put(struct hvnet_tx *tx, struct xdp_frame *frame, bool own)
{
	const struct skb_shared_info *info = xdp_get_shared_info_from_frame(frame);
	unsigned int i, num = xdp_frame_has_frags(frame) ? info->nr_frags : 0;
	u32 last, index = tx->prod;

	if (!hvnet_xdp_map(tx, index++, frame->data, frame->len, own))
		return false;
	for (i = 0; i < num; i++) {
		const skb_frag_t *frag = &info->frags[i];

		/* The adapter takes no empty buffer. */
		if (!skb_frag_size(frag))
			continue;
		if (!hvnet_xdp_map(tx, index, skb_frag_address(frag), skb_frag_size(frag), own))
			goto unmap;
		index++;
	}

	last = hvnet_ring_slot(&tx->ring, index - 1);
	tx->bufs[last].frame = frame;
	tx->ring.tx_desc[last].flags = cpu_to_le16(HVNET_TXD_EOP);
	tx->prod = index;
	return true;

unmap:
	while (index-- != tx->prod)
		hvnet_xdp_unmap(tx, &tx->bufs[hvnet_ring_slot(&tx->ring, index)]);
	return false;
}

/* The adapter stops a queue for a frame that is too short or too long. */
static bool hvnet_xdp_fits(const struct hvnet_tx *tx, struct xdp_frame *frame, u32 len)
{
	return hvnet_tx_room(tx) >= HVNET_TX_STOP_ROOM && frame->len >= ETH_HLEN &&
	       len <= tx->ring.dev->max_frame;
}

/* With the transmit lock held. */
static void hvnet_xdp_count(struct hvnet_tx_stats *stats, int sent, u64 bytes, int dropped)
{
	u64_stats_t *count = stats->count;

	u64_stats_update_begin(&stats->sync);
	u64_stats_add(&count[HVNET_TX_STAT_PACKETS], sent);
	u64_stats_add(&count[HVNET_TX_STAT_BYTES], bytes);
	u64_stats_add(&count[HVNET_TX_STAT_CSUM_NONE], sent);
	u64_stats_add(&count[HVNET_TX_STAT_XDP_PACKETS], sent);
	u64_stats_add(&count[HVNET_TX_STAT_XDP_DROPPED], dropped);
	u64_stats_update_end(&stats->sync);
}

/**
 * hvnet_xdp_send() - put frames into a transmit queue
 * @tx: the queue, whose transmit lock is held; it may be stopped
 * @frames: the frames
 * @num: their number
 * @own: they are in pages of the function's page pools
 *
 * hvnet_tx_flush() is left to the caller.
 *
 * Return: how many are in the ring now; the others are still the caller's
 */
int hvnet_xdp_send(struct hvnet_tx *tx, struct xdp_frame **frames, int num, bool own)
{
	int sent = 0, stopped;
	u64 bytes = 0;

	while (sent < num && !netif_tx_queue_stopped(tx->txq)) {
		u32 len = xdp_get_frame_len(frames[sent]);

		if (!hvnet_xdp_fits(tx, frames[sent], len) ||
		    !hvnet_xdp_put(tx, frames[sent], own))
			break;
		bytes += len;
		sent++;
	}
	hvnet_xdp_count(tx->stats, sent, bytes, num - sent);
	if (!sent)
		return 0;

	/* The stack sends nothing while we do: that is no reason to reset the queue. */
	txq_trans_cond_update(tx->txq);
	stopped = netif_txq_maybe_stop(tx->txq, hvnet_tx_room(tx), HVNET_TX_STOP_ROOM,
				       HVNET_TX_WAKE_ROOM);
	if (!stopped)
		hvnet_stats_count_tx(tx->stats, HVNET_TX_STAT_STOPS);
	else if (stopped < 0)
		/* It was for a moment, and the stack, which is not us, may have seen it. */
		netif_schedule_queue(tx->txq);
	return sent;
}

/**
 * hvnet_xdp_clean() - reclaim XDP frames and those of sockets
 * @tx: the queue
 * @cons: index of the first descriptor, which is one of theirs
 * @end: index after the last that may be reclaimed
 * @frames: their number is added to it
 *
 * Return: index after the last descriptor reclaimed: @end, or that of the next one of an skb
 */
u32 hvnet_xdp_clean(struct hvnet_tx *tx, u32 cons, u32 end, unsigned int *frames)
{
	struct xdp_frame_bulk bulk;
	u32 xsk = 0;

	xdp_frame_bulk_init(&bulk);
	rcu_read_lock();
	for (; cons != end; cons++) {
		struct hvnet_tx_buf *buf = &tx->bufs[hvnet_ring_slot(&tx->ring, cons)];

		if (buf->kind < HVNET_TX_XDP)
			break;
		hvnet_xdp_unmap(tx, buf);
		if (!buf->frame)
			continue;
		++*frames;
		if (buf->kind == HVNET_TX_XSK)
			xsk++;
		else
			xdp_return_frame_bulk(buf->frame, &bulk);
		buf->frame = NULL;
	}
	xdp_flush_frame_bulk(&bulk);
	rcu_read_unlock();
	if (xsk)
		hvnet_xsk_completed(tx, xsk);
	return cons;
}

/**
 * hvnet_xdp_xmit() - ndo_xdp_xmit
 * @netdev: the network device
 * @num: number of frames
 * @frames: frames that a program sends here
 * @flags: XDP_XMIT_FLUSH, or more frames follow at once
 *
 * Context: bottom halves are off.
 *
 * Return: how many were taken, or a negative error code
 */
int hvnet_xdp_xmit(struct net_device *netdev, int num, struct xdp_frame **frames, u32 flags)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	unsigned int cpu = smp_processor_id();
	struct netdev_queue *txq;
	unsigned int queue;
	int sent = 0;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	if (unlikely(!netif_running(netdev)))
		return -ENETDOWN;

	queue = cpu % READ_ONCE(dev->config.num_pairs);
	txq = netdev_get_tx_queue(netdev, queue);
	__netif_tx_lock(txq, cpu);
	/* As in hvnet_xmit(): a queue that is not stopped is there, if it has not gone since. */
	if (likely(queue < dev->config.num_pairs && !netif_tx_queue_stopped(txq))) {
		struct hvnet_tx *tx = &dev->pairs[queue].tx;

		sent = hvnet_xdp_send(tx, frames, num, false);
		/* Once it is stopped we do not come here: what waits would not be published. */
		if (flags & XDP_XMIT_FLUSH || netif_tx_queue_stopped(txq))
			hvnet_tx_flush(tx);
	} else {
		hvnet_xdp_count(&dev->stats[queue].tx, 0, 0, num);
	}
	__netif_tx_unlock(txq);
	return sent;
}
EXPORT_SYMBOL_NS_GPL(hvnet_xdp_xmit, HVNET);
