/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transmit: frames out of the memory of a function's driver.
 */
#ifndef HVNET_NIC_TRANSMIT_H
#define HVNET_NIC_TRANSMIT_H

#include <linux/types.h>

struct hvnet_batch;
struct hvnet_txq;

enum hvnet_poll_result {
	HVNET_POLL_OFF,		/* the queue is off, in error or may not do DMA: forget it */
	HVNET_POLL_EMPTY,	/* nothing to do now */
	HVNET_POLL_WAIT,	/* nothing may be done before txq->resume */
	HVNET_POLL_BUSY,	/* there was something to do */
};

enum hvnet_poll_result hvnet_transmit_poll(struct hvnet_txq *txq, struct hvnet_batch *batch);
enum hvnet_poll_result hvnet_transmit_sleep(struct hvnet_txq *txq);

#endif
