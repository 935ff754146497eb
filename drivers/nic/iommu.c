// SPDX-License-Identifier: GPL-2.0
/*
 * Software IOMMU.
 *
 * A function that belongs to the host starts in the identity domain, where DMA costs nothing;
 * an administrator may ask for translation through /sys/kernel/iommu_groups/<n>/type, and vfio
 * attaches a domain of its own.  Mapping and unmapping may happen in softirq (dma_map in a
 * driver's NAPI poll).
 */
#include <kunit/visibility.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/property.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "adapter.h"
#include "dma.h"
#include "function.h"
#include "iommu.h"

static struct iommu_device iommu;
static struct fwnode_handle *iommu_fwnode;
static struct iommu_ops *iommu_ops;

static atomic64_t next_gen = ATOMIC64_INIT(2);

static struct hvnet_domain *to_domain(struct iommu_domain *domain)
{
	return container_of(domain, struct hvnet_domain, domain);
}

/* From here on no cached translation of @dom is used, but those of sections under way. */
static void forget_translations(struct hvnet_domain *dom)
{
	WRITE_ONCE(dom->gen, atomic64_inc_return(&next_gen));
}

static int attach_dev(struct iommu_domain *domain, struct device *dev)
{
	struct hvnet_fn *fn = dev_iommu_priv_get(dev);

	if (domain->type == IOMMU_DOMAIN_IDENTITY)
		fn->default_domain_given = true;
	if (domain->type == IOMMU_DOMAIN_UNMANAGED) {
		fn->had_user = true;
	} else if (domain->type != IOMMU_DOMAIN_BLOCKED && fn->had_user) {
		fn->had_user = false;
		hvnet_fn_user_gone(fn);
	}
	WRITE_ONCE(fn->driven_by_user, domain->type == IOMMU_DOMAIN_UNMANAGED);
	WRITE_ONCE(fn->domain, to_domain(domain));
	/* The domain that was attached before may be freed after this. */
	hvnet_dma_sync();
	return 0;
}

/* Pages changed under the lock at a time: interrupts are off meanwhile. */
#define LOCKED_PAGES	1024

/* What a page table entry says of a page. */
static void *make_entry(unsigned long pfn, int prot)
{
	/* vfio also maps registers of other devices, where no memory is: no access to those. */
	if (!pfn_valid(pfn) || (PageReserved(pfn_to_page(pfn)) && !page_is_ram(pfn)))
		prot = 0;
	return xa_mk_value(pfn << 2 | (prot & (IOMMU_READ | IOMMU_WRITE)));
}

/* Map up to LOCKED_PAGES pages; -ENOMEM wants xas_nomem() and another try. */
static int map_some(struct xa_state *xas, unsigned long pfn, size_t *done, size_t pgcount, int prot)
{
	size_t end = min(pgcount, *done + LOCKED_PAGES);
	unsigned long flags;

	xas_lock_irqsave(xas, flags);
	while (*done < end) {
		if (xas_load(xas)) {
			xas_set_err(xas, -EADDRINUSE);
			break;
		}
		xas_store(xas, make_entry(pfn + *done, prot));
		if (xas_error(xas))
			break;
		++*done;
		xas_next(xas);
	}
	xas_unlock_irqrestore(xas, flags);
	return xas_error(xas);
}

static int map_pages(struct iommu_domain *domain, unsigned long iova, phys_addr_t paddr,
		     size_t pgsize, size_t pgcount, int prot, gfp_t gfp, size_t *mapped)
{
	struct hvnet_domain *dom = to_domain(domain);
	unsigned long first = iova >> PAGE_SHIFT;
	XA_STATE(xas, &dom->pages, first);
	size_t done = 0;
	int err = 0;

	while (done < pgcount) {
		xas_set(&xas, first + done);
		err = map_some(&xas, PHYS_PFN(paddr), &done, pgcount, prot);
		if (err && !xas_nomem(&xas, gfp))
			break;
	}
	/* Frees what was allocated in advance and not used. */
	if (!err)
		xas_nomem(&xas, gfp);
	*mapped += done << PAGE_SHIFT;
	return err;
}

static size_t unmap_some(struct hvnet_domain *dom, unsigned long first, size_t pgcount)
{
	XA_STATE(xas, &dom->pages, first);
	unsigned long flags;
	size_t done = 0;

	xas_lock_irqsave(&xas, flags);
	while (done < pgcount && xas_load(&xas)) {
		xas_store(&xas, NULL);
		done++;
		/* Storing NULL may free the node that the state points to. */
		xas_set(&xas, first + done);
	}
	xas_unlock_irqrestore(&xas, flags);
	return done;
}

static size_t unmap_pages(struct iommu_domain *domain, unsigned long iova, size_t pgsize,
			  size_t pgcount, struct iommu_iotlb_gather *gather)
{
	struct hvnet_domain *dom = to_domain(domain);
	size_t done = 0, some, n;

	do {
		n = min_t(size_t, pgcount - done, LOCKED_PAGES);
		some = unmap_some(dom, (iova >> PAGE_SHIFT) + done, n);
		done += some;
	} while (some == n && done < pgcount);

	if (done)
		iommu_iotlb_gather_add_range(gather, iova, done << PAGE_SHIFT);
	return done << PAGE_SHIFT;
}

static void flush_iotlb_all(struct iommu_domain *domain)
{
	forget_translations(to_domain(domain));
	hvnet_dma_sync();
}

static void iotlb_sync(struct iommu_domain *domain, struct iommu_iotlb_gather *gather)
{
	flush_iotlb_all(domain);
}

static phys_addr_t iova_to_phys(struct iommu_domain *domain, dma_addr_t iova)
{
	void *entry = xa_load(&to_domain(domain)->pages, iova >> PAGE_SHIFT);

	return xa_is_value(entry) ? PFN_PHYS(xa_to_value(entry) >> 2) + offset_in_page(iova) : 0;
}

static bool enforce_cache_coherency(struct iommu_domain *domain)
{
	return true;
}

static void free_domain(struct iommu_domain *domain)
{
	struct hvnet_domain *dom = to_domain(domain);
	bool holds_module = dom->holds_module;

	xa_destroy(&dom->pages);
	kfree(dom);
	if (holds_module)
		module_put(THIS_MODULE);
}

static const struct iommu_domain_ops paging_ops = {
	.attach_dev = attach_dev,
	.map_pages = map_pages,
	.unmap_pages = unmap_pages,
	.flush_iotlb_all = flush_iotlb_all,
	.iotlb_sync = iotlb_sync,
	.iova_to_phys = iova_to_phys,
	.enforce_cache_coherency = enforce_cache_coherency,
	.free = free_domain,
};

static const struct iommu_domain_ops static_ops = {
	.attach_dev = attach_dev,
};

static struct hvnet_domain domain_identity = {
	.domain = { .type = IOMMU_DOMAIN_IDENTITY, .ops = &static_ops },
	.gen = 1,
};

struct hvnet_domain hvnet_domain_blocked = {
	.domain = { .type = IOMMU_DOMAIN_BLOCKED, .ops = &static_ops },
	.gen = 2,
};
EXPORT_SYMBOL_IF_KUNIT(hvnet_domain_blocked);

/**
 * hvnet_domain_alloc() - make an empty address space
 * @dev: unused
 *
 * Return: the domain, to be freed by its free operation, or NULL.
 */
struct iommu_domain *hvnet_domain_alloc(struct device *dev)
{
	struct hvnet_domain *dom = kzalloc(sizeof(*dom), GFP_KERNEL_ACCOUNT);

	if (!dom)
		return NULL;
	/* Who maps pays: a user may map as sparsely as he likes. */
	xa_init_flags(&dom->pages, XA_FLAGS_LOCK_IRQ | XA_FLAGS_ACCOUNT);
	forget_translations(dom);
	dom->domain.ops = &paging_ops;
	dom->domain.pgsize_bitmap = PAGE_SIZE;
	dom->domain.geometry.aperture_end = DMA_BIT_MASK(48);
	dom->domain.geometry.force_aperture = true;
	return &dom->domain;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_domain_alloc);

/*
 * For iommufd, whose user keeps a domain for as long as he likes: also when the function is gone
 * for which it was made.  vfio's own container frees a domain with its last function.
 */
static struct iommu_domain *alloc_user(struct device *dev, u32 flags, struct iommu_domain *parent,
				       const struct iommu_user_data *user_data)
{
	struct iommu_domain *domain;

	if (flags || parent || user_data)
		return ERR_PTR(-EOPNOTSUPP);
	if (!try_module_get(THIS_MODULE))
		return ERR_PTR(-ENODEV);
	domain = hvnet_domain_alloc(dev);
	if (!domain) {
		module_put(THIS_MODULE);
		return ERR_PTR(-ENOMEM);
	}
	domain->type = IOMMU_DOMAIN_UNMANAGED;
	to_domain(domain)->holds_module = true;
	return domain;
}

static bool capable_of(struct device *dev, enum iommu_cap cap)
{
	return cap == IOMMU_CAP_CACHE_COHERENCY || cap == IOMMU_CAP_ENFORCE_CACHE_COHERENCY;
}

static struct iommu_device *probe_device(struct device *dev)
{
	struct hvnet_fn *fn = hvnet_adapter_fn(to_pci_dev(dev));

	if (!fn)
		return ERR_PTR(-ENODEV);
	fn->default_domain_given = false;
	dev_iommu_priv_set(dev, fn);
	return &iommu;
}

/* Identity to begin with; what an administrator asks for later counts. */
static int def_domain_type(struct device *dev)
{
	struct hvnet_fn *fn = dev_iommu_priv_get(dev);

	return fn->default_domain_given ? 0 : IOMMU_DOMAIN_IDENTITY;
}

static const struct iommu_ops ops_template = {
	.capable = capable_of,
	.domain_alloc_paging = hvnet_domain_alloc,
	.domain_alloc_user = alloc_user,
	.probe_device = probe_device,
	.device_group = generic_device_group,
	.def_domain_type = def_domain_type,
	.default_domain_ops = &paging_ops,
	.pgsize_bitmap = PAGE_SIZE,
	.identity_domain = &domain_identity.domain,
	.blocked_domain = &hvnet_domain_blocked.domain,
	.release_domain = &hvnet_domain_blocked.domain,
};

/**
 * hvnet_iommu_adopt() - put a device behind this IOMMU
 * @dev: one of our functions, before the PCI core looks for its IOMMU
 *
 * Return: 0 or a negative error number.
 */
int hvnet_iommu_adopt(struct device *dev)
{
	int err;

	/*
	 * The IOMMU core has a lock for this that it keeps to itself.  It is about two who look
	 * for a device's IOMMU at the same time; this device is known to nobody yet.
	 */
	lockdep_off();
	err = iommu_fwspec_init(dev, iommu_fwnode);
	lockdep_on();
	return err;
}

/**
 * hvnet_iommu_init() - bring up the IOMMU
 *
 * Return: 0 or a negative error number.
 */
int hvnet_iommu_init(void)
{
	int err;

	/*
	 * Each device takes a reference to the owner of the operations, and the devices are
	 * ours: with an owner the module could not be unloaded.  A copy without one it must be.
	 */
	iommu_ops = kmemdup(&ops_template, sizeof(ops_template), GFP_KERNEL);
	if (!iommu_ops)
		return -ENOMEM;
	iommu_fwnode = fwnode_create_software_node(NULL, NULL);
	if (IS_ERR(iommu_fwnode)) {
		err = PTR_ERR(iommu_fwnode);
		goto err_ops;
	}
	iommu.fwnode = iommu_fwnode;
	err = iommu_device_sysfs_add(&iommu, NULL, NULL, "hvnet-iommu");
	if (err)
		goto err_fwnode;
	err = iommu_device_register(&iommu, iommu_ops, NULL);
	if (err)
		goto err_sysfs;
	return 0;

err_sysfs:
	iommu_device_sysfs_remove(&iommu);
err_fwnode:
	fwnode_remove_software_node(iommu_fwnode);
err_ops:
	kfree(iommu_ops);
	return err;
}

/**
 * hvnet_iommu_exit() - take the IOMMU down, after the last adapter
 */
void hvnet_iommu_exit(void)
{
	iommu_device_unregister(&iommu);
	iommu_device_sysfs_remove(&iommu);
	fwnode_remove_software_node(iommu_fwnode);
	kfree(iommu_ops);
	/* Who put the last reference to the module may still be on its way out of free_domain(). */
	synchronize_rcu_tasks();
}
