/* SPDX-License-Identifier: GPL-2.0 */
/* The PF's devlink instance and port, and the PF's reload. */
#ifndef HVNET_PF_DEVLINK_H
#define HVNET_PF_DEVLINK_H

#include "pf.h"

/**
 * struct hvnet_pf_devlink - private data of the PF's devlink instance
 * @common: what all instances have
 * @mailbox: health reporter of the mailbox
 * @misuse_work: reports misuse of the mailbox; takes the instance's lock
 * @misuses: requests that it has reported, used by it
 * @misuse_told: jiffies when it last did
 */
struct hvnet_pf_devlink {
	struct hvnet_devlink common;
	struct devlink_health_reporter *mailbox;
	struct delayed_work misuse_work;
	u64 misuses;
	unsigned long misuse_told;
};

static inline struct hvnet_pf_devlink *hvnet_pf_devlink_of(struct hvnet_devlink *devlink)
{
	return container_of(devlink, struct hvnet_pf_devlink, common);
}

int hvnet_pf_devlink_register(struct hvnet_pf *pf);
void hvnet_pf_devlink_unregister(struct hvnet_pf *pf);
int hvnet_pf_devlink_add_port(struct hvnet_pf *pf);
void hvnet_pf_devlink_del_port(struct hvnet_pf *pf);

#endif
