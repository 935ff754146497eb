// SPDX-License-Identifier: GPL-2.0
/*
 * The instance is there as long as the driver has the PF.  A reload takes everything else down and
 * up again: struct hvnet_pf with its network device is replaced by a new one, to which the VFs go
 * over. The new one is allocated first.  If it does not come up it stays as it is, and is replaced
 * by the next reload or removed with the driver.
 */
#include "devlink.h"
#include "misuse.h"
#include "param.h"

/* With device lock and instance locked, as hvnet_pf_reload_up(). */
static int hvnet_pf_reload_down(struct devlink *devlink, bool netns_change,
				enum devlink_reload_action action,
				enum devlink_reload_limit limit, struct netlink_ext_ack *extack)
{
	struct hvnet_devlink *ours = devlink_priv(devlink);
	struct hvnet_pf *old = hvnet_pf_of(ours->dev);
	struct hvnet_pf *new;

	new = hvnet_pf_alloc(old->dev.pdev);
	if (!new)
		return -ENOMEM;
	if (old->num_vfs)
		NL_SET_ERR_MSG_MOD(extack, "VFs are reset with the PF");

	if (hvnet_dev_is_up(&old->dev))
		hvnet_pf_down(old);
	swap(new->vfs, old->vfs);
	swap(new->num_vfs, old->num_vfs);
	new->nic_switch = old->nic_switch;
	/* Who asks for parameters before it is up hears what they were. */
	new->dev.max_frame = old->dev.max_frame;
	new->clock_runs = old->clock_runs;
	new->misuse = old->misuse;
	hvnet_devlink_replace(ours, &new->dev);
	hvnet_pf_free(old);
	return 0;
}

static int hvnet_pf_reload_up(struct devlink *devlink, enum devlink_reload_action action,
			      enum devlink_reload_limit limit, u32 *actions_performed,
			      struct netlink_ext_ack *extack)
{
	struct hvnet_devlink *ours = devlink_priv(devlink);
	int err;

	err = hvnet_pf_up(hvnet_pf_of(ours->dev));
	if (err) {
		NL_SET_ERR_MSG_MOD(extack, "the PF does not come up: reload once more, or rebind");
		return err;
	}
	*actions_performed = BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT);
	return 0;
}

static const struct devlink_ops hvnet_pf_devlink_ops = {
	.info_get = hvnet_devlink_info_get,
	.reload_actions = BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT),
	.reload_down = hvnet_pf_reload_down,
	.reload_up = hvnet_pf_reload_up,
};

/**
 * hvnet_pf_devlink_add_port() - register the port, before the network device
 * @pf: the PF, whose instance is locked
 *
 * Return: 0 or a negative error code
 */
int hvnet_pf_devlink_add_port(struct hvnet_pf *pf)
{
	struct devlink_port_attrs attrs = { .flavour = DEVLINK_PORT_FLAVOUR_PHYSICAL };
	struct devlink *devlink = priv_to_devlink(pf->dev.devlink);
	int err;

	devlink_port_attrs_set(&pf->port, &attrs);
	err = devl_port_register(devlink, &pf->port, 0);
	if (err)
		return err;
	SET_NETDEV_DEVLINK_PORT(pf->dev.netdev, &pf->port);
	/* That of the instance may have been changed by a reload. */
	dev_net_set(pf->dev.netdev, devlink_net(devlink));
	return 0;
}

/**
 * hvnet_pf_devlink_del_port() - mirror image of hvnet_pf_devlink_add_port()
 * @pf: the PF, whose network device is not registered
 */
void hvnet_pf_devlink_del_port(struct hvnet_pf *pf)
{
	devl_port_unregister(&pf->port);
}

static int hvnet_pf_devlink_init(struct hvnet_pf_devlink *ours)
{
	int err;

	err = hvnet_devlink_init(&ours->common);
	if (err)
		return err;
	err = hvnet_misuse_create(ours);
	if (err)
		goto exit;
	err = hvnet_params_register(ours);
	if (err)
		goto destroy_misuse;
	return 0;

destroy_misuse:
	hvnet_misuse_destroy(ours);
exit:
	hvnet_devlink_exit(&ours->common);
	return err;
}

static void hvnet_pf_devlink_exit(struct hvnet_pf_devlink *ours)
{
	hvnet_params_unregister(ours);
	hvnet_misuse_destroy(ours);
	hvnet_devlink_exit(&ours->common);
}

static void hvnet_pf_devlink_stop(struct hvnet_pf_devlink *ours)
{
	hvnet_devlink_stop(&ours->common);
	hvnet_misuse_stop(ours);
}

/**
 * hvnet_pf_devlink_register() - register the instance and, with it, bring up the PF
 * @pf: the PF, just allocated
 *
 * Return: 0 or a negative error code
 */
int hvnet_pf_devlink_register(struct hvnet_pf *pf)
{
	struct hvnet_pf_devlink *ours;
	struct hvnet_devlink *common;
	struct devlink *devlink;
	int err;

	common = hvnet_devlink_alloc(&pf->dev, &hvnet_pf_devlink_ops, sizeof(*ours));
	if (!common)
		return -ENOMEM;
	ours = hvnet_pf_devlink_of(common);
	hvnet_misuse_init(ours);

	devlink = priv_to_devlink(ours);
	devl_lock(devlink);
	err = hvnet_pf_devlink_init(ours);
	if (err)
		goto unlock;
	err = hvnet_pf_up(pf);
	if (err)
		goto exit;
	devl_register(devlink);
	devl_unlock(devlink);
	return 0;

	/* There was nothing to report yet. */
exit:
	hvnet_pf_devlink_exit(ours);
unlock:
	devl_unlock(devlink);
	hvnet_devlink_free(common);
	return err;
}

/**
 * hvnet_pf_devlink_unregister() - mirror image of hvnet_pf_devlink_register()
 * @pf: the PF, without VFs; it may be down already, after a reload that failed
 */
void hvnet_pf_devlink_unregister(struct hvnet_pf *pf)
{
	struct hvnet_pf_devlink *ours = hvnet_pf_devlink_of(pf->dev.devlink);
	struct devlink *devlink = priv_to_devlink(ours);

	hvnet_pf_devlink_stop(ours);
	devl_lock(devlink);
	devl_unregister(devlink);
	if (hvnet_dev_is_up(&pf->dev)) {
		hvnet_switch_clear(pf);
		hvnet_pf_down(pf);
	}
	hvnet_pf_devlink_exit(ours);
	devl_unlock(devlink);
	hvnet_devlink_free(&ours->common);
}
