// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "device.h"
#include "report.h"

void space_open(struct space *space)
{
	space->ready = false;
	space->fd = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (space->fd < 0)
		die("/dev/vfio/vfio: %m");
}

void space_close(struct space *space)
{
	close(space->fd);
}

static void space_add(struct space *space, int group, const char *name)
{
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &space->fd))
		die("%s: cannot join the container: %m", name);
	if (!space->ready && ioctl(space->fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("%s: cannot set the IOMMU: %m", name);
	space->ready = true;
}

int space_map(struct space *space, void *va, uint64_t iova, size_t size, int prot)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = (prot & SPACE_READ ? VFIO_DMA_MAP_FLAG_READ : 0) |
			 (prot & SPACE_WRITE ? VFIO_DMA_MAP_FLAG_WRITE : 0),
		.vaddr = (uintptr_t)va,
		.iova = iova,
		.size = size,
	};

	return ioctl(space->fd, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

int space_unmap(struct space *space, uint64_t iova, size_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = size,
	};

	if (ioctl(space->fd, VFIO_IOMMU_UNMAP_DMA, &unmap))
		return -errno;
	return unmap.size == size ? 0 : -ENOENT;
}

static int open_group(const char *name)
{
	char path[PATH_MAX], link[PATH_MAX], *number;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", name);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		die("%s: %m", path);
	link[len] = 0;
	number = strrchr(link, '/') + 1;
	snprintf(path, sizeof(path), "/dev/vfio/%.16s", number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("%s: %m", path);
	return fd;
}

static void find_regions(struct device *dev)
{
	struct vfio_region_info info = { .argsz = sizeof(info),
					.index = VFIO_PCI_CONFIG_REGION_INDEX };
	void *bar;

	if (ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("%s: no configuration space: %m", dev->name);
	dev->config = info.offset;

	info = (struct vfio_region_info){ .argsz = sizeof(info),
					 .index = VFIO_PCI_BAR0_REGION_INDEX };
	if (ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("%s: no BAR 0: %m", dev->name);
	if (info.size != HVNET_BAR_SIZE)
		die("%s: BAR 0 has %llu bytes", dev->name, (unsigned long long)info.size);
	bar = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, dev->fd, info.offset);
	if (bar == MAP_FAILED)
		die("%s: cannot map BAR 0: %m", dev->name);
	dev->bar = bar;
}

static void find_capabilities(struct device *dev)
{
	unsigned int pos = device_config_read(dev, PCI_CAPABILITY_LIST, 1);
	unsigned int left = 48, type;

	for (; pos && left--; pos = device_config_read(dev, pos + PCI_CAP_LIST_NEXT, 1)) {
		switch (device_config_read(dev, pos, 1)) {
		case PCI_CAP_ID_VNDR:
			type = device_config_read(dev, pos + HVNET_DB_TYPE_OFFSET, 1);
			if (type == HVNET_DB_TYPE)
				dev->doorbell = pos + HVNET_DB_RING;
			if (type == HVNET_CLOCK_TYPE)
				dev->clock = pos;
			break;
		case PCI_CAP_ID_PM:
			dev->pm = pos;
			break;
		case PCI_CAP_ID_EXP:
			dev->pcie = pos;
			break;
		}
	}
	if (!dev->doorbell || !dev->clock || !dev->pm || !dev->pcie)
		die("%s: a capability is missing", dev->name);
}

/* Take @name, bound to vfio-pci, into @space. */
void device_open(struct device *dev, const char *name, struct space *space)
{
	*dev = (struct device){ .name = name, .space = space };
	dev->group = open_group(name);
	space_add(space, dev->group, name);
	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, name);
	if (dev->fd < 0)
		die("%s: cannot open the device: %m", name);
	find_regions(dev);
	find_capabilities(dev);
}

void device_close(struct device *dev)
{
	if (dev->num_irqs)
		device_irqs_off(dev);
	munmap((void *)dev->bar, HVNET_BAR_SIZE);
	close(dev->fd);
	close(dev->group);
}

/* Function-level reset, as the kernel does it. */
int device_reset(struct device *dev)
{
	return ioctl(dev->fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

uint32_t device_config_read(struct device *dev, unsigned int reg, unsigned int len)
{
	uint32_t val = 0;

	return pread(dev->fd, &val, len, dev->config + reg) == (ssize_t)len ? val : ~0u;
}

int device_config_write(struct device *dev, unsigned int reg, unsigned int len, uint32_t val)
{
	return pwrite(dev->fd, &val, len, dev->config + reg) == (ssize_t)len ? 0 : -errno;
}

void device_doorbell(struct device *dev, uint32_t val)
{
	if (device_config_write(dev, dev->doorbell, 4, val))
		die("%s: the doorbell cannot be written: %m", dev->name);
}

/* How often it was rung. */
uint32_t device_doorbells(struct device *dev)
{
	return device_config_read(dev, dev->doorbell - HVNET_DB_RING + HVNET_DB_COUNT, 4);
}

uint64_t device_clock(struct device *dev)
{
	uint32_t high = device_config_read(dev, dev->clock + HVNET_CLOCK_HI, 4), before, low;

	do {
		before = high;
		low = device_config_read(dev, dev->clock + HVNET_CLOCK_LO, 4);
		high = device_config_read(dev, dev->clock + HVNET_CLOCK_HI, 4);
	} while (high != before);
	return (uint64_t)high << 32 | low;
}

void device_set_master(struct device *dev, bool on)
{
	uint32_t cmd = device_config_read(dev, PCI_COMMAND, 2);

	cmd = on ? cmd | PCI_COMMAND_MASTER : cmd & ~PCI_COMMAND_MASTER;
	if (device_config_write(dev, PCI_COMMAND, 2, cmd))
		die("%s: the command register cannot be written: %m", dev->name);
}

/* While the device is in D3hot its BAR cannot be accessed: a signal would be the answer. */
void device_set_power(struct device *dev, unsigned int state)
{
	uint32_t ctrl = device_config_read(dev, dev->pm + PCI_PM_CTRL, 2);

	ctrl = (ctrl & ~PCI_PM_CTRL_STATE_MASK) | state;
	if (device_config_write(dev, dev->pm + PCI_PM_CTRL, 2, ctrl))
		die("%s: the power state cannot be written: %m", dev->name);
}

static void set_irqs(struct device *dev, uint32_t flags, unsigned int num)
{
	size_t size = sizeof(struct vfio_irq_set) + num * sizeof(int32_t);
	struct vfio_irq_set *set = calloc(1, size);

	if (!set)
		die("no memory");
	set->argsz = size;
	set->flags = flags | VFIO_IRQ_SET_ACTION_TRIGGER;
	set->index = VFIO_PCI_MSIX_IRQ_INDEX;
	set->count = num;
	memcpy(set->data, dev->irq, num * sizeof(int32_t));
	if (ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, set))
		die("%s: interrupts cannot be set: %m", dev->name);
	free(set);
}

void device_irqs_on(struct device *dev, unsigned int num)
{
	unsigned int i;

	for (i = 0; i < num; i++) {
		dev->irq[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (dev->irq[i] < 0)
			die("eventfd: %m");
	}
	set_irqs(dev, VFIO_IRQ_SET_DATA_EVENTFD, num);
	dev->num_irqs = num;
}

void device_irqs_off(struct device *dev)
{
	set_irqs(dev, VFIO_IRQ_SET_DATA_NONE, 0);
	while (dev->num_irqs)
		close(dev->irq[--dev->num_irqs]);
}

unsigned int device_irq_wait(struct device *dev, unsigned int vector, int ms)
{
	struct pollfd pfd = { .fd = dev->irq[vector], .events = POLLIN };
	uint64_t count = 0;

	if (poll(&pfd, 1, ms) <= 0)
		return 0;
	return read(dev->irq[vector], &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* BAR 0 is accessed in words; a last one that is not whole is filled up with zeros. */
void device_read_block(struct device *dev, unsigned int reg, void *to, size_t len)
{
	size_t done;

	for (done = 0; done < len; done += 4) {
		uint32_t word = device_read(dev, reg + done);

		memcpy((uint8_t *)to + done, &word, len - done < 4 ? len - done : 4);
	}
}

void device_write_block(struct device *dev, unsigned int reg, const void *from, size_t len)
{
	size_t done;

	for (done = 0; done < len; done += 4) {
		uint32_t word = 0;

		memcpy(&word, (const uint8_t *)from + done, len - done < 4 ? len - done : 4);
		device_write(dev, reg + done, word);
	}
}
