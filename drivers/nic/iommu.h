/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Software IOMMU: one group for each function, as on a server with an IOMMU in front of every slot.
 */
#ifndef HVNET_NIC_IOMMU_H
#define HVNET_NIC_IOMMU_H

#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/xarray.h>

/**
 * struct hvnet_domain - an address space of bus addresses
 * @domain: what the IOMMU core knows
 * @holds_module: it may outlive the functions
 * @gen: changes whenever a translation goes away; unique over all domains, never 0
 * @pages: page number of the bus address -> value of (page frame << 2 | IOMMU_READ | IOMMU_WRITE)
 *
 * @pages is changed under its lock, also from softirq, and read under RCU.
 */
struct hvnet_domain {
	struct iommu_domain domain;
	bool holds_module;
	u64 gen;
	struct xarray pages;
};

extern struct hvnet_domain hvnet_domain_blocked;

int hvnet_iommu_init(void);
void hvnet_iommu_exit(void);
int hvnet_iommu_adopt(struct device *dev);

/* For tests: a domain without a device. */
struct iommu_domain *hvnet_domain_alloc(struct device *dev);

static inline void *hvnet_domain_lookup_paging(struct hvnet_domain *dom, u64 addr, int prot)
{
	void *entry = xa_load(&dom->pages, addr >> PAGE_SHIFT);

	if (!xa_is_value(entry) || (xa_to_value(entry) & prot) != prot)
		return NULL;
	return pfn_to_kaddr(xa_to_value(entry) >> 2) + offset_in_page(addr);
}

/**
 * hvnet_domain_lookup() - translate a bus address
 * @dom: address space
 * @addr: bus address
 * @prot: IOMMU_READ, IOMMU_WRITE or both
 *
 * Return: kernel address, good to the end of the page, or NULL.
 */
static inline void *hvnet_domain_lookup(struct hvnet_domain *dom, u64 addr, int prot)
{
	if (likely(dom->domain.type == IOMMU_DOMAIN_IDENTITY))
		return pfn_valid(PHYS_PFN(addr)) ? phys_to_virt(addr) : NULL;
	if (dom->domain.type == IOMMU_DOMAIN_BLOCKED)
		return NULL;
	return hvnet_domain_lookup_paging(dom, addr, prot);
}

#endif
