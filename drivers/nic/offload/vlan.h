/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The outer 802.1Q tag of a frame.
 *
 * On its way through the adapter a frame has no outer tag among its bytes: the tag is kept beside
 * it, whether the sender wrote it into the frame or asked for its insertion, or the port put it on.
 * At the receiver it goes to the completion or back into the frame.  Taking it out and putting it
 * in move the addresses only, 12 bytes, into room before the head.
 */
#ifndef HVNET_NIC_OFFLOAD_VLAN_H
#define HVNET_NIC_OFFLOAD_VLAN_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

/* A tag: its 16 bits of control information, and that there is one. */
#define HVNET_TAG_NONE		0
#define HVNET_TAG		BIT(16)

static inline u32 hvnet_tag(u16 tci)
{
	return HVNET_TAG | tci;
}

/* VLAN of a frame: 0 without a tag or with one that tells a priority only. */
static inline u16 hvnet_tag_vlan(u32 tag)
{
	return tag & VLAN_VID_MASK;
}

/* Is there a tag in a frame of ETH_HLEN bytes at least? */
static inline bool hvnet_tag_has(const u8 *head)
{
	return get_unaligned_be16(head + 2 * ETH_ALEN) == ETH_P_8021Q;
}

/**
 * hvnet_tag_pop() - take the tag out of a frame
 * @head: start of the frame's private head; moved by VLAN_HLEN if there is a tag
 * @len: bytes of the frame, at least ETH_HLEN; those of the head are valid
 *
 * A frame that ends in its tag has none.
 *
 * Return: the tag, or HVNET_TAG_NONE.
 */
static inline u32 hvnet_tag_pop(u8 **head, u32 len)
{
	u8 *from = *head;
	u32 tag;

	if (likely(!hvnet_tag_has(from)) || len < VLAN_ETH_HLEN)
		return HVNET_TAG_NONE;
	tag = hvnet_tag(get_unaligned_be16(from + ETH_HLEN));
	memmove(from + VLAN_HLEN, from, 2 * ETH_ALEN);
	*head = from + VLAN_HLEN;
	return tag;
}

/**
 * hvnet_tag_push() - put a tag into a frame
 * @head: start of the frame's private head, with VLAN_HLEN bytes of room before it
 * @tag: a tag, not HVNET_TAG_NONE
 *
 * Return: the new start.
 */
static inline u8 *hvnet_tag_push(u8 *head, u32 tag)
{
	u8 *to = head - VLAN_HLEN;

	memmove(to, head, 2 * ETH_ALEN);
	put_unaligned_be32(ETH_P_8021Q << 16 | (u16)tag, to + 2 * ETH_ALEN);
	return to;
}

/**
 * hvnet_tag_from_port() - a frame enters the NIC switch
 * @port: tag that the port puts on all frames, or HVNET_TAG_NONE
 * @type: what follows the frame's tag, or its addresses
 * @tag: the frame's tag; replaced by the port's
 *
 * Who is in a port VLAN cannot choose a VLAN, nor one that shows when a switch behind the wire has
 * taken off the port's tag.
 *
 * Return: false if the frame is to be dropped.
 */
static inline bool hvnet_tag_from_port(u32 port, __be16 type, u32 *tag)
{
	if (likely(port == HVNET_TAG_NONE))
		return true;
	if (hvnet_tag_vlan(*tag) || eth_type_vlan(type))
		return false;
	*tag = port;
	return true;
}

/**
 * hvnet_tag_to_port() - a frame of the port's VLAN leaves the NIC switch
 * @port: tag that the port puts on all frames, or HVNET_TAG_NONE
 * @tag: the frame's tag
 *
 * Who is in a port VLAN does not hear of it.
 *
 * Return: the tag that the receiver is shown.
 */
static inline u32 hvnet_tag_to_port(u32 port, u32 tag)
{
	return port == HVNET_TAG_NONE ? tag : HVNET_TAG_NONE;
}

#endif
