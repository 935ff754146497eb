// SPDX-License-Identifier: GPL-2.0
/* XDP programs come and go; what is declared in hvnet/common.h is for both drivers. */
#include <linux/bpf.h>
#include <linux/export.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "offload.h"
#include "xdp.h"
#include "xsk.h"

#define HVNET_XDP_MAX_MTU		(HVNET_XDP_MAX_FRAME - VLAN_ETH_HLEN)

/**
 * hvnet_xdp_init() - offer XDP
 * @dev: the function, whose netdev is not registered
 */
void hvnet_xdp_init(struct hvnet_dev *dev)
{
	dev->netdev->xdp_metadata_ops = &hvnet_xdp_metadata_ops;
	xdp_set_features_flag(dev->netdev, NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT |
					   NETDEV_XDP_ACT_NDO_XMIT | NETDEV_XDP_ACT_RX_SG |
					   NETDEV_XDP_ACT_NDO_XMIT_SG |
					   NETDEV_XDP_ACT_XSK_ZEROCOPY);
}

/* Does the program take frames of one buffer only? */
static bool hvnet_xdp_is_linear(const struct bpf_prog *prog)
{
	return prog && !prog->aux->xdp_has_frags;
}

/* The features that there will be; others than GRO_HW do not depend on the program. */
static netdev_features_t hvnet_xdp_features(const struct net_device *netdev,
					    const struct bpf_prog *prog)
{
	netdev_features_t features = netdev->features & ~NETIF_F_GRO_HW;

	if (!prog && features & NETIF_F_RXCSUM)
		features |= netdev->wanted_features & NETIF_F_GRO_HW;
	return features;
}

/**
 * hvnet_xdp_limit_mtu() - see to it that the MTU stays one that host, program and sockets can take
 * @dev: the function
 *
 * The core refuses what is more, and says so.
 */
void hvnet_xdp_limit_mtu(struct hvnet_dev *dev)
{
	u32 max_frame = dev->max_frame;
	unsigned int i;

	if (dev->host_mtu)
		max_frame = min(max_frame, dev->host_mtu + VLAN_ETH_HLEN);
	if (hvnet_xdp_is_linear(dev->xdp_prog))
		max_frame = min(max_frame, HVNET_XDP_MAX_FRAME);
	for (i = 0; i < HVNET_MAX_QUEUE_PAIRS; i++)
		max_frame = min(max_frame, hvnet_xsk_limit(dev, i) ?: max_frame);
	WRITE_ONCE(dev->netdev->max_mtu, max_frame - VLAN_ETH_HLEN);
}

static void hvnet_xdp_exchange(struct hvnet_dev *dev, struct bpf_prog *prog)
{
	struct bpf_prog *old;

	old = xchg(&dev->xdp_prog, prog);
	if (old)
		bpf_prog_put(old);
	hvnet_xdp_limit_mtu(dev);
}

/*
 * A program takes the place of another at once, between two polls.  The queues are made anew only
 * for the first and after the last.  To detach must not fail: if memory is short the buffers stay
 * as they are, and every frame is passed on.
 */
static int hvnet_xdp_setup(struct hvnet_dev *dev, struct bpf_prog *prog,
			   struct netlink_ext_ack *extack)
{
	struct net_device *netdev = dev->netdev;
	struct hvnet_config config = dev->config;
	int err;

	if (hvnet_xdp_is_linear(prog) && netdev->mtu > HVNET_XDP_MAX_MTU) {
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "the program does not support fragments: MTU %u at most",
				       HVNET_XDP_MAX_MTU);
		return -EOPNOTSUPP;
	}

	hvnet_offload_shape(prog, hvnet_xdp_features(netdev, prog), &config);
	err = hvnet_offload_change(dev, &config);
	if (err && prog) {
		NL_SET_ERR_MSG_MOD(extack, "the receive queues cannot be changed");
		return err;
	}
	if (err) {
		netdev_warn(netdev, "receive queues are still those for XDP programs: %pe\n",
			    ERR_PTR(err));
		/* They take longer frames all the same. */
		config = dev->config;
		config.rx_limit = 0;
		hvnet_offload_change(dev, &config);
	}
	hvnet_xdp_exchange(dev, prog);
	netdev_update_features(netdev);
	return 0;
}

/**
 * hvnet_bpf() - ndo_bpf
 * @netdev: the network device
 * @bpf: what is wanted
 *
 * Return: 0 or a negative error code, and the program that was attached before still is
 */
int hvnet_bpf(struct net_device *netdev, struct netdev_bpf *bpf)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	ASSERT_RTNL();
	switch (bpf->command) {
	case XDP_SETUP_PROG:
		return hvnet_xdp_setup(dev, bpf->prog, bpf->extack);
	case XDP_SETUP_XSK_POOL:
		return hvnet_xsk_setup(dev, bpf->xsk.pool, bpf->xsk.queue_id);
	default:
		return -EINVAL;
	}
}
EXPORT_SYMBOL_NS_GPL(hvnet_bpf, HVNET);
