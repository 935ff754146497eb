// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/netdev_queues.h>

#include "device.h"
#include "offload.h"
#include "stats.h"
#include "timestamp.h"
#include "tx.h"
#include "xdp.h"

static_assert(HVNET_TX_WAKE_ROOM <= HVNET_RING_MIN);

/**
 * hvnet_tx_alloc() - allocate a transmit queue's memory
 * @tx: the queue, zeroed
 * @dev: the function
 * @pair: number of the queue pair
 * @size: number of descriptors
 *
 * Return: 0 or -ENOMEM; hvnet_tx_free() cleans up in either case
 */
int hvnet_tx_alloc(struct hvnet_tx *tx, struct hvnet_dev *dev, unsigned int pair, u32 size)
{
	tx->txq = netdev_get_tx_queue(dev->netdev, pair);
	tx->stats = &dev->stats[pair].tx;
	tx->done = &dev->stats[pair].done;
	tx->bufs = kvcalloc(size, sizeof(*tx->bufs), GFP_KERNEL);
	if (!tx->bufs)
		return -ENOMEM;
	/* Frames go without copies too. */
	tx->copies = dma_alloc_coherent(&dev->pdev->dev, size * HVNET_TX_COPY, &tx->copies_dma,
					GFP_KERNEL | __GFP_NOWARN);
	return hvnet_ring_alloc(&tx->ring, dev, HVNET_TXQ(pair), size);
}

/**
 * hvnet_tx_free() - mirror image of hvnet_tx_alloc()
 * @tx: the queue, reset
 */
void hvnet_tx_free(struct hvnet_tx *tx)
{
	if (tx->copies)
		dma_free_coherent(&tx->ring.dev->pdev->dev, tx->ring.size * HVNET_TX_COPY,
				  tx->copies, tx->copies_dma);
	hvnet_ring_free(&tx->ring);
	kvfree(tx->bufs);
}

static void hvnet_tx_unmap(struct hvnet_tx *tx, struct hvnet_tx_buf *buf)
{
	struct device *dma = &tx->ring.dev->pdev->dev;

	if (!buf->len || buf->kind == HVNET_TX_COPIED)
		return;
	if (buf->kind == HVNET_TX_PAGE)
		dma_unmap_page(dma, buf->addr, buf->len, DMA_TO_DEVICE);
	else
		dma_unmap_single(dma, buf->addr, buf->len, DMA_TO_DEVICE);
}

/**
 * hvnet_tx_reset() - drop what was not transmitted and make the queue as new
 * @tx: a queue that is off for the adapter, for NAPI and for the stack
 */
void hvnet_tx_reset(struct hvnet_tx *tx)
{
	unsigned int frames = 0;

	while (tx->cons != tx->prod) {
		struct hvnet_tx_buf *buf = &tx->bufs[hvnet_ring_slot(&tx->ring, tx->cons)];

		if (buf->kind >= HVNET_TX_XDP) {
			tx->cons = hvnet_xdp_clean(tx, tx->cons, tx->prod, &frames);
			continue;
		}
		tx->cons++;
		hvnet_tx_unmap(tx, buf);
		if (buf->skb && buf->timed)
			hvnet_timestamp_lost(tx->done);
		dev_kfree_skb_any(buf->skb);
		buf->skb = NULL;
	}
	tx->prod = 0;
	tx->published = 0;
	tx->rung = 0;
	tx->cons = 0;
	hvnet_ring_reset(&tx->ring);
	netdev_tx_reset_queue(tx->txq);
}

/* Fills in the descriptor at *@index and counts it; the adapter takes no empty buffer. */
static int hvnet_tx_map_one(struct hvnet_tx *tx, u32 *index, struct sk_buff *skb,
			    const skb_frag_t *frag)
{
	struct device *dma = &tx->ring.dev->pdev->dev;
	u32 slot = hvnet_ring_slot(&tx->ring, *index);
	struct hvnet_tx_buf *buf = &tx->bufs[slot];
	struct hvnet_tx_desc desc = {};

	buf->skb = NULL;
	buf->timed = false;
	buf->kind = frag ? HVNET_TX_PAGE : HVNET_TX_SINGLE;
	buf->len = frag ? skb_frag_size(frag) : skb_headlen(skb);
	if (unlikely(!buf->len))
		return 0;
	if (frag)
		buf->addr = skb_frag_dma_map(dma, frag, 0, buf->len, DMA_TO_DEVICE);
	else
		buf->addr = dma_map_single(dma, skb->data, buf->len, DMA_TO_DEVICE);
	if (dma_mapping_error(dma, buf->addr))
		return -ENOMEM;

	desc.addr = cpu_to_le64(buf->addr);
	desc.len = cpu_to_le16(buf->len);
	tx->ring.tx_desc[slot] = desc;
	++*index;
	return 0;
}

/* The extension descriptor stands for no memory. */
static void hvnet_tx_put_ext(struct hvnet_tx *tx, u32 index, const struct sk_buff *skb)
{
	u32 slot = hvnet_ring_slot(&tx->ring, index);
	struct hvnet_tx_ext ext = {};

	hvnet_offload_ext(&ext, skb);
	memcpy(&tx->ring.tx_desc[slot], &ext, sizeof(ext));
	tx->bufs[slot] = (struct hvnet_tx_buf){ .kind = HVNET_TX_SINGLE };
}

/* The checksum is left to the adapter. */
static void hvnet_tx_put_csum(struct hvnet_tx_desc *first, const struct sk_buff *skb)
{
	first->flags |= cpu_to_le16(HVNET_TXD_CSUM);
	first->csum_start = cpu_to_le16(skb_checksum_start_offset(skb));
	first->csum_offset = skb->csum_offset;
}

/* Without frames in several pieces, and those that are wanted for their tags or time stamps. */
static bool hvnet_tx_is_short(const struct hvnet_tx *tx, const struct sk_buff *skb)
{
	const struct hvnet_dev *dev = tx->ring.dev;

	return skb->len <= HVNET_TX_COPY && !skb_is_nonlinear(skb) && likely(tx->copies) &&
	       !hvnet_offload_wants_ext(skb) && hvnet_offload_ok(dev, skb) &&
	       !hvnet_timestamp_wanted(dev, skb);
}

/* What most of them have is two parts of 32 bytes, which may overlap: needs no call. */
static void hvnet_tx_copy_bytes(u8 *to, const u8 *from, u32 len)
{
	if (likely(len >= 32 && len <= 64)) {
		memcpy(to, from, 32);
		memcpy(to + len - 32, from + len - 32, 32);
	} else {
		memcpy(to, from, len);
	}
}

/* Copies a short frame to where the adapter finds it, filled up with zeroes; returns its length. */
static u32 hvnet_tx_copy(struct hvnet_tx *tx, const struct sk_buff *skb)
{
	u32 slot = hvnet_ring_slot(&tx->ring, tx->prod);
	struct hvnet_tx_desc *desc = &tx->ring.tx_desc[slot];
	struct hvnet_tx_buf *buf = &tx->bufs[slot];
	u8 *copy = tx->copies + slot * HVNET_TX_COPY;
	u32 len = skb->len;

	hvnet_tx_copy_bytes(copy, skb->data, len);
	if (unlikely(len < ETH_ZLEN)) {
		memset(copy + len, 0, ETH_ZLEN - len);
		len = ETH_ZLEN;
	}
	buf->skb = NULL;
	buf->len = len;
	buf->kind = HVNET_TX_COPIED;
	*desc = (struct hvnet_tx_desc){
		.addr = cpu_to_le64(tx->copies_dma + slot * HVNET_TX_COPY),
		.len = cpu_to_le16(len),
		.flags = cpu_to_le16(HVNET_TXD_EOP),
	};
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		hvnet_tx_put_csum(desc, skb);
	tx->prod++;
	return len;
}

static int hvnet_tx_map(struct hvnet_tx *tx, struct sk_buff *skb)
{
	unsigned int i, nr_frags = skb_shinfo(skb)->nr_frags;
	u32 index = tx->prod;
	u32 last, first;

	if (hvnet_offload_wants_ext(skb))
		hvnet_tx_put_ext(tx, index++, skb);
	first = hvnet_ring_slot(&tx->ring, index);
	if (hvnet_tx_map_one(tx, &index, skb, NULL))
		return -ENOMEM;
	for (i = 0; i < nr_frags; i++)
		if (hvnet_tx_map_one(tx, &index, skb, &skb_shinfo(skb)->frags[i]))
			goto unmap;

	last = hvnet_ring_slot(&tx->ring, index - 1);
	tx->bufs[last].skb = skb;
	tx->ring.tx_desc[last].flags = cpu_to_le16(HVNET_TXD_EOP);
	if (skb->ip_summed == CHECKSUM_PARTIAL && !skb_is_gso(skb))
		hvnet_tx_put_csum(&tx->ring.tx_desc[first], skb);
	if (unlikely(hvnet_timestamp_wanted(tx->ring.dev, skb))) {
		skb_shinfo(skb)->tx_flags |= SKBTX_IN_PROGRESS;
		tx->bufs[last].timed = true;
		tx->ring.tx_desc[first].flags |= cpu_to_le16(HVNET_TXD_TIME);
	}
	tx->prod = index;
	return 0;

unmap:
	while (index-- != tx->prod)
		hvnet_tx_unmap(tx, &tx->bufs[hvnet_ring_slot(&tx->ring, index)]);
	return -ENOMEM;
}

/**
 * hvnet_tx_flush() - have the adapter transmit what is in the ring
 * @tx: the queue, whose transmit lock is held
 *
 * The adapter sets kick, issues a full barrier and looks at prod; we set prod, issue a full barrier
 * and look at kick: one of the two sees the other.
 */
void hvnet_tx_flush(struct hvnet_tx *tx)
{
	__le32 kick;

	if (tx->published == tx->prod)
		return;
	WRITE_ONCE(tx->published, tx->prod);
	hvnet_ring_publish(&tx->ring, tx->prod);

	mb();	/* the store of prod before the load of kick, see above */
	kick = READ_ONCE(tx->ring.ctl->kick);
	/* Between our ringing and its waking up there is no need to ring again. */
	if (!kick || kick == tx->rung)
		return;
	tx->rung = kick;
	hvnet_doorbell(tx->ring.dev, tx->ring.queue);
	hvnet_stats_count_tx(tx->stats, HVNET_TX_STAT_KICKS);
}

static void hvnet_tx_count_frames(struct hvnet_tx *tx, const struct sk_buff *skb,
				  unsigned int frames, unsigned int bytes)
{
	u64_stats_t *count = tx->stats->count;

	u64_stats_add(&count[HVNET_TX_STAT_PACKETS], frames);
	u64_stats_add(&count[HVNET_TX_STAT_BYTES], bytes);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		u64_stats_add(&count[HVNET_TX_STAT_NEEDS_CSUM], frames);
	else
		u64_stats_add(&count[HVNET_TX_STAT_CSUM_NONE], frames);
}

/* As on the wire: a packet that the adapter segments counts as its segments. */
static void hvnet_tx_count(struct hvnet_tx *tx, const struct sk_buff *skb, bool linearized)
{
	u64_stats_t *count = tx->stats->count;
	unsigned int frames = 1, bytes = skb->len;

	u64_stats_update_begin(&tx->stats->sync);
	if (skb_is_gso(skb)) {
		unsigned int headers = hvnet_offload_headers(skb);

		frames = DIV_ROUND_UP(skb->len - headers, skb_shinfo(skb)->gso_size);
		bytes += (frames - 1) * headers;
		u64_stats_inc(&count[HVNET_TX_STAT_GSO_PACKETS]);
		u64_stats_add(&count[HVNET_TX_STAT_GSO_BYTES], skb->len);
		u64_stats_add(&count[HVNET_TX_STAT_GSO_WIRE_PACKETS], frames);
		u64_stats_add(&count[HVNET_TX_STAT_GSO_WIRE_BYTES], bytes);
	}
	hvnet_tx_count_frames(tx, skb, frames, bytes);
	if (linearized)
		u64_stats_inc(&count[HVNET_TX_STAT_LINEARIZED]);
	u64_stats_update_end(&tx->stats->sync);
}

/* Frames of this batch that came before wait to be published. */
static netdev_tx_t hvnet_tx_drop(struct hvnet_tx *tx, struct sk_buff *skb)
{
	dev_kfree_skb_any(skb);
	hvnet_stats_count_tx(tx->stats, HVNET_TX_STAT_DROPPED);
	if (!netdev_xmit_more())
		hvnet_tx_flush(tx);
	return NETDEV_TX_OK;
}

/* The stack was told what may be left to the adapter, but not everybody asks. */
static bool hvnet_tx_fits(const struct hvnet_dev *dev, const struct sk_buff *skb)
{
	unsigned int tag = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;

	if (!hvnet_offload_ok(dev, skb))
		return false;
	return skb_is_gso(skb) || skb->len + tag <= dev->max_frame;
}

/* A frame of @len bytes is in the ring. */
static __always_inline netdev_tx_t hvnet_tx_done(struct hvnet_tx *tx, unsigned int len)
{
	if (!netif_txq_maybe_stop(tx->txq, hvnet_tx_room(tx), HVNET_TX_STOP_ROOM,
				  HVNET_TX_WAKE_ROOM))
		hvnet_stats_count_tx(tx->stats, HVNET_TX_STAT_STOPS);
	if (__netdev_tx_sent_queue(tx->txq, len, netdev_xmit_more()))
		hvnet_tx_flush(tx);
	return NETDEV_TX_OK;
}

/* Of any frame; not inlined, for the sake of hvnet_tx_xmit_short(). */
static noinline netdev_tx_t hvnet_tx_xmit_mapped(struct hvnet_tx *tx, struct sk_buff *skb)
{
	bool linearize = skb_shinfo(skb)->nr_frags >= HVNET_TX_MAX_BUFS;

	if (unlikely(!hvnet_tx_fits(tx->ring.dev, skb)))
		return hvnet_tx_drop(tx, skb);
	if (unlikely(__skb_put_padto(skb, ETH_ZLEN, false)))
		return hvnet_tx_drop(tx, skb);
	if (unlikely(linearize && skb_linearize(skb)))
		return hvnet_tx_drop(tx, skb);
	if (unlikely(hvnet_tx_map(tx, skb)))
		return hvnet_tx_drop(tx, skb);

	hvnet_tx_count(tx, skb, linearize);
	skb_tx_timestamp(skb);
	return hvnet_tx_done(tx, skb->len);
}

/* Memory of the skb goes to those that NAPI builds next, if we may touch that. */
static netdev_tx_t hvnet_tx_xmit_short(struct hvnet_tx *tx, struct sk_buff *skb)
{
	u32 len = hvnet_tx_copy(tx, skb);

	u64_stats_update_begin(&tx->stats->sync);
	hvnet_tx_count_frames(tx, skb, 1, len);
	u64_stats_update_end(&tx->stats->sync);
	skb_tx_timestamp(skb);
	napi_consume_skb(skb, !in_hardirq() && !irqs_disabled());
	return hvnet_tx_done(tx, len);
}

/**
 * hvnet_tx_xmit() - transmit a frame
 * @tx: the queue, whose transmit lock is held
 * @skb: the frame
 *
 * Return: NETDEV_TX_OK or NETDEV_TX_BUSY
 */
netdev_tx_t hvnet_tx_xmit(struct hvnet_tx *tx, struct sk_buff *skb)
{
	if (unlikely(hvnet_tx_room(tx) < HVNET_TX_STOP_ROOM)) {
		netif_tx_stop_queue(tx->txq);
		hvnet_stats_count_tx(tx->stats, HVNET_TX_STAT_STOPS);
		hvnet_tx_flush(tx);
		return NETDEV_TX_BUSY;
	}
	if (hvnet_tx_is_short(tx, skb))
		return hvnet_tx_xmit_short(tx, skb);
	return hvnet_tx_xmit_mapped(tx, skb);
}

/**
 * hvnet_tx_clean() - reclaim the buffers that the adapter has done with
 * @tx: the queue
 * @budget: NAPI's
 */
void hvnet_tx_clean(struct hvnet_tx *tx, int budget)
{
	unsigned int packets = 0, bytes = 0;
	u32 end, cons = tx->cons;

	if (!hvnet_ring_done(&tx->ring, cons, &tx->published, &end))
		return;

	while (cons != end) {
		u32 slot = hvnet_ring_slot(&tx->ring, cons);
		struct hvnet_tx_buf *buf = &tx->bufs[slot];

		if (unlikely(buf->kind >= HVNET_TX_XDP)) {
			/* Without a budget we may be anywhere, and memory of pools must wait. */
			if (!budget)
				break;
			cons = hvnet_xdp_clean(tx, cons, end, &packets);
			continue;
		}
		cons++;
		if (likely(buf->kind == HVNET_TX_COPIED)) {
			packets++;
			bytes += buf->len;
			continue;
		}
		hvnet_tx_unmap(tx, buf);
		if (!buf->skb)
			continue;
		if (unlikely(buf->timed))
			hvnet_timestamp_sent(&tx->ring, slot, buf->skb, tx->done);
		packets++;
		bytes += buf->skb->len;
		napi_consume_skb(buf->skb, budget);
		buf->skb = NULL;
	}
	WRITE_ONCE(tx->cons, cons);

	/* The queue limit knows nothing of XDP frames, and issues no barrier for them. */
	if (unlikely(packets && !bytes))
		smp_mb();	/* the store of cons before the look at the queue's state */
	if (netif_txq_completed_wake(tx->txq, packets, bytes, hvnet_tx_room(tx),
				     HVNET_TX_WAKE_ROOM))
		return;
	u64_stats_update_begin(&tx->done->sync);
	u64_stats_inc(&tx->done->wakes);
	u64_stats_update_end(&tx->done->sync);
}
