/* SPDX-License-Identifier: GPL-2.0 */
/* A queue pair: a transmit and a receive queue, their NAPI and their vector. */
#ifndef HVNET_PAIR_H
#define HVNET_PAIR_H

#include "moderation.h"
#include "rx.h"
#include "tx.h"

/**
 * struct hvnet_pair - a queue pair
 * @napi: polls both queues
 * @dev: the function
 * @index: number of the pair
 * @irq: its vector's Linux number
 * @irqs: interrupts, written by their handler
 * @started: between hvnet_pair_start() and hvnet_pair_stop(), under rtnl
 * @name: the interrupt's
 * @tx: transmit queue
 * @rx: receive queue
 * @rx_dim: adapts the moderation of the receive queue
 * @tx_dim: adapts that of the transmit queue
 */
struct hvnet_pair {
	struct napi_struct napi;
	struct hvnet_dev *dev;
	unsigned int index;
	int irq;
	u16 irqs;
	bool started;
	char name[IFNAMSIZ + 8];
	struct hvnet_tx tx;
	struct hvnet_rx rx;
	struct hvnet_dim rx_dim;
	struct hvnet_dim tx_dim;
};

int hvnet_pair_alloc(struct hvnet_pair *pair, struct hvnet_dev *dev, unsigned int index,
		     const struct hvnet_config *config);
void hvnet_pair_free(struct hvnet_pair *pair);
int hvnet_pair_start(struct hvnet_pair *pair);
int hvnet_pair_stop(struct hvnet_pair *pair, int err);
void hvnet_pair_reset(struct hvnet_pair *pair);

#endif
