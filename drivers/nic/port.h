/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The physical port: its link to the wire, and what passes it.
 *
 * It has power as long as the adapter is plugged in, whether or not the PF's driver is there: VFs
 * use it, too.
 */
#ifndef HVNET_NIC_PORT_H
#define HVNET_NIC_PORT_H

#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include <hvnet/abi/admin.h>

#include "link.h"

struct hvnet_adapter;

/**
 * struct hvnet_port_count - what passed in one direction on one CPU
 * @frames: frames
 * @bytes: their bytes
 * @multicast: of the frames, to a group
 * @broadcast: of the frames, to everybody
 * @lost: frames that could not pass, or that nobody wanted
 * @size: frames by length
 */
struct hvnet_port_count {
	u64 frames;
	u64 bytes;
	u64 multicast;
	u64 broadcast;
	u64 lost;
	u64 size[HVNET_PORT_SIZES];
};

/**
 * struct hvnet_port_counts - what passed on one CPU
 * @tx: to the wire
 * @rx: from the wire
 */
struct hvnet_port_counts {
	struct hvnet_port_count tx;
	struct hvnet_port_count rx;
};

/**
 * struct hvnet_port - a physical port
 * @lock: guards the fields that follow; taken with or without rtnl held
 * @own: the adapter's end
 * @partner: the link partner's end
 * @mode: what they have come to, 0 if there is no link
 * @counts: counters of each CPU, written with bottom halves disabled
 */
struct hvnet_port {
	struct mutex lock; /* guards the ends and the link */
	struct hvnet_link_end own;
	struct hvnet_link_end partner;
	u16 mode;
	struct hvnet_port_counts __percpu *counts;
};

int hvnet_port_create(struct hvnet_port *port);
void hvnet_port_destroy(struct hvnet_port *port);
enum hvnet_code hvnet_port_set(struct hvnet_adapter *adapter, const struct hvnet_admin_link *args);
void hvnet_port_get(struct hvnet_adapter *adapter, struct hvnet_admin_link_state *state);
void hvnet_port_reset(struct hvnet_adapter *adapter);
void hvnet_port_pull(struct hvnet_adapter *adapter);
void hvnet_port_set_partner(struct hvnet_adapter *adapter, const struct hvnet_link_end *partner);
void hvnet_port_stats(const struct hvnet_port *port, struct hvnet_admin_port_stats *stats);

void hvnet_port_count(struct hvnet_port_count *count, const u8 *dest, u32 frames, u32 bytes,
		      u32 longest);

#endif
