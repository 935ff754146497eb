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

#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include <hvnet/abi/queue.h>

#include "offload/vlan.h"

#define HVNET_FRAME_HEAD	HVNET_TX_HEAD

/* Room for a tag before the head; keeps the head aligned. */
#define HVNET_FRAME_ROOM	16

/*
 * Pieces end at page boundaries.  A transmitted frame has at most HVNET_TX_MAX_BUFS buffers and
 * HVNET_TX_MAX_GSO bytes; an skb has one linear part and MAX_SKB_FRAGS fragments.
 */
#define HVNET_FRAME_PIECES	64

/**
 * struct hvnet_frame - a frame
 * @len: bytes, without @tag
 * @head_len: of these, in the head
 * @head_max: bytes that go to the head, at most HVNET_FRAME_HEAD
 * @pieces: number of pieces behind the head
 * @tag: 802.1Q tag, or HVNET_TAG_NONE
 * @head: the first bytes, in @memory
 * @memory: room for a tag, and for the head
 * @piece: memory with what follows
 */
struct hvnet_frame {
	u32 len;
	u32 head_len;
	u32 head_max;
	u32 pieces;
	u32 tag;
	u8 *head;
	u8 memory[HVNET_FRAME_ROOM + HVNET_FRAME_HEAD] __aligned(16);
	struct hvnet_piece {
		const void *addr;
		u32 len;
	} piece[HVNET_FRAME_PIECES];
};

struct hvnet_csum_run;

/**
 * struct hvnet_frame_reader - how much of what follows a frame's head has been copied
 * @frame: the frame
 * @piece: piece that comes next
 * @offset: bytes of it that have been copied
 */
struct hvnet_frame_reader {
	const struct hvnet_frame *frame;
	u32 piece;
	u32 offset;
};

/**
 * hvnet_frame_copy_head() - copy a head, or a part of one
 * @to: where to
 * @from: where from; one of the two is private memory
 * @len: bytes
 *
 * What short frames have is two quarters of a head, which may overlap: needs no loop.
 */
static __always_inline void hvnet_frame_copy_head(void *to, const void *from, u32 len)
{
	const u32 quarter = HVNET_FRAME_HEAD / 4;

	if (likely(len >= quarter && len <= 2 * quarter)) {
		memcpy(to, from, quarter);
		memcpy(to + len - quarter, from + len - quarter, quarter);
	} else {
		memcpy(to, from, len);
	}
}

static inline void hvnet_frame_start(struct hvnet_frame *frame)
{
	frame->len = 0;
	frame->head_len = 0;
	frame->head_max = HVNET_FRAME_HEAD;
	frame->pieces = 0;
	frame->tag = HVNET_TAG_NONE;
	frame->head = frame->memory + HVNET_FRAME_ROOM;
}

/**
 * hvnet_frame_set_head() - make a frame of its head alone
 * @frame: the frame
 * @from: the sender's memory
 * @len: bytes of it, at most HVNET_FRAME_HEAD
 */
static __always_inline void hvnet_frame_set_head(struct hvnet_frame *frame, const void *from,
						 u32 len)
{
	frame->len = len;
	frame->head_len = len;
	frame->pieces = 0;
	frame->tag = HVNET_TAG_NONE;
	frame->head = frame->memory + HVNET_FRAME_ROOM;
	hvnet_frame_copy_head(frame->head, from, len);
}

bool hvnet_frame_add(struct hvnet_frame *frame, const void *addr, u32 len);
void hvnet_frame_copy(struct hvnet_frame_reader *reader, struct hvnet_csum_run *run, void *to,
		      u32 len);
void hvnet_frame_skip(struct hvnet_frame_reader *reader, u32 len);

/**
 * hvnet_frame_pop_tag() - take the outer tag from the head to @tag
 * @frame: a complete frame of ETH_HLEN bytes at least, in its head too
 */
static inline void hvnet_frame_pop_tag(struct hvnet_frame *frame)
{
	frame->tag = hvnet_tag_pop(&frame->head, frame->head_len);
	if (unlikely(frame->tag)) {
		frame->len -= VLAN_HLEN;
		frame->head_len -= VLAN_HLEN;
	}
}

/**
 * hvnet_frame_flow() - what the NIC switch looks at, besides the sender
 * @frame: a frame of ETH_HLEN bytes at least
 *
 * Return: destination address and VLAN; never HVNET_FRAME_NO_FLOW.
 */
static inline u64 hvnet_frame_flow(const struct hvnet_frame *frame)
{
	return (get_unaligned_be64(frame->head) & ~0xffffULL) | hvnet_tag_vlan(frame->tag);
}

#define HVNET_FRAME_NO_FLOW	(~0ULL)

#endif
