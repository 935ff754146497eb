/* SPDX-License-Identifier: GPL-2.0 */
/* Self-test of a function. */
#ifndef HVNET_SELFTEST_H
#define HVNET_SELFTEST_H

#include <linux/ethtool.h>

extern const char hvnet_selftest_names[][ETH_GSTRING_LEN];
extern const unsigned int hvnet_num_selftests;

void hvnet_self_test(struct net_device *netdev, struct ethtool_test *test, u64 *data);

#endif
