/* SPDX-License-Identifier: GPL-2.0 */
/* Events: vector 0 and the counters that tell what it fired for. */
#ifndef HVNET_EVENT_H
#define HVNET_EVENT_H

#include <hvnet/common.h>

void hvnet_events_init(struct hvnet_dev *dev);
void hvnet_events_resync(struct hvnet_dev *dev);
int hvnet_events_request(struct hvnet_dev *dev);
void hvnet_events_release(struct hvnet_dev *dev);

#endif
