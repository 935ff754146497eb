/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The NIC switch: decides which vports a frame goes to, and whether it goes to the wire.
 *
 * It knows addresses and vports, and nothing of frames, queues or time.  The adapter's data path
 * asks it with hvnet_switch_classify(); the adapter's control path maintains it with the other
 * functions.
 *
 * A unicast address belongs to one vport alone, whatever the VLANs.  Its owner may have a filter
 * for any VLAN, filters for single VLANs, or both.  Would an address have two owners, a vport
 * could take another's traffic by a filter that is more exact than the other's.
 *
 * Locking.  @lock is taken by every function of the control path, which may sleep, and guards
 * all changes.  The data path takes no lock: it runs under rcu_read_lock(), which protects the
 * entries of the filter table and with them the members of a group; an entry is freed a grace
 * period after it was removed.  The sets of vports live as long as the switch and change in
 * place, a bit at a time.  So the data path may see a change of several bits half done, but each
 * vport is either a receiver or it is not.  Who must know that the data path has seen a change
 * waits with synchronize_rcu() after it.
 *
 * Nothing but adding a filter, of either kind, allocates, hence nothing else fails for want of
 * memory.
 */
#ifndef HVNET_SWITCH_H
#define HVNET_SWITCH_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include <hvnet/abi/queue.h>

#include "policy.h"

struct hvnet_vlan_filter;
struct hvnet_vport_set;

/* Filters of the PF's vport and of any other. */
#define HVNET_SWITCH_MAX_FILTERS_PF	4096
#define HVNET_SWITCH_MAX_FILTERS	256

/* Group addresses with members, for they cost up to a kilobyte each. */
#define HVNET_SWITCH_MAX_GROUPS		16384

/**
 * struct hvnet_switch - a NIC switch
 * @table: filters by address and VLAN
 * @active: vports that receive
 * @promisc: vports with HVNET_VPORT_PROMISC
 * @allmulti: vports with HVNET_VPORT_ALLMULTI or HVNET_VPORT_PROMISC
 * @ports: policy of each vport, see policy.h
 * @vlans: VLANs that each vport wants, or NULL if it never said, see vlan.c
 * @num_vports: vports are numbered from 0 to here
 * @vepa: all that comes from vports goes to the wire
 * @vf_mtu: bytes of the longest packet of a VF, or 0
 * @lock: serialises all changes
 * @num_groups: group addresses in @addresses
 * @num_filters: filters of each vport
 * @addresses: all addresses in the order they came, &struct hvnet_address
 */
struct hvnet_switch {
	struct rhashtable table;
	struct hvnet_vport_set *active;
	struct hvnet_vport_set *promisc;
	struct hvnet_vport_set *allmulti;
	u32 *ports;
	struct hvnet_vlan_filter **vlans;
	unsigned int num_vports;
	bool vepa;
	u16 vf_mtu;

	/* of the control path, guarded by the lock */
	struct mutex lock;
	unsigned int num_groups;
	u16 *num_filters;
	struct list_head addresses;
};

/**
 * struct hvnet_verdict - where a frame goes
 * @unicast: vport whose filter matched, active or not, or HVNET_VPORT_NONE
 * @src: vport that sent it, or HVNET_VPORT_UPLINK
 * @pruned: vport that is no receiver, see hvnet_switch_prune(), or HVNET_VPORT_NONE
 * @uplink: it goes to the wire
 * @port: policy of @unicast, with HVNET_PORT_VLAN_OUT if it does not want the frame's VLAN
 * @active: vports that may receive copies
 * @copies: further receivers are the active vports in one of these sets, except @src, @unicast and
 *	@pruned; both NULL if there are none
 *
 * Valid under the rcu_read_lock() that hvnet_switch_classify() was called under.
 */
struct hvnet_verdict {
	u16 unicast;
	u16 src;
	u16 pruned;
	bool uplink;
	u32 port;
	const struct hvnet_vport_set *active;
	const struct hvnet_vport_set *copies[2];
};

/**
 * struct hvnet_copy_iter - position of a walk over a verdict's copies
 * @verdict: the verdict
 * @block: next word of the summary
 * @leaf: word of the bitmap that @bits come from
 * @leaves: words left to look at, relative to the start of their block
 * @bits: vports left in the current word
 */
struct hvnet_copy_iter {
	const struct hvnet_verdict *verdict;
	unsigned int block;
	unsigned int leaf;
	unsigned long leaves;
	unsigned long bits;
};

/**
 * struct hvnet_switch_filter - a filter, as told to hvnet_switch_walk_filters()
 * @vport: the vport that receives
 * @vlan: VLAN id, 0 for untagged, or HVNET_FILTER_VLAN_ANY
 * @mac: unicast or group address
 */
struct hvnet_switch_filter {
	u16 vport;
	u16 vlan;
	u8 mac[6];
};

typedef int (*hvnet_switch_filter_fn)(const struct hvnet_switch_filter *filter, void *arg);

int hvnet_switch_init(struct hvnet_switch *sw, unsigned int num_vports);
void hvnet_switch_destroy(struct hvnet_switch *sw);

int hvnet_switch_vport_set_flags(struct hvnet_switch *sw, u16 vport, u16 flags);
int hvnet_switch_vport_set_active(struct hvnet_switch *sw, u16 vport, bool active);
void hvnet_switch_vport_reset(struct hvnet_switch *sw, u16 vport);

int hvnet_switch_filter_add(struct hvnet_switch *sw, u16 vport, const u8 *mac, u16 vlan);
int hvnet_switch_filter_del(struct hvnet_switch *sw, u16 vport, const u8 *mac, u16 vlan);
void hvnet_switch_filter_flush(struct hvnet_switch *sw);
unsigned int hvnet_switch_num_filters(struct hvnet_switch *sw, u16 vport);
int hvnet_switch_walk_filters(struct hvnet_switch *sw, hvnet_switch_filter_fn fn, void *arg);

void hvnet_switch_classify(struct hvnet_switch *sw, u16 src, const u8 *dst, u16 vlan,
			   struct hvnet_verdict *verdict);
void hvnet_switch_prune(struct hvnet_switch *sw, const u8 *src_mac, struct hvnet_verdict *verdict);
bool hvnet_verdict_has_copy(const struct hvnet_verdict *verdict, u16 vport);
struct hvnet_copy_iter hvnet_copy_iter_start(const struct hvnet_verdict *verdict, u16 from);
u16 hvnet_copy_iter_next(struct hvnet_copy_iter *iter);

/**
 * hvnet_verdict_for_each_copy() - walk over the receivers beyond @unicast and the wire
 * @of: &struct hvnet_verdict of the frame
 * @from: the first vport to look at
 * @vport: u16, the receiver in turn
 */
#define hvnet_verdict_for_each_copy(of, from, vport)					\
	for (struct hvnet_copy_iter copy_iter = hvnet_copy_iter_start(of, from);	\
	     ((vport) = hvnet_copy_iter_next(&copy_iter)) != HVNET_VPORT_NONE;)

int hvnet_switch_set_port(struct hvnet_switch *sw, u16 vport, u32 port);
void hvnet_switch_set_vepa(struct hvnet_switch *sw, bool vepa);
void hvnet_switch_set_vf_mtu(struct hvnet_switch *sw, u16 mtu);
enum hvnet_refusal hvnet_switch_check_source(struct hvnet_switch *sw, u16 src, const u8 *mac,
					     u16 vlan);

int hvnet_switch_set_vlans(struct hvnet_switch *sw, u16 vport,
			   const struct hvnet_admin_vlans *args);
bool hvnet_switch_filters_vlan(const struct hvnet_switch *sw, u16 vport, u32 port, u16 vlan);

/* The policy of a vport that exists. */
static inline u32 hvnet_switch_port(const struct hvnet_switch *sw, u16 vport)
{
	return READ_ONCE(sw->ports[vport]);
}

/**
 * hvnet_switch_port_from() - policy of a vport for what it sends
 * @sw: the switch
 * @vport: the vport, which exists
 *
 * Return: the policy, with HVNET_PORT_LIMITED if its frames have a largest length.
 */
static inline u32 hvnet_switch_port_from(const struct hvnet_switch *sw, u16 vport)
{
	u32 port = hvnet_switch_port(sw, vport);

	if (unlikely(READ_ONCE(sw->vf_mtu)) && vport != HVNET_VPORT_PF)
		port |= HVNET_PORT_LIMITED;
	return port;
}

/**
 * hvnet_switch_port_for() - policy of a vport for a frame
 * @sw: the switch
 * @vport: the vport, which exists
 * @vlan: VLAN id of the frame, 0 if it is untagged
 *
 * Return: the policy, with HVNET_PORT_VLAN_OUT if the vport does not want the frame's VLAN.
 */
static inline u32 hvnet_switch_port_for(const struct hvnet_switch *sw, u16 vport, u16 vlan)
{
	u32 port = hvnet_switch_port(sw, vport);

	if (unlikely(vlan) && hvnet_switch_filters_vlan(sw, vport, port, vlan))
		port |= HVNET_PORT_VLAN_OUT;
	return port;
}

/* For switch.c and filter.c, and for the test of what happens without memory. */
void *hvnet_switch_alloc(size_t size);

#endif
