// SPDX-License-Identifier: GPL-2.0
#include <linux/dma-mapping.h>
#include <linux/log2.h>

#include "admin.h"
#include "datapath.h"
#include "device.h"
#include "ring.h"

static u32 hvnet_ring_ctx(const struct hvnet_ring *ring, size_t field)
{
	return HVNET_QUEUE_CTX + ring->queue * HVNET_QUEUE_CTX_SIZE + field;
}

/**
 * hvnet_ring_alloc() - allocate a ring's memory
 * @ring: the ring, zeroed
 * @dev: the function
 * @queue: number of the queue
 * @size: number of descriptors
 *
 * Return: 0 or -ENOMEM; hvnet_ring_free() cleans up in either case
 */
int hvnet_ring_alloc(struct hvnet_ring *ring, struct hvnet_dev *dev, u16 queue, u32 size)
{
	struct device *dma = &dev->pdev->dev;

	ring->dev = dev;
	ring->queue = queue;
	ring->size = size;

	ring->ctl = dma_alloc_coherent(dma, sizeof(*ring->ctl), &ring->ctl_dma, GFP_KERNEL);
	if (!ring->ctl)
		return -ENOMEM;
	ring->desc = dma_alloc_coherent(dma, size * sizeof(*ring->tx_desc), &ring->desc_dma,
					GFP_KERNEL);
	if (!ring->desc)
		return -ENOMEM;
	if (dev->feats & HVNET_FEAT_CLOCK) {
		ring->times = dma_alloc_coherent(dma, size * sizeof(*ring->times),
						 &ring->times_dma, GFP_KERNEL);
		if (!ring->times)
			return -ENOMEM;
	}
	if (!HVNET_QUEUE_IS_RX(queue))
		return 0;
	ring->cmpl = dma_alloc_coherent(dma, size * sizeof(*ring->cmpl), &ring->cmpl_dma,
					GFP_KERNEL);
	return ring->cmpl ? 0 : -ENOMEM;
}

/**
 * hvnet_ring_free() - free a ring's memory
 * @ring: a ring whose queue is off, or one that hvnet_ring_alloc() failed for, or zeroes
 */
void hvnet_ring_free(struct hvnet_ring *ring)
{
	struct device *dma;

	if (!ring->dev)
		return;

	dma = &ring->dev->pdev->dev;
	if (ring->cmpl)
		dma_free_coherent(dma, ring->size * sizeof(*ring->cmpl), ring->cmpl,
				  ring->cmpl_dma);
	if (ring->times)
		dma_free_coherent(dma, ring->size * sizeof(*ring->times), ring->times,
				  ring->times_dma);
	if (ring->desc)
		dma_free_coherent(dma, ring->size * sizeof(*ring->tx_desc), ring->desc,
				  ring->desc_dma);
	if (ring->ctl)
		dma_free_coherent(dma, sizeof(*ring->ctl), ring->ctl, ring->ctl_dma);
}

/**
 * hvnet_ring_reset() - make a ring as new
 * @ring: a ring whose queue is off
 */
void hvnet_ring_reset(struct hvnet_ring *ring)
{
	memset(ring->ctl, 0, sizeof(*ring->ctl));
	atomic_set(&ring->arm, 0);
	ring->broken = false;
}

/**
 * hvnet_ring_enable() - tell the adapter where the ring is, and start its queue
 * @ring: the ring
 * @vector: MSI-X vector to raise
 *
 * Return: 0 or a negative error code
 */
int hvnet_ring_enable(struct hvnet_ring *ring, unsigned int vector)
{
	struct hvnet_queue_ctx ctx = {
		.desc_addr = cpu_to_le64(ring->desc_dma),
		.cmpl_addr = cpu_to_le64(ring->cmpl ? ring->cmpl_dma : 0),
		.ctl_addr = cpu_to_le64(ring->ctl_dma),
		.order = cpu_to_le16(ilog2(ring->size)),
		.vector = cpu_to_le16(vector),
		.times_addr = cpu_to_le64(ring->times ? ring->times_dma : 0),
	};
	const size_t times = offsetof(typeof(ctx), times_addr);

	/* The rest of the context is the adapter's. */
	hvnet_write_words(ring->dev, hvnet_ring_ctx(ring, 0), &ctx, offsetof(typeof(ctx), state));
	if (ring->times)
		hvnet_write_words(ring->dev, hvnet_ring_ctx(ring, times), &ctx.times_addr,
				  sizeof(ctx.times_addr));
	return hvnet_admin_queue(ring->dev, HVNET_ADMIN_QUEUE_ENABLE, ring->queue);
}

/**
 * hvnet_ring_state() - what the adapter thinks of the queue
 * @ring: the ring
 *
 * Return: its state; HVNET_QUEUE_OFF if the device is gone
 */
enum hvnet_queue_state hvnet_ring_state(struct hvnet_ring *ring)
{
	u32 reg = hvnet_ring_ctx(ring, offsetof(struct hvnet_queue_ctx, state));
	u32 state = hvnet_read(ring->dev, reg);

	return state == ~0u ? HVNET_QUEUE_OFF : state;
}

/**
 * hvnet_ring_disable() - stop the queue
 * @ring: the ring
 *
 * Return: 0 if DMA has ended: the queue was stopped, or was off already because the function was
 * reset or removed.  Otherwise a negative error code, and the ring's memory must not be freed.
 */
int hvnet_ring_disable(struct hvnet_ring *ring)
{
	int err;

	if (hvnet_dev_gone(ring->dev))
		return 0;
	/* Off proves nothing while a command that may switch it on is unanswered. */
	if (READ_ONCE(ring->dev->admin_silent))
		return -ETIMEDOUT;
	if (hvnet_ring_state(ring) == HVNET_QUEUE_OFF)
		return hvnet_dev_wait_ready(ring->dev) == -ETIMEDOUT ? -ETIMEDOUT : 0;

	err = hvnet_admin_queue(ring->dev, HVNET_ADMIN_QUEUE_DISABLE, ring->queue);
	if (err == -ENODEV || hvnet_ring_state(ring) == HVNET_QUEUE_OFF)
		return 0;
	return err;
}

/**
 * hvnet_ring_read_ctx() - read the queue's context
 * @ring: the ring
 * @ctx: filled in
 */
void hvnet_ring_read_ctx(const struct hvnet_ring *ring, struct hvnet_queue_ctx *ctx)
{
	hvnet_read_words(ring->dev, hvnet_ring_ctx(ring, 0), ctx, sizeof(*ctx));
}

/**
 * hvnet_ring_report() - say why the queue is in the error state
 * @ring: the ring
 */
void hvnet_ring_report(struct hvnet_ring *ring)
{
	struct hvnet_queue_ctx ctx;

	hvnet_ring_read_ctx(ring, &ctx);
	netdev_err(ring->dev->netdev, "queue %u stopped with error %u, address %#llx\n",
		   ring->queue, le32_to_cpu(ctx.error), le64_to_cpu(ctx.error_addr));
}

/**
 * hvnet_ring_done() - how far has the adapter come?
 * @ring: the ring
 * @cons: index after the last descriptor that we know to be done with
 * @prod: index that we published last; a processor may be publishing another
 * @end: filled in with the adapter's index
 *
 * The adapter's index is read first: the one that was published for it, or a later one, is then in
 * *@prod.  An index beyond it breaks the ring: a fault of the queue pair.
 *
 * Return: true if @end is between @cons and *@prod
 */
bool hvnet_ring_done(struct hvnet_ring *ring, u32 cons, const u32 *prod, u32 *end)
{
	u32 last;

	if (unlikely(ring->broken))
		return false;

	*end = hvnet_ring_cons(ring);
	last = READ_ONCE(*prod);
	if (likely(*end - cons <= last - cons))
		return true;

	WRITE_ONCE(ring->broken, true);
	netdev_err(ring->dev->netdev, "queue %u: index %u is not between %u and %u\n",
		   ring->queue, *end, cons, last);
	hvnet_datapath_fault(ring->dev, HVNET_FAULT_DMA, ring->queue / 2);
	return false;
}

/**
 * hvnet_ring_arm() - ask for an interrupt
 * @ring: the ring
 *
 * The caller issues mb() and looks at the adapter's index once more.  Two processors may be here at
 * once, one leaving a poll, the other leaving the next: as each writes a value of its own, the last
 * one written differs from the one that the adapter fired for.
 */
void hvnet_ring_arm(struct hvnet_ring *ring)
{
	WRITE_ONCE(ring->ctl->arm, cpu_to_le32(atomic_inc_return(&ring->arm)));
}
