/* SPDX-License-Identifier: GPL-2.0 */
/* The VF's devlink instance. */
#ifndef HVNET_VF_DEVLINK_H
#define HVNET_VF_DEVLINK_H

struct hvnet_vf;

int hvnet_vf_devlink_alloc(struct hvnet_vf *vf);
int hvnet_vf_devlink_register(struct hvnet_vf *vf);
void hvnet_vf_devlink_unregister(struct hvnet_vf *vf);

#endif
