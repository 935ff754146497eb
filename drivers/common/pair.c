// SPDX-License-Identifier: GPL-2.0
#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <net/page_pool/helpers.h>

#include "pair.h"
#include "xdp.h"
#include "xsk.h"

static irqreturn_t hvnet_pair_irq(int irq, void *data)
{
	struct hvnet_pair *pair = data;

	WRITE_ONCE(pair->irqs, pair->irqs + 1);
	napi_schedule_irqoff(&pair->napi);
	return IRQ_HANDLED;
}

/* Of transmitted packets those that were sent count: what was completed is not far from it. */
static void hvnet_pair_adapt(struct hvnet_pair *pair)
{
	const u64_stats_t *rx = pair->rx.stats->count, *tx = pair->tx.stats->count;
	u16 irqs = READ_ONCE(pair->irqs);

	if (READ_ONCE(pair->rx_dim.on))
		hvnet_dim_sample(&pair->rx_dim, irqs, u64_stats_read(&rx[HVNET_RX_STAT_PACKETS]),
				 u64_stats_read(&rx[HVNET_RX_STAT_BYTES]));
	if (READ_ONCE(pair->tx_dim.on))
		hvnet_dim_sample(&pair->tx_dim, irqs, u64_stats_read(&tx[HVNET_TX_STAT_PACKETS]),
				 u64_stats_read(&tx[HVNET_TX_STAT_BYTES]));
}

static int hvnet_pair_receive(struct hvnet_pair *pair, int budget)
{
	if (likely(!pair->rx.xdp))
		return hvnet_rx_poll(&pair->rx, budget);
	if (pair->rx.xsk)
		return hvnet_xsk_poll(&pair->rx, budget);
	return hvnet_xdp_poll(&pair->rx, budget);
}

/*
 * Interrupts are asked for after napi_complete_done(), when it lets us.  Another processor may poll
 * from then on; we only look.
 */
static int hvnet_pair_poll(struct napi_struct *napi, int budget)
{
	struct hvnet_pair *pair = container_of(napi, struct hvnet_pair, napi);
	int work;

	hvnet_tx_clean(&pair->tx, budget);
	if (unlikely(!budget))
		return 0;

	work = hvnet_pair_receive(pair, budget);
	if (unlikely(pair->tx.xsk) && !hvnet_xsk_transmit(&pair->tx))
		work = budget;
	if (work == budget)
		return work;
	hvnet_pair_adapt(pair);
	if (!napi_complete_done(napi, work))
		return work;

	hvnet_ring_arm(&pair->tx.ring);
	hvnet_ring_arm(&pair->rx.ring);
	mb();	/* the stores of arm before the loads of cons; the adapter does it crosswise */
	if (hvnet_tx_pending(&pair->tx) || hvnet_rx_pending(&pair->rx))
		napi_schedule(napi);
	return work;
}

/**
 * hvnet_pair_alloc() - allocate a queue pair's memory
 * @pair: the pair, zeroed
 * @dev: the function
 * @index: number of the pair
 * @config: sizes of its rings
 *
 * Return: 0 or a negative error code; hvnet_pair_free() cleans up in either case
 */
int hvnet_pair_alloc(struct hvnet_pair *pair, struct hvnet_dev *dev, unsigned int index,
		     const struct hvnet_config *config)
{
	int err;

	pair->dev = dev;
	pair->index = index;
	pair->irq = pci_irq_vector(dev->pdev, 1 + index);
	netif_napi_add(dev->netdev, &pair->napi, hvnet_pair_poll);
	netif_napi_set_irq(&pair->napi, pair->irq);
	hvnet_moderation_init(pair);

	err = hvnet_tx_alloc(&pair->tx, dev, index, config->tx_size);
	if (err)
		return err;
	return hvnet_rx_alloc(&pair->rx, dev, index, config, &pair->napi);
}

/**
 * hvnet_pair_free() - mirror image of hvnet_pair_alloc()
 * @pair: the pair, stopped and reset
 */
void hvnet_pair_free(struct hvnet_pair *pair)
{
	if (!pair->dev)
		return;
	/* Who gives a page back on another CPU may be looking at its pool's NAPI. */
	if (pair->rx.pool)
		page_pool_disable_direct_recycling(pair->rx.pool);
	/* Waits for a grace period: a poll that has ended may still be arming the rings. */
	netif_napi_del(&pair->napi);
	hvnet_rx_free(&pair->rx);
	hvnet_tx_free(&pair->tx);
}

static int hvnet_pair_request_irq(struct hvnet_pair *pair)
{
	struct hvnet_dev *dev = pair->dev;
	const struct cpumask *mask;
	int err;

	snprintf(pair->name, sizeof(pair->name), "%s-%u", dev->netdev->name, pair->index);
	err = request_irq(pair->irq, hvnet_pair_irq, 0, pair->name, pair);
	if (err)
		return err;

	/* The vector keeps its affinity, ours or the user's, when the queues are restarted. */
	mask = cpumask_of(cpumask_local_spread(pair->index, dev_to_node(&dev->pdev->dev)));
	if (__test_and_set_bit(pair->index, &dev->spread_irqs))
		irq_update_affinity_hint(pair->irq, mask);
	else
		irq_set_affinity_and_hint(pair->irq, mask);
	return 0;
}

static void hvnet_pair_free_irq(struct hvnet_pair *pair)
{
	irq_update_affinity_hint(pair->irq, NULL);
	free_irq(pair->irq, pair);
}

static void hvnet_pair_set_napi(struct hvnet_pair *pair, struct napi_struct *napi)
{
	netif_queue_set_napi(pair->dev->netdev, pair->index, NETDEV_QUEUE_TYPE_RX, napi);
	netif_queue_set_napi(pair->dev->netdev, pair->index, NETDEV_QUEUE_TYPE_TX, napi);
}

/**
 * hvnet_pair_start() - start both queues and NAPI
 * @pair: the pair, reset
 *
 * The transmit queue is still stopped for the stack.
 *
 * Return: 0 or a negative error code; after an error the pair is to be stopped and reset all the
 * same
 */
int hvnet_pair_start(struct hvnet_pair *pair)
{
	unsigned int vector = 1 + pair->index;
	int err;

	hvnet_xsk_start(pair);
	if (!hvnet_rx_fill(&pair->rx))
		return -ENOMEM;
	err = hvnet_moderation_start(pair);
	if (err)
		return err;
	err = hvnet_pair_request_irq(pair);
	if (err)
		return err;

	napi_enable(&pair->napi);
	hvnet_pair_set_napi(pair, &pair->napi);
	pair->started = true;

	err = hvnet_ring_enable(&pair->rx.ring, vector);
	if (!err)
		err = hvnet_ring_enable(&pair->tx.ring, vector);
	if (err) {
		netdev_err(pair->dev->netdev, "queue pair %u cannot be started: %pe\n",
			   pair->index, ERR_PTR(err));
		return err;
	}

	/* The first poll asks for the first interrupt. */
	local_bh_disable();
	napi_schedule(&pair->napi);
	local_bh_enable();
	return 0;
}

/**
 * hvnet_pair_stop() - stop both queues and NAPI
 * @pair: the pair
 * @err: not 0 if the adapter does not obey: it is not asked, and DMA has not ended on return
 *
 * The stack must not transmit on it any more when NAPI, which could let it, has ended: this is
 * seen to here.
 *
 * Return: 0 if DMA has ended and the pair may be reset; otherwise @err or another negative error
 * code
 */
int hvnet_pair_stop(struct hvnet_pair *pair, int err)
{
	if (!pair->started)
		return err;
	pair->started = false;

	hvnet_moderation_stop(pair);
	hvnet_pair_set_napi(pair, NULL);
	napi_disable(&pair->napi);
	/* A poll that has ended may still be arming the rings. */
	synchronize_net();
	__netif_tx_lock_bh(pair->tx.txq);
	netif_tx_stop_queue(pair->tx.txq);
	__netif_tx_unlock_bh(pair->tx.txq);

	err = err ?: hvnet_ring_disable(&pair->tx.ring);
	err = err ?: hvnet_ring_disable(&pair->rx.ring);
	hvnet_pair_free_irq(pair);
	return err;
}

/**
 * hvnet_pair_reset() - drop all frames and buffers; its faults are over
 * @pair: a pair that was stopped
 */
void hvnet_pair_reset(struct hvnet_pair *pair)
{
	enum hvnet_fault fault;

	hvnet_tx_reset(&pair->tx);
	hvnet_rx_reset(&pair->rx);
	for (fault = 0; fault < HVNET_NUM_FAULTS; fault++)
		clear_bit(pair->index, &pair->dev->faults[fault]);
	hvnet_xsk_end(pair);
}
