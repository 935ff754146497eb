/* SPDX-License-Identifier: GPL-2.0 */
/* What the host lets a VF do: "ip link set PF vf N vlan, max_tx_rate, ...". */
#ifndef HVNET_PF_POLICY_H
#define HVNET_PF_POLICY_H

#include <linux/netdevice.h>
#include <linux/types.h>

struct hvnet_pf;
struct hvnet_vf;

/**
 * struct hvnet_policy - what the host lets a VF do; all 0 to begin with
 * @vlan: its port VLAN, 0 for none
 * @qos: priority of what it sends in that VLAN
 * @link_state: IFLA_VF_LINK_STATE_*
 * @spoof_check: it sends from its own addresses only
 * @trusted: it may be promiscuous, and have other addresses than the one assigned
 * @query_rss: it may know how the PF hashes
 * @max_rate: Mb/s that it may send, 0 for any
 */
struct hvnet_policy {
	u16 vlan;
	u8 qos;
	u8 link_state;
	bool spoof_check;
	bool trusted;
	bool query_rss;
	u32 max_rate;
};

/* Is it in a port VLAN, if only for a priority? */
static inline bool hvnet_policy_has_vlan(const struct hvnet_policy *policy)
{
	return policy->vlan || policy->qos;
}

int hvnet_policy_clear(struct hvnet_pf *pf);
int hvnet_policy_replay(struct hvnet_pf *pf, struct hvnet_vf *vf);
void hvnet_policy_tell(const struct hvnet_pf *pf, const struct hvnet_policy *policy,
		       struct ifla_vf_info *info);

int hvnet_ndo_set_vf_vlan(struct net_device *netdev, int index, u16 vlan, u8 qos, __be16 proto);
int hvnet_ndo_set_vf_rate(struct net_device *netdev, int index, int min_rate, int max_rate);
int hvnet_ndo_set_vf_spoofchk(struct net_device *netdev, int index, bool setting);
int hvnet_ndo_set_vf_link_state(struct net_device *netdev, int index, int state);
int hvnet_ndo_set_vf_trust(struct net_device *netdev, int index, bool setting);
int hvnet_ndo_set_vf_rss_query_en(struct net_device *netdev, int index, bool setting);

#endif
