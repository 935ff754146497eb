// SPDX-License-Identifier: GPL-2.0
/*
 * How a queue's driver wants frames to be received.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/if_ether.h>

#include "settings.h"

#define ALL_FEATURES	(HVNET_RX_CSUM | HVNET_RX_VLAN_STRIP | HVNET_RX_CSUM_PARTIAL | \
			 HVNET_RX_GRO | HVNET_RX_TIME)

/**
 * hvnet_rx_settings_parse() - check what a driver wants
 * @settings: filled in if it is good, else left alone
 * @args: a copy of what it wrote; the queue is not looked at
 * @max_frame: longest frame of the adapter
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_rx_settings_parse(struct hvnet_rx_settings *settings,
					const struct hvnet_admin_rx *args, u32 max_frame)
{
	u16 features = le16_to_cpu(args->features);
	u32 max = le32_to_cpu(args->max_frame) ?: max_frame;

	if (features & ~ALL_FEATURES || max < ETH_HLEN || max > max_frame)
		return HVNET_E_RANGE;
	if (features & HVNET_RX_GRO && !(features & HVNET_RX_CSUM_PARTIAL))
		return HVNET_E_RANGE;
	if (features & HVNET_RX_CSUM_PARTIAL && !(features & HVNET_RX_CSUM))
		return HVNET_E_RANGE;
	settings->features = features;
	settings->max_frame = max;
	return HVNET_OK;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_rx_settings_parse);
