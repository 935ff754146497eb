// SPDX-License-Identifier: GPL-2.0
/* Resets from outside and the end of the machine; its functions are declared in hvnet/common.h. */
#include <linux/export.h>
#include <linux/rtnetlink.h>

#include "datapath.h"
#include "device.h"

/* Until the bit is cleared nobody sends a command, nor starts the queues again. */
static void hvnet_dev_quiesce(struct hvnet_dev *dev)
{
	hvnet_events_stop(dev);
	rtnl_lock();
	netif_device_detach(dev->netdev);
	hvnet_datapath_stop(dev);

	/* Whoever holds this lock gets an answer first, and who comes after sees the bit. */
	mutex_lock(&dev->admin_lock);
	set_bit(HVNET_DEV_RESETTING, &dev->flags);
	mutex_unlock(&dev->admin_lock);
	rtnl_unlock();
	wake_up_all(&dev->event_wait);
}

/* With the device lock, as all of these: the function does not come up or go down meanwhile. */
static void hvnet_reset_prepare(struct pci_dev *pdev)
{
	struct hvnet_dev *dev = pci_get_drvdata(pdev);

	if (hvnet_dev_is_up(dev))
		hvnet_dev_quiesce(dev);
}

static void hvnet_reset_done(struct pci_dev *pdev)
{
	struct hvnet_dev *dev = pci_get_drvdata(pdev);

	if (!hvnet_dev_is_up(dev))
		return;
	set_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
	clear_bit(HVNET_DEV_RESETTING, &dev->flags);
	hvnet_datapath_recover(dev);
	hvnet_events_start(dev);
}

const struct pci_error_handlers hvnet_err_handlers = {
	.reset_prepare = hvnet_reset_prepare,
	.reset_done = hvnet_reset_done,
};
EXPORT_SYMBOL_NS_GPL(hvnet_err_handlers, HVNET);

/**
 * hvnet_shutdown() - the PCI drivers' shutdown: end DMA, for the kernel that comes next
 * @pdev: the PCI device
 */
void hvnet_shutdown(struct pci_dev *pdev)
{
	struct hvnet_dev *dev = pci_get_drvdata(pdev);

	if (hvnet_dev_is_up(dev))
		hvnet_dev_quiesce(dev);
	pci_clear_master(pdev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_shutdown, HVNET);
