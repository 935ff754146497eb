/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mailboxes: carries requests of the VFs to the PF and responses back.  The adapter looks at their
 * length only; what they say is between the drivers.
 */
#ifndef HVNET_NIC_MAILBOX_H
#define HVNET_NIC_MAILBOX_H

#include <linux/types.h>

#include <hvnet/abi/admin.h>

struct hvnet_adapter;
struct hvnet_fn;

void hvnet_mailbox_init_fn(struct hvnet_fn *fn);
void hvnet_mailbox_destroy_fn(struct hvnet_fn *fn);
void hvnet_mailbox_reset_fn(struct hvnet_fn *fn);
void hvnet_mailbox_request(struct hvnet_fn *fn);

enum hvnet_code hvnet_mailbox_fetch(struct hvnet_adapter *adapter,
				    struct hvnet_admin_mailbox *to);
enum hvnet_code hvnet_mailbox_reply(struct hvnet_adapter *adapter,
				    const struct hvnet_admin_mailbox *from);
enum hvnet_code hvnet_mailbox_ring(struct hvnet_adapter *adapter, u16 vf);

#endif
