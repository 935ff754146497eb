// SPDX-License-Identifier: GPL-2.0
#include <net/devlink.h>

#include "devlink.h"
#include "pf.h"

/* Private data of the devlink instance. */
struct hvnet_devlink {
	struct hvnet_pf *pf;
};

static int hvnet_devlink_info_get(struct devlink *devlink, struct devlink_info_req *req,
				  struct netlink_ext_ack *extack)
{
	struct hvnet_devlink *priv = devlink_priv(devlink);
	u32 value = priv->pf->dev.version;
	char version[16];

	snprintf(version, sizeof(version), "%u.%u", value >> 16, value & 0xffff);
	return devlink_info_version_running_put(req, DEVLINK_INFO_VERSION_GENERIC_FW_APP, version);
}

static const struct devlink_ops hvnet_devlink_ops = {
	.info_get = hvnet_devlink_info_get,
};

/**
 * hvnet_devlink_register() - register the instance and its port, before the network device
 * @pf: the PF
 *
 * Return: 0 or a negative error code
 */
int hvnet_devlink_register(struct hvnet_pf *pf)
{
	struct devlink_port_attrs attrs = { .flavour = DEVLINK_PORT_FLAVOUR_PHYSICAL };
	struct hvnet_devlink *priv;
	struct devlink *devlink;
	int err;

	devlink = devlink_alloc(&hvnet_devlink_ops, sizeof(*priv), &pf->dev.pdev->dev);
	if (!devlink)
		return -ENOMEM;
	priv = devlink_priv(devlink);
	priv->pf = pf;
	pf->devlink = devlink;

	devl_lock(devlink);
	devlink_port_attrs_set(&pf->port, &attrs);
	err = devl_port_register(devlink, &pf->port, 0);
	if (err) {
		devl_unlock(devlink);
		devlink_free(devlink);
		return err;
	}
	SET_NETDEV_DEVLINK_PORT(pf->dev.netdev, &pf->port);
	devl_register(devlink);
	devl_unlock(devlink);
	return 0;
}

/**
 * hvnet_devlink_unregister() - mirror image of hvnet_devlink_register()
 * @pf: the PF
 */
void hvnet_devlink_unregister(struct hvnet_pf *pf)
{
	devl_lock(pf->devlink);
	devl_unregister(pf->devlink);
	devl_port_unregister(&pf->port);
	devl_unlock(pf->devlink);
	devlink_free(pf->devlink);
}
