/* SPDX-License-Identifier: GPL-2.0 */
/* The mailbox server: the PF's side of the PF/VF backchannel. */
#ifndef HVNET_PF_MAILBOX_H
#define HVNET_PF_MAILBOX_H

struct hvnet_pf;

void hvnet_mailbox_init(struct hvnet_pf *pf);
void hvnet_mailbox_serve(struct hvnet_pf *pf);
void hvnet_mailbox_exit(struct hvnet_pf *pf);

#endif
