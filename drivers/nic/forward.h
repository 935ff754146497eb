/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forwarding: the NIC switch's verdict on a frame, carried out.
 */
#ifndef HVNET_NIC_FORWARD_H
#define HVNET_NIC_FORWARD_H

#include <linux/types.h>

#include "batch.h"
#include "receive.h"

bool hvnet_forward_anew(struct hvnet_batch *batch, u16 src_vport, u16 *copies);
bool hvnet_forward_to(struct hvnet_batch *batch, u16 src_vport, u16 dst_vport);

/**
 * hvnet_forward() - send the frame in hand where the NIC switch says
 * @batch: in its section, with the frame, and with something left to spend
 * @src_vport: who sent it, HVNET_VPORT_UPLINK if it came from the wire
 * @copies: 0 at first; not 0 afterwards if the section has lasted long enough and the frame must be
 *	sent again, with this value, in another one
 *
 * The frame may have changed when it is sent again.  Each receiver gets what it should get of the
 * frame as it is then.
 *
 * Return: true if there was a destination.
 */
static inline bool hvnet_forward(struct hvnet_batch *batch, u16 src_vport, u16 *copies)
{
	/* Successive frames mostly go the same way, to one function. */
	if (unlikely(hvnet_frame_flow(&batch->frame) != batch->flow || !batch->only || *copies))
		return hvnet_forward_anew(batch, src_vport, copies);
	batch->spent += hvnet_batch_cost(batch);
	hvnet_receive(batch, batch->only, src_vport);
	return true;
}

#endif
