// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/skbuff.h>
#include <net/busy_poll.h>
#include <net/page_pool/helpers.h>

#include "offload.h"
#include "rx.h"
#include "timestamp.h"
#include "xdp.h"
#include "xsk.h"

/*
 * Two buffers to a page, or one, so that the longest packet does not take more than an skb has room
 * for.  Each can become the head of an skb: head room before the data and a skb_shared_info behind
 * it.  A longer frame takes several buffers, the later ones become fragments.
 */
#define HVNET_RX_BUF_SIZE		2048
#define HVNET_RX_LONG_BUF_SIZE		PAGE_SIZE
#define HVNET_RX_HEADROOM		(NET_SKB_PAD + NET_IP_ALIGN)
#define HVNET_RX_DATA_SIZE(buf_size)	SKB_WITH_OVERHEAD((buf_size) - HVNET_RX_HEADROOM)
#define HVNET_RX_BATCH			16
#define HVNET_RX_FILL_TRIES		4

static_assert(2 * HVNET_RX_BUF_SIZE == PAGE_SIZE);

/**
 * hvnet_rx_buf_size() - how large buffers must be
 * @features: how frames are received, HVNET_RX_*
 * @xdp: they are for programs: each has its page
 *
 * Return: bytes of a buffer
 */
u32 hvnet_rx_buf_size(u16 features, bool xdp)
{
	/* A head, and fragments behind it. */
	BUILD_BUG_ON((1 + MAX_SKB_FRAGS) * HVNET_RX_DATA_SIZE(HVNET_RX_LONG_BUF_SIZE) <
		     HVNET_TX_MAX_GSO);

	return xdp || features & HVNET_RX_GRO ? HVNET_RX_LONG_BUF_SIZE : HVNET_RX_BUF_SIZE;
}

/**
 * hvnet_rx_alloc() - allocate a receive queue's memory
 * @rx: the queue, zeroed
 * @dev: the function
 * @pair: number of the queue pair
 * @config: number and size of its buffers
 * @napi: the queue pair's
 *
 * Return: 0 or a negative error code; hvnet_rx_free() cleans up in either case
 */
int hvnet_rx_alloc(struct hvnet_rx *rx, struct hvnet_dev *dev, unsigned int pair,
		   const struct hvnet_config *config, struct napi_struct *napi)
{
	u32 size = config->rx_size;
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV,
		.pool_size = size,
		.nid = dev_to_node(&dev->pdev->dev),
		.dev = &dev->pdev->dev,
		.napi = napi,
		.dma_dir = config->xdp ? DMA_BIDIRECTIONAL : DMA_FROM_DEVICE,
		.max_len = PAGE_SIZE,
		.netdev = dev->netdev,
		.queue_idx = pair,
	};
	struct page_pool *pool;
	int err;

	rx->napi = napi;
	INIT_LIST_HEAD(&rx->short_skbs);
	rx->xdp = config->xdp;
	rx->buf_size = config->rx_buf;
	rx->headroom = rx->xdp ? XDP_PACKET_HEADROOM : HVNET_RX_HEADROOM;
	rx->data_size = SKB_WITH_OVERHEAD(rx->buf_size - rx->headroom);
	rx->stats = &dev->stats[pair].rx;
	rx->bufs = kvcalloc(size, sizeof(*rx->bufs), GFP_KERNEL);
	if (!rx->bufs)
		return -ENOMEM;

	pool = page_pool_create(&params);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	rx->pool = pool;
	if (rx->xdp) {
		err = hvnet_xdp_register(rx, dev, pair);
		if (err)
			return err;
	}

	return hvnet_ring_alloc(&rx->ring, dev, HVNET_RXQ(pair), size);
}

/**
 * hvnet_rx_free() - mirror image of hvnet_rx_alloc()
 * @rx: the queue, reset; its NAPI is off
 */
void hvnet_rx_free(struct hvnet_rx *rx)
{
	hvnet_ring_free(&rx->ring);
	if (xdp_rxq_info_is_reg(&rx->rxq))
		xdp_rxq_info_unreg(&rx->rxq);
	page_pool_destroy(rx->pool);
	kvfree(rx->bufs);
}

/**
 * hvnet_rx_reset() - take all buffers back and make the queue as new
 * @rx: a queue that is off for the adapter and for NAPI
 */
void hvnet_rx_reset(struct hvnet_rx *rx)
{
	if (rx->xdp)
		hvnet_xdp_drop(rx);
	if (rx->xsk)
		hvnet_xsk_take_back(rx);
	for (; rx->cons != rx->prod; rx->cons++) {
		struct hvnet_rx_buf *buf = &rx->bufs[hvnet_ring_slot(&rx->ring, rx->cons)];

		page_pool_put_full_page(rx->pool, buf->page, false);
		buf->page = NULL;
	}
	if (rx->half)
		page_pool_put_full_page(rx->pool, rx->half, false);
	rx->half = NULL;
	kfree_skb(rx->skb);
	rx->skb = NULL;
	rx->skip = false;
	rx->prod = 0;
	rx->cons = 0;
	hvnet_ring_reset(&rx->ring);
}

/* A page of the pool is one buffer, or two: then the second half waits in @rx. */
static bool hvnet_rx_get(struct hvnet_rx *rx, struct hvnet_rx_buf *buf, gfp_t gfp)
{
	struct page *page = rx->half;

	if (page) {
		rx->half = NULL;
		buf->page = page;
		buf->offset = rx->buf_size;
		return true;
	}
	page = page_pool_alloc_pages(rx->pool, gfp);
	buf->page = page;
	buf->offset = 0;
	if (unlikely(!page))
		return false;
	if (rx->buf_size < PAGE_SIZE) {
		page_pool_fragment_page(page, PAGE_SIZE / HVNET_RX_BUF_SIZE);
		rx->half = page;
	}
	return true;
}

/* Gives buffers to the adapter until the ring is full; false if memory ran out. */
static bool hvnet_rx_refill(struct hvnet_rx *rx, gfp_t gfp)
{
	u32 end = rx->cons + rx->ring.size;
	u32 prod = rx->prod;

	for (; prod != end; prod++) {
		u32 slot = hvnet_ring_slot(&rx->ring, prod);
		struct hvnet_rx_buf *buf = &rx->bufs[slot];
		struct hvnet_rx_desc *desc = &rx->ring.rx_desc[slot];

		if (unlikely(!hvnet_rx_get(rx, buf, gfp)))
			break;
		desc->addr = cpu_to_le64(page_pool_get_dma_addr(buf->page) + buf->offset +
					 rx->headroom);
		desc->len = cpu_to_le32(rx->data_size);
	}
	if (prod != rx->prod) {
		rx->prod = prod;
		hvnet_ring_publish(&rx->ring, prod);
	}
	if (likely(prod == end))
		return true;

	u64_stats_update_begin(&rx->stats->sync);
	u64_stats_inc(&rx->stats->count[HVNET_RX_STAT_NO_MEMORY]);
	u64_stats_update_end(&rx->stats->sync);
	return false;
}

/**
 * hvnet_rx_fill() - give the first buffers to the adapter
 * @rx: the queue, reset
 *
 * Memory may be short: the queue starts with a part of its buffers, the others come while it is
 * polled.
 *
 * Return: false if there are too few to start with
 */
bool hvnet_rx_fill(struct hvnet_rx *rx)
{
	unsigned int tries;

	/* A socket gives buffers when it likes. */
	if (rx->xsk) {
		hvnet_xsk_fill(rx);
		return true;
	}
	for (tries = 0; tries < HVNET_RX_FILL_TRIES; tries++)
		if (hvnet_rx_refill(rx, GFP_KERNEL))
			return true;
	return rx->prod - rx->cons >= hvnet_rx_low(rx);
}

/* Makes @buf an skb; takes the buffer if it succeeds. */
static struct sk_buff *hvnet_rx_head(struct hvnet_rx *rx, struct hvnet_rx_buf *buf,
				     const struct hvnet_rx_cmpl *cmpl)
{
	struct sk_buff *skb;

	skb = napi_build_skb(page_address(buf->page) + buf->offset, rx->buf_size);
	if (unlikely(!skb))
		return NULL;

	skb_mark_for_recycle(skb);
	skb_reserve(skb, rx->headroom);
	__skb_put(skb, le16_to_cpu(cmpl->len));
	if (unlikely(cmpl->flags & cpu_to_le16(HVNET_RXC_TIME)))
		skb_hwtstamps(skb)->hwtstamp = hvnet_timestamp_received(&rx->ring, buf - rx->bufs);
	return skb;
}

/* Adds @buf to the frame; takes the buffer if it succeeds. */
static bool hvnet_rx_tail(struct hvnet_rx *rx, struct hvnet_rx_buf *buf, u16 len)
{
	unsigned int nr_frags = skb_shinfo(rx->skb)->nr_frags;

	if (unlikely(nr_frags == MAX_SKB_FRAGS))
		return false;
	skb_add_rx_frag(rx->skb, nr_frags, buf->page, buf->offset + rx->headroom, len,
			rx->buf_size);
	return true;
}

/* Is what the adapter wrote to a buffer of possible length?  If so, it can be read. */
static bool hvnet_rx_look(struct hvnet_rx *rx, const struct hvnet_rx_buf *buf,
			  const struct hvnet_rx_cmpl *cmpl, bool first, struct hvnet_rx_work *work)
{
	u16 len = le16_to_cpu(cmpl->len);

	if (unlikely(!hvnet_rx_length_ok(rx, len, first))) {
		work->count[HVNET_RX_STAT_BAD_LENGTH]++;
		return false;
	}
	page_pool_dma_sync_for_cpu(rx->pool, buf->page, buf->offset + rx->headroom, len);
	return true;
}

/* Makes an skb of the first buffer of a frame, which it takes; NULL after an error. */
static struct sk_buff *hvnet_rx_begin(struct hvnet_rx *rx, struct hvnet_rx_buf *buf,
				      const struct hvnet_rx_cmpl *cmpl,
				      struct hvnet_rx_work *work)
{
	struct sk_buff *skb;

	if (!hvnet_rx_look(rx, buf, cmpl, true, work))
		return NULL;
	skb = hvnet_rx_head(rx, buf, cmpl);
	if (unlikely(!skb))
		work->count[HVNET_RX_STAT_NO_MEMORY]++;
	return skb;
}

/* Takes a further buffer of the frame in hand; false after an error. */
static bool hvnet_rx_go_on(struct hvnet_rx *rx, struct hvnet_rx_buf *buf,
			   const struct hvnet_rx_cmpl *cmpl, struct hvnet_rx_work *work)
{
	if (!hvnet_rx_look(rx, buf, cmpl, false, work))
		return false;
	if (likely(hvnet_rx_tail(rx, buf, le16_to_cpu(cmpl->len))))
		return true;
	work->count[HVNET_RX_STAT_NO_MEMORY]++;
	return false;
}

/* After an error the rest of the frame is dropped. */
static void hvnet_rx_drop(struct hvnet_rx *rx, struct hvnet_rx_buf *buf)
{
	page_pool_put_full_page(rx->pool, buf->page, true);
	kfree_skb(rx->skb);
	rx->skb = NULL;
	rx->skip = true;
}

/* A packet that stands for several counts as these; @len are its own bytes. */
static void hvnet_rx_count_long(struct hvnet_rx_work *work, const struct sk_buff *skb,
				unsigned int len)
{
	unsigned int more = skb_shinfo(skb)->gso_segs - 1;
	/* The Ethernet header has been pulled. */
	unsigned int bytes = len + more * (ETH_HLEN + hvnet_offload_headers(skb));

	work->count[HVNET_RX_STAT_GRO_PACKETS]++;
	work->count[HVNET_RX_STAT_GRO_BYTES] += len;
	work->count[HVNET_RX_STAT_GRO_WIRE_PACKETS] += more + 1;
	work->count[HVNET_RX_STAT_GRO_WIRE_BYTES] += bytes;
	work->count[HVNET_RX_STAT_PACKETS] += more + 1;
	work->count[HVNET_RX_STAT_BYTES] += bytes;
}

static void hvnet_rx_count_packet(struct hvnet_rx_work *work, const struct sk_buff *skb,
				  unsigned int len)
{
	if (skb_is_gso(skb)) {
		hvnet_rx_count_long(work, skb, len);
	} else {
		work->count[HVNET_RX_STAT_PACKETS]++;
		work->count[HVNET_RX_STAT_BYTES] += len;
	}
}

static void hvnet_rx_count_kind(struct hvnet_rx_work *work, const struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		work->count[HVNET_RX_STAT_CSUM_UNNECESSARY]++;
	else if (skb->ip_summed == CHECKSUM_NONE)
		work->count[HVNET_RX_STAT_CSUM_NONE]++;
	if (skb_is_nonlinear(skb))
		work->count[HVNET_RX_STAT_CHAINED]++;
}

static void hvnet_rx_flush(struct hvnet_rx *rx)
{
	netif_receive_skb_list(&rx->short_skbs);
	INIT_LIST_HEAD(&rx->short_skbs);
}

/*
 * GRO has nothing to merge in the shortest frames that would be worth its search: they go past it,
 * if it holds none that came before.  Who has it collect datagrams wants it for the shortest most
 * of all.
 */
static __always_inline bool hvnet_rx_spares_gro(const struct hvnet_rx *rx, unsigned int len)
{
	const struct napi_struct *napi = rx->napi;

	return len <= ETH_ZLEN && !rx->xdp && !napi->gro_bitmask && !napi->rx_count &&
	       !(rx->ring.dev->netdev->features & (NETIF_F_GRO_FRAGLIST | NETIF_F_GRO_UDP_FWD));
}

/* To the stack; the shortest frames of a poll all at once. */
static __always_inline void hvnet_rx_pass(struct hvnet_rx *rx, struct sk_buff *skb,
					  unsigned int len)
{
	struct napi_struct *napi = rx->napi;

	if (hvnet_rx_spares_gro(rx, len)) {
		skb_mark_napi_id(skb, napi);
		list_add_tail(&skb->list, &rx->short_skbs);
		return;
	}
	if (!list_empty(&rx->short_skbs))
		hvnet_rx_flush(rx);
	napi_gro_receive(napi, skb);
}

/* As hvnet_rx_deliver(). */
static __always_inline void hvnet_rx_give(struct hvnet_rx *rx, struct sk_buff *skb,
					  const struct hvnet_rx_cmpl *first,
					  struct hvnet_rx_work *work)
{
	struct net_device *netdev = rx->ring.dev->netdev;
	unsigned int len = skb->len;

	skb_record_rx_queue(skb, rx->ring.queue / 2);
	skb->protocol = eth_type_trans(skb, netdev);
	if (hvnet_offload_tells(first) && !hvnet_offload_received(netdev, skb, first)) {
		work->count[HVNET_RX_STAT_BAD_OFFLOAD]++;
		kfree_skb(skb);
		return;
	}

	/* What a program passes on was counted before. */
	if (likely(!rx->xdp))
		hvnet_rx_count_packet(work, skb, len);
	hvnet_rx_count_kind(work, skb);
	hvnet_rx_pass(rx, skb, len);
}

/**
 * hvnet_rx_deliver() - give a frame to the stack
 * @rx: the queue
 * @skb: the frame, from its Ethernet header on
 * @first: its first completion
 * @work: counted here
 */
void hvnet_rx_deliver(struct hvnet_rx *rx, struct sk_buff *skb, const struct hvnet_rx_cmpl *first,
		      struct hvnet_rx_work *work)
{
	hvnet_rx_give(rx, skb, first, work);
}

/**
 * hvnet_rx_count() - add up what a poll did
 * @rx: the queue
 * @work: what it did
 */
void hvnet_rx_count(struct hvnet_rx *rx, const struct hvnet_rx_work *work)
{
	unsigned int i;

	u64_stats_update_begin(&rx->stats->sync);
	for (i = 0; i < HVNET_RX_NUM_STATS; i++)
		u64_stats_add(&rx->stats->count[i], work->count[i]);
	u64_stats_update_end(&rx->stats->sync);
}

/**
 * hvnet_rx_finish() - end a poll: give new buffers to the adapter
 * @rx: the queue
 * @cons: index after the last completion that was dealt with
 * @frames: frames received
 * @budget: NAPI's
 *
 * Return: @frames, one less if that is all of the budget and nothing is left; @budget to be polled
 * again even if there are none, because the ring is running dry for want of memory and no interrupt
 * would come from an empty one
 */
int hvnet_rx_finish(struct hvnet_rx *rx, u32 cons, int frames, int budget)
{
	WRITE_ONCE(rx->cons, cons);

	if (rx->ring.size - (rx->prod - cons) >= HVNET_RX_BATCH &&
	    unlikely(!hvnet_rx_refill(rx, GFP_ATOMIC | __GFP_NOWARN)) &&
	    rx->prod - cons < hvnet_rx_low(rx))
		return budget;
	return frames == budget && !hvnet_rx_pending(rx) ? budget - 1 : frames;
}

/* Deals with one completion; returns true if it was a frame's last. */
static bool hvnet_rx_complete(struct hvnet_rx *rx, struct hvnet_rx_buf *buf,
			      const struct hvnet_rx_cmpl *cmpl, struct hvnet_rx_work *work)
{
	bool last = cmpl->flags & cpu_to_le16(HVNET_RXC_EOP);
	struct sk_buff *skb;

	if (likely(!rx->skb && !rx->skip)) {
		skb = hvnet_rx_begin(rx, buf, cmpl, work);
		if (likely(skb && last)) {
			hvnet_rx_give(rx, skb, cmpl, work);
			return true;
		}
		rx->skb = skb;
		rx->first = *cmpl;
		if (!skb)
			hvnet_rx_drop(rx, buf);
	} else if (rx->skip || !hvnet_rx_go_on(rx, buf, cmpl, work)) {
		hvnet_rx_drop(rx, buf);
	}
	if (!last)
		return false;
	rx->skip = false;
	skb = rx->skb;
	rx->skb = NULL;
	if (skb)
		hvnet_rx_deliver(rx, skb, &rx->first, work);
	return true;
}

/**
 * hvnet_rx_poll() - give received frames to the stack
 * @rx: the queue
 * @budget: NAPI's, at least 1
 *
 * Return: frames received, or @budget to be polled again
 */
int hvnet_rx_poll(struct hvnet_rx *rx, int budget)
{
	struct hvnet_rx_work work = {};
	u32 end, cons = rx->cons;
	int frames = 0;

	if (!hvnet_ring_done(&rx->ring, cons, &rx->prod, &end))
		return 0;

	while (cons != end && frames < budget) {
		u32 slot = hvnet_ring_slot(&rx->ring, cons++);
		struct hvnet_rx_cmpl cmpl = rx->ring.cmpl[slot];

		frames += hvnet_rx_complete(rx, &rx->bufs[slot], &cmpl, &work);
		rx->bufs[slot].page = NULL;
	}
	if (!list_empty(&rx->short_skbs))
		hvnet_rx_flush(rx);
	if (cons != rx->cons)
		hvnet_rx_count(rx, &work);
	return hvnet_rx_finish(rx, cons, frames, budget);
}
