// SPDX-License-Identifier: GPL-2.0
/*
 * Policy of vports, applied to frames.
 *
 * Who has none does not come here: the data path looks at one word for the sender of a batch and at
 * one for each receiver.
 */
#include <linux/if_ether.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>

#include "adapter.h"
#include "batch.h"
#include "function.h"
#include "policy.h"
#include "queue.h"
#include "receive.h"
#include "trace.h"

static void set(struct hvnet_fn *fn, u32 port, u32 rate)
{
	/* Queues that wait look again before long, and see that their grants have ended. */
	spin_lock_bh(&fn->shaper_lock);
	hvnet_shaper_set(&fn->shaper, rate, ktime_get_ns());
	spin_unlock_bh(&fn->shaper_lock);
	hvnet_switch_set_port(&fn->adapter->nic_switch, fn->vport, port);
}

/**
 * hvnet_policy_set() - replace the policy of a vport, or of all VFs
 * @adapter: the adapter
 * @args: a copy of what the PF's driver wrote
 *
 * No frame passes by the old policy when it returns.
 *
 * Context: the PF's work.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_policy_set(struct hvnet_adapter *adapter,
				 const struct hvnet_admin_policy *args)
{
	bool all = args->vport == cpu_to_le16(HVNET_POLICY_ALL_VFS);
	struct hvnet_fn *fn = hvnet_adapter_vport(adapter, le16_to_cpu(args->vport));
	u32 rate = le32_to_cpu(args->max_rate);
	enum hvnet_code code;
	unsigned int i;
	u32 port;

	if (!fn && !all)
		return HVNET_E_RANGE;
	code = hvnet_port_parse(&port, args);
	if (code != HVNET_OK)
		return code;

	if (fn)
		set(fn, port, rate);
	for (i = 0; all && i < adapter->total_vfs; i++)
		set(&adapter->fn[HVNET_VPORT_VF(i)], port, rate);
	/* Batches read it when they begin. */
	hvnet_dma_sync();
	return HVNET_OK;
}

/* Successive frames mostly have one source. */
static enum hvnet_refusal check_source(struct hvnet_batch *batch, u16 vport)
{
	const u8 *mac = batch->frame.head + ETH_ALEN;
	u16 vlan = hvnet_tag_vlan(batch->frame.tag);
	u64 source = (get_unaligned_be64(mac) & ~0xffffULL) | vlan;
	enum hvnet_refusal refusal;

	if (likely(source == batch->source))
		return HVNET_REFUSAL_NONE;
	refusal = hvnet_switch_check_source(&batch->adapter->nic_switch, vport, mac, vlan);
	if (refusal == HVNET_REFUSAL_NONE)
		batch->source = source;
	return refusal;
}

/* Each frame by itself, of a packet to be segmented, without a tag. */
static bool is_oversize(const struct hvnet_batch *batch)
{
	u16 mtu = READ_ONCE(batch->adapter->nic_switch.vf_mtu);
	const struct hvnet_frame *frame = &batch->frame;
	u32 len = frame->len;

	if (batch->offload.segments)
		len = min(len, frame->head_len + batch->request.offload.gso_size);
	/* The limit may be gone again. */
	return mtu && len > ETH_HLEN + mtu;
}

/**
 * hvnet_policy_admit() - may the frame in hand enter the NIC switch?
 * @batch: in its section, with the frame, whose sender has a policy; a port VLAN's tag is put on
 * @fn: the sender
 *
 * Return: HVNET_REFUSAL_NONE, or why it is to be dropped.
 */
enum hvnet_refusal hvnet_policy_admit(struct hvnet_batch *batch, struct hvnet_fn *fn)
{
	const struct ethhdr *eth = (const struct ethhdr *)batch->frame.head;
	struct hvnet_frame *frame = &batch->frame;
	enum hvnet_refusal refusal;

	refusal = hvnet_port_admit(batch->port, eth->h_proto, &frame->tag);
	if (refusal == HVNET_REFUSAL_NONE && batch->port & HVNET_PORT_SPOOF_CHECK)
		refusal = check_source(batch, fn->vport);
	if (refusal == HVNET_REFUSAL_NONE && batch->port & HVNET_PORT_LIMITED && is_oversize(batch))
		refusal = HVNET_REFUSAL_OVERSIZE;
	if (refusal != HVNET_REFUSAL_NONE)
		trace_hvnet_frame_refused(fn->adapter->name, fn->vport, refusal,
					  eth->h_source, hvnet_tag_vlan(frame->tag));
	return refusal;
}

/**
 * hvnet_policy_deliver() - deliver the frame in hand to a vport that has a policy
 * @batch: in its section, with the frame, which is of the vport's VLAN if that has one
 * @fn: receiver
 * @port: its policy for the frame
 * @src_vport: who sent it
 * @queue: queue pair, or HVNET_STEER_ANY_QUEUE: one that the receiver's driver chooses
 */
void hvnet_policy_deliver(struct hvnet_batch *batch, struct hvnet_fn *fn, u32 port, u16 src_vport,
			  u16 queue)
{
	u32 tag = batch->frame.tag;

	if (port & HVNET_PORT_LINK_OFF) {
		atomic64_add(hvnet_offload_frames(&batch->offload), &fn->rx_link_off);
		return;
	}
	if (port & HVNET_PORT_VLAN_OUT) {
		atomic64_add(hvnet_offload_frames(&batch->offload), &fn->rx_vlan_drop);
		return;
	}
	/* Other receivers may see it. */
	batch->frame.tag = hvnet_tag_to_port(port & HVNET_PORT_TAG, tag);
	if (likely(queue == HVNET_STEER_ANY_QUEUE))
		hvnet_receive(batch, fn, src_vport);
	else
		hvnet_receive_on(batch, fn, src_vport, queue);
	batch->frame.tag = tag;
}

/* Called with shaper_lock held. */
static void renew_grant(struct hvnet_txq *txq, struct hvnet_shaper *shaper, u64 now)
{
	if (txq->generation != shaper->generation) {
		txq->generation = shaper->generation;
		txq->grant = 0;
	}
	if (txq->grant > 0)
		return;
	/* No rate any more: the batch read the policy just before. */
	if (!shaper->rate) {
		txq->resume = now;
		txq->grant = HVNET_SHAPER_MIN_GRANT;
		return;
	}
	txq->resume = hvnet_shaper_ask(shaper, now, -txq->grant);
	txq->grant = shaper->grant;
	txq->throttled += txq->resume > now;
}

/**
 * hvnet_policy_may_send() - may a queue send now, by its vport's rate?
 * @txq: queue of a vport that has one; its grant is what it may send
 *
 * Context: the queue's engine, in a section.
 *
 * Return: false if it may not before @txq->resume.
 */
bool hvnet_policy_may_send(struct hvnet_txq *txq)
{
	struct hvnet_fn *fn = txq->fn;
	u64 now = ktime_get_ns();

	spin_lock(&fn->shaper_lock);
	renew_grant(txq, &fn->shaper, now);
	spin_unlock(&fn->shaper_lock);
	return txq->resume <= now;
}
