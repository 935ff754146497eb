// SPDX-License-Identifier: GPL-2.0
/*
 * ethtool operations of the wire: above all, how the link partner's end of the link is set.
 */
#include <linux/ethtool.h>
#include <linux/linkmode.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "adapter.h"
#include "wire.h"
#include "wire_ethtool.h"

/* Modes as ethtool has them. */
static const struct {
	u16 mode;
	u32 speed;
	unsigned int bit;
} modes[] = {
	{ HVNET_LINK_MODE_1000, SPEED_1000, ETHTOOL_LINK_MODE_1000baseX_Full_BIT },
	{ HVNET_LINK_MODE_10000, SPEED_10000, ETHTOOL_LINK_MODE_10000baseCR_Full_BIT },
	{ HVNET_LINK_MODE_25000, SPEED_25000, ETHTOOL_LINK_MODE_25000baseCR_Full_BIT },
};

static void set_modes(unsigned long *to, u16 set)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (set & modes[i].mode)
			__set_bit(modes[i].bit, to);
}

static u16 modes_of(const unsigned long *from)
{
	unsigned int i;
	u16 set = 0;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (test_bit(modes[i].bit, from))
			set |= modes[i].mode;
	return set;
}

static u16 mode_of_speed(u32 speed)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (modes[i].speed == speed)
			return modes[i].mode;
	return 0;
}

/* Of a wish to negotiate: all modes, if none was named. */
static u16 advertised(const struct ethtool_link_ksettings *cmd)
{
	__ETHTOOL_DECLARE_LINK_MODE_MASK(named);

	linkmode_copy(named, cmd->link_modes.advertising);
	linkmode_clear_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, named);
	linkmode_clear_bit(ETHTOOL_LINK_MODE_FIBRE_BIT, named);
	return linkmode_empty(named) ? HVNET_LINK_MODES : modes_of(named);
}

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "hvnet_wire", sizeof(info->driver));
	/* The PF at the other end. */
	snprintf(info->bus_info, sizeof(info->bus_info), "%04x:00:00.0",
		 hvnet_wire_adapter(dev)->pci_domain);
}

static int get_link_ksettings(struct net_device *dev, struct ethtool_link_ksettings *cmd)
{
	struct hvnet_port *port = &hvnet_wire_adapter(dev)->port;
	const struct hvnet_link_end *end = hvnet_wire_end(dev);
	u16 partner;

	linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, cmd->link_modes.supported);
	linkmode_set_bit(ETHTOOL_LINK_MODE_FIBRE_BIT, cmd->link_modes.supported);
	set_modes(cmd->link_modes.supported, HVNET_LINK_MODES);
	if (end->autoneg) {
		linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, cmd->link_modes.advertising);
		set_modes(cmd->link_modes.advertising, end->modes);
	}

	mutex_lock(&port->lock);
	partner = end->on && end->autoneg ? hvnet_link_advertised(&port->own) : 0;
	cmd->base.speed = hvnet_link_speed(port->mode) ?: SPEED_UNKNOWN;
	cmd->base.duplex = port->mode ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	mutex_unlock(&port->lock);

	if (partner)
		linkmode_set_bit(ETHTOOL_LINK_MODE_Autoneg_BIT, cmd->link_modes.lp_advertising);
	set_modes(cmd->link_modes.lp_advertising, partner);
	cmd->base.port = PORT_DA;
	cmd->base.autoneg = end->autoneg ? AUTONEG_ENABLE : AUTONEG_DISABLE;
	return 0;
}

static int set_link_ksettings(struct net_device *dev, const struct ethtool_link_ksettings *cmd)
{
	bool autoneg = cmd->base.autoneg == AUTONEG_ENABLE;
	u16 set = autoneg ? advertised(cmd) : mode_of_speed(cmd->base.speed);

	if (cmd->base.duplex == DUPLEX_HALF || cmd->base.port != PORT_DA ||
	    !hvnet_link_end_ok(set, autoneg))
		return -EINVAL;
	hvnet_wire_set_end(dev, set, autoneg);
	return 0;
}

const struct ethtool_ops hvnet_wire_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = get_link_ksettings,
	.set_link_ksettings = set_link_ksettings,
	.get_ts_info = ethtool_op_get_ts_info,
};
