// SPDX-License-Identifier: GPL-2.0
/* hvnet_vf: the driver of a virtual function, in the host or in a guest. */
#include <linux/module.h>
#include <linux/pci.h>

#include "backchannel.h"
#include "devlink.h"
#include "netdev.h"
#include "upper.h"
#include "vf.h"

/*
 * The work of all VFs.  It may block until the PF answers, so it does not share a queue with the
 * PF's driver, which may run on this machine too.
 */
static struct workqueue_struct *hvnet_vf_wq;

/* The link register is the PF's; a VF's link is a configuration block. */
static void hvnet_vf_link(struct hvnet_dev *dev)
{
}

static void hvnet_vf_mailbox(struct hvnet_dev *dev)
{
	hvnet_backchannel_refresh(hvnet_vf_of(dev));
}

static int hvnet_vf_restore(struct hvnet_dev *dev)
{
	hvnet_backchannel_restart(hvnet_vf_of(dev));
	return 0;
}

static const struct hvnet_dev_ops hvnet_vf_dev_ops = {
	.link = hvnet_vf_link,
	.mailbox = hvnet_vf_mailbox,
	.restore = hvnet_vf_restore,
};

/* The netdev may not have been registered yet. */
static void hvnet_vf_shut(struct hvnet_dev *dev)
{
	hvnet_events_stop(dev);
	hvnet_backchannel_close(hvnet_vf_of(dev));
	if (dev->netdev->reg_state == NETREG_REGISTERED)
		unregister_netdev(dev->netdev);
	hvnet_ptp_unregister(dev);
	hvnet_vf_devlink_unregister(hvnet_vf_of(dev));
	hvnet_dev_exit(dev);
}

static int hvnet_vf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct hvnet_dev *dev;
	struct hvnet_vf *vf;
	int err;

	dev = hvnet_dev_alloc(pdev, sizeof(*vf), &hvnet_vf_dev_ops, &hvnet_vf_netdev_ops,
			      hvnet_vf_wq);
	if (!dev)
		return -ENOMEM;
	vf = hvnet_vf_of(dev);
	hvnet_backchannel_init(vf);

	err = hvnet_vf_devlink_alloc(vf);
	if (err)
		goto free;
	err = hvnet_dev_init(dev);
	if (err)
		goto free_devlink;
	err = hvnet_vf_devlink_register(vf);
	if (err)
		goto exit;
	hvnet_ptp_register(dev, false, false);
	hvnet_events_start(dev);
	err = hvnet_backchannel_open(vf);
	if (err)
		goto shut;
	return 0;

shut:
	hvnet_vf_shut(dev);
	goto free_devlink;
exit:
	hvnet_dev_exit(dev);
free_devlink:
	hvnet_devlink_free(dev->devlink);
free:
	hvnet_dev_free(dev);
	return err;
}

static void hvnet_vf_remove(struct pci_dev *pdev)
{
	struct hvnet_dev *dev = pci_get_drvdata(pdev);

	hvnet_vf_shut(dev);
	hvnet_devlink_free(dev->devlink);
	hvnet_dev_free(dev);
}

static const struct pci_device_id hvnet_vf_ids[] = {
	{ PCI_DEVICE(HVNET_PCI_VENDOR_ID, HVNET_PCI_DEVICE_ID_VF) },
	{ }
};
MODULE_DEVICE_TABLE(pci, hvnet_vf_ids);

static struct pci_driver hvnet_vf_driver = {
	.name = "hvnet_vf",
	.id_table = hvnet_vf_ids,
	.probe = hvnet_vf_probe,
	.remove = hvnet_vf_remove,
	.shutdown = hvnet_shutdown,
	.err_handler = &hvnet_err_handlers,
};

static int __init hvnet_vf_module_init(void)
{
	int err;

	hvnet_vf_wq = alloc_workqueue("hvnet_vf", WQ_UNBOUND, 0);
	if (!hvnet_vf_wq)
		return -ENOMEM;
	err = hvnet_upper_init();
	if (err)
		goto destroy;
	err = pci_register_driver(&hvnet_vf_driver);
	if (err)
		goto exit_upper;
	return 0;

exit_upper:
	hvnet_upper_exit();
destroy:
	destroy_workqueue(hvnet_vf_wq);
	return err;
}
module_init(hvnet_vf_module_init);

static void __exit hvnet_vf_module_exit(void)
{
	pci_unregister_driver(&hvnet_vf_driver);
	hvnet_upper_exit();
	destroy_workqueue(hvnet_vf_wq);
}
module_exit(hvnet_vf_module_exit);

MODULE_DESCRIPTION("hvnet adapter: virtual function");
MODULE_IMPORT_NS(HVNET);
MODULE_LICENSE("GPL");
