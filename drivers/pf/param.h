/* SPDX-License-Identifier: GPL-2.0 */
/* "devlink dev param" of the PF. */
#ifndef HVNET_PF_PARAM_H
#define HVNET_PF_PARAM_H

struct hvnet_pf_devlink;

int hvnet_params_register(struct hvnet_pf_devlink *ours);
void hvnet_params_unregister(struct hvnet_pf_devlink *ours);

#endif
