/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire: a netdev at the far end of the physical port.  What the adapter sends comes out of
 * it, what it is given goes to the adapter.  It is the link partner: both have a carrier while it
 * is up and the two have come to a mode.
 */
#ifndef HVNET_NIC_WIRE_H
#define HVNET_NIC_WIRE_H

#include <linux/list.h>
#include <linux/types.h>

struct hvnet_adapter;
struct hvnet_batch;
struct hvnet_link_end;
struct net_device;

int hvnet_wire_create(struct hvnet_adapter *adapter);
void hvnet_wire_destroy(struct hvnet_adapter *adapter);
bool hvnet_wire_send(struct hvnet_batch *batch);
void hvnet_wire_receive(struct net_device *dev, struct list_head *skbs);
struct hvnet_adapter *hvnet_wire_adapter(const struct net_device *dev);
const struct hvnet_link_end *hvnet_wire_end(const struct net_device *dev);
void hvnet_wire_set_end(struct net_device *dev, u16 modes, bool autoneg);

#endif
