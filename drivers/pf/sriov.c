// SPDX-License-Identifier: GPL-2.0
#include <linux/cleanup.h>
#include <linux/etherdevice.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "pf.h"
#include "policy.h"
#include "sriov.h"

static void hvnet_sriov_free(struct hvnet_pf *pf, struct hvnet_vf *vfs, unsigned int num)
{
	lockdep_assert_held(&pf->lock);
	while (num--)
		hvnet_vf_exit(pf, &vfs[num]);
	kvfree(vfs);
}

static int hvnet_sriov_alloc(struct hvnet_pf *pf, unsigned int num)
{
	struct hvnet_vf *vfs;
	unsigned int i;
	int err;

	vfs = kvcalloc(num, sizeof(*vfs), GFP_KERNEL);
	if (!vfs)
		return -ENOMEM;

	guard(mutex)(&pf->lock);
	err = hvnet_policy_clear(pf);
	if (err) {
		kvfree(vfs);
		return err;
	}
	for (i = 0; i < num; i++) {
		err = hvnet_vf_init(pf, i, &vfs[i]);
		if (err) {
			hvnet_sriov_free(pf, vfs, i);
			return err;
		}
	}
	pf->vfs = vfs;
	pf->num_vfs = num;
	return 0;
}

static void hvnet_sriov_release(struct hvnet_pf *pf)
{
	guard(mutex)(&pf->lock);
	hvnet_sriov_free(pf, pf->vfs, pf->num_vfs);
	pf->vfs = NULL;
	pf->num_vfs = 0;
	/* Should it fail, it is done before there are VFs again. */
	hvnet_policy_clear(pf);
}

/*
 * The VFs' drivers are bound in pci_enable_sriov() and talk to the mailbox server: no lock
 * is held.
 */
static int hvnet_sriov_enable(struct hvnet_pf *pf, unsigned int num)
{
	int err;

	if (pf->num_vfs)
		return -EBUSY;
	if (!hvnet_dev_is_up(&pf->dev)) {
		pci_warn(pf->dev.pdev, "no VFs: the last reload failed\n");
		return -ENODEV;
	}

	err = hvnet_sriov_alloc(pf, num);
	if (err)
		return err;
	err = pci_enable_sriov(pf->dev.pdev, num);
	if (err)
		hvnet_sriov_release(pf);
	return err;
}

/**
 * hvnet_sriov_disable() - take all VFs away
 * @pf: the PF
 */
void hvnet_sriov_disable(struct hvnet_pf *pf)
{
	if (!pf->num_vfs)
		return;
	pci_disable_sriov(pf->dev.pdev);
	hvnet_sriov_release(pf);
}

/**
 * hvnet_sriov_configure() - the PCI driver's sriov_configure
 * @pdev: the PF's PCI device
 * @num_vfs: number of VFs wanted
 *
 * Return: number of VFs enabled, or a negative error code
 */
int hvnet_sriov_configure(struct pci_dev *pdev, int num_vfs)
{
	struct hvnet_pf *pf = hvnet_pf_of(pci_get_drvdata(pdev));
	int err;

	if (!num_vfs) {
		if (pci_vfs_assigned(pdev)) {
			dev_warn(&pdev->dev, "VFs are assigned to guests, and stay\n");
			return -EBUSY;
		}
		hvnet_sriov_disable(pf);
		return 0;
	}

	err = hvnet_sriov_enable(pf, num_vfs);
	return err ?: num_vfs;
}

/*
 * A reset of the PF takes the VFs away and the PCI core brings them back, but as after power-on:
 * what the kernel believes of bus mastering and vectors is made true again.  It does not know of
 * bus mastering that a user of vfio switched on: who has vectors is to be rung, and needs it.
 */
static void hvnet_sriov_restore_config(struct hvnet_pf *pf)
{
	struct pci_dev *pdev = pf->dev.pdev;
	struct pci_dev *vf = NULL;
	u16 device;
	int pos;

	pos = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_SRIOV);
	pci_read_config_word(pdev, pos + PCI_SRIOV_VF_DID, &device);
	while ((vf = pci_get_device(pdev->vendor, device, vf))) {
		if (!vf->is_virtfn || pci_physfn(vf) != pdev)
			continue;
		if (vf->is_busmaster || vf->msix_enabled)
			pci_set_master(vf);
		pci_restore_msi_state(vf);
	}
}

/* The VFs whose address the host assigned, or the others. */
static int hvnet_sriov_replay(struct hvnet_pf *pf, bool assigned)
{
	unsigned int i;
	int err;

	for (i = 0; i < pf->num_vfs; i++) {
		if (pf->vfs[i].assigned != assigned)
			continue;
		err = hvnet_policy_replay(pf, &pf->vfs[i]) ?: hvnet_vf_replay(pf, &pf->vfs[i]);
		if (err == -ETIMEDOUT || err == -ENETDOWN || err == -ENODEV)
			return err;
		if (err)
			netdev_err(pf->dev.netdev, "VF %u misses its receive filter after a reset: %pe\n",
				   i, ERR_PTR(err));
	}
	return 0;
}

/**
 * hvnet_sriov_restore() - bring the VFs back after the adapter was reset
 * @pf: the PF
 *
 * Their drivers are rung, find that they were reset too, and recover.
 *
 * Return: 0, or a negative error code if it is to be called again
 */
int hvnet_sriov_restore(struct hvnet_pf *pf)
{
	int err;

	lockdep_assert_held(&pf->lock);
	if (!pf->num_vfs)
		return 0;

	/* What the host assigned may be what another VF would choose. */
	err = hvnet_sriov_replay(pf, true) ?: hvnet_sriov_replay(pf, false);
	if (err)
		return err;
	hvnet_sriov_restore_config(pf);
	hvnet_vf_invalidate_all(pf, HVNET_BLOCK_MAC);
	return 0;
}

/**
 * hvnet_sriov_vf() - the VF that the host speaks of
 * @pf: the PF
 * @index: its number, any value
 *
 * Return: the VF, or NULL if there is none, which the log is told.
 */
struct hvnet_vf *hvnet_sriov_vf(struct hvnet_pf *pf, int index)
{
	struct hvnet_vf *vf = hvnet_pf_vf(pf, index);

	if (!vf)
		netdev_err(pf->dev.netdev, "there is no VF %d: there are %u\n", index,
			   pf->num_vfs);
	return vf;
}

/**
 * hvnet_ndo_set_vf_mac() - the host assigns an address to a VF, or lets it choose
 * @netdev: the PF's network device
 * @index: number of the VF
 * @mac: unicast address; zeroes let the VF choose, from the address that it has
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_set_vf_mac(struct net_device *netdev, int index, u8 *mac)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct hvnet_vf *vf;
	int err;

	if (is_multicast_ether_addr(mac)) {
		netdev_err(netdev, "%pM is the address of a group\n", mac);
		return -EINVAL;
	}

	guard(mutex)(&pf->lock);
	vf = hvnet_sriov_vf(pf, index);
	if (!vf)
		return -EINVAL;

	if (is_zero_ether_addr(mac)) {
		vf->assigned = false;
	} else {
		err = hvnet_vf_assign_mac(pf, vf, mac);
		if (err) {
			netdev_err(netdev, "VF %d cannot have address %pM: %pe\n", index, mac,
				   ERR_PTR(err));
			return err;
		}
		netdev_info(netdev, "VF %d has address %pM\n", index, mac);
	}
	hvnet_vf_invalidate(pf, index, HVNET_BLOCK_CAPS);
	hvnet_vf_invalidate(pf, index, HVNET_BLOCK_MAC);
	return 0;
}

/**
 * hvnet_ndo_get_vf_config() - what a VF is like
 * @netdev: the PF's network device
 * @index: number of the VF
 * @info: filled in
 *
 * Return: 0 or -EINVAL
 */
int hvnet_ndo_get_vf_config(struct net_device *netdev, int index, struct ifla_vf_info *info)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct hvnet_vf *vf;

	guard(mutex)(&pf->lock);
	vf = hvnet_pf_vf(pf, index);
	if (!vf)
		return -EINVAL;

	info->vf = index;
	ether_addr_copy(info->mac, vf->mac);
	hvnet_policy_tell(pf, &vf->policy, info);
	return 0;
}

/**
 * hvnet_ndo_get_vf_stats() - the adapter's counters of a VF
 * @netdev: the PF's network device
 * @index: number of the VF
 * @stats: filled in
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_get_vf_stats(struct net_device *netdev, int index, struct ifla_vf_stats *stats)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct hvnet_admin_stats admin;
	u64 groups;
	int err;

	if (index < 0 || index >= READ_ONCE(pf->num_vfs))
		return -EINVAL;

	err = hvnet_admin_stats(&pf->dev, HVNET_VPORT_VF(index), &admin);
	if (err)
		return err;

	stats->rx_packets = le64_to_cpu(admin.rx_packets);
	stats->rx_bytes = le64_to_cpu(admin.rx_bytes);
	/* They count on while they are read. */
	groups = le64_to_cpu(admin.rx_multicast);
	stats->broadcast = min(le64_to_cpu(admin.rx_broadcast), groups);
	stats->multicast = groups - stats->broadcast;
	stats->rx_dropped = le64_to_cpu(admin.rx_no_buffer) + le64_to_cpu(admin.rx_off) +
			    le64_to_cpu(admin.rx_error) + le64_to_cpu(admin.rx_oversize) +
			    le64_to_cpu(admin.rx_link_off) + le64_to_cpu(admin.rx_steer_drop) +
			    le64_to_cpu(admin.rx_vlan_drop);
	stats->tx_packets = le64_to_cpu(admin.tx_packets);
	stats->tx_bytes = le64_to_cpu(admin.tx_bytes);
	stats->tx_dropped = le64_to_cpu(admin.tx_no_dest) + le64_to_cpu(admin.tx_bad_offload) +
			    le64_to_cpu(admin.tx_spoofed) + le64_to_cpu(admin.tx_bad_vlan) +
			    le64_to_cpu(admin.tx_link_off) + le64_to_cpu(admin.tx_oversize);
	return 0;
}
