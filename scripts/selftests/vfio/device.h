/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A PCI function owned through VFIO: what a virtual machine monitor does with it.
 *
 * An address space is a type 1 container; functions that share one see the same memory.  Functions
 * return 0 or a negative error number unless said otherwise; what must not fail ends the program.
 */
#ifndef SELFTEST_DEVICE_H
#define SELFTEST_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hvnet/abi/pci.h>
#include <hvnet/abi/regs.h>

/**
 * struct space - an address space of bus addresses
 * @fd: the container
 * @ready: it has a group and an IOMMU
 */
struct space {
	int fd;
	bool ready;
};

#define SPACE_READ	1
#define SPACE_WRITE	2
#define SPACE_BOTH	(SPACE_READ | SPACE_WRITE)

void space_open(struct space *space);
void space_close(struct space *space);
int space_map(struct space *space, void *va, uint64_t iova, size_t size, int prot);
int space_unmap(struct space *space, uint64_t iova, size_t size);

/**
 * struct device - a function
 * @name: its PCI address
 * @space: its address space
 * @group: file of its IOMMU group
 * @fd: file of the device
 * @config: offset of configuration space in @fd
 * @bar: BAR 0, mapped
 * @doorbell: offset of the doorbell's register in configuration space
 * @clock: offset of the clock capability
 * @pm: offset of the power management capability
 * @pcie: offset of the PCI Express capability
 * @num_irqs: vectors in use
 * @irq: their eventfds
 */
struct device {
	const char *name;
	struct space *space;
	int group;
	int fd;
	uint64_t config;
	volatile uint8_t *bar;
	unsigned int doorbell;
	unsigned int clock;
	unsigned int pm;
	unsigned int pcie;
	unsigned int num_irqs;
	int irq[HVNET_MAX_VECTORS];
};

void device_open(struct device *dev, const char *name, struct space *space);
void device_close(struct device *dev);
int device_reset(struct device *dev);

/* Configuration space; a read that fails returns all ones. */
uint32_t device_config_read(struct device *dev, unsigned int reg, unsigned int len);
int device_config_write(struct device *dev, unsigned int reg, unsigned int len, uint32_t val);
void device_doorbell(struct device *dev, uint32_t val);
uint32_t device_doorbells(struct device *dev);
/* The adapter's time in ns. */
uint64_t device_clock(struct device *dev);
void device_set_master(struct device *dev, bool on);
void device_set_power(struct device *dev, unsigned int state);

void device_irqs_on(struct device *dev, unsigned int num);
void device_irqs_off(struct device *dev);
/* How often the vector fired since the last call; waits up to @ms milliseconds for the first. */
unsigned int device_irq_wait(struct device *dev, unsigned int vector, int ms);

static inline uint32_t device_read(struct device *dev, unsigned int reg)
{
	return *(volatile uint32_t *)(dev->bar + reg);
}

static inline void device_write(struct device *dev, unsigned int reg, uint32_t val)
{
	*(volatile uint32_t *)(dev->bar + reg) = val;
}

void device_read_block(struct device *dev, unsigned int reg, void *to, size_t len);
void device_write_block(struct device *dev, unsigned int reg, const void *from, size_t len);

#endif
