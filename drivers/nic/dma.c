// SPDX-License-Identifier: GPL-2.0
/*
 * DMA sections and faults.
 */
#include "adapter.h"
#include "dma.h"
#include "trace.h"

/* The lock of each CPU is held throughout the section that runs there. */
DEFINE_PER_CPU(spinlock_t, hvnet_dma_lock);

/**
 * hvnet_dma_init() - make sections possible
 */
void hvnet_dma_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		spin_lock_init(per_cpu_ptr(&hvnet_dma_lock, cpu));
}

/**
 * hvnet_dma_sync() - wait for the sections that are under way
 *
 * Context: any but hard interrupt and inside a section; does not sleep.  A section lasts as long
 * as the copies of one batch of frames.
 */
void hvnet_dma_sync(void)
{
	unsigned long flags;
	int cpu;

	/*
	 * Pairs with the acquire of hvnet_dma_enter(): a later section sees what was changed
	 * before.
	 */
	smp_mb();
	for_each_online_cpu(cpu) {
		spinlock_t *lock = per_cpu_ptr(&hvnet_dma_lock, cpu);

		spin_lock_irqsave(lock, flags);
		spin_unlock_irqrestore(lock, flags);
	}
}

/**
 * hvnet_dma_fault() - account for an access that the IOMMU refused
 * @fn: function that made the access
 * @addr: bus address
 * @prot: what it wanted
 *
 * Return: NULL.
 */
void *hvnet_dma_fault(struct hvnet_fn *fn, u64 addr, int prot)
{
	atomic64_inc(&fn->dma_faults);
	fn->fault_addr = addr;
	trace_hvnet_dma_fault(fn->adapter->name, fn->vport, addr, prot);
	return NULL;
}
