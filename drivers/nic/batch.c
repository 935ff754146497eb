// SPDX-License-Identifier: GPL-2.0
/*
 * A batch: frames forwarded inside one DMA section.
 */
#include "adapter.h"
#include "batch.h"
#include "msix.h"
#include "queue.h"
#include "receive.h"
#include "wire.h"

/**
 * hvnet_batch_init() - prepare a batch for use and reuse
 * @batch: the batch
 * @adapter: whose frames
 */
void hvnet_batch_init(struct hvnet_batch *batch, struct hvnet_adapter *adapter)
{
	batch->adapter = adapter;
	batch->rxq = NULL;
	batch->raise = NULL;
	INIT_LIST_HEAD(&batch->wire);
}

static void raise_interrupts(struct hvnet_batch *batch)
{
	struct hvnet_rxq *rxq = batch->raise;

	batch->raise = NULL;
	while (rxq) {
		struct hvnet_rxq *next = rxq->raise_next;
		u16 vector = READ_ONCE(rxq->ring.cfg.vector);

		/* Whoever sets the bit from now on raises the interrupt again. */
		clear_bit_unlock(HVNET_RXQ_RAISING, &rxq->flags);
		smp_mb__after_atomic(); /* the bit before the handler's look at the ring */
		hvnet_msix_raise(rxq->fn, vector);
		rxq = next;
	}
}

/**
 * hvnet_batch_end() - publish what was delivered, end the section, do what had to wait for it
 * @batch: started with hvnet_batch_begin(); empty and ready for reuse afterwards
 */
void hvnet_batch_end(struct hvnet_batch *batch)
{
	hvnet_receive_release(batch);
	__acquire(RCU);
	rcu_read_unlock();
	hvnet_dma_exit();

	if (batch->raise)
		raise_interrupts(batch);
	if (!list_empty(&batch->wire))
		hvnet_wire_receive(batch->adapter->wire, &batch->wire);
}
