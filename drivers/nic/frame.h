/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A frame on its way through the adapter: a private copy of its head, and pieces of the sender's
 * memory with the rest.
 *
 * The sender may change its memory at any moment.  Decisions are taken on the copied head only, and
 * the head is delivered from the copy, so what was decided on is what arrives.
 */
#ifndef HVNET_NIC_FRAME_H
#define HVNET_NIC_FRAME_H

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#define HVNET_FRAME_HEAD	64

/*
 * Pieces end at page boundaries.  A transmitted frame has at most HVNET_TX_MAX_BUFS buffers and
 * HVNET_MAX_FRAME bytes; an skb has one linear part and MAX_SKB_FRAGS fragments.
 */
#define HVNET_FRAME_PIECES	64

/**
 * struct hvnet_frame - a frame
 * @len: bytes
 * @pieces: number of pieces behind the head
 * @head: the first HVNET_FRAME_HEAD bytes, zeros behind a shorter frame
 * @piece: memory with what follows
 */
struct hvnet_frame {
	u32 len;
	u32 pieces;
	u8 head[HVNET_FRAME_HEAD] __aligned(16);
	struct hvnet_piece {
		const void *addr;
		u32 len;
	} piece[HVNET_FRAME_PIECES];
};

/**
 * struct hvnet_frame_reader - how much of a frame has been copied
 * @frame: the frame
 * @done: bytes
 * @piece: piece that comes next
 * @offset: bytes of it that have been copied
 */
struct hvnet_frame_reader {
	const struct hvnet_frame *frame;
	u32 done;
	u32 piece;
	u32 offset;
};

static inline void hvnet_frame_start(struct hvnet_frame *frame)
{
	frame->len = 0;
	frame->pieces = 0;
	/* What it held must not reach anybody.  For halves the compiler needs no loop. */
	memset(frame->head, 0, HVNET_FRAME_HEAD / 2);
	memset(frame->head + HVNET_FRAME_HEAD / 2, 0, HVNET_FRAME_HEAD / 2);
}

bool hvnet_frame_add(struct hvnet_frame *frame, const void *addr, u32 len);
void hvnet_frame_copy(struct hvnet_frame_reader *reader, void *to, u32 len);

/**
 * hvnet_frame_vlan() - VLAN of a frame
 * @frame: a frame of ETH_HLEN bytes at least
 *
 * Return: VLAN id of the 802.1Q tag, 0 without one or with a priority tag.
 */
static inline u16 hvnet_frame_vlan(const struct hvnet_frame *frame)
{
	if (get_unaligned_be16(frame->head + 2 * ETH_ALEN) != ETH_P_8021Q)
		return 0;
	/* The head is zero behind the end of a frame too short for its tag. */
	return get_unaligned_be16(frame->head + ETH_HLEN) & VLAN_VID_MASK;
}

/**
 * hvnet_frame_flow() - what the NIC switch looks at, besides the sender
 * @frame: a frame of ETH_HLEN bytes at least
 *
 * Return: destination address and VLAN; never HVNET_FLOW_NONE.
 */
static inline u64 hvnet_frame_flow(const struct hvnet_frame *frame)
{
	return (get_unaligned_be64(frame->head) & ~0xffffULL) | hvnet_frame_vlan(frame);
}

#define HVNET_FLOW_NONE		(~0ULL)

#endif
