// SPDX-License-Identifier: GPL-2.0
/*
 * Memory window.
 *
 * BARs in RAM need three things.  The pages must be one run and ours alone:
 * alloc_contig_range(). They must look like MMIO to whoever maps them (vfio-pci, KVM):
 * PageReserved.  And the resource tree must not say "System RAM, busy" there, or ioremap() and
 * pci_request_regions() refuse: so the entry is split around the window, and joined again when
 * the window goes away.
 *
 * Drivers, vfio-pci and guests map BARs uncached, the adapter itself uses the cached linear map.
 * Two memory types for one page are sound where caches snoop every access, whatever its type:
 * KVM builds on the same when it honours a guest's PAT over the host's cached map.  An uncached
 * linear map would cost a memory access for each look at a mask bit, and tens of microseconds
 * with interrupts off for each MSI-X table that a reset clears.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "window.h"

/* Windows start and end on this boundary, so that they do not cut large mappings into pieces. */
#define WINDOW_ALIGN	SZ_2M
/* A range may hold pages that cannot be moved: how many ranges to try before giving up. */
#define MAX_TRIES	256
#define MAX_BANKS	32

/* Serialises changes of the resource tree by this module. */
static DEFINE_MUTEX(tree_lock);

/* Entries of the resource tree that splitting made; the rest belongs to the kernel. */
struct fragment {
	struct resource res;
	struct list_head node;
};

static LIST_HEAD(fragments);

static struct fragment *find_fragment(struct resource *res)
{
	struct fragment *frag;

	list_for_each_entry(frag, &fragments, node)
		if (&frag->res == res)
			return frag;
	return NULL;
}

/*
 * RAM that the kernel found at boot or that stays for good: not what a driver manages (virtio-mem,
 * dax) or joins with its neighbours (balloons), for they expect to find their entries as they left
 * them.
 */
static bool is_ram(const struct resource *res)
{
	unsigned long not = IORESOURCE_EXCLUSIVE | IORESOURCE_SYSRAM_DRIVER_MANAGED |
			    IORESOURCE_SYSRAM_MERGEABLE;

	return (res->flags & (IORESOURCE_SYSTEM_RAM | not)) == IORESOURCE_SYSTEM_RAM;
}

/*
 * Put @probe into the tree and find the entry of System RAM around it, or NULL.  The lock of the
 * tree is not ours to take; inserting takes it, and keeps the entry where it is until
 * remove_resource().
 */
static struct resource *insert_probe(struct resource *probe)
{
	struct resource *ram;

	if (insert_resource(&iomem_resource, probe))
		return NULL;
	for (ram = probe->parent; ram->parent && ram->parent != &iomem_resource; ram = ram->parent)
		;
	if (is_ram(ram))
		return ram;
	remove_resource(probe);
	return NULL;
}

/* The entry around memory that the module holds, or that lies beside such. */
static struct resource *ram_around(resource_size_t start, resource_size_t end)
{
	struct resource probe = DEFINE_RES_MEM(start, end + 1 - start);
	struct resource *ram = insert_probe(&probe);

	if (ram)
		remove_resource(&probe);
	return ram;
}

/*
 * Children (kernel code, crash kernel; they are never freed) must stay in the part that keeps the
 * entry: on one side of the window.
 */
static void children_sides(struct resource *ram, const struct resource *win, bool *below,
			   bool *above)
{
	struct resource *child;

	*below = false;
	*above = false;
	for (child = ram->child; child; child = child->sibling) {
		*below |= child->start < win->start;
		*above |= child->end > win->end;
	}
}

/* Is this RAM that a window can be taken out of? */
static bool can_split(resource_size_t start, resource_size_t end)
{
	struct resource probe = DEFINE_RES_MEM(start, end + 1 - start);
	struct resource *ram = insert_probe(&probe);
	bool below, above;

	if (!ram)
		return false;
	/* The probe would lie above a child inside of it. */
	children_sides(ram, &probe, &below, &above);
	below |= !!probe.child;
	above |= !!probe.child;
	remove_resource(&probe);
	return !(below && above);
}

/* Take the window out of @ram: @ram keeps the side that has children, a fragment gets the other. */
static int split_ram(struct resource *ram, struct resource *win)
{
	resource_size_t start = ram->start, end = ram->end;
	struct fragment *frag;
	bool below, above;
	int err;

	children_sides(ram, win, &below, &above);
	if (below && above)
		return -EBUSY;

	frag = kzalloc(sizeof(*frag), GFP_KERNEL);
	if (!frag)
		return -ENOMEM;
	frag->res.name = ram->name;
	frag->res.flags = ram->flags;
	frag->res.desc = ram->desc;

	if (above) {
		frag->res.start = start;
		frag->res.end = win->start - 1;
		err = adjust_resource(ram, win->end + 1, end - win->end);
	} else {
		frag->res.start = win->end + 1;
		frag->res.end = end;
		err = adjust_resource(ram, start, win->start - start);
	}
	if (err)
		goto err_free;

	err = request_resource(&iomem_resource, win);
	if (err)
		goto err_restore;
	err = request_resource(&iomem_resource, &frag->res);
	if (err)
		goto err_release;
	list_add(&frag->node, &fragments);
	return 0;

err_release:
	release_resource(win);
err_restore:
	WARN_ON(adjust_resource(ram, start, end - start + 1));
err_free:
	kfree(frag);
	return err;
}

/* Join what lies on both sides of a window that has gone; one of them is a fragment. */
static void join_ram(resource_size_t start, resource_size_t end)
{
	struct resource *lower = ram_around(start - 1, start - 1);
	struct resource *upper = ram_around(end + 1, end + 1);
	struct resource *keep, *drop;
	resource_size_t first, last;
	struct fragment *frag;

	if (WARN_ON(!lower || !upper))
		return;
	frag = find_fragment(upper);
	keep = frag ? lower : upper;
	if (!frag)
		frag = find_fragment(lower);
	if (WARN_ON(!frag))
		return;

	drop = &frag->res;
	first = lower->start;
	last = upper->end;
	release_resource(drop);
	list_del(&frag->node);
	kfree(frag);
	WARN_ON(adjust_resource(keep, first, last - first + 1));
}

static bool all_movable(unsigned long pfn, unsigned long pages)
{
	struct zone *zone = NULL;
	unsigned long end = pfn + pages;

	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (!page || PageReserved(page) || PageHuge(page))
			return false;
		/* Memory there can be unplugged, which nothing may stand in the way of. */
		if (is_zone_movable_page(page))
			return false;
		if (zone && page_zone(page) != zone)
			return false;
		zone = page_zone(page);
	}
	return true;
}

/* Search @bank from its end: low memory is scarce. */
static unsigned long alloc_in_bank(const struct range *bank, unsigned long pages, int *tries)
{
	unsigned long step = max(pages, PHYS_PFN(WINDOW_ALIGN));
	unsigned long first = PHYS_PFN(bank->start) + step;
	unsigned long pfn;

	/* A margin on each side leaves RAM to be joined again. */
	pfn = ALIGN_DOWN(PHYS_PFN(bank->end + 1) - pages - 1, PHYS_PFN(WINDOW_ALIGN));
	for (; pfn >= first && pfn < PHYS_PFN(bank->end) && *tries; pfn -= step) {
		if (!can_split(PFN_PHYS(pfn), PFN_PHYS(pfn + pages) - 1) ||
		    !all_movable(pfn, pages))
			continue;
		--*tries;
		if (!alloc_contig_range(pfn, pfn + pages, MIGRATE_MOVABLE,
					GFP_KERNEL | __GFP_NOWARN))
			return pfn;
	}
	return 0;
}

/* Entries of System RAM that are long enough. */
struct banks {
	resource_size_t min_size;
	int num;
	struct range bank[MAX_BANKS];
};

/* @res is a copy. */
static int add_bank(struct resource *res, void *arg)
{
	struct banks *banks = arg;

	if (!is_ram(res) || resource_size(res) < banks->min_size)
		return 0;
	banks->bank[banks->num++] = (struct range){ res->start, res->end };
	return banks->num == MAX_BANKS;
}

static unsigned long alloc_run(unsigned long pages)
{
	struct banks banks = { .min_size = 2 * PFN_PHYS(pages) + 2 * WINDOW_ALIGN };
	unsigned long pfn = 0;
	int tries = MAX_TRIES;

	walk_iomem_res_desc(IORES_DESC_NONE, IORESOURCE_SYSTEM_RAM, 0, -1, &banks, add_bank);
	while (banks.num && !pfn)
		pfn = alloc_in_bank(&banks.bank[--banks.num], pages, &tries);
	return pfn;
}

static void free_run(unsigned long pfn, unsigned long pages)
{
	unsigned long i;

	for (i = pfn; i < pfn + pages; i++)
		ClearPageReserved(pfn_to_page(i));
	free_contig_range(pfn, pages);
}

/**
 * hvnet_window_create() - turn RAM into an MMIO window
 * @win: to be filled in
 * @size: bytes, rounded up to whole pages
 *
 * The window is zeroed.  Context: may sleep; moves pages out of the way.
 *
 * Return: 0, or -ENOMEM with a message if no run of movable memory is long enough.
 */
int hvnet_window_create(struct hvnet_window *win, size_t size)
{
	unsigned long pages = ALIGN(size, WINDOW_ALIGN) >> PAGE_SHIFT;
	unsigned long pfn, i;
	struct resource *ram;
	int err = -ENOMEM;

	guard(mutex)(&tree_lock);
	pfn = alloc_run(pages);
	if (!pfn) {
		pr_err("no %lu KiB of contiguous memory for BARs: lower total_vfs, load the module earlier after boot, or run \"echo 1 > /proc/sys/vm/compact_memory\" and try again\n",
		       pages << (PAGE_SHIFT - 10));
		return -ENOMEM;
	}
	for (i = pfn; i < pfn + pages; i++) {
		clear_highpage(pfn_to_page(i));
		SetPageReserved(pfn_to_page(i));
	}

	win->base = pfn_to_kaddr(pfn);
	win->res = (struct resource){
		.name = "hvnet",
		.start = PFN_PHYS(pfn),
		.end = PFN_PHYS(pfn + pages) - 1,
		.flags = IORESOURCE_MEM,
	};
	ram = ram_around(win->res.start, win->res.end);
	err = ram ? split_ram(ram, &win->res) : -EBUSY;
	if (err) {
		pr_err("cannot take %pR out of System RAM: %pe\n", &win->res, ERR_PTR(err));
		free_run(pfn, pages);
	}
	return err;
}

/*
 * Who has mapped a BAR through sysfs, procfs or /dev/mem may have it mapped still: the kernel
 * revokes such a mapping when somebody requests the memory, and then only if it is nobody's
 * business, as RAM is not.
 */
static void revoke_mappings(resource_size_t start, resource_size_t end)
{
	resource_size_t size = end + 1 - start;

	if (!WARN_ON(!__request_region(&iomem_resource, start, size, "hvnet", IORESOURCE_SYSRAM)))
		__release_region(&iomem_resource, start, size);
}

/**
 * hvnet_window_destroy() - give the window's memory back
 * @win: the kernel maps it no more; what is left of users' mappings is revoked
 */
void hvnet_window_destroy(struct hvnet_window *win)
{
	resource_size_t start = win->res.start, end = win->res.end;

	guard(mutex)(&tree_lock);
	release_resource(&win->res);
	revoke_mappings(start, end);
	join_ram(start, end);
	free_run(PHYS_PFN(start), PHYS_PFN(end + 1 - start));
}
