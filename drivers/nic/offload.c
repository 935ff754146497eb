// SPDX-License-Identifier: GPL-2.0
/*
 * What is done to a frame between its sender and each receiver.
 */
#include <linux/if_ether.h>

#include "offload.h"

static void parse(struct hvnet_offload *offload, const struct hvnet_frame *frame)
{
	if (offload->parsed)
		return;
	hvnet_headers_parse(&offload->headers, frame->head, frame->head_len, frame->len);
	offload->parsed = true;
}

static bool request_gso(struct hvnet_offload *offload, const struct hvnet_frame *frame,
			const struct hvnet_request *request)
{
	hvnet_headers_parse_gso(&offload->headers, frame->head, frame->head_len, frame->len);
	if (!hvnet_gso_init(&offload->gso, &offload->headers, frame->head, frame->len,
			    frame->head_len, request->gso_size))
		return false;
	offload->parsed = true;
	offload->segments = offload->gso.segments;
	return true;
}

/* @start is where the checksum starts now. */
static bool request_csum(struct hvnet_offload *offload, const struct hvnet_frame *frame, u32 start,
			 u32 offset)
{
	/* It may have started in the tag, which is not there any more. */
	if (start < ETH_HLEN)
		return false;
	parse(offload, frame);
	hvnet_csum_plan_fill(&offload->plan, &offload->headers, frame->head, frame->len, start,
			     offset);
	offload->planned = true;
	return true;
}

/**
 * hvnet_offload_request() - look at what the sender wants, if it wants something
 * @offload: as new
 * @frame: as hvnet_offload_start()
 * @request: as hvnet_offload_start()
 *
 * Return: as hvnet_offload_start().
 */
bool hvnet_offload_request(struct hvnet_offload *offload, struct hvnet_frame *frame,
			   const struct hvnet_request *request)
{
	u32 len = frame->len;

	/* A tag among the bytes is then an inner one. */
	if (request->flags & HVNET_TXD_VLAN)
		frame->tag = hvnet_tag(request->vlan_tci);
	else
		hvnet_frame_pop_tag(frame);
	if (request->flags & HVNET_TXD_GSO)
		return request_gso(offload, frame, request);
	if (!(request->flags & HVNET_TXD_CSUM))
		return true;
	return request_csum(offload, frame, request->csum_start - (len - frame->len),
			    request->csum_offset);
}

/**
 * hvnet_offload_hash() - choose the receiver's queue pair
 * @offload: @hash is filled in
 * @frame: the frame
 * @rss: the receiver's
 */
void hvnet_offload_hash(struct hvnet_offload *offload, const struct hvnet_frame *frame,
			const struct hvnet_rss *rss)
{
	parse(offload, frame);
	hvnet_rss_hash(rss, &offload->headers, frame->head, &offload->hash);
}

/**
 * hvnet_offload_steer() - the receiver's rule for a frame
 * @offload: what is known of the frame
 * @frame: the frame
 * @steer: the receiver's rules
 *
 * Return: the rule or NULL
 */
const struct hvnet_steer_rule *hvnet_offload_steer(struct hvnet_offload *offload,
						   const struct hvnet_frame *frame,
						   const struct hvnet_steer *steer)
{
	union hvnet_steer_key key;

	parse(offload, frame);
	hvnet_steer_key_init(&key, &offload->headers, frame->head, frame->tag);
	return hvnet_steer_find(steer, &key);
}

/* What is to be done about the checksum for this receiver. */
static void set_plan(struct hvnet_parcel *parcel, const struct hvnet_csum_plan *plan,
		     const struct hvnet_rx_settings *settings)
{
	u16 partial = hvnet_rx_partial(settings, plan);

	parcel->plan = plan;
	if (partial) {
		/* It may have been filled in for another receiver. */
		hvnet_csum_seed(plan, parcel->head);
		parcel->flags |= partial;
		return;
	}
	parcel->tell = settings->features & HVNET_RX_CSUM;
	if (plan->action == HVNET_CSUM_NONE || (plan->action == HVNET_CSUM_CHECK && !parcel->tell))
		return;
	parcel->sum = &parcel->run;
	hvnet_csum_begin(&parcel->run, plan, parcel->head, parcel->head_len);
}

static void plan_check(struct hvnet_offload *offload, const struct hvnet_frame *frame)
{
	if (offload->planned)
		return;
	parse(offload, frame);
	hvnet_csum_plan_check(&offload->plan, &offload->headers, frame->head);
	offload->planned = true;
}

/**
 * hvnet_parcel_plan() - see what is to be done about the checksum of the frame
 * @parcel: all else is filled in
 * @offload: what is known of the frame
 * @frame: the frame
 * @settings: the receiver's
 */
void hvnet_parcel_plan(struct hvnet_parcel *parcel, struct hvnet_offload *offload,
		       const struct hvnet_frame *frame, const struct hvnet_rx_settings *settings)
{
	plan_check(offload, frame);
	set_plan(parcel, &offload->plan, settings);
}

/* The parcel of what is in @offload->segment. */
static void set_segment(struct hvnet_parcel *parcel, struct hvnet_offload *offload,
			const struct hvnet_frame *frame, const struct hvnet_rx_settings *settings)
{
	struct hvnet_segment *segment = &offload->segment;

	parcel->head = segment->head;
	parcel->head_len = offload->gso.hdr_len;
	parcel->len = offload->gso.hdr_len + segment->payload;
	parcel->flags = offload->hash.flags;
	parcel->vlan_tci = 0;
	parcel->sum = NULL;
	hvnet_parcel_set_tag(parcel, frame->tag, settings);
	set_plan(parcel, &segment->plan, settings);
}

/**
 * hvnet_parcel_segment() - one segment of the packet, for one receiver
 * @parcel: to be filled in; still that of the segment before, unless this is the first
 * @offload: what is known of the frame, which is to be segmented
 * @frame: the frame
 * @index: the segment's number
 * @settings: the receiver's
 */
void hvnet_parcel_segment(struct hvnet_parcel *parcel, struct hvnet_offload *offload,
			  const struct hvnet_frame *frame, u32 index,
			  const struct hvnet_rx_settings *settings)
{
	hvnet_gso_segment(&offload->gso, index, &offload->segment);
	/* The one before may not have been copied, or not to its end. */
	parcel->reader = (struct hvnet_frame_reader){ .frame = frame };
	hvnet_frame_skip(&parcel->reader, offload->segment.from - offload->gso.hdr_len);
	parcel->gso_size = 0;
	parcel->frames = 1;
	set_segment(parcel, offload, frame, settings);
	parcel->bytes = parcel->len + (frame->tag ? VLAN_HLEN : 0);
	parcel->longest = parcel->bytes;
}

/**
 * hvnet_parcel_whole() - the packet in one piece, for a receiver that takes it
 * @parcel: to be filled in
 * @offload: what is known of the frame, which is to be segmented
 * @frame: the frame
 * @settings: the receiver's, with HVNET_RX_GRO
 */
void hvnet_parcel_whole(struct hvnet_parcel *parcel, struct hvnet_offload *offload,
			const struct hvnet_frame *frame, const struct hvnet_rx_settings *settings)
{
	const struct hvnet_gso *gso = &offload->gso;

	hvnet_gso_whole(gso, &offload->segment);
	parcel->reader = (struct hvnet_frame_reader){ .frame = frame };
	/* A single segment is an ordinary frame. */
	parcel->gso_size = gso->segments > 1 ? gso->gso_size : 0;
	parcel->frames = gso->segments;
	parcel->bytes = hvnet_offload_bytes(offload, frame);
	parcel->longest = gso->hdr_len + min_t(u32, gso->gso_size, gso->payload) +
			  (frame->tag ? VLAN_HLEN : 0);
	set_segment(parcel, offload, frame, settings);
}

/**
 * hvnet_parcel_judge() - fill in the checksum, or see whether it is right
 * @parcel: with a sum, and all copied but the head
 */
void hvnet_parcel_judge(struct hvnet_parcel *parcel)
{
	if (hvnet_csum_end(&parcel->run, parcel->plan, parcel->head) && parcel->tell)
		parcel->flags |= HVNET_RXC_CSUM_OK;
}

static noinline u16 sum_head(const struct hvnet_csum_plan *plan, const struct hvnet_frame *frame)
{
	struct hvnet_csum_run run;

	hvnet_csum_begin(&run, plan, frame->head, frame->head_len);
	return hvnet_csum_end(&run, plan, frame->head) ? HVNET_RXC_CSUM_OK : 0;
}

/**
 * hvnet_offload_judge_head() - hvnet_offload_head() for a frame that may have a checksum
 * @offload: what is known of the frame
 * @frame: the frame
 * @settings: the receiver's
 *
 * Return: what to tell the receiver of the checksum.
 */
u16 hvnet_offload_judge_head(struct hvnet_offload *offload, const struct hvnet_frame *frame,
			     const struct hvnet_rx_settings *settings)
{
	const struct hvnet_csum_plan *plan = &offload->plan;
	u16 tell = settings->features & HVNET_RX_CSUM ? HVNET_RXC_CSUM_OK : 0;
	u16 partial;

	plan_check(offload, frame);
	partial = hvnet_rx_partial(settings, plan);
	if (partial) {
		/* It may have been filled in for another receiver. */
		hvnet_csum_seed(plan, frame->head);
		return partial;
	}
	if (plan->action == HVNET_CSUM_NONE || (plan->action == HVNET_CSUM_CHECK && !tell))
		return 0;
	return sum_head(plan, frame) & tell;
}
