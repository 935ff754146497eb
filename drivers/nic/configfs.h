/* SPDX-License-Identifier: GPL-2.0 */
/*
 * configfs: /sys/kernel/config/hvnet/<name>/ is an adapter, plugged in or in its box.
 */
#ifndef HVNET_NIC_CONFIGFS_H
#define HVNET_NIC_CONFIGFS_H

int hvnet_configfs_init(unsigned int adapters, unsigned int total_vfs, unsigned int queue_pairs);
void hvnet_configfs_exit(void);

#endif
