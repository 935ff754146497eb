// SPDX-License-Identifier: GPL-2.0
/*
 * The physical port.
 */
#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "adapter.h"
#include "port.h"
#include "registers.h"

static const struct hvnet_link_end any_mode = { true, true, HVNET_LINK_MODES };

/**
 * hvnet_port_create() - make a port that is ready to negotiate
 * @port: zeroed memory
 *
 * Return: 0 or -ENOMEM.
 */
int hvnet_port_create(struct hvnet_port *port)
{
	port->counts = alloc_percpu(struct hvnet_port_counts);
	if (!port->counts)
		return -ENOMEM;
	mutex_init(&port->lock);
	port->own = any_mode;
	port->partner = any_mode;
	port->partner.on = false;
	return 0;
}

/**
 * hvnet_port_destroy() - mirror image of hvnet_port_create()
 * @port: the port
 */
void hvnet_port_destroy(struct hvnet_port *port)
{
	mutex_destroy(&port->lock);
	free_percpu(port->counts);
}

/* Both ends come to a mode.  Frames that are sent from now on pass, or do not. */
static void negotiate(struct hvnet_adapter *adapter)
{
	struct hvnet_port *port = &adapter->port;
	struct hvnet_fn *pf = &adapter->fn[HVNET_VPORT_PF];
	u16 mode = hvnet_link_resolve(&port->own, &port->partner);

	lockdep_assert_held(&port->lock);
	if (mode == port->mode)
		return;
	port->mode = mode;
	WRITE_ONCE(adapter->link_speed, hvnet_link_speed(mode));
	hvnet_registers_link(pf);
	hvnet_registers_event(pf, HVNET_REG_EVENT_LINK);
	if (mode)
		netif_carrier_on(adapter->wire);
	else
		netif_carrier_off(adapter->wire);
}

/**
 * hvnet_port_set() - say how the port is to come to a mode
 * @adapter: the adapter
 * @args: a copy of what the PF's driver wrote
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_port_set(struct hvnet_adapter *adapter, const struct hvnet_admin_link *args)
{
	u16 modes = le16_to_cpu(args->modes);
	u16 flags = le16_to_cpu(args->flags);
	bool autoneg = flags & HVNET_LINK_AUTONEG;

	if (flags & ~HVNET_LINK_AUTONEG || !hvnet_link_end_ok(modes, autoneg))
		return HVNET_E_RANGE;
	guard(mutex)(&adapter->port.lock);
	adapter->port.own.autoneg = autoneg;
	adapter->port.own.modes = modes;
	negotiate(adapter);
	return HVNET_OK;
}

/**
 * hvnet_port_get() - what the port can do, and does
 * @adapter: the adapter
 * @state: filled in
 */
void hvnet_port_get(struct hvnet_adapter *adapter, struct hvnet_admin_link_state *state)
{
	const struct hvnet_port *port = &adapter->port;

	guard(mutex)(&adapter->port.lock);
	state->supported = cpu_to_le16(HVNET_LINK_MODES);
	state->modes = cpu_to_le16(port->own.modes);
	state->flags = cpu_to_le16(port->own.autoneg ? HVNET_LINK_AUTONEG : 0);
	state->mode = cpu_to_le16(port->mode);
	state->partner_modes = cpu_to_le16(hvnet_link_advertised(&port->partner));
}

/**
 * hvnet_port_reset() - forget what the PF's driver had said
 * @adapter: adapter whose PF is in reset
 */
void hvnet_port_reset(struct hvnet_adapter *adapter)
{
	guard(mutex)(&adapter->port.lock);
	adapter->port.own = any_mode;
	negotiate(adapter);
}

/**
 * hvnet_port_pull() - the link partner finds nobody at the other end
 * @adapter: adapter that is gone
 */
void hvnet_port_pull(struct hvnet_adapter *adapter)
{
	guard(mutex)(&adapter->port.lock);
	adapter->port.own.on = false;
	negotiate(adapter);
}

/**
 * hvnet_port_set_partner() - the link partner is like that now
 * @adapter: the adapter
 * @partner: checked with hvnet_link_end_ok()
 */
void hvnet_port_set_partner(struct hvnet_adapter *adapter, const struct hvnet_link_end *partner)
{
	guard(mutex)(&adapter->port.lock);
	adapter->port.partner = *partner;
	negotiate(adapter);
}

/* By the length that includes a frame check sequence, as in struct hvnet_admin_port_count. */
static unsigned int size_class(u32 bytes)
{
	u32 len = bytes + ETH_FCS_LEN;

	if (len <= 64)
		return 0;
	if (len <= 1023)
		return fls(len) - 6;
	if (len <= 1518)
		return 5;
	return len <= 2047 ? 6 : len <= 4095 ? 7 : 8;
}

/**
 * hvnet_port_count() - frames pass
 * @count: of this CPU and their direction
 * @dest: their destination address
 * @frames: their number
 * @bytes: their bytes
 * @longest: bytes of each of them but the last, which has the rest
 *
 * Context: bottom halves disabled.
 */
void hvnet_port_count(struct hvnet_port_count *count, const u8 *dest, u32 frames, u32 bytes,
		      u32 longest)
{
	count->frames += frames;
	count->bytes += bytes;
	if (unlikely(is_multicast_ether_addr(dest))) {
		if (is_broadcast_ether_addr(dest))
			count->broadcast += frames;
		else
			count->multicast += frames;
	}
	if (unlikely(frames > 1))
		count->size[size_class(longest)] += frames - 1;
	count->size[size_class(bytes - (frames - 1) * longest)]++;
}

static_assert(sizeof(struct hvnet_port_counts) == sizeof(struct hvnet_admin_port_stats));

/**
 * hvnet_port_stats() - what has passed so far
 * @port: the port
 * @stats: filled in
 */
void hvnet_port_stats(const struct hvnet_port *port, struct hvnet_admin_port_stats *stats)
{
	u64 sum[sizeof(struct hvnet_port_counts) / sizeof(u64)] = {};
	__le64 *to = (__le64 *)stats;
	unsigned int i;
	int cpu;

	/* Counters of both, all of 64 bits, in the same order. */
	for_each_possible_cpu(cpu) {
		const u64 *count = (const u64 *)per_cpu_ptr(port->counts, cpu);

		for (i = 0; i < ARRAY_SIZE(sum); i++)
			sum[i] += READ_ONCE(count[i]);
	}
	for (i = 0; i < ARRAY_SIZE(sum); i++)
		to[i] = cpu_to_le64(sum[i]);
}
