/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policy of vports, applied to frames: who may send what and how much, and who gets it.
 */
#ifndef HVNET_NIC_POLICY_H
#define HVNET_NIC_POLICY_H

#include <linux/types.h>

#include <hvnet/abi/admin.h>
#include <hvnet/abi/regs.h>

#include "switch/policy.h"

struct hvnet_adapter;
struct hvnet_batch;
struct hvnet_fn;
struct hvnet_txq;

enum hvnet_code hvnet_policy_set(struct hvnet_adapter *adapter,
				 const struct hvnet_admin_policy *args);
enum hvnet_refusal hvnet_policy_admit(struct hvnet_batch *batch, struct hvnet_fn *fn);
void hvnet_policy_deliver(struct hvnet_batch *batch, struct hvnet_fn *fn, u32 port, u16 src_vport,
			  u16 queue);
bool hvnet_policy_may_send(struct hvnet_txq *txq);

#endif
