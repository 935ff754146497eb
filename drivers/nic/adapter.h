/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An adapter: the PF, its VFs, and what they share.
 */
#ifndef HVNET_NIC_ADAPTER_H
#define HVNET_NIC_ADAPTER_H

#include <linux/if_ether.h>
#include <linux/irqdomain.h>
#include <linux/list.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include <asm/pci.h>

#include <hvnet/abi/pci.h>

#include "port.h"
#include "switch/switch.h"
#include "window.h"

struct hvnet_engine;
struct hvnet_fn;

#define HVNET_MAX_ADAPTERS	16
#define HVNET_ADAPTER_NAME	32
#define HVNET_MAX_MTU		9600
#define HVNET_MAX_FRAME		(HVNET_MAX_MTU + ETH_HLEN + 4)

/**
 * struct hvnet_adapter_params - what an adapter is made to
 * @total_vfs: 0 to HVNET_MAX_VFS
 * @queue_pairs: of each function, 1 to HVNET_MAX_QUEUE_PAIRS
 * @mac: permanent address of the PF
 */
struct hvnet_adapter_params {
	u16 total_vfs;
	u16 queue_pairs;
	u8 mac[ETH_ALEN];
};

/**
 * struct hvnet_adapter - an adapter that is plugged in
 * @name: for messages and traces
 * @total_vfs: VFs that can be enabled
 * @queue_pairs: queue pairs of each function
 * @mac: permanent address of the PF
 * @pci_domain: PCI segment number
 * @gone: pulled out: configuration space reads as all ones
 * @link_speed: of the link in Mb/s, 0 if there is none; read without a lock
 * @num_vfs: VFs that exist now; changed with the PF's config_lock held
 * @window: memory of all BARs
 * @sysdata: what the architecture wants to know about the root bus
 * @bus_range: bus numbers of the root bus
 * @bus: the root bus
 * @msi_fwnode: handle of @msi_domain
 * @msi_info: description of @msi_domain
 * @msi_domain: interrupts of the functions
 * @wq: runs the functions' work
 * @engines: threads that poll transmit queues
 * @num_engines: how many
 * @fn: functions, the PF and @total_vfs VFs
 * @nic_switch: decides where frames go
 * @port: the physical port
 * @wire: netdev of the link partner
 * @mailbox_lock: guards @mailbox_waiting and the mailboxes of the functions
 * @mailbox_waiting: functions whose requests the PF has not fetched
 */
struct hvnet_adapter {
	char name[HVNET_ADAPTER_NAME];
	u16 total_vfs;
	u16 queue_pairs;
	u8 mac[ETH_ALEN];
	int pci_domain;
	bool gone;
	u32 link_speed;
	u16 num_vfs;

	struct hvnet_window window;
	struct pci_sysdata sysdata;
	struct resource bus_range;
	struct pci_bus *bus;
	struct fwnode_handle *msi_fwnode;
	struct msi_domain_info msi_info;
	struct irq_domain *msi_domain;

	struct workqueue_struct *wq;
	struct hvnet_engine *engines;
	unsigned int num_engines;
	struct hvnet_fn *fn;
	struct hvnet_switch nic_switch;
	struct hvnet_port port;
	struct net_device *wire;

	spinlock_t mailbox_lock; /* guards mailboxes */
	struct list_head mailbox_waiting;
};

struct hvnet_adapter *hvnet_adapter_create(const char *name,
					   const struct hvnet_adapter_params *params);
void hvnet_adapter_destroy(struct hvnet_adapter *adapter);
void hvnet_adapter_pull(struct hvnet_adapter *adapter);

struct hvnet_adapter *hvnet_adapter_of_bus(const struct pci_bus *bus);
struct hvnet_fn *hvnet_adapter_fn(const struct pci_dev *pdev);
struct hvnet_fn *hvnet_adapter_vport(struct hvnet_adapter *adapter, u16 vport);

#endif
