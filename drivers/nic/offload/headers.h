/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Headers of a frame, found in one pass over the copy of its head.
 *
 * Everything here comes from a sender that may be hostile.  What is told lies inside the bytes that
 * were given; a length that a header states is believed only if the frame is that long.
 */
#ifndef HVNET_NIC_OFFLOAD_HEADERS_H
#define HVNET_NIC_OFFLOAD_HEADERS_H

#include <linux/types.h>

enum hvnet_flow {
	HVNET_FLOW_NONE,	/* not IP, or not as it should be */
	HVNET_FLOW_IP4,
	HVNET_FLOW_TCP4,
	HVNET_FLOW_UDP4,
	HVNET_FLOW_IP6,
	HVNET_FLOW_TCP6,
	HVNET_FLOW_UDP6,
};

/* Where things are in the headers. */
#define HVNET_IP4_LEN		2
#define HVNET_IP4_ID		4
#define HVNET_IP4_FRAG		6
#define HVNET_IP4_PROTO		9
#define HVNET_IP4_CSUM		10
#define HVNET_IP4_ADDRS		12
#define HVNET_IP4_HLEN		20
#define HVNET_IP6_LEN		4
#define HVNET_IP6_PROTO		6
#define HVNET_IP6_ADDRS		8
#define HVNET_IP6_HLEN		40
#define HVNET_TCP_SEQ		4
#define HVNET_TCP_DOFF		12
#define HVNET_TCP_FLAGS		13
#define HVNET_TCP_CSUM		16
#define HVNET_TCP_HLEN		20
#define HVNET_UDP_LEN		4
#define HVNET_UDP_CSUM		6
#define HVNET_UDP_HLEN		8

#define HVNET_TCP_FIN		0x01
#define HVNET_TCP_PSH		0x08
#define HVNET_TCP_CWR		0x80

/**
 * struct hvnet_headers - where a frame's headers are
 * @l4_end: where what the transport checksum covers ends, at most the frame's length
 * @l3: where the IP header starts, or 0
 * @l4: where the TCP or UDP header starts; 0 in all other flows
 * @payload: where it ends
 * @flow: &enum hvnet_flow
 * @proto: last protocol number that was seen
 * @tcp_flags: byte of TCP's flags
 * @fragment: the packet is a fragment, which has no @l4
 */
struct hvnet_headers {
	u32 l4_end;
	u16 l3;
	u16 l4;
	u16 payload;
	u8 flow;
	u8 proto;
	u8 tcp_flags;
	bool fragment;
};

void hvnet_headers_parse(struct hvnet_headers *headers, const u8 *head, u32 avail, u32 len);
void hvnet_headers_parse_gso(struct hvnet_headers *headers, const u8 *head, u32 avail, u32 len);

static inline bool hvnet_headers_ip6(const struct hvnet_headers *headers)
{
	return headers->flow >= HVNET_FLOW_IP6;
}

static inline bool hvnet_headers_tcp(const struct hvnet_headers *headers)
{
	return headers->flow == HVNET_FLOW_TCP4 || headers->flow == HVNET_FLOW_TCP6;
}

/* Where the field of the transport checksum is, of a packet with @l4. */
static inline u32 hvnet_headers_csum(const struct hvnet_headers *headers)
{
	return headers->l4 + (hvnet_headers_tcp(headers) ? HVNET_TCP_CSUM : HVNET_UDP_CSUM);
}

#endif
