/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The adapter's clock, for PTP and others: one for all functions, set by the PF.  It has power as
 * long as the adapter is plugged in, and no reset touches it.
 */
#ifndef HVNET_NIC_PHC_H
#define HVNET_NIC_PHC_H

#include <linux/seqlock.h>

#include <hvnet/abi/admin.h>
#include <hvnet/abi/regs.h>

#include "clock.h"

/**
 * struct hvnet_phc - the clock
 * @lock: guards @clock; readers take nothing and may be anywhere but in an NMI
 * @clock: over the host's raw monotonic time
 */
struct hvnet_phc {
	seqlock_t lock; /* guards clock */
	struct hvnet_clock clock;
};

void hvnet_phc_init(struct hvnet_phc *phc);
u64 hvnet_phc_now(struct hvnet_phc *phc);
void hvnet_phc_set(struct hvnet_phc *phc, const struct hvnet_admin_clock *args);
void hvnet_phc_step(struct hvnet_phc *phc, const struct hvnet_admin_clock *args);
enum hvnet_code hvnet_phc_set_rate(struct hvnet_phc *phc, const struct hvnet_admin_clock *args);

#endif
