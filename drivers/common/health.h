/* SPDX-License-Identifier: GPL-2.0 */
/* Faults of queue pairs, as devlink health reporters. */
#ifndef HVNET_HEALTH_H
#define HVNET_HEALTH_H

#include <hvnet/common.h>

void hvnet_health_init(struct hvnet_devlink *devlink);
int hvnet_health_create(struct hvnet_devlink *devlink);
void hvnet_health_destroy(struct hvnet_devlink *devlink);
void hvnet_health_raise(struct hvnet_dev *dev, enum hvnet_fault fault, unsigned long delay);
void hvnet_health_check(struct hvnet_dev *dev);

#endif
