// SPDX-License-Identifier: GPL-2.0
/*
 * Configurations of receive side scaling, which have in common what is made of their keys.
 */
#include <kunit/visibility.h>
#include <linux/cleanup.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/once.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "offload/rss.h"
#include "rss_share.h"

/**
 * struct rss_key - a key in use
 * @node: among all keys
 * @users: configurations that have it
 * @key: the key
 * @parts: what is made of it
 */
struct rss_key {
	struct hlist_node node;
	unsigned int users;
	u8 key[HVNET_RSS_KEY_SIZE];
	struct hvnet_rss_parts parts;
};

/*
 * Guards the table of keys, and how often each is used.  Functions can have 17 keys each, of their
 * own choice: which of them meet in a bucket is not for them to know.
 */
static DEFINE_MUTEX(keys_lock);
static DEFINE_HASHTABLE(keys, 10);
static siphash_key_t keys_secret;

static u64 hash_key(const u8 *key)
{
	get_random_once(&keys_secret, sizeof(keys_secret));
	return siphash(key, HVNET_RSS_KEY_SIZE, &keys_secret);
}

static struct rss_key *find_key(const u8 *key, u64 hash)
{
	struct rss_key *k;

	hash_for_each_possible(keys, k, node, hash)
		if (!memcmp(k->key, key, HVNET_RSS_KEY_SIZE))
			return k;
	return NULL;
}

static struct rss_key *get_key(const u8 *key)
{
	u64 hash = hash_key(key);
	struct rss_key *k;

	guard(mutex)(&keys_lock);
	k = find_key(key, hash);
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
	hash_add(keys, &k->node, hash);
	return k;
}

static void put_key(struct rss_key *k)
{
	scoped_guard(mutex, &keys_lock) {
		if (--k->users)
			return;
		hash_del(&k->node);
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
