// SPDX-License-Identifier: GPL-2.0
/* A receive queue with an XDP program. */
#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/skbuff.h>
#include <net/page_pool/helpers.h>
#include <net/xdp_sock_drv.h>

#include "pair.h"
#include "xdp.h"
#include "xsk.h"

/**
 * hvnet_xdp_register() - make the queue known to programs
 * @rx: the queue, with its page pool
 * @dev: the function
 * @pair: number of the queue pair
 *
 * Return: 0 or a negative error code; hvnet_rx_free() cleans up in either case
 */
int hvnet_xdp_register(struct hvnet_rx *rx, struct hvnet_dev *dev, unsigned int pair)
{
	int err;

	rx->xdp_stats = &dev->stats[pair].xdp;
	err = __xdp_rxq_info_reg(&rx->rxq, dev->netdev, pair, rx->napi->napi_id, rx->buf_size);
	if (err)
		return err;
	return xdp_rxq_info_reg_mem_model(&rx->rxq, MEM_TYPE_PAGE_POOL, rx->pool);
}

/* Give the frame's buffers back to where they came from; @direct: in NAPI. */
static void hvnet_xdp_free(struct hvnet_rx *rx, struct xdp_buff *xdp, bool direct)
{
	const struct skb_shared_info *info = xdp_get_shared_info_from_buff(xdp);
	unsigned int i, num = xdp_buff_has_frags(xdp) ? info->nr_frags : 0;

	if (rx->xsk) {
		xsk_buff_free(xdp);
		return;
	}
	for (i = 0; i < num; i++)
		page_pool_put_full_page(rx->pool, skb_frag_page(&info->frags[i]), direct);
	page_pool_put_full_page(rx->pool, virt_to_page(xdp->data_hard_start), direct);
}

/**
 * hvnet_xdp_drop() - drop a frame whose last buffer has not come
 * @rx: the queue, off for NAPI
 */
void hvnet_xdp_drop(struct hvnet_rx *rx)
{
	if (!rx->frame.xdp.data)
		return;
	hvnet_xdp_free(rx, &rx->frame.xdp, false);
	rx->frame.xdp.data = NULL;
}

static void hvnet_xdp_head(struct hvnet_rx *rx, struct hvnet_rx_buf *buf,
			   const struct hvnet_rx_cmpl *cmpl)
{
	struct xdp_buff *xdp = &rx->frame.xdp;

	xdp_init_buff(xdp, rx->buf_size, &rx->rxq);
	xdp_prepare_buff(xdp, page_address(buf->page) + buf->offset, rx->headroom,
			 le16_to_cpu(cmpl->len), true);
	hvnet_xdp_note(rx, &rx->frame, cmpl, buf - rx->bufs);
}

/* Adds @buf to the frame; takes the buffer if it succeeds. */
static bool hvnet_xdp_tail(struct hvnet_rx *rx, struct hvnet_rx_buf *buf, u16 len)
{
	struct xdp_buff *xdp = &rx->frame.xdp;
	struct skb_shared_info *info = xdp_get_shared_info_from_buff(xdp);

	if (!xdp_buff_has_frags(xdp)) {
		info->nr_frags = 0;
		info->xdp_frags_size = 0;
		xdp_buff_set_frags_flag(xdp);
	}
	if (unlikely(info->nr_frags == MAX_SKB_FRAGS))
		return false;
	skb_frag_fill_page_desc(&info->frags[info->nr_frags++], buf->page,
				buf->offset + rx->headroom, len);
	info->xdp_frags_size += len;
	if (page_is_pfmemalloc(buf->page))
		xdp_buff_set_frag_pfmemalloc(xdp);
	return true;
}

/* One buffer of a frame.  Returns true if the buffer was taken. */
static bool hvnet_xdp_take(struct hvnet_rx *rx, struct hvnet_rx_buf *buf,
			   const struct hvnet_rx_cmpl *cmpl, struct hvnet_xdp_work *work)
{
	bool first = !rx->frame.xdp.data;
	u16 len = le16_to_cpu(cmpl->len);

	if (unlikely(!hvnet_rx_length_ok(rx, len, first))) {
		work->rx.count[HVNET_RX_STAT_BAD_LENGTH]++;
		return false;
	}

	page_pool_dma_sync_for_cpu(rx->pool, buf->page, buf->offset + rx->headroom, len);
	if (likely(first)) {
		hvnet_xdp_head(rx, buf, cmpl);
		return true;
	}
	if (likely(hvnet_xdp_tail(rx, buf, len)))
		return true;
	work->rx.count[HVNET_RX_STAT_BAD_LENGTH]++;
	return false;
}

/* After an error the rest of the frame is dropped. */
static void hvnet_xdp_skip(struct hvnet_rx *rx, struct hvnet_rx_buf *buf)
{
	page_pool_put_full_page(rx->pool, buf->page, true);
	if (rx->frame.xdp.data)
		hvnet_xdp_free(rx, &rx->frame.xdp, true);
	rx->frame.xdp.data = NULL;
	rx->skip = true;
}

/* Makes the frame an skb; takes its buffers if it succeeds. */
static struct sk_buff *hvnet_xdp_build_skb(struct hvnet_rx *rx, struct xdp_buff *xdp)
{
	const struct skb_shared_info *info = xdp_get_shared_info_from_buff(xdp);
	unsigned int frags_size = 0, num = 0;
	struct sk_buff *skb;

	/* What is read here is cleared when it becomes the skb's own. */
	if (unlikely(xdp_buff_has_frags(xdp))) {
		num = info->nr_frags;
		frags_size = info->xdp_frags_size;
	}
	skb = napi_build_skb(xdp->data_hard_start, xdp->frame_sz);
	if (unlikely(!skb))
		return NULL;

	skb_mark_for_recycle(skb);
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	skb_put(skb, xdp->data_end - xdp->data);
	if (xdp->data > xdp->data_meta)
		skb_metadata_set(skb, xdp->data - xdp->data_meta);
	if (unlikely(num))
		xdp_update_skb_shared_info(skb, num, frags_size, num * rx->buf_size,
					   xdp_buff_is_frag_pfmemalloc(xdp));
	return skb;
}

static bool hvnet_xdp_pass(struct hvnet_rx *rx, struct hvnet_xdp_buff *frame,
			   struct hvnet_xdp_work *work)
{
	struct sk_buff *skb;

	if (rx->xsk)
		skb = hvnet_xsk_build_skb(rx, &frame->xdp);
	else
		skb = hvnet_xdp_build_skb(rx, &frame->xdp);
	if (unlikely(!skb)) {
		work->rx.count[HVNET_RX_STAT_NO_MEMORY]++;
		return false;
	}
	if (unlikely(frame->time))
		skb_hwtstamps(skb)->hwtstamp = frame->time;
	work->count[HVNET_XDP_STAT_PASS]++;
	hvnet_rx_deliver(rx, skb, &frame->cmpl, &work->rx);
	return true;
}

/*
 * Send back what is to be.  By the pair's own queue, so that the pool's pages come back here.  What
 * was in a socket's buffer has been copied.
 */
static void hvnet_xdp_flush_tx(struct hvnet_rx *rx, struct hvnet_xdp_work *work)
{
	struct hvnet_tx *tx = &container_of(rx, struct hvnet_pair, rx)->tx;
	unsigned int i, sent;

	__netif_tx_lock(tx->txq, smp_processor_id());
	sent = hvnet_xdp_send(tx, work->tx, work->num_tx, !rx->xsk);
	hvnet_tx_flush(tx);
	__netif_tx_unlock(tx->txq);

	for (i = sent; i < work->num_tx; i++)
		xdp_return_frame_rx_napi(work->tx[i]);
	work->count[HVNET_XDP_STAT_TX] += sent;
	work->count[HVNET_XDP_STAT_ERR] += work->num_tx - sent;
	trace_xdp_bulk_tx(rx->ring.dev->netdev, sent, work->num_tx - sent, 0);
	work->num_tx = 0;
}

static bool hvnet_xdp_tx(struct hvnet_rx *rx, struct xdp_buff *xdp, struct hvnet_xdp_work *work)
{
	struct xdp_frame *frame;

	/* It would hold up those that are sent with it. */
	if (unlikely(xdp_get_buff_len(xdp) > rx->ring.dev->max_frame))
		return false;
	frame = xdp_convert_buff_to_frame(xdp);
	if (unlikely(!frame))
		return false;
	work->tx[work->num_tx++] = frame;
	if (work->num_tx == HVNET_XDP_BULK)
		hvnet_xdp_flush_tx(rx, work);
	return true;
}

static bool hvnet_xdp_redirect(struct hvnet_rx *rx, struct xdp_buff *xdp,
			       struct hvnet_xdp_work *work)
{
	if (unlikely(xdp_do_redirect(rx->ring.dev->netdev, xdp, work->prog)))
		return false;
	work->count[HVNET_XDP_STAT_REDIRECT]++;
	work->redirected = true;
	return true;
}

/* Carries out what the program decided.  Returns true if the frame's buffers were taken. */
static bool hvnet_xdp_act(struct hvnet_rx *rx, struct hvnet_xdp_buff *frame, u32 act,
			  struct hvnet_xdp_work *work)
{
	struct net_device *netdev = rx->ring.dev->netdev;

	switch (act) {
	case XDP_PASS:
		if (likely(hvnet_xdp_pass(rx, frame, work)))
			return true;
		break;
	case XDP_TX:
		if (likely(hvnet_xdp_tx(rx, &frame->xdp, work)))
			return true;
		break;
	case XDP_REDIRECT:
		if (likely(hvnet_xdp_redirect(rx, &frame->xdp, work)))
			return true;
		break;
	case XDP_DROP:
		work->count[HVNET_XDP_STAT_DROP]++;
		return false;
	case XDP_ABORTED:
		break;
	default:
		bpf_warn_invalid_xdp_action(netdev, work->prog, act);
		break;
	}
	if (work->prog)
		trace_xdp_exception(netdev, work->prog, act);
	work->count[HVNET_XDP_STAT_ERR]++;
	return false;
}

/**
 * hvnet_xdp_run() - run the program on a frame, and do what it wants
 * @rx: the queue
 * @frame: the frame; its buffers are taken
 * @work: what is to be finished, and counted
 */
void hvnet_xdp_run(struct hvnet_rx *rx, struct hvnet_xdp_buff *frame, struct hvnet_xdp_work *work)
{
	const struct bpf_prog *prog = work->prog;
	struct xdp_buff *xdp = &frame->xdp;
	u32 act = XDP_PASS;

	/* Nothing was said that would make the adapter leave checksums open. */
	if (unlikely(frame->cmpl.flags & cpu_to_le16(HVNET_RXC_CSUM_PARTIAL))) {
		work->rx.count[HVNET_RX_STAT_BAD_OFFLOAD]++;
		hvnet_xdp_free(rx, xdp, true);
		return;
	}

	work->rx.count[HVNET_RX_STAT_PACKETS]++;
	work->rx.count[HVNET_RX_STAT_BYTES] += xdp_get_buff_len(xdp);
	if (unlikely(prog && xdp_buff_has_frags(xdp) && !prog->aux->xdp_has_frags))
		act = XDP_ABORTED;
	else if (likely(prog))
		act = bpf_prog_run_xdp(prog, xdp);
	if (!hvnet_xdp_act(rx, frame, act, work))
		hvnet_xdp_free(rx, xdp, true);
}

/**
 * hvnet_xdp_finish() - do at the end of a poll what was put off, and count
 * @rx: the queue
 * @work: what was done
 */
void hvnet_xdp_finish(struct hvnet_rx *rx, struct hvnet_xdp_work *work)
{
	unsigned int i;

	if (work->num_tx)
		hvnet_xdp_flush_tx(rx, work);
	if (work->redirected)
		xdp_do_flush();

	hvnet_rx_count(rx, &work->rx);
	u64_stats_update_begin(&rx->xdp_stats->sync);
	for (i = 0; i < HVNET_XDP_NUM_STATS; i++)
		u64_stats_add(&rx->xdp_stats->count[i], work->count[i]);
	u64_stats_update_end(&rx->xdp_stats->sync);
}

/**
 * hvnet_xdp_poll() - give received frames to the program
 * @rx: the queue
 * @budget: NAPI's, at least 1
 *
 * Return: frames received, or @budget to be polled again
 */
int hvnet_xdp_poll(struct hvnet_rx *rx, int budget)
{
	struct hvnet_xdp_work work = { .prog = READ_ONCE(rx->ring.dev->xdp_prog) };
	u32 end, cons = rx->cons;
	int frames = 0;

	if (!hvnet_ring_done(&rx->ring, cons, &rx->prod, &end))
		return 0;

	while (cons != end && frames < budget) {
		u32 slot = hvnet_ring_slot(&rx->ring, cons++);
		struct hvnet_rx_cmpl cmpl = rx->ring.cmpl[slot];
		struct hvnet_rx_buf *buf = &rx->bufs[slot];

		if (unlikely(rx->skip || !hvnet_xdp_take(rx, buf, &cmpl, &work)))
			hvnet_xdp_skip(rx, buf);
		buf->page = NULL;
		if (!(cmpl.flags & cpu_to_le16(HVNET_RXC_EOP)))
			continue;
		frames++;
		rx->skip = false;
		if (unlikely(!rx->frame.xdp.data))
			continue;
		hvnet_xdp_run(rx, &rx->frame, &work);
		rx->frame.xdp.data = NULL;
	}
	if (cons != rx->cons)
		hvnet_xdp_finish(rx, &work);
	return hvnet_rx_finish(rx, cons, frames, budget);
}
