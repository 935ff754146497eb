// SPDX-License-Identifier: GPL-2.0
/*
 * A PCI function of the adapter.
 */
#include "adapter.h"
#include "admin.h"
#include "dma.h"
#include "function.h"
#include "mailbox.h"
#include "msix.h"
#include "queue.h"
#include "registers.h"
#include "steer.h"

/**
 * hvnet_fn_todo() - leave something to the function's work
 * @fn: the function
 * @what: to be done
 *
 * Context: any, interrupts on or off.
 */
void hvnet_fn_todo(struct hvnet_fn *fn, enum hvnet_fn_todo what)
{
	set_bit(what, &fn->todo);
	queue_work(fn->adapter->wq, &fn->work);
}

/* Called with state_lock held. */
static void set_bus_master(struct hvnet_fn *fn)
{
	WRITE_ONCE(fn->bus_master, hvnet_config_can_dma(&fn->config));
}

/* Called with state_lock held. */
static void update_can_dma(struct hvnet_fn *fn)
{
	WRITE_ONCE(fn->can_dma, fn->bus_master && !fn->in_reset && !READ_ONCE(fn->adapter->gone));
}

/* Bus mastering or the power state changed; called with config_lock held. */
static void config_dma_changed(struct hvnet_fn *fn)
{
	unsigned long flags;
	bool could, can;

	raw_spin_lock_irqsave(&fn->state_lock, flags);
	could = fn->can_dma;
	set_bus_master(fn);
	update_can_dma(fn);
	can = fn->can_dma;
	raw_spin_unlock_irqrestore(&fn->state_lock, flags);
	if (could && !can)
		hvnet_dma_sync_atomic();
	if (!could && can)
		hvnet_queue_kick_all(fn);
}

/*
 * No DMA section that starts from here on does anything for the function, which shows that it is
 * not ready.  Called with config_lock held.
 *
 * Return: a section that is under way may have to be waited for, before leave_reset_to_work().
 */
static bool stop_for_reset(struct hvnet_fn *fn)
{
	unsigned long flags;
	bool could;

	raw_spin_lock_irqsave(&fn->state_lock, flags);
	could = fn->can_dma;
	set_bit(HVNET_FN_RESET, &fn->todo);
	fn->in_reset = true;
	set_bus_master(fn);
	update_can_dma(fn);
	hvnet_reg_write(fn, HVNET_REG_STATUS, 0);
	raw_spin_unlock_irqrestore(&fn->state_lock, flags);
	return could;
}

/* Called with config_lock held. */
static void leave_reset_to_work(struct hvnet_fn *fn)
{
	hvnet_msix_reset_fn(fn);
	queue_work(fn->adapter->wq, &fn->work);
}

/* Called with config_lock held. */
static void request_reset(struct hvnet_fn *fn)
{
	/* The PCI core takes our word that the reset is over when the write is. */
	if (stop_for_reset(fn))
		hvnet_dma_sync_atomic();
	leave_reset_to_work(fn);
}

/* Ready, unless another reset was asked for meanwhile. */
static void end_reset(struct hvnet_fn *fn)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fn->state_lock, flags);
	if (!test_bit(HVNET_FN_RESET, &fn->todo)) {
		fn->in_reset = false;
		update_can_dma(fn);
		hvnet_reg_write(fn, HVNET_REG_STATUS, HVNET_STATUS_READY);
	}
	raw_spin_unlock_irqrestore(&fn->state_lock, flags);
}

/**
 * hvnet_fn_pull() - the adapter is gone: end DMA and work
 * @fn: function of an adapter whose configuration space cannot be reached any more
 */
void hvnet_fn_pull(struct hvnet_fn *fn)
{
	unsigned long flags;

	/* After any configuration write that had not seen it gone. */
	raw_spin_lock_irqsave(&fn->config_lock, flags);
	raw_spin_lock(&fn->state_lock);
	update_can_dma(fn);
	raw_spin_unlock(&fn->state_lock);
	raw_spin_unlock_irqrestore(&fn->config_lock, flags);
	cancel_work_sync(&fn->work);
}

static void reset(struct hvnet_fn *fn)
{
	/* What the driver wanted before the reset, it does not want any more. */
	clear_bit(HVNET_FN_ADMIN, &fn->todo);
	clear_bit(HVNET_FN_MAILBOX, &fn->todo);
	hvnet_steer_fn_reset(fn);
	hvnet_queue_disable_all(fn);
	hvnet_switch_vport_reset(&fn->adapter->nic_switch, fn->vport);
	if (hvnet_fn_is_pf(fn)) {
		hvnet_switch_filter_flush(&fn->adapter->nic_switch);
		hvnet_port_reset(fn->adapter);
	}
	hvnet_mailbox_reset_fn(fn);
	hvnet_registers_reset(fn);
	hvnet_msix_forget_pending(fn);
	end_reset(fn);
}

static void work(struct work_struct *work)
{
	struct hvnet_fn *fn = container_of(work, struct hvnet_fn, work);

	if (READ_ONCE(fn->adapter->gone))
		return;
	if (test_and_clear_bit(HVNET_FN_RESET, &fn->todo))
		reset(fn);
	if (test_and_clear_bit(HVNET_FN_QUEUE_ERROR, &fn->todo))
		hvnet_registers_event(fn, HVNET_REG_EVENT_QUEUE);
	if (test_and_clear_bit(HVNET_FN_ADMIN, &fn->todo))
		hvnet_admin_run(fn);
	if (test_and_clear_bit(HVNET_FN_MAILBOX, &fn->todo))
		hvnet_mailbox_request(fn);
}

static void doorbell(struct hvnet_fn *fn, u32 value)
{
	if (value == HVNET_DB_ADMIN)
		hvnet_fn_todo(fn, HVNET_FN_ADMIN);
	else if (value == HVNET_DB_MAILBOX && !hvnet_fn_is_pf(fn))
		hvnet_fn_todo(fn, HVNET_FN_MAILBOX);
	else if (!hvnet_queue_doorbell(fn, value))
		fn->bad_doorbells++;
}

/**
 * hvnet_fn_config_read() - read from configuration space
 * @fn: the function
 * @reg: first byte
 * @len: 1, 2 or 4
 *
 * Context: any.
 *
 * Return: the value.
 */
u32 hvnet_fn_config_read(struct hvnet_fn *fn, unsigned int reg, unsigned int len)
{
	unsigned long flags;
	u32 val;

	raw_spin_lock_irqsave(&fn->config_lock, flags);
	if (hvnet_config_shows_time(reg))
		hvnet_config_set_time(&fn->config, hvnet_phc_now(&fn->adapter->phc));
	val = hvnet_config_read(&fn->config, reg, len);
	raw_spin_unlock_irqrestore(&fn->config_lock, flags);
	return val;
}

/* A VF does not exist any more: when it comes back it is as new.  Returns as stop_for_reset(). */
static bool vf_stop(struct hvnet_fn *vf)
{
	unsigned long flags;
	bool could;

	raw_spin_lock_irqsave_nested(&vf->config_lock, flags, SINGLE_DEPTH_NESTING);
	hvnet_config_reset(&vf->config);
	could = stop_for_reset(vf);
	raw_spin_unlock_irqrestore(&vf->config_lock, flags);
	return could;
}

static void vf_reset(struct hvnet_fn *vf)
{
	unsigned long flags;

	raw_spin_lock_irqsave_nested(&vf->config_lock, flags, SINGLE_DEPTH_NESTING);
	leave_reset_to_work(vf);
	raw_spin_unlock_irqrestore(&vf->config_lock, flags);
}

/* VF Enable changed: VFs come or go.  Called with the PF's config_lock held. */
static void vfs_changed(struct hvnet_fn *pf)
{
	struct hvnet_adapter *adapter = pf->adapter;
	u16 now = hvnet_config_num_vfs(&pf->config);
	u16 before = adapter->num_vfs;
	bool could = false;
	unsigned int i;

	WRITE_ONCE(adapter->num_vfs, now);
	for (i = now; i < before; i++)
		could |= vf_stop(&adapter->fn[HVNET_VPORT_VF(i)]);
	/* Once for all of them: interrupts are off. */
	if (could)
		hvnet_dma_sync_atomic();
	for (i = now; i < before; i++)
		vf_reset(&adapter->fn[HVNET_VPORT_VF(i)]);
}

/**
 * hvnet_fn_config_write() - write to configuration space, with all that it sets off
 * @fn: the function
 * @reg: first byte
 * @len: 1, 2 or 4
 * @val: the value
 *
 * Context: any, also with interrupts off under a raw spinlock.
 */
void hvnet_fn_config_write(struct hvnet_fn *fn, unsigned int reg, unsigned int len, u32 val)
{
	unsigned int events = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&fn->config_lock, flags);
	if (!READ_ONCE(fn->adapter->gone))
		events = hvnet_config_write(&fn->config, reg, len, val);
	if (events & HVNET_CFG_EV_FLR)
		request_reset(fn);
	if (events & HVNET_CFG_EV_DMA)
		config_dma_changed(fn);
	if (events & HVNET_CFG_EV_MSIX)
		hvnet_msix_config_changed(fn, hvnet_config_msix_on(&fn->config));
	if (events & HVNET_CFG_EV_VFS)
		vfs_changed(fn);
	if (events & HVNET_CFG_EV_DOORBELL)
		doorbell(fn, val);
	raw_spin_unlock_irqrestore(&fn->config_lock, flags);
}

/**
 * hvnet_fn_user_gone() - a function goes from user space to the host: nothing is left on
 * @fn: the function
 *
 * Its user may have left queues on, with bus addresses of its own, which would be physical
 * addresses from now on.
 *
 * Context: task; the function is attached to no domain that maps anything.
 */
void hvnet_fn_user_gone(struct hvnet_fn *fn)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&fn->config_lock, flags);
	request_reset(fn);
	raw_spin_unlock_irqrestore(&fn->config_lock, flags);
}

/**
 * hvnet_fn_init() - make a function
 * @fn: zeroed memory
 * @adapter: whose
 * @vport: its number
 * @bar: memory of its BAR 0
 * @params: its configuration space
 */
void hvnet_fn_init(struct hvnet_fn *fn, struct hvnet_adapter *adapter, u16 vport, void *bar,
		   const struct hvnet_config_params *params)
{
	fn->adapter = adapter;
	fn->vport = vport;
	fn->bar = bar;
	fn->domain = &hvnet_domain_blocked;
	raw_spin_lock_init(&fn->config_lock);
	raw_spin_lock_init(&fn->state_lock);
	spin_lock_init(&fn->shaper_lock);
	INIT_WORK(&fn->work, work);
	hvnet_config_init(&fn->config, params);
	hvnet_mailbox_init_fn(fn);
	hvnet_registers_reset(fn);
	hvnet_msix_init_fn(fn);
	hvnet_reg_write(fn, HVNET_REG_STATUS, HVNET_STATUS_READY);
}

/**
 * hvnet_fn_destroy() - free what a function holds
 * @fn: function of an adapter that has stopped
 */
void hvnet_fn_destroy(struct hvnet_fn *fn)
{
	hvnet_msix_destroy_fn(fn);
	hvnet_mailbox_destroy_fn(fn);
	hvnet_steer_fn_reset(fn);
	hvnet_queue_free(fn);
}
