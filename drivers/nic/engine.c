// SPDX-License-Identifier: GPL-2.0
/*
 * Engines.
 *
 * An empty queue is polled on for a while, because a doorbell costs its driver: a write to
 * configuration space, from a guest an exit through QEMU that takes longer than sending
 * hundreds of frames.  First without a pause, if no one else wants the CPU; then, if a guest
 * drives it, from time to time, less and less often.  Then the driver is asked to ring.
 *
 * A queue is on an engine's lists from the doorbell, or from when a guest was told of frames that
 * it may answer, until it was found empty and its driver was asked to ring.  HVNET_TXQ_SCHEDULED
 * says that it is; who sets the bit puts the queue on the list.
 *
 * A queue that may not send yet, because of its vport's rate, waits in a line ordered by time.  The
 * others are polled as if it were not there.
 */
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
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

static unsigned int linger_us = 10000;
module_param(linger_us, uint, 0644);
MODULE_PARM_DESC(linger_us, "Longest time in us that an empty queue of a guest is polled now and then (default 10000)");

#define MAX_LINGER_US	1000000

/*
 * Pauses between two looks at lingering queues.  Each is a quarter longer than the one before, up
 * to the last: so a frame waits for a fraction of the time that the queue has been empty.
 */
#define FIRST_PAUSE_NS	(20 * NSEC_PER_USEC)
#define LAST_PAUSE_NS	(500 * NSEC_PER_USEC)

/* A queue that waits for its time looks again by then: its rate may have changed. */
#define MAX_WAIT_NS	(20 * NSEC_PER_MSEC)

/* What a waiting queue may be late, which saves wake-ups. */
#define WAIT_SLACK_NS	(50 * NSEC_PER_USEC)

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

/**
 * hvnet_engine_expect() - look at a queue whose driver was just told of frames
 * @txq: the queue
 *
 * A guest that answers then needs no doorbell.  If it sent nothing the last time that the queue was
 * on the list, it has to ring.
 *
 * Context: a DMA section.  Who takes the function away from its user waits for the section to end,
 * so that engines are there as long as anybody comes here.
 */
void hvnet_engine_expect(struct hvnet_txq *txq)
{
	if (READ_ONCE(txq->fn->driven_by_user) && READ_ONCE(txq->answers))
		hvnet_engine_kick(txq);
}

static void collect_kicked(struct hvnet_engine *engine)
{
	struct hvnet_txq *txq, *next;
	struct llist_node *list;

	if (llist_empty(&engine->kicked))
		return;
	list = llist_reverse_order(llist_del_all(&engine->kicked));
	engine->pause_ns = FIRST_PAUSE_NS;
	llist_for_each_entry_safe(txq, next, list, kicked)
		list_add_tail(&txq->active, &engine->active);
}

/* The times of these queues have come. */
static void collect_waiting(struct hvnet_engine *engine)
{
	struct timerqueue_node *node;
	ktime_t now;

	if (likely(!timerqueue_getnext(&engine->waiting)))
		return;
	now = ktime_get();
	while ((node = timerqueue_getnext(&engine->waiting)) && node->expires <= now) {
		timerqueue_del(&engine->waiting, node);
		list_add_tail(&container_of(node, struct hvnet_txq, waiting)->active,
			      &engine->active);
	}
}

static void wait_in_line(struct hvnet_engine *engine, struct hvnet_txq *txq)
{
	txq->idle_since = 0;
	list_del_init(&txq->active);
	txq->waiting.expires = min_t(u64, txq->resume, ktime_get_ns() + MAX_WAIT_NS);
	timerqueue_add(&engine->waiting, &txq->waiting);
}

/* Take the queue off the list; hvnet_engine_kick() puts it there again. */
static void forget(struct hvnet_txq *txq)
{
	WRITE_ONCE(txq->answers, txq->sent);
	txq->sent = false;
	txq->idle_since = 0;
	list_del_init(&txq->active);
	clear_bit_unlock(HVNET_TXQ_SCHEDULED, &txq->flags);
	smp_mb__after_atomic(); /* the bit before the last look at the ring */
}

/* What an engine does after it has looked at a queue, or at all: the most that one wants. */
enum next {
	NEXT_SLEEP,		/* until a doorbell */
	NEXT_PAUSE,		/* for a moment, or until a doorbell */
	NEXT_YIELD,		/* look again after others have had the CPU */
	NEXT_SPIN,		/* look again at once, for nobody else wants the CPU */
	NEXT_POLL,		/* look again at once */
};

static bool may_spin(u64 idle_ns)
{
	return idle_ns < min(READ_ONCE(poll_us), MAX_POLL_US) * (u64)NSEC_PER_USEC;
}

static bool has_cpu_alone(void)
{
	return single_task_running() && !need_resched();
}

/*
 * Who drives the queue from the same CPU, in the host, needs neither doorbell nor wake-up for what
 * it sends while we let it run.
 */
static bool may_yield(const struct hvnet_txq *txq)
{
	return !READ_ONCE(txq->fn->driven_by_user) && txq->engine->can_yield;
}

/* A driver in the host rings cheaply: lingering would only add to its latency. */
static bool may_linger(const struct hvnet_txq *txq, u64 idle_ns)
{
	return idle_ns < min(READ_ONCE(linger_us), MAX_LINGER_US) * (u64)NSEC_PER_USEC &&
	       READ_ONCE(txq->fn->driven_by_user);
}

static enum next idle(struct hvnet_txq *txq)
{
	u64 now = local_clock(), idle_ns;

	if (!txq->idle_since)
		txq->idle_since = now;
	idle_ns = now - txq->idle_since;
	if (may_spin(idle_ns)) {
		if (has_cpu_alone())
			return NEXT_SPIN;
		if (may_yield(txq))
			return NEXT_YIELD;
	}
	if (may_linger(txq, idle_ns))
		return NEXT_PAUSE;

	/* Off the list first: a doorbell rung because of what comes next must not be lost. */
	forget(txq);
	if (hvnet_transmit_sleep(txq) == HVNET_POLL_BUSY)
		hvnet_engine_kick(txq);
	return NEXT_SLEEP;
}

static enum next poll(struct hvnet_engine *engine, struct hvnet_txq *txq)
{
	switch (hvnet_transmit_poll(txq, &engine->batch)) {
	case HVNET_POLL_BUSY:
		txq->sent = true;
		txq->idle_since = 0;
		return NEXT_POLL;
	case HVNET_POLL_EMPTY:
		return idle(txq);
	case HVNET_POLL_WAIT:
		wait_in_line(engine, txq);
		return NEXT_SLEEP;
	case HVNET_POLL_OFF:
		break;
	}
	forget(txq);
	/* It may have been switched on since; its driver rang in vain. */
	if (READ_ONCE(txq->state) == HVNET_QUEUE_ON && READ_ONCE(txq->fn->can_dma))
		hvnet_engine_kick(txq);
	return NEXT_SLEEP;
}

/* Look at every active queue once. */
static enum next poll_all(struct hvnet_engine *engine)
{
	struct hvnet_txq *txq, *tmp;
	enum next next = NEXT_SLEEP;

	collect_kicked(engine);
	collect_waiting(engine);
	list_for_each_entry_safe(txq, tmp, &engine->active, active) {
		next = max(next, poll(engine, txq));
		/* Under load we never sleep, and those who wait for RCU-tasks wait for us. */
		cond_resched_tasks_rcu_qs();
	}
	return next;
}

/* When the engine looks again without a doorbell, and how much later it may be; 0: never. */
static ktime_t next_look(struct hvnet_engine *engine, enum next next, u64 *slack)
{
	struct timerqueue_node *node = timerqueue_getnext(&engine->waiting);
	ktime_t look = 0;

	if (next == NEXT_PAUSE) {
		look = ktime_add_ns(ktime_get(), engine->pause_ns);
		*slack = engine->pause_ns / 4;
		engine->pause_ns = min(engine->pause_ns + engine->pause_ns / 4, LAST_PAUSE_NS);
	}
	if (node && (!look || node->expires < look)) {
		look = node->expires;
		*slack = WAIT_SLACK_NS;
	}
	return look;
}

static void wait_for_doorbell(struct hvnet_engine *engine, enum next next)
{
	u64 slack = 0;
	ktime_t look = next_look(engine, next, &slack);

	set_current_state(TASK_IDLE);
	if (!llist_empty(&engine->kicked) || kthread_should_stop()) {
		__set_current_state(TASK_RUNNING);
		return;
	}
	schedule_hrtimeout_range(look ? &look : NULL, slack, HRTIMER_MODE_ABS);
}

/*
 * Once for all queues: each time takes as long as the others want.  Nobody runs if they have had
 * more than their share; yielding again and again then would put us ever farther behind them, for
 * seconds in the end, because each time costs us a turn.
 */
static bool let_others_run(void)
{
	unsigned long switches = current->nivcsw;

	yield();
	return current->nivcsw != switches;
}

static int run(void *data)
{
	struct hvnet_engine *engine = data;

	while (!kthread_should_stop()) {
		enum next next = poll_all(engine);

		engine->can_yield = next != NEXT_YIELD || let_others_run();
		switch (next) {
		case NEXT_POLL:
			engine->pause_ns = FIRST_PAUSE_NS;
			break;
		case NEXT_SPIN:
			cpu_relax();
			break;
		case NEXT_YIELD:
			break;
		case NEXT_PAUSE:
		case NEXT_SLEEP:
			wait_for_doorbell(engine, next);
			break;
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
		timerqueue_init_head(&engine->waiting);
		engine->pause_ns = FIRST_PAUSE_NS;
		engine->can_yield = true;
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
