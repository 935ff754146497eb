/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets for tests, built and checked with the kernel's own checksum functions.
 *
 * Memory that is given to the cores is as long as they are told and no longer, for KASAN to see
 * them reach out.
 */
#ifndef HVNET_KUNIT_PACKET_H
#define HVNET_KUNIT_PACKET_H

#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <net/ip6_checksum.h>

#include <hvnet/abi/queue.h>

#include "../drivers/nic/offload/checksum.h"
#include "../drivers/nic/offload/headers.h"

#define HEAD		HVNET_TX_HEAD
#define TCP		IPPROTO_TCP
#define UDP		IPPROTO_UDP
#define HBH		IPPROTO_HOPOPTS
#define RTG		IPPROTO_ROUTING
#define FRG		IPPROTO_FRAGMENT
#define DST		IPPROTO_DSTOPTS

/* Bytes that the longest headers of a packet here take, and a short payload. */
#define MAX_HEADERS	256

static inline u8 *get_memory(struct kunit *test, size_t len)
{
	u8 *memory = kunit_kzalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, memory);
	return memory;
}

static inline void put_bytes(u8 *to, size_t len, u32 seed)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = (seed + i) * 167 + i / 256 + 1;
}

/*
 * A packet.  Zeros mean a good header, whose @ihl and @doff are in words; @ext are extension
 * headers of 8 bytes.  Lengths in headers are off by what is told.
 */
struct packet {
	u8 tags;
	u8 version;
	u8 ihl;
	u8 exts;
	u8 ext[5];
	u8 route_left;
	u8 proto;
	u8 doff;
	u8 tcp_flags;
	u16 frag;
	s16 ip_off;
	s16 udp_off;
	u16 trailer;
	u16 type;
	u32 payload;
};

static inline u32 l4_header(const struct packet *p)
{
	if (p->proto == TCP)
		return max_t(u32, p->doff ?: 5, 5) * 4;
	return p->proto == UDP ? 8 : 0;
}

static inline u8 *put_ext(u8 *at, const struct packet *p, u8 *next)
{
	unsigned int i;

	for (i = 0; i < p->exts; i++, at += 8) {
		*next = p->ext[i];
		next = at;
		memset(at, 0, 8);
		at[3] = p->ext[i] == RTG ? p->route_left : 0;
	}
	*next = p->proto;
	return at;
}

static inline u8 *put_ip(u8 *at, const struct packet *p)
{
	u32 l4_len = l4_header(p) + p->payload;

	memset(at, 0, 60);
	if (p->version == 4) {
		struct iphdr *ip = (struct iphdr *)at;
		u32 hlen = max_t(u32, p->ihl ?: 5, 5) * 4;

		at[0] = 0x40 | (p->ihl ?: 5);
		ip->tot_len = cpu_to_be16(hlen + l4_len + p->ip_off);
		ip->id = cpu_to_be16(0xfffe);
		ip->frag_off = cpu_to_be16(p->frag);
		ip->ttl = 64;
		ip->protocol = p->proto;
		ip->saddr = cpu_to_be32(0xc0a80107);
		ip->daddr = cpu_to_be32(0x0afffe02);
		ip->check = ip_fast_csum(ip, hlen / 4);
		return at + hlen;
	}
	at[0] = 0x60;
	put_unaligned_be16(8 * p->exts + l4_len + p->ip_off, at + HVNET_IP6_LEN);
	put_bytes(at + HVNET_IP6_ADDRS, 32, 3);
	return put_ext(at + HVNET_IP6_HLEN, p, at + HVNET_IP6_PROTO);
}

static inline u16 l4_checksum(const u8 *ip, u8 version, u8 proto, const u8 *l4, u32 len)
{
	__wsum sum = csum_partial(l4, len, 0);

	if (version == 4) {
		const struct iphdr *ip4 = (const struct iphdr *)ip;

		return (__force u16)csum_tcpudp_magic(ip4->saddr, ip4->daddr, len, proto, sum);
	}
	return (__force u16)csum_ipv6_magic(&((const struct ipv6hdr *)ip)->saddr,
					    &((const struct ipv6hdr *)ip)->daddr, len, proto, sum);
}

static inline __sum16 *l4_field(u8 *l4, u8 proto)
{
	return proto == TCP ? &((struct tcphdr *)l4)->check : &((struct udphdr *)l4)->check;
}

static inline void put_l4(u8 *l4, const struct packet *p)
{
	put_unaligned_be16(2794, l4);
	put_unaligned_be16(1766, l4 + 2);
	if (p->proto == TCP) {
		put_unaligned_be32(0xfffffc00, l4 + HVNET_TCP_SEQ);
		l4[HVNET_TCP_DOFF] = (p->doff ?: 5) << 4;
		l4[HVNET_TCP_FLAGS] = p->tcp_flags;
	} else {
		put_unaligned_be16(8 + p->payload + p->udp_off, l4 + HVNET_UDP_LEN);
	}
}

/* Build a frame; returns its length.  @at has room for all of it. */
static inline u32 build(u8 *at, const struct packet *p)
{
	u8 *start = at, *ip, *l4;
	unsigned int i;
	u16 csum;
	u32 len;

	put_bytes(at, 2 * ETH_ALEN, 1);
	at += 2 * ETH_ALEN;
	for (i = 0; i < p->tags; i++, at += VLAN_HLEN)
		put_unaligned_be32(ETH_P_8021Q << 16 | (5 + i), at);
	put_unaligned_be16(p->type ?: p->version == 4 ? ETH_P_IP : ETH_P_IPV6, at);
	ip = at + 2;
	l4 = put_ip(ip, p);
	put_bytes(l4, l4_header(p) + p->payload + p->trailer, 9);
	if (p->proto == TCP || p->proto == UDP) {
		put_l4(l4, p);
		*l4_field(l4, p->proto) = 0;
		len = l4_header(p) + p->payload;
		if (p->proto == UDP)
			len += p->udp_off;
		csum = l4_checksum(ip, p->version, p->proto, l4, len) ?: 0xffff;
		*l4_field(l4, p->proto) = (__force __sum16)csum;
	}
	return l4 + l4_header(p) + p->payload + p->trailer - start;
}

/*
 * Deliver a frame as the adapter does: what follows the head in pieces, then the head.  The
 * sender's and the receiver's memory are at any alignment.
 */
static inline bool deliver(const struct hvnet_csum_plan *plan, u8 *head, u32 head_len, u8 *to,
			   const u8 *tail, u32 tail_len, u32 piece)
{
	struct hvnet_csum_run run;
	u32 done, n;
	bool ok;

	hvnet_csum_begin(&run, plan, head, head_len);
	for (done = 0; done < tail_len; done += n) {
		n = min(piece, tail_len - done);
		hvnet_csum_copy(&run, to + head_len + done, tail + done, n);
	}
	ok = hvnet_csum_end(&run, plan, head);
	memcpy(to, head, head_len);
	return ok;
}

#endif
