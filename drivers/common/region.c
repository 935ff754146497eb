// SPDX-License-Identifier: GPL-2.0
/*
 * BAR 0 as a devlink region, read directly or kept in snapshots: registers, the last command and
 * its result, the mailbox, queue contexts, vectors.  Unlike a register dump it is for the
 * administrator of the instance's namespace, so nothing is left out.
 */
#include <linux/slab.h>
#include <net/devlink.h>

#include "device.h"
#include "region.h"

#define HVNET_REGION_SNAPSHOTS	8

/* In words, as registers are read. */
static int hvnet_region_copy(struct hvnet_dev *dev, u32 offset, u32 size, u8 *data,
			     struct netlink_ext_ack *extack)
{
	u32 i, word = 0;

	if (!hvnet_dev_is_up(dev) || hvnet_dev_gone(dev)) {
		NL_SET_ERR_MSG_MOD(extack, "the function does not answer");
		return -ENODEV;
	}
	for (i = 0; i < size; i++) {
		u32 reg = offset + i;

		if (!i || !(reg & 3))
			word = hvnet_read(dev, reg & ~3);
		data[i] = word >> 8 * (reg & 3);
	}
	return 0;
}

/* Under the instance's lock, as hvnet_region_read(). */
static int hvnet_region_snapshot(struct devlink *devlink, const struct devlink_region_ops *ops,
				 struct netlink_ext_ack *extack, u8 **data)
{
	struct hvnet_devlink *ours = devlink_priv(devlink);
	u8 *copy;
	int err;

	copy = kvmalloc(HVNET_BAR_SIZE, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	err = hvnet_region_copy(ours->dev, 0, HVNET_BAR_SIZE, copy, extack);
	if (err) {
		kvfree(copy);
		return err;
	}
	*data = copy;
	return 0;
}

static int hvnet_region_read(struct devlink *devlink, const struct devlink_region_ops *ops,
			     struct netlink_ext_ack *extack, u64 offset, u32 size, u8 *data)
{
	struct hvnet_devlink *ours = devlink_priv(devlink);

	if (offset > HVNET_BAR_SIZE || size > HVNET_BAR_SIZE - offset)
		return -EINVAL;
	return hvnet_region_copy(ours->dev, offset, size, data, extack);
}

static const struct devlink_region_ops hvnet_region_ops = {
	.name = "registers",
	.destructor = kvfree,
	.snapshot = hvnet_region_snapshot,
	.read = hvnet_region_read,
};

/**
 * hvnet_region_create() - create the region
 * @devlink: the function's instance, locked
 *
 * Return: 0 or a negative error code
 */
int hvnet_region_create(struct hvnet_devlink *devlink)
{
	devlink->registers = devl_region_create(priv_to_devlink(devlink), &hvnet_region_ops,
						HVNET_REGION_SNAPSHOTS, HVNET_BAR_SIZE);
	return PTR_ERR_OR_ZERO(devlink->registers);
}

/**
 * hvnet_region_destroy() - mirror image of hvnet_region_create()
 * @devlink: the function's instance, locked
 */
void hvnet_region_destroy(struct hvnet_devlink *devlink)
{
	devl_region_destroy(devlink->registers);
}
