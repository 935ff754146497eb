// SPDX-License-Identifier: GPL-2.0
/* AF_XDP frames in a transmit queue, which they share with the stack's. */
#include <net/netdev_queues.h>
#include <net/xdp_sock_drv.h>

#include "stats.h"
#include "tx.h"
#include "xsk.h"

/* Frames of one poll. */
#define HVNET_XSK_TX_BATCH		64

/*
 * The adapter stops a queue for a frame without an Ethernet header.  Such a frame gets zeroes
 * behind it, of which there are some in the control block.
 */
static_assert(sizeof_field(struct hvnet_ring_ctl, pad0) >= ETH_HLEN);

static void hvnet_xsk_put_desc(struct hvnet_tx *tx, dma_addr_t addr, u32 len, u16 flags)
{
	u32 slot = hvnet_ring_slot(&tx->ring, tx->prod++);

	tx->bufs[slot] = (struct hvnet_tx_buf){
		.xsk = flags & HVNET_TXD_EOP ? tx->xsk : NULL,
		.kind = HVNET_TX_XSK,
	};
	tx->ring.tx_desc[slot] = (struct hvnet_tx_desc){
		.addr = cpu_to_le64(addr),
		.len = cpu_to_le16(len),
		.flags = cpu_to_le16(flags),
	};
}

static void hvnet_xsk_put(struct hvnet_tx *tx, const struct xdp_desc *desc)
{
	struct xsk_buff_pool *pool = tx->xsk->pool;
	dma_addr_t addr = xsk_buff_raw_get_dma(pool, desc->addr);
	dma_addr_t zeroes = tx->ring.ctl_dma + offsetof(struct hvnet_ring_ctl, pad0);

	xsk_buff_raw_dma_sync_for_device(pool, addr, desc->len);
	if (likely(desc->len >= ETH_HLEN)) {
		hvnet_xsk_put_desc(tx, addr, desc->len, HVNET_TXD_EOP);
		return;
	}
	hvnet_xsk_put_desc(tx, addr, desc->len, 0);
	hvnet_xsk_put_desc(tx, zeroes, ETH_HLEN - desc->len, HVNET_TXD_EOP);
}

/* A frame takes two descriptors at the most. */
static u32 hvnet_xsk_room(const struct hvnet_tx *tx)
{
	u32 room = hvnet_tx_room(tx);

	if (netif_tx_queue_stopped(tx->txq) || room < HVNET_TX_STOP_ROOM)
		return 0;
	return min((room - HVNET_TX_STOP_ROOM) / 2, HVNET_XSK_TX_BATCH);
}

static void hvnet_xsk_send(struct hvnet_tx *tx, u32 num)
{
	const struct xdp_desc *descs = tx->xsk->pool->tx_descs;
	u64_stats_t *count = tx->stats->count;
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < num; i++) {
		hvnet_xsk_put(tx, &descs[i]);
		bytes += max_t(u32, descs[i].len, ETH_HLEN);
	}
	hvnet_tx_flush(tx);
	txq_trans_cond_update(tx->txq);

	u64_stats_update_begin(&tx->stats->sync);
	u64_stats_add(&count[HVNET_TX_STAT_PACKETS], num);
	u64_stats_add(&count[HVNET_TX_STAT_BYTES], bytes);
	u64_stats_add(&count[HVNET_TX_STAT_CSUM_NONE], num);
	u64_stats_add(&count[HVNET_TX_STAT_XSK_PACKETS], num);
	u64_stats_update_end(&tx->stats->sync);
}

/**
 * hvnet_xsk_transmit() - transmit what the socket has
 * @tx: the queue, with a socket
 *
 * Context: NAPI.
 *
 * Return: false if there may be more; if the ring is full, NAPI comes back by itself
 */
bool hvnet_xsk_transmit(struct hvnet_tx *tx)
{
	u32 room, num = 0;

	__netif_tx_lock(tx->txq, smp_processor_id());
	room = hvnet_xsk_room(tx);
	if (room)
		num = xsk_tx_peek_release_desc_batch(tx->xsk->pool, room);
	if (num)
		hvnet_xsk_send(tx, num);
	__netif_tx_unlock(tx->txq);
	return !num || num < room;
}

/**
 * hvnet_xsk_completed() - frames were transmitted, or dropped in a reset
 * @tx: the queue
 * @num: their number
 */
void hvnet_xsk_completed(struct hvnet_tx *tx, u32 num)
{
	xsk_tx_completed(tx->xsk->pool, num);
}
