// SPDX-License-Identifier: GPL-2.0
#include <linux/cleanup.h>

#include "devlink.h"
#include "param.h"

enum {
	HVNET_PARAM_VF_MAX_MTU = DEVLINK_PARAM_GENERIC_ID_MAX + 1,
};

static struct hvnet_pf *hvnet_param_pf(struct devlink *devlink)
{
	struct hvnet_devlink *ours = devlink_priv(devlink);

	return hvnet_pf_of(ours->dev);
}

static int hvnet_param_get_vf_mtu(struct devlink *devlink, u32 id,
				  struct devlink_param_gset_ctx *ctx)
{
	struct hvnet_pf *pf = hvnet_param_pf(devlink);

	guard(mutex)(&pf->lock);
	ctx->val.vu16 = hvnet_switch_vf_mtu(pf);
	return 0;
}

static int hvnet_param_set_vf_mtu(struct devlink *devlink, u32 id,
				  struct devlink_param_gset_ctx *ctx,
				  struct netlink_ext_ack *extack)
{
	struct hvnet_pf *pf = hvnet_param_pf(devlink);
	struct hvnet_switch_settings settings;
	u16 mtu = ctx->val.vu16;
	int err;

	guard(mutex)(&pf->lock);
	settings = pf->nic_switch;
	settings.vf_mtu = mtu < hvnet_switch_max_mtu(pf) ? mtu : 0;
	err = hvnet_switch_set(pf, &settings);
	if (err) {
		NL_SET_ERR_MSG_MOD(extack, "the adapter does not take it");
		return err;
	}
	hvnet_vf_invalidate_all(pf, HVNET_BLOCK_MTU);
	return 0;
}

static int hvnet_param_check_vf_mtu(struct devlink *devlink, u32 id,
				    union devlink_param_value val, struct netlink_ext_ack *extack)
{
	struct hvnet_pf *pf = hvnet_param_pf(devlink);

	if (!hvnet_dev_is_up(&pf->dev)) {
		NL_SET_ERR_MSG_MOD(extack, "the last reload failed");
		return -ENODEV;
	}
	if (!(pf->dev.feats & HVNET_FEAT_VF_MTU)) {
		NL_SET_ERR_MSG_MOD(extack, "the adapter limits no VFs");
		return -EOPNOTSUPP;
	}
	if (val.vu16 < HVNET_SWITCH_MIN_MTU || val.vu16 > hvnet_switch_max_mtu(pf)) {
		NL_SET_ERR_MSG_FMT_MOD(extack, "from %u to %u bytes", HVNET_SWITCH_MIN_MTU,
				       hvnet_switch_max_mtu(pf));
		return -EINVAL;
	}
	return 0;
}

static const struct devlink_param hvnet_params[] = {
	DEVLINK_PARAM_DRIVER(HVNET_PARAM_VF_MAX_MTU, "vf_max_mtu", DEVLINK_PARAM_TYPE_U16,
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME), hvnet_param_get_vf_mtu,
			     hvnet_param_set_vf_mtu, hvnet_param_check_vf_mtu),
};

/**
 * hvnet_params_register() - make parameters known
 * @ours: the PF's instance, locked
 *
 * Return: 0 or a negative error code
 */
int hvnet_params_register(struct hvnet_pf_devlink *ours)
{
	return devl_params_register(priv_to_devlink(ours), hvnet_params, ARRAY_SIZE(hvnet_params));
}

/**
 * hvnet_params_unregister() - mirror image of hvnet_params_register()
 * @ours: the PF's instance, locked
 */
void hvnet_params_unregister(struct hvnet_pf_devlink *ours)
{
	devl_params_unregister(priv_to_devlink(ours), hvnet_params, ARRAY_SIZE(hvnet_params));
}
