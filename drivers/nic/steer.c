// SPDX-License-Identifier: GPL-2.0
/*
 * Steering rules of a function, and the RSS contexts that they name.
 */
#include <linux/rcupdate.h>

#include "adapter.h"
#include "dma.h"
#include "function.h"
#include "offload/rss.h"
#include "rss_share.h"
#include "steer.h"
#include "steer/table.h"

/* The function's work is the only one to change it. */
static struct hvnet_steer *current_steer(struct hvnet_fn *fn)
{
	return rcu_dereference_protected(fn->steer, true);
}

/* Free the contexts that @old has and @steer has not. */
static void put_contexts(const struct hvnet_steer *old, const struct hvnet_steer *steer)
{
	unsigned int i;

	for (i = 1; i <= HVNET_RSS_CONTEXTS; i++)
		if (!steer || old->context[i] != steer->context[i])
			hvnet_rss_put(old->context[i]);
}

/* Frames are steered by @steer from now on, or not at all if nothing is in it or it is NULL. */
static void replace(struct hvnet_fn *fn, struct hvnet_steer *steer)
{
	struct hvnet_steer *old;

	if (steer && !steer->num_rules && !steer->num_contexts) {
		hvnet_steer_free(steer);
		steer = NULL;
	}
	old = rcu_replace_pointer(fn->steer, steer, true);
	if (!old)
		return;
	/* Freed at once: a driver may ask for another as fast as it can. */
	hvnet_dma_sync();
	put_contexts(old, steer);
	hvnet_steer_free(old);
}

/**
 * hvnet_steer_fn_set() - add a rule, or replace one
 * @fn: whose driver wants it
 * @args: a copy of what it wrote
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_steer_fn_set(struct hvnet_fn *fn, const struct hvnet_admin_steer *args)
{
	const struct hvnet_steer_limits limits = {
		.queue_pairs = fn->adapter->queue_pairs,
		.vfs = fn->adapter->total_vfs,
		.pf = hvnet_fn_is_pf(fn),
	};
	struct hvnet_steer *steer;
	enum hvnet_code code;

	code = hvnet_steer_set(current_steer(fn), args, &limits, &steer);
	if (code == HVNET_OK)
		replace(fn, steer);
	return code;
}

/**
 * hvnet_steer_fn_del() - remove a rule, or all of them
 * @fn: whose driver wants it
 * @args: a copy of what it wrote
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_steer_fn_del(struct hvnet_fn *fn, const struct hvnet_admin_unsteer *args)
{
	struct hvnet_steer *steer;
	enum hvnet_code code;

	code = hvnet_steer_del(current_steer(fn), args, &steer);
	if (code == HVNET_OK)
		replace(fn, steer);
	return code;
}

/**
 * hvnet_steer_fn_context() - set an RSS context, end it, or end all of them
 * @fn: whose driver wants it
 * @args: a copy of what it wrote, with a context that is not 0
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_steer_fn_context(struct hvnet_fn *fn, const struct hvnet_admin_rss *args)
{
	enum hvnet_code code = hvnet_rss_check(args, fn->adapter->queue_pairs);
	struct hvnet_steer *steer;
	struct hvnet_rss *rss = NULL;

	if (code != HVNET_OK)
		return code;
	if (args->fields) {
		rss = hvnet_rss_get(args);
		if (!rss)
			return HVNET_E_SPACE;
	}
	code = hvnet_steer_set_context(current_steer(fn), le16_to_cpu(args->context), rss, &steer);
	if (code == HVNET_OK)
		replace(fn, steer);
	else
		hvnet_rss_put(rss);
	return code;
}

/**
 * hvnet_steer_fn_reset() - forget all rules and contexts
 * @fn: function in reset, or of an adapter that has stopped
 */
void hvnet_steer_fn_reset(struct hvnet_fn *fn)
{
	replace(fn, NULL);
}
