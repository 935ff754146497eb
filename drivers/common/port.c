// SPDX-License-Identifier: GPL-2.0
/*
 * The physical port, which the PF alone can see and set: the adapter announces it to no other.  A
 * VF's link is what the PF says of it.
 */
#include <linux/cleanup.h>
#include <linux/export.h>
#include <linux/linkmode.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "port.h"

/* Modes as ethtool has them. */
static const struct {
	u16 mode;
	u32 speed;
	unsigned int bit;
} hvnet_modes[] = {
	{ HVNET_LINK_MODE_1000, SPEED_1000, ETHTOOL_LINK_MODE_1000baseX_Full_BIT },
	{ HVNET_LINK_MODE_10000, SPEED_10000, ETHTOOL_LINK_MODE_10000baseCR_Full_BIT },
	{ HVNET_LINK_MODE_25000, SPEED_25000, ETHTOOL_LINK_MODE_25000baseCR_Full_BIT },
};

#define HVNET_ALL_MODES		(HVNET_LINK_MODE_1000 | HVNET_LINK_MODE_10000 | \
				 HVNET_LINK_MODE_25000)

static void hvnet_modes_put(unsigned long *to, __le16 modes)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hvnet_modes); i++)
		if (modes & cpu_to_le16(hvnet_modes[i].mode))
			__set_bit(hvnet_modes[i].bit, to);
}

static u16 hvnet_modes_get(const unsigned long *from)
{
	unsigned int i;
	u16 modes = 0;

	for (i = 0; i < ARRAY_SIZE(hvnet_modes); i++)
		if (test_bit(hvnet_modes[i].bit, from))
			modes |= hvnet_modes[i].mode;
	return modes;
}

static void hvnet_port_fill(struct ethtool_link_ksettings *cmd,
			    const struct hvnet_admin_link_state *state)
{
	bool autoneg = state->flags & cpu_to_le16(HVNET_LINK_AUTONEG);

	linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, cmd->link_modes.supported);
	linkmode_set_bit(ETHTOOL_LINK_MODE_FIBRE_BIT, cmd->link_modes.supported);
	hvnet_modes_put(cmd->link_modes.supported, state->supported);
	if (autoneg) {
		linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, cmd->link_modes.advertising);
		hvnet_modes_put(cmd->link_modes.advertising, state->modes);
	}
	if (autoneg && state->partner_modes) {
		linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, cmd->link_modes.lp_advertising);
		hvnet_modes_put(cmd->link_modes.lp_advertising, state->partner_modes);
	}
	cmd->base.port = PORT_DA;
	cmd->base.autoneg = autoneg ? AUTONEG_ENABLE : AUTONEG_DISABLE;
}

/**
 * hvnet_get_link_ksettings() - of struct ethtool_ops
 * @netdev: the network device
 * @cmd: filled in
 *
 * Return: 0 or a negative error code
 */
int hvnet_get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *cmd)
{
	struct hvnet_dev *dev = netdev_priv(netdev);
	bool up = netif_carrier_ok(netdev);
	struct hvnet_admin_link_state state;
	int err;

	cmd->base.speed = up ? READ_ONCE(dev->link_speed) : SPEED_UNKNOWN;
	cmd->base.duplex = up ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	cmd->base.port = PORT_OTHER;
	cmd->base.autoneg = AUTONEG_DISABLE;
	if (!(dev->feats & HVNET_FEAT_LINK))
		return 0;

	err = hvnet_admin(dev, HVNET_ADMIN_LINK_GET, NULL, 0, &state, sizeof(state));
	if (!err)
		hvnet_port_fill(cmd, &state);
	return err;
}

/* Modes to negotiate: all, if none was named. */
static u16 hvnet_port_advertised(const struct ethtool_link_ksettings *cmd)
{
	__ETHTOOL_DECLARE_LINK_MODE_MASK(named);

	linkmode_copy(named, cmd->link_modes.advertising);
	linkmode_clear_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, named);
	linkmode_clear_bit(ETHTOOL_LINK_MODE_FIBRE_BIT, named);
	return linkmode_empty(named) ? HVNET_ALL_MODES : hvnet_modes_get(named);
}

static u16 hvnet_port_forced(const struct ethtool_link_ksettings *cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hvnet_modes); i++)
		if (hvnet_modes[i].speed == cmd->base.speed)
			return hvnet_modes[i].mode;
	return 0;
}

static int hvnet_port_send(struct hvnet_dev *dev, const struct hvnet_admin_link *link)
{
	return hvnet_admin(dev, HVNET_ADMIN_LINK_SET, link, sizeof(*link), NULL, 0);
}

/**
 * hvnet_set_link_ksettings() - of struct ethtool_ops
 * @netdev: the network device
 * @cmd: what is wanted
 *
 * Return: 0 or a negative error code
 */
int hvnet_set_link_ksettings(struct net_device *netdev, const struct ethtool_link_ksettings *cmd)
{
	bool autoneg = cmd->base.autoneg == AUTONEG_ENABLE;
	struct hvnet_dev *dev = netdev_priv(netdev);
	struct hvnet_admin_link link;
	int err;
	u16 modes;

	if (!(dev->feats & HVNET_FEAT_LINK))
		return -EOPNOTSUPP;
	modes = autoneg ? hvnet_port_advertised(cmd) : hvnet_port_forced(cmd);
	if (!modes || cmd->base.duplex == DUPLEX_HALF || cmd->base.port != PORT_DA)
		return -EINVAL;

	link.modes = cpu_to_le16(modes);
	link.flags = cpu_to_le16(autoneg ? HVNET_LINK_AUTONEG : 0);
	guard(mutex)(&dev->restore_lock);
	err = hvnet_port_send(dev, &link);
	if (!err)
		dev->link = link;
	return err;
}

/**
 * hvnet_port_restore() - set the port's link as it was before a reset
 * @dev: the PF
 *
 * Context: of hvnet_dev_ops.restore.
 *
 * Return: 0 or a negative error code
 */
int hvnet_port_restore(struct hvnet_dev *dev)
{
	lockdep_assert_held(&dev->restore_lock);
	return dev->link.modes ? hvnet_port_send(dev, &dev->link) : 0;
}
EXPORT_SYMBOL_NS_GPL(hvnet_port_restore, HVNET);

static int hvnet_port_stats(struct hvnet_dev *dev, struct hvnet_admin_port_stats *stats)
{
	if (!(dev->feats & HVNET_FEAT_PORT_STATS))
		return -EOPNOTSUPP;
	return hvnet_admin(dev, HVNET_ADMIN_PORT_STATS, NULL, 0, stats, sizeof(*stats));
}

/**
 * hvnet_get_eth_mac_stats() - of struct ethtool_ops
 * @netdev: the network device
 * @mac: filled in with what is known
 */
void hvnet_get_eth_mac_stats(struct net_device *netdev, struct ethtool_eth_mac_stats *mac)
{
	struct hvnet_admin_port_stats stats;

	if (hvnet_port_stats(netdev_priv(netdev), &stats))
		return;
	mac->FramesTransmittedOK = le64_to_cpu(stats.tx.frames);
	mac->OctetsTransmittedOK = le64_to_cpu(stats.tx.bytes);
	mac->MulticastFramesXmittedOK = le64_to_cpu(stats.tx.multicast);
	mac->BroadcastFramesXmittedOK = le64_to_cpu(stats.tx.broadcast);
	mac->FramesLostDueToIntMACXmitError = le64_to_cpu(stats.tx.lost);
	mac->FramesReceivedOK = le64_to_cpu(stats.rx.frames);
	mac->OctetsReceivedOK = le64_to_cpu(stats.rx.bytes);
	mac->MulticastFramesReceivedOK = le64_to_cpu(stats.rx.multicast);
	mac->BroadcastFramesReceivedOK = le64_to_cpu(stats.rx.broadcast);
}

/**
 * hvnet_port_unwanted() - how many frames came from the wire for nobody
 * @dev: the PF
 *
 * Context: process, may sleep.
 *
 * Return: their number, 0 if it is not known.
 */
u64 hvnet_port_unwanted(struct hvnet_dev *dev)
{
	struct hvnet_admin_port_stats stats;

	return hvnet_port_stats(dev, &stats) ? 0 : le64_to_cpu(stats.rx.lost);
}
EXPORT_SYMBOL_NS_GPL(hvnet_port_unwanted, HVNET);

static const struct ethtool_rmon_hist_range hvnet_rmon_ranges[] = {
	{ 0, 64 }, { 65, 127 }, { 128, 255 }, { 256, 511 }, { 512, 1023 }, { 1024, 1518 },
	{ 1519, 2047 }, { 2048, 4095 }, { 4096, U16_MAX }, { },
};

static_assert(ARRAY_SIZE(hvnet_rmon_ranges) == HVNET_PORT_SIZES + 1);
static_assert(HVNET_PORT_SIZES <= ETHTOOL_RMON_HIST_MAX);

/**
 * hvnet_get_rmon_stats() - of struct ethtool_ops
 * @netdev: the network device
 * @rmon: filled in with what is known
 * @ranges: lengths that frames are counted by
 */
void hvnet_get_rmon_stats(struct net_device *netdev, struct ethtool_rmon_stats *rmon,
			  const struct ethtool_rmon_hist_range **ranges)
{
	struct hvnet_admin_port_stats stats;
	unsigned int i;

	if (hvnet_port_stats(netdev_priv(netdev), &stats))
		return;
	for (i = 0; i < HVNET_PORT_SIZES; i++) {
		rmon->hist_tx[i] = le64_to_cpu(stats.tx.size[i]);
		rmon->hist[i] = le64_to_cpu(stats.rx.size[i]);
	}
	*ranges = hvnet_rmon_ranges;
}
