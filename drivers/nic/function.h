/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A PCI function of the adapter: the PF or a VF.
 *
 * Configuration writes come from the host's kernel in any context, and from a guest behind
 * vfio-pci with interrupts off under pci_lock.  They are recorded and answered under the
 * function's config_lock; work that takes longer is left to @work.
 */
#ifndef HVNET_NIC_FUNCTION_H
#define HVNET_NIC_FUNCTION_H

#include <linux/bitmap.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include <hvnet/abi/queue.h>
#include <hvnet/abi/regs.h>

#include "config.h"
#include "switch/shaper.h"

struct hvnet_adapter;
struct hvnet_domain;
struct hvnet_rss;
struct hvnet_rxq;
struct hvnet_steer;
struct hvnet_txq;

/* Bits of @todo: what @work has to do. */
enum hvnet_fn_todo {
	HVNET_FN_RESET,
	HVNET_FN_ADMIN,
	HVNET_FN_MAILBOX,
	HVNET_FN_QUEUE_ERROR,
};

/**
 * struct hvnet_fn - a PCI function
 * @adapter: whose function this is
 * @vport: its number in the NIC switch: 0 for the PF, 1 + n for VF n
 * @can_dma: @bus_master, not @in_reset, adapter not gone; read without a lock
 * @loopback: what it transmits goes back to itself; read without a lock
 * @domain: IOMMU domain it is attached to
 * @bar: its BAR 0
 * @txq: transmit queues, one for each queue pair; NULL until the first is enabled
 * @rxq: receive queues, likewise
 * @rss: how received frames are spread over queues, or NULL; changed by @work
 * @steer: steering rules and the contexts that they name, or NULL; changed by @work
 * @todo: bits of &enum hvnet_fn_todo
 * @work: does them, one after the other
 * @config_lock: guards @config; taken before @state_lock
 * @state_lock: guards @can_dma, what it is made of, and the READY bit of the status register
 * @bus_master: configuration space allows DMA, and so interrupts; read without a lock
 * @in_reset: from the request to the end of a reset
 * @config: configuration space
 * @driven_by_user: its domain is one that vfio or iommufd attached
 * @had_user: it has been, and was not reset since
 * @default_domain_given: the IOMMU core has asked for the first default domain
 * @shaper_lock: guards @shaper
 * @shaper: what it may send, if it has a rate
 * @rx_off: frames for a function that never enabled a queue
 * @rx_link_off: frames for it, lost because its link is off
 * @rx_steer_drop: frames that a steering rule dropped
 * @rx_vlan_drop: frames of VLANs that its driver does not want
 * @dma_faults: accesses that the IOMMU refused
 * @bad_doorbells: doorbell writes that named no queue
 * @irq_lock: guards @virq against interrupts being freed while one is raised
 * @virq: Linux interrupt of each vector, 0 if there is none
 * @msix_on: MSI-X is enabled and the function not masked
 * @irq_pending: vectors raised while they were masked
 * @irq_retry: raises them once they are not
 * @irq_retry_delay: jiffies that it waits
 * @mailbox: the adapter's side of the VF's mailbox
 */
struct hvnet_fn {
	struct hvnet_adapter *adapter;
	u16 vport;
	bool can_dma;
	bool loopback;
	struct hvnet_domain *domain;
	void *bar;
	struct hvnet_txq *txq;
	struct hvnet_rxq *rxq;
	struct hvnet_rss __rcu *rss;
	struct hvnet_steer __rcu *steer;

	unsigned long todo;
	struct work_struct work;
	raw_spinlock_t config_lock; /* guards config */
	raw_spinlock_t state_lock; /* guards can_dma and READY */
	bool bus_master;
	bool in_reset;
	struct hvnet_config config;

	bool driven_by_user;
	bool had_user;
	bool default_domain_given;
	spinlock_t shaper_lock; /* guards shaper */
	struct hvnet_shaper shaper;
	atomic64_t rx_off;
	atomic64_t rx_link_off;
	atomic64_t rx_steer_drop;
	atomic64_t rx_vlan_drop;
	atomic64_t dma_faults;
	u64 bad_doorbells;

	spinlock_t irq_lock; /* guards virq */
	unsigned int virq[HVNET_MAX_VECTORS];
	bool msix_on;
	DECLARE_BITMAP(irq_pending, HVNET_MAX_VECTORS);
	struct timer_list irq_retry;
	unsigned int irq_retry_delay;

	struct hvnet_fn_mailbox {
		struct list_head node;
		bool busy;
		bool fetched;
		bool answered;
		bool reset;
		u16 seq;
		u16 len;
		void *msg;
	} mailbox;
};

static inline bool hvnet_fn_is_pf(const struct hvnet_fn *fn)
{
	return fn->vport == HVNET_VPORT_PF;
}

void hvnet_fn_init(struct hvnet_fn *fn, struct hvnet_adapter *adapter, u16 vport, void *bar,
		   const struct hvnet_config_params *params);
void hvnet_fn_destroy(struct hvnet_fn *fn);

u32 hvnet_fn_config_read(struct hvnet_fn *fn, unsigned int reg, unsigned int len);
void hvnet_fn_config_write(struct hvnet_fn *fn, unsigned int reg, unsigned int len, u32 val);
void hvnet_fn_user_gone(struct hvnet_fn *fn);
void hvnet_fn_pull(struct hvnet_fn *fn);
void hvnet_fn_todo(struct hvnet_fn *fn, enum hvnet_fn_todo what);

#endif
