/* SPDX-License-Identifier: GPL-2.0 */
/* Admin commands to queues; hvnet/common.h has the others. */
#ifndef HVNET_ADMIN_H
#define HVNET_ADMIN_H

#include <hvnet/common.h>

void hvnet_admin_forget(struct hvnet_dev *dev);
int hvnet_admin_queue(struct hvnet_dev *dev, enum hvnet_admin_op op, u16 queue);

#endif
