// SPDX-License-Identifier: GPL-2.0
/*
 * Queues of a function, switched on and off.
 */
#include <linux/slab.h>

#include "adapter.h"
#include "engine.h"
#include "msix.h"
#include "offload/rss.h"
#include "queue.h"
#include "registers.h"
#include "rss_share.h"
#include "trace.h"

/* What a driver gets that does not say what it wants. */
static const struct hvnet_rx_settings plain_settings = { .max_frame = HVNET_MAX_FRAME };

static int alloc_queues(struct hvnet_fn *fn)
{
	unsigned int pairs = fn->adapter->queue_pairs, i;
	struct hvnet_txq *txq;
	struct hvnet_rxq *rxq;

	if (fn->txq)
		return 0;
	txq = kvcalloc(pairs, sizeof(*txq), GFP_KERNEL);
	rxq = kvcalloc(pairs, sizeof(*rxq), GFP_KERNEL);
	if (!txq || !rxq) {
		kvfree(txq);
		kvfree(rxq);
		return -ENOMEM;
	}
	for (i = 0; i < pairs; i++) {
		txq[i].fn = fn;
		txq[i].index = HVNET_TXQ(i);
		txq[i].engine = hvnet_engine_of(fn->adapter, fn->vport + i);
		INIT_LIST_HEAD(&txq[i].active);
		timerqueue_init(&txq[i].waiting);
		hvnet_moderator_init(&txq[i].moderator, fn, &txq[i].ring.cfg);
		rxq[i].fn = fn;
		rxq[i].index = HVNET_RXQ(i);
		rxq[i].settings = plain_settings;
		spin_lock_init(&rxq[i].lock);
		hvnet_moderator_init(&rxq[i].moderator, fn, &rxq[i].ring.cfg);
	}
	/* The data path and doorbells may look at any moment: structures before pointers. */
	smp_store_release(&fn->rxq, rxq); /* pairs with hvnet_receive() */
	smp_store_release(&fn->txq, txq); /* pairs with hvnet_queue_doorbell() */
	return 0;
}

static struct hvnet_moderator *moderator_of(struct hvnet_fn *fn, unsigned int queue)
{
	return HVNET_QUEUE_IS_RX(queue) ? &fn->rxq[queue / 2].moderator :
					  &fn->txq[queue / 2].moderator;
}

/* Their queues are off. */
static void stop_moderators(struct hvnet_fn *fn)
{
	unsigned int queue;

	for (queue = 0; fn->txq && queue < 2 * fn->adapter->queue_pairs; queue++)
		hvnet_moderator_stop(moderator_of(fn, queue));
}

/**
 * hvnet_queue_free() - free the structures of all queues
 * @fn: function of an adapter that has stopped
 */
void hvnet_queue_free(struct hvnet_fn *fn)
{
	stop_moderators(fn);
	kvfree(fn->txq);
	kvfree(fn->rxq);
	hvnet_rss_put(rcu_dereference_protected(fn->rss, true));
}

static void show_state(struct hvnet_fn *fn, unsigned int queue, enum hvnet_queue_state state)
{
	struct hvnet_queue_ctx *ctx = hvnet_reg_queue(fn, queue);

	WRITE_ONCE(ctx->state, cpu_to_le32(state));
	WRITE_ONCE(ctx->error, 0);
	WRITE_ONCE(ctx->error_addr, 0);
}

/* Fails early what would fail at the first frame, and asks the driver to ring the doorbell. */
static bool ring_reachable(struct hvnet_fn *fn, struct hvnet_ring *ring, bool rx)
{
	struct hvnet_ring_ctl *ctl;
	bool ok;

	hvnet_dma_enter();
	/* In the section: who ends DMA waits for it; addresses mean something else after that. */
	ctl = READ_ONCE(fn->can_dma) ? hvnet_ring_ctl(fn, ring) : NULL;
	ok = ctl && hvnet_ring_desc(fn, ring, 0) && (!rx || hvnet_ring_cmpl(fn, ring, 0)) &&
	     (!ring->cfg.times || hvnet_ring_time(fn, ring, 0));
	if (ok && !rx)
		WRITE_ONCE(ctl->kick, cpu_to_le32(1));
	hvnet_dma_exit();
	return ok;
}

/**
 * hvnet_queue_enable() - switch a queue on
 * @fn: whose
 * @queue: its number, any value
 *
 * Context: the function's work.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_queue_enable(struct hvnet_fn *fn, unsigned int queue)
{
	bool rx = HVNET_QUEUE_IS_RX(queue);
	struct hvnet_ring ring = {};
	struct hvnet_queue_ctx ctx;
	struct hvnet_txq *txq;
	struct hvnet_rxq *rxq;

	if (queue >= 2 * fn->adapter->queue_pairs)
		return HVNET_E_RANGE;
	if (alloc_queues(fn))
		return HVNET_E_SPACE;
	txq = &fn->txq[queue / 2];
	rxq = &fn->rxq[queue / 2];
	if ((rx ? READ_ONCE(rxq->state) : READ_ONCE(txq->state)) != HVNET_QUEUE_OFF)
		return HVNET_E_STATE;

	memcpy(&ctx, hvnet_reg_queue(fn, queue), sizeof(ctx));
	if (!hvnet_ring_configure(&ring.cfg, &ctx, rx, fn->adapter->queue_pairs + 1))
		return HVNET_E_RANGE;
	if (!READ_ONCE(fn->can_dma))
		return HVNET_E_STATE;
	if (!ring_reachable(fn, &ring, rx))
		return HVNET_E_FAULT;

	show_state(fn, queue, HVNET_QUEUE_ON);
	if (rx) {
		spin_lock_bh(&rxq->lock);
		rxq->ring = ring;
		rxq->done = 0;
		rxq->state = HVNET_QUEUE_ON;
		spin_unlock_bh(&rxq->lock);
		if (queue == HVNET_RXQ(0))
			hvnet_switch_vport_set_active(&fn->adapter->nic_switch, fn->vport, true);
	} else {
		txq->ring = ring;
		txq->copies = 0;
		txq->asleep = true;
		txq->kick = 1;
		txq->idle_since = 0;
		/* The ring before the state that makes the engine use it. */
		smp_store_release(&txq->state, HVNET_QUEUE_ON);
	}
	return HVNET_OK;
}

/**
 * hvnet_queue_disable() - switch a queue off
 * @fn: whose
 * @queue: its number, any value
 *
 * When it returns the adapter does not touch the queue's memory any more.  Context: the
 * function's work.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_queue_disable(struct hvnet_fn *fn, unsigned int queue)
{
	if (queue >= 2 * fn->adapter->queue_pairs)
		return HVNET_E_RANGE;
	if (!fn->txq)
		return HVNET_OK;
	if (HVNET_QUEUE_IS_RX(queue)) {
		struct hvnet_rxq *rxq = &fn->rxq[queue / 2];

		if (queue == HVNET_RXQ(0))
			hvnet_switch_vport_set_active(&fn->adapter->nic_switch, fn->vport, false);
		spin_lock_bh(&rxq->lock);
		WRITE_ONCE(rxq->state, HVNET_QUEUE_OFF);
		spin_unlock_bh(&rxq->lock);
	} else {
		WRITE_ONCE(fn->txq[queue / 2].state, HVNET_QUEUE_OFF);
	}
	/* The engine may be at it. */
	hvnet_dma_sync();
	hvnet_moderator_stop(moderator_of(fn, queue));
	show_state(fn, queue, HVNET_QUEUE_OFF);
	return HVNET_OK;
}

/**
 * hvnet_queue_set_rx() - say how frames are received
 * @fn: whose driver says it
 * @queue: a receive queue or HVNET_RX_ALL_QUEUES; any value
 * @settings: checked
 *
 * Context: the function's work.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_queue_set_rx(struct hvnet_fn *fn, unsigned int queue,
				   const struct hvnet_rx_settings *settings)
{
	bool all = queue == HVNET_RX_ALL_QUEUES;
	unsigned int i;

	if (!all && (!HVNET_QUEUE_IS_RX(queue) || queue >= 2 * fn->adapter->queue_pairs))
		return HVNET_E_RANGE;
	if (alloc_queues(fn))
		return HVNET_E_SPACE;
	for (i = 0; i < fn->adapter->queue_pairs; i++) {
		if (!all && queue != HVNET_RXQ(i))
			continue;
		spin_lock_bh(&fn->rxq[i].lock);
		fn->rxq[i].settings = *settings;
		spin_unlock_bh(&fn->rxq[i].lock);
	}
	return HVNET_OK;
}

/**
 * hvnet_queue_moderate() - say how long a queue's interrupts are held back
 * @fn: whose driver says it
 * @queue: its number, any value
 * @usecs: in us, any value; 0: not at all
 * @frames: but no longer than until so many frames have been completed, any value
 *
 * Context: the function's work.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_queue_moderate(struct hvnet_fn *fn, unsigned int queue, u32 usecs,
				     u32 frames)
{
	if (queue >= 2 * fn->adapter->queue_pairs || usecs > HVNET_MODERATE_MAX_USECS ||
	    frames > HVNET_MODERATE_MAX_FRAMES)
		return HVNET_E_RANGE;
	if (alloc_queues(fn))
		return HVNET_E_SPACE;
	hvnet_moderator_set(moderator_of(fn, queue), usecs, frames);
	return HVNET_OK;
}

/* Frames are hashed with @rss from now on, or not at all if it is NULL. */
static void replace_rss(struct hvnet_fn *fn, struct hvnet_rss *rss)
{
	/* The function's work is the only one to change it. */
	struct hvnet_rss *old = rcu_replace_pointer(fn->rss, rss, true);

	if (!old)
		return;
	/* Freed at once: a driver may ask for another as fast as it can. */
	hvnet_dma_sync();
	hvnet_rss_put(old);
}

/**
 * hvnet_queue_set_rss() - spread received frames over queues
 * @fn: whose driver says it
 * @args: a copy of what it wrote
 *
 * Context: the function's work.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_queue_set_rss(struct hvnet_fn *fn, const struct hvnet_admin_rss *args)
{
	enum hvnet_code code = hvnet_rss_check(args, fn->adapter->queue_pairs);
	struct hvnet_rss *rss = NULL;

	if (code != HVNET_OK)
		return code;
	if (args->fields) {
		rss = hvnet_rss_get(args);
		if (!rss)
			return HVNET_E_SPACE;
	}
	replace_rss(fn, rss);
	return HVNET_OK;
}

/**
 * hvnet_queue_disable_all() - switch all queues off and forget what was set
 * @fn: function in reset
 *
 * Context: the function's work.
 */
void hvnet_queue_disable_all(struct hvnet_fn *fn)
{
	unsigned int i;

	WRITE_ONCE(fn->loopback, false);
	replace_rss(fn, NULL);
	if (!fn->txq)
		return;
	for (i = 0; i < fn->adapter->queue_pairs; i++) {
		WRITE_ONCE(fn->txq[i].state, HVNET_QUEUE_OFF);
		spin_lock_bh(&fn->rxq[i].lock);
		WRITE_ONCE(fn->rxq[i].state, HVNET_QUEUE_OFF);
		fn->rxq[i].settings = plain_settings;
		spin_unlock_bh(&fn->rxq[i].lock);
		hvnet_moderator_set(&fn->txq[i].moderator, 0, 0);
		hvnet_moderator_set(&fn->rxq[i].moderator, 0, 0);
	}
	hvnet_dma_sync();
	stop_moderators(fn);
}

/**
 * hvnet_queue_error() - stop a queue because of what its driver did
 * @fn: whose
 * @queue: its number
 * @state: of the queue
 * @error: what was wrong
 *
 * Context: inside a DMA section.  The driver learns of it from the register and, when the
 * section is over, by an event.
 */
void hvnet_queue_error(struct hvnet_fn *fn, u16 queue, u32 *state, enum hvnet_queue_error error)
{
	struct hvnet_queue_ctx *ctx = hvnet_reg_queue(fn, queue);
	u64 addr = this_cpu_read(hvnet_dma_section.fault_addr);

	/* It may have been switched off meanwhile, and then that is its state. */
	if (cmpxchg(state, HVNET_QUEUE_ON, HVNET_QUEUE_ERROR) != HVNET_QUEUE_ON)
		return;
	trace_hvnet_queue_error(fn->adapter->name, fn->vport, queue, error);
	WRITE_ONCE(ctx->error, cpu_to_le32(error));
	if (error == HVNET_QERR_DMA)
		WRITE_ONCE(ctx->error_addr, cpu_to_le64(addr));
	WRITE_ONCE(ctx->state, cpu_to_le32(HVNET_QUEUE_ERROR));
	hvnet_fn_todo(fn, HVNET_FN_QUEUE_ERROR);
}

/**
 * hvnet_queue_doorbell() - a driver rang for a queue
 * @fn: whose driver
 * @queue: what it wrote
 *
 * Context: any; called with the function's config_lock held.
 *
 * Return: false if there is no such queue.
 */
bool hvnet_queue_doorbell(struct hvnet_fn *fn, u32 queue)
{
	/* Pairs with alloc_queues(). */
	struct hvnet_txq *txq = smp_load_acquire(&fn->txq);

	if (!txq || queue >= 2 * fn->adapter->queue_pairs || HVNET_QUEUE_IS_RX(queue))
		return false;
	hvnet_engine_kick(&txq[queue / 2]);
	return true;
}

/**
 * hvnet_queue_kick_all() - look at all transmit queues again
 * @fn: function that may do DMA again
 *
 * Context: any; called with the function's config_lock held.
 */
void hvnet_queue_kick_all(struct hvnet_fn *fn)
{
	/* Pairs with alloc_queues(). */
	struct hvnet_txq *txq = smp_load_acquire(&fn->txq);
	unsigned int i;

	if (!txq)
		return;
	for (i = 0; i < fn->adapter->queue_pairs; i++)
		hvnet_engine_kick(&txq[i]);
}
