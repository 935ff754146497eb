// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/interrupt.h>

#include "datapath.h"
#include "device.h"
#include "event.h"

/* How often we look without an interrupt: a reset may have taken the vectors away. */
#define HVNET_EVENTS_INTERVAL		(5 * HZ)
#define HVNET_EVENTS_RETRY		(HZ / 2)

static const u32 hvnet_event_reg[HVNET_NUM_EVENTS] = {
	[HVNET_EVENT_LINK] = HVNET_REG_EVENT_LINK,
	[HVNET_EVENT_MAILBOX] = HVNET_REG_EVENT_MAILBOX,
	[HVNET_EVENT_QUEUE] = HVNET_REG_EVENT_QUEUE,
};

static bool hvnet_event_changed(struct hvnet_dev *dev, enum hvnet_event event)
{
	u32 value = hvnet_read(dev, hvnet_event_reg[event]);

	if (value == dev->events[event])
		return false;
	dev->events[event] = value;
	return true;
}

static void hvnet_events_handle(struct hvnet_dev *dev)
{
	bool all = test_and_clear_bit(HVNET_DEV_RESYNC, &dev->flags);

	if (hvnet_event_changed(dev, HVNET_EVENT_LINK) || all)
		dev->ops->link(dev);
	if (hvnet_event_changed(dev, HVNET_EVENT_MAILBOX) || all)
		dev->ops->mailbox(dev);
	if (hvnet_event_changed(dev, HVNET_EVENT_QUEUE) || all)
		hvnet_datapath_check(dev);
}

/*
 * The adapter counts, then interrupts, so a change that comes after the counter was read here
 * brings the work item back.  Counters mean nothing as long as the function is stale.
 */
static void hvnet_event_work(struct work_struct *work)
{
	struct hvnet_dev *dev = container_of(to_delayed_work(work), struct hvnet_dev, event_work);
	unsigned long delay = HVNET_EVENTS_INTERVAL;

	if (!hvnet_dev_gone(dev)) {
		if (hvnet_dev_restore(dev))
			delay = HVNET_EVENTS_RETRY;
		else
			hvnet_events_handle(dev);
	}
	queue_delayed_work(dev->wq, &dev->event_work, delay);
}

/*
 * A mailbox response only ends a wait, possibly one of the work item: it is none of its
 * business.
 */
static irqreturn_t hvnet_event_irq(int irq, void *data)
{
	struct hvnet_dev *dev = data;

	WRITE_ONCE(dev->event_irqs, dev->event_irqs + 1);
	wake_up_all(&dev->event_wait);
	mod_delayed_work(dev->wq, &dev->event_work, 0);
	return IRQ_HANDLED;
}

/**
 * hvnet_events_resync() - handle all events, as if each had happened
 * @dev: the function
 *
 * If events are not handled now, they are when they are started.
 */
void hvnet_events_resync(struct hvnet_dev *dev)
{
	set_bit(HVNET_DEV_RESYNC, &dev->flags);
	mod_delayed_work(dev->wq, &dev->event_work, 0);
}

/**
 * hvnet_events_start() - handle events from now on
 * @dev: the function
 *
 * What happened before is not lost: all events count as having happened.
 */
void hvnet_events_start(struct hvnet_dev *dev)
{
	enable_delayed_work(&dev->event_work);
	hvnet_events_resync(dev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_events_start, HVNET);

/**
 * hvnet_events_stop() - handle no more events
 * @dev: the function
 *
 * No handler runs on return.
 */
void hvnet_events_stop(struct hvnet_dev *dev)
{
	disable_delayed_work_sync(&dev->event_work);
}
EXPORT_SYMBOL_NS_GPL(hvnet_events_stop, HVNET);

/**
 * hvnet_events_init() - initialise the fields for events, which are not handled yet
 * @dev: the function
 */
void hvnet_events_init(struct hvnet_dev *dev)
{
	init_waitqueue_head(&dev->event_wait);
	INIT_DELAYED_WORK(&dev->event_work, hvnet_event_work);
	disable_delayed_work(&dev->event_work);
}

/**
 * hvnet_events_request() - request vector 0
 * @dev: the function
 *
 * Return: 0 or a negative error code
 */
int hvnet_events_request(struct hvnet_dev *dev)
{
	return request_irq(pci_irq_vector(dev->pdev, 0), hvnet_event_irq, 0, pci_name(dev->pdev),
			   dev);
}

/**
 * hvnet_events_release() - mirror image of hvnet_events_request()
 * @dev: the function
 */
void hvnet_events_release(struct hvnet_dev *dev)
{
	free_irq(pci_irq_vector(dev->pdev, 0), dev);
}
