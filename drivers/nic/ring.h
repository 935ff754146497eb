/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings and descriptors, parsed.  Everything here comes from a driver that may be hostile: each
 * value is copied once, then checked, then used.  Pure: plain structs in, plain structs out.
 */
#ifndef HVNET_NIC_RING_H
#define HVNET_NIC_RING_H

#include <linux/types.h>

#include <hvnet/abi/queue.h>

#include "offload/request.h"

/**
 * struct hvnet_ring_config - a queue's context, checked
 * @desc: bus address of the descriptors
 * @cmpl: bus address of the completions; 0 for transmit
 * @ctl: bus address of the control block
 * @times: bus address of the time stamps, one for each descriptor; 0: there are none
 * @size: number of descriptors, a power of two
 * @vector: MSI-X vector
 */
struct hvnet_ring_config {
	u64 desc;
	u64 cmpl;
	u64 ctl;
	u64 times;
	u32 size;
	u16 vector;
};

/**
 * struct hvnet_tx_frame - a frame to transmit, as its descriptors tell it
 * @len: bytes of all buffers
 * @dst_vport: where the driver wants it, or HVNET_VPORT_NONE
 * @bufs: buffers so far
 * @started: a descriptor was seen
 * @timed: the driver wants to know when it was sent
 * @offload: what is to be done to it
 */
struct hvnet_tx_frame {
	u32 len;
	u16 dst_vport;
	u16 bufs;
	bool started;
	bool timed;
	struct hvnet_request offload;
};

bool hvnet_ring_configure(struct hvnet_ring_config *ring, const struct hvnet_queue_ctx *ctx,
			  bool rx, u16 num_vectors);

/**
 * hvnet_ring_fill() - how many descriptors a driver has published
 * @prod: what the driver says
 * @cons: how far the adapter has come
 * @size: of the ring
 * @fill: the number
 *
 * Return: false if the number exceeds the ring.
 */
static inline bool hvnet_ring_fill(u32 prod, u32 cons, u32 size, u32 *fill)
{
	*fill = prod - cons;
	return *fill <= size;
}

static inline void hvnet_tx_frame_start(struct hvnet_tx_frame *frame)
{
	frame->len = 0;
	frame->dst_vport = HVNET_VPORT_NONE;
	frame->bufs = 0;
	frame->started = false;
	frame->timed = false;
	frame->offload = (struct hvnet_request){};
}

/* What hvnet_tx_frame_add() says besides a negated &enum hvnet_queue_error. */
#define HVNET_FRAME_MORE	0
#define HVNET_FRAME_DONE	1

int hvnet_tx_frame_add(struct hvnet_tx_frame *frame, const struct hvnet_tx_desc *desc, bool pf,
		       u32 max_len);

/**
 * hvnet_rx_desc_ok() - can a frame be put there?
 * @len: length of the buffer, as the driver gives it
 *
 * Return: true if the length is in bounds.
 */
static inline bool hvnet_rx_desc_ok(u32 len)
{
	return len >= HVNET_RX_MIN_BUF && len <= HVNET_RX_MAX_BUF;
}

#endif
