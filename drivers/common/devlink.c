// SPDX-License-Identifier: GPL-2.0
/*
 * What the devlink instance of every function has; its functions are declared in hvnet/common.h.
 *
 * An instance outlives the function's struct hvnet_dev: a reload of the PF replaces that.
 */
#include <linux/bitfield.h>
#include <linux/export.h>
#include <linux/unaligned.h>

#include "device.h"
#include "health.h"
#include "region.h"

/**
 * hvnet_devlink_alloc() - allocate a function's devlink instance
 * @dev: the function
 * @ops: operations of the instance
 * @size: bytes of its private data, which begins with &struct hvnet_devlink
 *
 * Return: the private data or NULL
 */
struct hvnet_devlink *hvnet_devlink_alloc(struct hvnet_dev *dev, const struct devlink_ops *ops,
					  size_t size)
{
	struct hvnet_devlink *ours;
	struct devlink *devlink;

	devlink = devlink_alloc(ops, size, &dev->pdev->dev);
	if (!devlink)
		return NULL;
	ours = devlink_priv(devlink);
	hvnet_health_init(ours);
	ours->dev = dev;
	dev->devlink = ours;
	return ours;
}
EXPORT_SYMBOL_NS_GPL(hvnet_devlink_alloc, HVNET);

/**
 * hvnet_devlink_free() - mirror image of hvnet_devlink_alloc()
 * @devlink: the function's instance
 */
void hvnet_devlink_free(struct hvnet_devlink *devlink)
{
	devlink_free(priv_to_devlink(devlink));
}
EXPORT_SYMBOL_NS_GPL(hvnet_devlink_free, HVNET);

/**
 * hvnet_devlink_init() - create health reporters and regions
 * @devlink: the function's instance, locked, not registered
 *
 * Return: 0 or a negative error code
 */
int hvnet_devlink_init(struct hvnet_devlink *devlink)
{
	int err;

	err = hvnet_health_create(devlink);
	if (err)
		return err;
	err = hvnet_region_create(devlink);
	if (err)
		hvnet_health_destroy(devlink);
	return err;
}
EXPORT_SYMBOL_NS_GPL(hvnet_devlink_init, HVNET);

/**
 * hvnet_devlink_exit() - mirror image of hvnet_devlink_init()
 * @devlink: the function's instance, locked, stopped, not registered
 */
void hvnet_devlink_exit(struct hvnet_devlink *devlink)
{
	hvnet_region_destroy(devlink);
	hvnet_health_destroy(devlink);
}
EXPORT_SYMBOL_NS_GPL(hvnet_devlink_exit, HVNET);

/**
 * hvnet_devlink_stop() - report no more faults
 * @devlink: the function's instance, not locked
 *
 * Faults that come now are neither reported nor recovered from.
 */
void hvnet_devlink_stop(struct hvnet_devlink *devlink)
{
	disable_delayed_work_sync(&devlink->report_work);
}
EXPORT_SYMBOL_NS_GPL(hvnet_devlink_stop, HVNET);

/**
 * hvnet_devlink_replace() - another structure stands for the function
 * @devlink: the function's instance, locked
 * @dev: the function
 */
void hvnet_devlink_replace(struct hvnet_devlink *devlink, struct hvnet_dev *dev)
{
	devlink->dev = dev;
	dev->devlink = devlink;
	/* The faults of the old one are over. */
	hvnet_health_check(dev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_devlink_replace, HVNET);

/* As lspci shows it. */
static int hvnet_devlink_put_serial(struct devlink_info_req *req, struct pci_dev *pdev)
{
	u64 number = pci_get_dsn(pdev);
	char text[24];
	u8 bytes[8];

	if (!number)
		return 0;
	put_unaligned_be64(number, bytes);
	snprintf(text, sizeof(text), "%8phD", bytes);
	return devlink_info_serial_number_put(req, text);
}

/* The design: what subsystem ids and the revision are for. */
static int hvnet_devlink_put_fixed(struct devlink_info_req *req, struct pci_dev *pdev)
{
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%04x:%04x", pdev->subsystem_vendor, pdev->subsystem_device);
	err = devlink_info_version_fixed_put(req, DEVLINK_INFO_VERSION_GENERIC_BOARD_ID, text);
	if (err)
		return err;
	snprintf(text, sizeof(text), "%02x", pdev->revision);
	return devlink_info_version_fixed_put(req, DEVLINK_INFO_VERSION_GENERIC_ASIC_REV, text);
}

static int hvnet_devlink_put_running(struct devlink_info_req *req, const struct hvnet_dev *dev)
{
	char text[16];
	int err;

	if (dev->firmware) {
		snprintf(text, sizeof(text), "%lu.%lu.%lu",
			 FIELD_GET(HVNET_FIRMWARE_MAJOR, dev->firmware),
			 FIELD_GET(HVNET_FIRMWARE_MINOR, dev->firmware),
			 FIELD_GET(HVNET_FIRMWARE_PATCH, dev->firmware));
		err = devlink_info_version_running_put(req, DEVLINK_INFO_VERSION_GENERIC_FW, text);
		if (err)
			return err;
	}
	snprintf(text, sizeof(text), "%u.%u", dev->version >> 16, dev->version & 0xffff);
	return devlink_info_version_running_put(req, DEVLINK_INFO_VERSION_GENERIC_FW_APP, text);
}

/**
 * hvnet_devlink_info_get() - of struct devlink_ops
 * @devlink: the instance
 * @req: filled in
 * @extack: not used
 *
 * Return: 0 or a negative error code
 */
int hvnet_devlink_info_get(struct devlink *devlink, struct devlink_info_req *req,
			   struct netlink_ext_ack *extack)
{
	struct hvnet_devlink *ours = devlink_priv(devlink);
	struct pci_dev *pdev = ours->dev->pdev;
	int err;

	err = hvnet_devlink_put_serial(req, pdev) ?: hvnet_devlink_put_fixed(req, pdev);
	/* What runs is not known after a reload that failed. */
	if (err || !hvnet_dev_is_up(ours->dev))
		return err;
	return hvnet_devlink_put_running(req, ours->dev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_devlink_info_get, HVNET);
