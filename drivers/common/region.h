/* SPDX-License-Identifier: GPL-2.0 */
/* The devlink region of a function's registers. */
#ifndef HVNET_REGION_H
#define HVNET_REGION_H

struct hvnet_devlink;

int hvnet_region_create(struct hvnet_devlink *devlink);
void hvnet_region_destroy(struct hvnet_devlink *devlink);

#endif
