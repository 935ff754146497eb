/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A batch: frames forwarded inside one DMA section, and what has to wait for the section's end.
 */
#ifndef HVNET_NIC_BATCH_H
#define HVNET_NIC_BATCH_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>

#include "dma.h"
#include "frame.h"
#include "offload.h"
#include "ring.h"
#include "switch/switch.h"

struct hvnet_adapter;
struct hvnet_fn;
struct hvnet_rxq;

/*
 * What a section may cost, for others wait for its end: bytes of frames, and for each receiver of
 * a replicated frame what it takes to find its ring, whether it has a buffer there or not, or to
 * see that it is in another VLAN; for each segment of a long packet what it takes to make its
 * headers and to find its buffer; for each mask of a receiver's rules what it takes to look it up.
 */
#define HVNET_BATCH_MAX		SZ_256K
#define HVNET_BATCH_COPY	SZ_2K
#define HVNET_BATCH_SKIP	SZ_64
#define HVNET_BATCH_SEGMENT	SZ_1K
#define HVNET_BATCH_MASK	SZ_1K

/*
 * How much of that a batch may spend on a receive queue for which others wait, and then the frame
 * in hand; and how much it has left after it had to wait itself: its engine's other queues waited,
 * too.
 */
#define HVNET_BATCH_TURN	SZ_16K

/**
 * struct hvnet_batch - frames forwarded together
 * @adapter: whose frames
 * @rxq: receive queue whose lock is held, kept from frame to frame; or NULL
 * @prod: how far its driver has published
 * @turn_end: when @spent is this or more, the lock is for those who wait
 * @spent: what the section has cost so far, up to HVNET_BATCH_MAX and a frame with one copy more,
 *	and a turn for each wait
 * @raise: receive queues whose interrupt is to be raised
 * @wire: skbs for the link partner
 * @request: the frame in hand, as its descriptors tell it
 * @frame: the frame in hand
 * @is_short: it is a head without a tag and nothing to segment; @request says nothing
 * @offload: what is done to it
 * @parcel: what its receiver in turn gets
 * @port: policy of the sender, who is that of all frames
 * @source: source address and VLAN that were last found to be the sender's
 * @flow: its hvnet_frame_flow(), or an earlier frame's, for which there is a verdict
 * @only: function that gets frames of @flow, and nobody else does; or NULL
 * @verdict: the NIC switch's on that flow, from this section; all frames have one sender
 */
struct hvnet_batch {
	struct hvnet_adapter *adapter;
	struct hvnet_rxq *rxq;
	u32 prod;
	u32 turn_end;
	u32 spent;
	struct hvnet_rxq *raise;
	struct list_head wire;
	struct hvnet_tx_frame request;
	struct hvnet_frame frame;
	bool is_short;
	struct hvnet_offload offload;
	struct hvnet_parcel parcel;
	u32 port;
	u64 source;
	u64 flow;
	struct hvnet_fn *only;
	struct hvnet_verdict verdict;
};

void hvnet_batch_init(struct hvnet_batch *batch, struct hvnet_adapter *adapter);
void hvnet_batch_end(struct hvnet_batch *batch);

/**
 * hvnet_batch_begin() - start the DMA section of a batch
 * @batch: empty
 *
 * Context: task or softirq; disables bottom halves until hvnet_batch_end().
 */
static inline void hvnet_batch_begin(struct hvnet_batch *batch)
{
	batch->spent = 0;
	batch->port = 0;
	batch->is_short = false;
	batch->source = HVNET_FRAME_NO_FLOW;
	batch->flow = HVNET_FRAME_NO_FLOW;
	hvnet_dma_enter();
	rcu_read_lock();
	__release(RCU); /* for sparse: until hvnet_batch_end() */
}

/* What the frame in hand costs, for each receiver. */
static inline u32 hvnet_batch_cost(const struct hvnet_batch *batch)
{
	return batch->frame.len + batch->offload.segments * HVNET_BATCH_SEGMENT;
}

#endif
