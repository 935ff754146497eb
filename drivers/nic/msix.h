/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MSI-X: the interrupt domain of an adapter, and how a function raises a vector.
 */
#ifndef HVNET_NIC_MSIX_H
#define HVNET_NIC_MSIX_H

#include <linux/types.h>

struct hvnet_adapter;
struct hvnet_fn;

int hvnet_msix_create(struct hvnet_adapter *adapter);
void hvnet_msix_destroy(struct hvnet_adapter *adapter);

void hvnet_msix_init_fn(struct hvnet_fn *fn);
void hvnet_msix_destroy_fn(struct hvnet_fn *fn);
void hvnet_msix_reset_fn(struct hvnet_fn *fn);
void hvnet_msix_forget_pending(struct hvnet_fn *fn);
void hvnet_msix_config_changed(struct hvnet_fn *fn, bool on);
void hvnet_msix_raise(struct hvnet_fn *fn, unsigned int vector);

#endif
