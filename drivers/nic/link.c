// SPDX-License-Identifier: GPL-2.0
/*
 * What two ends of a link agree on.
 */
#include <kunit/visibility.h>
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/log2.h>

#include "link.h"

/* Mb/s of each mode. */
static const u32 speeds[] = { 1000, 10000, 25000 };

/**
 * hvnet_link_end_ok() - can an end be like that?
 * @modes: to advertise, or to use; any value
 * @autoneg: it negotiates
 *
 * Return: true if there is a mode to advertise and no unknown one, or exactly one to use.
 */
bool hvnet_link_end_ok(u16 modes, bool autoneg)
{
	if (!modes || modes & ~HVNET_LINK_MODES)
		return false;
	return autoneg || is_power_of_2(modes);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_link_end_ok);

/**
 * hvnet_link_resolve() - the mode that two ends come to
 * @a: one end
 * @b: the other end
 *
 * An end that negotiates finds out what one that does not sends.
 *
 * Return: the fastest mode in common, or 0 if there is no link.
 */
u16 hvnet_link_resolve(const struct hvnet_link_end *a, const struct hvnet_link_end *b)
{
	u16 common = a->modes & b->modes;

	if (!a->on || !b->on || !common)
		return 0;
	return BIT(fls(common) - 1);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_link_resolve);

/**
 * hvnet_link_speed() - how fast is a mode?
 * @mode: one of HVNET_LINK_MODE_*, or 0
 *
 * Return: Mb/s, or 0 if there is no link.
 */
u32 hvnet_link_speed(u16 mode)
{
	return mode ? speeds[ilog2(mode)] : 0;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_link_speed);
