// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding: the NIC switch's verdict on a frame, carried out.
 */
#include "adapter.h"
#include "batch.h"
#include "forward.h"
#include "policy.h"
#include "receive.h"
#include "wire.h"

/* The function that is the frame's only destination and has no policy, or NULL. */
static struct hvnet_fn *only_receiver(const struct hvnet_batch *batch)
{
	const struct hvnet_verdict *verdict = &batch->verdict;

	if (verdict->unicast == HVNET_VPORT_NONE || verdict->port || verdict->uplink ||
	    verdict->copies[0])
		return NULL;
	return &batch->adapter->fn[verdict->unicast];
}

/* Ask the switch, unless the frame goes the way of the one before. */
static void classify(struct hvnet_batch *batch, u16 src_vport)
{
	struct hvnet_switch *sw = &batch->adapter->nic_switch;
	u64 flow = hvnet_frame_flow(&batch->frame);

	if (likely(flow == batch->flow))
		return;
	hvnet_switch_classify(sw, src_vport, batch->frame.head, hvnet_tag_vlan(batch->frame.tag),
			      &batch->verdict);
	batch->flow = flow;
	/* The wire's batches are of one frame: the verdict is for this source alone. */
	if (src_vport == HVNET_VPORT_UPLINK && unlikely(READ_ONCE(sw->vepa)))
		hvnet_switch_prune(sw, batch->frame.head + ETH_ALEN, &batch->verdict);
	batch->only = only_receiver(batch);
}

static void deliver(struct hvnet_batch *batch, u16 vport, u32 port, u16 src_vport)
{
	struct hvnet_fn *fn = &batch->adapter->fn[vport];

	if (likely(!port))
		hvnet_receive(batch, fn, src_vport);
	else
		hvnet_policy_deliver(batch, fn, port, src_vport, HVNET_STEER_ANY_QUEUE);
}

/*
 * One after the other, beginning with @from, for as long as the section may last.  Each section
 * makes one copy at least, however much a frame costs, so a frame comes to its end.
 *
 * Return: the first that has not got its copy yet, or 0.  Vport 0 is never among these: it is the
 * first of all.
 */
static u16 send_copies(struct hvnet_batch *batch, u16 from, bool *any)
{
	u16 vlan = hvnet_tag_vlan(batch->frame.tag), vport;
	bool made = false;
	u32 spent;

	hvnet_verdict_for_each_copy(&batch->verdict, from, vport) {
		u32 port = hvnet_switch_port_for(&batch->adapter->nic_switch, vport, vlan);

		if (made && batch->spent >= HVNET_BATCH_MAX)
			return vport;
		if (unlikely(port) && !hvnet_port_receives(port, vlan)) {
			batch->spent += HVNET_BATCH_SKIP;
			continue;
		}
		spent = batch->spent;
		deliver(batch, vport, port, batch->verdict.src);
		/* A wait for one receiver must not end the section for the others. */
		batch->spent = min(batch->spent, spent + HVNET_BATCH_TURN);
		batch->spent += HVNET_BATCH_COPY + hvnet_batch_cost(batch);
		made = true;
	}
	*any |= made;
	return 0;
}

/**
 * hvnet_forward_anew() - hvnet_forward() for a frame that may go elsewhere than the one before
 * @batch: as hvnet_forward()
 * @src_vport: as hvnet_forward()
 * @copies: as hvnet_forward()
 *
 * Return: as hvnet_forward().
 */
bool hvnet_forward_anew(struct hvnet_batch *batch, u16 src_vport, u16 *copies)
{
	const struct hvnet_verdict *verdict = &batch->verdict;
	bool any = *copies;

	classify(batch, src_vport);
	batch->spent += hvnet_batch_cost(batch);
	if (likely(!any)) {
		if (likely(verdict->unicast != HVNET_VPORT_NONE)) {
			deliver(batch, verdict->unicast, verdict->port, src_vport);
			any = true;
		}
		if (verdict->uplink)
			any |= hvnet_wire_send(batch);
	}
	*copies = verdict->copies[0] ? send_copies(batch, *copies, &any) : 0;
	return any;
}

/**
 * hvnet_forward_to() - send the frame in hand where its sender says
 * @batch: in its section, with the frame
 * @src_vport: who sent it
 * @dst_vport: where to, any value; of its policy, only a link that is off matters, and that not
 *	to itself
 *
 * Return: true if there is such a destination.
 */
bool hvnet_forward_to(struct hvnet_batch *batch, u16 src_vport, u16 dst_vport)
{
	u32 port;

	batch->spent += hvnet_batch_cost(batch);
	if (dst_vport == HVNET_VPORT_UPLINK)
		return hvnet_wire_send(batch);
	if (!hvnet_adapter_vport(batch->adapter, dst_vport))
		return false;
	port = hvnet_switch_port(&batch->adapter->nic_switch, dst_vport) & HVNET_PORT_LINK_OFF;
	deliver(batch, dst_vport, dst_vport == src_vport ? 0 : port, src_vport);
	return true;
}
