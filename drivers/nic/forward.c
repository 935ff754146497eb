// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding: the NIC switch's verdict on a frame, carried out.
 */
#include "adapter.h"
#include "batch.h"
#include "forward.h"
#include "receive.h"
#include "wire.h"

/**
 * hvnet_forward() - send the frame in hand where the NIC switch says
 * @batch: in its section, with the frame
 * @src_vport: who sent it, HVNET_VPORT_UPLINK if it came from the wire
 *
 * Return: true if there was a destination.
 */
bool hvnet_forward(struct hvnet_batch *batch, u16 src_vport)
{
	struct hvnet_adapter *adapter = batch->adapter;
	struct hvnet_verdict verdict;
	bool any = false;
	u16 vport;

	hvnet_switch_classify(&adapter->nic_switch, src_vport, batch->frame.head,
			      hvnet_frame_vlan(&batch->frame), &verdict);
	if (likely(verdict.unicast != HVNET_VPORT_NONE)) {
		hvnet_receive(batch, &adapter->fn[verdict.unicast], src_vport);
		any = true;
	}
	hvnet_verdict_for_each_copy(&verdict, vport) {
		hvnet_receive(batch, &adapter->fn[vport], src_vport);
		any = true;
	}
	if (verdict.uplink)
		any |= hvnet_wire_send(batch);
	return any;
}

/**
 * hvnet_forward_to() - send the frame in hand where its sender says
 * @batch: in its section, with the frame
 * @src_vport: who sent it
 * @dst_vport: where to, any value
 *
 * Return: true if there is such a destination.
 */
bool hvnet_forward_to(struct hvnet_batch *batch, u16 src_vport, u16 dst_vport)
{
	struct hvnet_fn *fn;

	if (dst_vport == HVNET_VPORT_UPLINK)
		return hvnet_wire_send(batch);
	fn = hvnet_adapter_vport(batch->adapter, dst_vport);
	if (!fn)
		return false;
	hvnet_receive(batch, fn, src_vport);
	return true;
}
