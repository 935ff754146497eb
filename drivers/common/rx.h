/* SPDX-License-Identifier: GPL-2.0 */
/* A receive queue. */
#ifndef HVNET_RX_H
#define HVNET_RX_H

#include "ring.h"

struct page_pool;

/**
 * struct hvnet_rx_buf - a buffer given to the adapter
 * @page: a page of the pool, of which it is a fragment
 * @offset: where in the page
 */
struct hvnet_rx_buf {
	struct page *page;
	u32 offset;
};

/**
 * struct hvnet_rx - a receive queue; all but its memory is NAPI's
 * @ring: its ring
 * @bufs: one for each descriptor
 * @pool: where pages come from
 * @napi: the queue pair's
 * @stats: counters
 * @buf_size: bytes of a buffer, with what the stack needs around the data
 * @skb: frame whose last buffer has not come yet
 * @first: its first completion
 * @skip: drop buffers up to the end of the frame
 * @prod: index after the last buffer given
 * @cons: index of the next completion
 */
struct hvnet_rx {
	struct hvnet_ring ring;
	struct hvnet_rx_buf *bufs;
	struct page_pool *pool;
	struct napi_struct *napi;
	struct hvnet_rx_stats *stats;
	u32 buf_size;
	struct sk_buff *skb;
	struct hvnet_rx_cmpl first;
	bool skip;
	u32 prod;
	u32 cons;
};

u32 hvnet_rx_buf_size(u16 features);
int hvnet_rx_alloc(struct hvnet_rx *rx, struct hvnet_dev *dev, unsigned int pair,
		   const struct hvnet_config *config, struct napi_struct *napi);
void hvnet_rx_free(struct hvnet_rx *rx);
void hvnet_rx_reset(struct hvnet_rx *rx);
bool hvnet_rx_fill(struct hvnet_rx *rx);
int hvnet_rx_poll(struct hvnet_rx *rx, int budget);

static inline bool hvnet_rx_pending(const struct hvnet_rx *rx)
{
	return hvnet_ring_pending(&rx->ring, READ_ONCE(rx->cons));
}

#endif
