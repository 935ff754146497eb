/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The virtual function as its driver sees it.
 *
 * Locking: what the PF said of our address, and whether a version is negotiated, change under rtnl.
 */
#ifndef HVNET_VF_H
#define HVNET_VF_H

#include <hvnet/common.h>

/**
 * struct hvnet_vf - a virtual function
 * @dev: what all functions have
 * @mac: our address as the PF knows it, under rtnl
 * @negotiated: the PF talks to us, under rtnl
 * @refresh_work: asks the PF what changed
 * @rx_mode_work: tells the PF what we want to receive
 */
struct hvnet_vf {
	struct hvnet_dev dev;
	u8 mac[ETH_ALEN];
	bool negotiated;
	struct delayed_work refresh_work;
	struct delayed_work rx_mode_work;
};

static inline struct hvnet_vf *hvnet_vf_of(struct hvnet_dev *dev)
{
	return container_of(dev, struct hvnet_vf, dev);
}

#endif
