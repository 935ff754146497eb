// SPDX-License-Identifier: GPL-2.0
#include <linux/rtnetlink.h>

#include "block.h"
#include "refusal.h"
#include "vf.h"

/*
 * A PF that does not tell what it lets us do is asked for everything, and refuses what it does not
 * grant.
 */
static void hvnet_block_assume_caps(struct hvnet_vf *vf)
{
	WRITE_ONCE(vf->caps, ~0u);
	WRITE_ONCE(vf->max_unicast, HVNET_BLOCK_FILTERS_MAX);
	WRITE_ONCE(vf->max_multicast, HVNET_BLOCK_FILTERS_MAX);
}

static bool hvnet_block_is_there(const struct hvnet_vf *vf, enum hvnet_block block)
{
	return vf->blocks & BIT_ULL(block);
}

/**
 * hvnet_block_begin() - a version was agreed on with the PF, maybe another one than the last time
 * @vf: the VF
 * @version: the version
 */
void hvnet_block_begin(struct hvnet_vf *vf, unsigned int version)
{
	WRITE_ONCE(vf->version, version);
	vf->blocks = version < 2 ? HVNET_BLOCKS_1 : HVNET_BLOCKS_2;
	if (version < 2)
		hvnet_block_assume_caps(vf);
}

/**
 * hvnet_block_mac_len() - how long the block of our address is
 * @vf: the VF
 *
 * Return: bytes, read or written
 */
size_t hvnet_block_mac_len(const struct hvnet_vf *vf)
{
	return READ_ONCE(vf->version) < 2 ? HVNET_BLOCK_MAC_LEN_1 : sizeof(struct hvnet_block_mac);
}

/**
 * hvnet_block_update_caps() - ask what we may do
 * @vf: the VF
 *
 * Return: 0 or a negative error code
 */
int hvnet_block_update_caps(struct hvnet_vf *vf)
{
	struct hvnet_block_caps block;
	int err;

	if (!hvnet_block_is_there(vf, HVNET_BLOCK_CAPS))
		return 0;
	err = hvnet_mailbox_read_block(&vf->dev, HVNET_BLOCK_CAPS, &block, sizeof(block));
	if (err)
		return err;

	vf->blocks = le64_to_cpu(block.blocks) & HVNET_BLOCKS_2;
	WRITE_ONCE(vf->caps, le32_to_cpu(block.flags));
	WRITE_ONCE(vf->max_unicast, min(le16_to_cpu(block.max_unicast), HVNET_BLOCK_FILTERS_MAX));
	WRITE_ONCE(vf->max_multicast,
		   min(le16_to_cpu(block.max_multicast), HVNET_BLOCK_FILTERS_MAX));
	return 0;
}

/**
 * hvnet_block_update_mtu() - ask how long our packets may be
 * @vf: the VF
 *
 * Return: 0 or a negative error code
 */
int hvnet_block_update_mtu(struct hvnet_vf *vf)
{
	struct hvnet_block_mtu block = { .max = cpu_to_le32(U32_MAX) };
	int err = 0;

	if (hvnet_block_is_there(vf, HVNET_BLOCK_MTU))
		err = hvnet_mailbox_read_block(&vf->dev, HVNET_BLOCK_MTU, &block, sizeof(block));
	if (err)
		return err;

	rtnl_lock();
	err = hvnet_limit_mtu(&vf->dev, le32_to_cpu(block.max));
	rtnl_unlock();
	return err;
}

/* Positive if the PF tells, 0 if it does not, or a negative error code. */
static int hvnet_block_read_rss(struct hvnet_vf *vf, struct hvnet_block_rss *block)
{
	int err;

	/* Who knows that he may not know does not ask. */
	if (!hvnet_block_is_there(vf, HVNET_BLOCK_RSS) || !(vf->caps & HVNET_CAP_RSS))
		return 0;
	err = hvnet_mailbox_read_block(&vf->dev, HVNET_BLOCK_RSS, block, sizeof(*block));
	if (hvnet_refusal_is_new(&vf->refusals, HVNET_WISH_RSS, err == -EPERM ? err : 0))
		netdev_info(vf->dev.netdev, "the PF does not tell how it hashes: %pe\n",
			    ERR_PTR(err));
	if (err == -EPERM)
		return 0;
	return err ?: 1;
}

/**
 * hvnet_block_update_rss() - hash as the PF does, if it tells how, but for what the user has chosen
 * @vf: the VF
 *
 * Return: 0 or a negative error code
 */
int hvnet_block_update_rss(struct hvnet_vf *vf)
{
	struct hvnet_block_rss block;
	int ret, err;

	ret = hvnet_block_read_rss(vf, &block);
	if (ret < 0)
		return ret;

	rtnl_lock();
	err = hvnet_rss_set_default(&vf->dev, ret ? &block : NULL);
	rtnl_unlock();
	return err;
}
