/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The filter table, for filter.c that changes it and classify.c that reads it.
 *
 * An address that has filters has one entry, under the address and HVNET_FILTER_VLAN_ANY: who
 * owns it, or who the members of the group are.  A filter for a single VLAN has another entry,
 * under the address and the VLAN.  So one look-up tells that an address is unknown, or whose it
 * is if its owner takes any VLAN; only an address that is bound to VLANs needs two.
 */
#ifndef HVNET_SWITCH_FILTER_H
#define HVNET_SWITCH_FILTER_H

#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include <hvnet/abi/admin.h>

#include "switch.h"
#include "vport_set.h"

/* An address as a number, its first byte on top. */
#define HVNET_MAC_GROUP		BIT_ULL(40)
#define HVNET_MAC_BROADCAST	GENMASK_ULL(47, 0)

#define HVNET_VLAN_MAX		4094
#define HVNET_VLAN_MASK		GENMASK(11, 0)

/**
 * struct hvnet_filter_entry - what is in the table
 * @node: link in the table
 * @key: the address and, in the lowest 16 bits, the VLAN
 */
struct hvnet_filter_entry {
	struct rhash_head node;
	u64 key;
};

/**
 * struct hvnet_address - an address with filters
 * @entry: the entry under HVNET_FILTER_VLAN_ANY
 * @vport: owner of a unicast address
 * @any_vlan: the owner takes the address in any VLAN
 * @link: link in &hvnet_switch.addresses
 * @vlans: filters for single VLANs, &struct hvnet_vlan_filter
 * @rcu: frees it behind the data path
 * @members: of a group
 */
struct hvnet_address {
	struct hvnet_filter_entry entry;
	u16 vport;
	bool any_vlan;
	struct list_head link;
	struct list_head vlans;
	struct rcu_head rcu;
	struct hvnet_vport_set members;
};

/**
 * struct hvnet_vlan_filter - a filter for a unicast address in a single VLAN
 * @entry: the entry under that VLAN
 * @addr: the address
 * @link: link in &hvnet_address.vlans
 * @rcu: frees it behind the data path
 */
struct hvnet_vlan_filter {
	struct hvnet_filter_entry entry;
	const struct hvnet_address *addr;
	struct list_head link;
	struct rcu_head rcu;
};

static inline u64 hvnet_mac_to_u64(const u8 *mac)
{
	return (u64)get_unaligned_be32(mac) << 16 | get_unaligned_be16(mac + 4);
}

static inline u64 hvnet_filter_key(u64 mac, u16 vlan)
{
	return mac << 16 | vlan;
}

/*
 * Guests choose keys, so the table's secret seed must decide which of them collide: it becomes a
 * factor.  Keys also come in even steps, of which a mere product would keep too much: hence the
 * fold, and a second product whose upper bits depend on every bit of the key.
 */
static inline u32 hvnet_filter_hash(const void *data, u32 len, u32 seed)
{
	u64 hash = *(const u64 *)data * (seed * GOLDEN_RATIO_64 | 1);

	hash ^= hash >> 32;
	return hash * GOLDEN_RATIO_64 >> 32;
}

static inline int hvnet_filter_compare(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct hvnet_filter_entry *entry = obj;

	return entry->key != *(const u64 *)arg->key;
}

static const struct rhashtable_params hvnet_filter_params = {
	.key_len = sizeof_field(struct hvnet_filter_entry, key),
	.key_offset = offsetof(struct hvnet_filter_entry, key),
	.head_offset = offsetof(struct hvnet_filter_entry, node),
	.hashfn = hvnet_filter_hash,
	.obj_cmpfn = hvnet_filter_compare,
	.automatic_shrinking = true,
};

/* Under rcu_read_lock(). */
static inline struct hvnet_filter_entry *hvnet_filter_find(struct hvnet_switch *sw, u64 key)
{
	return rhashtable_lookup(&sw->table, &key, hvnet_filter_params);
}

/* Under rcu_read_lock(). */
static inline struct hvnet_address *hvnet_address_find(struct hvnet_switch *sw, u64 mac)
{
	struct hvnet_filter_entry *entry;

	entry = hvnet_filter_find(sw, hvnet_filter_key(mac, HVNET_FILTER_VLAN_ANY));
	return entry ? container_of(entry, struct hvnet_address, entry) : NULL;
}

/* Under rcu_read_lock(). */
static inline struct hvnet_vlan_filter *hvnet_vlan_filter_find(struct hvnet_switch *sw, u64 mac,
							       u16 vlan)
{
	struct hvnet_filter_entry *entry = hvnet_filter_find(sw, hvnet_filter_key(mac, vlan));

	return entry ? container_of(entry, struct hvnet_vlan_filter, entry) : NULL;
}

/*
 * Under rcu_read_lock().  Out of line, so that the data path has a single look-up to inline:
 * that of an address whose owner takes any VLAN.
 */
bool hvnet_address_takes_vlan(struct hvnet_switch *sw, const struct hvnet_address *addr, u16 vlan);

/* Under rcu_read_lock(). */
static inline bool hvnet_address_takes(struct hvnet_switch *sw, const struct hvnet_address *addr,
				       u16 vlan)
{
	return READ_ONCE(addr->any_vlan) || hvnet_address_takes_vlan(sw, addr, vlan);
}

#endif
