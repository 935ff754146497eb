// SPDX-License-Identifier: GPL-2.0
/*
 * Locking: the pairs are allocated, freed, started and stopped under rtnl.  The transmit path reads
 * dev->pairs under a transmit lock and only while its queue is not stopped; each queue is stopped
 * under that lock before the pairs are exchanged.
 */
#include <linux/cpumask.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "datapath.h"
#include "device.h"
#include "health.h"
#include "offload.h"
#include "pair.h"

/* A queue that fails again and again is not reset more often than this. */
#define HVNET_RESET_INTERVAL		(HZ / 2)
/* How soon queues that did not start are tried again. */
#define HVNET_RECOVER_INTERVAL		(2 * HZ)

static void hvnet_pairs_free(struct hvnet_pair *pairs, unsigned int num)
{
	unsigned int i;

	for (i = 0; i < num; i++)
		hvnet_pair_free(&pairs[i]);
	kvfree(pairs);
}

static struct hvnet_pair *hvnet_pairs_alloc(struct hvnet_dev *dev,
					    const struct hvnet_config *config)
{
	struct hvnet_pair *pairs;
	unsigned int i;

	pairs = kvcalloc(config->num_pairs, sizeof(*pairs), GFP_KERNEL);
	if (!pairs)
		return NULL;

	for (i = 0; i < config->num_pairs; i++) {
		if (hvnet_pair_alloc(&pairs[i], dev, i, config)) {
			hvnet_pairs_free(pairs, config->num_pairs);
			return NULL;
		}
	}
	return pairs;
}

/*
 * Transmit queue i for the processor that vector i goes to, and for its like modulo the pairs; with
 * more pairs than processors a processor has several.  What the user chooses later stays until the
 * number of pairs changes.
 */
static void hvnet_datapath_set_xps(struct hvnet_dev *dev)
{
	int node = dev_to_node(&dev->pdev->dev);
	unsigned int i, n, num = dev->config.num_pairs;
	cpumask_var_t mask;

	if (dev->spread_pairs == num)
		return;
	/* A single queue leaves no choice, which would cost each frame. */
	if (num > 1 && !zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	dev->spread_pairs = num;
	if (num == 1)
		return;
	for (i = 0; i < num; i++) {
		cpumask_clear(mask);
		cpumask_set_cpu(cpumask_local_spread(i, node), mask);
		for (n = i + num; n < num_online_cpus(); n += num)
			cpumask_set_cpu(cpumask_local_spread(n, node), mask);
		netif_set_xps_queue(dev->netdev, mask, i);
	}
	free_cpumask_var(mask);
}

/*
 * Stops what is not stopped yet; @err tells of an earlier attempt.  Once the adapter has not obeyed
 * it is not asked again, so that this takes no longer than one command and a reset.
 */
static void hvnet_datapath_halt(struct hvnet_dev *dev, int err)
{
	unsigned int i;

	WRITE_ONCE(dev->running, false);
	for (i = 0; i < dev->config.num_pairs; i++)
		err = hvnet_pair_stop(&dev->pairs[i], err);
	netif_tx_disable(dev->netdev);
	if (err) {
		netdev_err(dev->netdev, "queues do not stop (%pe), resetting the function\n",
			   ERR_PTR(err));
		hvnet_dev_flr(dev);
	}
	for (i = 0; i < dev->config.num_pairs; i++)
		hvnet_pair_reset(&dev->pairs[i]);
}

/**
 * hvnet_datapath_stop() - stop all queue pairs
 * @dev: the function
 *
 * DMA has ended on return, if need be by a reset of the function.
 */
void hvnet_datapath_stop(struct hvnet_dev *dev)
{
	ASSERT_RTNL();
	if (dev->running)
		hvnet_datapath_halt(dev, 0);
}

/* The first poll found the queue stopped: what a socket wants to send, or has given, waits. */
static void hvnet_datapath_kick(struct hvnet_pair *pair)
{
	if (!pair->tx.xsk)
		return;
	local_bh_disable();
	if (!napi_if_scheduled_mark_missed(&pair->napi))
		napi_schedule(&pair->napi);
	local_bh_enable();
}

/**
 * hvnet_datapath_start() - start all queue pairs
 * @dev: the function
 *
 * Return: 0 or a negative error code
 */
int hvnet_datapath_start(struct hvnet_dev *dev)
{
	unsigned int i, num = dev->config.num_pairs;
	int err;

	ASSERT_RTNL();
	err = hvnet_dev_restore(dev);
	if (err)
		return err;
	/* A reset that comes now sets it again. */
	clear_bit(HVNET_DEV_NEEDS_RESTART, &dev->flags);
	err = hvnet_offload_apply(dev);
	if (err)
		return err;
	err = netif_set_real_num_queues(dev->netdev, num, num);
	if (err)
		return err;

	/* Those of before; nobody finds new ones while it is not running. */
	for (i = 0; i < ARRAY_SIZE(dev->faults); i++)
		WRITE_ONCE(dev->faults[i], 0);
	WRITE_ONCE(dev->running, true);
	for (i = 0; i < num; i++) {
		err = hvnet_pair_start(&dev->pairs[i]);
		if (err) {
			hvnet_datapath_stop(dev);
			return err;
		}
	}
	hvnet_datapath_set_xps(dev);
	netif_tx_wake_all_queues(dev->netdev);
	for (i = 0; i < num; i++)
		hvnet_datapath_kick(&dev->pairs[i]);
	hvnet_health_check(dev);
	return 0;
}

/**
 * hvnet_datapath_open() - allocate and start all queue pairs
 * @dev: the function
 *
 * Return: 0 or a negative error code
 */
int hvnet_datapath_open(struct hvnet_dev *dev)
{
	int err;

	ASSERT_RTNL();
	hvnet_offload_reshape(dev, &dev->config);
	dev->pairs = hvnet_pairs_alloc(dev, &dev->config);
	if (!dev->pairs)
		return -ENOMEM;

	err = hvnet_datapath_start(dev);
	if (err) {
		hvnet_pairs_free(dev->pairs, dev->config.num_pairs);
		dev->pairs = NULL;
	}
	return err;
}

/**
 * hvnet_datapath_close() - mirror image of hvnet_datapath_open()
 * @dev: the function
 */
void hvnet_datapath_close(struct hvnet_dev *dev)
{
	hvnet_datapath_stop(dev);
	hvnet_pairs_free(dev->pairs, dev->config.num_pairs);
	dev->pairs = NULL;

	/* If it took a reset to stop them, the function goes on without its queues. */
	hvnet_dev_restore(dev);
	hvnet_health_check(dev);
}

/**
 * hvnet_datapath_reshape() - change the number of queue pairs or the sizes of their rings
 * @dev: the function
 * @config: the new shape
 *
 * All or nothing: the new memory is allocated before the old is freed, and if the new pairs do not
 * start, the old ones are started again.
 *
 * Return: 0 or a negative error code
 */
int hvnet_datapath_reshape(struct hvnet_dev *dev, const struct hvnet_config *config)
{
	struct hvnet_config old_config = dev->config;
	struct hvnet_pair *old = dev->pairs;
	struct hvnet_pair *new;
	int err;

	ASSERT_RTNL();
	if (!old) {
		err = netif_set_real_num_queues(dev->netdev, config->num_pairs, config->num_pairs);
		if (!err)
			dev->config = *config;
		return err;
	}

	new = hvnet_pairs_alloc(dev, config);
	if (!new)
		return -ENOMEM;

	hvnet_datapath_stop(dev);
	dev->pairs = new;
	dev->config = *config;
	err = hvnet_datapath_start(dev);
	if (!err) {
		hvnet_pairs_free(old, old_config.num_pairs);
		return 0;
	}

	dev->pairs = old;
	dev->config = old_config;
	if (hvnet_datapath_start(dev))
		hvnet_datapath_check(dev);
	hvnet_pairs_free(new, config->num_pairs);
	return err;
}

/* Everything from the start, with rtnl held. */
static int hvnet_datapath_restart(struct hvnet_dev *dev)
{
	int err;

	hvnet_datapath_stop(dev);
	err = dev->pairs ? hvnet_datapath_start(dev) : hvnet_dev_restore(dev);
	WRITE_ONCE(dev->last_reset, jiffies);
	if (err)
		netdev_err(dev->netdev, "queues are off: %pe\n", ERR_PTR(err));
	else
		netif_device_attach(dev->netdev);
	return err;
}

/**
 * hvnet_datapath_restart_pair() - stop and start a queue pair; what is in its rings is lost
 * @dev: the function, whose pairs are running
 * @index: number of the pair
 *
 * If that does not go, all of them are.
 *
 * Return: 0 or a negative error code: then the queues are off
 */
int hvnet_datapath_restart_pair(struct hvnet_dev *dev, unsigned int index)
{
	struct hvnet_pair *pair = &dev->pairs[index];
	int err;

	ASSERT_RTNL();
	err = hvnet_pair_stop(pair, 0);
	if (!err) {
		hvnet_pair_reset(pair);
		if (!hvnet_pair_start(pair)) {
			netif_tx_wake_queue(pair->tx.txq);
			hvnet_datapath_kick(pair);
			hvnet_health_check(dev);
			return 0;
		}
	}

	hvnet_datapath_halt(dev, err);
	return hvnet_datapath_restart(dev);
}

static int hvnet_datapath_reset_pair(struct hvnet_dev *dev, unsigned int index)
{
	netdev_info(dev->netdev, "resetting queue pair %u\n", index);
	WRITE_ONCE(dev->last_reset, jiffies);
	return hvnet_datapath_restart_pair(dev, index);
}

static bool hvnet_ring_failed(struct hvnet_ring *ring)
{
	if (hvnet_ring_state(ring) != HVNET_QUEUE_ERROR)
		return false;
	hvnet_ring_report(ring);
	return true;
}

/* A queue that was found in the error state before is not looked at again. */
static void hvnet_datapath_examine(struct hvnet_dev *dev, unsigned int index)
{
	struct hvnet_pair *pair = &dev->pairs[index];
	bool failed;

	if (test_bit(index, &dev->faults[HVNET_FAULT_DMA]))
		return;
	failed = hvnet_ring_failed(&pair->tx.ring);
	if (hvnet_ring_failed(&pair->rx.ring) || failed)
		hvnet_datapath_fault(dev, HVNET_FAULT_DMA, index);
}

/* Are the queues off, or forgotten in a reset, and should not be? */
static bool hvnet_datapath_is_off(struct hvnet_dev *dev)
{
	return test_bit(HVNET_DEV_NEEDS_RESTART, &dev->flags) || hvnet_dev_stale(dev) ||
	       !netif_device_present(dev->netdev) || (dev->pairs && !dev->running);
}

/* With rtnl held; fails if the queues are off and should not be. */
static int hvnet_datapath_repair(struct hvnet_dev *dev)
{
	unsigned int i;

	/* Who resets it starts the queues again. */
	if (test_bit(HVNET_DEV_RESETTING, &dev->flags) || hvnet_dev_gone(dev))
		return 0;
	if (hvnet_datapath_is_off(dev))
		return hvnet_datapath_restart(dev);
	for (i = 0; dev->running && i < dev->config.num_pairs; i++)
		hvnet_datapath_examine(dev, i);
	return 0;
}

/* Queues that do not start are tried again. */
static void hvnet_datapath_try_again(struct hvnet_dev *dev)
{
	queue_delayed_work(dev->wq, &dev->reset_work, HVNET_RECOVER_INTERVAL);
}

/**
 * hvnet_datapath_recover() - bring the queues back after a reset, now or, if that fails, later
 * @dev: the function
 *
 * Queues in the error state are found here, and reported.
 */
void hvnet_datapath_recover(struct hvnet_dev *dev)
{
	int err;

	rtnl_lock();
	err = hvnet_datapath_repair(dev);
	rtnl_unlock();
	if (err)
		hvnet_datapath_try_again(dev);
}

/* With rtnl held; the pairs may have been reset, or the netdev gone down, since the fault. */
static int hvnet_datapath_reset_faulty(struct hvnet_dev *dev, enum hvnet_fault fault)
{
	unsigned long pairs;
	unsigned int i;
	int err = 0;

	if (hvnet_dev_gone(dev))
		return -ENODEV;
	if (test_bit(HVNET_DEV_RESETTING, &dev->flags))
		return -ENETDOWN;
	if (hvnet_datapath_is_off(dev))
		return hvnet_datapath_restart(dev);

	pairs = xchg(&dev->faults[fault], 0);
	for_each_set_bit(i, &pairs, HVNET_MAX_QUEUE_PAIRS)
		if (!err && dev->running && i < dev->config.num_pairs)
			err = hvnet_datapath_reset_pair(dev, i);
	return err;
}

/**
 * hvnet_datapath_heal() - reset the queue pairs that have a fault
 * @dev: the function, which is up
 * @fault: the fault
 *
 * If their queues do not start again, this is tried again later.
 *
 * Context: task, with the lock of the devlink instance; takes rtnl
 *
 * Return: 0, or a negative error code if queues are off now
 */
int hvnet_datapath_heal(struct hvnet_dev *dev, enum hvnet_fault fault)
{
	int err;

	rtnl_lock();
	err = hvnet_datapath_reset_faulty(dev, fault);
	rtnl_unlock();
	if (err)
		hvnet_datapath_try_again(dev);
	else
		hvnet_health_check(dev);
	return err;
}

static void hvnet_datapath_reset_work(struct work_struct *work)
{
	hvnet_datapath_recover(container_of(to_delayed_work(work), struct hvnet_dev, reset_work));
}

/* Until the next reset of a queue may be. */
static unsigned long hvnet_datapath_pause(struct hvnet_dev *dev)
{
	unsigned long since = jiffies - READ_ONCE(dev->last_reset);

	return since < HVNET_RESET_INTERVAL ? HVNET_RESET_INTERVAL - since : 0;
}

/**
 * hvnet_datapath_check() - bring back what is off, report what is in the error state, soon
 * @dev: the function
 *
 * May be called from any context.
 */
void hvnet_datapath_check(struct hvnet_dev *dev)
{
	queue_delayed_work(dev->wq, &dev->reset_work, hvnet_datapath_pause(dev));
}

/**
 * hvnet_datapath_told() - the adapter was told how frames are to be received
 * @dev: the function
 * @err: what came of the command
 *
 * One that was not answered may still be carried out, and then the adapter has what we have not:
 * it is told all anew, with the queues started again.
 *
 * Return: @err
 */
int hvnet_datapath_told(struct hvnet_dev *dev, int err)
{
	if (err == -ETIMEDOUT && dev->running) {
		set_bit(HVNET_DEV_NEEDS_RESTART, &dev->flags);
		hvnet_datapath_check(dev);
	}
	return err;
}

/**
 * hvnet_datapath_fault() - a queue pair has a fault: report it, soon
 * @dev: the function
 * @fault: the fault
 * @pair: number of the pair
 *
 * The pair is reset when devlink says so, by itself or for the user; until then the same fault is
 * not reported again.  May be called from any context.
 */
void hvnet_datapath_fault(struct hvnet_dev *dev, enum hvnet_fault fault, unsigned int pair)
{
	if (!test_and_set_bit(pair, &dev->faults[fault]))
		hvnet_health_raise(dev, fault, hvnet_datapath_pause(dev));
}

/**
 * hvnet_datapath_init() - initialise the fields for the data path
 * @dev: the function
 */
void hvnet_datapath_init(struct hvnet_dev *dev)
{
	INIT_DELAYED_WORK(&dev->reset_work, hvnet_datapath_reset_work);
	dev->last_reset = jiffies - HVNET_RESET_INTERVAL;
}
