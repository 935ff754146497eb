/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Steering rules of a function, and the RSS contexts that they name.
 *
 * Context: the function's work.
 */
#ifndef HVNET_NIC_STEER_H
#define HVNET_NIC_STEER_H

#include <hvnet/abi/admin.h>

struct hvnet_fn;

enum hvnet_code hvnet_steer_fn_set(struct hvnet_fn *fn, const struct hvnet_admin_steer *args);
enum hvnet_code hvnet_steer_fn_del(struct hvnet_fn *fn, const struct hvnet_admin_unsteer *args);
enum hvnet_code hvnet_steer_fn_context(struct hvnet_fn *fn, const struct hvnet_admin_rss *args);
void hvnet_steer_fn_reset(struct hvnet_fn *fn);

#endif
