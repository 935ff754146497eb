/* SPDX-License-Identifier: GPL-2.0 */
/* All queue pairs of a function together. */
#ifndef HVNET_DATAPATH_H
#define HVNET_DATAPATH_H

#include <hvnet/common.h>

void hvnet_datapath_init(struct hvnet_dev *dev);
int hvnet_datapath_open(struct hvnet_dev *dev);
void hvnet_datapath_close(struct hvnet_dev *dev);
int hvnet_datapath_start(struct hvnet_dev *dev);
void hvnet_datapath_stop(struct hvnet_dev *dev);
int hvnet_datapath_restart_pair(struct hvnet_dev *dev, unsigned int index);
int hvnet_datapath_reshape(struct hvnet_dev *dev, const struct hvnet_config *config);
void hvnet_datapath_recover(struct hvnet_dev *dev);
void hvnet_datapath_fault(struct hvnet_dev *dev, enum hvnet_fault fault, unsigned int pair);
int hvnet_datapath_heal(struct hvnet_dev *dev, enum hvnet_fault fault);
void hvnet_datapath_check(struct hvnet_dev *dev);
int hvnet_datapath_told(struct hvnet_dev *dev, int err);

#endif
