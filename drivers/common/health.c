// SPDX-License-Identifier: GPL-2.0
/*
 * Faults of queue pairs, as devlink health reporters.
 *
 * A fault is noted in hvnet_dev.faults, in any context, and report_work tells devlink.  It is
 * devlink that has the pair reset, at once if the reporter recovers by itself, or when the user
 * says so: there is no other way from here to a reset.  A reset of all queues, for another reason,
 * ends faults too: report_work then says that all is well.
 *
 * Reporters and report_work live as long as the devlink instance, through reloads: who reloads
 * holds the instance's lock, which devlink_health_report() takes.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "datapath.h"
#include "device.h"
#include "health.h"
#include "pair.h"

/* Descriptors in a dump, from the one that the adapter has come to. */
#define HVNET_HEALTH_DESCS	16

static const char * const hvnet_health_texts[HVNET_NUM_FAULTS] = {
	[HVNET_FAULT_TX] = "transmit timeout",
	[HVNET_FAULT_DMA] = "queue stopped",
};

static const char * const hvnet_state_names[] = {
	[HVNET_QUEUE_OFF] = "off",
	[HVNET_QUEUE_ON] = "on",
	[HVNET_QUEUE_ERROR] = "error",
};

static const char * const hvnet_error_names[] = {
	[HVNET_QERR_NONE] = "none",
	[HVNET_QERR_INDEX] = "index",
	[HVNET_QERR_DMA] = "dma",
	[HVNET_QERR_LENGTH] = "length",
	[HVNET_QERR_CHAIN] = "chain",
	[HVNET_QERR_FLAGS] = "flags",
	[HVNET_QERR_OFFLOAD] = "offload",
};

static const char *hvnet_health_state_name(u32 state)
{
	return state < ARRAY_SIZE(hvnet_state_names) ? hvnet_state_names[state] : "unknown";
}

static const char *hvnet_health_error_name(u32 error)
{
	return error < ARRAY_SIZE(hvnet_error_names) ? hvnet_error_names[error] : "unknown";
}

/* --- what is told of a queue */

static void hvnet_health_put_state(struct devlink_fmsg *fmsg, const struct hvnet_queue_ctx *ctx)
{
	u32 state = le32_to_cpu(ctx->state), error = le32_to_cpu(ctx->error);
	char text[24];

	devlink_fmsg_string_pair_put(fmsg, "state", hvnet_health_state_name(state));
	if (state != HVNET_QUEUE_ERROR)
		return;
	devlink_fmsg_string_pair_put(fmsg, "error", hvnet_health_error_name(error));
	if (error != HVNET_QERR_DMA)
		return;
	snprintf(text, sizeof(text), "%#llx", le64_to_cpu(ctx->error_addr));
	devlink_fmsg_string_pair_put(fmsg, "address", text);
}

/* Indexes as driver and adapter tell them each other. */
static void hvnet_health_put_indexes(struct devlink_fmsg *fmsg, const struct hvnet_ring *ring)
{
	const struct hvnet_ring_ctl *ctl = ring->ctl;

	devlink_fmsg_u32_pair_put(fmsg, "size", ring->size);
	devlink_fmsg_u32_pair_put(fmsg, "prod", le32_to_cpu(READ_ONCE(ctl->prod)));
	devlink_fmsg_u32_pair_put(fmsg, "cons", le32_to_cpu(READ_ONCE(ctl->cons)));
	devlink_fmsg_u32_pair_put(fmsg, "arm", le32_to_cpu(READ_ONCE(ctl->arm)));
	devlink_fmsg_u32_pair_put(fmsg, "kick", le32_to_cpu(READ_ONCE(ctl->kick)));
	devlink_fmsg_bool_pair_put(fmsg, "broken", READ_ONCE(ring->broken));
}

/* Context and pending descriptors as they are in memory. */
static void hvnet_health_put_memory(struct devlink_fmsg *fmsg, const struct hvnet_ring *ring,
				    const struct hvnet_queue_ctx *ctx)
{
	struct hvnet_tx_desc desc[HVNET_HEALTH_DESCS];
	u32 cons = le32_to_cpu(READ_ONCE(ring->ctl->cons));
	u32 i, num = le32_to_cpu(READ_ONCE(ring->ctl->prod)) - cons;

	static_assert(sizeof(struct hvnet_tx_desc) == sizeof(struct hvnet_rx_desc));
	devlink_fmsg_binary_pair_put(fmsg, "context", ctx, sizeof(*ctx));
	num = min(num, HVNET_HEALTH_DESCS);
	for (i = 0; i < num; i++)
		memcpy(&desc[i], ring->desc + hvnet_ring_slot(ring, cons + i) * sizeof(*desc),
		       sizeof(*desc));
	if (num)
		devlink_fmsg_binary_pair_put(fmsg, "descriptors", desc, num * sizeof(*desc));
}

static void hvnet_health_put_ring(struct devlink_fmsg *fmsg, const struct hvnet_ring *ring,
				  bool dump)
{
	struct hvnet_queue_ctx ctx;

	hvnet_ring_read_ctx(ring, &ctx);
	devlink_fmsg_u32_pair_put(fmsg, "queue", ring->queue);
	hvnet_health_put_state(fmsg, &ctx);
	hvnet_health_put_indexes(fmsg, ring);
	if (dump)
		hvnet_health_put_memory(fmsg, ring, &ctx);
}

/* What the stack thinks of a transmit queue, and what the driver has of it. */
static void hvnet_health_put_tx(struct devlink_fmsg *fmsg, const struct hvnet_pair *pair, bool dump)
{
	const struct netdev_queue *txq = pair->tx.txq;

	devlink_fmsg_obj_nest_start(fmsg);
	hvnet_health_put_ring(fmsg, &pair->tx.ring, dump);
	devlink_fmsg_u32_pair_put(fmsg, "filled", READ_ONCE(pair->tx.prod));
	devlink_fmsg_u32_pair_put(fmsg, "reclaimed", READ_ONCE(pair->tx.cons));
	devlink_fmsg_bool_pair_put(fmsg, "stopped", netif_xmit_stopped(txq));
	devlink_fmsg_u32_pair_put(fmsg, "idle_ms",
				  jiffies_to_msecs(jiffies - READ_ONCE(txq->trans_start)));
	devlink_fmsg_obj_nest_end(fmsg);
}

static void hvnet_health_put_both(struct devlink_fmsg *fmsg, const struct hvnet_pair *pair,
				  bool dump)
{
	devlink_fmsg_obj_nest_start(fmsg);
	hvnet_health_put_ring(fmsg, &pair->tx.ring, dump);
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_obj_nest_start(fmsg);
	hvnet_health_put_ring(fmsg, &pair->rx.ring, dump);
	devlink_fmsg_obj_nest_end(fmsg);
}

/* A dump is of the pairs that have the fault, if there are any; a diagnosis is of all. */
static void hvnet_health_put_pairs(struct devlink_fmsg *fmsg, struct hvnet_dev *dev,
				   enum hvnet_fault fault, bool dump)
{
	unsigned long faults = READ_ONCE(dev->faults[fault]);
	unsigned int i, num = dev->pairs ? dev->config.num_pairs : 0;

	devlink_fmsg_arr_pair_nest_start(fmsg, "queues");
	for (i = 0; i < num; i++) {
		if (dump && faults && !test_bit(i, &faults))
			continue;
		if (fault == HVNET_FAULT_TX)
			hvnet_health_put_tx(fmsg, &dev->pairs[i], dump);
		else
			hvnet_health_put_both(fmsg, &dev->pairs[i], dump);
	}
	devlink_fmsg_arr_pair_nest_end(fmsg);
}

static int hvnet_health_show(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
			     enum hvnet_fault fault, bool dump, struct netlink_ext_ack *extack)
{
	struct hvnet_devlink *devlink = devlink_health_reporter_priv(reporter);
	struct hvnet_dev *dev = devlink->dev;
	unsigned long faults;
	char text[64];

	if (!hvnet_dev_is_up(dev)) {
		NL_SET_ERR_MSG_MOD(extack, "the last reload failed");
		return -ENODEV;
	}

	faults = READ_ONCE(dev->faults[fault]);
	snprintf(text, sizeof(text), "%*pbl", HVNET_MAX_QUEUE_PAIRS, &faults);
	rtnl_lock();
	devlink_fmsg_bool_pair_put(fmsg, "running", dev->running);
	devlink_fmsg_string_pair_put(fmsg, "faulty_pairs", text);
	hvnet_health_put_pairs(fmsg, dev, fault, dump);
	rtnl_unlock();
	return 0;
}

static int hvnet_health_recover(struct devlink_health_reporter *reporter, enum hvnet_fault fault,
				struct netlink_ext_ack *extack)
{
	struct hvnet_devlink *devlink = devlink_health_reporter_priv(reporter);
	int err;

	if (!hvnet_dev_is_up(devlink->dev)) {
		NL_SET_ERR_MSG_MOD(extack, "the last reload failed");
		return -ENODEV;
	}
	err = hvnet_datapath_heal(devlink->dev, fault);
	if (err)
		NL_SET_ERR_MSG_MOD(extack, "queues are off, and are tried again");
	return err;
}

/* --- devlink's operations: with the instance's lock */

static int hvnet_health_recover_tx(struct devlink_health_reporter *reporter, void *context,
				   struct netlink_ext_ack *extack)
{
	return hvnet_health_recover(reporter, HVNET_FAULT_TX, extack);
}

static int hvnet_health_dump_tx(struct devlink_health_reporter *reporter,
				struct devlink_fmsg *fmsg, void *context,
				struct netlink_ext_ack *extack)
{
	return hvnet_health_show(reporter, fmsg, HVNET_FAULT_TX, true, extack);
}

static int hvnet_health_diagnose_tx(struct devlink_health_reporter *reporter,
				    struct devlink_fmsg *fmsg, struct netlink_ext_ack *extack)
{
	return hvnet_health_show(reporter, fmsg, HVNET_FAULT_TX, false, extack);
}

static int hvnet_health_recover_dma(struct devlink_health_reporter *reporter, void *context,
				    struct netlink_ext_ack *extack)
{
	return hvnet_health_recover(reporter, HVNET_FAULT_DMA, extack);
}

static int hvnet_health_dump_dma(struct devlink_health_reporter *reporter,
				 struct devlink_fmsg *fmsg, void *context,
				 struct netlink_ext_ack *extack)
{
	return hvnet_health_show(reporter, fmsg, HVNET_FAULT_DMA, true, extack);
}

static int hvnet_health_diagnose_dma(struct devlink_health_reporter *reporter,
				     struct devlink_fmsg *fmsg, struct netlink_ext_ack *extack)
{
	return hvnet_health_show(reporter, fmsg, HVNET_FAULT_DMA, false, extack);
}

static const struct devlink_health_reporter_ops hvnet_health_ops[HVNET_NUM_FAULTS] = {
	[HVNET_FAULT_TX] = {
		.name = "tx",
		.recover = hvnet_health_recover_tx,
		.dump = hvnet_health_dump_tx,
		.diagnose = hvnet_health_diagnose_tx,
	},
	[HVNET_FAULT_DMA] = {
		.name = "dma_fault",
		.recover = hvnet_health_recover_dma,
		.dump = hvnet_health_dump_dma,
		.diagnose = hvnet_health_diagnose_dma,
	},
};

/* --- reports */

/*
 * The pairs that have the fault.  Sets @well if there are none and all queues that should be on
 * are. While the function is probed or reloaded this waits for the end of it.
 */
static unsigned long hvnet_health_faults(struct hvnet_devlink *devlink, enum hvnet_fault fault,
					 bool *well)
{
	struct devlink *instance = priv_to_devlink(devlink);
	unsigned long faults;
	struct hvnet_dev *dev;

	devl_lock(instance);
	dev = devlink->dev;
	faults = READ_ONCE(dev->faults[fault]);
	*well = !faults && (READ_ONCE(dev->running) || !READ_ONCE(dev->pairs));
	devl_unlock(instance);
	return faults;
}

static void hvnet_health_tell(struct hvnet_devlink *devlink, enum hvnet_fault fault)
{
	bool well, news = test_and_clear_bit(fault, &devlink->news);
	unsigned long faults = hvnet_health_faults(devlink, fault, &well);
	char text[64];

	if (news && faults) {
		snprintf(text, sizeof(text), "%s, queue pairs %*pbl", hvnet_health_texts[fault],
			 HVNET_MAX_QUEUE_PAIRS, &faults);
		devlink_health_report(devlink->reporters[fault], text, NULL);
	} else if (well && test_and_clear_bit(fault, &devlink->ill)) {
		devlink_health_reporter_state_update(devlink->reporters[fault],
						     DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
	}
}

static void hvnet_health_work(struct work_struct *work)
{
	struct hvnet_devlink *devlink = container_of(to_delayed_work(work), struct hvnet_devlink,
						     report_work);
	enum hvnet_fault fault;

	for (fault = 0; fault < HVNET_NUM_FAULTS; fault++)
		hvnet_health_tell(devlink, fault);
}

/**
 * hvnet_health_raise() - report the fault that hvnet_dev.faults tells of
 * @dev: the function
 * @fault: the fault
 * @delay: jiffies to wait before
 *
 * May be called from any context.
 */
void hvnet_health_raise(struct hvnet_dev *dev, enum hvnet_fault fault, unsigned long delay)
{
	struct hvnet_devlink *devlink = dev->devlink;

	/* Before the report: should the fault be over by then, hvnet_health_check() must know. */
	set_bit(fault, &devlink->ill);
	set_bit(fault, &devlink->news);
	queue_delayed_work(system_unbound_wq, &devlink->report_work, delay);
}

/**
 * hvnet_health_check() - queues were started or closed: tell devlink if all is well again
 * @dev: the function
 *
 * May be called from any context.
 */
void hvnet_health_check(struct hvnet_dev *dev)
{
	struct hvnet_devlink *devlink = dev->devlink;

	if (READ_ONCE(devlink->ill))
		mod_delayed_work(system_unbound_wq, &devlink->report_work, 0);
}

/**
 * hvnet_health_init() - prepare for reports
 * @devlink: the function's instance
 */
void hvnet_health_init(struct hvnet_devlink *devlink)
{
	INIT_DELAYED_WORK(&devlink->report_work, hvnet_health_work);
}

/**
 * hvnet_health_create() - create the reporters
 * @devlink: the function's instance, locked
 *
 * Return: 0 or a negative error code
 */
int hvnet_health_create(struct hvnet_devlink *devlink)
{
	struct devlink_health_reporter *reporter;
	enum hvnet_fault fault;

	for (fault = 0; fault < HVNET_NUM_FAULTS; fault++) {
		reporter = devl_health_reporter_create(priv_to_devlink(devlink),
						       &hvnet_health_ops[fault], 0, devlink);
		if (IS_ERR(reporter)) {
			hvnet_health_destroy(devlink);
			return PTR_ERR(reporter);
		}
		devlink->reporters[fault] = reporter;
	}
	return 0;
}

/**
 * hvnet_health_destroy() - mirror image of hvnet_health_create()
 * @devlink: the function's instance, locked, stopped
 */
void hvnet_health_destroy(struct hvnet_devlink *devlink)
{
	enum hvnet_fault fault;

	for (fault = 0; fault < HVNET_NUM_FAULTS; fault++)
		if (devlink->reporters[fault])
			devl_health_reporter_destroy(devlink->reporters[fault]);
}
