/* SPDX-License-Identifier: GPL-2.0 */
/* The configuration blocks that VFs read: what each version has, and what is in them. */
#ifndef HVNET_PF_BLOCK_H
#define HVNET_PF_BLOCK_H

#include <linux/types.h>

#include <hvnet/abi/mailbox.h>

struct hvnet_pf;
struct hvnet_vf;

u64 hvnet_blocks(const struct hvnet_pf *pf, u16 version);
size_t hvnet_block_mac_len(u16 version);

void hvnet_block_get_mac(const struct hvnet_vf *vf, struct hvnet_block_mac *block);
void hvnet_block_get_caps(const struct hvnet_pf *pf, const struct hvnet_vf *vf,
			  struct hvnet_block_caps *block);
void hvnet_block_get_mtu(const struct hvnet_pf *pf, struct hvnet_block_mtu *block);
enum hvnet_code hvnet_block_get_rss(const struct hvnet_pf *pf, const struct hvnet_vf *vf,
				    struct hvnet_block_rss *block);
void hvnet_block_update_rss(struct hvnet_pf *pf);

#endif
