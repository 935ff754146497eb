/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segmentation: a long TCP or UDP packet as several that fit the wire, or as a single long one for
 * a receiver that takes it.
 *
 * Made here are the headers of a segment, in private memory, and what is to be known of its
 * payload; that is copied once, from the sender to the receiver, by the same code that delivers any
 * other frame.
 */
#ifndef HVNET_NIC_OFFLOAD_SEGMENT_H
#define HVNET_NIC_OFFLOAD_SEGMENT_H

#include <linux/types.h>

#include <hvnet/abi/queue.h>

#include "checksum.h"
#include "headers.h"

/* Room for a tag before a head; keeps the head aligned. */
#define HVNET_SEGMENT_ROOM	16

/**
 * struct hvnet_gso - a packet to segment, checked
 * @head: private copy of its headers
 * @headers: where they are
 * @payload: bytes of payload
 * @gso_size: bytes of it in each segment but the last
 * @hdr_len: bytes of headers
 * @segments: number of segments, at least 1
 */
struct hvnet_gso {
	const u8 *head;
	const struct hvnet_headers *headers;
	u32 payload;
	u16 gso_size;
	u16 hdr_len;
	u16 segments;
};

/**
 * struct hvnet_segment - one frame made of a packet
 * @from: where its payload starts in the packet's frame
 * @payload: bytes of it
 * @plan: for its checksum: to be filled in, good
 * @room: before the head, for a tag
 * @head: its headers, as many bytes as those of the packet
 */
struct hvnet_segment {
	u32 from;
	u32 payload;
	struct hvnet_csum_plan plan;
	u8 room[HVNET_SEGMENT_ROOM];
	u8 head[HVNET_TX_HEAD];
};

bool hvnet_gso_init(struct hvnet_gso *gso, const struct hvnet_headers *headers, const u8 *head,
		    u32 len, u16 hdr_len, u16 gso_size);
void hvnet_gso_segment(const struct hvnet_gso *gso, u32 index, struct hvnet_segment *segment);
void hvnet_gso_whole(const struct hvnet_gso *gso, struct hvnet_segment *segment);

#endif
