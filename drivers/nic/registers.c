// SPDX-License-Identifier: GPL-2.0
/*
 * Registers in BAR 0.
 */
#include <linux/bitfield.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include <hvnet/abi/pci.h>
#include <hvnet/abi/regs.h>

#include "adapter.h"
#include "msix.h"
#include "registers.h"

#define FEATURES	(HVNET_FEAT_TX_CSUM | HVNET_FEAT_TX_VLAN | HVNET_FEAT_TX_TSO | \
			 HVNET_FEAT_TX_USO | HVNET_FEAT_RX_SET | HVNET_FEAT_RSS | \
			 HVNET_FEAT_RSS_CTX | HVNET_FEAT_STEER | HVNET_FEAT_RX_VLANS | \
			 HVNET_FEAT_MODERATE | HVNET_FEAT_SELFTEST | HVNET_FEAT_CLOCK)
#define PF_FEATURES	(HVNET_FEAT_LINK | HVNET_FEAT_PORT_STATS | HVNET_FEAT_POLICY | \
			 HVNET_FEAT_VEPA | HVNET_FEAT_STEER_VF | HVNET_FEAT_VF_MTU)

/**
 * hvnet_registers_reset() - give all registers but the MSI-X table their initial values
 * @fn: function in reset; its READY bit stays clear
 */
void hvnet_registers_reset(struct hvnet_fn *fn)
{
	const struct hvnet_adapter *adapter = fn->adapter;

	memset(fn->bar, 0, HVNET_MSIX_TABLE);
	hvnet_reg_write(fn, HVNET_REG_VERSION, HVNET_VERSION_MAJOR << 16 | HVNET_VERSION_MINOR);
	hvnet_reg_write(fn, HVNET_REG_VPORT, fn->vport);
	hvnet_reg_write(fn, HVNET_REG_LIMITS,
			FIELD_PREP(HVNET_LIMITS_QUEUE_PAIRS, adapter->queue_pairs) |
			FIELD_PREP(HVNET_LIMITS_RING_ORDER, HVNET_RING_MAX_ORDER) |
			FIELD_PREP(HVNET_LIMITS_VFS,
				   hvnet_fn_is_pf(fn) ? adapter->total_vfs : 0));
	hvnet_reg_write(fn, HVNET_REG_MAX_FRAME, HVNET_MAX_FRAME);
	hvnet_reg_write(fn, HVNET_REG_FIRMWARE,
			FIELD_PREP(HVNET_FIRMWARE_MAJOR, HVNET_RELEASE_MAJOR) |
			FIELD_PREP(HVNET_FIRMWARE_MINOR, HVNET_RELEASE_MINOR) |
			FIELD_PREP(HVNET_FIRMWARE_PATCH, HVNET_RELEASE_PATCH));
	hvnet_reg_write(fn, HVNET_REG_FEATURES,
			FEATURES | (hvnet_fn_is_pf(fn) ? PF_FEATURES : 0));
	if (hvnet_fn_is_pf(fn)) {
		hvnet_reg_write(fn, HVNET_REG_MAC_LO, get_unaligned_le32(adapter->mac));
		hvnet_reg_write(fn, HVNET_REG_MAC_HI, get_unaligned_le16(adapter->mac + 4));
		hvnet_registers_link(fn);
	}
	hvnet_reg_write(fn, HVNET_REG_MAGIC, HVNET_MAGIC);
}

/**
 * hvnet_registers_gone() - make reads return what a removed device returns
 * @fn: function of an adapter that was pulled out
 */
void hvnet_registers_gone(struct hvnet_fn *fn)
{
	memset(fn->bar, 0xff, HVNET_BAR_SIZE);
}

/**
 * hvnet_registers_event() - tell the driver that something happened
 * @fn: its function
 * @reg: HVNET_REG_EVENT_*
 *
 * Context: task or softirq, outside of DMA sections.
 */
void hvnet_registers_event(struct hvnet_fn *fn, unsigned int reg)
{
	unsigned long flags;
	bool gone;

	raw_spin_lock_irqsave(&fn->state_lock, flags);
	/* hvnet_fn_pull() takes the lock between setting this and hvnet_registers_gone(). */
	gone = READ_ONCE(fn->adapter->gone);
	if (!gone)
		hvnet_reg_write(fn, reg, hvnet_reg_read(fn, reg) + 1);
	raw_spin_unlock_irqrestore(&fn->state_lock, flags);
	if (gone)
		return;
	/* The counter before the interrupt. */
	smp_wmb();
	hvnet_msix_raise(fn, 0);
}

/**
 * hvnet_registers_link() - show the state of the physical port
 * @pf: the PF
 */
void hvnet_registers_link(struct hvnet_fn *pf)
{
	const struct hvnet_adapter *adapter = pf->adapter;
	unsigned long flags;

	raw_spin_lock_irqsave(&pf->state_lock, flags);
	/* Under the lock: a reset and a change of the link may both be at it. */
	if (!READ_ONCE(adapter->gone)) {
		u32 speed = READ_ONCE(adapter->link_speed);

		hvnet_reg_write(pf, HVNET_REG_LINK, speed ? HVNET_LINK_UP : 0);
		hvnet_reg_write(pf, HVNET_REG_LINK_SPEED, speed);
	}
	raw_spin_unlock_irqrestore(&pf->state_lock, flags);
}
