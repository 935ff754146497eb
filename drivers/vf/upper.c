// SPDX-License-Identifier: GPL-2.0
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "netdev.h"
#include "upper.h"
#include "vf.h"

/* A tag that tells a priority only is no VLAN, unless it is a service provider's. */
static bool hvnet_upper_is_vlan(const struct net_device *upper)
{
	return is_vlan_dev(upper) && (vlan_dev_vlan_id(upper) ||
				      vlan_dev_vlan_proto(upper) != htons(ETH_P_8021Q));
}

static int hvnet_upper_check(const struct hvnet_vf *vf, const struct net_device *upper,
			     struct netlink_ext_ack *extack)
{
	if (vf->port_vlan && hvnet_upper_is_vlan(upper)) {
		NL_SET_ERR_MSG_MOD(extack,
				   "The host has put this VF into a VLAN: it can use no other");
		return -EPERM;
	}
	/* Not refused: what the bridge itself sends passes, and the host may change its mind. */
	if (netif_is_bridge_master(upper) && !(READ_ONCE(vf->caps) & HVNET_CAP_ANY_SOURCE))
		NL_SET_ERR_MSG_MOD(extack,
				   "The host checks source addresses: other ports' frames are lost");
	return 0;
}

static int hvnet_upper_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct netdev_notifier_changeupper_info *info = ptr;
	struct net_device *netdev = netdev_notifier_info_to_dev(ptr);

	if (event != NETDEV_PRECHANGEUPPER || netdev->netdev_ops != &hvnet_vf_netdev_ops ||
	    !info->linking)
		return NOTIFY_DONE;
	return notifier_from_errno(hvnet_upper_check(hvnet_vf_of(netdev_priv(netdev)),
						     info->upper_dev,
						     netdev_notifier_info_to_extack(ptr)));
}

static struct notifier_block hvnet_upper_notifier = {
	.notifier_call = hvnet_upper_event,
};

/**
 * hvnet_upper_set_port_vlan() - the host has put us into a VLAN, or has taken us out
 * @vf: the VF, under rtnl
 * @port_vlan: we are in one
 *
 * VLAN devices that are there stay, and the log is told that they do not work.
 */
void hvnet_upper_set_port_vlan(struct hvnet_vf *vf, bool port_vlan)
{
	ASSERT_RTNL();
	if (port_vlan && !vf->port_vlan && vlan_uses_dev(vf->dev.netdev))
		netdev_warn(vf->dev.netdev,
			    "the host has put this VF into a VLAN: frames of others are lost\n");
	vf->port_vlan = port_vlan;
}

/**
 * hvnet_upper_init() - begin to look at what is put on top of VFs
 *
 * Return: 0 or a negative error code
 */
int hvnet_upper_init(void)
{
	return register_netdevice_notifier(&hvnet_upper_notifier);
}

/**
 * hvnet_upper_exit() - mirror image of hvnet_upper_init()
 */
void hvnet_upper_exit(void)
{
	unregister_netdevice_notifier(&hvnet_upper_notifier);
}
