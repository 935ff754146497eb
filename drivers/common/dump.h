/* SPDX-License-Identifier: GPL-2.0 */
/* Register dump. */
#ifndef HVNET_DUMP_H
#define HVNET_DUMP_H

#include <linux/ethtool.h>

int hvnet_get_regs_len(struct net_device *netdev);
void hvnet_get_regs(struct net_device *netdev, struct ethtool_regs *regs, void *buf);

#endif
