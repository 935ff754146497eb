// SPDX-License-Identifier: GPL-2.0
/*
 * Receive: frames into the memory of a function's driver.
 *
 * Successive frames of a batch mostly go to the same queue, so its lock is kept and its
 * completions are published when another queue's turn comes, another engine waits for the queue and
 * has waited enough, or the batch ends.
 */
#include <linux/etherdevice.h>

#include "adapter.h"
#include "batch.h"
#include "engine.h"
#include "function.h"
#include "policy.h"
#include "queue.h"
#include "receive.h"

/* Publish what was delivered; note the interrupt if the driver wants one. */
static void publish(struct hvnet_batch *batch, struct hvnet_rxq *rxq)
{
	struct hvnet_ring_ctl *ctl = hvnet_ring_ctl(rxq->fn, &rxq->ring);
	bool wanted;

	rxq->done = 0;
	if (!ctl) {
		hvnet_queue_error(rxq->fn, rxq->index, &rxq->state, HVNET_QERR_DMA);
		return;
	}
	wanted = hvnet_ring_publish(&rxq->ring, ctl);
	if (wanted)
		hvnet_engine_expect(&rxq->fn->txq[rxq->index / 2]);
	if (!hvnet_moderator_due(&rxq->moderator, wanted, rxq->ring.cons, rxq->packets))
		return;
	/* If another batch is to raise it, then after it has seen what is published here. */
	if (!test_and_set_bit(HVNET_RXQ_RAISING, &rxq->flags)) {
		rxq->raise_next = batch->raise;
		batch->raise = rxq;
	}
}

/**
 * hvnet_receive_release() - publish to and unlock the queue that the batch holds
 * @batch: in its section
 */
void hvnet_receive_release(struct hvnet_batch *batch)
{
	struct hvnet_rxq *rxq = batch->rxq;

	if (!rxq)
		return;
	if (rxq->done && rxq->state == HVNET_QUEUE_ON)
		publish(batch, rxq);
	__acquire(&rxq->lock); /* for sparse: taken by take() */
	spin_unlock(&rxq->lock);
	batch->rxq = NULL;
}

/* Others have the queue, for a turn each: then there is one left for this batch, or none. */
static void wait_for_turn(struct hvnet_batch *batch, struct hvnet_rxq *rxq)
	__acquires(&rxq->lock)
{
	atomic_inc(&rxq->waiting);
	spin_lock(&rxq->lock);
	atomic_dec(&rxq->waiting);
	batch->spent = max(batch->spent + HVNET_BATCH_TURN, HVNET_BATCH_MAX - HVNET_BATCH_TURN);
}

/*
 * Who waits is counted: locks tell it on some machines only, and not all let those in first who
 * came first.  So who comes while others wait is charged as they are.
 */
static void take(struct hvnet_batch *batch, struct hvnet_rxq *rxq)
{
	hvnet_receive_release(batch);
	if (unlikely(atomic_read(&rxq->waiting)))
		wait_for_turn(batch, rxq);
	else if (unlikely(!spin_trylock(&rxq->lock)))
		wait_for_turn(batch, rxq);
	__release(&rxq->lock); /* for sparse: kept until hvnet_receive_release() */
	batch->rxq = rxq;
	/* What the frame in hand costs is in @spent. */
	batch->turn_end = batch->spent - hvnet_batch_cost(batch) + HVNET_BATCH_TURN;
	/* Nothing known of what the driver published: look when the first frame needs a buffer. */
	batch->prod = rxq->ring.cons;
}

/* Is there a buffer at @index?  0: no; negative: &enum hvnet_queue_error. */
static int have_buffer(struct hvnet_batch *batch, struct hvnet_rxq *rxq, u32 index)
{
	struct hvnet_ring_ctl *ctl;
	u32 fill;

	if (likely(index != batch->prod))
		return 1;
	ctl = hvnet_ring_ctl(rxq->fn, &rxq->ring);
	if (!ctl)
		return -HVNET_QERR_DMA;
	/* Descriptors are read after the index that covers them. */
	batch->prod = le32_to_cpu(smp_load_acquire(&ctl->prod));
	if (!hvnet_ring_fill(batch->prod, rxq->ring.cons, rxq->ring.cfg.size, &fill)) {
		batch->prod = rxq->ring.cons;
		return -HVNET_QERR_INDEX;
	}
	/* A driver may also have taken back what it had published: then @index lies beyond. */
	return index - rxq->ring.cons < fill;
}

/**
 * struct buffer - a buffer that the driver posted
 * @addr: bus address
 * @len: bytes of it to be used
 */
struct buffer {
	u64 addr;
	u32 len;
};

/* Take the buffer at @index for up to @want bytes.  1, or as have_buffer(). */
static int take_buffer(struct hvnet_batch *batch, struct hvnet_rxq *rxq, u32 index, u32 want,
		       struct buffer *buf)
{
	struct hvnet_rx_desc *desc;
	u32 room;
	int ret;

	ret = have_buffer(batch, rxq, index);
	if (unlikely(ret <= 0))
		return ret;
	desc = hvnet_ring_desc(rxq->fn, &rxq->ring, index);
	if (!desc)
		return -HVNET_QERR_DMA;
	buf->addr = le64_to_cpu(READ_ONCE(desc->addr));
	room = le32_to_cpu(READ_ONCE(desc->len));
	if (!hvnet_rx_desc_ok(room))
		return -HVNET_QERR_LENGTH;
	buf->len = min(room, want);
	return 1;
}

/* Copy what comes next behind the head. */
static int put_rest(struct hvnet_rxq *rxq, struct hvnet_parcel *parcel, u64 addr, u32 len)
{
	while (len) {
		u32 n = min_t(u32, len, PAGE_SIZE - offset_in_page(addr));
		void *to = hvnet_dma_addr(rxq->fn, &rxq->ring.buf_tlb, addr, IOMMU_WRITE);

		if (!to)
			return -HVNET_QERR_DMA;
		hvnet_frame_copy(&parcel->reader, parcel->sum, to, n);
		addr += n;
		len -= n;
	}
	return 0;
}

static int put_head(struct hvnet_rxq *rxq, struct hvnet_parcel *parcel, u64 addr)
{
	const u8 *head = hvnet_parcel_open(parcel);
	u32 len = hvnet_parcel_head_len(parcel);
	int err = 0;

	while (len) {
		u32 n = min_t(u32, len, PAGE_SIZE - offset_in_page(addr));
		void *to = hvnet_dma_addr(rxq->fn, &rxq->ring.buf_tlb, addr, IOMMU_WRITE);

		if (!to) {
			err = -HVNET_QERR_DMA;
			break;
		}
		hvnet_frame_copy_head(to, head, n);
		head += n;
		addr += n;
		len -= n;
	}
	hvnet_parcel_close(parcel);
	return err;
}

static int put_cmpl(struct hvnet_rxq *rxq, u32 index, const struct hvnet_rx_cmpl *cmpl)
{
	void *to = hvnet_ring_cmpl(rxq->fn, &rxq->ring, index);

	if (!to)
		return -HVNET_QERR_DMA;
	memcpy(to, cmpl, sizeof(*cmpl));
	return 0;
}

/* Tell when, if the driver wants to know: 0 or negative &enum hvnet_queue_error. */
static int put_time(struct hvnet_rxq *rxq, u32 index, struct hvnet_rx_cmpl *cmpl)
{
	__le64 *time;

	if (likely(!(rxq->settings.features & HVNET_RX_TIME)) || !rxq->ring.cfg.times)
		return 0;
	time = hvnet_ring_time(rxq->fn, &rxq->ring, index);
	if (!time)
		return -HVNET_QERR_DMA;
	WRITE_ONCE(*time, cpu_to_le64(hvnet_phc_now(&rxq->fn->adapter->phc)));
	cmpl->flags |= cpu_to_le16(HVNET_RXC_TIME);
	return 0;
}

/* Buffers after the first, for @left bytes; @index is moved on.  As have_buffer(). */
static int put_further(struct hvnet_batch *batch, struct hvnet_rxq *rxq, u32 *index, u32 left)
{
	struct hvnet_rx_cmpl cmpl = {};
	struct buffer buf;
	int ret;

	for (; left; left -= buf.len) {
		ret = take_buffer(batch, rxq, *index, left, &buf);
		if (ret <= 0)
			return ret;
		ret = put_rest(rxq, &batch->parcel, buf.addr, buf.len);
		if (ret)
			return ret;
		cmpl.len = cpu_to_le16(buf.len);
		cmpl.flags = cpu_to_le16(buf.len == left ? HVNET_RXC_EOP : 0);
		ret = put_cmpl(rxq, (*index)++, &cmpl);
		if (ret)
			return ret;
	}
	return 1;
}

/* Fill buffers with the parcel in hand.  As have_buffer(). */
static int put_parcel(struct hvnet_batch *batch, struct hvnet_rxq *rxq, u32 *index, u16 src_vport)
{
	struct hvnet_parcel *parcel = &batch->parcel;
	u32 head_len = hvnet_parcel_head_len(parcel);
	u32 len = hvnet_parcel_len(parcel);
	u32 at = (*index)++;
	struct hvnet_rx_cmpl cmpl;
	struct buffer first;
	int ret;

	/* The head always fits: it and a tag are shorter than HVNET_RX_MIN_BUF. */
	ret = take_buffer(batch, rxq, at, len, &first);
	if (unlikely(ret <= 0))
		return ret;
	ret = put_rest(rxq, parcel, first.addr + head_len, first.len - head_len);
	if (unlikely(ret))
		return ret;
	if (unlikely(first.len != len)) {
		ret = put_further(batch, rxq, index, len - first.len);
		if (ret <= 0)
			return ret;
	}
	hvnet_parcel_end(parcel);
	ret = put_head(rxq, parcel, first.addr);
	if (unlikely(ret))
		return ret;

	cmpl.hash = parcel->flags & HVNET_RXC_HASH ? cpu_to_le32(batch->offload.hash.hash) : 0;
	cmpl.len = cpu_to_le16(first.len);
	cmpl.flags = cpu_to_le16(parcel->flags | (first.len == len ? HVNET_RXC_EOP : 0));
	cmpl.vlan_tci = cpu_to_le16(parcel->vlan_tci);
	cmpl.src_vport = cpu_to_le16(hvnet_fn_is_pf(rxq->fn) ? src_vport : HVNET_VPORT_NONE);
	cmpl.dst_vport = cpu_to_le16(rxq->fn->vport);
	cmpl.gso_size = cpu_to_le16(parcel->gso_size);
	return put_time(rxq, at, &cmpl) ?: put_cmpl(rxq, at, &cmpl) ?: 1;
}

static_assert(HVNET_TX_HEAD + VLAN_HLEN <= HVNET_RX_MIN_BUF);

static void count_group(struct hvnet_rxq *rxq, const struct hvnet_parcel *parcel)
{
	rxq->multicast += parcel->frames;
	if (is_broadcast_ether_addr(parcel->head))
		rxq->broadcast += parcel->frames;
}

/* Deliver the parcel in hand, or count why not. */
static void deliver_parcel(struct hvnet_batch *batch, struct hvnet_rxq *rxq, u16 src_vport)
{
	const struct hvnet_parcel *parcel = &batch->parcel;
	u32 index = rxq->ring.cons;
	int ret;

	if (unlikely(parcel->longest > rxq->settings.max_frame)) {
		rxq->oversize += parcel->frames;
		return;
	}
	ret = put_parcel(batch, rxq, &index, src_vport);
	if (likely(ret > 0)) {
		rxq->done += index - rxq->ring.cons;
		rxq->ring.cons = index;
		rxq->packets += parcel->frames;
		rxq->bytes += parcel->bytes;
		if (is_multicast_ether_addr(parcel->head))
			count_group(rxq, parcel);
		return;
	}
	if (!ret) {
		rxq->no_buffer += parcel->frames;
		return;
	}
	rxq->error += parcel->frames;
	/* What was delivered before is the driver's. */
	if (rxq->done)
		publish(batch, rxq);
	hvnet_queue_error(rxq->fn, rxq->index, &rxq->state, -ret);
}

/*
 * Deliver a short frame in one go if the queue is as most are: a buffer is known to be there, and
 * all is where it was looked up before.  Of all else, and whatever is wrong, deliver_parcel() has
 * the say.
 */
static __always_inline bool deliver_short(struct hvnet_batch *batch, struct hvnet_rxq *rxq,
					  u16 src_vport)
{
	const struct hvnet_frame *frame = &batch->frame;
	struct hvnet_ring *ring = &rxq->ring;
	struct hvnet_fn *fn = rxq->fn;
	u64 addr, gen = hvnet_dma_generation(fn);
	const struct hvnet_rx_desc *desc;
	u32 index = ring->cons, len = frame->len;
	struct hvnet_rx_cmpl *cmpl;
	u16 flags;
	void *to;

	if (index == batch->prod || len > rxq->settings.max_frame ||
	    rxq->settings.features & HVNET_RX_TIME)
		return false;
	desc = hvnet_dma_cached(&ring->desc_tlb, gen, hvnet_ring_desc_addr(ring, index));
	cmpl = hvnet_dma_cached(&ring->cmpl_tlb, gen, hvnet_ring_cmpl_addr(ring, index));
	if (!desc || !cmpl || !hvnet_rx_desc_ok(le32_to_cpu(READ_ONCE(desc->len))))
		return false;
	addr = le64_to_cpu(READ_ONCE(desc->addr));
	to = hvnet_dma_cached(&ring->buf_tlb, gen, addr);
	if (!to || offset_in_page(addr) + len > PAGE_SIZE)
		return false;

	flags = hvnet_offload_head(&batch->offload, frame, &rxq->settings);
	hvnet_frame_copy_head(to, frame->head, len);
	*cmpl = (struct hvnet_rx_cmpl){
		.hash = flags & HVNET_RXC_HASH ? cpu_to_le32(batch->offload.hash.hash) : 0,
		.len = cpu_to_le16(len),
		.flags = cpu_to_le16(flags | HVNET_RXC_EOP),
		.src_vport = cpu_to_le16(hvnet_fn_is_pf(fn) ? src_vport : HVNET_VPORT_NONE),
		.dst_vport = cpu_to_le16(fn->vport),
	};
	ring->cons++;
	rxq->done++;
	rxq->packets++;
	rxq->bytes += len;
	if (is_multicast_ether_addr(frame->head)) {
		rxq->multicast++;
		rxq->broadcast += is_broadcast_ether_addr(frame->head);
	}
	return true;
}

/* A packet to segment: as it is if the driver takes that, else one segment after the other. */
static void deliver_packet(struct hvnet_batch *batch, struct hvnet_rxq *rxq, u16 src_vport)
{
	struct hvnet_offload *offload = &batch->offload;
	u32 i;

	if (rxq->settings.features & HVNET_RX_GRO) {
		hvnet_parcel_whole(&batch->parcel, offload, &batch->frame, &rxq->settings);
		deliver_parcel(batch, rxq, src_vport);
		return;
	}
	for (i = 0; i < offload->segments; i++) {
		if (unlikely(rxq->state != HVNET_QUEUE_ON)) {
			rxq->error += offload->segments - i;
			return;
		}
		hvnet_parcel_segment(&batch->parcel, offload, &batch->frame, i, &rxq->settings);
		deliver_parcel(batch, rxq, src_vport);
	}
}

static __always_inline void deliver(struct hvnet_batch *batch, struct hvnet_rxq *rxq,
				    u16 src_vport)
{
	if (batch->is_short && likely(deliver_short(batch, rxq, src_vport)))
		return;
	if (unlikely(batch->offload.segments)) {
		deliver_packet(batch, rxq, src_vport);
		return;
	}
	hvnet_parcel_frame(&batch->parcel, &batch->offload, &batch->frame, &rxq->settings);
	deliver_parcel(batch, rxq, src_vport);
}

/* The receive queue of the function by the frame's flow, if its driver said how. */
static struct hvnet_rxq *spread(struct hvnet_batch *batch, struct hvnet_rxq *rxq,
				const struct hvnet_rss *rss)
{
	if (likely(!rss))
		return rxq;
	hvnet_offload_hash(&batch->offload, &batch->frame, rss);
	return rxq + batch->offload.hash.pair;
}

static void count_steer_drop(const struct hvnet_batch *batch, struct hvnet_fn *fn)
{
	atomic64_add(hvnet_offload_frames(&batch->offload), &fn->rx_steer_drop);
}

/*
 * May a rule of the PF's send the frame in hand to a VF?  Not what the PF sends to itself, of which
 * the NIC switch knows nothing, and no unicast that it gets for being promiscuous: who looks at
 * what passes must not change who gets it.
 */
static bool may_redirect(const struct hvnet_batch *batch, u16 src_vport)
{
	if (src_vport == HVNET_VPORT_PF)
		return false;
	return batch->verdict.unicast == HVNET_VPORT_PF ||
	       is_multicast_ether_addr(batch->frame.head);
}

/*
 * To a VF instead of the PF, as a rule of the PF's says.  From there it goes no further: a VF's
 * rules cannot name another function, see check_vport() in steer/table.c.
 */
static void redirect(struct hvnet_batch *batch, struct hvnet_fn *pf,
		     const struct hvnet_steer_rule *rule, u16 src_vport)
{
	struct hvnet_adapter *adapter = batch->adapter;
	u16 vlan = hvnet_tag_vlan(batch->frame.tag);
	u32 port = hvnet_switch_port_for(&adapter->nic_switch, rule->target, vlan);

	/* There was room for such a VF when the rule was made; now it may not be there. */
	if (rule->target >= HVNET_VPORT_VF(READ_ONCE(adapter->num_vfs)) ||
	    rule->target == src_vport || rule->target == batch->verdict.pruned ||
	    !hvnet_port_has_vlan(port, vlan)) {
		count_steer_drop(batch, pf);
		return;
	}
	/* It gets a copy anyway. */
	if (hvnet_port_receives(port, vlan) &&
	    hvnet_verdict_has_copy(&batch->verdict, rule->target))
		return;
	hvnet_policy_deliver(batch, &adapter->fn[rule->target], port, src_vport, rule->queue);
}

/* The same if it has steering rules; NULL if one drops the frame, or sent it elsewhere. */
static noinline struct hvnet_rxq *steer(struct hvnet_batch *batch, struct hvnet_fn *fn,
					struct hvnet_rxq *rxq, const struct hvnet_rss *rss,
					const struct hvnet_steer *rules, u16 src_vport)
{
	const struct hvnet_steer_rule *rule;

	/* There are contexts, and no rules. */
	if (!rules->num_masks)
		return spread(batch, rxq, rss);
	batch->spent += rules->num_masks * HVNET_BATCH_MASK;
	rule = hvnet_offload_steer(&batch->offload, &batch->frame, rules);
	if (!rule)
		return spread(batch, rxq, rss);
	switch (rule->action) {
	case HVNET_STEER_QUEUE:
		/* The driver wants to know the hash all the same. */
		spread(batch, rxq, rss);
		return rxq + rule->target;
	case HVNET_STEER_CONTEXT:
		return spread(batch, rxq, rule->target ? rules->context[rule->target] : rss);
	case HVNET_STEER_VPORT:
		if (!may_redirect(batch, src_vport))
			return spread(batch, rxq, rss);
		redirect(batch, fn, rule, src_vport);
		return NULL;
	default:
		count_steer_drop(batch, fn);
		return NULL;
	}
}

/* The receive queue of @fn that the frame in hand goes to, or NULL if it goes to none. */
static struct hvnet_rxq *choose_queue(struct hvnet_batch *batch, struct hvnet_fn *fn,
				      struct hvnet_rxq *rxq, u16 src_vport)
{
	const struct hvnet_steer *rules = rcu_dereference(fn->steer);
	const struct hvnet_rss *rss = rcu_dereference(fn->rss);

	batch->offload.hash.flags = 0;
	if (unlikely(rules))
		return steer(batch, fn, rxq, rss, rules, src_vport);
	return spread(batch, rxq, rss);
}

/* May the function receive, and from this sender? */
static bool listens(const struct hvnet_fn *fn, u16 src_vport)
{
	if (unlikely(READ_ONCE(fn->loopback)) && src_vport != fn->vport)
		return false;
	return READ_ONCE(fn->can_dma);
}

/* To a queue that there is. */
static __always_inline void receive_on(struct hvnet_batch *batch, struct hvnet_fn *fn,
				       struct hvnet_rxq *rxq, u16 src_vport)
{
	if (batch->rxq != rxq)
		take(batch, rxq);
	if (likely(rxq->state == HVNET_QUEUE_ON && listens(fn, src_vport)))
		deliver(batch, rxq, src_vport);
	else if (rxq->state == HVNET_QUEUE_ERROR)
		rxq->error += hvnet_offload_frames(&batch->offload);
	else
		rxq->off += hvnet_offload_frames(&batch->offload);
	if (unlikely(batch->spent >= batch->turn_end) && atomic_read(&rxq->waiting))
		hvnet_receive_release(batch);
}

/**
 * hvnet_receive() - deliver the frame in hand to a function
 * @batch: in its section, with the frame
 * @fn: receiver
 * @src_vport: who sent it
 *
 * A frame that cannot be delivered is counted and dropped, as on hardware.
 */
void hvnet_receive(struct hvnet_batch *batch, struct hvnet_fn *fn, u16 src_vport)
{
	/* Pairs with alloc_queues(). */
	struct hvnet_rxq *rxq = smp_load_acquire(&fn->rxq);

	if (unlikely(!rxq)) {
		atomic64_add(hvnet_offload_frames(&batch->offload), &fn->rx_off);
		return;
	}
	rxq = choose_queue(batch, fn, rxq, src_vport);
	if (likely(rxq))
		receive_on(batch, fn, rxq, src_vport);
}

/**
 * hvnet_receive_on() - deliver the frame in hand to a queue of a function, whatever its rules
 * @batch: in its section, with the frame
 * @fn: receiver
 * @src_vport: who sent it
 * @queue: queue pair that an adapter's functions have
 */
void hvnet_receive_on(struct hvnet_batch *batch, struct hvnet_fn *fn, u16 src_vport, u16 queue)
{
	/* Pairs with alloc_queues(). */
	struct hvnet_rxq *rxq = smp_load_acquire(&fn->rxq);

	if (!rxq) {
		atomic64_add(hvnet_offload_frames(&batch->offload), &fn->rx_off);
		return;
	}
	/* The driver wants to know the hash all the same. */
	batch->offload.hash.flags = 0;
	spread(batch, rxq, rcu_dereference(fn->rss));
	receive_on(batch, fn, rxq + queue, src_vport);
}
