// SPDX-License-Identifier: GPL-2.0
/*
 * The adapter's clock as the kernel has it, /dev/ptpN: one of each function, of one clock.
 *
 * It is read from configuration space, also while the function is in a reset, and set by commands,
 * which the adapter takes from the PF alone: a VF is told that it may not (-EPERM).  Time and rate
 * stay in a reset, so there is nothing to restore.
 */
#include <linux/export.h>
#include <linux/ktime.h>
#include <linux/pci.h>

#include "device.h"

/* Somewhat less than HVNET_CLOCK_MAX_RATE, in ppb: the kernel rounds what is asked for. */
#define HVNET_PTP_MAX_ADJ	99999999

/* The upper half changes every four seconds: hardly ever twice while we look. */
#define HVNET_PTP_TRIES		4

static struct hvnet_dev *hvnet_dev_of(struct ptp_clock_info *info)
{
	return container_of(info, struct hvnet_dev, ptp_info);
}

static u32 hvnet_ptp_read(struct hvnet_dev *dev, int word)
{
	u32 value;

	pci_read_config_dword(dev->pdev, dev->clock + word, &value);
	return value;
}

static int hvnet_ptp_gettimex64(struct ptp_clock_info *info, struct timespec64 *ts,
				struct ptp_system_timestamp *sts)
{
	struct hvnet_dev *dev = hvnet_dev_of(info);
	u32 high = hvnet_ptp_read(dev, HVNET_CLOCK_HI), before, low;
	unsigned int tries = 0;

	do {
		before = high;
		ptp_read_system_prets(sts);
		low = hvnet_ptp_read(dev, HVNET_CLOCK_LO);
		ptp_read_system_postts(sts);
		high = hvnet_ptp_read(dev, HVNET_CLOCK_HI);
	} while (high != before && ++tries < HVNET_PTP_TRIES);

	if (PCI_POSSIBLE_ERROR(high) && PCI_POSSIBLE_ERROR(low))
		return -ENODEV;
	if (high != before)
		return -EIO;
	*ts = ns_to_timespec64((u64)high << 32 | low);
	return 0;
}

static int hvnet_ptp_send(struct ptp_clock_info *info, enum hvnet_admin_op op, u64 value)
{
	struct hvnet_admin_clock arg = { .value = cpu_to_le64(value) };

	return hvnet_admin(hvnet_dev_of(info), op, &arg, sizeof(arg), NULL, 0);
}

static int hvnet_ptp_settime64(struct ptp_clock_info *info, const struct timespec64 *ts)
{
	return hvnet_ptp_send(info, HVNET_ADMIN_CLOCK_SET, timespec64_to_ns(ts));
}

static int hvnet_ptp_adjtime(struct ptp_clock_info *info, s64 delta)
{
	return hvnet_ptp_send(info, HVNET_ADMIN_CLOCK_STEP, delta);
}

static int hvnet_ptp_adjfine(struct ptp_clock_info *info, long scaled_ppm)
{
	return hvnet_ptp_send(info, HVNET_ADMIN_CLOCK_RATE, scaled_ppm);
}

/* The kernel believes that a clock is as it was made; whoever had the adapter before has set it. */
static int hvnet_ptp_start(struct hvnet_dev *dev, bool set)
{
	int err = hvnet_ptp_send(&dev->ptp_info, HVNET_ADMIN_CLOCK_RATE, 0);

	if (err || !set)
		return err;
	return hvnet_ptp_send(&dev->ptp_info, HVNET_ADMIN_CLOCK_SET, ktime_get_real_ns());
}

/**
 * hvnet_ptp_register() - show the adapter's clock, if it has one
 * @dev: the function, whose netdev is not registered
 * @own: it may set the clock, and starts it with its nominal rate
 * @set: and with the time of day
 *
 * What goes wrong is told, and the function goes on without.
 */
void hvnet_ptp_register(struct hvnet_dev *dev, bool own, bool set)
{
	struct ptp_clock *ptp;
	int err = 0;

	if (!(dev->feats & HVNET_FEAT_CLOCK))
		return;
	dev->clock = hvnet_dev_find_cap(dev, HVNET_CLOCK_TYPE, HVNET_CLOCK_SIZE);
	if (!dev->clock) {
		dev_warn(&dev->pdev->dev, "no clock capability\n");
		return;
	}
	dev->ptp_info = (struct ptp_clock_info){
		.owner = THIS_MODULE,
		.max_adj = own ? HVNET_PTP_MAX_ADJ : 0,
		.gettimex64 = hvnet_ptp_gettimex64,
		.settime64 = hvnet_ptp_settime64,
		.adjtime = hvnet_ptp_adjtime,
		.adjfine = hvnet_ptp_adjfine,
	};
	strscpy(dev->ptp_info.name, dev->pdev->driver->name, sizeof(dev->ptp_info.name));
	if (own)
		err = hvnet_ptp_start(dev, set);
	ptp = err ? ERR_PTR(err) : ptp_clock_register(&dev->ptp_info, &dev->pdev->dev);
	if (IS_ERR(ptp))
		dev_warn(&dev->pdev->dev, "no clock: %pe\n", ptp);
	else
		dev->ptp = ptp;
}
EXPORT_SYMBOL_NS_GPL(hvnet_ptp_register, HVNET);

/**
 * hvnet_ptp_unregister() - mirror image of hvnet_ptp_register()
 * @dev: the function, whose netdev is not registered any more
 *
 * Who has the clock open may keep it so; it fails with -ENODEV from now on.
 */
void hvnet_ptp_unregister(struct hvnet_dev *dev)
{
	if (dev->ptp)
		ptp_clock_unregister(dev->ptp);
	dev->ptp = NULL;
}
EXPORT_SYMBOL_NS_GPL(hvnet_ptp_unregister, HVNET);
