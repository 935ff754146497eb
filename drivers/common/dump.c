// SPDX-License-Identifier: GPL-2.0
/*
 * Register dump: the registers, then the contexts of all queues, as they are in BAR 0.  What
 * arguments and results of commands were, a dump does not tell.
 */
#include <linux/netdevice.h>

#include "device.h"
#include "dump.h"

/* Of the dump's layout: another one gets another number. */
#define HVNET_DUMP_VERSION	1

#define HVNET_DUMP_REGS		HVNET_ADMIN_ARG
#define HVNET_DUMP_QUEUES	(HVNET_MAX_QUEUES * HVNET_QUEUE_CTX_SIZE)

/**
 * hvnet_get_regs_len() - of struct ethtool_ops
 * @netdev: the network device
 *
 * Return: bytes of a dump
 */
int hvnet_get_regs_len(struct net_device *netdev)
{
	return HVNET_DUMP_REGS + HVNET_DUMP_QUEUES;
}

/**
 * hvnet_get_regs() - of struct ethtool_ops
 * @netdev: the network device
 * @regs: its version is filled in: that of the dump, and that of the register map
 * @buf: the dump
 */
void hvnet_get_regs(struct net_device *netdev, struct ethtool_regs *regs, void *buf)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	regs->version = HVNET_DUMP_VERSION << 24 | (dev->version >> 16) << 8 |
			(dev->version & 0xff);
	hvnet_read_words(dev, 0, buf, HVNET_DUMP_REGS);
	hvnet_read_words(dev, HVNET_QUEUE_CTX, buf + HVNET_DUMP_REGS, HVNET_DUMP_QUEUES);
}
