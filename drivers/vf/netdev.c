// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>

#include "backchannel.h"
#include "netdev.h"
#include "vf.h"

/* What we know to be refused is not asked for. */
static int hvnet_vf_ask_mac(struct hvnet_vf *vf, const u8 *mac)
{
	int err = -EPERM;

	if (READ_ONCE(vf->caps) & HVNET_CAP_SET_MAC)
		err = hvnet_backchannel_write_mac(vf, mac);
	if (hvnet_refusal_is_new(&vf->refusals, HVNET_WISH_MAC, err))
		netdev_err(vf->dev.netdev, "the PF does not grant address %pM: %pe\n", mac,
			   ERR_PTR(err));
	return err;
}

/* An address that came from the PF is not asked for. */
static int hvnet_vf_set_mac_address(struct net_device *netdev, void *p)
{
	struct hvnet_vf *vf = hvnet_vf_of(netdev_priv(netdev));
	struct sockaddr *sa = p;
	int err;

	err = eth_prepare_mac_addr_change(netdev, sa);
	if (err)
		return err;

	if (!ether_addr_equal_unaligned((u8 *)sa->sa_data, vf->mac)) {
		err = hvnet_vf_ask_mac(vf, (const u8 *)sa->sa_data);
		if (err) {
			hvnet_backchannel_doubt_mac(vf, err);
			return err;
		}
	}
	eth_commit_mac_addr_change(netdev, sa);
	ether_addr_copy(vf->mac, netdev->dev_addr);
	vf->mac_changes++;
	return 0;
}

static void hvnet_vf_set_rx_mode(struct net_device *netdev)
{
	hvnet_backchannel_write_filters(hvnet_vf_of(netdev_priv(netdev)));
}

const struct net_device_ops hvnet_vf_netdev_ops = {
	.ndo_open = hvnet_open,
	.ndo_stop = hvnet_stop,
	.ndo_start_xmit = hvnet_xmit,
	.ndo_tx_timeout = hvnet_tx_timeout,
	.ndo_get_stats64 = hvnet_get_stats64,
	.ndo_features_check = hvnet_features_check,
	.ndo_fix_features = hvnet_fix_features,
	.ndo_set_features = hvnet_set_features,
	.ndo_vlan_rx_add_vid = hvnet_vlan_rx_add_vid,
	.ndo_vlan_rx_kill_vid = hvnet_vlan_rx_kill_vid,
	.ndo_hwtstamp_get = hvnet_hwtstamp_get,
	.ndo_hwtstamp_set = hvnet_hwtstamp_set,
	.ndo_bpf = hvnet_bpf,
	.ndo_xdp_xmit = hvnet_xdp_xmit,
	.ndo_xsk_wakeup = hvnet_xsk_wakeup,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_set_mac_address = hvnet_vf_set_mac_address,
	.ndo_set_rx_mode = hvnet_vf_set_rx_mode,
};
