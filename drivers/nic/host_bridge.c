// SPDX-License-Identifier: GPL-2.0
/*
 * Host bridge.
 *
 * The functions are root complex integrated endpoints: the PF at 00.0 of the root bus, the VFs
 * after it (offset 1, stride 1), rolling over to the next bus numbers.  That needs no ARI, no
 * ACS and no bridge windows.
 */
#include <linux/pci.h>

#include "adapter.h"
#include "function.h"
#include "host_bridge.h"
#include "iommu.h"

/* Up to 0xffff, or QEMU does not parse the address; far from those that firmware and VMD use. */
#define FIRST_DOMAIN	0x1000
#define LAST_DOMAIN	0x1fff

static struct hvnet_fn *fn_at(struct pci_bus *bus, unsigned int devfn)
{
	struct hvnet_adapter *adapter = hvnet_adapter_of_bus(bus);
	unsigned int rid = bus->number << 8 | devfn;

	if (adapter->gone || rid > adapter->num_vfs)
		return NULL;
	return &adapter->fn[rid];
}

static int config_read(struct pci_bus *bus, unsigned int devfn, int reg, int len, u32 *val)
{
	struct hvnet_fn *fn = fn_at(bus, devfn);

	if (!fn) {
		PCI_SET_ERROR_RESPONSE(val);
		return PCIBIOS_DEVICE_NOT_FOUND;
	}
	*val = hvnet_fn_config_read(fn, reg, len);
	return PCIBIOS_SUCCESSFUL;
}

static int config_write(struct pci_bus *bus, unsigned int devfn, int reg, int len, u32 val)
{
	struct hvnet_fn *fn = fn_at(bus, devfn);

	if (!fn)
		return PCIBIOS_DEVICE_NOT_FOUND;
	hvnet_fn_config_write(fn, reg, len, val);
	return PCIBIOS_SUCCESSFUL;
}

struct pci_ops hvnet_pci_ops = {
	.read = config_read,
	.write = config_write,
};

/* BARs are where they should be, also after a rescan: claimed, so that none is assigned. */
static void claim_bars(struct pci_dev *pdev)
{
	int bars[] = { HVNET_BAR, PCI_IOV_RESOURCES + HVNET_BAR };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bars); i++)
		if (pci_resource_len(pdev, bars[i]) && !pdev->resource[bars[i]].parent)
			pci_claim_resource(pdev, bars[i]);
}

/* A function of ours was found: before the PCI core assigns BARs and looks for an IOMMU. */
static int bus_event(struct notifier_block *nb, unsigned long action, void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);
	int err;

	if (action != BUS_NOTIFY_ADD_DEVICE || !hvnet_adapter_of_bus(pdev->bus))
		return NOTIFY_DONE;
	if (!pdev->is_virtfn)
		claim_bars(pdev);
	err = hvnet_iommu_adopt(&pdev->dev);
	if (err)
		pci_err(pdev, "no IOMMU for this function: %pe\n", ERR_PTR(err));
	return NOTIFY_OK;
}

/* The priority puts it before the IOMMU core's own notifier. */
static struct notifier_block bus_notifier = {
	.notifier_call = bus_event,
	.priority = 1000,
};

/**
 * hvnet_host_bridge_init() - watch for functions of ours
 *
 * Return: 0 or a negative error number.
 */
int hvnet_host_bridge_init(void)
{
	return bus_register_notifier(&pci_bus_type, &bus_notifier);
}

/**
 * hvnet_host_bridge_exit() - mirror image of hvnet_host_bridge_init()
 */
void hvnet_host_bridge_exit(void)
{
	bus_unregister_notifier(&pci_bus_type, &bus_notifier);
}

/**
 * hvnet_host_bridge_find_domain() - find a PCI domain that nobody uses
 *
 * Return: its number or -ENOSPC.
 */
int hvnet_host_bridge_find_domain(void)
{
	int domain;

	for (domain = FIRST_DOMAIN; domain <= LAST_DOMAIN; domain++)
		if (!pci_find_bus(domain, 0))
			return domain;
	return -ENOSPC;
}

/**
 * hvnet_host_bridge_create() - plug the adapter into the machine
 * @adapter: complete but for its bus
 *
 * The PCI core finds the PF, and drivers are bound before this returns.
 *
 * Return: 0 or a negative error number.
 */
int hvnet_host_bridge_create(struct hvnet_adapter *adapter)
{
	LIST_HEAD(resources);

	adapter->bus_range = (struct resource){
		.name = "hvnet buses",
		.start = 0,
		.end = adapter->total_vfs >> 8,
		.flags = IORESOURCE_BUS,
	};
	adapter->sysdata.domain = adapter->pci_domain;
	adapter->sysdata.node = NUMA_NO_NODE;
	adapter->sysdata.fwnode = adapter->msi_fwnode;
	pci_add_resource(&resources, &adapter->bus_range);
	pci_add_resource(&resources, &adapter->window.res);
	/* If memory is short it does not say so; without one of them the PF would be of no use. */
	if (list_count_nodes(&resources) != 2) {
		pci_free_resource_list(&resources);
		return -ENOMEM;
	}

	pci_lock_rescan_remove();
	adapter->bus = pci_create_root_bus(NULL, 0, &hvnet_pci_ops, &adapter->sysdata, &resources);
	if (!adapter->bus) {
		pci_unlock_rescan_remove();
		pci_free_resource_list(&resources);
		return -ENOMEM;
	}
	dev_set_msi_domain(&adapter->bus->dev, adapter->msi_domain);
	pci_scan_child_bus(adapter->bus);
	pci_bus_add_devices(adapter->bus);
	pci_unlock_rescan_remove();
	return 0;
}

/**
 * hvnet_host_bridge_destroy() - take the adapter out of the machine
 * @adapter: the adapter
 *
 * Drivers are unbound before this returns; vfio-pci waits for its user to let go.
 */
void hvnet_host_bridge_destroy(struct hvnet_adapter *adapter)
{
	struct pci_host_bridge *bridge = to_pci_host_bridge(adapter->bus->bridge);
	struct pci_dev *pf = pci_get_slot(adapter->bus, 0);

	/*
	 * First without the lock: a write to sriov_numvfs takes the PF's device lock, then that
	 * one, and the PCI core would take them the other way round.
	 */
	if (pf)
		device_release_driver(&pf->dev);
	pci_dev_put(pf);

	pci_lock_rescan_remove();
	pci_stop_root_bus(adapter->bus);
	pci_remove_root_bus(adapter->bus);
	pci_unlock_rescan_remove();
	/* Since v5.8 removing a bus leaves the bridge to whoever had it made. */
	pci_free_host_bridge(bridge);
}
