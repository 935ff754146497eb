/* SPDX-License-Identifier: GPL-2.0 */
/* The PF's network device. */
#ifndef HVNET_PF_NETDEV_H
#define HVNET_PF_NETDEV_H

#include <linux/netdevice.h>

struct hvnet_pf;

extern const struct net_device_ops hvnet_pf_netdev_ops;

int hvnet_pf_set_mac(struct hvnet_pf *pf, const u8 *mac);
void hvnet_pf_read_link(struct hvnet_pf *pf);
void hvnet_pf_rx_mode_work(struct work_struct *work);

#endif
