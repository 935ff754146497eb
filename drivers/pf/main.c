// SPDX-License-Identifier: GPL-2.0
/* hvnet_pf: the driver of a physical function. */
#include <linux/cleanup.h>
#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/unaligned.h>

#include "block.h"
#include "devlink.h"
#include "mailbox.h"
#include "netdev.h"
#include "pf.h"
#include "sriov.h"

/* In the order of struct hvnet_pf_stats, and of what the port says. */
static const char hvnet_pf_stat_names[][ETH_GSTRING_LEN] = {
	"mailbox_requests",
	"mailbox_refused",
	"mailbox_rate_limited",
	"mailbox_malformed",
	"mailbox_resets",
	"port_rx_no_dest",
};

static_assert(sizeof(struct hvnet_pf_stats) == (ARRAY_SIZE(hvnet_pf_stat_names) - 1) * sizeof(u64));

static void hvnet_pf_get_stats(struct hvnet_dev *dev, u64 *data)
{
	memcpy(data, &hvnet_pf_of(dev)->stats, sizeof(struct hvnet_pf_stats));
	data[ARRAY_SIZE(hvnet_pf_stat_names) - 1] = hvnet_port_unwanted(dev);
}

static void hvnet_pf_link(struct hvnet_dev *dev)
{
	hvnet_pf_read_link(hvnet_pf_of(dev));
}

static void hvnet_pf_mailbox(struct hvnet_dev *dev)
{
	hvnet_mailbox_serve(hvnet_pf_of(dev));
}

static int hvnet_pf_restore(struct hvnet_dev *dev)
{
	struct hvnet_pf *pf = hvnet_pf_of(dev);
	int err;

	guard(mutex)(&pf->lock);
	err = hvnet_filters_replay(pf, &pf->filters) ?:
	      hvnet_vport_set(pf, pf->filters.vport, pf->vport_flags) ?:
	      hvnet_port_restore(dev) ?:
	      hvnet_switch_replay(pf) ?:
	      hvnet_sriov_restore(pf);
	/* What the stack wanted meanwhile could not be done. */
	if (!err)
		queue_work(dev->wq, &pf->rx_mode_work);
	return err;
}

static void hvnet_pf_rss_changed(struct hvnet_dev *dev)
{
	hvnet_block_update_rss(hvnet_pf_of(dev));
}

static const struct hvnet_dev_ops hvnet_pf_dev_ops = {
	.link = hvnet_pf_link,
	.mailbox = hvnet_pf_mailbox,
	.restore = hvnet_pf_restore,
	.rss_changed = hvnet_pf_rss_changed,
	.stat_names = hvnet_pf_stat_names,
	.num_stats = ARRAY_SIZE(hvnet_pf_stat_names),
	.get_stats = hvnet_pf_get_stats,
};

/* What VFs are given by default depends on the permanent address. */
static int hvnet_pf_read_mac(struct hvnet_pf *pf)
{
	struct hvnet_dev *dev = &pf->dev;
	u8 mac[ETH_ALEN];

	put_unaligned_le32(ioread32(dev->bar + HVNET_REG_MAC_LO), mac);
	put_unaligned_le16(ioread32(dev->bar + HVNET_REG_MAC_HI), mac + 4);
	if (!is_valid_ether_addr(mac)) {
		dev_err(&dev->pdev->dev, "permanent address %pM is not valid\n", mac);
		return -EINVAL;
	}
	eth_hw_addr_set(dev->netdev, mac);
	ether_addr_copy(dev->netdev->perm_addr, mac);
	pf->filters.vport = dev->vport;
	return hvnet_pf_set_mac(pf, mac);
}

/* As it was before a reload, or is to begin with, whatever the adapter was told. */
static int hvnet_pf_restore_switch(struct hvnet_pf *pf)
{
	guard(mutex)(&pf->lock);
	return hvnet_switch_replay(pf);
}

/* Those that were there before a reload. */
static int hvnet_pf_restore_vfs(struct hvnet_pf *pf)
{
	guard(mutex)(&pf->lock);
	return hvnet_sriov_restore(pf);
}

/**
 * hvnet_pf_alloc() - allocate a PF, which becomes its PCI device's
 * @pdev: the PCI device
 *
 * Context: with the device lock
 *
 * Return: the PF or NULL
 */
struct hvnet_pf *hvnet_pf_alloc(struct pci_dev *pdev)
{
	struct workqueue_struct *wq;
	struct hvnet_dev *dev;
	struct hvnet_pf *pf;

	wq = alloc_workqueue("hvnet_pf/%s", WQ_UNBOUND, 0, pci_name(pdev));
	if (!wq)
		return NULL;
	dev = hvnet_dev_alloc(pdev, sizeof(struct hvnet_pf), &hvnet_pf_dev_ops,
			      &hvnet_pf_netdev_ops, wq);
	if (!dev) {
		destroy_workqueue(wq);
		return NULL;
	}

	pf = hvnet_pf_of(dev);
	mutex_init(&pf->lock);
	INIT_WORK(&pf->rx_mode_work, hvnet_pf_rx_mode_work);
	hvnet_mailbox_init(pf);
	return pf;
}

/**
 * hvnet_pf_free() - mirror image of hvnet_pf_alloc()
 * @pf: the PF, down, without VFs
 */
void hvnet_pf_free(struct hvnet_pf *pf)
{
	struct workqueue_struct *wq = pf->dev.wq;

	kvfree(pf->filters.addrs);
	mutex_destroy(&pf->lock);
	hvnet_dev_free(&pf->dev);
	destroy_workqueue(wq);
}

/**
 * hvnet_pf_up() - bring a PF up, with its network device
 * @pf: the PF, just allocated; it may have VFs, which are reset
 *
 * Context: with the device lock, and the instance of devlink locked
 *
 * Return: 0 or a negative error code; then the PF is good for nothing but to be freed
 */
int hvnet_pf_up(struct hvnet_pf *pf)
{
	int err;

	err = hvnet_dev_init(&pf->dev);
	if (err)
		return err;
	hvnet_block_update_rss(pf);
	err = hvnet_pf_read_mac(pf) ?: hvnet_pf_restore_switch(pf) ?: hvnet_pf_restore_vfs(pf);
	if (err)
		goto exit;
	hvnet_ptp_register(&pf->dev, true, !pf->clock_runs);
	pf->clock_runs = true;
	err = hvnet_pf_devlink_add_port(pf);
	if (err)
		goto unregister_ptp;
	err = register_netdev(pf->dev.netdev);
	if (err)
		goto del_port;
	hvnet_events_start(&pf->dev);
	return 0;

del_port:
	hvnet_pf_devlink_del_port(pf);
unregister_ptp:
	hvnet_ptp_unregister(&pf->dev);
exit:
	hvnet_dev_exit(&pf->dev);
	return err;
}

/**
 * hvnet_pf_down() - mirror image of hvnet_pf_up(): the VFs stay
 * @pf: the PF
 */
void hvnet_pf_down(struct hvnet_pf *pf)
{
	hvnet_events_stop(&pf->dev);
	hvnet_mailbox_exit(pf);
	unregister_netdev(pf->dev.netdev);
	disable_work_sync(&pf->rx_mode_work);
	hvnet_pf_devlink_del_port(pf);
	hvnet_ptp_unregister(&pf->dev);

	mutex_lock(&pf->lock);
	hvnet_filters_clear(pf, &pf->filters);
	mutex_unlock(&pf->lock);
	hvnet_dev_exit(&pf->dev);
}

static int hvnet_pf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct hvnet_pf *pf;
	int err;

	pf = hvnet_pf_alloc(pdev);
	if (!pf)
		return -ENOMEM;
	err = hvnet_pf_devlink_register(pf);
	if (err)
		hvnet_pf_free(pf);
	return err;
}

/* VFs go first: their drivers still talk to us as they leave. */
static void hvnet_pf_remove(struct pci_dev *pdev)
{
	struct hvnet_pf *pf = hvnet_pf_of(pci_get_drvdata(pdev));

	hvnet_sriov_disable(pf);
	hvnet_pf_devlink_unregister(pf);
	hvnet_pf_free(pf);
}

static const struct pci_device_id hvnet_pf_ids[] = {
	{ PCI_DEVICE(HVNET_PCI_VENDOR_ID, HVNET_PCI_DEVICE_ID_PF) },
	{ }
};
MODULE_DEVICE_TABLE(pci, hvnet_pf_ids);

static struct pci_driver hvnet_pf_driver = {
	.name = "hvnet_pf",
	.id_table = hvnet_pf_ids,
	.probe = hvnet_pf_probe,
	.remove = hvnet_pf_remove,
	.shutdown = hvnet_shutdown,
	.sriov_configure = hvnet_sriov_configure,
	.err_handler = &hvnet_err_handlers,
};
module_pci_driver(hvnet_pf_driver);

MODULE_DESCRIPTION("hvnet adapter: physical function");
MODULE_IMPORT_NS(HVNET);
MODULE_LICENSE("GPL");
