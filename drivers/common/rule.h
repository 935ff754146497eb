/* SPDX-License-Identifier: GPL-2.0 */
/* A steering rule of ethtool's in the adapter's words. */
#ifndef HVNET_RULE_H
#define HVNET_RULE_H

#include <linux/ethtool.h>

#include <hvnet/common.h>

int hvnet_rule_translate(struct hvnet_admin_steer *rule, const struct ethtool_rx_flow_spec *fs);

#endif
