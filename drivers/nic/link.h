/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What two ends of a link agree on.  Pure: no device, no locks: the caller serialises.
 */
#ifndef HVNET_NIC_LINK_H
#define HVNET_NIC_LINK_H

#include <linux/types.h>

#include <hvnet/abi/admin.h>

#define HVNET_LINK_MODES	(HVNET_LINK_MODE_1000 | HVNET_LINK_MODE_10000 | \
				 HVNET_LINK_MODE_25000)

/**
 * struct hvnet_link_end - one end of a link
 * @on: it has power
 * @autoneg: it negotiates
 * @modes: HVNET_LINK_MODE_*: if it negotiates those that it advertises, else the one that it uses
 */
struct hvnet_link_end {
	bool on;
	bool autoneg;
	u16 modes;
};

bool hvnet_link_end_ok(u16 modes, bool autoneg);
u16 hvnet_link_resolve(const struct hvnet_link_end *a, const struct hvnet_link_end *b);
u32 hvnet_link_speed(u16 mode);

/* What the other end hears it advertise. */
static inline u16 hvnet_link_advertised(const struct hvnet_link_end *end)
{
	return end->on && end->autoneg ? end->modes : 0;
}

#endif
