/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a queue's driver wants frames to be received, and what that means for a frame.
 */
#ifndef HVNET_NIC_OFFLOAD_SETTINGS_H
#define HVNET_NIC_OFFLOAD_SETTINGS_H

#include <linux/types.h>

#include <hvnet/abi/admin.h>
#include <hvnet/abi/queue.h>

#include "checksum.h"

/**
 * struct hvnet_rx_settings - how frames are received
 * @features: HVNET_RX_*
 * @max_frame: bytes of the longest frame
 */
struct hvnet_rx_settings {
	u16 features;
	u32 max_frame;
};

enum hvnet_code hvnet_rx_settings_parse(struct hvnet_rx_settings *settings,
					const struct hvnet_admin_rx *args, u32 max_frame);

/* Bits of completion flags for a frame that is delivered without a look at its checksum. */
static inline u16 hvnet_rx_partial(const struct hvnet_rx_settings *settings,
				   const struct hvnet_csum_plan *plan)
{
	if (!(settings->features & HVNET_RX_CSUM_PARTIAL) || !hvnet_csum_may_stay(plan))
		return 0;
	return HVNET_RXC_CSUM_OK | HVNET_RXC_CSUM_PARTIAL;
}

#endif
