// SPDX-License-Identifier: GPL-2.0
#include <linux/cleanup.h>
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>

#include "pf.h"
#include "switch.h"

static int hvnet_switch_send(struct hvnet_pf *pf, const struct hvnet_switch_settings *settings)
{
	struct hvnet_admin_switch arg = {
		.flags = cpu_to_le16(settings->mode == BRIDGE_MODE_VEPA ? HVNET_SWITCH_VEPA : 0),
		.vf_mtu = cpu_to_le16(settings->vf_mtu),
	};

	lockdep_assert_held(&pf->lock);
	return hvnet_admin(&pf->dev, HVNET_ADMIN_SWITCH_SET, &arg, sizeof(arg), NULL, 0);
}

/**
 * hvnet_switch_set() - change the settings
 * @pf: the PF
 * @settings: the adapter has what they take
 *
 * What failed is undone: it may still be carried out.
 *
 * Return: 0 or a negative error code
 */
int hvnet_switch_set(struct hvnet_pf *pf, const struct hvnet_switch_settings *settings)
{
	int err;

	err = hvnet_switch_send(pf, settings);
	if (err) {
		pf->switch_unsure = hvnet_switch_send(pf, &pf->nic_switch);
		return err;
	}
	pf->nic_switch = *settings;
	pf->switch_unsure = false;
	return 0;
}

/**
 * hvnet_switch_replay() - tell the adapter, which may have kept another driver's settings
 * @pf: the PF
 *
 * Return: 0 or a negative error code
 */
int hvnet_switch_replay(struct hvnet_pf *pf)
{
	if (!(pf->dev.feats & (HVNET_FEAT_VEPA | HVNET_FEAT_VF_MTU)))
		return 0;
	return hvnet_switch_send(pf, &pf->nic_switch);
}

/**
 * hvnet_switch_clear() - leave the switch as it is to begin with
 * @pf: the PF
 */
void hvnet_switch_clear(struct hvnet_pf *pf)
{
	guard(mutex)(&pf->lock);
	pf->nic_switch = (struct hvnet_switch_settings){ .mode = BRIDGE_MODE_VEB };
	hvnet_switch_replay(pf);
}

/**
 * hvnet_switch_max_mtu() - the longest packet that the adapter can send
 * @pf: the PF
 *
 * A frame has room for one tag: a port VLAN's is there instead of the VF's own.
 *
 * Return: bytes
 */
u16 hvnet_switch_max_mtu(const struct hvnet_pf *pf)
{
	return pf->dev.max_frame - VLAN_ETH_HLEN;
}

/**
 * hvnet_switch_vf_mtu() - the longest packet that VFs may send
 * @pf: the PF, with @lock held
 *
 * Return: bytes
 */
u16 hvnet_switch_vf_mtu(const struct hvnet_pf *pf)
{
	return pf->nic_switch.vf_mtu ?: hvnet_switch_max_mtu(pf);
}
