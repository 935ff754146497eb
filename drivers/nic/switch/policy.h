/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy of a vport: what it may send, and what is kept from it.
 *
 * It is one word, so that the data path reads it at once and a vport without any costs a branch:
 * the tag of its port VLAN (offload/vlan.h) or HVNET_TAG_NONE, and flags.
 */
#ifndef HVNET_SWITCH_POLICY_H
#define HVNET_SWITCH_POLICY_H

#include <linux/bits.h>
#include <linux/types.h>

#include <hvnet/abi/admin.h>

#include "../offload/vlan.h"

#define HVNET_PORT_TAG		GENMASK(16, 0)
#define HVNET_PORT_SPOOF_CHECK	BIT(17)
#define HVNET_PORT_LINK_OFF	BIT(18)
#define HVNET_PORT_SHAPED	BIT(19)
/* Of a vport and a frame: the vport's driver does not want the frame's VLAN. */
#define HVNET_PORT_VLAN_OUT	BIT(20)
/* Of a vport that sends: its frames have a largest length. */
#define HVNET_PORT_LIMITED	BIT(21)

/* Why a frame may not enter the switch. */
enum hvnet_refusal {
	HVNET_REFUSAL_NONE,		/* it may */
	HVNET_REFUSAL_LINK_OFF,
	HVNET_REFUSAL_BAD_VLAN,
	HVNET_REFUSAL_SPOOFED,
	HVNET_REFUSAL_OVERSIZE,
	HVNET_NUM_REFUSALS,
};

/**
 * hvnet_port_has_vlan() - are frames of a VLAN for the vport?
 * @port: its policy
 * @vlan: VLAN id of the frame, 0 if it is untagged
 *
 * Return: false if the vport is in another VLAN.
 */
static inline bool hvnet_port_has_vlan(u32 port, u16 vlan)
{
	return !(port & HVNET_TAG) || hvnet_tag_vlan(port) == vlan;
}

/**
 * hvnet_port_receives() - does the vport get copies of frames of a VLAN?
 * @port: its policy for the frame
 * @vlan: VLAN id of the frame, 0 if it is untagged
 *
 * Return: false if the vport is in another VLAN, or does not want this one, or its link is off.
 */
static inline bool hvnet_port_receives(u32 port, u16 vlan)
{
	return !(port & (HVNET_PORT_LINK_OFF | HVNET_PORT_VLAN_OUT)) &&
	       hvnet_port_has_vlan(port, vlan);
}

/**
 * hvnet_port_admit() - may a frame enter the switch, whatever its source address?
 * @port: the sender's policy
 * @type: what follows the frame's tag, or its addresses
 * @tag: the frame's tag; becomes the port's if there is one
 *
 * Return: HVNET_REFUSAL_NONE, or why not.
 */
static inline enum hvnet_refusal hvnet_port_admit(u32 port, __be16 type, u32 *tag)
{
	if (port & HVNET_PORT_LINK_OFF)
		return HVNET_REFUSAL_LINK_OFF;
	if (!hvnet_tag_from_port(port & HVNET_PORT_TAG, type, tag))
		return HVNET_REFUSAL_BAD_VLAN;
	return HVNET_REFUSAL_NONE;
}

enum hvnet_code hvnet_port_parse(u32 *port, const struct hvnet_admin_policy *args);

#endif
