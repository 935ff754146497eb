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

#include <linux/atomic.h>
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
 * @began: epoch in which the section that runs there began, 0 while none does
 * @fault_addr: bus address of the last access that was refused there
 */
struct hvnet_dma_section {
	spinlock_t lock; /* held throughout the section */
	u64 began;
	u64 fault_addr;
};

DECLARE_PER_CPU(struct hvnet_dma_section, hvnet_dma_section);
extern atomic64_t hvnet_dma_epoch;

void hvnet_dma_init(void);
void hvnet_dma_cleanup(void);
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
	/* Acquire: who reads an epoch sees what was changed before it began. */
	WRITE_ONCE(section->began, atomic64_read_acquire(&hvnet_dma_epoch));
	spin_lock(&section->lock);
	__release(&section->lock); /* for sparse: a section may span functions */
	/* The epoch is told before anything is looked at: pairs with hvnet_dma_sync_atomic(). */
	smp_mb__after_spinlock();
}

/**
 * hvnet_dma_exit() - end the section
 */
static inline void hvnet_dma_exit(void)
{
	struct hvnet_dma_section *section = this_cpu_ptr(&hvnet_dma_section);

	/* Accesses before the word that they are over. */
	smp_store_release(&section->began, 0);
	__acquire(&section->lock);
	spin_unlock(&section->lock);
	local_bh_enable();
}

/**
 * struct hvnet_tlb - the last translation of one stream of accesses
 * @start: bus address of the region that it is good for
 * @mask: the region's bits of a bus address
 * @kaddr: where the kernel sees it
 * @gen: generation of the domain when it was looked up; 0: never
 */
struct hvnet_tlb {
	u64 start;
	u64 mask;
	void *kaddr;
	u64 gen;
};

void *hvnet_dma_translate(struct hvnet_fn *fn, struct hvnet_tlb *tlb, u64 addr, int prot);

/* Translations of this generation are good until the end of the section. */
static inline u64 hvnet_dma_generation(const struct hvnet_fn *fn)
{
	return READ_ONCE(READ_ONCE(fn->domain)->gen);
}

/**
 * hvnet_dma_cached() - translate a bus address as the one before
 * @tlb: the last translation; used with one protection only
 * @gen: the function's hvnet_dma_generation(), read in this section
 * @addr: bus address
 *
 * Return: as hvnet_dma_addr(), which is to be asked if it is NULL.
 */
static inline void *hvnet_dma_cached(const struct hvnet_tlb *tlb, u64 gen, u64 addr)
{
	if (likely((addr & tlb->mask) == tlb->start && tlb->gen == gen))
		return tlb->kaddr + (addr - tlb->start);
	return NULL;
}

/**
 * hvnet_dma_addr() - translate a bus address
 * @fn: function that makes the access
 * @tlb: the last translation; used with one @prot only
 * @addr: bus address
 * @prot: IOMMU_READ, IOMMU_WRITE or both
 *
 * The result is good to the end of the page, to the end of the section.  A refused access is
 * counted and traced.
 *
 * Return: kernel address, or NULL.
 */
static inline void *hvnet_dma_addr(struct hvnet_fn *fn, struct hvnet_tlb *tlb, u64 addr, int prot)
{
	return hvnet_dma_cached(tlb, hvnet_dma_generation(fn), addr) ?:
	       hvnet_dma_translate(fn, tlb, addr, prot);
}

#endif
