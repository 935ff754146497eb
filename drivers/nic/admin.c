// SPDX-License-Identifier: GPL-2.0
/*
 * Admin commands, executed.
 */
#include <linux/bitfield.h>
#include <linux/string.h>

#include <hvnet/abi/admin.h>

#include "adapter.h"
#include "admin.h"
#include "function.h"
#include "mailbox.h"
#include "msix.h"
#include "policy.h"
#include "queue.h"
#include "registers.h"
#include "steer.h"

/* Arguments of any command, copied from BAR 0. */
union args {
	struct hvnet_admin_queue queue;
	struct hvnet_admin_filter filter;
	struct hvnet_admin_vport vport;
	struct hvnet_admin_mailbox mailbox;
	struct hvnet_admin_ring ring;
	struct hvnet_admin_rx rx;
	struct hvnet_admin_rss rss;
	struct hvnet_admin_moderate moderate;
	struct hvnet_admin_interrupt interrupt;
	struct hvnet_admin_loopback loopback;
	struct hvnet_admin_link link;
	struct hvnet_admin_policy policy;
	struct hvnet_admin_switch nic_switch;
	struct hvnet_admin_clock clock;
	struct hvnet_admin_steer steer;
	struct hvnet_admin_unsteer steer_del;
	struct hvnet_admin_vlans vlans;
};

union result {
	struct hvnet_admin_mailbox mailbox;
	struct hvnet_admin_stats stats;
	struct hvnet_admin_link_state link;
	struct hvnet_admin_port_stats port;
};

static enum hvnet_code code_of_errno(int err)
{
	switch (err) {
	case 0:
		return HVNET_OK;
	case -EEXIST:
		return HVNET_E_EXISTS;
	case -ENOENT:
		return HVNET_E_ABSENT;
	case -ENOSPC:
	case -ENOMEM:
	case -EBUSY: /* the table is being enlarged */
	case -E2BIG:
		return HVNET_E_SPACE;
	default:
		return HVNET_E_RANGE;
	}
}

static enum hvnet_code filter_add(struct hvnet_fn *fn, const union args *args, union result *res)
{
	const struct hvnet_admin_filter *filter = &args->filter;

	return code_of_errno(hvnet_switch_filter_add(&fn->adapter->nic_switch,
						     le16_to_cpu(filter->vport), filter->mac,
						     le16_to_cpu(filter->vlan)));
}

static enum hvnet_code filter_del(struct hvnet_fn *fn, const union args *args, union result *res)
{
	const struct hvnet_admin_filter *filter = &args->filter;

	return code_of_errno(hvnet_switch_filter_del(&fn->adapter->nic_switch,
						     le16_to_cpu(filter->vport), filter->mac,
						     le16_to_cpu(filter->vlan)));
}

static enum hvnet_code vport_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	return code_of_errno(hvnet_switch_vport_set_flags(&fn->adapter->nic_switch,
							  le16_to_cpu(args->vport.vport),
							  le16_to_cpu(args->vport.flags)));
}

static enum hvnet_code policy_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	return hvnet_policy_set(fn->adapter, &args->policy);
}

static enum hvnet_code switch_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	u16 flags = le16_to_cpu(args->nic_switch.flags);
	u16 mtu = le16_to_cpu(args->nic_switch.vf_mtu);

	if (flags & ~HVNET_SWITCH_VEPA)
		return HVNET_E_RANGE;
	if (mtu && (mtu < HVNET_SWITCH_MIN_MTU || mtu > HVNET_MAX_MTU))
		return HVNET_E_RANGE;
	hvnet_switch_set_vepa(&fn->adapter->nic_switch, flags & HVNET_SWITCH_VEPA);
	hvnet_switch_set_vf_mtu(&fn->adapter->nic_switch, mtu);
	hvnet_dma_sync();
	return HVNET_OK;
}

static enum hvnet_code queue_enable(struct hvnet_fn *fn, const union args *args,
				    union result *res)
{
	return hvnet_queue_enable(fn, le16_to_cpu(args->queue.queue));
}

static enum hvnet_code queue_disable(struct hvnet_fn *fn, const union args *args,
				     union result *res)
{
	return hvnet_queue_disable(fn, le16_to_cpu(args->queue.queue));
}

static enum hvnet_code rx_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	struct hvnet_rx_settings settings;
	enum hvnet_code code;

	code = hvnet_rx_settings_parse(&settings, &args->rx, HVNET_MAX_FRAME);
	if (code != HVNET_OK)
		return code;
	return hvnet_queue_set_rx(fn, le16_to_cpu(args->rx.queue), &settings);
}

static enum hvnet_code rss_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	if (args->rss.context)
		return hvnet_steer_fn_context(fn, &args->rss);
	return hvnet_queue_set_rss(fn, &args->rss);
}

static enum hvnet_code vlans_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	int err;

	err = hvnet_switch_set_vlans(&fn->adapter->nic_switch, fn->vport, &args->vlans);
	if (!err)
		hvnet_dma_sync();
	return code_of_errno(err);
}

static enum hvnet_code moderate(struct hvnet_fn *fn, const union args *args, union result *res)
{
	const struct hvnet_admin_moderate *moderate = &args->moderate;

	if (moderate->rsvd)
		return HVNET_E_RANGE;
	return hvnet_queue_moderate(fn, le16_to_cpu(moderate->queue),
				    le16_to_cpu(moderate->usecs), le16_to_cpu(moderate->frames));
}

static enum hvnet_code interrupt(struct hvnet_fn *fn, const union args *args, union result *res)
{
	u16 vector = le16_to_cpu(args->interrupt.vector);

	if (vector > fn->adapter->queue_pairs || args->interrupt.rsvd)
		return HVNET_E_RANGE;
	hvnet_msix_raise(fn, vector);
	return HVNET_OK;
}

static enum hvnet_code loopback(struct hvnet_fn *fn, const union args *args, union result *res)
{
	u16 on = le16_to_cpu(args->loopback.on);

	if (on > 1 || args->loopback.rsvd)
		return HVNET_E_RANGE;
	WRITE_ONCE(fn->loopback, on);
	return HVNET_OK;
}

static void count_rx(struct hvnet_admin_stats *stats, const struct hvnet_rxq *rxq)
{
	le64_add_cpu(&stats->rx_packets, READ_ONCE(rxq->packets));
	le64_add_cpu(&stats->rx_bytes, READ_ONCE(rxq->bytes));
	le64_add_cpu(&stats->rx_multicast, READ_ONCE(rxq->multicast));
	le64_add_cpu(&stats->rx_broadcast, READ_ONCE(rxq->broadcast));
	le64_add_cpu(&stats->rx_no_buffer, READ_ONCE(rxq->no_buffer));
	le64_add_cpu(&stats->rx_off, READ_ONCE(rxq->off));
	le64_add_cpu(&stats->rx_error, READ_ONCE(rxq->error));
	le64_add_cpu(&stats->rx_oversize, READ_ONCE(rxq->oversize));
}

static void count_tx(struct hvnet_admin_stats *stats, const struct hvnet_txq *txq)
{
	le64_add_cpu(&stats->tx_packets, READ_ONCE(txq->packets));
	le64_add_cpu(&stats->tx_bytes, READ_ONCE(txq->bytes));
	le64_add_cpu(&stats->tx_multicast, READ_ONCE(txq->multicast));
	le64_add_cpu(&stats->tx_broadcast, READ_ONCE(txq->broadcast));
	le64_add_cpu(&stats->tx_no_dest, READ_ONCE(txq->no_dest));
	le64_add_cpu(&stats->tx_bad_offload, READ_ONCE(txq->bad_offload));
	le64_add_cpu(&stats->tx_spoofed, READ_ONCE(txq->refused[HVNET_REFUSAL_SPOOFED]));
	le64_add_cpu(&stats->tx_bad_vlan, READ_ONCE(txq->refused[HVNET_REFUSAL_BAD_VLAN]));
	le64_add_cpu(&stats->tx_link_off, READ_ONCE(txq->refused[HVNET_REFUSAL_LINK_OFF]));
	le64_add_cpu(&stats->tx_oversize, READ_ONCE(txq->refused[HVNET_REFUSAL_OVERSIZE]));
	le64_add_cpu(&stats->tx_throttled, READ_ONCE(txq->throttled));
}

static enum hvnet_code steer_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	return hvnet_steer_fn_set(fn, &args->steer);
}

static enum hvnet_code steer_del(struct hvnet_fn *fn, const union args *args, union result *res)
{
	return hvnet_steer_fn_del(fn, &args->steer_del);
}

static void count_queues(struct hvnet_fn *fn, struct hvnet_admin_stats *stats)
{
	unsigned int i;

	for (i = 0; i < fn->adapter->queue_pairs; i++) {
		count_rx(stats, &fn->rxq[i]);
		count_tx(stats, &fn->txq[i]);
	}
}

static enum hvnet_code vport_stats(struct hvnet_fn *fn, const union args *args, union result *res)
{
	struct hvnet_fn *of = hvnet_adapter_vport(fn->adapter, le16_to_cpu(args->vport.vport));

	if (!of)
		return HVNET_E_RANGE;
	if (of != fn && !hvnet_fn_is_pf(fn))
		return HVNET_E_PERM;
	/* Structures of another function's queues are set, both or none, and never go away. */
	if (smp_load_acquire(&of->txq))
		count_queues(of, &res->stats);
	le64_add_cpu(&res->stats.rx_off, atomic64_read(&of->rx_off));
	res->stats.rx_link_off = cpu_to_le64(atomic64_read(&of->rx_link_off));
	res->stats.rx_steer_drop = cpu_to_le64(atomic64_read(&of->rx_steer_drop));
	res->stats.rx_vlan_drop = cpu_to_le64(atomic64_read(&of->rx_vlan_drop));
	res->stats.dma_faults = cpu_to_le64(atomic64_read(&of->dma_faults));
	res->stats.bad_doorbells = cpu_to_le64(READ_ONCE(of->bad_doorbells));
	return HVNET_OK;
}

static enum hvnet_code mailbox_fetch(struct hvnet_fn *fn, const union args *args,
				     union result *res)
{
	return hvnet_mailbox_fetch(fn->adapter, &res->mailbox);
}

static enum hvnet_code mailbox_reply(struct hvnet_fn *fn, const union args *args,
				     union result *res)
{
	return hvnet_mailbox_reply(fn->adapter, &args->mailbox);
}

static enum hvnet_code mailbox_ring(struct hvnet_fn *fn, const union args *args,
				    union result *res)
{
	return hvnet_mailbox_ring(fn->adapter, le16_to_cpu(args->ring.vf));
}

static enum hvnet_code link_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	return hvnet_port_set(fn->adapter, &args->link);
}

static enum hvnet_code link_get(struct hvnet_fn *fn, const union args *args, union result *res)
{
	hvnet_port_get(fn->adapter, &res->link);
	return HVNET_OK;
}

static enum hvnet_code port_stats(struct hvnet_fn *fn, const union args *args, union result *res)
{
	hvnet_port_stats(&fn->adapter->port, &res->port);
	return HVNET_OK;
}

static enum hvnet_code clock_set(struct hvnet_fn *fn, const union args *args, union result *res)
{
	hvnet_phc_set(&fn->adapter->phc, &args->clock);
	return HVNET_OK;
}

static enum hvnet_code clock_step(struct hvnet_fn *fn, const union args *args, union result *res)
{
	hvnet_phc_step(&fn->adapter->phc, &args->clock);
	return HVNET_OK;
}

static enum hvnet_code clock_rate(struct hvnet_fn *fn, const union args *args, union result *res)
{
	return hvnet_phc_set_rate(&fn->adapter->phc, &args->clock);
}

/* What an opcode does, and whether it is for the PF only. */
static const struct command {
	enum hvnet_code (*run)(struct hvnet_fn *fn, const union args *args, union result *res);
	bool pf;
} commands[] = {
	[HVNET_ADMIN_QUEUE_ENABLE] = { queue_enable },
	[HVNET_ADMIN_QUEUE_DISABLE] = { queue_disable },
	[HVNET_ADMIN_STATS] = { vport_stats },
	[HVNET_ADMIN_RX_SET] = { rx_set },
	[HVNET_ADMIN_RSS_SET] = { rss_set },
	[HVNET_ADMIN_VLANS_SET] = { vlans_set },
	[HVNET_ADMIN_MODERATE] = { moderate },
	[HVNET_ADMIN_INTERRUPT] = { interrupt },
	[HVNET_ADMIN_LOOPBACK] = { loopback },
	[HVNET_ADMIN_STEER_SET] = { steer_set },
	[HVNET_ADMIN_STEER_DEL] = { steer_del },
	[HVNET_ADMIN_FILTER_ADD] = { filter_add, true },
	[HVNET_ADMIN_FILTER_DEL] = { filter_del, true },
	[HVNET_ADMIN_VPORT_SET] = { vport_set, true },
	[HVNET_ADMIN_MAILBOX_FETCH] = { mailbox_fetch, true },
	[HVNET_ADMIN_MAILBOX_REPLY] = { mailbox_reply, true },
	[HVNET_ADMIN_MAILBOX_RING] = { mailbox_ring, true },
	[HVNET_ADMIN_LINK_SET] = { link_set, true },
	[HVNET_ADMIN_LINK_GET] = { link_get, true },
	[HVNET_ADMIN_PORT_STATS] = { port_stats, true },
	[HVNET_ADMIN_POLICY_SET] = { policy_set, true },
	[HVNET_ADMIN_SWITCH_SET] = { switch_set, true },
	[HVNET_ADMIN_CLOCK_SET] = { clock_set, true },
	[HVNET_ADMIN_CLOCK_STEP] = { clock_step, true },
	[HVNET_ADMIN_CLOCK_RATE] = { clock_rate, true },
};

static enum hvnet_code run(struct hvnet_fn *fn, u16 opcode, union result *res)
{
	const struct command *command;
	union args args;

	if (opcode >= ARRAY_SIZE(commands) || !commands[opcode].run)
		return HVNET_E_OPCODE;
	command = &commands[opcode];
	if (command->pf && !hvnet_fn_is_pf(fn))
		return HVNET_E_PERM;
	memcpy(&args, fn->bar + HVNET_ADMIN_ARG, sizeof(args));
	return command->run(fn, &args, res);
}

/**
 * hvnet_admin_run() - carry out the command in BAR 0
 * @fn: function whose driver rang HVNET_DB_ADMIN
 *
 * Context: the function's work.
 */
void hvnet_admin_run(struct hvnet_fn *fn)
{
	u32 cmd = hvnet_reg_read(fn, HVNET_REG_ADMIN_CMD);
	union result result = {};
	enum hvnet_code code;

	code = run(fn, FIELD_GET(HVNET_ADMIN_OPCODE, cmd), &result);
	memcpy(fn->bar + HVNET_ADMIN_RESULT, &result, sizeof(result));
	/* The result before the status that announces it. */
	smp_wmb();
	hvnet_reg_write(fn, HVNET_REG_ADMIN_STATUS,
			(cmd & HVNET_ADMIN_SEQ) | FIELD_PREP(HVNET_ADMIN_CODE, code));
}
