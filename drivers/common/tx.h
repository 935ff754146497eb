/* SPDX-License-Identifier: GPL-2.0 */
/* A transmit queue. */
#ifndef HVNET_TX_H
#define HVNET_TX_H

#include <linux/cache.h>

#include "ring.h"

struct hvnet_xsk;

/* Stopped with less room than a frame and its extension may need, woken with room for two. */
#define HVNET_TX_STOP_ROOM		(1 + HVNET_TX_MAX_BUFS)
#define HVNET_TX_WAKE_ROOM		(2 * HVNET_TX_STOP_ROOM)

/*
 * A frame of so many bytes in one piece is copied to memory that the adapter has: that takes less
 * than to map it, and the skb is done with at once.
 */
#define HVNET_TX_COPY			128

static_assert(HVNET_TX_COPY >= ETH_ZLEN);

/**
 * enum hvnet_tx_kind - what a buffer to transmit is
 * @HVNET_TX_COPIED: a whole frame, copied
 * @HVNET_TX_SINGLE: of an skb, the head
 * @HVNET_TX_PAGE: of an skb, a page
 * @HVNET_TX_XDP: of an XDP frame; this and what follows is for hvnet_xdp_clean()
 * @HVNET_TX_XSK: of an AF_XDP socket
 */
enum hvnet_tx_kind {
	HVNET_TX_COPIED,
	HVNET_TX_SINGLE,
	HVNET_TX_PAGE,
	HVNET_TX_XDP,
	HVNET_TX_XSK,
};

/**
 * struct hvnet_tx_buf - what a descriptor stands for
 * @skb: the frame, in its last descriptor only
 * @frame: the same of an XDP frame
 * @xsk: the same of a socket
 * @addr: bus address
 * @len: bytes to unmap; of a frame that was copied, those that the stack knows of
 * @kind: one of &enum hvnet_tx_kind
 * @timed: of an skb: it is to get a time stamp, in its last descriptor only
 */
struct hvnet_tx_buf {
	union {
		struct sk_buff *skb;
		struct xdp_frame *frame;
		struct hvnet_xsk *xsk;
	};
	dma_addr_t addr;
	u32 len;
	u8 kind;
	bool timed;
};

/**
 * struct hvnet_tx - a transmit queue
 * @ring: its ring
 * @bufs: one for each descriptor
 * @copies: HVNET_TX_COPY bytes for each descriptor, or NULL for want of memory
 * @copies_dma: bus address of @copies
 * @txq: the stack's side of it
 * @stats: counters, written under the transmit lock
 * @done: counters, written by NAPI
 * @xsk: the socket that transmits here, or NULL; changed while the queue is off
 * @prod: index after the last descriptor filled, under the transmit lock
 * @published: index that the adapter knows, under the transmit lock; NAPI reads it
 * @rung: value of kick that the doorbell was rung for, under the transmit lock
 * @cons: index after the last descriptor reclaimed, written by NAPI; the transmit path reads it
 */
struct hvnet_tx {
	struct hvnet_ring ring;
	struct hvnet_tx_buf *bufs;
	u8 *copies;
	dma_addr_t copies_dma;
	struct netdev_queue *txq;
	struct hvnet_tx_stats *stats;
	struct hvnet_done_stats *done;
	struct hvnet_xsk *xsk;
	u32 prod ____cacheline_aligned;
	u32 published;
	__le32 rung;
	u32 cons ____cacheline_aligned;
};

int hvnet_tx_alloc(struct hvnet_tx *tx, struct hvnet_dev *dev, unsigned int pair, u32 size);
void hvnet_tx_free(struct hvnet_tx *tx);
void hvnet_tx_reset(struct hvnet_tx *tx);
netdev_tx_t hvnet_tx_xmit(struct hvnet_tx *tx, struct sk_buff *skb);
void hvnet_tx_flush(struct hvnet_tx *tx);
void hvnet_tx_clean(struct hvnet_tx *tx, int budget);

static inline u32 hvnet_tx_room(const struct hvnet_tx *tx)
{
	return tx->ring.size - (tx->prod - READ_ONCE(tx->cons));
}

static inline bool hvnet_tx_pending(const struct hvnet_tx *tx)
{
	return hvnet_ring_pending(&tx->ring, READ_ONCE(tx->cons));
}

#endif
