/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Receive: frames into the memory of a function's driver.
 */
#ifndef HVNET_NIC_RECEIVE_H
#define HVNET_NIC_RECEIVE_H

#include <linux/types.h>

struct hvnet_batch;
struct hvnet_fn;

void hvnet_receive(struct hvnet_batch *batch, struct hvnet_fn *fn, u16 src_vport);
void hvnet_receive_on(struct hvnet_batch *batch, struct hvnet_fn *fn, u16 src_vport, u16 queue);
void hvnet_receive_release(struct hvnet_batch *batch);

#endif
