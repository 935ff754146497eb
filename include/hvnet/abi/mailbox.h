/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hvnet PF/VF backchannel: messages between a VF driver and the PF driver.
 *
 * The VF asks, the PF answers; one request at a time for each VF.  What they talk about is VF
 * configuration blocks: data of the PF driver that a VF may read and, some of them, write.
 * When the PF changes a block it rings the VF, which asks for the mask of invalid blocks and
 * reads those again.
 *
 * The first request after a reset is HVNET_MSG_VERSION; until it is answered all others are
 * refused with HVNET_E_STATE.  Later that code tells a VF that the PF has forgotten it: it must
 * negotiate and read every block again.  Both sides then use the version agreed on.  A newer
 * version may lengthen a block, never change what is there.
 */
#ifndef HVNET_ABI_MAILBOX_H
#define HVNET_ABI_MAILBOX_H

#include <linux/bits.h>
#include <linux/types.h>

#include "regs.h"

#define HVNET_MAILBOX_VERSION_MIN	1
#define HVNET_MAILBOX_VERSION_MAX	1

enum hvnet_msg_op {
	HVNET_MSG_VERSION = 1,		/* hvnet_msg_version -> hvnet_msg_version */
	HVNET_MSG_BLOCK_READ = 2,	/* -> the block */
	HVNET_MSG_BLOCK_WRITE = 3,	/* the block -> */
	HVNET_MSG_BLOCKS_INVALID = 4,	/* -> hvnet_msg_invalid; reading clears the mask */
};

/**
 * struct hvnet_msg - header of every request and response
 * @op: one of &enum hvnet_msg_op; the response repeats it
 * @code: one of &enum hvnet_code, in a response
 * @block: one of &enum hvnet_block, in HVNET_MSG_BLOCK_*
 * @len: bytes of payload
 */
struct hvnet_msg {
	__le16 op;
	__le16 code;
	__le16 block;
	__le16 len;
};

static_assert(sizeof(struct hvnet_msg) == 8, "no holes");

#define HVNET_MSG_PAYLOAD		(HVNET_MAILBOX_SIZE - 8)

/**
 * struct hvnet_msg_version - version negotiation
 * @min: lowest version that the sender speaks
 * @max: highest version that the sender speaks; in a response, the version agreed on
 */
struct hvnet_msg_version {
	__le16 min;
	__le16 max;
};

/**
 * struct hvnet_msg_invalid - blocks that changed since the VF last asked
 * @mask: bit n stands for block n
 */
struct hvnet_msg_invalid {
	__le64 mask;
};

enum hvnet_block {
	HVNET_BLOCK_MAC = 0,		/* read, write: hvnet_block_mac */
	HVNET_BLOCK_LINK = 1,		/* read: hvnet_block_link */
	HVNET_BLOCK_FILTERS = 2,	/* write: hvnet_block_filters */
};

#define HVNET_BLOCK_MAC_ASSIGNED	BIT(0)	/* by the host: not to be changed, unless trusted */

/**
 * struct hvnet_block_mac - the VF's address
 * @mac: unicast address
 * @flags: HVNET_BLOCK_MAC_*, in a response
 */
struct hvnet_block_mac {
	__u8 mac[6];
	__le16 flags;
};

/**
 * struct hvnet_block_link - the VF's link
 * @flags: HVNET_LINK_UP
 * @speed: Mb/s, all ones if not known
 */
struct hvnet_block_link {
	__le32 flags;
	__le32 speed;
};

#define HVNET_BLOCK_FILTERS_MAX		((HVNET_MSG_PAYLOAD - 4) / 6)

/**
 * struct hvnet_block_filters - what the VF wants to receive beside its own address and broadcast
 * @flags: HVNET_VPORT_PROMISC (refused with HVNET_E_PERM, unless trusted), HVNET_VPORT_ALLMULTI
 * @count: addresses that follow, at most HVNET_BLOCK_FILTERS_MAX; the list replaces the last one
 * @mac: the addresses, group or unicast
 */
struct hvnet_block_filters {
	__le16 flags;
	__le16 count;
	__u8 mac[][6];
};

#endif
