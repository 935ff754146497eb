/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DMA of a function: address translation, and sections in which a translation stays valid.
 *
 * The adapter touches a driver's memory only between hvnet_dma_enter() and hvnet_dma_exit().
 * The IOMMU takes a mapping out of its table, then calls hvnet_dma_sync(), which returns when
 * every section that may have seen the mapping is over.  A section is a spinlock of the CPU it
 * runs on, so it is cheap, does not nest, does not sleep, and must not lead into code that
 * unmaps: interrupts are raised and frames handed to the network stack after its end.
 */
#ifndef HVNET_NIC_DMA_H
#define HVNET_NIC_DMA_H

#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>

#include "function.h"
#include "iommu.h"

#ifdef CONFIG_PREEMPT_RT
#error "A section is waited for with interrupts off: it must not be preempted."
#endif

/**
 * struct hvnet_dma_section - a CPU's section
 * @lock: held throughout the section that runs there
 * @seq: odd while a section runs there
 * @fault_addr: bus address of the last access that was refused there
 */
struct hvnet_dma_section {
	spinlock_t lock; /* held throughout the section */
	unsigned int seq;
	u64 fault_addr;
};

DECLARE_PER_CPU(struct hvnet_dma_section, hvnet_dma_section);

void hvnet_dma_init(void);
void hvnet_dma_sync(void);
void hvnet_dma_sync_atomic(void);

/**
 * hvnet_dma_enter() - start a section in which memory of functions may be touched
 *
 * Context: task or softirq; disables bottom halves until hvnet_dma_exit().
 */
static inline void hvnet_dma_enter(void)
{
	struct hvnet_dma_section *section;

	local_bh_disable();
	section = this_cpu_ptr(&hvnet_dma_section);
	WRITE_ONCE(section->seq, section->seq + 1);
	spin_lock(&section->lock);
	__release(&section->lock); /* for sparse: a section may span functions */
	/* The number before what the section looks at: pairs with hvnet_dma_sync_atomic(). */
	smp_mb__after_spinlock();
}

/**
 * hvnet_dma_exit() - end the section
 */
static inline void hvnet_dma_exit(void)
{
	struct hvnet_dma_section *section = this_cpu_ptr(&hvnet_dma_section);

	/* Accesses before the number that says they are over. */
	smp_store_release(&section->seq, section->seq + 1);
	__acquire(&section->lock);
	spin_unlock(&section->lock);
	local_bh_enable();
}

/**
 * struct hvnet_tlb - the last translation of one stream of accesses
 * @page: bus address of the page
 * @kaddr: where the kernel sees it
 * @gen: generation of the domain when it was looked up; 0: never
 */
struct hvnet_tlb {
	u64 page;
	void *kaddr;
	u64 gen;
};

void *hvnet_dma_fault(struct hvnet_fn *fn, u64 addr, int prot);

/**
 * hvnet_dma_addr() - translate a bus address
 * @fn: function that makes the access
 * @addr: bus address
 * @prot: IOMMU_READ, IOMMU_WRITE or both
 *
 * The result is good to the end of the page, to the end of the section.  A refused access is
 * counted and traced.
 *
 * Return: kernel address, or NULL.
 */
static inline void *hvnet_dma_addr(struct hvnet_fn *fn, u64 addr, int prot)
{
	void *kaddr = hvnet_domain_lookup(READ_ONCE(fn->domain), addr, prot);

	return likely(kaddr) ? kaddr : hvnet_dma_fault(fn, addr, prot);
}

/**
 * hvnet_dma_addr_cached() - translate a bus address near the last one
 * @fn: function that makes the access
 * @tlb: the last translation; used with one @prot only
 * @addr: bus address
 * @prot: IOMMU_READ, IOMMU_WRITE or both
 *
 * Return: as hvnet_dma_addr().
 */
static inline void *hvnet_dma_addr_cached(struct hvnet_fn *fn, struct hvnet_tlb *tlb, u64 addr,
					  int prot)
{
	struct hvnet_domain *dom = READ_ONCE(fn->domain);
	u64 gen = READ_ONCE(dom->gen);
	void *kaddr;

	if (unlikely(tlb->page != (addr & PAGE_MASK) || tlb->gen != gen)) {
		/* The generation before the table: pairs with the barrier of hvnet_dma_sync(). */
		smp_rmb();
		kaddr = hvnet_domain_lookup(dom, addr & PAGE_MASK, prot);
		if (!kaddr)
			return hvnet_dma_fault(fn, addr, prot);
		tlb->page = addr & PAGE_MASK;
		tlb->kaddr = kaddr;
		tlb->gen = gen;
	}
	return tlb->kaddr + offset_in_page(addr);
}

#endif
