// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/export.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>

#include "datapath.h"
#include "device.h"
#include "ethtool.h"
#include "event.h"

#define HVNET_READY_TIMEOUT_MS		1000
#define HVNET_DEFAULT_RING		512u

/**
 * hvnet_read_words() - copy a block of registers, in words, each of them read once
 * @dev: the function
 * @reg: offset of the first
 * @buf: where to
 * @len: bytes, a multiple of 4
 */
void hvnet_read_words(struct hvnet_dev *dev, u32 reg, void *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i += 4)
		put_unaligned_le32(hvnet_read(dev, reg + i), buf + i);
}

/**
 * hvnet_write_words() - write a block of registers, in words
 * @dev: the function
 * @reg: offset of the first
 * @buf: where from
 * @len: bytes, a multiple of 4
 */
void hvnet_write_words(struct hvnet_dev *dev, u32 reg, const void *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i += 4)
		hvnet_write(dev, reg + i, get_unaligned_le32(buf + i));
}

/**
 * hvnet_doorbell() - wake the adapter
 * @dev: the function
 * @value: number of a transmit queue, or HVNET_DB_*
 */
void hvnet_doorbell(struct hvnet_dev *dev, u32 value)
{
	pci_write_config_dword(dev->pdev, dev->doorbell + HVNET_DB_RING, value);
}

/**
 * hvnet_dev_gone() - has the device been removed?
 * @dev: the function
 *
 * While it is away, all waits end at once and nothing is sent to it.  During a reset that we know
 * of, it is not gone, whatever its registers say.
 *
 * Return: true if its registers cannot be read
 */
bool hvnet_dev_gone(struct hvnet_dev *dev)
{
	if (likely(!PCI_POSSIBLE_ERROR(hvnet_read(dev, HVNET_REG_MAGIC)))) {
		if (unlikely(test_bit(HVNET_DEV_GONE, &dev->flags)))
			clear_bit(HVNET_DEV_GONE, &dev->flags);
		return false;
	}
	if (test_bit(HVNET_DEV_RESETTING, &dev->flags))
		return false;
	if (!test_and_set_bit(HVNET_DEV_GONE, &dev->flags))
		dev_err(&dev->pdev->dev, "device is gone\n");
	return true;
}
EXPORT_SYMBOL_NS_GPL(hvnet_dev_gone, HVNET);

/**
 * hvnet_dev_wait_ready() - wait for the end of a reset
 * @dev: the function
 *
 * Return: 0, -ENODEV or -ETIMEDOUT
 */
int hvnet_dev_wait_ready(struct hvnet_dev *dev)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(HVNET_READY_TIMEOUT_MS);
	bool expired;
	u32 status;

	do {
		expired = time_after(jiffies, deadline);
		status = hvnet_read(dev, HVNET_REG_STATUS);
		if (status != ~0u && (status & HVNET_STATUS_READY)) {
			/* A command that was not answered before the reset never will be. */
			dev->admin_silent = false;
			return 0;
		}
		if (hvnet_dev_gone(dev))
			return -ENODEV;
		usleep_range(500, 1000);
	} while (!expired);

	dev_err(&dev->pdev->dev, "not ready, status %#x\n", status);
	return -ETIMEDOUT;
}

/**
 * hvnet_dev_flr() - reset the function, configuration space excepted
 * @dev: the function
 *
 * If it cannot be reset, bus mastering is switched off: either way DMA has ended on return.
 *
 * Return: 0 or a negative error code
 */
int hvnet_dev_flr(struct hvnet_dev *dev)
{
	int err;

	set_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
	mutex_lock(&dev->admin_lock);
	pci_save_state(dev->pdev);
	err = pcie_reset_flr(dev->pdev, PCI_RESET_DO_RESET);
	pci_restore_state(dev->pdev);
	mutex_unlock(&dev->admin_lock);
	if (!err)
		err = hvnet_dev_wait_ready(dev);
	if (err)
		pci_clear_master(dev->pdev);
	return err;
}

/**
 * hvnet_dev_restore() - bring back what the adapter forgot in a reset, if there was one
 * @dev: the function
 *
 * Return: 0 or a negative error code
 */
int hvnet_dev_restore(struct hvnet_dev *dev)
{
	int err;

	ASSERT_RTNL();
	if (!test_and_clear_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags))
		return 0;

	pci_set_master(dev->pdev);
	err = dev->ops->restore(dev);
	if (err) {
		set_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
		netdev_err(dev->netdev, "cannot be restored after a reset: %pe\n", ERR_PTR(err));
	}
	return err;
}

static int hvnet_dev_find_doorbell(struct hvnet_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	u8 type, len;
	int pos;

	for (pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR); pos;
	     pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR)) {
		pci_read_config_byte(pdev, pos + HVNET_DB_TYPE_OFFSET, &type);
		pci_read_config_byte(pdev, pos + HVNET_DB_LEN, &len);
		if (type == HVNET_DB_TYPE && len >= HVNET_DB_SIZE) {
			dev->doorbell = pos;
			return 0;
		}
	}

	dev_err(&pdev->dev, "no doorbell capability\n");
	return -ENODEV;
}

static int hvnet_dev_identify(struct hvnet_dev *dev)
{
	u32 magic = hvnet_read(dev, HVNET_REG_MAGIC);
	u32 version = hvnet_read(dev, HVNET_REG_VERSION);

	if (magic != HVNET_MAGIC) {
		dev_err(&dev->pdev->dev, "magic number %#x is not the adapter's\n", magic);
		return -ENODEV;
	}
	if (version >> 16 != HVNET_VERSION_MAJOR) {
		dev_err(&dev->pdev->dev, "register map %u.%u is not supported\n",
			version >> 16, version & 0xffff);
		return -EOPNOTSUPP;
	}
	return hvnet_dev_wait_ready(dev);
}

static bool hvnet_dev_in_use(struct hvnet_dev *dev)
{
	u32 reg = HVNET_QUEUE_CTX + offsetof(struct hvnet_queue_ctx, state);
	unsigned int i;

	for (i = 0; i < HVNET_MAX_QUEUES; i++)
		if (hvnet_read(dev, reg + i * HVNET_QUEUE_CTX_SIZE) != HVNET_QUEUE_OFF)
			return true;
	return false;
}

/*
 * Whoever had the function before us may have left queues on (kexec) and, on a PF, filters.  A VF
 * is reset only if need be: there may be thousands, and each reset takes its time.
 */
static int hvnet_dev_clean_slate(struct hvnet_dev *dev)
{
	int err;

	if (dev->pdev->is_virtfn && !hvnet_dev_in_use(dev))
		return 0;

	err = hvnet_dev_flr(dev);
	clear_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
	if (err)
		dev_err(&dev->pdev->dev, "reset failed: %pe\n", ERR_PTR(err));
	return err;
}

static int hvnet_dev_read_limits(struct hvnet_dev *dev)
{
	u32 limits = hvnet_read(dev, HVNET_REG_LIMITS);
	u32 order = FIELD_GET(HVNET_LIMITS_RING_ORDER, limits);
	u32 pairs = FIELD_GET(HVNET_LIMITS_QUEUE_PAIRS, limits);

	dev->vport = hvnet_read(dev, HVNET_REG_VPORT);
	dev->max_vfs = FIELD_GET(HVNET_LIMITS_VFS, limits);
	dev->max_frame = min(hvnet_read(dev, HVNET_REG_MAX_FRAME), U16_MAX);
	dev->max_ring = 1u << min(order, HVNET_RING_MAX_ORDER);
	dev->max_pairs = min(pairs, HVNET_MAX_QUEUE_PAIRS);

	if (!pairs || dev->max_ring < HVNET_RING_MIN || dev->max_frame < VLAN_ETH_FRAME_LEN) {
		dev_err(&dev->pdev->dev, "impossible limits: %u queue pairs, rings of %u, frames of %u\n",
			pairs, dev->max_ring, dev->max_frame);
		return -EINVAL;
	}
	return 0;
}

static int hvnet_dev_alloc_vectors(struct hvnet_dev *dev)
{
	unsigned int max = 1 + min_t(unsigned int, dev->max_pairs, num_online_cpus());
	int n;

	n = pci_alloc_irq_vectors(dev->pdev, 2, max, PCI_IRQ_MSIX);
	if (n < 0) {
		dev_err(&dev->pdev->dev, "no interrupt vectors: %pe\n", ERR_PTR(n));
		return n;
	}
	dev->max_pairs = n - 1;
	return 0;
}

static int hvnet_dev_setup_netdev(struct hvnet_dev *dev)
{
	struct net_device *netdev = dev->netdev;

	dev->config.num_pairs = dev->max_pairs;
	dev->config.tx_size = min(HVNET_DEFAULT_RING, dev->max_ring);
	dev->config.rx_size = min(HVNET_DEFAULT_RING, dev->max_ring);

	netdev->ethtool_ops = &hvnet_ethtool_ops;
	netdev->watchdog_timeo = 5 * HZ;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = dev->max_frame - VLAN_ETH_HLEN;
	netdev->hw_features = NETIF_F_SG;
	netdev->features = netdev->hw_features | NETIF_F_HIGHDMA;
	netdev->vlan_features = NETIF_F_SG | NETIF_F_HIGHDMA;
	netdev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_UNICAST_FLT;
	netif_carrier_off(netdev);
	/* Woken with the data path. */
	netif_tx_stop_all_queues(netdev);

	return netif_set_real_num_queues(netdev, dev->config.num_pairs, dev->config.num_pairs);
}

/**
 * hvnet_dev_alloc() - allocate a function and its network device
 * @pdev: the PCI device
 * @size: bytes of a structure whose first member is &struct hvnet_dev
 * @ops: operations of the function's driver
 * @netdev_ops: operations of the network device
 * @wq: workqueue for its work
 *
 * Return: the function or NULL
 */
struct hvnet_dev *hvnet_dev_alloc(struct pci_dev *pdev, size_t size,
				  const struct hvnet_dev_ops *ops,
				  const struct net_device_ops *netdev_ops,
				  struct workqueue_struct *wq)
{
	struct net_device *netdev;
	struct hvnet_dev *dev;
	unsigned int i;

	netdev = alloc_etherdev_mqs(size, HVNET_MAX_QUEUE_PAIRS, HVNET_MAX_QUEUE_PAIRS);
	if (!netdev)
		return NULL;

	SET_NETDEV_DEV(netdev, &pdev->dev);
	netdev->netdev_ops = netdev_ops;

	dev = netdev_priv(netdev);
	dev->pdev = pdev;
	dev->netdev = netdev;
	dev->ops = ops;
	dev->wq = wq;
	dev->link_speed = SPEED_UNKNOWN;
	mutex_init(&dev->admin_lock);
	mutex_init(&dev->mailbox_lock);
	hvnet_events_init(dev);
	hvnet_datapath_init(dev);
	for (i = 0; i < HVNET_MAX_QUEUE_PAIRS; i++) {
		u64_stats_init(&dev->stats[i].rx.sync);
		u64_stats_init(&dev->stats[i].tx.sync);
	}
	pci_set_drvdata(pdev, dev);
	return dev;
}
EXPORT_SYMBOL_NS_GPL(hvnet_dev_alloc, HVNET);

/**
 * hvnet_dev_free() - mirror image of hvnet_dev_alloc()
 * @dev: the function
 */
void hvnet_dev_free(struct hvnet_dev *dev)
{
	pci_set_drvdata(dev->pdev, NULL);
	mutex_destroy(&dev->mailbox_lock);
	mutex_destroy(&dev->admin_lock);
	free_netdev(dev->netdev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_dev_free, HVNET);

static int hvnet_dev_map(struct hvnet_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	int err;

	if (pci_resource_len(pdev, HVNET_BAR) < HVNET_BAR_SIZE) {
		dev_err(&pdev->dev, "BAR %d is too small\n", HVNET_BAR);
		return -ENODEV;
	}

	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err)
		return err;

	err = pci_request_mem_regions(pdev, KBUILD_MODNAME);
	if (err)
		return err;

	dev->bar = pci_iomap(pdev, HVNET_BAR, HVNET_BAR_SIZE);
	if (!dev->bar) {
		pci_release_mem_regions(pdev);
		return -ENOMEM;
	}
	return 0;
}

static void hvnet_dev_unmap(struct hvnet_dev *dev)
{
	pci_iounmap(dev->pdev, dev->bar);
	pci_release_mem_regions(dev->pdev);
}

/**
 * hvnet_dev_init() - bring a function up so far that it takes commands
 * @dev: the function
 *
 * Events are not yet handled, and the network device is ready to be registered.
 *
 * Return: 0 or a negative error code
 */
int hvnet_dev_init(struct hvnet_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	int err;

	err = pci_enable_device_mem(pdev);
	if (err)
		return err;

	err = hvnet_dev_map(dev);
	if (err)
		goto disable;

	err = hvnet_dev_find_doorbell(dev);
	if (!err)
		err = hvnet_dev_identify(dev);
	if (!err)
		err = hvnet_dev_clean_slate(dev);
	if (!err)
		err = hvnet_dev_read_limits(dev);
	if (err)
		goto unmap;

	dev->admin_seq = FIELD_GET(HVNET_ADMIN_SEQ, hvnet_read(dev, HVNET_REG_ADMIN_CMD));
	dev->mailbox_seq = FIELD_GET(HVNET_MAILBOX_SEQ, hvnet_read(dev, HVNET_REG_MAILBOX_REQ));

	pci_set_master(pdev);
	err = hvnet_dev_alloc_vectors(dev);
	if (err)
		goto clear_master;

	err = hvnet_events_request(dev);
	if (err)
		goto free_vectors;

	err = hvnet_dev_setup_netdev(dev);
	if (err)
		goto release_events;
	return 0;

release_events:
	hvnet_events_release(dev);
free_vectors:
	pci_free_irq_vectors(pdev);
clear_master:
	pci_clear_master(pdev);
unmap:
	hvnet_dev_unmap(dev);
disable:
	pci_disable_device(pdev);
	return err;
}
EXPORT_SYMBOL_NS_GPL(hvnet_dev_init, HVNET);

/**
 * hvnet_dev_exit() - mirror image of hvnet_dev_init()
 * @dev: the function; its network device is not registered any more
 */
void hvnet_dev_exit(struct hvnet_dev *dev)
{
	cancel_delayed_work_sync(&dev->reset_work);
	hvnet_events_release(dev);
	pci_free_irq_vectors(dev->pdev);
	pci_clear_master(dev->pdev);
	hvnet_dev_unmap(dev);
	pci_disable_device(dev->pdev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_dev_exit, HVNET);
