// SPDX-License-Identifier: GPL-2.0
/*
 * Steering rules of a function.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "table.h"

#define ALL_KINDS	(HVNET_STEER_TAGGED | HVNET_STEER_IP4 | HVNET_STEER_IP6 | \
			 HVNET_STEER_TCP | HVNET_STEER_UDP)
#define BUCKET_BITS	const_ilog2(HVNET_STEER_BUCKETS)

static void apply_mask(union hvnet_steer_key *to, const union hvnet_steer_key *key,
		       const union hvnet_steer_key *mask)
{
	unsigned int i;

	for (i = 0; i < HVNET_STEER_WORDS; i++)
		to->word[i] = key->word[i] & mask->word[i];
}

static bool same(const union hvnet_steer_key *a, const union hvnet_steer_key *b)
{
	u64 differs = 0;
	unsigned int i;

	for (i = 0; i < HVNET_STEER_WORDS; i++)
		differs |= a->word[i] ^ b->word[i];
	return !differs;
}

static unsigned int bucket_of(const struct hvnet_steer *steer, const union hvnet_steer_key *key)
{
	u64 hash = steer->seed;
	unsigned int i;

	for (i = 0; i < HVNET_STEER_WORDS; i++) {
		hash = (hash ^ key->word[i]) * GOLDEN_RATIO_64;
		hash ^= hash >> 32;
	}
	return hash_64(hash, BUCKET_BITS);
}

/* The rule of this mask and masked key, or NULL; @depth is how many were looked at. */
static const struct hvnet_steer_rule *look_up(const struct hvnet_steer *steer, unsigned int mask,
					      const union hvnet_steer_key *key, unsigned int bucket,
					      unsigned int *depth)
{
	u16 next;

	for (next = steer->first[bucket]; next; next = steer->rule[next - 1].next) {
		const struct hvnet_steer_rule *rule = &steer->rule[next - 1];

		++*depth;
		if (rule->mask == mask && same(&rule->key, key))
			return rule;
	}
	return NULL;
}

/**
 * hvnet_steer_find() - the rule for a frame
 * @steer: the rules
 * @key: of the frame
 *
 * Return: the rule or NULL
 */
const struct hvnet_steer_rule *hvnet_steer_find(const struct hvnet_steer *steer,
						const union hvnet_steer_key *key)
{
	const struct hvnet_steer_rule *best = NULL, *rule;
	union hvnet_steer_key masked;
	unsigned int i, depth = 0;

	for (i = 0; i < steer->num_masks; i++) {
		apply_mask(&masked, key, &steer->mask[i]);
		rule = look_up(steer, i, &masked, bucket_of(steer, &masked), &depth);
		if (rule && (!best || rule->location < best->location))
			best = rule;
	}
	return best;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_steer_find);

/* Room for @rules, with the contexts of @old. */
static struct hvnet_steer *new_table(const struct hvnet_steer *old, unsigned int rules)
{
	struct hvnet_steer *steer;

	steer = kvzalloc(struct_size(steer, rule, rules), GFP_KERNEL);
	if (!steer)
		return NULL;
	if (!old) {
		steer->seed = get_random_u64();
		return steer;
	}
	steer->seed = old->seed;
	steer->num_contexts = old->num_contexts;
	memcpy(steer->context, old->context, sizeof(steer->context));
	return steer;
}

/* The number of a mask, which is new if there is none like it; negative if there are too many. */
static int add_mask(struct hvnet_steer *steer, const union hvnet_steer_key *mask)
{
	unsigned int i;

	for (i = 0; i < steer->num_masks; i++)
		if (same(&steer->mask[i], mask))
			return i;
	if (i == HVNET_STEER_MASKS)
		return -1;
	steer->mask[steer->num_masks++] = *mask;
	return i;
}

/* There is room for it; @rule is as it is to be but for its mask and place. */
static enum hvnet_code add_rule(struct hvnet_steer *steer, const struct hvnet_steer_rule *rule,
				const union hvnet_steer_key *mask)
{
	struct hvnet_steer_rule *new = &steer->rule[steer->num_rules];
	unsigned int bucket, depth = 0;
	int n = add_mask(steer, mask);

	if (n < 0)
		return HVNET_E_SPACE;
	bucket = bucket_of(steer, &rule->key);
	if (look_up(steer, n, &rule->key, bucket, &depth))
		return HVNET_E_EXISTS;
	if (depth == HVNET_STEER_DEPTH)
		return HVNET_E_SPACE;
	*new = *rule;
	new->mask = n;
	new->next = steer->first[bucket];
	steer->first[bucket] = ++steer->num_rules;
	return HVNET_OK;
}

/* Add the rules of @old, save that of a location. */
static enum hvnet_code add_others(struct hvnet_steer *steer, const struct hvnet_steer *old,
				  unsigned int location)
{
	enum hvnet_code code;
	unsigned int i;

	for (i = 0; old && i < old->num_rules; i++) {
		const struct hvnet_steer_rule *rule = &old->rule[i];

		if (rule->location == location)
			continue;
		code = add_rule(steer, rule, &old->mask[rule->mask]);
		if (code != HVNET_OK)
			return code;
	}
	return HVNET_OK;
}

static bool fields_ok(const union hvnet_steer_key *value, const union hvnet_steer_key *mask)
{
	unsigned int i;

	if (mask->fields.rsvd || mask->fields.kind & ~ALL_KINDS)
		return false;
	for (i = 0; i < HVNET_STEER_WORDS; i++)
		if (value->word[i] & ~mask->word[i])
			return false;
	return true;
}

/* A frame is sent on once at the most: by the PF's rule to a VF, whose rules name no other. */
static enum hvnet_code check_vport(const struct hvnet_steer_rule *rule,
				   const struct hvnet_steer_limits *limits)
{
	if (!limits->pf)
		return HVNET_E_PERM;
	if (rule->target < HVNET_VPORT_VF(0) || rule->target >= HVNET_VPORT_VF(limits->vfs))
		return HVNET_E_RANGE;
	return rule->queue < limits->queue_pairs || rule->queue == HVNET_STEER_ANY_QUEUE ?
		HVNET_OK : HVNET_E_RANGE;
}

static enum hvnet_code check_target(const struct hvnet_steer *steer,
				    const struct hvnet_steer_rule *rule,
				    const struct hvnet_steer_limits *limits)
{
	u16 target = rule->target;

	if (rule->action == HVNET_STEER_VPORT)
		return check_vport(rule, limits);
	if (rule->queue)
		return HVNET_E_RANGE;
	switch (rule->action) {
	case HVNET_STEER_DROP:
		return target ? HVNET_E_RANGE : HVNET_OK;
	case HVNET_STEER_QUEUE:
		return target < limits->queue_pairs ? HVNET_OK : HVNET_E_RANGE;
	case HVNET_STEER_CONTEXT:
		if (target > HVNET_RSS_CONTEXTS)
			return HVNET_E_RANGE;
		return !target || (steer && steer->context[target]) ? HVNET_OK : HVNET_E_ABSENT;
	default:
		return HVNET_E_RANGE;
	}
}

static enum hvnet_code parse(const struct hvnet_steer *old, const struct hvnet_admin_steer *args,
			     const struct hvnet_steer_limits *limits, struct hvnet_steer_rule *rule,
			     union hvnet_steer_key *mask)
{
	u16 location = le16_to_cpu(args->location), action = le16_to_cpu(args->action);

	*rule = (struct hvnet_steer_rule){
		.key.fields = args->value,
		.location = location,
		.action = action,
		.target = le16_to_cpu(args->target),
		.queue = le16_to_cpu(args->queue),
	};
	mask->fields = args->mask;
	if (location >= HVNET_STEER_RULES || action > U8_MAX || !fields_ok(&rule->key, mask))
		return HVNET_E_RANGE;
	return check_target(old, rule, limits);
}

static enum hvnet_code finish(struct hvnet_steer *steer, enum hvnet_code code,
			      struct hvnet_steer **result)
{
	if (code == HVNET_OK)
		*result = steer;
	else
		kvfree(steer);
	return code;
}

/**
 * hvnet_steer_set() - make a table with one rule more, or with another in its place
 * @old: the table as it is, or NULL
 * @args: a copy of what the driver wrote
 * @limits: what there is that it can name
 * @result: set to the new table, if it succeeds
 *
 * Context: may sleep.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_steer_set(const struct hvnet_steer *old, const struct hvnet_admin_steer *args,
				const struct hvnet_steer_limits *limits,
				struct hvnet_steer **result)
{
	struct hvnet_steer_rule rule;
	union hvnet_steer_key mask;
	struct hvnet_steer *steer;
	enum hvnet_code code;

	code = parse(old, args, limits, &rule, &mask);
	if (code != HVNET_OK)
		return code;
	steer = new_table(old, 1 + (old ? old->num_rules : 0));
	if (!steer)
		return HVNET_E_SPACE;
	code = add_others(steer, old, rule.location);
	if (code == HVNET_OK)
		code = add_rule(steer, &rule, &mask);
	return finish(steer, code, result);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_steer_set);

static bool has_rule(const struct hvnet_steer *steer, unsigned int location)
{
	unsigned int i;

	for (i = 0; steer && i < steer->num_rules; i++)
		if (steer->rule[i].location == location)
			return true;
	return false;
}

/**
 * hvnet_steer_del() - make a table without a rule, or without rules
 * @old: the table as it is, or NULL
 * @args: a copy of what the driver wrote
 * @result: set to the new table, if it succeeds
 *
 * Context: may sleep.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_steer_del(const struct hvnet_steer *old,
				const struct hvnet_admin_unsteer *args,
				struct hvnet_steer **result)
{
	u16 location = le16_to_cpu(args->location);
	bool all = location == HVNET_STEER_ALL_RULES;
	struct hvnet_steer *steer;

	if (args->rsvd || (!all && location >= HVNET_STEER_RULES))
		return HVNET_E_RANGE;
	if (!all && !has_rule(old, location))
		return HVNET_E_ABSENT;
	steer = new_table(old, all ? 0 : old->num_rules - 1);
	if (!steer)
		return HVNET_E_SPACE;
	return finish(steer, all ? HVNET_OK : add_others(steer, old, location), result);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_steer_del);

/* Does a rule name the context, or with HVNET_RSS_ALL_CONTEXTS any that can be set here? */
static bool names_context(const struct hvnet_steer *steer, unsigned int context)
{
	unsigned int i;

	for (i = 0; steer && i < steer->num_rules; i++) {
		const struct hvnet_steer_rule *rule = &steer->rule[i];

		if (rule->action != HVNET_STEER_CONTEXT || !rule->target)
			continue;
		if (rule->target == context || context == HVNET_RSS_ALL_CONTEXTS)
			return true;
	}
	return false;
}

static void put_context(struct hvnet_steer *steer, unsigned int context, struct hvnet_rss *rss)
{
	if (context == HVNET_RSS_ALL_CONTEXTS) {
		memset(steer->context, 0, sizeof(steer->context));
		steer->num_contexts = 0;
		return;
	}
	steer->num_contexts += !!rss - !!steer->context[context];
	steer->context[context] = rss;
}

/**
 * hvnet_steer_set_context() - make a table with another context
 * @old: the table as it is, or NULL
 * @context: 1 to HVNET_RSS_CONTEXTS, or HVNET_RSS_ALL_CONTEXTS without @rss
 * @rss: the context, or NULL to have none; what @old has there is the caller's if it succeeds
 * @result: set to the new table, if it succeeds
 *
 * Context: may sleep.
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_steer_set_context(const struct hvnet_steer *old, unsigned int context,
					struct hvnet_rss *rss, struct hvnet_steer **result)
{
	struct hvnet_steer *steer;

	if (!rss && names_context(old, context))
		return HVNET_E_STATE;
	steer = new_table(old, old ? old->num_rules : 0);
	if (!steer)
		return HVNET_E_SPACE;
	put_context(steer, context, rss);
	return finish(steer, add_others(steer, old, HVNET_STEER_RULES), result);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_steer_set_context);

/**
 * hvnet_steer_free() - free a table, without its contexts
 * @steer: one that the data path looks at no more, or NULL
 */
void hvnet_steer_free(struct hvnet_steer *steer)
{
	kvfree(steer);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_steer_free);
