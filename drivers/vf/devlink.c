// SPDX-License-Identifier: GPL-2.0
#include "devlink.h"
#include "vf.h"

static const struct devlink_ops hvnet_vf_devlink_ops = {
	.info_get = hvnet_devlink_info_get,
};

/**
 * hvnet_vf_devlink_alloc() - allocate the instance, which hvnet_devlink_free() frees
 * @vf: the VF
 *
 * Return: 0 or a negative error code
 */
int hvnet_vf_devlink_alloc(struct hvnet_vf *vf)
{
	struct hvnet_devlink *devlink;

	devlink = hvnet_devlink_alloc(&vf->dev, &hvnet_vf_devlink_ops, sizeof(*devlink));
	return devlink ? 0 : -ENOMEM;
}

/**
 * hvnet_vf_devlink_register() - register the instance
 * @vf: the VF, up, before its network device is registered
 *
 * Return: 0 or a negative error code
 */
int hvnet_vf_devlink_register(struct hvnet_vf *vf)
{
	struct devlink *devlink = priv_to_devlink(vf->dev.devlink);
	int err;

	devl_lock(devlink);
	err = hvnet_devlink_init(vf->dev.devlink);
	if (!err)
		devl_register(devlink);
	devl_unlock(devlink);
	return err;
}

/**
 * hvnet_vf_devlink_unregister() - mirror image of hvnet_vf_devlink_register()
 * @vf: the VF, still up
 */
void hvnet_vf_devlink_unregister(struct hvnet_vf *vf)
{
	struct devlink *devlink = priv_to_devlink(vf->dev.devlink);

	hvnet_devlink_stop(vf->dev.devlink);
	devl_lock(devlink);
	devl_unregister(devlink);
	hvnet_devlink_exit(vf->dev.devlink);
	devl_unlock(devlink);
}
