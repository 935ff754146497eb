/* SPDX-License-Identifier: GPL-2.0 */
/* ethtool operations of the wire. */
#ifndef HVNET_NIC_WIRE_ETHTOOL_H
#define HVNET_NIC_WIRE_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops hvnet_wire_ethtool_ops;

#endif
