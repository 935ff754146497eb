// SPDX-License-Identifier: GPL-2.0
/*
 * MSI-X.
 *
 * The PCI core and vfio-pci set interrupts up as for any device: message and mask bit go to the
 * table in BAR 0.  Raising a vector does not send that message; it calls the handler of the
 * Linux interrupt that the domain gave to the vector.  The table is memory, so unmasking does
 * not trap: a vector that was raised while masked is tried again every jiffy for as long as it
 * is pending.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/pci.h>

#include <hvnet/abi/regs.h>

#include "adapter.h"
#include "function.h"
#include "msix.h"
#include "registers.h"

static void ack_nothing(struct irq_data *data)
{
}

static void compose_msg(struct irq_data *data, struct msi_msg *msg)
{
	/* Never sent; the value tells a person who dumps the table which interrupt it is. */
	msg->address_hi = 0;
	msg->address_lo = 0;
	msg->data = data->irq;
}

static int set_affinity(struct irq_data *data, const struct cpumask *mask, bool force)
{
	irq_data_update_effective_affinity(data, mask);
	return IRQ_SET_MASK_OK_DONE;
}

static struct irq_chip chip = {
	.name = "hvnet-MSI-X",
	.irq_ack = ack_nothing,
	.irq_compose_msi_msg = compose_msg,
	.irq_set_affinity = set_affinity,
};

static irq_hw_number_t get_hwirq(struct msi_domain_info *info, msi_alloc_info_t *arg)
{
	struct pci_dev *pdev = msi_desc_to_pci_dev(arg->desc);

	return (irq_hw_number_t)pci_dev_id(pdev) << 11 | arg->desc->msi_index;
}

static int init_irq(struct irq_domain *domain, struct msi_domain_info *info, unsigned int virq,
		    irq_hw_number_t hwirq, msi_alloc_info_t *arg)
{
	struct hvnet_fn *fn = hvnet_adapter_fn(msi_desc_to_pci_dev(arg->desc));
	unsigned int vector = arg->desc->msi_index;
	unsigned long flags;

	if (!fn || vector >= HVNET_MAX_VECTORS)
		return -EINVAL;
	irq_domain_set_info(domain, virq, hwirq, info->chip, fn, handle_edge_irq, NULL, "edge");
	spin_lock_irqsave(&fn->irq_lock, flags);
	fn->virq[vector] = virq;
	spin_unlock_irqrestore(&fn->irq_lock, flags);
	return 0;
}

static void free_irq_of_vector(struct irq_domain *domain, struct msi_domain_info *info,
			       unsigned int virq)
{
	struct hvnet_fn *fn = irq_domain_get_irq_data(domain, virq)->chip_data;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&fn->irq_lock, flags);
	for (i = 0; i < HVNET_MAX_VECTORS; i++)
		if (fn->virq[i] == virq)
			fn->virq[i] = 0;
	spin_unlock_irqrestore(&fn->irq_lock, flags);
}

static int prepare(struct irq_domain *domain, struct device *dev, int nvec, msi_alloc_info_t *arg)
{
	memset(arg, 0, sizeof(*arg));
	return 0;
}

static void set_desc(msi_alloc_info_t *arg, struct msi_desc *desc)
{
	arg->desc = desc;
}

static struct msi_domain_ops domain_ops = {
	.get_hwirq = get_hwirq,
	.msi_init = init_irq,
	.msi_free = free_irq_of_vector,
	.msi_prepare = prepare,
	.set_desc = set_desc,
};

/**
 * hvnet_msix_create() - make the interrupt domain
 * @adapter: to be given interrupts
 *
 * Return: 0 or a negative error number.
 */
int hvnet_msix_create(struct hvnet_adapter *adapter)
{
	adapter->msi_fwnode = irq_domain_alloc_named_id_fwnode("hvnet", adapter->pci_domain);
	if (!adapter->msi_fwnode)
		return -ENOMEM;
	adapter->msi_info = (struct msi_domain_info){
		.flags = MSI_FLAG_USE_DEF_DOM_OPS | MSI_FLAG_USE_DEF_CHIP_OPS | MSI_FLAG_PCI_MSIX,
		.ops = &domain_ops,
		.chip = &chip,
	};
	adapter->msi_domain = pci_msi_create_irq_domain(adapter->msi_fwnode, &adapter->msi_info,
							NULL);
	if (!adapter->msi_domain) {
		irq_domain_free_fwnode(adapter->msi_fwnode);
		return -ENOMEM;
	}
	/* A function raises its own vectors only: vfio needs no "unsafe interrupts". */
	adapter->msi_domain->flags |= IRQ_DOMAIN_FLAG_ISOLATED_MSI;
	return 0;
}

/**
 * hvnet_msix_destroy() - remove the interrupt domain
 * @adapter: none of its functions has interrupts any more
 */
void hvnet_msix_destroy(struct hvnet_adapter *adapter)
{
	irq_domain_remove(adapter->msi_domain);
	irq_domain_free_fwnode(adapter->msi_fwnode);
}

/* Jiffies between looks at masked vectors, at most. */
#define RETRY_MAX	(HZ / 20U)

/* A message is a write to memory: who may not write any sends none, either. */
static bool vector_masked(struct hvnet_fn *fn, unsigned int vector)
{
	unsigned int entry = HVNET_MSIX_TABLE + vector * PCI_MSIX_ENTRY_SIZE;

	return !READ_ONCE(fn->msix_on) || !READ_ONCE(fn->bus_master) ||
	       hvnet_reg_read(fn, entry + PCI_MSIX_ENTRY_VECTOR_CTRL) &
	       PCI_MSIX_ENTRY_CTRL_MASKBIT;
}

/* Show the pending bits where a driver looks for them. */
static void show_pending(struct hvnet_fn *fn)
{
	hvnet_reg_write(fn, HVNET_MSIX_PBA, lower_32_bits(fn->irq_pending[0]));
}

/* Under irq_lock, so that the interrupt is not freed meanwhile.  False if the vector is masked. */
static bool raise_locked(struct hvnet_fn *fn, unsigned int vector)
{
	unsigned int virq = fn->virq[vector];

	if (vector_masked(fn, vector)) {
		__set_bit(vector, fn->irq_pending);
		show_pending(fn);
		return false;
	}
	if (test_and_clear_bit(vector, fn->irq_pending))
		show_pending(fn);
	if (virq)
		generic_handle_irq(virq);
	return true;
}

/* Nobody tells us that a vector is unmasked: look again, less and less often. */
static void retry_in(struct hvnet_fn *fn, unsigned int delay)
{
	fn->irq_retry_delay = min(delay, RETRY_MAX);
	mod_timer(&fn->irq_retry, jiffies + fn->irq_retry_delay);
}

/**
 * hvnet_msix_raise() - raise a vector
 * @fn: function that raises it
 * @vector: index in the MSI-X table, any value
 *
 * Context: task or softirq, outside of DMA sections.
 */
void hvnet_msix_raise(struct hvnet_fn *fn, unsigned int vector)
{
	unsigned long flags;

	if (vector >= HVNET_MAX_VECTORS)
		return;
	/* A handler may raise a softirq (NAPI): it runs when bottom halves are enabled again. */
	local_bh_disable();
	spin_lock_irqsave(&fn->irq_lock, flags);
	if (fn->virq[vector] && !raise_locked(fn, vector) && !timer_pending(&fn->irq_retry))
		retry_in(fn, 1);
	spin_unlock_irqrestore(&fn->irq_lock, flags);
	local_bh_enable();
}

static void retry(struct timer_list *timer)
{
	struct hvnet_fn *fn = from_timer(fn, timer, irq_retry);
	unsigned long flags;
	unsigned int vector;
	bool masked = false;

	spin_lock_irqsave(&fn->irq_lock, flags);
	for_each_set_bit(vector, fn->irq_pending, HVNET_MAX_VECTORS) {
		if (fn->virq[vector])
			masked |= !raise_locked(fn, vector);
		else
			__clear_bit(vector, fn->irq_pending);
	}
	if (masked)
		retry_in(fn, 2 * fn->irq_retry_delay);
	spin_unlock_irqrestore(&fn->irq_lock, flags);
}

/**
 * hvnet_msix_init_fn() - prepare a function's interrupts
 * @fn: the function
 */
void hvnet_msix_init_fn(struct hvnet_fn *fn)
{
	spin_lock_init(&fn->irq_lock);
	timer_setup(&fn->irq_retry, retry, 0);
	hvnet_msix_reset_fn(fn);
}

/**
 * hvnet_msix_destroy_fn() - a function raises no more interrupts
 * @fn: the function; its driver has freed its interrupts
 */
void hvnet_msix_destroy_fn(struct hvnet_fn *fn)
{
	timer_shutdown_sync(&fn->irq_retry);
}

/**
 * hvnet_msix_reset_fn() - give the MSI-X table its initial value: all masked
 * @fn: function in reset
 *
 * Context: any; called with config_lock held.
 */
void hvnet_msix_reset_fn(struct hvnet_fn *fn)
{
	unsigned int i;

	WRITE_ONCE(fn->msix_on, false);
	/* What a VF's owner wrote here is not for the next one. */
	memset(fn->bar + HVNET_MSIX_TABLE, 0, HVNET_BAR_SIZE - HVNET_MSIX_TABLE);
	for (i = 0; i < HVNET_MAX_VECTORS; i++) {
		unsigned int entry = HVNET_MSIX_TABLE + i * PCI_MSIX_ENTRY_SIZE;

		hvnet_reg_write(fn, entry + PCI_MSIX_ENTRY_VECTOR_CTRL,
				PCI_MSIX_ENTRY_CTRL_MASKBIT);
	}
}

/**
 * hvnet_msix_forget_pending() - what was raised before a reset is not raised after it
 * @fn: function in reset
 *
 * Context: the function's work.
 */
void hvnet_msix_forget_pending(struct hvnet_fn *fn)
{
	unsigned long flags;

	spin_lock_irqsave(&fn->irq_lock, flags);
	bitmap_zero(fn->irq_pending, HVNET_MAX_VECTORS);
	show_pending(fn);
	spin_unlock_irqrestore(&fn->irq_lock, flags);
}

/**
 * hvnet_msix_config_changed() - follow MSI-X Enable and Function Mask
 * @fn: the function
 * @on: enabled and not masked
 *
 * What is pending is raised by the timer: this is called with config_lock held.
 */
void hvnet_msix_config_changed(struct hvnet_fn *fn, bool on)
{
	WRITE_ONCE(fn->msix_on, on);
}
