/* SPDX-License-Identifier: GPL-2.0 */
/* The PF's devlink instance and port. */
#ifndef HVNET_PF_DEVLINK_H
#define HVNET_PF_DEVLINK_H

struct hvnet_pf;

int hvnet_devlink_register(struct hvnet_pf *pf);
void hvnet_devlink_unregister(struct hvnet_pf *pf);

#endif
