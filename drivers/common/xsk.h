/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AF_XDP without copies: the adapter moves frames to and from the memory of a socket.
 *
 * A queue pair with a socket transmits its frames along with the stack's.  While a program is
 * attached as well, the receive queue's buffers are the socket's.  Both begin and end with the pair
 * itself: hvnet_pair_start() and hvnet_pair_reset().
 */
#ifndef HVNET_XSK_H
#define HVNET_XSK_H

#include <net/xdp.h>

#include "rx.h"
#include "tx.h"

struct hvnet_pair;
struct xsk_buff_pool;

/**
 * struct hvnet_xsk - the memory of a socket, or of several that share it, for a queue pair
 * @pool: the kernel's side of it
 * @frame_size: bytes of the longest frame in one of its buffers
 * @rxq: what programs are told of the queue; the pool refers to it as long as it is ours
 */
struct hvnet_xsk {
	struct xsk_buff_pool *pool;
	u32 frame_size;
	struct xdp_rxq_info rxq;
};

int hvnet_xsk_setup(struct hvnet_dev *dev, struct xsk_buff_pool *pool, u16 queue);
u32 hvnet_xsk_limit(const struct hvnet_dev *dev, unsigned int queue);
void hvnet_xsk_start(struct hvnet_pair *pair);
void hvnet_xsk_end(struct hvnet_pair *pair);
void hvnet_xsk_fill(struct hvnet_rx *rx);
void hvnet_xsk_take_back(struct hvnet_rx *rx);
struct sk_buff *hvnet_xsk_build_skb(struct hvnet_rx *rx, struct xdp_buff *xdp);
int hvnet_xsk_poll(struct hvnet_rx *rx, int budget);
bool hvnet_xsk_transmit(struct hvnet_tx *tx);
void hvnet_xsk_completed(struct hvnet_tx *tx, u32 num);

#endif
