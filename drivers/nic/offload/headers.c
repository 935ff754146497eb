// SPDX-License-Identifier: GPL-2.0
/*
 * Headers of a frame.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/minmax.h>
#include <linux/unaligned.h>

#include "headers.h"

/* Tags and IPv6 extension headers of one frame that are looked at. */
#define MAX_TAGS	2
#define MAX_EXT		4

#define IP4_FRAGMENT	0x3fff	/* more fragments, and the offset */

/*
 * How far one may look, in bytes from the frame's start: @avail are there to be seen, the frame has
 * @len, the IP packet ends at @end.  A copy for each caller, so that all of it stays in registers.
 */
struct reach {
	u32 avail;
	u32 len;
	u32 end;
	bool gso;
};

static __always_inline void parse_tcp(struct hvnet_headers *headers, const u8 *head,
				      struct reach reach, u32 l4)
{
	u32 payload;

	if (l4 + HVNET_TCP_HLEN > min(reach.avail, reach.end))
		return;
	payload = l4 + (head[l4 + HVNET_TCP_DOFF] >> 4) * 4;
	if (payload < l4 + HVNET_TCP_HLEN || payload > reach.end)
		return;
	headers->l4 = l4;
	headers->payload = payload;
	headers->l4_end = reach.end;
	headers->tcp_flags = head[l4 + HVNET_TCP_FLAGS];
	headers->flow += HVNET_FLOW_TCP4 - HVNET_FLOW_IP4;
}

static __always_inline void parse_udp(struct hvnet_headers *headers, const u8 *head,
				      struct reach reach, u32 l4)
{
	u32 end = reach.end;

	if (l4 + HVNET_UDP_HLEN > min(reach.avail, reach.end))
		return;
	if (!reach.gso)
		end = l4 + get_unaligned_be16(head + l4 + HVNET_UDP_LEN);
	if (end < l4 + HVNET_UDP_HLEN || end > reach.end)
		return;
	headers->l4 = l4;
	headers->payload = l4 + HVNET_UDP_HLEN;
	headers->l4_end = end;
	headers->flow += HVNET_FLOW_UDP4 - HVNET_FLOW_IP4;
}

/* Returns where the transport header starts, or 0. */
static __always_inline u32 parse_ip4(struct hvnet_headers *headers, const u8 *head,
				     struct reach *reach, u32 l3)
{
	u32 hlen;

	if (l3 + HVNET_IP4_HLEN > reach->avail || head[l3] >> 4 != 4)
		return 0;
	hlen = (head[l3] & 15) * 4;
	reach->end = reach->gso ? reach->len :
				  l3 + get_unaligned_be16(head + l3 + HVNET_IP4_LEN);
	if (hlen < HVNET_IP4_HLEN || l3 + hlen > reach->end || reach->end > reach->len)
		return 0;

	headers->l3 = l3;
	headers->flow = HVNET_FLOW_IP4;
	headers->proto = head[l3 + HVNET_IP4_PROTO];
	headers->fragment = get_unaligned_be16(head + l3 + HVNET_IP4_FRAG) & IP4_FRAGMENT;
	return headers->fragment ? 0 : l3 + hlen;
}

static bool is_ext(u8 proto)
{
	return proto == IPPROTO_HOPOPTS || proto == IPPROTO_ROUTING ||
	       proto == IPPROTO_FRAGMENT || proto == IPPROTO_DSTOPTS;
}

/*
 * Skip extension headers from @at on.  Returns where the transport header starts, or 0 if it is out
 * of reach: behind a route that is not at its end the checksum is for another destination than the
 * packet's.
 */
static noinline u32 skip_ext(struct hvnet_headers *headers, const u8 *head, u32 end, u32 at)
{
	unsigned int i;

	for (i = 0; is_ext(headers->proto); i++) {
		const u8 *ext = head + at;

		if (i == MAX_EXT || at + 8 > end)
			return 0;
		if (headers->proto == IPPROTO_FRAGMENT) {
			headers->fragment = true;
			headers->proto = ext[0];
			return 0;
		}
		if (headers->proto == IPPROTO_ROUTING && ext[3])
			return 0;
		headers->proto = ext[0];
		at += (ext[1] + 1) * 8;
	}
	return at;
}

static __always_inline u32 parse_ip6(struct hvnet_headers *headers, const u8 *head,
				     struct reach *reach, u32 l3)
{
	u32 l4 = l3 + HVNET_IP6_HLEN;

	if (l4 > reach->avail || head[l3] >> 4 != 6)
		return 0;
	reach->end = reach->gso ? reach->len :
				  l4 + get_unaligned_be16(head + l3 + HVNET_IP6_LEN);
	if (reach->end > reach->len)
		return 0;

	headers->l3 = l3;
	headers->flow = HVNET_FLOW_IP6;
	headers->proto = head[l3 + HVNET_IP6_PROTO];
	if (likely(!is_ext(headers->proto)))
		return l4;
	return skip_ext(headers, head, min(reach->avail, reach->end), l4);
}

static __always_inline void parse_l4(struct hvnet_headers *headers, const u8 *head,
				     struct reach reach, u32 l4)
{
	if (headers->proto == IPPROTO_TCP)
		parse_tcp(headers, head, reach, l4);
	else if (headers->proto == IPPROTO_UDP)
		parse_udp(headers, head, reach, l4);
}

/* What is not IPv4 without tags. */
static noinline void parse_other(struct hvnet_headers *headers, const u8 *head,
				 struct reach reach, u16 type)
{
	u32 l3 = ETH_HLEN, l4 = 0;
	unsigned int i;

	for (i = 0; type == ETH_P_8021Q || type == ETH_P_8021AD; i++) {
		l3 += VLAN_HLEN;
		if (i == MAX_TAGS || l3 > reach.avail)
			return;
		type = get_unaligned_be16(head + l3 - 2);
	}
	if (type == ETH_P_IP)
		l4 = parse_ip4(headers, head, &reach, l3);
	else if (type == ETH_P_IPV6)
		l4 = parse_ip6(headers, head, &reach, l3);
	if (l4)
		parse_l4(headers, head, reach, l4);
}

static __always_inline void parse(struct hvnet_headers *headers, const u8 *head,
				  struct reach reach)
{
	u16 type;
	u32 l4;

	*headers = (struct hvnet_headers){};
	if (reach.avail < ETH_HLEN)
		return;
	type = get_unaligned_be16(head + ETH_HLEN - 2);
	if (type != ETH_P_IP) {
		parse_other(headers, head, reach, type);
		return;
	}
	l4 = parse_ip4(headers, head, &reach, ETH_HLEN);
	if (l4)
		parse_l4(headers, head, reach, l4);
}

/**
 * hvnet_headers_parse() - find the headers of a frame
 * @headers: to be filled in
 * @head: private copy of the frame's start
 * @avail: bytes of it, at most @len
 * @len: bytes of the frame
 */
void hvnet_headers_parse(struct hvnet_headers *headers, const u8 *head, u32 avail, u32 len)
{
	parse(headers, head, (struct reach){ .avail = avail, .len = len });
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_headers_parse);

/**
 * hvnet_headers_parse_gso() - find the headers of a frame that is to be segmented
 * @headers: to be filled in
 * @head: private copy of the frame's start
 * @avail: bytes of it, at most @len
 * @len: bytes of the frame
 *
 * Lengths in the headers mean nothing: the packet ends with the frame.
 */
void hvnet_headers_parse_gso(struct hvnet_headers *headers, const u8 *head, u32 avail, u32 len)
{
	parse(headers, head, (struct reach){ .avail = avail, .len = len, .gso = true });
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_headers_parse_gso);
