/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host bridge: a PCI domain with the adapter's functions on its root bus.
 */
#ifndef HVNET_NIC_HOST_BRIDGE_H
#define HVNET_NIC_HOST_BRIDGE_H

#include <linux/pci.h>

struct hvnet_adapter;

extern struct pci_ops hvnet_pci_ops;

int hvnet_host_bridge_init(void);
void hvnet_host_bridge_exit(void);
int hvnet_host_bridge_find_domain(void);
int hvnet_host_bridge_create(struct hvnet_adapter *adapter);
void hvnet_host_bridge_destroy(struct hvnet_adapter *adapter);

#endif
