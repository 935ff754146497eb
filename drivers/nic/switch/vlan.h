/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VLANs that a vport wants, for switch.c; the functions for others are in switch.h.
 *
 * Only frames with a VLAN are asked about: for the others it costs nothing.
 */
#ifndef HVNET_SWITCH_VLAN_H
#define HVNET_SWITCH_VLAN_H

#include <linux/types.h>

struct hvnet_switch;

void hvnet_vlan_filter_reset(struct hvnet_switch *sw, u16 vport);
void hvnet_vlan_filter_destroy(struct hvnet_switch *sw);

#endif
