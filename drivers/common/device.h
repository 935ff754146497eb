/* SPDX-License-Identifier: GPL-2.0 */
/* A function of the adapter: registers, doorbell, bring-up and tear-down. */
#ifndef HVNET_DEVICE_H
#define HVNET_DEVICE_H

#include <hvnet/common.h>

static inline u32 hvnet_read(struct hvnet_dev *dev, u32 reg)
{
	return ioread32(dev->bar + reg);
}

static inline void hvnet_write(struct hvnet_dev *dev, u32 reg, u32 value)
{
	iowrite32(value, dev->bar + reg);
}

void hvnet_read_words(struct hvnet_dev *dev, u32 reg, void *buf, size_t len);
void hvnet_write_words(struct hvnet_dev *dev, u32 reg, const void *buf, size_t len);
void hvnet_doorbell(struct hvnet_dev *dev, u32 value);
int hvnet_dev_find_cap(struct hvnet_dev *dev, u8 type, u8 size);
bool hvnet_dev_was_reset(struct hvnet_dev *dev);
int hvnet_dev_wait_ready(struct hvnet_dev *dev);
int hvnet_dev_flr(struct hvnet_dev *dev);
int hvnet_dev_restore(struct hvnet_dev *dev);

#endif
