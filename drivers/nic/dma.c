// SPDX-License-Identifier: GPL-2.0
/*
 * DMA sections and faults.
 */
#include <linux/debugfs.h>
#include <linux/fault-inject.h>
#include <linux/mmzone.h>

#include "adapter.h"
#include "dma.h"
#include "trace.h"

DEFINE_PER_CPU(struct hvnet_dma_section, hvnet_dma_section);

/* Goes up each time sections are waited for with interrupts off. */
atomic64_t hvnet_dma_epoch __read_mostly = ATOMIC64_INIT(1);

/* Kernels with fault injection have accesses refused on demand: debugfs, fail_hvnet_dma. */
#ifdef CONFIG_FAULT_INJECTION_DEBUG_FS
static DECLARE_FAULT_ATTR(fail_dma);
static struct dentry *fail_dma_dir;

static void show_fail_dma(void)
{
	fail_dma_dir = fault_create_debugfs_attr("fail_hvnet_dma", NULL, &fail_dma);
}

static void hide_fail_dma(void)
{
	debugfs_remove_recursive(fail_dma_dir);
}

static bool is_to_fail(void)
{
	return should_fail(&fail_dma, 1);
}
#else
static void show_fail_dma(void) {}
static void hide_fail_dma(void) {}
static bool is_to_fail(void) { return false; }
#endif

/**
 * hvnet_dma_init() - make sections possible
 */
void hvnet_dma_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		spin_lock_init(per_cpu_ptr(&hvnet_dma_section.lock, cpu));
	show_fail_dma();
}

/**
 * hvnet_dma_cleanup() - undo hvnet_dma_init()
 */
void hvnet_dma_cleanup(void)
{
	hide_fail_dma();
}

/**
 * hvnet_dma_sync() - wait for the sections that are under way
 *
 * Context: task or softirq, not inside a section; does not sleep.  A section lasts as long as the
 * copies of one batch of frames.
 */
void hvnet_dma_sync(void)
{
	int cpu;

	/*
	 * Pairs with the acquire of hvnet_dma_enter(): a later section sees what was changed
	 * before.
	 */
	smp_mb();
	for_each_online_cpu(cpu) {
		spinlock_t *lock = per_cpu_ptr(&hvnet_dma_section.lock, cpu);

		/*
		 * Drivers may unmap with interrupts off; only then are bottom halves off
		 * already.
		 */
		if (irqs_disabled()) {
			spin_lock(lock);
			spin_unlock(lock);
		} else {
			spin_lock_bh(lock);
			spin_unlock_bh(lock);
		}
	}
}

/**
 * hvnet_dma_sync_atomic() - as hvnet_dma_sync(), where spinlocks may not be taken
 *
 * Sections that begin after the call are not waited for, however late their CPU's turn comes: all
 * in all it takes as long as the longest that was under way.
 *
 * Context: interrupts off, also under a raw spinlock, also in an interrupt that came in a section:
 * that one cannot be waited for.
 */
void hvnet_dma_sync_atomic(void)
{
	/* Orders the change before the look at each CPU: pairs with hvnet_dma_enter(). */
	u64 epoch = atomic64_inc_return(&hvnet_dma_epoch);
	int cpu, this = smp_processor_id();

	for_each_online_cpu(cpu) {
		const u64 *began = &per_cpu_ptr(&hvnet_dma_section, cpu)->began;
		u64 old;

		if (cpu == this)
			continue;
		/* A section of this epoch saw it begin, and so sees the change. */
		while ((old = smp_load_acquire(began)) && old < epoch)
			cpu_relax();
	}
}

/* Account for an access that the IOMMU refused. */
static void fault(struct hvnet_fn *fn, u64 addr, int prot)
{
	atomic64_inc(&fn->dma_faults);
	this_cpu_write(hvnet_dma_section.fault_addr, addr);
	trace_hvnet_dma_fault(fn->adapter->name, fn->vport, addr, prot);
}

/**
 * hvnet_dma_translate() - look a bus address up
 * @fn: function that makes the access
 * @tlb: to be filled in, if the access is allowed
 * @addr: bus address
 * @prot: IOMMU_READ, IOMMU_WRITE or both
 *
 * Return: as hvnet_dma_addr().
 */
void *hvnet_dma_translate(struct hvnet_fn *fn, struct hvnet_tlb *tlb, u64 addr, int prot)
{
	struct hvnet_domain *dom = READ_ONCE(fn->domain);
	u64 gen = READ_ONCE(dom->gen);
	u64 mask = PAGE_MASK;
	void *kaddr;

	/* The generation before the table: pairs with the barrier of hvnet_dma_sync(). */
	smp_rmb();
	kaddr = hvnet_domain_lookup(dom, addr, prot);
	if (!kaddr || is_to_fail()) {
		fault(fn, addr, prot);
		return NULL;
	}
	/* Memory is there or not by the subsection. */
	if (dom->domain.type == IOMMU_DOMAIN_IDENTITY)
		mask = ~(u64)(PFN_PHYS(PAGES_PER_SUBSECTION) - 1);
	tlb->start = addr & mask;
	tlb->mask = mask;
	tlb->kaddr = kaddr - (addr - tlb->start);
	tlb->gen = gen;
	return kaddr;
}
