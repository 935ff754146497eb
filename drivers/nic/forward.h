/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forwarding: the NIC switch's verdict on a frame, carried out.
 */
#ifndef HVNET_NIC_FORWARD_H
#define HVNET_NIC_FORWARD_H

#include <linux/types.h>

struct hvnet_batch;

bool hvnet_forward(struct hvnet_batch *batch, u16 src_vport, u16 *copies);
bool hvnet_forward_to(struct hvnet_batch *batch, u16 src_vport, u16 dst_vport);

#endif
