// SPDX-License-Identifier: GPL-2.0
/*
 * Receive: frames into the memory of a function's driver.
 *
 * Successive frames of a batch mostly go to the same queue, so its lock is kept and its
 * completions are published when another queue's turn comes or the batch ends.
 */
#include <linux/if_ether.h>

#include "adapter.h"
#include "batch.h"
#include "function.h"
#include "queue.h"
#include "receive.h"

/* Publish what was delivered; note the interrupt if the driver wants one. */
static void publish(struct hvnet_batch *batch, struct hvnet_rxq *rxq)
{
	struct hvnet_ring_ctl *ctl = hvnet_ring_ctl(rxq->fn, &rxq->ring);

	rxq->done = 0;
	if (!ctl) {
		hvnet_queue_error(rxq->fn, rxq->index, &rxq->state, HVNET_QERR_DMA);
		return;
	}
	if (!hvnet_ring_publish(&rxq->ring, ctl))
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

static void take(struct hvnet_batch *batch, struct hvnet_rxq *rxq)
{
	hvnet_receive_release(batch);
	spin_lock(&rxq->lock);
	__release(&rxq->lock); /* for sparse: kept until hvnet_receive_release() */
	batch->rxq = rxq;
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

static int copy_to_buffer(struct hvnet_rxq *rxq, struct hvnet_frame_reader *reader, u64 addr,
			  u32 len)
{
	while (len) {
		u32 n = min_t(u32, len, PAGE_SIZE - offset_in_page(addr));
		void *to = hvnet_dma_addr(rxq->fn, &rxq->ring.buf_tlb, addr, IOMMU_WRITE);

		if (!to)
			return -HVNET_QERR_DMA;
		hvnet_frame_copy(reader, to, n);
		addr += n;
		len -= n;
	}
	return 0;
}

/* Fill the buffer of descriptor @index and write its completion. */
static int fill_buffer(struct hvnet_batch *batch, struct hvnet_rxq *rxq, u32 index,
		       struct hvnet_frame_reader *reader, u16 src_vport)
{
	const struct hvnet_frame *frame = reader->frame;
	struct hvnet_fn *fn = rxq->fn;
	struct hvnet_rx_cmpl cmpl;
	struct hvnet_rx_desc *desc;
	u32 room, len;
	void *to;
	u64 addr;
	int err;

	desc = hvnet_ring_desc(fn, &rxq->ring, index);
	if (!desc)
		return -HVNET_QERR_DMA;
	addr = le64_to_cpu(READ_ONCE(desc->addr));
	room = le32_to_cpu(READ_ONCE(desc->len));
	if (!hvnet_rx_desc_ok(room))
		return -HVNET_QERR_LENGTH;

	len = min(room, frame->len - reader->done);
	err = copy_to_buffer(rxq, reader, addr, len);
	if (err)
		return err;

	memset(&cmpl, 0, sizeof(cmpl));
	cmpl.len = cpu_to_le16(len);
	cmpl.flags = cpu_to_le16(reader->done == frame->len ? HVNET_RXC_EOP : 0);
	cmpl.src_vport = cpu_to_le16(hvnet_fn_is_pf(fn) ? src_vport : HVNET_VPORT_NONE);
	cmpl.dst_vport = cpu_to_le16(fn->vport);
	to = hvnet_ring_cmpl(fn, &rxq->ring, index);
	if (!to)
		return -HVNET_QERR_DMA;
	memcpy(to, &cmpl, sizeof(cmpl));
	return 0;
}

static void deliver(struct hvnet_batch *batch, struct hvnet_rxq *rxq, u16 src_vport)
{
	struct hvnet_frame_reader reader = { .frame = &batch->frame };
	u32 index = rxq->ring.cons;
	int ret;

	do {
		ret = have_buffer(batch, rxq, index);
		if (ret > 0)
			ret = fill_buffer(batch, rxq, index++, &reader, src_vport);
		else if (!ret)
			goto no_buffer;
		if (ret < 0)
			goto error;
	} while (reader.done < batch->frame.len);

	rxq->done += index - rxq->ring.cons;
	rxq->ring.cons = index;
	rxq->packets++;
	rxq->bytes += batch->frame.len;
	rxq->multicast += is_multicast_ether_addr(batch->frame.head);
	return;

no_buffer:
	rxq->no_buffer++;
	return;
error:
	rxq->error++;
	/* What was delivered before is the driver's. */
	if (rxq->done)
		publish(batch, rxq);
	hvnet_queue_error(rxq->fn, rxq->index, &rxq->state, -ret);
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
		atomic64_inc(&fn->rx_off);
		return;
	}
	if (batch->rxq != rxq)
		take(batch, rxq);
	if (likely(rxq->state == HVNET_QUEUE_ON && READ_ONCE(fn->can_dma)))
		deliver(batch, rxq, src_vport);
	else if (rxq->state == HVNET_QUEUE_ERROR)
		rxq->error++;
	else
		rxq->off++;
}
