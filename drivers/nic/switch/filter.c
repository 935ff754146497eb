// SPDX-License-Identifier: GPL-2.0
/*
 * The NIC switch: filters.
 *
 * An address is put into the table without any filter, when it matches nothing, then gets its
 * filter; and it is removed after its last one.  So a filter that cannot be added leaves no
 * trace.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "filter.h"
#include "switch.h"
#include "vport_set.h"

static u64 hvnet_address_mac(const struct hvnet_address *addr)
{
	return addr->entry.key >> 16;
}

bool hvnet_address_takes_vlan(struct hvnet_switch *sw, const struct hvnet_address *addr, u16 vlan)
{
	struct hvnet_vlan_filter *filter;

	filter = hvnet_vlan_filter_find(sw, hvnet_address_mac(addr), vlan);
	/* The address may have changed hands since it was looked up. */
	return filter && filter->addr == addr;
}

/* The lock keeps what the look-ups of the control path find. */
static struct hvnet_address *hvnet_address_get(struct hvnet_switch *sw, u64 mac)
{
	struct hvnet_address *addr;

	lockdep_assert_held(&sw->lock);
	rcu_read_lock();
	addr = hvnet_address_find(sw, mac);
	rcu_read_unlock();
	return addr;
}

static struct hvnet_vlan_filter *hvnet_vlan_filter_get(struct hvnet_switch *sw, u64 mac, u16 vlan)
{
	struct hvnet_vlan_filter *filter;

	lockdep_assert_held(&sw->lock);
	rcu_read_lock();
	filter = hvnet_vlan_filter_find(sw, mac, vlan);
	rcu_read_unlock();
	return filter;
}

static bool hvnet_address_is_group(const struct hvnet_address *addr)
{
	return hvnet_address_mac(addr) & HVNET_MAC_GROUP;
}

static bool hvnet_address_is_unused(const struct hvnet_address *addr)
{
	return !addr->any_vlan && list_empty(&addr->vlans) &&
	       hvnet_vport_set_is_empty(&addr->members);
}

static struct hvnet_address *hvnet_address_create(struct hvnet_switch *sw, u64 mac, u16 vport)
{
	struct hvnet_address *addr;
	size_t words_size = 0;
	int err;

	if (mac & HVNET_MAC_GROUP)
		words_size = hvnet_vport_set_words_size(sw->num_vports);
	addr = hvnet_switch_alloc(sizeof(*addr) + words_size);
	if (!addr)
		return ERR_PTR(-ENOMEM);

	addr->entry.key = hvnet_filter_key(mac, HVNET_FILTER_VLAN_ANY);
	addr->vport = vport;
	INIT_LIST_HEAD(&addr->vlans);
	hvnet_vport_set_init(&addr->members, sw->num_vports);
	err = rhashtable_insert_fast(&sw->table, &addr->entry.node, hvnet_filter_params);
	if (err) {
		kvfree(addr);
		return ERR_PTR(err);
	}
	list_add_tail(&addr->link, &sw->addresses);
	sw->num_groups += hvnet_address_is_group(addr);
	return addr;
}

static void hvnet_address_destroy(struct hvnet_switch *sw, struct hvnet_address *addr)
{
	sw->num_groups -= hvnet_address_is_group(addr);
	list_del(&addr->link);
	rhashtable_remove_fast(&sw->table, &addr->entry.node, hvnet_filter_params);
	kvfree_rcu(addr, rcu);
}

static int hvnet_vlan_filter_create(struct hvnet_switch *sw, struct hvnet_address *addr, u16 vlan)
{
	struct hvnet_vlan_filter *filter;
	int err;

	filter = hvnet_switch_alloc(sizeof(*filter));
	if (!filter)
		return -ENOMEM;

	filter->entry.key = hvnet_filter_key(hvnet_address_mac(addr), vlan);
	filter->addr = addr;
	err = rhashtable_insert_fast(&sw->table, &filter->entry.node, hvnet_filter_params);
	if (err) {
		kvfree(filter);
		return err;
	}
	list_add_tail(&filter->link, &addr->vlans);
	return 0;
}

static void hvnet_vlan_filter_destroy(struct hvnet_switch *sw, struct hvnet_vlan_filter *filter)
{
	list_del(&filter->link);
	rhashtable_remove_fast(&sw->table, &filter->entry.node, hvnet_filter_params);
	kvfree_rcu(filter, rcu);
}

static bool hvnet_vport_is_full(const struct hvnet_switch *sw, u16 vport)
{
	unsigned int max = vport == HVNET_VPORT_PF ? HVNET_SWITCH_MAX_FILTERS_PF :
						     HVNET_SWITCH_MAX_FILTERS;

	return sw->num_filters[vport] >= max;
}

static int hvnet_group_join(struct hvnet_switch *sw, u16 vport, u64 mac)
{
	struct hvnet_address *addr = hvnet_address_get(sw, mac);

	if (addr && hvnet_vport_set_has(&addr->members, vport))
		return -EEXIST;
	if (hvnet_vport_is_full(sw, vport))
		return -ENOSPC;
	if (!addr) {
		if (sw->num_groups >= HVNET_SWITCH_MAX_GROUPS)
			return -ENOSPC;
		addr = hvnet_address_create(sw, mac, HVNET_VPORT_NONE);
		if (IS_ERR(addr))
			return PTR_ERR(addr);
	}
	hvnet_vport_set_add(&addr->members, vport);
	return 0;
}

static int hvnet_group_leave(struct hvnet_switch *sw, u16 vport, u64 mac)
{
	struct hvnet_address *addr = hvnet_address_get(sw, mac);

	if (!addr || !hvnet_vport_set_has(&addr->members, vport))
		return -ENOENT;
	hvnet_vport_set_remove(&addr->members, vport);
	if (hvnet_address_is_unused(addr))
		hvnet_address_destroy(sw, addr);
	return 0;
}

static int hvnet_unicast_add(struct hvnet_switch *sw, u16 vport, u64 mac, u16 vlan)
{
	struct hvnet_address *addr = hvnet_address_get(sw, mac);
	int err = 0;

	if (addr) {
		if (addr->vport != vport)
			return -EEXIST;
		if (vlan == HVNET_FILTER_VLAN_ANY ? addr->any_vlan :
						    !!hvnet_vlan_filter_get(sw, mac, vlan))
			return -EEXIST;
	}
	if (hvnet_vport_is_full(sw, vport))
		return -ENOSPC;
	if (!addr) {
		addr = hvnet_address_create(sw, mac, vport);
		if (IS_ERR(addr))
			return PTR_ERR(addr);
	}

	if (vlan == HVNET_FILTER_VLAN_ANY)
		WRITE_ONCE(addr->any_vlan, true);
	else
		err = hvnet_vlan_filter_create(sw, addr, vlan);
	if (hvnet_address_is_unused(addr))
		hvnet_address_destroy(sw, addr);
	return err;
}

static int hvnet_unicast_del(struct hvnet_switch *sw, u16 vport, u64 mac, u16 vlan)
{
	struct hvnet_address *addr = hvnet_address_get(sw, mac);
	struct hvnet_vlan_filter *filter;

	if (!addr || addr->vport != vport)
		return -ENOENT;
	if (vlan == HVNET_FILTER_VLAN_ANY) {
		if (!addr->any_vlan)
			return -ENOENT;
		WRITE_ONCE(addr->any_vlan, false);
	} else {
		filter = hvnet_vlan_filter_get(sw, mac, vlan);
		if (!filter)
			return -ENOENT;
		hvnet_vlan_filter_destroy(sw, filter);
	}
	if (hvnet_address_is_unused(addr))
		hvnet_address_destroy(sw, addr);
	return 0;
}

static int hvnet_filter_check(const struct hvnet_switch *sw, u16 vport, u64 mac, u16 vlan)
{
	if (vport >= sw->num_vports || !mac || mac == HVNET_MAC_BROADCAST)
		return -EINVAL;
	if (vlan > HVNET_VLAN_MAX && vlan != HVNET_FILTER_VLAN_ANY)
		return -EINVAL;
	if (mac & HVNET_MAC_GROUP && vlan != HVNET_FILTER_VLAN_ANY)
		return -EOPNOTSUPP;
	return 0;
}

/**
 * hvnet_switch_filter_add() - let a vport receive the frames for an address
 * @sw: the switch
 * @vport: the vport
 * @mac: unicast or group address
 * @vlan: VLAN id, 0 for untagged frames, or HVNET_FILTER_VLAN_ANY
 *
 * Return: 0, or
 * -EINVAL: a vport, address or VLAN that cannot be;
 * -EOPNOTSUPP: a group address in a single VLAN;
 * -EEXIST: the vport has this very filter, or the unicast address is another vport's;
 * -ENOSPC: the vport has as many filters as it may have, or there are too many groups;
 * -ENOMEM: no memory;
 * -EBUSY: the table is being rebuilt, for too many addresses fell together.
 */
int hvnet_switch_filter_add(struct hvnet_switch *sw, u16 vport, const u8 *mac, u16 vlan)
{
	u64 addr = hvnet_mac_to_u64(mac);
	int err;

	err = hvnet_filter_check(sw, vport, addr, vlan);
	if (err)
		return err;

	mutex_lock(&sw->lock);
	if (addr & HVNET_MAC_GROUP)
		err = hvnet_group_join(sw, vport, addr);
	else
		err = hvnet_unicast_add(sw, vport, addr, vlan);
	if (!err)
		sw->num_filters[vport]++;
	mutex_unlock(&sw->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_filter_add);

/**
 * hvnet_switch_filter_del() - take back a filter
 * @sw: the switch
 * @vport: the vport
 * @mac: unicast or group address
 * @vlan: as it was given to hvnet_switch_filter_add()
 *
 * Return: 0, or -ENOENT if the vport has no such filter.
 */
int hvnet_switch_filter_del(struct hvnet_switch *sw, u16 vport, const u8 *mac, u16 vlan)
{
	u64 addr = hvnet_mac_to_u64(mac);
	int err;

	if (hvnet_filter_check(sw, vport, addr, vlan))
		return -ENOENT;

	mutex_lock(&sw->lock);
	if (addr & HVNET_MAC_GROUP)
		err = hvnet_group_leave(sw, vport, addr);
	else
		err = hvnet_unicast_del(sw, vport, addr, vlan);
	if (!err)
		sw->num_filters[vport]--;
	mutex_unlock(&sw->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_filter_del);

/**
 * hvnet_switch_filter_flush() - take back all filters of all vports
 * @sw: the switch
 */
void hvnet_switch_filter_flush(struct hvnet_switch *sw)
{
	struct hvnet_vlan_filter *filter, *next_filter;
	struct hvnet_address *addr, *next_addr;

	mutex_lock(&sw->lock);
	list_for_each_entry_safe(addr, next_addr, &sw->addresses, link) {
		list_for_each_entry_safe(filter, next_filter, &addr->vlans, link)
			hvnet_vlan_filter_destroy(sw, filter);
		hvnet_address_destroy(sw, addr);
		cond_resched();
	}
	memset(sw->num_filters, 0, sw->num_vports * sizeof(*sw->num_filters));
	mutex_unlock(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_filter_flush);

/**
 * hvnet_switch_num_filters() - count the filters of a vport
 * @sw: the switch
 * @vport: the vport
 *
 * Return: their number, 0 for a vport that does not exist.
 */
unsigned int hvnet_switch_num_filters(struct hvnet_switch *sw, u16 vport)
{
	unsigned int num;

	if (vport >= sw->num_vports)
		return 0;

	mutex_lock(&sw->lock);
	num = sw->num_filters[vport];
	mutex_unlock(&sw->lock);
	return num;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_num_filters);

struct hvnet_filter_visitor {
	hvnet_switch_filter_fn fn;
	void *arg;
};

static int hvnet_filter_tell(const struct hvnet_filter_visitor *visitor, u16 vport, u64 mac,
			     u16 vlan)
{
	struct hvnet_switch_filter filter = { .vport = vport, .vlan = vlan };

	put_unaligned_be48(mac, filter.mac);
	return visitor->fn(&filter, visitor->arg);
}

static int hvnet_group_tell(const struct hvnet_switch *sw, const struct hvnet_address *addr,
			    const struct hvnet_filter_visitor *visitor)
{
	unsigned int vport;
	int ret;

	for_each_set_bit(vport, addr->members.words, sw->num_vports) {
		ret = hvnet_filter_tell(visitor, vport, hvnet_address_mac(addr),
					HVNET_FILTER_VLAN_ANY);
		if (ret)
			return ret;
	}
	return 0;
}

static int hvnet_unicast_tell(const struct hvnet_address *addr,
			      const struct hvnet_filter_visitor *visitor)
{
	u64 mac = hvnet_address_mac(addr);
	struct hvnet_vlan_filter *filter;
	int ret;

	if (addr->any_vlan) {
		ret = hvnet_filter_tell(visitor, addr->vport, mac, HVNET_FILTER_VLAN_ANY);
		if (ret)
			return ret;
	}
	list_for_each_entry(filter, &addr->vlans, link) {
		ret = hvnet_filter_tell(visitor, addr->vport, mac, (u16)filter->entry.key);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * hvnet_switch_walk_filters() - tell all filters
 * @sw: the switch
 * @fn: called with each filter and @arg, under the switch's lock; non-zero ends the walk
 * @arg: passed to @fn
 *
 * The filters of one address come together, addresses in the order they were first added.
 *
 * Return: 0, or what @fn returned to end the walk.
 */
int hvnet_switch_walk_filters(struct hvnet_switch *sw, hvnet_switch_filter_fn fn, void *arg)
{
	struct hvnet_filter_visitor visitor = { .fn = fn, .arg = arg };
	struct hvnet_address *addr;
	int ret = 0;

	mutex_lock(&sw->lock);
	list_for_each_entry(addr, &sw->addresses, link) {
		if (hvnet_address_is_group(addr))
			ret = hvnet_group_tell(sw, addr, &visitor);
		else
			ret = hvnet_unicast_tell(addr, &visitor);
		if (ret)
			break;
	}
	mutex_unlock(&sw->lock);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_switch_walk_filters);
