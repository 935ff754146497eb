/* SPDX-License-Identifier: GPL-2.0 */
/* Configuration blocks that tell what the PF lets us do; all run in refresh_work. */
#ifndef HVNET_VF_BLOCK_H
#define HVNET_VF_BLOCK_H

#include <linux/types.h>

#include <hvnet/abi/mailbox.h>

struct hvnet_vf;

void hvnet_block_begin(struct hvnet_vf *vf, unsigned int version);
size_t hvnet_block_mac_len(const struct hvnet_vf *vf);
int hvnet_block_update_caps(struct hvnet_vf *vf);
int hvnet_block_update_mtu(struct hvnet_vf *vf);
int hvnet_block_update_rss(struct hvnet_vf *vf);

#endif
