/* SPDX-License-Identifier: GPL-2.0 */
/* A receive queue. */
#ifndef HVNET_RX_H
#define HVNET_RX_H

#include <linux/if_ether.h>
#include <net/xdp.h>

#include "ring.h"

struct hvnet_xsk;
struct page_pool;

/**
 * struct hvnet_rx_buf - a buffer given to the adapter
 * @page: a page of the pool, of which it is a fragment
 * @xdp: a buffer of an AF_XDP socket
 * @offset: where in the page
 */
struct hvnet_rx_buf {
	union {
		struct page *page;
		struct xdp_buff *xdp;
	};
	u32 offset;
};

/**
 * struct hvnet_xdp_buff - a frame as programs get it
 * @xdp: the frame; programs have its address
 * @cmpl: its first completion
 * @time: when it was received, or 0
 */
struct hvnet_xdp_buff {
	struct xdp_buff xdp;
	struct hvnet_rx_cmpl cmpl;
	ktime_t time;
};

static_assert(offsetof(struct hvnet_xdp_buff, xdp) == 0);

/**
 * struct hvnet_rx_work - what one poll did, for the counters
 * @count: by &enum hvnet_rx_stat
 */
struct hvnet_rx_work {
	u64 count[HVNET_RX_NUM_STATS];
};

/**
 * struct hvnet_rx - a receive queue; all but its memory is NAPI's
 * @ring: its ring
 * @bufs: one for each descriptor
 * @pool: where pages come from
 * @napi: the queue pair's
 * @stats: counters
 * @buf_size: bytes of a buffer, with what the stack needs around the data
 * @headroom: bytes before the data
 * @data_size: bytes of the data
 * @short_skbs: while it is polled: short frames that go to the stack together
 * @half: page of which the second half is the next buffer, or NULL
 * @xdp: buffers are for programs, and frames go to hvnet_xdp_poll()
 * @skb: frame whose last buffer has not come yet
 * @first: its first completion
 * @skip: drop buffers up to the end of the frame
 * @prod: index after the last buffer given
 * @cons: index of the next completion
 * @xsk: with @xdp: the socket whose buffers these are, or NULL
 * @xdp_stats: with @xdp: counters
 * @frame: with @xdp: frame whose last buffer has not come yet, or its data is NULL
 * @rxq: with @xdp: what programs are told of the queue
 */
struct hvnet_rx {
	struct hvnet_ring ring;
	struct hvnet_rx_buf *bufs;
	struct page_pool *pool;
	struct napi_struct *napi;
	struct hvnet_rx_stats *stats;
	u32 buf_size;
	u32 headroom;
	u32 data_size;
	struct list_head short_skbs;
	struct page *half;
	bool xdp;
	struct sk_buff *skb;
	struct hvnet_rx_cmpl first;
	bool skip;
	u32 prod;
	u32 cons;
	struct hvnet_xsk *xsk;
	struct hvnet_xdp_stats *xdp_stats;
	struct hvnet_xdp_buff frame;
	struct xdp_rxq_info rxq;
};

u32 hvnet_rx_buf_size(u16 features, bool xdp);
int hvnet_rx_alloc(struct hvnet_rx *rx, struct hvnet_dev *dev, unsigned int pair,
		   const struct hvnet_config *config, struct napi_struct *napi);
void hvnet_rx_free(struct hvnet_rx *rx);
void hvnet_rx_reset(struct hvnet_rx *rx);
bool hvnet_rx_fill(struct hvnet_rx *rx);
void hvnet_rx_deliver(struct hvnet_rx *rx, struct sk_buff *skb, const struct hvnet_rx_cmpl *first,
		      struct hvnet_rx_work *work);
int hvnet_rx_finish(struct hvnet_rx *rx, u32 cons, int frames, int budget);
void hvnet_rx_count(struct hvnet_rx *rx, const struct hvnet_rx_work *work);
int hvnet_rx_poll(struct hvnet_rx *rx, int budget);

/* With fewer buffers than this the ring is running dry. */
static inline u32 hvnet_rx_low(const struct hvnet_rx *rx)
{
	return rx->ring.size / 4;
}

/*
 * The length must lie within the buffer, and the Ethernet header in the first; the adapter is not
 * trusted to know.
 */
static inline bool hvnet_rx_length_ok(const struct hvnet_rx *rx, u16 len, bool first)
{
	return len <= rx->data_size && len >= (first ? ETH_HLEN : 1);
}

static inline bool hvnet_rx_pending(const struct hvnet_rx *rx)
{
	return hvnet_ring_pending(&rx->ring, READ_ONCE(rx->cons));
}

#endif
