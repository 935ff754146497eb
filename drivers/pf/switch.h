/* SPDX-License-Identifier: GPL-2.0 */
/* What the whole NIC switch is told: who forwards between VFs, how long their packets may be. */
#ifndef HVNET_PF_SWITCH_H
#define HVNET_PF_SWITCH_H

#include <linux/types.h>

struct hvnet_pf;

/**
 * struct hvnet_switch_settings - the NIC switch's settings
 * @mode: BRIDGE_MODE_VEB or BRIDGE_MODE_VEPA
 * @vf_mtu: bytes of the longest packet that VFs may send, or 0
 */
struct hvnet_switch_settings {
	u16 mode;
	u16 vf_mtu;
};

int hvnet_switch_set(struct hvnet_pf *pf, const struct hvnet_switch_settings *settings);
int hvnet_switch_replay(struct hvnet_pf *pf);
void hvnet_switch_clear(struct hvnet_pf *pf);
u16 hvnet_switch_max_mtu(const struct hvnet_pf *pf);
u16 hvnet_switch_vf_mtu(const struct hvnet_pf *pf);

#endif
