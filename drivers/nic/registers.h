/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers in BAR 0, as the adapter sees them: memory that a driver may change at any moment.
 */
#ifndef HVNET_NIC_REGISTERS_H
#define HVNET_NIC_REGISTERS_H

#include <linux/types.h>

#include "function.h"

static inline u32 hvnet_reg_read(const struct hvnet_fn *fn, unsigned int reg)
{
	return le32_to_cpu(READ_ONCE(*(__le32 *)(fn->bar + reg)));
}

static inline void hvnet_reg_write(struct hvnet_fn *fn, unsigned int reg, u32 val)
{
	WRITE_ONCE(*(__le32 *)(fn->bar + reg), cpu_to_le32(val));
}

static inline struct hvnet_queue_ctx *hvnet_reg_queue(struct hvnet_fn *fn, unsigned int queue)
{
	return fn->bar + HVNET_QUEUE_CTX + queue * HVNET_QUEUE_CTX_SIZE;
}

void hvnet_registers_reset(struct hvnet_fn *fn);
void hvnet_registers_gone(struct hvnet_fn *fn);
void hvnet_registers_event(struct hvnet_fn *fn, unsigned int reg);
void hvnet_registers_link(struct hvnet_fn *pf);

#endif
