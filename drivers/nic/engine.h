/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Engines: the threads that poll transmit queues while there is traffic, and sleep when there
 * is none.
 */
#ifndef HVNET_NIC_ENGINE_H
#define HVNET_NIC_ENGINE_H

#include <linux/list.h>
#include <linux/llist.h>
#include <linux/timerqueue.h>

#include "batch.h"

struct hvnet_adapter;
struct hvnet_txq;
struct task_struct;

/**
 * struct hvnet_engine - a thread
 * @task: the thread
 * @kicked: queues to look at that came since it last looked
 * @active: queues that it polls
 * @waiting: queues that wait for their time, by that time
 * @pause_ns: how long it pauses next while queues linger
 * @can_yield: others ran when it last let them, or it has worked, spun or slept since
 * @batch: its batch
 */
struct hvnet_engine {
	struct task_struct *task;
	struct llist_head kicked;
	struct list_head active;
	struct timerqueue_head waiting;
	u64 pause_ns;
	bool can_yield;
	struct hvnet_batch batch;
};

int hvnet_engines_start(struct hvnet_adapter *adapter);
void hvnet_engines_stop(struct hvnet_adapter *adapter);
struct hvnet_engine *hvnet_engine_of(struct hvnet_adapter *adapter, unsigned int number);
void hvnet_engine_kick(struct hvnet_txq *txq);
void hvnet_engine_expect(struct hvnet_txq *txq);

#endif
