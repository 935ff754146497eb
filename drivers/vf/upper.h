/* SPDX-License-Identifier: GPL-2.0 */
/* Network devices on top of a VF's, as far as the host forbids what they want. */
#ifndef HVNET_VF_UPPER_H
#define HVNET_VF_UPPER_H

#include <linux/types.h>

struct hvnet_vf;

int hvnet_upper_init(void);
void hvnet_upper_exit(void);
void hvnet_upper_set_port_vlan(struct hvnet_vf *vf, bool port_vlan);

#endif
