/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Queues of a function: how they are switched on and off, and what goes wrong with them.
 *
 * A queue's structure is made when the function first enables a queue and lives as long as the
 * adapter.  HVNET_QUEUE_OFF and _ON are set by the function's work; whoever finds a fault sets
 * _ERROR.  Of a transmit queue only its engine touches @ring in between, inside DMA sections;
 * of a receive queue whoever holds its lock, inside DMA sections.
 */
#ifndef HVNET_NIC_QUEUE_H
#define HVNET_NIC_QUEUE_H

#include <linux/llist.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/timerqueue.h>

#include <hvnet/abi/queue.h>

#include "dma.h"
#include "moderate.h"
#include "offload/settings.h"
#include "ring.h"
#include "switch/policy.h"

struct hvnet_engine;

/**
 * struct hvnet_ring - a ring as the adapter works on it
 * @cfg: where it is
 * @cons: index of the next descriptor to use
 * @fired: value of arm for which an interrupt was last raised
 * @desc_tlb: translation of descriptors
 * @cmpl_tlb: translation of completions
 * @ctl_tlb: translation of the control block
 * @buf_tlb: translation of buffers
 * @times_tlb: translation of time stamps
 */
struct hvnet_ring {
	struct hvnet_ring_config cfg;
	u32 cons;
	u32 fired;
	struct hvnet_tlb desc_tlb;
	struct hvnet_tlb cmpl_tlb;
	struct hvnet_tlb ctl_tlb;
	struct hvnet_tlb buf_tlb;
	struct hvnet_tlb times_tlb;
};

/* Bit of @flags: the queue is on the engine's lists. */
#define HVNET_TXQ_SCHEDULED	0

/**
 * struct hvnet_txq - a transmit queue
 * @fn: whose
 * @engine: thread that polls it
 * @index: queue number
 * @state: &enum hvnet_queue_state
 * @ring: the ring
 * @flags: HVNET_TXQ_SCHEDULED
 * @kicked: on the engine's list of queues that came to it
 * @active: on the engine's list of queues that it polls
 * @waiting: in the engine's line of queues that wait for their time
 * @grant: with a rate, bytes that it may send from @resume on; less than 0 if it sent more
 * @resume: time in ns
 * @generation: of the rate that @grant was given at
 * @copies: how far the first frame's copies have come, 0 at its start
 * @asleep: the driver was told to ring the doorbell
 * @kick: the number that it was last told so with
 * @sent: it has had frames since the engine put it on its list
 * @answers: it had the last time; read without a lock
 * @idle_since: time in ns at which the ring was first found empty, 0 if it was not
 * @moderator: when its interrupt is raised
 * @packets: frames taken
 * @bytes: their bytes
 * @multicast: of these, to a group address
 * @broadcast: of these, broadcast
 * @no_dest: frames that nobody received
 * @bad_offload: frames that were not what the driver said
 * @refused: frames that the vport may not send, by reason
 * @throttled: how often it had to wait because of the vport's rate
 */
struct hvnet_txq {
	struct hvnet_fn *fn;
	struct hvnet_engine *engine;
	u16 index;
	u32 state;
	struct hvnet_ring ring;

	unsigned long flags;
	struct llist_node kicked;
	struct list_head active;
	struct timerqueue_node waiting;
	s64 grant;
	u64 resume;
	u32 generation;
	u16 copies;
	bool asleep;
	u32 kick;
	bool sent;
	bool answers;
	u64 idle_since;
	struct hvnet_moderator moderator;

	u64 packets;
	u64 bytes;
	u64 multicast;
	u64 broadcast;
	u64 no_dest;
	u64 bad_offload;
	u64 refused[HVNET_NUM_REFUSALS];
	u64 throttled;
};

/* Bit of @flags: the queue is on a batch's list of interrupts to raise. */
#define HVNET_RXQ_RAISING	0

/**
 * struct hvnet_rxq - a receive queue
 * @fn: whose
 * @index: queue number
 * @lock: serialises those who deliver frames
 * @waiting: batches that wait for @lock
 * @state: &enum hvnet_queue_state
 * @ring: the ring
 * @settings: how frames are received
 * @done: completions written but not published
 * @flags: HVNET_RXQ_RAISING
 * @raise_next: next in that list
 * @moderator: when its interrupt is raised
 * @packets: frames delivered
 * @bytes: their bytes
 * @multicast: of these, to a group address
 * @broadcast: of these, broadcast
 * @no_buffer: frames lost because the driver had posted too few buffers
 * @off: frames lost because the queue or bus mastering was off
 * @error: frames lost because the queue is or went into the error state
 * @oversize: frames lost because they were longer than the driver wants
 */
struct hvnet_rxq {
	struct hvnet_fn *fn;
	u16 index;
	spinlock_t lock; /* serialises delivery */
	atomic_t waiting;
	u32 state;
	struct hvnet_ring ring;
	struct hvnet_rx_settings settings;
	u32 done;

	unsigned long flags;
	struct hvnet_rxq *raise_next;
	struct hvnet_moderator moderator;

	u64 packets;
	u64 bytes;
	u64 multicast;
	u64 broadcast;
	u64 no_buffer;
	u64 off;
	u64 error;
	u64 oversize;
};

/* The control block, to be read and written with READ_ONCE() and WRITE_ONCE(); NULL: DMA fault. */
static inline struct hvnet_ring_ctl *hvnet_ring_ctl(struct hvnet_fn *fn, struct hvnet_ring *ring)
{
	return hvnet_dma_addr(fn, &ring->ctl_tlb, ring->cfg.ctl, IOMMU_READ | IOMMU_WRITE);
}

/* Bus addresses of descriptor @index of the ring, and of its completion. */
static inline u64 hvnet_ring_desc_addr(const struct hvnet_ring *ring, u32 index)
{
	return ring->cfg.desc + (index & (ring->cfg.size - 1)) * sizeof(struct hvnet_tx_desc);
}

static inline u64 hvnet_ring_cmpl_addr(const struct hvnet_ring *ring, u32 index)
{
	return ring->cfg.cmpl + (index & (ring->cfg.size - 1)) * sizeof(struct hvnet_rx_cmpl);
}

/* Descriptor @index of the ring; NULL: DMA fault. */
static inline void *hvnet_ring_desc(struct hvnet_fn *fn, struct hvnet_ring *ring, u32 index)
{
	return hvnet_dma_addr(fn, &ring->desc_tlb, hvnet_ring_desc_addr(ring, index), IOMMU_READ);
}

/* Completion of descriptor @index; NULL: DMA fault. */
static inline void *hvnet_ring_cmpl(struct hvnet_fn *fn, struct hvnet_ring *ring, u32 index)
{
	return hvnet_dma_addr(fn, &ring->cmpl_tlb, hvnet_ring_cmpl_addr(ring, index), IOMMU_WRITE);
}

/* The time stamp of descriptor @index of a ring that has them; NULL: DMA fault. */
static inline __le64 *hvnet_ring_time(struct hvnet_fn *fn, struct hvnet_ring *ring, u32 index)
{
	u64 addr = ring->cfg.times + (index & (ring->cfg.size - 1)) * sizeof(__le64);

	return hvnet_dma_addr(fn, &ring->times_tlb, addr, IOMMU_WRITE);
}

/**
 * hvnet_ring_publish() - publish completions
 * @ring: the ring
 * @ctl: its control block
 *
 * Return: true if the driver wants an interrupt for it.
 */
static inline bool hvnet_ring_publish(struct hvnet_ring *ring, struct hvnet_ring_ctl *ctl)
{
	u32 arm;

	/* What was written to buffers and completions is seen by who sees the new index. */
	smp_store_release(&ctl->cons, cpu_to_le32(ring->cons));
	/*
	 * The index before arm: pairs with the driver's barrier between arming and its last
	 * look.
	 */
	smp_mb();
	arm = le32_to_cpu(READ_ONCE(ctl->arm));
	if (arm == ring->fired)
		return false;
	ring->fired = arm;
	return true;
}

enum hvnet_code hvnet_queue_enable(struct hvnet_fn *fn, unsigned int queue);
enum hvnet_code hvnet_queue_disable(struct hvnet_fn *fn, unsigned int queue);
enum hvnet_code hvnet_queue_set_rx(struct hvnet_fn *fn, unsigned int queue,
				   const struct hvnet_rx_settings *settings);
enum hvnet_code hvnet_queue_set_rss(struct hvnet_fn *fn, const struct hvnet_admin_rss *args);
enum hvnet_code hvnet_queue_moderate(struct hvnet_fn *fn, unsigned int queue, u32 usecs,
				     u32 frames);
void hvnet_queue_disable_all(struct hvnet_fn *fn);
void hvnet_queue_free(struct hvnet_fn *fn);
void hvnet_queue_error(struct hvnet_fn *fn, u16 queue, u32 *state, enum hvnet_queue_error error);
bool hvnet_queue_doorbell(struct hvnet_fn *fn, u32 queue);
void hvnet_queue_kick_all(struct hvnet_fn *fn);

#endif
