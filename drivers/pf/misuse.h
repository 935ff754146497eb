/* SPDX-License-Identifier: GPL-2.0 */
/* Misuse of the mailbox by VFs, as a devlink health reporter. */
#ifndef HVNET_PF_MISUSE_H
#define HVNET_PF_MISUSE_H

#include <hvnet/abi/admin.h>

struct hvnet_pf;
struct hvnet_pf_devlink;
struct hvnet_vf;

#define HVNET_MISUSES_KEPT	16
#define HVNET_MISUSE_DATA	24

/**
 * struct hvnet_misuse - a request that no driver should have made
 * @time: real time in ns
 * @vf: number of the VF
 * @len: bytes of the request
 * @code: what it was refused with
 * @data: its first bytes
 */
struct hvnet_misuse {
	u64 time;
	u16 vf;
	u16 len;
	u16 code;
	u8 data[HVNET_MISUSE_DATA];
};

/**
 * struct hvnet_misuses - the last ones, under hvnet_pf.lock
 * @total: how many there were
 * @last: number n is at n modulo HVNET_MISUSES_KEPT
 */
struct hvnet_misuses {
	u64 total;
	struct hvnet_misuse last[HVNET_MISUSES_KEPT];
};

void hvnet_misuse_note(struct hvnet_pf *pf, struct hvnet_vf *vf, enum hvnet_code code);

void hvnet_misuse_init(struct hvnet_pf_devlink *devlink);
void hvnet_misuse_stop(struct hvnet_pf_devlink *devlink);
int hvnet_misuse_create(struct hvnet_pf_devlink *devlink);
void hvnet_misuse_destroy(struct hvnet_pf_devlink *devlink);

#endif
