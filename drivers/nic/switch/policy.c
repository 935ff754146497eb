// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of a vport.
 */
#include <kunit/visibility.h>
#include <linux/export.h>

#include "filter.h"
#include "policy.h"
#include "switch.h"

#define POLICY_FLAGS	(HVNET_POLICY_SPOOF_CHECK | HVNET_POLICY_PORT_VLAN | HVNET_POLICY_LINK_OFF)

static bool tci_ok(u16 tci)
{
	return !(tci & VLAN_CFI_MASK) && (tci & VLAN_VID_MASK) <= HVNET_VLAN_MAX;
}

/**
 * hvnet_port_parse() - check a policy that a driver gave
 * @port: the policy as a word
 * @args: a copy of what the driver wrote
 *
 * Return: HVNET_OK, or why it cannot be; @port is unchanged then.
 */
enum hvnet_code hvnet_port_parse(u32 *port, const struct hvnet_admin_policy *args)
{
	u32 rate = le32_to_cpu(args->max_rate);
	u16 tci = le16_to_cpu(args->vlan_tci);
	u16 flags = le16_to_cpu(args->flags);

	if (flags & ~POLICY_FLAGS || args->rsvd || rate > HVNET_POLICY_MAX_RATE)
		return HVNET_E_RANGE;
	if (flags & HVNET_POLICY_PORT_VLAN ? !tci_ok(tci) : tci)
		return HVNET_E_RANGE;

	*port = flags & HVNET_POLICY_PORT_VLAN ? hvnet_tag(tci) : HVNET_TAG_NONE;
	if (flags & HVNET_POLICY_SPOOF_CHECK)
		*port |= HVNET_PORT_SPOOF_CHECK;
	if (flags & HVNET_POLICY_LINK_OFF)
		*port |= HVNET_PORT_LINK_OFF;
	if (rate)
		*port |= HVNET_PORT_SHAPED;
	return HVNET_OK;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_port_parse);

/**
 * hvnet_switch_check_source() - does a frame come from its sender?
 * @sw: the switch
 * @src: vport that sent it
 * @mac: its source address
 * @vlan: its VLAN id, 0 if it is untagged
 *
 * What a vport would receive, it may send.
 *
 * Context: under rcu_read_lock(); from any context but hard interrupt.
 *
 * Return: HVNET_REFUSAL_NONE, HVNET_REFUSAL_SPOOFED if the address is not the sender's, or
 * HVNET_REFUSAL_BAD_VLAN if it is in other VLANs.
 */
enum hvnet_refusal hvnet_switch_check_source(struct hvnet_switch *sw, u16 src, const u8 *mac,
					     u16 vlan)
{
	u64 addr_mac = hvnet_mac_to_u64(mac);
	struct hvnet_address *addr;

	if (addr_mac & HVNET_MAC_GROUP)
		return HVNET_REFUSAL_SPOOFED;
	addr = hvnet_address_find(sw, addr_mac);
	if (!addr || addr->vport != src)
		return HVNET_REFUSAL_SPOOFED;
	return hvnet_address_takes(sw, addr, vlan) ? HVNET_REFUSAL_NONE : HVNET_REFUSAL_BAD_VLAN;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_check_source);

/**
 * hvnet_switch_set_port() - replace the policy of a vport
 * @sw: the switch
 * @vport: the vport
 * @port: of hvnet_port_parse()
 *
 * Resets leave it alone.
 *
 * Return: 0, or -EINVAL for a vport that does not exist.
 */
int hvnet_switch_set_port(struct hvnet_switch *sw, u16 vport, u32 port)
{
	if (vport >= sw->num_vports)
		return -EINVAL;

	mutex_lock(&sw->lock);
	WRITE_ONCE(sw->ports[vport], port);
	mutex_unlock(&sw->lock);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_set_port);

/**
 * hvnet_switch_set_vepa() - say whether the switch leaves forwarding to the wire's other end
 * @sw: the switch
 * @vepa: it does
 *
 * Resets leave it alone.
 */
void hvnet_switch_set_vepa(struct hvnet_switch *sw, bool vepa)
{
	mutex_lock(&sw->lock);
	WRITE_ONCE(sw->vepa, vepa);
	mutex_unlock(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_set_vepa);

/**
 * hvnet_switch_set_vf_mtu() - say how long the packets are that VFs may send
 * @sw: the switch
 * @mtu: bytes, without Ethernet header and tag; 0 for any
 *
 * Resets leave it alone.
 */
void hvnet_switch_set_vf_mtu(struct hvnet_switch *sw, u16 mtu)
{
	mutex_lock(&sw->lock);
	WRITE_ONCE(sw->vf_mtu, mtu);
	mutex_unlock(&sw->lock);
}
