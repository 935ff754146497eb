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
 * negotiate and read every block again.  Both sides then use the version agreed on.  A newer one
 * may have more blocks and lengthen a block, never change what is there.  For who speaks an earlier
 * one, blocks are as long as they were then, and later ones do not exist: HVNET_E_ABSENT, no bits
 * in masks.
 */
#ifndef HVNET_ABI_MAILBOX_H
#define HVNET_ABI_MAILBOX_H

#include <linux/bits.h>
#include <linux/types.h>

#include "admin.h"
#include "regs.h"

#define HVNET_MAILBOX_VERSION_MIN	1
#define HVNET_MAILBOX_VERSION_MAX	2

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
	/* from version 2 on */
	HVNET_BLOCK_CAPS = 3,		/* read: hvnet_block_caps */
	HVNET_BLOCK_MTU = 4,		/* read: hvnet_block_mtu */
	HVNET_BLOCK_RSS = 5,		/* read: hvnet_block_rss */
};

/* The blocks of each version, as in a mask. */
#define HVNET_BLOCKS_1			(BIT_ULL(HVNET_BLOCK_MAC) | BIT_ULL(HVNET_BLOCK_LINK) | \
					 BIT_ULL(HVNET_BLOCK_FILTERS))
#define HVNET_BLOCKS_2			(HVNET_BLOCKS_1 | BIT_ULL(HVNET_BLOCK_CAPS) | \
					 BIT_ULL(HVNET_BLOCK_MTU) | BIT_ULL(HVNET_BLOCK_RSS))

#define HVNET_BLOCK_MAC_ASSIGNED	BIT(0)	/* by the host: not to be changed, unless trusted */

#define HVNET_BLOCK_VLAN_ASSIGNED	BIT(0)	/* frames with a VLAN are lost, both ways */

#define HVNET_BLOCK_MAC_LEN_1		8

/**
 * struct hvnet_block_mac - the VF's address, and whether it may use VLANs
 * @mac: unicast address
 * @flags: HVNET_BLOCK_MAC_*, in a response
 * @vlan_flags: HVNET_BLOCK_VLAN_*, in a response
 * @rsvd: 0
 *
 * The host may have put the VF into a VLAN.  Which one is not told: the adapter inserts and removes
 * the tag.  Version 1 ends with @flags.
 */
struct hvnet_block_mac {
	__u8 mac[6];
	__le16 flags;
	__le16 vlan_flags;
	__le16 rsvd;
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

#define HVNET_CAP_SET_MAC		BIT(0)	/* choose its address */
#define HVNET_CAP_UNICAST		BIT(1)	/* receive for other unicast addresses beside it */
#define HVNET_CAP_PROMISC		BIT(2)	/* HVNET_VPORT_PROMISC */
#define HVNET_CAP_ANY_SOURCE		BIT(3)	/* send from addresses not its own */
#define HVNET_CAP_RSS			BIT(4)	/* read HVNET_BLOCK_RSS */

/**
 * struct hvnet_block_caps - what the PF has, and what it lets this VF do now
 * @blocks: the blocks that it has: bit n stands for block n
 * @flags: HVNET_CAP_*; what is not there is refused with HVNET_E_PERM, or lost
 * @max_unicast: unicast addresses that &struct hvnet_block_filters may have
 * @max_multicast: and group addresses; no more than HVNET_BLOCK_FILTERS_MAX together
 */
struct hvnet_block_caps {
	__le64 blocks;
	__le32 flags;
	__le16 max_unicast;
	__le16 max_multicast;
};

/**
 * struct hvnet_block_mtu - how long the VF's packets may be
 * @max: largest MTU, in bytes: a frame's without Ethernet header and one tag
 */
struct hvnet_block_mtu {
	__le32 max;
};

/**
 * struct hvnet_block_rss - how the PF hashes what it receives
 * @fields: HVNET_RSS_*, those of &struct hvnet_admin_rss
 * @flags: HVNET_RSS_SYM_XOR
 * @key: of the Toeplitz hash
 *
 * Refused with HVNET_E_PERM unless the host lets the VF know it.
 */
struct hvnet_block_rss {
	__le16 fields;
	__le16 flags;
	__u8 key[HVNET_RSS_KEY_SIZE];
};

static_assert(sizeof(struct hvnet_block_mac) == 12, "no holes");
static_assert(sizeof(struct hvnet_block_caps) == 16, "no holes");
static_assert(sizeof(struct hvnet_block_rss) == 44, "no holes");

#endif
