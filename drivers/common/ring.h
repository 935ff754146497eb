/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A ring as the driver has it: memory shared with the adapter, and its queue context.
 *
 * The adapter is a processor of its own even when the kernel runs on a single one, and never
 * trusted more than its interface says: barriers here are those for devices, not smp_*(), and each
 * word that the adapter writes is read once.
 */
#ifndef HVNET_RING_H
#define HVNET_RING_H

#include <hvnet/common.h>

/**
 * struct hvnet_ring - a ring
 * @dev: the function
 * @ctl: control block
 * @tx_desc: descriptors of a transmit ring
 * @rx_desc: descriptors of a receive ring
 * @desc: either
 * @cmpl: completions of a receive ring
 * @times: time stamps, one for each descriptor, if the adapter has them
 * @ctl_dma: bus address of @ctl
 * @desc_dma: bus address of @desc
 * @cmpl_dma: bus address of @cmpl
 * @times_dma: bus address of @times
 * @size: number of descriptors, a power of two
 * @queue: number of the queue
 * @broken: the adapter completed what it was not given: wait for the queue pair's reset
 * @arm: our copy of the control block's; several processors may arm at once
 */
struct hvnet_ring {
	struct hvnet_dev *dev;
	struct hvnet_ring_ctl *ctl;
	union {
		struct hvnet_tx_desc *tx_desc;
		struct hvnet_rx_desc *rx_desc;
		void *desc;
	};
	struct hvnet_rx_cmpl *cmpl;
	__le64 *times;
	dma_addr_t ctl_dma;
	dma_addr_t desc_dma;
	dma_addr_t cmpl_dma;
	dma_addr_t times_dma;
	u32 size;
	u16 queue;
	bool broken;
	atomic_t arm;
};

static inline u32 hvnet_ring_slot(const struct hvnet_ring *ring, u32 index)
{
	return index & (ring->size - 1);
}

/* The adapter's index.  What it wrote before it is read after it. */
static inline u32 hvnet_ring_cons(const struct hvnet_ring *ring)
{
	u32 cons = le32_to_cpu(READ_ONCE(ring->ctl->cons));

	dma_rmb();	/* the index before completions, and before our notes on the buffers */
	return cons;
}

static inline bool hvnet_ring_pending(const struct hvnet_ring *ring, u32 cons)
{
	return hvnet_ring_cons(ring) != cons && !READ_ONCE(ring->broken);
}

static inline void hvnet_ring_publish(struct hvnet_ring *ring, u32 prod)
{
	dma_wmb();	/* the descriptors before the index */
	WRITE_ONCE(ring->ctl->prod, cpu_to_le32(prod));
}

int hvnet_ring_alloc(struct hvnet_ring *ring, struct hvnet_dev *dev, u16 queue, u32 size);
void hvnet_ring_free(struct hvnet_ring *ring);
void hvnet_ring_reset(struct hvnet_ring *ring);
int hvnet_ring_enable(struct hvnet_ring *ring, unsigned int vector);
int hvnet_ring_disable(struct hvnet_ring *ring);
enum hvnet_queue_state hvnet_ring_state(struct hvnet_ring *ring);
void hvnet_ring_read_ctx(const struct hvnet_ring *ring, struct hvnet_queue_ctx *ctx);
void hvnet_ring_report(struct hvnet_ring *ring);
bool hvnet_ring_done(struct hvnet_ring *ring, u32 cons, const u32 *prod, u32 *end);
void hvnet_ring_arm(struct hvnet_ring *ring);

#endif
