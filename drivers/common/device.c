// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/export.h>
#include <linux/if_vlan.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "admin.h"
#include "datapath.h"
#include "device.h"
#include "ethtool.h"
#include "event.h"
#include "offload.h"
#include "stats.h"
#include "steer.h"
#include "xdp.h"

#define HVNET_READY_TIMEOUT_MS		1000
#define HVNET_DEFAULT_RING		512u

/* Our mark in the scratch register: anything that a reset does not leave there. */
#define HVNET_SCRATCH_MARK		1

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
 * hvnet_dev_was_reset() - was the function reset since it was last restored?
 * @dev: the function
 *
 * Return: true if it was, whether or not we were told; a reset that has not ended may not show yet
 */
bool hvnet_dev_was_reset(struct hvnet_dev *dev)
{
	return hvnet_read(dev, HVNET_REG_SCRATCH) != HVNET_SCRATCH_MARK;
}

/**
 * hvnet_dev_stale() - does the adapter lack what we believe it has?
 * @dev: the function
 *
 * Return: true from a reset until hvnet_dev_restore() has succeeded
 */
bool hvnet_dev_stale(struct hvnet_dev *dev)
{
	return test_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags) || hvnet_dev_was_reset(dev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_dev_stale, HVNET);

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
		if (status != ~0u && (status & HVNET_STATUS_READY))
			return 0;
		if (hvnet_dev_gone(dev))
			return -ENODEV;
		usleep_range(500, 1000);
	} while (!expired);

	dev_err(&dev->pdev->dev, "not ready, status %#x\n", status);
	return -ETIMEDOUT;
}

/* In a guest the write that asks for a reset succeeds also when the host could not reset. */
#define HVNET_FLR_TRIES			5
#define HVNET_FLR_PAUSE_MS		20

static int hvnet_dev_try_flr(struct hvnet_dev *dev)
{
	int err;

	mutex_lock(&dev->admin_lock);
	hvnet_write(dev, HVNET_REG_SCRATCH, HVNET_SCRATCH_MARK);
	set_bit(HVNET_DEV_RESETTING, &dev->flags);
	set_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
	pci_save_state(dev->pdev);
	err = pcie_reset_flr(dev->pdev, PCI_RESET_DO_RESET);
	pci_restore_state(dev->pdev);
	clear_bit(HVNET_DEV_RESETTING, &dev->flags);
	mutex_unlock(&dev->admin_lock);
	if (!err)
		err = hvnet_dev_wait_ready(dev);
	if (!err && !hvnet_dev_was_reset(dev))
		err = -EAGAIN;
	return err;
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
	int err, tries = HVNET_FLR_TRIES;

	guard(mutex)(&dev->restore_lock);
	while ((err = hvnet_dev_try_flr(dev)) == -EAGAIN && --tries)
		msleep(HVNET_FLR_PAUSE_MS);
	if (err)
		pci_clear_master(dev->pdev);
	return err;
}

/*
 * Configuration space, with bus mastering, vectors and VFs, comes back by itself only if the PCI
 * core did the reset.  The mark is made before anything else, so that a reset that comes now is
 * found.
 */
static int hvnet_dev_revive(struct hvnet_dev *dev)
{
	u16 command;
	int err;

	err = hvnet_dev_wait_ready(dev);
	if (err)
		return err;
	if (!hvnet_dev_was_reset(dev)) {
		/* A reset that was refused has left it off. */
		pci_set_master(dev->pdev);
		return 0;
	}

	/* A VF has no configuration space until its PF has VFs again. */
	pci_read_config_word(dev->pdev, PCI_COMMAND, &command);
	if (PCI_POSSIBLE_ERROR(command))
		return -ENETDOWN;
	hvnet_write(dev, HVNET_REG_SCRATCH, HVNET_SCRATCH_MARK);
	set_bit(HVNET_DEV_NEEDS_RESTART, &dev->flags);
	hvnet_admin_forget(dev);
	pci_load_saved_state(dev->pdev, dev->config_space);
	pci_restore_state(dev->pdev);
	pci_set_master(dev->pdev);
	return 0;
}

/**
 * hvnet_dev_restore() - bring back what the adapter forgot in a reset, if there was one
 * @dev: the function
 *
 * All but the queues, which are restarted later unless the caller does it.
 *
 * Return: 0 or a negative error code
 */
int hvnet_dev_restore(struct hvnet_dev *dev)
{
	int err;

	guard(mutex)(&dev->restore_lock);
	if (test_bit(HVNET_DEV_RESETTING, &dev->flags))
		return -ENETDOWN;
	if (!hvnet_dev_stale(dev))
		return 0;

	set_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
	err = hvnet_dev_revive(dev);
	if (!err)
		err = dev->ops->restore(dev);
	if (err) {
		if (err != -ENETDOWN && err != -ENODEV)
			netdev_err(dev->netdev, "cannot be restored after a reset: %pe\n",
				   ERR_PTR(err));
		return err;
	}
	clear_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);

	hvnet_events_resync(dev);
	if (test_bit(HVNET_DEV_NEEDS_RESTART, &dev->flags))
		hvnet_datapath_check(dev);
	return 0;
}

static_assert(HVNET_CLOCK_LEN == HVNET_DB_LEN && HVNET_CLOCK_TYPE_OFFSET == HVNET_DB_TYPE_OFFSET);

/**
 * hvnet_dev_find_cap() - find one of the adapter's own capabilities
 * @dev: the function
 * @type: its type byte
 * @size: its bytes, at least
 *
 * Return: where it is in configuration space, or 0
 */
int hvnet_dev_find_cap(struct hvnet_dev *dev, u8 type, u8 size)
{
	struct pci_dev *pdev = dev->pdev;
	u8 got, len;
	int pos;

	for (pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR); pos;
	     pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR)) {
		pci_read_config_byte(pdev, pos + HVNET_DB_TYPE_OFFSET, &got);
		pci_read_config_byte(pdev, pos + HVNET_DB_LEN, &len);
		if (got == type && len >= size)
			return pos;
	}
	return 0;
}

static int hvnet_dev_find_doorbell(struct hvnet_dev *dev)
{
	dev->doorbell = hvnet_dev_find_cap(dev, HVNET_DB_TYPE, HVNET_DB_SIZE);
	if (dev->doorbell)
		return 0;
	dev_err(&dev->pdev->dev, "no doorbell capability\n");
	return -ENODEV;
}

static int hvnet_dev_identify(struct hvnet_dev *dev)
{
	u32 magic = hvnet_read(dev, HVNET_REG_MAGIC);
	u32 version = hvnet_read(dev, HVNET_REG_VERSION);

	dev->version = version;
	dev->firmware = hvnet_read(dev, HVNET_REG_FIRMWARE);
	if (magic != HVNET_MAGIC) {
		dev_err(&dev->pdev->dev, "magic number %#x is not the adapter's\n", magic);
		return -ENODEV;
	}
	if (version >> 16 != HVNET_VERSION_MAJOR) {
		dev_err(&dev->pdev->dev, "register map %u.%u is not supported\n",
			version >> 16, version & 0xffff);
		return -EOPNOTSUPP;
	}
	return 0;
}

/*
 * Whoever had the function before us may have left queues on and, on a PF, filters.  The registers
 * do not tell: they are memory, and he may have written what he liked.
 */
static int hvnet_dev_clean_slate(struct hvnet_dev *dev)
{
	int err;

	err = hvnet_dev_flr(dev);
	if (err) {
		dev_err(&dev->pdev->dev, "reset failed: %pe\n", ERR_PTR(err));
		return err;
	}
	clear_bit(HVNET_DEV_NEEDS_RESTORE, &dev->flags);
	hvnet_write(dev, HVNET_REG_SCRATCH, HVNET_SCRATCH_MARK);
	return 0;
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
	int n;

	n = pci_alloc_irq_vectors(dev->pdev, 2, 1 + dev->max_pairs, PCI_IRQ_MSIX);
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

	dev->config.num_pairs = min_t(unsigned int, dev->max_pairs, num_online_cpus());
	dev->config.tx_size = min(HVNET_DEFAULT_RING, dev->max_ring);
	dev->config.rx_size = min(HVNET_DEFAULT_RING, dev->max_ring);

	netdev->ethtool_ops = &hvnet_ethtool_ops;
	/* Of a VF held to 1 Mb/s, 16 queues with 64 KiB each wait 8.4 s for their turns. */
	netdev->watchdog_timeo = 15 * HZ;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = dev->max_frame - VLAN_ETH_HLEN;
	hvnet_offload_init(dev);
	hvnet_xdp_init(dev);
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
	hvnet_steer_init(dev);
	mutex_init(&dev->restore_lock);
	mutex_init(&dev->admin_lock);
	mutex_init(&dev->mailbox_lock);
	hvnet_events_init(dev);
	hvnet_datapath_init(dev);
	hvnet_stats_init(dev);
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
	hvnet_steer_exit(dev);
	mutex_destroy(&dev->mailbox_lock);
	mutex_destroy(&dev->admin_lock);
	mutex_destroy(&dev->restore_lock);
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
	dev->bar = NULL;
	pci_release_mem_regions(dev->pdev);
}

/**
 * hvnet_dev_init() - bring a function up so far that it takes commands
 * @dev: the function, just allocated
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
		err = hvnet_dev_clean_slate(dev);
	if (!err)
		err = hvnet_dev_identify(dev);
	if (!err)
		err = hvnet_dev_read_limits(dev);
	if (err)
		goto unmap;

	pci_set_master(pdev);
	err = hvnet_dev_alloc_vectors(dev);
	if (err)
		goto clear_master;

	pci_save_state(pdev);
	dev->config_space = pci_store_saved_state(pdev);
	if (!dev->config_space) {
		err = -ENOMEM;
		goto free_vectors;
	}

	err = hvnet_events_request(dev);
	if (err)
		goto free_state;

	err = hvnet_dev_setup_netdev(dev);
	if (err)
		goto release_events;
	return 0;

release_events:
	hvnet_events_release(dev);
free_state:
	kfree(dev->config_space);
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
	kfree(dev->config_space);
	pci_free_irq_vectors(dev->pdev);
	pci_clear_master(dev->pdev);
	hvnet_dev_unmap(dev);
	pci_disable_device(dev->pdev);
}
EXPORT_SYMBOL_NS_GPL(hvnet_dev_exit, HVNET);
