// SPDX-License-Identifier: GPL-2.0
/*
 * Configurations of receive side scaling, which have in common what is made of their keys.
 */
#include <kunit/visibility.h>
#include <linux/cleanup.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "offload/rss.h"
#include "rss_share.h"

/**
 * struct rss_key - a key in use
 * @node: in the list of all keys
 * @users: configurations that have it
 * @key: the key
 * @parts: what is made of it
 */
struct rss_key {
	struct list_head node;
	unsigned int users;
	u8 key[HVNET_RSS_KEY_SIZE];
	struct hvnet_rss_parts parts;
};

/* Guards the list of keys, and how often each is used. */
static DEFINE_MUTEX(keys_lock);
static LIST_HEAD(keys);

static struct rss_key *find_key(const u8 *key)
{
	struct rss_key *k;

	list_for_each_entry(k, &keys, node)
		if (!memcmp(k->key, key, HVNET_RSS_KEY_SIZE))
			return k;
	return NULL;
}

static struct rss_key *get_key(const u8 *key)
{
	struct rss_key *k;

	guard(mutex)(&keys_lock);
	k = find_key(key);
	if (k) {
		k->users++;
		return k;
	}
	k = kvmalloc(sizeof(*k), GFP_KERNEL);
	if (!k)
		return NULL;
	k->users = 1;
	memcpy(k->key, key, HVNET_RSS_KEY_SIZE);
	hvnet_rss_parts_init(&k->parts, key);
	list_add(&k->node, &keys);
	return k;
}

static void put_key(struct rss_key *k)
{
	scoped_guard(mutex, &keys_lock) {
		if (--k->users)
			return;
		list_del(&k->node);
	}
	kvfree(k);
}

/**
 * hvnet_rss_get() - make a configuration
 * @args: checked, with fields to hash
 *
 * Return: the configuration, or NULL if memory is short.
 */
struct hvnet_rss *hvnet_rss_get(const struct hvnet_admin_rss *args)
{
	struct hvnet_rss *rss = kmalloc(sizeof(*rss), GFP_KERNEL);
	struct rss_key *k;

	if (!rss)
		return NULL;
	k = get_key(args->key);
	if (!k) {
		kfree(rss);
		return NULL;
	}
	hvnet_rss_init(rss, args, &k->parts);
	return rss;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_rss_get);

/**
 * hvnet_rss_put() - free a configuration
 * @rss: one that the data path looks at no more, or NULL
 */
void hvnet_rss_put(struct hvnet_rss *rss)
{
	if (!rss)
		return;
	put_key(container_of(rss->parts, struct rss_key, parts));
	kfree(rss);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_rss_put);
