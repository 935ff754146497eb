// SPDX-License-Identifier: GPL-2.0
/*
 * Engines.
 *
 * A queue is on an engine's lists from the doorbell until it was found empty and its driver was
 * asked to ring.  HVNET_TXQ_SCHEDULED says that it is; who sets the bit puts the queue on the
 * list.
 */
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/stat.h>
#include <linux/slab.h>

#include "adapter.h"
#include "engine.h"
#include "queue.h"
#include "transmit.h"

/* More threads than this do not help one adapter: receive queues are shared between them. */
#define MAX_ENGINES	8

static unsigned int poll_us = 50;
module_param(poll_us, uint, 0644);
MODULE_PARM_DESC(poll_us, "Longest time in us that an empty queue is polled on an otherwise idle CPU (default 50)");

#define MAX_POLL_US	10000

/**
 * hvnet_engine_kick() - look at a queue
 * @txq: the queue
 *
 * Context: any, interrupts on or off.
 */
void hvnet_engine_kick(struct hvnet_txq *txq)
{
	struct hvnet_engine *engine = txq->engine;

	if (test_and_set_bit(HVNET_TXQ_SCHEDULED, &txq->flags))
		return;
	llist_add(&txq->kicked, &engine->kicked);
	wake_up_process(engine->task);
}

static void collect_kicked(struct hvnet_engine *engine)
{
	struct hvnet_txq *txq, *next;
	struct llist_node *list;

	if (llist_empty(&engine->kicked))
		return;
	list = llist_reverse_order(llist_del_all(&engine->kicked));
	llist_for_each_entry_safe(txq, next, list, kicked)
		list_add_tail(&txq->active, &engine->active);
}

/* Take the queue off the list; a doorbell puts it there again. */
static void forget(struct hvnet_txq *txq)
{
	txq->idle_since = 0;
	list_del_init(&txq->active);
	clear_bit_unlock(HVNET_TXQ_SCHEDULED, &txq->flags);
	smp_mb__after_atomic(); /* the bit before the last look at the ring */
}

/* May the engine poll on for a while, in the hope of sparing the driver a doorbell? */
static bool may_spin(struct hvnet_txq *txq)
{
	u64 now;

	if (need_resched() || !single_task_running())
		return false;
	now = local_clock();
	if (!txq->idle_since)
		txq->idle_since = now;
	return now - txq->idle_since < min(READ_ONCE(poll_us), MAX_POLL_US) * (u64)NSEC_PER_USEC;
}

static void idle(struct hvnet_txq *txq)
{
	if (may_spin(txq)) {
		cpu_relax();
		return;
	}
	/* Off the list first: a doorbell rung because of what comes next must not be lost. */
	forget(txq);
	if (hvnet_transmit_sleep(txq) == HVNET_POLL_BUSY)
		hvnet_engine_kick(txq);
}

static void poll(struct hvnet_engine *engine, struct hvnet_txq *txq)
{
	switch (hvnet_transmit_poll(txq, &engine->batch)) {
	case HVNET_POLL_BUSY:
		txq->idle_since = 0;
		break;
	case HVNET_POLL_EMPTY:
		idle(txq);
		break;
	case HVNET_POLL_OFF:
		forget(txq);
		/* It may have been switched on since; its driver rang in vain. */
		if (READ_ONCE(txq->state) == HVNET_QUEUE_ON && READ_ONCE(txq->fn->can_dma))
			hvnet_engine_kick(txq);
		break;
	}
}

static int run(void *data)
{
	struct hvnet_engine *engine = data;
	struct hvnet_txq *txq, *next;

	while (!kthread_should_stop()) {
		collect_kicked(engine);
		if (list_empty(&engine->active)) {
			set_current_state(TASK_IDLE);
			if (llist_empty(&engine->kicked) && !kthread_should_stop())
				schedule();
			__set_current_state(TASK_RUNNING);
			continue;
		}
		list_for_each_entry_safe(txq, next, &engine->active, active) {
			poll(engine, txq);
			cond_resched();
		}
	}
	return 0;
}

/**
 * hvnet_engines_start() - start the threads of an adapter
 * @adapter: the adapter
 *
 * Return: 0 or a negative error number.
 */
int hvnet_engines_start(struct hvnet_adapter *adapter)
{
	unsigned int i, n = min(num_online_cpus(), MAX_ENGINES);

	adapter->engines = kvcalloc(n, sizeof(*adapter->engines), GFP_KERNEL);
	if (!adapter->engines)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		struct hvnet_engine *engine = &adapter->engines[i];

		init_llist_head(&engine->kicked);
		INIT_LIST_HEAD(&engine->active);
		hvnet_batch_init(&engine->batch, adapter);
		engine->task = kthread_run(run, engine, "%s/%u", adapter->name, i);
		if (IS_ERR(engine->task)) {
			int err = PTR_ERR(engine->task);

			hvnet_engines_stop(adapter);
			return err;
		}
		adapter->num_engines++;
	}
	return 0;
}

/**
 * hvnet_engines_stop() - stop the threads of an adapter
 * @adapter: adapter whose functions have no drivers any more
 */
void hvnet_engines_stop(struct hvnet_adapter *adapter)
{
	while (adapter->num_engines)
		kthread_stop(adapter->engines[--adapter->num_engines].task);
	kvfree(adapter->engines);
}

/**
 * hvnet_engine_of() - the engine for a queue
 * @adapter: the adapter
 * @number: any number, to spread queues
 *
 * Return: the engine.
 */
struct hvnet_engine *hvnet_engine_of(struct hvnet_adapter *adapter, unsigned int number)
{
	return &adapter->engines[number % adapter->num_engines];
}
