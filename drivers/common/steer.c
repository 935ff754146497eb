// SPDX-License-Identifier: GPL-2.0
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "context.h"
#include "datapath.h"
#include "rule.h"
#include "steer.h"

/**
 * struct hvnet_rule - a rule
 * @fs: as ethtool gave it
 * @context: RSS context, with FLOW_RSS
 * @arg: as the adapter wants it
 */
struct hvnet_rule {
	struct ethtool_rx_flow_spec fs;
	u32 context;
	struct hvnet_admin_steer arg;
};

/**
 * hvnet_steer_init() - no rules
 * @dev: the function
 */
void hvnet_steer_init(struct hvnet_dev *dev)
{
	xa_init(&dev->rules);
}

static void hvnet_steer_forget(struct hvnet_dev *dev)
{
	struct hvnet_rule *rule;
	unsigned long location;

	xa_for_each(&dev->rules, location, rule)
		kfree(rule);
	xa_destroy(&dev->rules);
}

/**
 * hvnet_steer_exit() - mirror image of hvnet_steer_init()
 * @dev: the function
 */
void hvnet_steer_exit(struct hvnet_dev *dev)
{
	hvnet_steer_forget(dev);
}

static int hvnet_steer_send(struct hvnet_dev *dev, const struct hvnet_admin_steer *arg)
{
	int err;

	dev->steered = true;
	err = hvnet_datapath_told(dev, hvnet_admin(dev, HVNET_ADMIN_STEER_SET, arg, sizeof(*arg),
						   NULL, 0));
	return err == -EADDRINUSE ? -EEXIST : err;
}

static int hvnet_steer_send_del(struct hvnet_dev *dev, u16 location)
{
	struct hvnet_admin_unsteer arg = { .location = cpu_to_le16(location) };

	return hvnet_datapath_told(dev, hvnet_admin(dev, HVNET_ADMIN_STEER_DEL, &arg, sizeof(arg),
						    NULL, 0));
}

/**
 * hvnet_steer_clear() - have the adapter forget all rules and contexts
 * @dev: the function; when its queues start the adapter is told of them again
 *
 * Return: 0 or a negative error code
 */
int hvnet_steer_clear(struct hvnet_dev *dev)
{
	int err = 0;

	ASSERT_RTNL();
	if (!dev->steered)
		return 0;
	/* Rules name contexts: they go first. */
	if (dev->feats & HVNET_FEAT_STEER)
		err = hvnet_steer_send_del(dev, HVNET_STEER_ALL_RULES);
	if (!err && dev->feats & HVNET_FEAT_RSS_CTX)
		err = hvnet_contexts_clear(dev);
	if (!err)
		dev->steered = false;
	return err;
}

/**
 * hvnet_steer_apply() - tell the adapter all contexts and rules, and that there are no others
 * @dev: the function; a reset made the adapter forget
 *
 * Return: 0 or a negative error code
 */
int hvnet_steer_apply(struct hvnet_dev *dev)
{
	struct hvnet_rule *rule;
	unsigned long location;
	int err;

	ASSERT_RTNL();
	err = hvnet_steer_clear(dev) ?: hvnet_contexts_apply(dev);
	if (err)
		return err;
	xa_for_each(&dev->rules, location, rule) {
		err = hvnet_steer_send(dev, &rule->arg);
		if (err)
			return err;
	}
	return 0;
}

/**
 * hvnet_steer_flush() - remove all rules
 * @dev: the function
 *
 * Return: 0, or a negative error code and all are there
 */
int hvnet_steer_flush(struct hvnet_dev *dev)
{
	int err = 0;

	ASSERT_RTNL();
	if (xa_empty(&dev->rules))
		return 0;
	if (dev->running)
		err = hvnet_steer_send_del(dev, HVNET_STEER_ALL_RULES);
	if (!err)
		hvnet_steer_forget(dev);
	return err;
}

/**
 * hvnet_steer_names() - does a rule name an RSS context?
 * @dev: the function
 * @context: its number
 *
 * Return: true if one does
 */
bool hvnet_steer_names(struct hvnet_dev *dev, u32 context)
{
	struct hvnet_rule *rule;
	unsigned long location;

	xa_for_each(&dev->rules, location, rule)
		if (rule->fs.flow_type & FLOW_RSS && rule->context == context)
			return true;
	return false;
}

/*
 * The rule names a VF.  It stays when VFs go: then the adapter drops what fits it.  Which of its
 * queues the VF has on is not known here; context 0 leaves the choice to the VF.
 */
static int hvnet_steer_set_vf(struct hvnet_dev *dev, struct hvnet_rule *rule)
{
	u64 cookie = rule->fs.ring_cookie;
	u32 vf = ethtool_get_flow_spec_ring_vf(cookie) - 1;
	u32 queue = ethtool_get_flow_spec_ring(cookie);

	if (!(dev->feats & HVNET_FEAT_STEER_VF))
		return -EOPNOTSUPP;
	if (vf >= pci_num_vf(dev->pdev) || queue >= dev->max_pairs)
		return -EINVAL;
	if (rule->fs.flow_type & FLOW_RSS) {
		if (rule->context || queue)
			return -EINVAL;
		queue = HVNET_STEER_ANY_QUEUE;
	}
	rule->arg.action = cpu_to_le16(HVNET_STEER_VPORT);
	rule->arg.target = cpu_to_le16(HVNET_VPORT_VF(vf));
	rule->arg.queue = cpu_to_le16(queue);
	return 0;
}

static int hvnet_steer_set_target(struct hvnet_dev *dev, struct hvnet_rule *rule)
{
	u64 cookie = rule->fs.ring_cookie;
	enum hvnet_steer_action action;
	u32 target = 0;

	if (cookie != RX_CLS_FLOW_DISC && cookie != RX_CLS_FLOW_WAKE &&
	    ethtool_get_flow_spec_ring_vf(cookie))
		return hvnet_steer_set_vf(dev, rule);
	if (cookie == RX_CLS_FLOW_DISC) {
		action = HVNET_STEER_DROP;
	} else if (cookie == RX_CLS_FLOW_WAKE) {
		return -EOPNOTSUPP;
	} else if (rule->fs.flow_type & FLOW_RSS) {
		action = HVNET_STEER_CONTEXT;
		target = rule->context;
		if (target && !hvnet_context_find(dev, target))
			return -ENOENT;
	} else {
		action = HVNET_STEER_QUEUE;
		if (cookie >= dev->config.num_pairs)
			return -EINVAL;
		target = cookie;
	}
	rule->arg.action = cpu_to_le16(action);
	rule->arg.target = cpu_to_le16(target);
	return 0;
}

/* Does the adapter's table take the rule, beside all that have another location? */
static int hvnet_steer_check(struct hvnet_dev *dev, const struct hvnet_rule *rule)
{
	const struct hvnet_steer_fields *masks[HVNET_STEER_MASKS] = { &rule->arg.mask };
	unsigned int i, num_masks = 1;
	struct hvnet_rule *other;
	unsigned long location;

	xa_for_each(&dev->rules, location, other) {
		if (location == rule->fs.location)
			continue;
		for (i = 0; i < num_masks; i++)
			if (!memcmp(masks[i], &other->arg.mask, sizeof(other->arg.mask)))
				break;
		if (i == HVNET_STEER_MASKS)
			return -ENOSPC;
		if (i == num_masks)
			masks[num_masks++] = &other->arg.mask;
		if (!i && !memcmp(&rule->arg.value, &other->arg.value, sizeof(other->arg.value)))
			return -EEXIST;
	}
	return 0;
}

/* A special location becomes a free one. */
static int hvnet_steer_locate(struct hvnet_dev *dev, u32 *location)
{
	u32 i, at;

	if (*location < HVNET_STEER_RULES)
		return 0;
	if (*location != RX_CLS_LOC_ANY && *location != RX_CLS_LOC_FIRST &&
	    *location != RX_CLS_LOC_LAST)
		return -EINVAL;
	for (i = 0; i < HVNET_STEER_RULES; i++) {
		at = *location == RX_CLS_LOC_LAST ? HVNET_STEER_RULES - 1 - i : i;
		if (!xa_load(&dev->rules, at)) {
			*location = at;
			return 0;
		}
	}
	return -ENOSPC;
}

static int hvnet_steer_build(struct hvnet_dev *dev, struct hvnet_rule *rule,
			     const struct ethtool_rxnfc *info)
{
	int err;

	rule->fs = info->fs;
	rule->context = info->rss_context;
	err = hvnet_rule_translate(&rule->arg, &rule->fs);
	if (!err)
		err = hvnet_steer_set_target(dev, rule);
	if (!err)
		err = hvnet_steer_locate(dev, &rule->fs.location);
	if (err)
		return err;
	rule->arg.location = cpu_to_le16(rule->fs.location);
	return hvnet_steer_check(dev, rule);
}

/* Keep the rule in the place of the one that may be there, if the adapter takes it. */
static int hvnet_steer_put(struct hvnet_dev *dev, struct hvnet_rule *rule)
{
	u32 location = rule->fs.location;
	int err;

	err = xa_reserve(&dev->rules, location, GFP_KERNEL);
	if (err)
		return err;
	if (dev->running)
		err = hvnet_steer_send(dev, &rule->arg);
	if (err) {
		xa_release(&dev->rules, location);
		return err;
	}
	kfree(xa_store(&dev->rules, location, rule, GFP_KERNEL));
	return 0;
}

static int hvnet_steer_insert(struct hvnet_dev *dev, struct ethtool_rxnfc *info)
{
	struct hvnet_rule *rule;
	int err;

	if (!(dev->netdev->features & NETIF_F_NTUPLE))
		return -EOPNOTSUPP;
	rule = kzalloc(sizeof(*rule), GFP_KERNEL);
	if (!rule)
		return -ENOMEM;
	err = hvnet_steer_build(dev, rule, info);
	if (!err)
		err = hvnet_steer_put(dev, rule);
	if (err)
		kfree(rule);
	else
		info->fs.location = rule->fs.location;
	return err;
}

static int hvnet_steer_delete(struct hvnet_dev *dev, u32 location)
{
	int err = 0;

	if (!xa_load(&dev->rules, location))
		return -ENOENT;
	if (dev->running)
		err = hvnet_steer_send_del(dev, location);
	/* A reset that nobody told us of may have been faster. */
	if (err && err != -ENOENT)
		return err;
	kfree(xa_erase(&dev->rules, location));
	return 0;
}

static int hvnet_steer_count(struct hvnet_dev *dev, struct ethtool_rxnfc *info)
{
	struct hvnet_rule *rule;
	unsigned long location;

	info->rule_cnt = 0;
	info->data = HVNET_STEER_RULES | RX_CLS_LOC_SPECIAL;
	xa_for_each(&dev->rules, location, rule)
		info->rule_cnt++;
	return 0;
}

static int hvnet_steer_get(struct hvnet_dev *dev, struct ethtool_rxnfc *info)
{
	struct hvnet_rule *rule = xa_load(&dev->rules, info->fs.location);

	if (!rule)
		return -ENOENT;
	info->fs = rule->fs;
	info->rss_context = rule->context;
	info->data = HVNET_STEER_RULES;
	return 0;
}

static int hvnet_steer_list(struct hvnet_dev *dev, struct ethtool_rxnfc *info, u32 *locations)
{
	struct hvnet_rule *rule;
	unsigned long location;
	u32 n = 0;

	xa_for_each(&dev->rules, location, rule) {
		if (n == info->rule_cnt)
			return -EMSGSIZE;
		locations[n++] = location;
	}
	info->rule_cnt = n;
	info->data = HVNET_STEER_RULES;
	return 0;
}

/**
 * hvnet_steer_query() - tell of rules
 * @dev: the function
 * @info: what is asked for, and the answer
 * @locations: of all rules, filled in for ETHTOOL_GRXCLSRLALL
 *
 * Return: 0 or a negative error code
 */
int hvnet_steer_query(struct hvnet_dev *dev, struct ethtool_rxnfc *info, u32 *locations)
{
	ASSERT_RTNL();
	if (!(dev->feats & HVNET_FEAT_STEER))
		return -EOPNOTSUPP;
	switch (info->cmd) {
	case ETHTOOL_GRXCLSRLCNT:
		return hvnet_steer_count(dev, info);
	case ETHTOOL_GRXCLSRULE:
		return hvnet_steer_get(dev, info);
	case ETHTOOL_GRXCLSRLALL:
		return hvnet_steer_list(dev, info, locations);
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * hvnet_steer_change() - add, replace or delete a rule
 * @dev: the function
 * @info: what is to be done; the location of a rule that was added is filled in
 *
 * Return: 0, or a negative error code and nothing has changed
 */
int hvnet_steer_change(struct hvnet_dev *dev, struct ethtool_rxnfc *info)
{
	ASSERT_RTNL();
	if (!(dev->feats & HVNET_FEAT_STEER))
		return -EOPNOTSUPP;
	switch (info->cmd) {
	case ETHTOOL_SRXCLSRLINS:
		return hvnet_steer_insert(dev, info);
	case ETHTOOL_SRXCLSRLDEL:
		return hvnet_steer_delete(dev, info->fs.location);
	default:
		return -EOPNOTSUPP;
	}
}
