/* SPDX-License-Identifier: GPL-2.0 */
/* What the PF knows of a VF. */
#ifndef HVNET_PF_VF_H
#define HVNET_PF_VF_H

#include <linux/if_ether.h>
#include <linux/types.h>

#include <hvnet/abi/mailbox.h>

#include "filter.h"
#include "policy.h"

struct hvnet_pf;

/**
 * struct hvnet_vf - a VF
 * @filters: the filters that the adapter has for it: for its address and those it asked for
 * @extra: the addresses that it asked for, or NULL
 * @mac: its address
 * @assigned: the host gave it @assigned_mac: it may not change it, unless it is trusted
 * @assigned_mac: what it starts with after each reset then
 * @policy: what else the host lets it do
 * @policy_unsure: the adapter may have another one: a change failed, and could not be undone
 * @version: mailbox version agreed on, 0 before negotiation
 * @flags: HVNET_VPORT_*
 * @invalid: blocks that changed since it last asked
 * @tokens: requests that it may still make
 * @refilled: jiffies when @tokens were last added to
 * @misuses: requests that no driver should have made
 * @refused: its request, number @refused_seq, is still to be answered: too early
 * @refused_op: operation of that request
 * @refused_seq: number of that request
 */
struct hvnet_vf {
	struct hvnet_filters filters;
	struct hvnet_addrs *extra;
	u8 mac[ETH_ALEN];
	bool assigned;
	u8 assigned_mac[ETH_ALEN];
	struct hvnet_policy policy;
	bool policy_unsure;
	u16 version;
	u16 flags;
	u64 invalid;
	unsigned int tokens;
	unsigned long refilled;
	unsigned int misuses;
	bool refused;
	__le16 refused_op;
	__le16 refused_seq;
};

/* May it choose its address? */
static inline bool hvnet_vf_may_choose(const struct hvnet_vf *vf)
{
	return !vf->assigned || vf->policy.trusted;
}

int hvnet_vf_init(struct hvnet_pf *pf, unsigned int index, struct hvnet_vf *vf);
void hvnet_vf_exit(struct hvnet_pf *pf, struct hvnet_vf *vf);
int hvnet_vf_set_mac(struct hvnet_pf *pf, struct hvnet_vf *vf, const u8 *mac);
int hvnet_vf_assign_mac(struct hvnet_pf *pf, struct hvnet_vf *vf, const u8 *mac);
int hvnet_vf_confine(struct hvnet_pf *pf, struct hvnet_vf *vf);
int hvnet_vf_set_extra(struct hvnet_pf *pf, struct hvnet_vf *vf, struct hvnet_addrs *extra,
		       u16 flags);
int hvnet_vf_forget(struct hvnet_pf *pf, struct hvnet_vf *vf);
int hvnet_vf_replay(struct hvnet_pf *pf, struct hvnet_vf *vf);
bool hvnet_vf_take_tokens(struct hvnet_vf *vf, unsigned int num);
int hvnet_vf_ring(struct hvnet_pf *pf, u16 index);
bool hvnet_vf_mark(struct hvnet_pf *pf, unsigned int index, enum hvnet_block block);
void hvnet_vf_invalidate(struct hvnet_pf *pf, unsigned int index, enum hvnet_block block);
void hvnet_vf_invalidate_all(struct hvnet_pf *pf, enum hvnet_block block);

#endif
