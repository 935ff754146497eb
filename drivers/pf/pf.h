/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The physical function as its driver sees it.
 *
 * Locking: hvnet_pf.lock guards the VFs' state and all filter sets, and is held over the admin
 * commands that change them, so that what the adapter has and what we believe it has are changed
 * together.  It is taken with or without rtnl held.  Under it none of rtnl, the device lock and the
 * devlink instance's may be taken, nor anything waited for that a VF's driver does: a VF's driver
 * on the same machine may hold rtnl while it waits for the mailbox server, which takes this lock.
 */
#ifndef HVNET_PF_H
#define HVNET_PF_H

#include <hvnet/common.h>
#include <net/devlink.h>

#include "filter.h"
#include "misuse.h"
#include "switch.h"
#include "vf.h"

/**
 * struct hvnet_pf_stats - counters of the mailbox server, written by its work item alone
 * @requests: requests fetched
 * @refused: of these, answered with an error
 * @rate_limited: of these, because the VF asked too often
 * @malformed: of these, because of their form
 * @resets: resets of VFs
 */
struct hvnet_pf_stats {
	u64 requests;
	u64 refused;
	u64 rate_limited;
	u64 malformed;
	u64 resets;
};

/**
 * struct hvnet_pf - a physical function
 * @dev: what all functions have
 * @port: devlink port of the netdev
 * @lock: see above
 * @filters: the PF's own addresses, under @lock
 * @vport_flags: the PF's HVNET_VPORT_*, under @lock
 * @nic_switch: settings of the NIC switch, under @lock
 * @switch_unsure: the adapter may have others, under @lock
 * @clock_runs: it has been set before a reload
 * @rx_mode_work: applies the netdev's address lists
 * @rss: how the PF hashes, as it is told to VFs, under @lock
 * @vfs: VFs, @num_vfs of them, under @lock; changed by probe, remove and sriov_configure only
 * @num_vfs: their number
 * @mailbox_work: the mailbox server
 * @refuse_work: answers the VFs whose request came too early, late
 * @in_hand: @request was fetched and is not done with, under @lock
 * @request: what the server is working at, under @lock
 * @reply: what it answers, under @lock
 * @stats: its counters
 * @misuse: requests that should not have been made, under @lock
 *
 * A reload replaces it by another one, which takes over @vfs, @num_vfs and @misuse.
 */
struct hvnet_pf {
	struct hvnet_dev dev;
	struct devlink_port port;

	struct mutex lock;		/* filters and VFs */
	struct hvnet_filters filters;
	u16 vport_flags;
	struct hvnet_switch_settings nic_switch;
	bool switch_unsure;
	bool clock_runs;
	struct work_struct rx_mode_work;
	struct hvnet_block_rss rss;
	struct hvnet_vf *vfs;
	unsigned int num_vfs;

	struct delayed_work mailbox_work;
	struct delayed_work refuse_work;
	bool in_hand;
	struct hvnet_admin_mailbox request;
	struct hvnet_admin_mailbox reply;
	struct hvnet_pf_stats stats;
	struct hvnet_misuses misuse;
};

static inline struct hvnet_pf *hvnet_pf_of(struct hvnet_dev *dev)
{
	return container_of(dev, struct hvnet_pf, dev);
}

/* VF number @index, which may be any value, or NULL; under hvnet_pf.lock. */
static inline struct hvnet_vf *hvnet_pf_vf(struct hvnet_pf *pf, int index)
{
	return index >= 0 && index < pf->num_vfs ? &pf->vfs[index] : NULL;
}

/* main.c */
struct hvnet_pf *hvnet_pf_alloc(struct pci_dev *pdev);
void hvnet_pf_free(struct hvnet_pf *pf);
int hvnet_pf_up(struct hvnet_pf *pf);
void hvnet_pf_down(struct hvnet_pf *pf);

#endif
