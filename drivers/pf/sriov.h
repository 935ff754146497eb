/* SPDX-License-Identifier: GPL-2.0 */
/* VFs on and off, and what "ip link set ... vf" says of them. */
#ifndef HVNET_PF_SRIOV_H
#define HVNET_PF_SRIOV_H

#include <linux/netdevice.h>

struct hvnet_pf;
struct hvnet_vf;

int hvnet_sriov_configure(struct pci_dev *pdev, int num_vfs);
void hvnet_sriov_disable(struct hvnet_pf *pf);
int hvnet_sriov_restore(struct hvnet_pf *pf);
struct hvnet_vf *hvnet_sriov_vf(struct hvnet_pf *pf, int index);

int hvnet_ndo_set_vf_mac(struct net_device *netdev, int index, u8 *mac);
int hvnet_ndo_get_vf_config(struct net_device *netdev, int index, struct ifla_vf_info *info);
int hvnet_ndo_get_vf_stats(struct net_device *netdev, int index, struct ifla_vf_stats *stats);

#endif
