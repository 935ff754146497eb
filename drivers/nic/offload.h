/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is done to a frame between its sender and each receiver.
 *
 * The sender's wishes are looked at once.  Headers are parsed when the first receiver needs to know
 * them, for most frames never.  A receiver gets a parcel: the frame, the packet that it is as a
 * whole, or one segment after the other.  To deliver a parcel,
 *
 *	copy what follows the head, with hvnet_frame_copy(&parcel->reader, parcel->sum, ...),
 *	call hvnet_parcel_end(),
 *	copy the head, which hvnet_parcel_open() and hvnet_parcel_close() put the tag into.
 *
 * The checksum is complete only then, and is the sum of what was written.
 */
#ifndef HVNET_NIC_OFFLOAD_H
#define HVNET_NIC_OFFLOAD_H

#include "frame.h"
#include "offload/checksum.h"
#include "offload/headers.h"
#include "offload/request.h"
#include "offload/rss.h"
#include "offload/segment.h"
#include "offload/settings.h"
#include "steer/table.h"

/**
 * struct hvnet_offload - what is known of the frame in hand
 * @parsed: @headers are known
 * @planned: @plan is made
 * @segments: of a packet to segment, else 0
 * @headers: the frame's
 * @plan: for its checksum
 * @hash: for the receiver in turn; only @hash.flags are valid if they are 0
 * @gso: the packet, with @segments
 * @segment: made of it for the receiver in turn
 */
struct hvnet_offload {
	bool parsed;
	bool planned;
	u16 segments;
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;
	struct hvnet_rss_hash hash;
	struct hvnet_gso gso;
	struct hvnet_segment segment;
};

/**
 * struct hvnet_parcel - what one receiver gets at a time
 * @reader: where that is which follows the head
 * @head: private memory, with room for a tag before it
 * @head_len: bytes of the head, without @tag
 * @len: bytes of all, without @tag
 * @tag: to be put into the head, or HVNET_TAG_NONE
 * @frames: frames on a wire that it stands for
 * @bytes: their bytes
 * @longest: bytes of the longest of these
 * @flags: HVNET_RXC_* to tell the receiver
 * @vlan_tci: with HVNET_RXC_VLAN
 * @gso_size: payload of each frame that it stands for, or 0
 * @tell: the receiver wants to know whether the checksum is right
 * @plan: for the checksum, if @sum
 * @sum: NULL or @run
 * @run: sum over what is copied
 */
struct hvnet_parcel {
	struct hvnet_frame_reader reader;
	u8 *head;
	u32 head_len;
	u32 len;
	u32 tag;
	u32 frames;
	u32 bytes;
	u32 longest;
	u16 flags;
	u16 vlan_tci;
	u16 gso_size;
	bool tell;
	const struct hvnet_csum_plan *plan;
	struct hvnet_csum_run *sum;
	struct hvnet_csum_run run;
};

bool hvnet_offload_request(struct hvnet_offload *offload, struct hvnet_frame *frame,
			   const struct hvnet_request *request);
void hvnet_offload_hash(struct hvnet_offload *offload, const struct hvnet_frame *frame,
			const struct hvnet_rss *rss);
const struct hvnet_steer_rule *hvnet_offload_steer(struct hvnet_offload *offload,
						   const struct hvnet_frame *frame,
						   const struct hvnet_steer *steer);
void hvnet_parcel_plan(struct hvnet_parcel *parcel, struct hvnet_offload *offload,
		       const struct hvnet_frame *frame, const struct hvnet_rx_settings *settings);
void hvnet_parcel_segment(struct hvnet_parcel *parcel, struct hvnet_offload *offload,
			  const struct hvnet_frame *frame, u32 index,
			  const struct hvnet_rx_settings *settings);
void hvnet_parcel_whole(struct hvnet_parcel *parcel, struct hvnet_offload *offload,
			const struct hvnet_frame *frame,
			const struct hvnet_rx_settings *settings);
void hvnet_parcel_judge(struct hvnet_parcel *parcel);
u16 hvnet_offload_judge_head(struct hvnet_offload *offload, const struct hvnet_frame *frame,
			     const struct hvnet_rx_settings *settings);

/* Nothing is known of the frame, and nothing to be done to it. */
static inline void hvnet_offload_none(struct hvnet_offload *offload)
{
	offload->parsed = false;
	offload->planned = false;
	offload->segments = 0;
}

/**
 * hvnet_offload_start() - look at what the sender wants
 * @offload: to be started
 * @frame: complete; its tag is taken out of the head
 * @request: checked with hvnet_request_ok(); with HVNET_TXD_GSO the frame's head is what the
 *	request says
 *
 * Return: false if the frame is not what the request is for: to be dropped.
 */
static inline bool hvnet_offload_start(struct hvnet_offload *offload, struct hvnet_frame *frame,
				       const struct hvnet_request *request)
{
	hvnet_offload_none(offload);
	if (unlikely(request->flags))
		return hvnet_offload_request(offload, frame, request);
	hvnet_frame_pop_tag(frame);
	return true;
}

/* Frames on a wire that the frame in hand stands for. */
static inline u32 hvnet_offload_frames(const struct hvnet_offload *offload)
{
	return offload->segments ?: 1;
}

/* Their bytes. */
static inline u32 hvnet_offload_bytes(const struct hvnet_offload *offload,
				      const struct hvnet_frame *frame)
{
	u32 tag = frame->tag ? VLAN_HLEN : 0;

	if (likely(!offload->segments))
		return frame->len + tag;
	return frame->len + (offload->segments - 1) * frame->head_len + offload->segments * tag;
}

static inline void hvnet_parcel_set_tag(struct hvnet_parcel *parcel, u32 tag,
					const struct hvnet_rx_settings *settings)
{
	parcel->tag = HVNET_TAG_NONE;
	if (likely(!tag))
		return;
	if (settings->features & HVNET_RX_VLAN_STRIP) {
		parcel->flags |= HVNET_RXC_VLAN;
		parcel->vlan_tci = (u16)tag;
	} else {
		parcel->tag = tag;
	}
}

/**
 * hvnet_parcel_frame() - the frame as it is, for one receiver
 * @parcel: to be filled in
 * @offload: what is known of the frame, which is none to segment
 * @frame: the frame
 * @settings: the receiver's
 */
static inline void hvnet_parcel_frame(struct hvnet_parcel *parcel, struct hvnet_offload *offload,
				      const struct hvnet_frame *frame,
				      const struct hvnet_rx_settings *settings)
{
	parcel->reader = (struct hvnet_frame_reader){ .frame = frame };
	parcel->head = frame->head;
	parcel->head_len = frame->head_len;
	parcel->len = frame->len;
	parcel->frames = 1;
	parcel->bytes = frame->len + (frame->tag ? VLAN_HLEN : 0);
	parcel->longest = parcel->bytes;
	parcel->flags = offload->hash.flags;
	parcel->vlan_tci = 0;
	parcel->gso_size = 0;
	parcel->sum = NULL;
	hvnet_parcel_set_tag(parcel, frame->tag, settings);
	if (unlikely(offload->planned || settings->features & HVNET_RX_CSUM))
		hvnet_parcel_plan(parcel, offload, frame, settings);
}

/**
 * hvnet_offload_head() - see to the checksum of a frame without a tag that is all head
 * @offload: what is known of the frame, which is none to segment
 * @frame: the frame
 * @settings: the receiver's
 *
 * Return: what to tell the receiver, HVNET_RXC_*; the head is ready to be copied.
 */
static inline u16 hvnet_offload_head(struct hvnet_offload *offload, const struct hvnet_frame *frame,
				     const struct hvnet_rx_settings *settings)
{
	u16 flags = offload->hash.flags;

	if (offload->planned || settings->features & HVNET_RX_CSUM)
		flags |= hvnet_offload_judge_head(offload, frame, settings);
	return flags;
}

/* All that follows the head was copied. */
static inline void hvnet_parcel_end(struct hvnet_parcel *parcel)
{
	if (unlikely(parcel->sum))
		hvnet_parcel_judge(parcel);
}

/* Bytes of the head with its tag. */
static inline u32 hvnet_parcel_head_len(const struct hvnet_parcel *parcel)
{
	return parcel->head_len + (parcel->tag ? VLAN_HLEN : 0);
}

/* Bytes of all with the tag. */
static inline u32 hvnet_parcel_len(const struct hvnet_parcel *parcel)
{
	return parcel->len + (parcel->tag ? VLAN_HLEN : 0);
}

/* The head with its tag; hvnet_parcel_close() must follow, the head is another receiver's too. */
static inline u8 *hvnet_parcel_open(struct hvnet_parcel *parcel)
{
	return unlikely(parcel->tag) ? hvnet_tag_push(parcel->head, parcel->tag) : parcel->head;
}

static inline void hvnet_parcel_close(struct hvnet_parcel *parcel)
{
	u8 *head = parcel->head - VLAN_HLEN;

	if (unlikely(parcel->tag))
		hvnet_tag_pop(&head, hvnet_parcel_head_len(parcel));
}

#endif
