/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory window: a contiguous run of RAM, taken out of "System RAM" in /proc/iomem so that it can
 * be the MMIO window of a host bridge.
 */
#ifndef HVNET_NIC_WINDOW_H
#define HVNET_NIC_WINDOW_H

#include <linux/ioport.h>

/**
 * struct hvnet_window - a run of RAM that serves as MMIO
 * @res: its place in the resource tree
 * @base: where the kernel sees it
 */
struct hvnet_window {
	struct resource res;
	void *base;
};

int hvnet_window_create(struct hvnet_window *win, size_t size);
void hvnet_window_destroy(struct hvnet_window *win);

#endif
