/* SPDX-License-Identifier: GPL-2.0 */
/* The VF's network device. */
#ifndef HVNET_VF_NETDEV_H
#define HVNET_VF_NETDEV_H

#include <linux/netdevice.h>

extern const struct net_device_ops hvnet_vf_netdev_ops;

#endif
