/* SPDX-License-Identifier: GPL-2.0 */
/* What a VF and its PF tell each other. */
#ifndef HVNET_VF_BACKCHANNEL_H
#define HVNET_VF_BACKCHANNEL_H

#include <linux/types.h>

struct hvnet_vf;

void hvnet_backchannel_init(struct hvnet_vf *vf);
int hvnet_backchannel_open(struct hvnet_vf *vf);
void hvnet_backchannel_close(struct hvnet_vf *vf);
void hvnet_backchannel_refresh(struct hvnet_vf *vf);
void hvnet_backchannel_restart(struct hvnet_vf *vf);
int hvnet_backchannel_write_mac(struct hvnet_vf *vf, const u8 *mac);
void hvnet_backchannel_doubt_mac(struct hvnet_vf *vf, int err);
void hvnet_backchannel_write_filters(struct hvnet_vf *vf);

#endif
