// SPDX-License-Identifier: GPL-2.0
#include <linux/cleanup.h>
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "bridge.h"
#include "pf.h"

static int hvnet_bridge_set_mode(struct hvnet_pf *pf, u16 mode)
{
	struct hvnet_switch_settings settings;

	guard(mutex)(&pf->lock);
	if (mode == pf->nic_switch.mode && !pf->switch_unsure)
		return 0;
	settings = pf->nic_switch;
	settings.mode = mode;
	return hvnet_switch_set(pf, &settings);
}

/**
 * hvnet_ndo_bridge_setlink() - the host chooses who forwards between VFs
 * @netdev: the PF's network device
 * @nlh: the message
 * @flags: not looked at
 * @extack: says why not
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_bridge_setlink(struct net_device *netdev, struct nlmsghdr *nlh, u16 flags,
			     struct netlink_ext_ack *extack)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));
	struct nlattr *spec, *attr;
	u16 mode;

	if (!(pf->dev.feats & HVNET_FEAT_VEPA)) {
		NL_SET_ERR_MSG_MOD(extack, "The adapter has no modes");
		return -EOPNOTSUPP;
	}
	spec = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_AF_SPEC);
	attr = spec ? nla_find_nested(spec, IFLA_BRIDGE_MODE) : NULL;
	if (!attr) {
		NL_SET_ERR_MSG_MOD(extack, "Only the mode of the switch can be set: hwmode");
		return -EOPNOTSUPP;
	}
	mode = nla_get_u16(attr);
	if (mode != BRIDGE_MODE_VEB && mode != BRIDGE_MODE_VEPA) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "Modes are veb and vepa");
		return -EINVAL;
	}
	return hvnet_bridge_set_mode(pf, mode);
}

/**
 * hvnet_ndo_bridge_getlink() - who forwards between VFs
 * @skb: message to be filled in
 * @pid: who asks
 * @seq: number of the question
 * @netdev: the PF's network device
 * @filter_mask: what is asked for
 * @nlflags: of the message
 *
 * Return: 0 or a negative error code
 */
int hvnet_ndo_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *netdev,
			     u32 filter_mask, int nlflags)
{
	struct hvnet_pf *pf = hvnet_pf_of(netdev_priv(netdev));

	if (!(pf->dev.feats & HVNET_FEAT_VEPA))
		return 0;
	return ndo_dflt_bridge_getlink(skb, pid, seq, netdev, READ_ONCE(pf->nic_switch.mode),
				       0, 0, nlflags, filter_mask, NULL);
}
