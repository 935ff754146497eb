// SPDX-License-Identifier: GPL-2.0
/* Resets from outside and the end of the machine; its functions are declared in hvnet/common.h. */
#include <linux/export.h>
#include <linux/rtnetlink.h>

#include "datapath.h"
#include "device.h"

static void hvnet_dev_quiesce(struct hvnet_dev *dev)
{
	hvnet_events_stop(dev);
	rtnl_lock();
	netif_device_detach(dev->netdev);
	hvnet_datapath_stop(dev);
	rtnl_unlock();
}

/* While the netdev is up the queues start again, which restores the rest first. */
static int hvnet_dev_resume(struct hvnet_dev *dev)
{
	ASSERT_RTNL();
	return dev->pairs ? hvnet_datapath_start(dev) : hvnet_dev_restore(dev);
}

static void hvnet_reset_prepare(struct pci_dev *pdev)
{
	struct hvnet_dev *dev = pci_get_drvdata(pdev);

	hvnet_dev_quiesce(dev);

	/* Whoever holds this lock gets an answer first, and who comes after sees the bit. */
	mutex_lock(&dev->admin_lock);
	set_bit(HVNET_DEV_RESETTING, &dev->flags);
	mutex_unlock(&dev->admin_lock);
	wake_up_all(&dev->event_wait);
}

static void hvnet_reset_done(struct pci_dev *pdev)
{
	struct hvnet_dev *dev = pci_get_drvdata(pdev);
	int err;

	set_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
	err = hvnet_dev_wait_ready(dev);
	clear_bit(HVNET_DEV_RESETTING, &dev->flags);
	if (err)
		return;

	rtnl_lock();
	err = hvnet_dev_resume(dev);
	if (!err)
		netif_device_attach(dev->netdev);
	rtnl_unlock();
	if (err)
		netdev_err(dev->netdev, "does not recover from a reset: %pe\n", ERR_PTR(err));
	hvnet_events_start(dev);
}

const struct pci_error_handlers hvnet_err_handlers = {
	.reset_prepare = hvnet_reset_prepare,
	.reset_done = hvnet_reset_done,
};
EXPORT_SYMBOL_NS_GPL(hvnet_err_handlers, HVNET);

/**
 * hvnet_dev_reinit() - recover from a reset that nobody told us of
 * @dev: the function
 *
 * For a VF whose adapter was reset as a whole: its queues are off, but we think that they are on.
 */
void hvnet_dev_reinit(struct hvnet_dev *dev)
{
	int err;

	ASSERT_RTNL();
	if (!netif_device_present(dev->netdev))
		return;

	set_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
	hvnet_datapath_stop(dev);
	err = hvnet_dev_resume(dev);
	if (err)
		netdev_err(dev->netdev, "does not recover: %pe\n", ERR_PTR(err));
}
EXPORT_SYMBOL_NS_GPL(hvnet_dev_reinit, HVNET);

/**
 * hvnet_shutdown() - the PCI drivers' shutdown: end DMA, for the kernel that comes next
 * @pdev: the PCI device
 */
void hvnet_shutdown(struct pci_dev *pdev)
{
	hvnet_dev_quiesce(pci_get_drvdata(pdev));
	pci_clear_master(pdev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_shutdown, HVNET);
