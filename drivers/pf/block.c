// SPDX-License-Identifier: GPL-2.0
/*
 * What VFs are told: what they may do, not why, and not what the host keeps from them, as the
 * number of their VLAN and their rate.
 */
#include <linux/cleanup.h>
#include <linux/etherdevice.h>

#include "block.h"
#include "pf.h"

/**
 * hvnet_blocks() - the configuration blocks that there are
 * @pf: the PF
 * @version: of the mailbox, as agreed on with a VF
 *
 * Return: a mask, bit n stands for block n
 */
u64 hvnet_blocks(const struct hvnet_pf *pf, u16 version)
{
	u64 blocks = version < 2 ? HVNET_BLOCKS_1 : HVNET_BLOCKS_2;

	if (!(pf->dev.feats & HVNET_FEAT_RSS))
		blocks &= ~BIT_ULL(HVNET_BLOCK_RSS);
	return blocks;
}

/**
 * hvnet_block_mac_len() - how long the block of a VF's address is
 * @version: of the mailbox, as agreed on with the VF
 *
 * Return: bytes, read or written
 */
size_t hvnet_block_mac_len(u16 version)
{
	return version < 2 ? HVNET_BLOCK_MAC_LEN_1 : sizeof(struct hvnet_block_mac);
}

/**
 * hvnet_block_get_mac() - a VF's address, and whether the host put it into a VLAN
 * @vf: the VF
 * @block: zeroes, filled in
 */
void hvnet_block_get_mac(const struct hvnet_vf *vf, struct hvnet_block_mac *block)
{
	ether_addr_copy(block->mac, vf->mac);
	if (vf->assigned && ether_addr_equal(vf->mac, vf->assigned_mac))
		block->flags = cpu_to_le16(HVNET_BLOCK_MAC_ASSIGNED);
	if (hvnet_policy_has_vlan(&vf->policy))
		block->vlan_flags = cpu_to_le16(HVNET_BLOCK_VLAN_ASSIGNED);
}

/**
 * hvnet_block_get_caps() - what a VF may do now
 * @pf: the PF
 * @vf: the VF
 * @block: zeroes, filled in
 */
void hvnet_block_get_caps(const struct hvnet_pf *pf, const struct hvnet_vf *vf,
			  struct hvnet_block_caps *block)
{
	const struct hvnet_policy *policy = &vf->policy;
	u32 flags = 0;

	if (hvnet_vf_may_choose(vf))
		flags |= HVNET_CAP_SET_MAC;
	if (policy->trusted)
		flags |= HVNET_CAP_UNICAST | HVNET_CAP_PROMISC;
	if (!policy->spoof_check)
		flags |= HVNET_CAP_ANY_SOURCE;
	if (policy->query_rss)
		flags |= HVNET_CAP_RSS;

	block->blocks = cpu_to_le64(hvnet_blocks(pf, vf->version));
	block->flags = cpu_to_le32(flags);
	if (flags & HVNET_CAP_UNICAST)
		block->max_unicast = cpu_to_le16(HVNET_BLOCK_FILTERS_MAX);
	block->max_multicast = cpu_to_le16(HVNET_BLOCK_FILTERS_MAX);
}

/**
 * hvnet_block_get_mtu() - how long a VF's packets may be
 * @pf: the PF
 * @block: filled in
 */
void hvnet_block_get_mtu(const struct hvnet_pf *pf, struct hvnet_block_mtu *block)
{
	block->max = cpu_to_le32(hvnet_switch_vf_mtu(pf));
}

/**
 * hvnet_block_get_rss() - how the PF hashes
 * @pf: the PF
 * @vf: the VF that asks
 * @block: filled in, if the VF may know
 *
 * Return: HVNET_OK or HVNET_E_PERM
 */
enum hvnet_code hvnet_block_get_rss(const struct hvnet_pf *pf, const struct hvnet_vf *vf,
				    struct hvnet_block_rss *block)
{
	if (!vf->policy.query_rss)
		return HVNET_E_PERM;
	*block = pf->rss;
	return HVNET_OK;
}

/* A silent adapter is asked once: many VFs may know, and each of them would be waited for. */
static void hvnet_block_tell_rss(struct hvnet_pf *pf)
{
	bool silent = false;
	unsigned int i;

	for (i = 0; i < pf->num_vfs; i++)
		if (pf->vfs[i].policy.query_rss && hvnet_vf_mark(pf, i, HVNET_BLOCK_RSS) && !silent)
			silent = hvnet_vf_ring(pf, i) == -ETIMEDOUT;
}

/**
 * hvnet_block_update_rss() - the PF hashes in another way: tell the VFs that may know
 * @pf: the PF, under rtnl unless its network device is not registered
 *
 * The mailbox server has a copy, because it takes no rtnl.
 */
void hvnet_block_update_rss(struct hvnet_pf *pf)
{
	struct hvnet_block_rss rss = {
		.fields = pf->dev.rss.fields,
		.flags = pf->dev.rss.flags,
	};

	memcpy(rss.key, pf->dev.rss.key, sizeof(rss.key));
	guard(mutex)(&pf->lock);
	if (!memcmp(&rss, &pf->rss, sizeof(rss)))
		return;
	pf->rss = rss;
	hvnet_block_tell_rss(pf);
}
