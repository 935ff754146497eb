// SPDX-License-Identifier: GPL-2.0
/*
 * Rings and descriptors, parsed.
 */
#include <kunit/visibility.h>
#include <linux/align.h>
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/log2.h>

#include "ring.h"

/**
 * hvnet_ring_configure() - check a queue's context
 * @ring: to be filled in
 * @ctx: a copy of what the driver wrote
 * @rx: a receive queue
 * @num_vectors: vectors of the function
 *
 * Return: false if something is out of range or misaligned.
 */
bool hvnet_ring_configure(struct hvnet_ring_config *ring, const struct hvnet_queue_ctx *ctx,
			  bool rx, u16 num_vectors)
{
	u16 order = le16_to_cpu(ctx->order);

	if (order < ilog2(HVNET_RING_MIN) || order > HVNET_RING_MAX_ORDER)
		return false;
	ring->desc = le64_to_cpu(ctx->desc_addr);
	ring->cmpl = rx ? le64_to_cpu(ctx->cmpl_addr) : 0;
	ring->ctl = le64_to_cpu(ctx->ctl_addr);
	ring->times = le64_to_cpu(ctx->times_addr);
	ring->size = 1u << order;
	ring->vector = le16_to_cpu(ctx->vector);

	/* Alignment keeps each of these from crossing pages; no range may wrap. */
	return IS_ALIGNED(ring->desc, sizeof(struct hvnet_tx_desc)) &&
	       IS_ALIGNED(ring->cmpl, sizeof(struct hvnet_rx_cmpl)) &&
	       IS_ALIGNED(ring->ctl, sizeof(struct hvnet_ring_ctl)) &&
	       IS_ALIGNED(ring->times, sizeof(__le64)) &&
	       ring->desc + ring->size * sizeof(struct hvnet_tx_desc) > ring->desc &&
	       ring->cmpl + ring->size * sizeof(struct hvnet_rx_cmpl) > ring->cmpl &&
	       ring->times + ring->size * sizeof(__le64) > ring->times &&
	       ring->vector < num_vectors;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_ring_configure);

static int add_ext(struct hvnet_tx_frame *frame, const struct hvnet_tx_ext *ext, u16 flags, bool pf)
{
	/* First and once. */
	if (frame->started || flags & ~(HVNET_TXD_EXT | HVNET_REQUEST_EXT))
		return -HVNET_QERR_FLAGS;
	if (!hvnet_request_ext(&frame->offload, ext))
		return -HVNET_QERR_FLAGS;
	frame->started = true;
	frame->dst_vport = le16_to_cpu(ext->dst_vport);
	if (frame->dst_vport != HVNET_VPORT_NONE && !pf)
		return -HVNET_QERR_FLAGS;
	return HVNET_FRAME_MORE;
}

/* The first buffer tells what is to be done to the frame. */
static u16 add_first(struct hvnet_tx_frame *frame, const struct hvnet_tx_desc *desc, u16 flags)
{
	if (flags & HVNET_REQUEST_FIRST)
		hvnet_request_first(&frame->offload, desc);
	frame->started = true;
	frame->timed = flags & HVNET_TXD_TIME;
	return flags & ~(HVNET_REQUEST_FIRST | HVNET_TXD_TIME);
}

static int end(const struct hvnet_tx_frame *frame, u32 max_len)
{
	if (frame->len < ETH_HLEN)
		return -HVNET_QERR_LENGTH;
	if (unlikely(frame->offload.flags) &&
	    !hvnet_request_ok(&frame->offload, frame->len, max_len))
		return -HVNET_QERR_OFFLOAD;
	return HVNET_FRAME_DONE;
}

/**
 * hvnet_tx_frame_add() - check the next descriptor of a frame
 * @frame: started with hvnet_tx_frame_start()
 * @desc: a copy of the descriptor
 * @pf: the driver is the PF's and may choose the destination
 * @max_len: longest frame
 *
 * Return: HVNET_FRAME_MORE, HVNET_FRAME_DONE or a negated &enum hvnet_queue_error.
 */
int hvnet_tx_frame_add(struct hvnet_tx_frame *frame, const struct hvnet_tx_desc *desc, bool pf,
		       u32 max_len)
{
	u16 flags = le16_to_cpu(desc->flags);
	u16 len = le16_to_cpu(desc->len);

	if (flags & HVNET_TXD_EXT)
		return add_ext(frame, (const struct hvnet_tx_ext *)desc, flags, pf);
	if (!frame->bufs)
		flags = add_first(frame, desc, flags);
	if (flags & ~HVNET_TXD_EOP)
		return -HVNET_QERR_FLAGS;
	if (frame->bufs == HVNET_TX_MAX_BUFS)
		return -HVNET_QERR_CHAIN;
	if (!len || frame->len + len > hvnet_request_max(&frame->offload, max_len))
		return -HVNET_QERR_LENGTH;

	frame->bufs++;
	frame->len += len;
	return flags & HVNET_TXD_EOP ? end(frame, max_len) : HVNET_FRAME_MORE;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_tx_frame_add);
