// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit: frames out of the memory of a function's driver.
 */
#include <linux/etherdevice.h>

#include "adapter.h"
#include "batch.h"
#include "forward.h"
#include "function.h"
#include "msix.h"
#include "policy.h"
#include "queue.h"
#include "transmit.h"

/* Frames that one queue may send before it is another's turn, within HVNET_BATCH_MAX. */
#define TX_BUDGET	64

static bool may_run(const struct hvnet_txq *txq)
{
	/* Pairs with the release in hvnet_queue_enable(): the ring is complete. */
	return smp_load_acquire(&txq->state) == HVNET_QUEUE_ON && READ_ONCE(txq->fn->can_dma);
}

static int map_buffer(struct hvnet_txq *txq, struct hvnet_frame *frame, u64 addr, u32 len)
{
	while (len) {
		u32 n = min_t(u32, len, PAGE_SIZE - offset_in_page(addr));
		void *from = hvnet_dma_addr(txq->fn, &txq->ring.buf_tlb, addr, IOMMU_READ);

		if (!from)
			return -HVNET_QERR_DMA;
		if (!hvnet_frame_add(frame, from, n))
			return -HVNET_QERR_CHAIN;
		addr += n;
		len -= n;
	}
	return 0;
}

/* Segments are made of headers, which are the head then, and of what follows. */
static void limit_head(struct hvnet_batch *batch)
{
	const struct hvnet_request *request = &batch->request.offload;

	if (request->flags & HVNET_TXD_GSO)
		batch->frame.head_max = min(request->hdr_len, HVNET_FRAME_HEAD);
}

/* Copy a descriptor, check it and map what it says.  As hvnet_tx_frame_add(). */
static int read_desc(struct hvnet_txq *txq, struct hvnet_batch *batch, u32 index)
{
	struct hvnet_tx_desc *there = hvnet_ring_desc(txq->fn, &txq->ring, index), desc;
	int ret, err;

	if (!there)
		return -HVNET_QERR_DMA;
	memcpy(&desc, there, sizeof(desc));
	/* The copy is checked, not what is there by then. */
	barrier();
	ret = hvnet_tx_frame_add(&batch->request, &desc, hvnet_fn_is_pf(txq->fn), HVNET_MAX_FRAME);
	if (ret < 0)
		return ret;
	if (unlikely(desc.flags & cpu_to_le16(HVNET_TXD_EXT))) {
		limit_head(batch);
		return ret;
	}
	err = map_buffer(txq, &batch->frame, le64_to_cpu(desc.addr), le16_to_cpu(desc.len));
	return err ?: ret;
}

/* 0 or negative &enum hvnet_queue_error. */
static int read_frame(struct hvnet_txq *txq, struct hvnet_batch *batch, u32 *index, u32 prod)
{
	int ret;

	hvnet_tx_frame_start(&batch->request);
	hvnet_frame_start(&batch->frame);
	do {
		/* A frame is published whole or not at all. */
		if (*index == prod)
			return -HVNET_QERR_CHAIN;
		ret = read_desc(txq, batch, (*index)++);
	} while (ret == HVNET_FRAME_MORE);
	return min(ret, 0);
}

/* A checksum to fill in is all that may be asked of a short frame; false if it cannot be. */
static bool read_short_csum(struct hvnet_batch *batch, const struct hvnet_tx_desc *there)
{
	struct hvnet_request *request = &batch->request.offload;

	request->flags = HVNET_TXD_CSUM;
	request->csum_start = le16_to_cpu(READ_ONCE(there->csum_start));
	request->csum_offset = READ_ONCE(there->csum_offset);
	return hvnet_request_ok(request, batch->frame.len, HVNET_MAX_FRAME) &&
	       hvnet_offload_request(&batch->offload, &batch->frame, request);
}

/*
 * Take the frame at @index in one go if it is one that most are: a single buffer in a page that was
 * looked up before, all of which goes into the head, without a tag.  Of all others, and whatever is
 * wrong, read_frame() has the say.
 */
static __always_inline bool read_short(struct hvnet_txq *txq, struct hvnet_batch *batch, u32 index)
{
	const struct hvnet_ring *ring = &txq->ring;
	u64 addr, gen = hvnet_dma_generation(txq->fn);
	const struct hvnet_tx_desc *desc;
	const void *from;
	u16 flags;
	u32 len;

	desc = hvnet_dma_cached(&ring->desc_tlb, gen, hvnet_ring_desc_addr(ring, index));
	if (!desc)
		return false;
	flags = le16_to_cpu(READ_ONCE(desc->flags));
	len = le16_to_cpu(READ_ONCE(desc->len));
	addr = le64_to_cpu(READ_ONCE(desc->addr));
	if ((flags & ~HVNET_TXD_CSUM) != HVNET_TXD_EOP || len < ETH_HLEN ||
	    len > HVNET_FRAME_HEAD || offset_in_page(addr) + len > PAGE_SIZE)
		return false;
	from = hvnet_dma_cached(&ring->buf_tlb, gen, addr);
	if (!from)
		return false;
	hvnet_frame_set_head(&batch->frame, from, len);
	/* The copy is looked at, not what is there by then. */
	barrier();
	if (hvnet_tag_has(batch->frame.head))
		return false;
	hvnet_offload_none(&batch->offload);
	return likely(!(flags & HVNET_TXD_CSUM)) || read_short_csum(batch, desc);
}

static void count_group(struct hvnet_txq *txq, const u8 *dst, u32 frames)
{
	txq->multicast += frames;
	if (is_broadcast_ether_addr(dst))
		txq->broadcast += frames;
}

/* @bytes is what the frame in hand was when it came. */
static void count(struct hvnet_txq *txq, const struct hvnet_batch *batch, u32 bytes)
{
	u32 frames = hvnet_offload_frames(&batch->offload);

	txq->packets += frames;
	txq->bytes += bytes;
	if (is_multicast_ether_addr(batch->frame.head))
		count_group(txq, batch->frame.head, frames);
}

/* The counter for the reason that the frame in hand may not pass to @dst_vport, or NULL. */
static u64 *find_fault(struct hvnet_txq *txq, struct hvnet_batch *batch, u16 dst_vport, bool good)
{
	enum hvnet_refusal refusal;

	if (unlikely(!good))
		return &txq->bad_offload;
	/* What a function sends to itself is nobody's concern. */
	if (likely(!batch->port) || dst_vport == txq->fn->vport)
		return NULL;
	refusal = hvnet_policy_admit(batch, txq->fn);
	return refusal == HVNET_REFUSAL_NONE ? NULL : &txq->refused[refusal];
}

/*
 * The frame in hand, whose last descriptor is at @index, is being sent, unless it is not @good.  0
 * or negative &enum hvnet_queue_error.
 */
static int put_time(struct hvnet_txq *txq, u32 index, bool good)
{
	__le64 *time;

	if (!txq->ring.cfg.times)
		return -HVNET_QERR_FLAGS;
	/* It was sent in another section, and this one makes more copies. */
	if (txq->copies)
		return 0;
	time = hvnet_ring_time(txq->fn, &txq->ring, index);
	if (!time)
		return -HVNET_QERR_DMA;
	WRITE_ONCE(*time, cpu_to_le64(good ? hvnet_phc_now(&txq->fn->adapter->phc) : 0));
	return 0;
}

static_assert(HVNET_FRAME_HEAD <= HVNET_SWITCH_MIN_MTU, "short frames are short enough");

/* Is a frame in hand that begins now free to go? */
static bool may_be_short(const struct hvnet_txq *txq, const struct hvnet_batch *batch)
{
	return !(batch->port & ~HVNET_PORT_LIMITED) && !txq->copies &&
	       !READ_ONCE(txq->fn->loopback);
}

/* Send what read_short() took; false if it must be sent again for more copies. */
static __always_inline bool send_short(struct hvnet_txq *txq, struct hvnet_batch *batch)
{
	const struct hvnet_frame *frame = &batch->frame;

	batch->is_short = true;
	txq->packets++;
	txq->bytes += frame->len;
	if (is_multicast_ether_addr(frame->head))
		count_group(txq, frame->head, 1);
	if (unlikely(!hvnet_forward(batch, txq->fn->vport, &txq->copies)))
		txq->no_dest++;
	return !txq->copies;
}

/*
 * Send the frame at @index and move that on; it stays where it is if the section ends before all
 * have got their copies.  0 or negative &enum hvnet_queue_error.
 */
static int send_frame(struct hvnet_txq *txq, struct hvnet_batch *batch, u32 *index, u32 prod)
{
	const struct hvnet_tx_frame *request = &batch->request;
	struct hvnet_fn *fn = txq->fn;
	u32 next = *index, bytes;
	bool first = !txq->copies, sent = true, good;
	u16 dst_vport;
	u64 *drop;
	int err;

	if (likely(may_be_short(txq, batch)) && likely(read_short(txq, batch, next))) {
		*index += send_short(txq, batch);
		return 0;
	}
	batch->is_short = false;
	err = read_frame(txq, batch, &next, prod);
	if (err)
		return err;

	dst_vport = unlikely(READ_ONCE(fn->loopback)) ? fn->vport : request->dst_vport;
	good = hvnet_offload_start(&batch->offload, &batch->frame, &request->offload);
	bytes = hvnet_offload_bytes(&batch->offload, &batch->frame);
	drop = find_fault(txq, batch, dst_vport, good);
	if (unlikely(request->timed)) {
		err = put_time(txq, next - 1, !drop);
		if (err)
			return err;
	}
	/*
	 * Before anybody gets a copy: between two sections the driver may make another frame of it,
	 * or take it back.  What is sent in each section is paid for there.
	 */
	if (unlikely(batch->port & HVNET_PORT_SHAPED))
		txq->grant -= bytes;
	if (likely(first))
		count(txq, batch, bytes);
	if (unlikely(drop)) {
		batch->spent += hvnet_batch_cost(batch);
		txq->copies = 0;
	} else if (likely(dst_vport == HVNET_VPORT_NONE)) {
		sent = hvnet_forward(batch, fn->vport, &txq->copies);
		if (unlikely(txq->copies))
			return 0;
	} else {
		sent = hvnet_forward_to(batch, fn->vport, dst_vport);
		txq->copies = 0;
	}

	*index = next;
	if (unlikely(!sent))
		drop = &txq->no_dest;
	/* Some have got it already if it began in another section. */
	if (unlikely(drop) && first)
		*drop += hvnet_offload_frames(&batch->offload);
	return 0;
}

/*
 * The driver need not ring while the queue is polled.  Missing the change costs it a doorbell,
 * so no barrier is needed.
 */
static void show_awake(struct hvnet_txq *txq, struct hvnet_ring_ctl *ctl)
{
	if (txq->asleep) {
		txq->asleep = false;
		WRITE_ONCE(ctl->kick, 0);
	}
}

static bool may_go_on(const struct hvnet_txq *txq, const struct hvnet_batch *batch, int frames)
{
	return frames < TX_BUDGET && batch->spent < HVNET_BATCH_MAX &&
	       (likely(!(batch->port & HVNET_PORT_SHAPED)) || txq->grant > 0);
}

/* Send what is there.  &enum hvnet_poll_result, or negative &enum hvnet_queue_error. */
static int send_frames(struct hvnet_txq *txq, struct hvnet_batch *batch, bool *interrupt)
{
	struct hvnet_ring *ring = &txq->ring;
	struct hvnet_ring_ctl *ctl;
	int frames = 0, err = 0;
	u32 cons, prod, fill;

	ctl = hvnet_ring_ctl(txq->fn, ring);
	if (!ctl)
		return -HVNET_QERR_DMA;
	show_awake(txq, ctl);
	/* Descriptors are read after the index that covers them. */
	prod = le32_to_cpu(smp_load_acquire(&ctl->prod));
	if (!hvnet_ring_fill(prod, ring->cons, ring->cfg.size, &fill))
		return -HVNET_QERR_INDEX;

	if (ring->cons == prod)
		return HVNET_POLL_EMPTY;
	if (unlikely(batch->port & HVNET_PORT_SHAPED) && !hvnet_policy_may_send(txq))
		return HVNET_POLL_WAIT;
	cons = ring->cons;
	while (ring->cons != prod && may_go_on(txq, batch, frames)) {
		err = send_frame(txq, batch, &ring->cons, prod);
		if (err)
			break;
		frames++;
	}
	if (ring->cons != cons)
		*interrupt = hvnet_moderator_due(&txq->moderator, hvnet_ring_publish(ring, ctl),
						 ring->cons, txq->packets);
	return err ?: HVNET_POLL_BUSY;
}

/**
 * hvnet_transmit_poll() - send what a queue has, up to a budget
 * @txq: the queue
 * @batch: empty batch of the engine
 *
 * Context: the queue's engine.
 *
 * Return: what was found.
 */
enum hvnet_poll_result hvnet_transmit_poll(struct hvnet_txq *txq, struct hvnet_batch *batch)
{
	bool interrupt = false;
	u16 vector;
	int ret;

	hvnet_batch_begin(batch);
	if (!may_run(txq)) {
		hvnet_batch_end(batch);
		return HVNET_POLL_OFF;
	}
	vector = txq->ring.cfg.vector;
	batch->port = hvnet_switch_port_from(&txq->fn->adapter->nic_switch, txq->fn->vport);
	ret = send_frames(txq, batch, &interrupt);
	if (ret < 0)
		hvnet_queue_error(txq->fn, txq->index, &txq->state, -ret);
	hvnet_batch_end(batch);

	if (interrupt)
		hvnet_msix_raise(txq->fn, vector);
	return ret < 0 ? HVNET_POLL_OFF : ret;
}

/**
 * hvnet_transmit_sleep() - ask the driver to ring when it has something to send
 * @txq: queue that was found empty
 *
 * Context: the queue's engine.
 *
 * Return: HVNET_POLL_EMPTY if the driver will ring; HVNET_POLL_BUSY if it published something in
 * between and may not have rung.
 */
enum hvnet_poll_result hvnet_transmit_sleep(struct hvnet_txq *txq)
{
	enum hvnet_poll_result result = HVNET_POLL_OFF;
	struct hvnet_ring_ctl *ctl;

	hvnet_dma_enter();
	if (!may_run(txq))
		goto out;
	ctl = hvnet_ring_ctl(txq->fn, &txq->ring);
	if (!ctl) {
		hvnet_queue_error(txq->fn, txq->index, &txq->state, HVNET_QERR_DMA);
		goto out;
	}
	txq->asleep = true;
	/* Another number: the driver rings once for each. */
	if (!++txq->kick)
		txq->kick = 1;
	WRITE_ONCE(ctl->kick, cpu_to_le32(txq->kick));
	/* kick before the last look: pairs with the driver's barrier between prod and kick. */
	smp_mb();
	result = le32_to_cpu(READ_ONCE(ctl->prod)) == txq->ring.cons ? HVNET_POLL_EMPTY :
								      HVNET_POLL_BUSY;
out:
	hvnet_dma_exit();
	return result;
}
