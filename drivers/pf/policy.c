// SPDX-License-Identifier: GPL-2.0
/*
 * What the adapter enforces it is told in a single command: a VF has the old policy or the new one.
 * Trust is ours to heed, in mailbox.c, and so is who may know how we hash, in block.c.
 */
#include <linux/cleanup.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>

#include "pf.h"
#include "policy.h"
#include "sriov.h"

#define HVNET_QOS_MAX			7
#define HVNET_VLAN_MAX			(VLAN_N_VID - 2)

static bool hvnet_policy_is_there(const struct hvnet_pf *pf)
{
	return pf->dev.feats & HVNET_FEAT_POLICY;
}

static int hvnet_policy_send(struct hvnet_pf *pf, u16 vport, const struct hvnet_policy *policy)
{
	struct hvnet_admin_policy arg = {
		.vport = cpu_to_le16(vport),
		.max_rate = cpu_to_le32(policy->max_rate),
	};
	u16 flags = 0;

	if (hvnet_policy_has_vlan(policy)) {
		flags |= HVNET_POLICY_PORT_VLAN;
		arg.vlan_tci = cpu_to_le16(policy->qos << VLAN_PRIO_SHIFT | policy->vlan);
	}
	if (policy->spoof_check)
		flags |= HVNET_POLICY_SPOOF_CHECK;
	if (policy->link_state == IFLA_VF_LINK_STATE_DISABLE)
		flags |= HVNET_POLICY_LINK_OFF;
	arg.flags = cpu_to_le16(flags);

	lockdep_assert_held(&pf->lock);
	return hvnet_admin(&pf->dev, HVNET_ADMIN_POLICY_SET, &arg, sizeof(arg), NULL, 0);
}

/* What failed is undone: it may still be carried out. */
static int hvnet_policy_change(struct hvnet_pf *pf, struct hvnet_vf *vf,
			       const struct hvnet_policy *policy)
{
	int err;

	if (!hvnet_policy_is_there(pf))
		return -EOPNOTSUPP;
	err = hvnet_policy_send(pf, vf->filters.vport, policy);
	if (err) {
		vf->policy_unsure = hvnet_policy_send(pf, vf->filters.vport, &vf->policy);
		return err;
	}
	vf->policy = *policy;
	vf->policy_unsure = false;
	return 0;
}

static bool hvnet_policy_is_set(const struct hvnet_policy *policy)
{
	return hvnet_policy_has_vlan(policy) || policy->spoof_check || policy->max_rate ||
	       policy->link_state != IFLA_VF_LINK_STATE_AUTO;
}

/**
 * hvnet_policy_clear() - no VF has a policy
 * @pf: the PF
 *
 * The adapter keeps policies over resets: before VFs are made, it is told that they have none.
 *
 * Return: 0 or a negative error code
 */
int hvnet_policy_clear(struct hvnet_pf *pf)
{
	const struct hvnet_policy none = {};

	if (!hvnet_policy_is_there(pf))
		return 0;
	return hvnet_policy_send(pf, HVNET_POLICY_ALL_VFS, &none);
}

/**
 * hvnet_policy_replay() - tell the adapter again, after it was reset
 * @pf: the PF
 * @vf: the VF
 *
 * It should have kept it, but a change may have been under way.  May be called again when it
 * failed.
 *
 * Return: 0 or a negative error code
 */
int hvnet_policy_replay(struct hvnet_pf *pf, struct hvnet_vf *vf)
{
	int err;

	if (!hvnet_policy_is_there(pf))
		return 0;
	if (!vf->policy_unsure && !hvnet_policy_is_set(&vf->policy))
		return 0;
	err = hvnet_policy_send(pf, vf->filters.vport, &vf->policy);
	if (!err)
		vf->policy_unsure = false;
	return err;
}

/**
 * hvnet_policy_tell() - what "ip link show" says of a VF's policy
 * @pf: the PF
 * @policy: the VF's
 * @info: filled in; what is not there stays as it is
 */
void hvnet_policy_tell(const struct hvnet_pf *pf, const struct hvnet_policy *policy,
		       struct ifla_vf_info *info)
{
	info->linkstate = policy->link_state;
	info->vlan = policy->vlan;
	info->qos = policy->qos;
	info->vlan_proto = htons(ETH_P_8021Q);
	info->min_tx_rate = 0;
	info->max_tx_rate = policy->max_rate;
	info->trusted = policy->trusted;
	if (pf->dev.feats & HVNET_FEAT_RSS)
		info->rss_query_en = policy->query_rss;
	if (hvnet_policy_is_there(pf))
		info->spoofchk = policy->spoof_check;
}

/**
 * hvnet_ndo_set_vf_vlan() - the host puts a VF into a VLAN
 * @netdev: the PF's network device
 * @index: number of the VF
 * @vlan: the VLAN; 0 for none, which management software says of every VF
 * @qos: priority of what it sends; without a VLAN too
 * @proto: protocol of its tag
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_set_vf_vlan(struct net_device *netdev, int index, u16 vlan, u8 qos, __be16 proto)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct hvnet_policy policy;
	struct hvnet_vf *vf;
	bool had_vlan;
	int err;

	if (vlan > HVNET_VLAN_MAX) {
		netdev_err(netdev, "VF %d: VLAN %u is more than %u\n", index, vlan, HVNET_VLAN_MAX);
		return -EINVAL;
	}
	if (qos > HVNET_QOS_MAX) {
		netdev_err(netdev, "VF %d: priority %u is more than %u\n", index, qos,
			   HVNET_QOS_MAX);
		return -EINVAL;
	}
	if (proto != htons(ETH_P_8021Q)) {
		netdev_err(netdev, "VF %d: VLANs are of 802.1Q only\n", index);
		return -EPROTONOSUPPORT;
	}

	guard(mutex)(&pf->lock);
	vf = hvnet_sriov_vf(pf, index);
	if (!vf)
		return -EINVAL;
	if (!vf->policy_unsure && vlan == vf->policy.vlan && qos == vf->policy.qos)
		return 0;
	policy = vf->policy;
	policy.vlan = vlan;
	policy.qos = qos;
	had_vlan = hvnet_policy_has_vlan(&vf->policy);
	err = hvnet_policy_change(pf, vf, &policy);
	/* That it has one is all that it may know, and a VF of version 1 not even that. */
	if (!err && had_vlan != hvnet_policy_has_vlan(&policy) && vf->version != 1)
		hvnet_vf_invalidate(pf, index, HVNET_BLOCK_MAC);
	return err;
}

/**
 * hvnet_ndo_set_vf_rate() - the host limits what a VF may send
 * @netdev: the PF's network device
 * @index: number of the VF
 * @min_rate: Mb/s that it would be sure of: 0
 * @max_rate: Mb/s, up to the speed of the link; 0 for any
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_set_vf_rate(struct net_device *netdev, int index, int min_rate, int max_rate)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	u32 most = min(READ_ONCE(pf->dev.link_speed), HVNET_POLICY_MAX_RATE);
	struct hvnet_policy policy;
	struct hvnet_vf *vf;

	guard(mutex)(&pf->lock);
	vf = hvnet_sriov_vf(pf, index);
	if (!vf)
		return -EINVAL;
	if (min_rate) {
		netdev_err(netdev, "VF %d: the adapter guarantees no minimum rate\n", index);
		return -EOPNOTSUPP;
	}
	if ((u32)max_rate > most) {
		netdev_err(netdev, "VF %d: %u Mb/s is more than the link's %u Mb/s\n", index,
			   max_rate, most);
		return -EINVAL;
	}
	if (!vf->policy_unsure && max_rate == vf->policy.max_rate)
		return 0;
	policy = vf->policy;
	policy.max_rate = max_rate;
	return hvnet_policy_change(pf, vf, &policy);
}

/**
 * hvnet_ndo_set_vf_spoofchk() - the host has a VF's source addresses checked, or not
 * @netdev: the PF's network device
 * @index: number of the VF
 * @setting: they are
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_set_vf_spoofchk(struct net_device *netdev, int index, bool setting)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct hvnet_policy policy;
	struct hvnet_vf *vf;
	int err;

	guard(mutex)(&pf->lock);
	vf = hvnet_sriov_vf(pf, index);
	if (!vf)
		return -EINVAL;
	if (!vf->policy_unsure && setting == vf->policy.spoof_check)
		return 0;
	policy = vf->policy;
	policy.spoof_check = setting;
	err = hvnet_policy_change(pf, vf, &policy);
	if (!err)
		hvnet_vf_invalidate(pf, index, HVNET_BLOCK_CAPS);
	return err;
}

/**
 * hvnet_ndo_set_vf_link_state() - the host says what a VF's link is like
 * @netdev: the PF's network device
 * @index: number of the VF
 * @state: IFLA_VF_LINK_STATE_*
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_set_vf_link_state(struct net_device *netdev, int index, int state)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct hvnet_policy policy;
	struct hvnet_vf *vf;
	int err;

	if (state < 0 || state > IFLA_VF_LINK_STATE_DISABLE) {
		netdev_err(netdev, "VF %d: there is no link state %d\n", index, state);
		return -EINVAL;
	}

	guard(mutex)(&pf->lock);
	vf = hvnet_sriov_vf(pf, index);
	if (!vf)
		return -EINVAL;
	if (!vf->policy_unsure && state == vf->policy.link_state)
		return 0;
	policy = vf->policy;
	policy.link_state = state;
	err = hvnet_policy_change(pf, vf, &policy);
	if (!err)
		hvnet_vf_invalidate(pf, index, HVNET_BLOCK_LINK);
	return err;
}

/**
 * hvnet_ndo_set_vf_trust() - the host trusts a VF, or does not any more
 * @netdev: the PF's network device
 * @index: number of the VF
 * @setting: it does
 *
 * What a VF had because it was trusted is taken away.  In both cases it is to say again what it
 * wants to receive.
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_set_vf_trust(struct net_device *netdev, int index, bool setting)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct hvnet_vf *vf;
	int err;

	guard(mutex)(&pf->lock);
	vf = hvnet_sriov_vf(pf, index);
	if (!vf)
		return -EINVAL;
	if (setting == vf->policy.trusted)
		return 0;
	if (!setting) {
		err = hvnet_vf_confine(pf, vf);
		if (err)
			return err;
	}
	vf->policy.trusted = setting;
	hvnet_vf_invalidate(pf, index, HVNET_BLOCK_CAPS);
	hvnet_vf_invalidate(pf, index, HVNET_BLOCK_MAC);
	hvnet_vf_invalidate(pf, index, HVNET_BLOCK_FILTERS);
	return 0;
}

/**
 * hvnet_ndo_set_vf_rss_query_en() - the host lets a VF know how the PF hashes, or does not any more
 * @netdev: the PF's network device
 * @index: number of the VF
 * @setting: it may know
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_set_vf_rss_query_en(struct net_device *netdev, int index, bool setting)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct hvnet_vf *vf;

	guard(mutex)(&pf->lock);
	vf = hvnet_sriov_vf(pf, index);
	if (!vf)
		return -EINVAL;
	if (!(pf->dev.feats & HVNET_FEAT_RSS)) {
		netdev_err(netdev, "the adapter does not hash\n");
		return -EOPNOTSUPP;
	}
	if (setting == vf->policy.query_rss)
		return 0;
	vf->policy.query_rss = setting;
	hvnet_vf_invalidate(pf, index, HVNET_BLOCK_CAPS);
	hvnet_vf_invalidate(pf, index, HVNET_BLOCK_RSS);
	return 0;
}
