// SPDX-License-Identifier: GPL-2.0
/*
 * Misuse of the mailbox by VFs, as a devlink health reporter: requests of impossible form, for
 * versions that are not spoken, or too many.  Whoever has such a VF may be up to something, or has
 * a driver that does not fit.
 *
 * Nothing is broken, so there is nothing to recover from: the reporter is in the error state as
 * long as there is misuse and a while after.  A VF may misbehave as often as its tokens allow, so
 * misuse is reported once a second at most, whatever the number of VFs, and the last requests are
 * kept.
 */
#include <linux/cleanup.h>
#include <linux/ktime.h>

#include "devlink.h"
#include "misuse.h"

#define HVNET_MISUSE_INTERVAL	HZ
#define HVNET_MISUSE_QUIET	(10 * HZ)

/**
 * hvnet_misuse_note() - note that the request in hand should not have been made, and report it,
 * soon
 * @pf: the PF
 * @vf: the VF
 * @code: what it is refused with
 */
void hvnet_misuse_note(struct hvnet_pf *pf, struct hvnet_vf *vf, enum hvnet_code code)
{
	struct hvnet_pf_devlink *devlink = hvnet_pf_devlink_of(pf->dev.devlink);
	unsigned long since = jiffies - READ_ONCE(devlink->misuse_told);
	struct hvnet_misuse *misuse;

	lockdep_assert_held(&pf->lock);
	misuse = &pf->misuse.last[pf->misuse.total++ % HVNET_MISUSES_KEPT];
	misuse->time = ktime_get_real_ns();
	misuse->vf = le16_to_cpu(pf->request.vf);
	misuse->len = le16_to_cpu(pf->request.len);
	misuse->code = code;
	memcpy(misuse->data, pf->request.msg, sizeof(misuse->data));
	vf->misuses++;

	mod_delayed_work(system_unbound_wq, &devlink->misuse_work,
			 since < HVNET_MISUSE_INTERVAL ? HVNET_MISUSE_INTERVAL - since : 0);
}

/* Returns how many there were, and copies the last one, if any. */
static u64 hvnet_misuse_last(struct hvnet_pf_devlink *devlink, struct hvnet_misuse *last)
{
	struct devlink *instance = priv_to_devlink(devlink);
	struct hvnet_pf *pf;
	u64 total;

	devl_lock(instance);
	pf = hvnet_pf_of(devlink->common.dev);
	mutex_lock(&pf->lock);
	total = pf->misuse.total;
	if (total)
		*last = pf->misuse.last[(total - 1) % HVNET_MISUSES_KEPT];
	mutex_unlock(&pf->lock);
	devl_unlock(instance);
	return total;
}

/* Runs once more when there was none for a while. */
static void hvnet_misuse_work(struct work_struct *work)
{
	struct hvnet_pf_devlink *devlink = container_of(to_delayed_work(work),
							struct hvnet_pf_devlink, misuse_work);
	struct hvnet_misuse last;
	char text[80];
	u64 total;

	total = hvnet_misuse_last(devlink, &last);
	if (total == devlink->misuses) {
		unsigned long since = jiffies - devlink->misuse_told;

		/* A second run may have been asked for before the first one told. */
		if (since < HVNET_MISUSE_QUIET) {
			queue_delayed_work(system_unbound_wq, &devlink->misuse_work,
					   HVNET_MISUSE_QUIET - since);
			return;
		}
		devlink_health_reporter_state_update(devlink->mailbox,
						     DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
		return;
	}
	devlink->misuses = total;
	WRITE_ONCE(devlink->misuse_told, jiffies);
	snprintf(text, sizeof(text), "VF %u: request of %u bytes refused with code %u",
		 last.vf, last.len, last.code);
	devlink_health_report(devlink->mailbox, text, NULL);
	queue_delayed_work(system_unbound_wq, &devlink->misuse_work, HVNET_MISUSE_QUIET);
}

/* The oldest one first.  A request may be shorter than what is kept of it. */
static void hvnet_misuse_put_last(struct devlink_fmsg *fmsg, const struct hvnet_misuses *misuses)
{
	u64 n = misuses->total > HVNET_MISUSES_KEPT ? misuses->total - HVNET_MISUSES_KEPT : 0;

	devlink_fmsg_arr_pair_nest_start(fmsg, "requests");
	for (; n < misuses->total; n++) {
		const struct hvnet_misuse *misuse = &misuses->last[n % HVNET_MISUSES_KEPT];

		devlink_fmsg_obj_nest_start(fmsg);
		devlink_fmsg_u64_pair_put(fmsg, "time_ns", misuse->time);
		devlink_fmsg_u32_pair_put(fmsg, "vf", misuse->vf);
		devlink_fmsg_u32_pair_put(fmsg, "bytes", misuse->len);
		devlink_fmsg_u32_pair_put(fmsg, "code", misuse->code);
		if (misuse->len)
			devlink_fmsg_binary_pair_put(fmsg, "data", misuse->data,
						     min(misuse->len, HVNET_MISUSE_DATA));
		devlink_fmsg_obj_nest_end(fmsg);
	}
	devlink_fmsg_arr_pair_nest_end(fmsg);
}

static int hvnet_misuse_dump(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
			     void *context, struct netlink_ext_ack *extack)
{
	struct hvnet_pf_devlink *devlink = devlink_health_reporter_priv(reporter);
	struct hvnet_pf *pf = hvnet_pf_of(devlink->common.dev);

	guard(mutex)(&pf->lock);
	hvnet_misuse_put_last(fmsg, &pf->misuse);
	return 0;
}

static void hvnet_misuse_put_vf(struct devlink_fmsg *fmsg, const struct hvnet_vf *vf, u32 index)
{
	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u32_pair_put(fmsg, "vf", index);
	devlink_fmsg_u32_pair_put(fmsg, "misuses", vf->misuses);
	devlink_fmsg_u32_pair_put(fmsg, "version", vf->version);
	devlink_fmsg_u32_pair_put(fmsg, "tokens", vf->tokens);
	devlink_fmsg_obj_nest_end(fmsg);
}

/* The server's counters, and the VFs that have misbehaved. */
static int hvnet_misuse_diagnose(struct devlink_health_reporter *reporter,
				 struct devlink_fmsg *fmsg, struct netlink_ext_ack *extack)
{
	struct hvnet_pf_devlink *devlink = devlink_health_reporter_priv(reporter);
	struct hvnet_pf *pf = hvnet_pf_of(devlink->common.dev);
	unsigned int i;

	guard(mutex)(&pf->lock);
	devlink_fmsg_u64_pair_put(fmsg, "requests", pf->stats.requests);
	devlink_fmsg_u64_pair_put(fmsg, "refused", pf->stats.refused);
	devlink_fmsg_u64_pair_put(fmsg, "misuses", pf->misuse.total);
	devlink_fmsg_bool_pair_put(fmsg, "in_hand", pf->in_hand);
	devlink_fmsg_arr_pair_nest_start(fmsg, "vfs");
	for (i = 0; i < pf->num_vfs; i++)
		if (pf->vfs[i].misuses)
			hvnet_misuse_put_vf(fmsg, &pf->vfs[i], i);
	devlink_fmsg_arr_pair_nest_end(fmsg);
	return 0;
}

static const struct devlink_health_reporter_ops hvnet_misuse_ops = {
	.name = "mailbox",
	.dump = hvnet_misuse_dump,
	.diagnose = hvnet_misuse_diagnose,
};

/**
 * hvnet_misuse_init() - prepare for reports
 * @devlink: the PF's instance
 */
void hvnet_misuse_init(struct hvnet_pf_devlink *devlink)
{
	devlink->misuse_told = jiffies - HVNET_MISUSE_INTERVAL;
	INIT_DELAYED_WORK(&devlink->misuse_work, hvnet_misuse_work);
}

/**
 * hvnet_misuse_stop() - report no more misuse
 * @devlink: the PF's instance, not locked
 */
void hvnet_misuse_stop(struct hvnet_pf_devlink *devlink)
{
	disable_delayed_work_sync(&devlink->misuse_work);
}

/**
 * hvnet_misuse_create() - create the reporter
 * @devlink: the PF's instance, locked
 *
 * Return: 0 or a negative error code
 */
int hvnet_misuse_create(struct hvnet_pf_devlink *devlink)
{
	devlink->mailbox = devl_health_reporter_create(priv_to_devlink(devlink), &hvnet_misuse_ops,
						       0, devlink);
	return PTR_ERR_OR_ZERO(devlink->mailbox);
}

/**
 * hvnet_misuse_destroy() - mirror image of hvnet_misuse_create()
 * @devlink: the PF's instance, locked, stopped
 */
void hvnet_misuse_destroy(struct hvnet_pf_devlink *devlink)
{
	devl_health_reporter_destroy(devlink->mailbox);
}
