/* SPDX-License-Identifier: GPL-2.0 */
/* ethtool operations of all functions. */
#ifndef HVNET_ETHTOOL_H
#define HVNET_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops hvnet_ethtool_ops;

#endif
