/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Admin commands, executed.
 */
#ifndef HVNET_NIC_ADMIN_H
#define HVNET_NIC_ADMIN_H

struct hvnet_fn;

void hvnet_admin_run(struct hvnet_fn *fn);

#endif
