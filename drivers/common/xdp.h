/* SPDX-License-Identifier: GPL-2.0 */
/*
 * XDP: programs that see received frames before the stack, and frames that they send.
 *
 * While a program is attached, receive queues have buffers of a page each, with room before the
 * data, and are polled by hvnet_xdp_poll().  Which program it is does not matter to them: it is
 * read at each poll.  Programs send by the ordinary transmit queues, under their locks.
 */
#ifndef HVNET_XDP_H
#define HVNET_XDP_H

#include <linux/skbuff.h>
#include <net/xdp.h>

#include "rx.h"
#include "timestamp.h"
#include "tx.h"

/* Longest frame in one buffer; a program that knows no others gets none that are longer. */
#define HVNET_XDP_MAX_FRAME		((u32)SKB_WITH_OVERHEAD(PAGE_SIZE - XDP_PACKET_HEADROOM))

#define HVNET_XDP_BULK			16

/**
 * struct hvnet_xdp_work - what one poll did, and has still to do
 * @rx: for the counters of the queue
 * @count: for those of programs, by &enum hvnet_xdp_stat
 * @prog: the program, or NULL for a moment before it is attached and after it was detached
 * @tx: frames to send back
 * @num_tx: their number
 * @redirected: frames were sent elsewhere
 */
struct hvnet_xdp_work {
	struct hvnet_rx_work rx;
	u64 count[HVNET_XDP_NUM_STATS];
	struct bpf_prog *prog;
	struct xdp_frame *tx[HVNET_XDP_BULK];
	unsigned int num_tx;
	bool redirected;
};

extern const struct xdp_metadata_ops hvnet_xdp_metadata_ops;

/* xdp.c: programs come and go */
void hvnet_xdp_init(struct hvnet_dev *dev);
void hvnet_xdp_limit_mtu(struct hvnet_dev *dev);

/* xdp_rx.c */
int hvnet_xdp_register(struct hvnet_rx *rx, struct hvnet_dev *dev, unsigned int pair);
void hvnet_xdp_drop(struct hvnet_rx *rx);
void hvnet_xdp_run(struct hvnet_rx *rx, struct hvnet_xdp_buff *frame, struct hvnet_xdp_work *work);
void hvnet_xdp_finish(struct hvnet_rx *rx, struct hvnet_xdp_work *work);
int hvnet_xdp_poll(struct hvnet_rx *rx, int budget);

/* What the adapter says of a frame, in its first completion, which is at @slot. */
static inline void hvnet_xdp_note(const struct hvnet_rx *rx, struct hvnet_xdp_buff *frame,
				  const struct hvnet_rx_cmpl *cmpl, u32 slot)
{
	frame->cmpl = *cmpl;
	frame->time = 0;
	if (unlikely(cmpl->flags & cpu_to_le16(HVNET_RXC_TIME)))
		frame->time = hvnet_timestamp_received(&rx->ring, slot);
}

/* xdp_tx.c */
int hvnet_xdp_send(struct hvnet_tx *tx, struct xdp_frame **frames, int num, bool own);
u32 hvnet_xdp_clean(struct hvnet_tx *tx, u32 cons, u32 end, unsigned int *frames);

#endif
