// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "segment.h"

/**
 * hvnet_gso_init() - check a packet that is to be segmented
 * @gso: to be filled in
 * @headers: found by hvnet_headers_parse_gso()
 * @head: private copy of the frame's start, with @hdr_len bytes at least
 * @len: bytes of the frame, more than @hdr_len
 * @hdr_len: where the sender says that the headers end, at most HVNET_TX_HEAD
 * @gso_size: bytes of payload of each segment, not 0
 *
 * Return: false if its headers are not those of a TCP or UDP packet, or do not end there, or if it
 * is longer than an IP packet can be.
 */
bool hvnet_gso_init(struct hvnet_gso *gso, const struct hvnet_headers *headers, const u8 *head,
		    u32 len, u16 hdr_len, u16 gso_size)
{
	u32 before = headers->l3 + (hvnet_headers_ip6(headers) ? HVNET_IP6_HLEN : 0);

	if (!headers->l4 || headers->payload != hdr_len || len - before > U16_MAX)
		return false;
	gso->head = head;
	gso->headers = headers;
	gso->payload = len - hdr_len;
	gso->gso_size = gso_size;
	gso->hdr_len = hdr_len;
	gso->segments = DIV_ROUND_UP(gso->payload, gso_size);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_gso_init);

static void set_ip4(const struct hvnet_gso *gso, u8 *ip, u32 index, u32 len)
{
	unsigned int ihl = ip[0] & 15;
	u16 id = get_unaligned_be16(ip + HVNET_IP4_ID);

	put_unaligned_be16(len, ip + HVNET_IP4_LEN);
	put_unaligned_be16(id + index, ip + HVNET_IP4_ID);
	put_unaligned(0, (u16 *)(ip + HVNET_IP4_CSUM));
	put_unaligned((__force u16)ip_fast_csum(ip, ihl), (u16 *)(ip + HVNET_IP4_CSUM));
}

static void set_tcp(const struct hvnet_gso *gso, u8 *tcp, u32 index)
{
	u32 seq = get_unaligned_be32(tcp + HVNET_TCP_SEQ);

	put_unaligned_be32(seq + index * gso->gso_size, tcp + HVNET_TCP_SEQ);
	if (index)
		tcp[HVNET_TCP_FLAGS] &= ~HVNET_TCP_CWR;
	if (index != gso->segments - 1)
		tcp[HVNET_TCP_FLAGS] &= ~(HVNET_TCP_FIN | HVNET_TCP_PSH);
}

/* Fit lengths and checksums to the payload. */
static void set_lengths(const struct hvnet_gso *gso, struct hvnet_segment *segment, u32 index)
{
	const struct hvnet_headers *headers = gso->headers;
	u32 len = gso->hdr_len + segment->payload;
	struct hvnet_csum_plan *plan = &segment->plan;
	u8 *head = segment->head;
	__wsum pseudo;

	if (hvnet_headers_ip6(headers))
		put_unaligned_be16(len - headers->l3 - HVNET_IP6_HLEN,
				   head + headers->l3 + HVNET_IP6_LEN);
	else
		set_ip4(gso, head + headers->l3, index, len - headers->l3);
	if (!hvnet_headers_tcp(headers))
		put_unaligned_be16(len - headers->l4, head + headers->l4 + HVNET_UDP_LEN);

	pseudo = hvnet_csum_pseudo(headers, head, len - headers->l4);
	plan->action = HVNET_CSUM_FILL;
	plan->good = true;
	plan->field = hvnet_headers_csum(headers);
	plan->seed = ~(__force u16)csum_fold(pseudo);
	plan->start = headers->l4;
	plan->end = len;
	plan->pseudo = 0;
	put_unaligned(plan->seed, (u16 *)(head + plan->field));
}

/**
 * hvnet_gso_segment() - make the headers of a segment
 * @gso: the packet
 * @index: number of the segment, below the number of segments
 * @segment: to be filled in
 */
void hvnet_gso_segment(const struct hvnet_gso *gso, u32 index, struct hvnet_segment *segment)
{
	u32 done = index * gso->gso_size;

	memcpy(segment->head, gso->head, gso->hdr_len);
	segment->from = gso->hdr_len + done;
	segment->payload = min_t(u32, gso->payload - done, gso->gso_size);
	if (hvnet_headers_tcp(gso->headers))
		set_tcp(gso, segment->head + gso->headers->l4, index);
	set_lengths(gso, segment, index);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_gso_segment);

/**
 * hvnet_gso_whole() - make the headers of the packet as a single one
 * @gso: the packet
 * @segment: to be filled in
 *
 * The checksum's field holds the sum of the pseudo header, as HVNET_RXC_CSUM_PARTIAL says.
 */
void hvnet_gso_whole(const struct hvnet_gso *gso, struct hvnet_segment *segment)
{
	memcpy(segment->head, gso->head, gso->hdr_len);
	segment->from = gso->hdr_len;
	segment->payload = gso->payload;
	set_lengths(gso, segment, 0);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_gso_whole);
