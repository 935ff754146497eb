// SPDX-License-Identifier: GPL-2.0
/*
 * An adapter, put together and taken apart.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <linux/workqueue.h>

#include "adapter.h"
#include "dma.h"
#include "engine.h"
#include "function.h"
#include "host_bridge.h"
#include "msix.h"
#include "registers.h"
#include "wire.h"

/* A free PCI domain is found and taken by one adapter at a time. */
static DEFINE_MUTEX(domain_lock);

/**
 * hvnet_adapter_of_bus() - which adapter is on this bus?
 * @bus: any PCI bus
 *
 * Return: the adapter, or NULL if the bus is none of ours.
 */
struct hvnet_adapter *hvnet_adapter_of_bus(const struct pci_bus *bus)
{
	if (bus->ops != &hvnet_pci_ops)
		return NULL;
	return container_of(bus->sysdata, struct hvnet_adapter, sysdata);
}

/**
 * hvnet_adapter_fn() - which function is this device?
 * @pdev: any PCI device
 *
 * Return: the function, or NULL if the device is none of ours.
 */
struct hvnet_fn *hvnet_adapter_fn(const struct pci_dev *pdev)
{
	struct hvnet_adapter *adapter = hvnet_adapter_of_bus(pdev->bus);

	if (!adapter)
		return NULL;
	/* A VF's bus number differs from its parent bus' where VFs roll over. */
	return hvnet_adapter_vport(adapter, pci_dev_id((struct pci_dev *)pdev));
}

/**
 * hvnet_adapter_vport() - function behind a vport
 * @adapter: the adapter
 * @vport: any value
 *
 * Return: the function, or NULL.
 */
struct hvnet_fn *hvnet_adapter_vport(struct hvnet_adapter *adapter, u16 vport)
{
	return vport <= adapter->total_vfs ? &adapter->fn[vport] : NULL;
}

/* VF BARs first: they want the alignment. */
static u64 vf_bar(const struct hvnet_adapter *adapter, unsigned int vf)
{
	return (u64)vf * HVNET_BAR_SIZE;
}

static u64 pf_bar(const struct hvnet_adapter *adapter)
{
	return vf_bar(adapter, adapter->total_vfs);
}

static int create_functions(struct hvnet_adapter *adapter)
{
	struct hvnet_config_params params = {
		.pf = true,
		.total_vfs = adapter->total_vfs,
		.vectors = adapter->queue_pairs + 1,
		.bar = adapter->window.res.start + pf_bar(adapter),
		.vf_bar = adapter->window.res.start + vf_bar(adapter, 0),
		/* EUI-64 of the MAC address, as on other network adapters. */
		.serial = (u64)get_unaligned_be24(adapter->mac) << 40 | 0xfffeULL << 24 |
			  get_unaligned_be24(adapter->mac + 3),
	};
	unsigned int i;

	adapter->fn = kvcalloc(adapter->total_vfs + 1, sizeof(*adapter->fn), GFP_KERNEL);
	if (!adapter->fn)
		return -ENOMEM;
	hvnet_fn_init(&adapter->fn[HVNET_VPORT_PF], adapter, HVNET_VPORT_PF,
		      adapter->window.base + pf_bar(adapter), &params);
	params.pf = false;
	for (i = 0; i < adapter->total_vfs; i++)
		hvnet_fn_init(&adapter->fn[HVNET_VPORT_VF(i)], adapter, HVNET_VPORT_VF(i),
			      adapter->window.base + vf_bar(adapter, i), &params);
	return 0;
}

static void destroy_functions(struct hvnet_adapter *adapter)
{
	unsigned int i;

	for (i = 0; i <= adapter->total_vfs; i++)
		hvnet_fn_destroy(&adapter->fn[i]);
	kvfree(adapter->fn);
}

static int create_device(struct hvnet_adapter *adapter)
{
	size_t bars = pf_bar(adapter) + HVNET_BAR_SIZE;
	int err;

	err = hvnet_window_create(&adapter->window, bars);
	if (err)
		return err;
	err = hvnet_port_create(&adapter->port);
	if (err)
		goto err_window;
	adapter->wq = alloc_workqueue("%s", WQ_UNBOUND, 0, adapter->name);
	if (!adapter->wq) {
		err = -ENOMEM;
		goto err_port;
	}
	err = hvnet_switch_init(&adapter->nic_switch, adapter->total_vfs + 1);
	if (err)
		goto err_wq;
	err = create_functions(adapter);
	if (err)
		goto err_switch;
	err = hvnet_engines_start(adapter);
	if (err)
		goto err_functions;
	return 0;

err_functions:
	destroy_functions(adapter);
err_switch:
	hvnet_switch_destroy(&adapter->nic_switch);
err_wq:
	destroy_workqueue(adapter->wq);
err_port:
	hvnet_port_destroy(&adapter->port);
err_window:
	hvnet_window_destroy(&adapter->window);
	return err;
}

/* Its engines have stopped. */
static void destroy_device(struct hvnet_adapter *adapter)
{
	destroy_workqueue(adapter->wq);
	destroy_functions(adapter);
	hvnet_switch_destroy(&adapter->nic_switch);
	hvnet_port_destroy(&adapter->port);
	hvnet_window_destroy(&adapter->window);
}

static int plug_in(struct hvnet_adapter *adapter)
{
	int err;

	err = hvnet_wire_create(adapter);
	if (err)
		return err;
	guard(mutex)(&domain_lock);
	adapter->pci_domain = hvnet_host_bridge_find_domain();
	if (adapter->pci_domain < 0) {
		err = adapter->pci_domain;
		goto err_wire;
	}
	err = hvnet_msix_create(adapter);
	if (err)
		goto err_wire;
	err = hvnet_host_bridge_create(adapter);
	if (err)
		goto err_msix;
	return 0;

err_msix:
	hvnet_msix_destroy(adapter);
err_wire:
	hvnet_wire_destroy(adapter);
	return err;
}

/**
 * hvnet_adapter_create() - make an adapter and plug it in
 * @name: for messages
 * @params: within their ranges
 *
 * Return: the adapter, or an error pointer.
 */
struct hvnet_adapter *hvnet_adapter_create(const char *name,
					   const struct hvnet_adapter_params *params)
{
	struct hvnet_adapter *adapter = kzalloc(sizeof(*adapter), GFP_KERNEL);
	int err;

	if (!adapter)
		return ERR_PTR(-ENOMEM);
	strscpy(adapter->name, name);
	adapter->total_vfs = params->total_vfs;
	adapter->queue_pairs = params->queue_pairs;
	ether_addr_copy(adapter->mac, params->mac);
	spin_lock_init(&adapter->mailbox_lock);
	INIT_LIST_HEAD(&adapter->mailbox_waiting);

	err = create_device(adapter);
	if (err)
		goto err_free;
	err = plug_in(adapter);
	if (err)
		goto err_device;
	return adapter;

err_device:
	hvnet_engines_stop(adapter);
	destroy_device(adapter);
err_free:
	kfree(adapter);
	return ERR_PTR(err);
}

/**
 * hvnet_adapter_destroy() - unplug an adapter and free it
 * @adapter: the adapter
 *
 * Drivers are unbound while the adapter still works, unless it was pulled before.
 */
void hvnet_adapter_destroy(struct hvnet_adapter *adapter)
{
	hvnet_host_bridge_destroy(adapter);
	hvnet_msix_destroy(adapter);
	/* What drivers left behind: nobody rings any more. */
	flush_workqueue(adapter->wq);
	/* Engines hand frames to the wire, and the wire to the functions. */
	hvnet_engines_stop(adapter);
	hvnet_wire_destroy(adapter);
	destroy_device(adapter);
	kfree(adapter);
}

/**
 * hvnet_adapter_pull() - pull an adapter out without a warning
 * @adapter: the adapter; hvnet_adapter_destroy() must follow
 *
 * From here on its registers and configuration space read as all ones and it does no DMA.
 */
void hvnet_adapter_pull(struct hvnet_adapter *adapter)
{
	unsigned int i;

	WRITE_ONCE(adapter->gone, true);
	for (i = 0; i <= adapter->total_vfs; i++)
		hvnet_fn_pull(&adapter->fn[i]);
	hvnet_dma_sync();
	for (i = 0; i <= adapter->total_vfs; i++)
		hvnet_registers_gone(&adapter->fn[i]);
	hvnet_port_pull(adapter);
}
