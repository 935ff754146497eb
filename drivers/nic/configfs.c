// SPDX-License-Identifier: GPL-2.0
/*
 * configfs.
 *
 * mkdir makes an adapter that is not plugged in yet; what it is can be changed until 1 is
 * written to "live".  Writing 0 pulls it out without a warning, as a hand would; rmdir and
 * unloading the module take it out in order.
 *
 * Taking it out takes as long as vfio's users hold on to its functions.  rmdir leaves that to a
 * workqueue: configfs calls us with its locks held, which other adapters want too.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/configfs.h>
#include <linux/etherdevice.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <hvnet/abi/regs.h>

#include "adapter.h"
#include "configfs.h"

/**
 * struct box - an adapter in configfs
 * @group: its directory
 * @params: what it is or will be
 * @adapter: the adapter while it is plugged in
 * @lock: guards @params and @adapter
 * @removal: unplugs the adapter and drops the group after rmdir
 */
struct box {
	struct config_group group;
	struct hvnet_adapter_params params;
	struct hvnet_adapter *adapter;
	struct mutex lock; /* guards params and adapter */
	struct work_struct removal;
};

static struct hvnet_adapter_params defaults;
static struct workqueue_struct *removals;

static struct box *to_box(struct config_item *item)
{
	return container_of(to_config_group(item), struct box, group);
}

static const char *name_of(struct box *box)
{
	return config_item_name(&box->group.cg_item);
}

static bool may_change(struct box *box)
{
	if (!box->adapter)
		return true;
	pr_err("%s: cannot be changed while live\n", name_of(box));
	return false;
}

/* What was written, for a message: without the end of its line. */
static int length_of(const char *page)
{
	return strcspn(page, "\n");
}

/* Store to a parameter, unless the adapter is plugged in or the value out of range. */
static ssize_t store_u16(struct box *box, u16 *param, u16 min, u16 max, const char *page,
			 size_t len)
{
	unsigned int val;
	int err;

	err = kstrtouint(page, 0, &val);
	if (err == -EINVAL) {
		pr_err("%s: '%*pE' is no number\n", name_of(box), length_of(page), page);
		return err;
	}
	if (err || val < min || val > max) {
		pr_err("%s: %*pE is not between %u and %u\n", name_of(box), length_of(page), page,
		       min, max);
		return -ERANGE;
	}
	scoped_cond_guard(mutex_intr, return -ERESTARTSYS, &box->lock) {
		if (!may_change(box))
			return -EBUSY;
		*param = val;
	}
	return len;
}

static ssize_t box_total_vfs_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", to_box(item)->params.total_vfs);
}

static ssize_t box_total_vfs_store(struct config_item *item, const char *page, size_t len)
{
	struct box *box = to_box(item);

	return store_u16(box, &box->params.total_vfs, 0, HVNET_MAX_VFS, page, len);
}

static ssize_t box_queue_pairs_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", to_box(item)->params.queue_pairs);
}

static ssize_t box_queue_pairs_store(struct config_item *item, const char *page, size_t len)
{
	struct box *box = to_box(item);

	return store_u16(box, &box->params.queue_pairs, 1, HVNET_MAX_QUEUE_PAIRS, page, len);
}

static ssize_t box_mac_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%pM\n", to_box(item)->params.mac);
}

static ssize_t box_mac_store(struct config_item *item, const char *page, size_t len)
{
	struct box *box = to_box(item);
	size_t digits = 3 * ETH_ALEN - 1;
	u8 mac[ETH_ALEN];

	/* mac_pton() does not look at what follows. */
	if (len < digits || !sysfs_streq(page + digits, "") || !mac_pton(page, mac)) {
		pr_err("%s: '%*pE' is no MAC address\n", name_of(box), length_of(page), page);
		return -EINVAL;
	}
	if (!is_valid_ether_addr(mac)) {
		pr_err("%s: %pM is no unicast address\n", name_of(box), mac);
		return -EADDRNOTAVAIL;
	}
	scoped_cond_guard(mutex_intr, return -ERESTARTSYS, &box->lock) {
		if (!may_change(box))
			return -EBUSY;
		ether_addr_copy(box->params.mac, mac);
	}
	return len;
}

static int plug_in(struct box *box)
{
	struct hvnet_adapter *adapter;

	adapter = hvnet_adapter_create(name_of(box), &box->params);
	if (IS_ERR(adapter))
		return PTR_ERR(adapter);
	box->adapter = adapter;
	return 0;
}

static void unplug(struct box *box)
{
	if (box->adapter)
		hvnet_adapter_destroy(box->adapter);
	box->adapter = NULL;
}

static ssize_t box_live_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", !!READ_ONCE(to_box(item)->adapter));
}

static ssize_t box_live_store(struct config_item *item, const char *page, size_t len)
{
	struct box *box = to_box(item);
	bool live;
	int err;

	err = kstrtobool(page, &live);
	if (err) {
		pr_err("%s: '%*pE' is neither 0 nor 1\n", name_of(box), length_of(page), page);
		return err;
	}
	scoped_cond_guard(mutex_intr, return -ERESTARTSYS, &box->lock) {
		if (live == !!box->adapter)
			return len;
		if (live) {
			err = plug_in(box);
			return err ?: len;
		}
		hvnet_adapter_pull(box->adapter);
		unplug(box);
	}
	return len;
}

/* Where to find it: the PF's PCI address and the netdev at the other end of its wire. */
static ssize_t box_address_show(struct config_item *item, char *page)
{
	struct box *box = to_box(item);

	/* It is held for as long as the adapter is being unplugged. */
	scoped_cond_guard(mutex_intr, return -ERESTARTSYS, &box->lock) {
		if (box->adapter)
			return sysfs_emit(page, "%04x:00:00.0\n", box->adapter->pci_domain);
	}
	return -ENODEV;
}

static ssize_t box_wire_show(struct config_item *item, char *page)
{
	struct box *box = to_box(item);

	scoped_cond_guard(mutex_intr, return -ERESTARTSYS, &box->lock) {
		if (box->adapter)
			return sysfs_emit(page, "%s\n", netdev_name(box->adapter->wire));
	}
	return -ENODEV;
}

CONFIGFS_ATTR(box_, total_vfs);
CONFIGFS_ATTR(box_, queue_pairs);
CONFIGFS_ATTR(box_, mac);
CONFIGFS_ATTR(box_, live);
CONFIGFS_ATTR_RO(box_, address);
CONFIGFS_ATTR_RO(box_, wire);

static struct configfs_attribute *box_attrs[] = {
	&box_attr_total_vfs,
	&box_attr_queue_pairs,
	&box_attr_mac,
	&box_attr_live,
	&box_attr_address,
	&box_attr_wire,
	NULL,
};

static void box_release(struct config_item *item)
{
	struct box *box = to_box(item);

	mutex_destroy(&box->lock);
	kfree(box);
}

static struct configfs_item_operations box_item_ops = {
	.release = box_release,
};

static const struct config_item_type box_type = {
	.ct_item_ops = &box_item_ops,
	.ct_attrs = box_attrs,
	.ct_owner = THIS_MODULE,
};

static void remove_box(struct work_struct *work)
{
	struct box *box = container_of(work, struct box, removal);

	unplug(box);
	config_group_put(&box->group);
}

static struct box *box_create(const char *name)
{
	struct box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return NULL;
	mutex_init(&box->lock);
	INIT_WORK(&box->removal, remove_box);
	box->params = defaults;
	eth_random_addr(box->params.mac);
	config_group_init_type_name(&box->group, name, &box_type);
	return box;
}

static struct config_group *make_group(struct config_group *parent, const char *name)
{
	struct box *box;

	if (strlen(name) >= HVNET_ADAPTER_NAME)
		return ERR_PTR(-ENAMETOOLONG);
	box = box_create(name);
	return box ? &box->group : ERR_PTR(-ENOMEM);
}

static void drop_item(struct config_group *parent, struct config_item *item)
{
	queue_work(removals, &to_box(item)->removal);
}

static struct configfs_group_operations root_group_ops = {
	.make_group = make_group,
	.drop_item = drop_item,
};

static const struct config_item_type root_type = {
	.ct_group_ops = &root_group_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "hvnet",
			.ci_type = &root_type,
		},
	},
};

static int create_built_in(unsigned int number)
{
	char name[HVNET_ADAPTER_NAME];
	struct box *box;
	int err;

	snprintf(name, sizeof(name), "adapter%u", number);
	box = box_create(name);
	if (!box)
		return -ENOMEM;
	err = plug_in(box);
	if (err) {
		config_group_put(&box->group);
		return err;
	}
	configfs_add_default_group(&box->group, &subsystem.su_group);
	return 0;
}

static void destroy_built_in(void)
{
	struct config_group *group;

	list_for_each_entry(group, &subsystem.su_group.default_groups, group_entry)
		unplug(container_of(group, struct box, group));
	configfs_remove_default_groups(&subsystem.su_group);
	/* What rmdir has left to it: waits for it. */
	destroy_workqueue(removals);
	mutex_destroy(&subsystem.su_mutex);
}

/**
 * hvnet_configfs_init() - make the adapters that come with the module, show the directory
 * @adapters: how many, up to HVNET_MAX_ADAPTERS
 * @total_vfs: of adapters unless changed
 * @queue_pairs: of adapters unless changed
 *
 * Return: 0 or a negative error number, and then nothing is left.
 */
int hvnet_configfs_init(unsigned int adapters, unsigned int total_vfs, unsigned int queue_pairs)
{
	unsigned int i;
	int err = 0;

	defaults.total_vfs = total_vfs;
	defaults.queue_pairs = queue_pairs;
	removals = alloc_workqueue("hvnet_removal", WQ_UNBOUND, 0);
	if (!removals)
		return -ENOMEM;
	config_group_init(&subsystem.su_group);
	mutex_init(&subsystem.su_mutex);
	for (i = 0; i < adapters && !err; i++)
		err = create_built_in(i);
	/* Last, when nothing can fail any more: from here on users make directories. */
	if (!err)
		err = configfs_register_subsystem(&subsystem);
	if (err)
		destroy_built_in();
	return err;
}

/**
 * hvnet_configfs_exit() - remove the directory, take out the adapters
 *
 * Those that a user made are on their way out: a directory holds a reference to the module.
 */
void hvnet_configfs_exit(void)
{
	configfs_unregister_subsystem(&subsystem);
	destroy_built_in();
}
