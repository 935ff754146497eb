// SPDX-License-Identifier: GPL-2.0
/*
 * hvnet_nic: an emulated SR-IOV network adapter.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cc_platform.h>
#include <linux/module.h>

#include <hvnet/abi/regs.h>

#include "adapter.h"
#include "configfs.h"
#include "dma.h"
#include "host_bridge.h"
#include "iommu.h"

static unsigned int adapters = 1;
module_param(adapters, uint, 0444);
MODULE_PARM_DESC(adapters, "Adapters that come with the module, 0 to 16 (default 1); configfs makes more");

static unsigned int total_vfs = 64;
module_param(total_vfs, uint, 0444);
MODULE_PARM_DESC(total_vfs, "VFs that an adapter can have, 0 to 4096 (default 64)");

static unsigned int queue_pairs = 4;
module_param(queue_pairs, uint, 0444);
MODULE_PARM_DESC(queue_pairs, "Queue pairs of each function, 1 to 16 (default 4)");

static bool check_range(const char *name, unsigned int val, unsigned int min, unsigned int max)
{
	if (val >= min && val <= max)
		return true;
	pr_err("%s=%u is not between %u and %u\n", name, val, min, max);
	return false;
}

/* Drivers and guests map BARs unencrypted, as they do any device's; the linear map is not. */
static bool ram_is_encrypted(void)
{
	if (!cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		return false;
	pr_err("BARs in RAM do not work with memory encryption: boot with mem_encrypt=off\n");
	return true;
}

static int __init hvnet_nic_init(void)
{
	int err;

	if (ram_is_encrypted())
		return -EOPNOTSUPP;
	if (!check_range("adapters", adapters, 0, HVNET_MAX_ADAPTERS) ||
	    !check_range("total_vfs", total_vfs, 0, HVNET_MAX_VFS) ||
	    !check_range("queue_pairs", queue_pairs, 1, HVNET_MAX_QUEUE_PAIRS))
		return -EINVAL;

	hvnet_dma_init();
	err = hvnet_iommu_init();
	if (err)
		goto err_dma;
	err = hvnet_host_bridge_init();
	if (err)
		goto err_iommu;
	err = hvnet_configfs_init(adapters, total_vfs, queue_pairs);
	if (err)
		goto err_host_bridge;
	return 0;

err_host_bridge:
	hvnet_host_bridge_exit();
err_iommu:
	hvnet_iommu_exit();
err_dma:
	hvnet_dma_cleanup();
	return err;
}

static void __exit hvnet_nic_exit(void)
{
	hvnet_configfs_exit();
	hvnet_host_bridge_exit();
	hvnet_iommu_exit();
	hvnet_dma_cleanup();
}

module_init(hvnet_nic_init);
module_exit(hvnet_nic_exit);

/* No symbol ties the drivers to the adapter, but who plugs it in wants them. */
MODULE_SOFTDEP("post: hvnet_pf hvnet_vf");
MODULE_DESCRIPTION("hvnet: emulated SR-IOV network adapter");
MODULE_VERSION(HVNET_RELEASE);
MODULE_LICENSE("GPL");
