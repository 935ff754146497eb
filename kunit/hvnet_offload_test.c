// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the adapter's offloads.
 *
 * Packets are built and checked here with the kernel's own checksum functions.  Memory that is
 * given to the cores is as long as they are told and no longer, for KASAN to see them reach out.
 */
#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip6_checksum.h>

#include "../drivers/nic/offload/checksum.h"
#include "../drivers/nic/offload/headers.h"
#include "../drivers/nic/offload/request.h"
#include "../drivers/nic/offload/rss.h"
#include "../drivers/nic/offload/segment.h"
#include "../drivers/nic/offload/settings.h"
#include "../drivers/nic/offload/vlan.h"
#include "../drivers/nic/rss_share.h"

#define HEAD		HVNET_TX_HEAD
#define MAX_FRAME	9618
#define MAX_TAIL	400
#define TCP		IPPROTO_TCP
#define UDP		IPPROTO_UDP
#define HBH		IPPROTO_HOPOPTS
#define RTG		IPPROTO_ROUTING
#define FRG		IPPROTO_FRAGMENT
#define DST		IPPROTO_DSTOPTS

static u8 *get_memory(struct kunit *test, size_t len)
{
	u8 *memory = kunit_kzalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, memory);
	return memory;
}

static void put_bytes(u8 *to, size_t len, u32 seed)
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

static u32 l4_header(const struct packet *p)
{
	if (p->proto == TCP)
		return max_t(u32, p->doff ?: 5, 5) * 4;
	return p->proto == UDP ? 8 : 0;
}

static u8 *put_ext(u8 *at, const struct packet *p, u8 *next)
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

static u8 *put_ip(u8 *at, const struct packet *p)
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

static u16 l4_checksum(const u8 *ip, u8 version, u8 proto, const u8 *l4, u32 len)
{
	__wsum sum = csum_partial(l4, len, 0);

	if (version == 4) {
		const struct iphdr *ip4 = (const struct iphdr *)ip;

		return (__force u16)csum_tcpudp_magic(ip4->saddr, ip4->daddr, len, proto, sum);
	}
	return (__force u16)csum_ipv6_magic(&((const struct ipv6hdr *)ip)->saddr,
					    &((const struct ipv6hdr *)ip)->daddr, len, proto, sum);
}

static __sum16 *l4_field(u8 *l4, u8 proto)
{
	return proto == TCP ? &((struct tcphdr *)l4)->check : &((struct udphdr *)l4)->check;
}

static void put_l4(u8 *l4, const struct packet *p)
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
static u32 build(u8 *at, const struct packet *p)
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

#define MAX_HEADERS	256

struct headers_case {
	const char *name;
	struct packet packet;
	/* Bytes taken away at the end, and from the head. */
	u32 cut, hidden;
	u8 flow;
	u16 l3, l4, payload;
	bool fragment;
};

static const struct headers_case headers_cases[] = {
	{ "TCP over IPv4", { .version = 4, .proto = TCP, .payload = 6 }, 0, 0,
	  HVNET_FLOW_TCP4, 14, 34, 54 },
	{ "UDP over IPv4", { .version = 4, .proto = UDP, .payload = 6 }, 0, 0,
	  HVNET_FLOW_UDP4, 14, 34, 42 },
	{ "TCP over IPv6", { .version = 6, .proto = TCP, .payload = 6 }, 0, 0,
	  HVNET_FLOW_TCP6, 14, 54, 74 },
	{ "UDP over IPv6", { .version = 6, .proto = UDP, .payload = 6 }, 0, 0,
	  HVNET_FLOW_UDP6, 14, 54, 62 },
	{ "SCTP over IPv4", { .version = 4, .proto = 132, .payload = 40 }, 0, 0,
	  HVNET_FLOW_IP4, 14 },
	{ "ICMP over IPv6", { .version = 6, .proto = 58, .payload = 40 }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
	{ "no payload", { .version = 4, .proto = TCP }, 0, 0, HVNET_FLOW_TCP4, 14, 34, 54 },
	{ "one tag", { .tags = 1, .version = 4, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP4, 18, 38, 58 },
	{ "two tags", { .tags = 2, .version = 6, .proto = UDP }, 0, 0,
	  HVNET_FLOW_UDP6, 22, 62, 70 },
	{ "three tags", { .tags = 3, .version = 4, .proto = TCP } },
	{ "tag at the end", { .tags = 1, .version = 4, .proto = TCP }, 42 },
	{ "ARP", { .type = ETH_P_ARP, .version = 4, .proto = TCP } },
	{ "IPv6 in an IPv4 type", { .type = ETH_P_IP, .version = 6, .proto = TCP } },
	{ "IPv4 in an IPv6 type", { .type = ETH_P_IPV6, .version = 4, .proto = TCP,
				    .payload = 40 } },
	{ "IPv4 options", { .version = 4, .ihl = 15, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP4, 14, 74, 94 },
	{ "IPv4 options out of reach", { .version = 4, .ihl = 15, .proto = TCP }, 0, 20,
	  HVNET_FLOW_IP4, 14 },
	{ "IPv4 header of 4 words", { .version = 4, .ihl = 4, .proto = TCP } },
	{ "IPv4 header of one word", { .version = 4, .ihl = 1, .proto = TCP } },
	{ "IPv4 shorter than its header", { .version = 4, .proto = UDP, .ip_off = -9 } },
	{ "IPv4 longer than the frame", { .version = 4, .proto = TCP, .ip_off = 1 } },
	{ "IPv4 cut", { .version = 4, .proto = TCP, .payload = 9 }, 1 },
	{ "IPv4 header cut", { .version = 4, .proto = TCP }, 21 },
	{ "IPv6 longer than the frame", { .version = 6, .proto = TCP, .ip_off = 1 } },
	{ "IPv6 of 64 KiB", { .version = 6, .proto = UDP, .ip_off = -9 } },
	{ "IPv6 header cut", { .version = 6, .proto = TCP }, 21 },
	{ "Ethernet header cut", { .version = 4, .proto = TCP }, 41 },
	{ "TCP header behind the packet's end", { .version = 4, .proto = TCP, .ip_off = -1 }, 0, 0,
	  HVNET_FLOW_IP4, 14 },
	{ "TCP header out of reach", { .version = 4, .proto = TCP }, 0, 1, HVNET_FLOW_IP4, 14 },
	{ "TCP options", { .version = 4, .proto = TCP, .doff = 15 }, 0, 0,
	  HVNET_FLOW_TCP4, 14, 34, 94 },
	{ "TCP options out of reach", { .version = 4, .proto = TCP, .doff = 15 }, 0, 40,
	  HVNET_FLOW_TCP4, 14, 34, 94 },
	{ "TCP header of 4 words", { .version = 4, .proto = TCP, .doff = 4 }, 0, 0,
	  HVNET_FLOW_IP4, 14 },
	{ "TCP header longer than the packet",
	  { .version = 4, .proto = TCP, .doff = 6, .ip_off = -1 }, 0, 0, HVNET_FLOW_IP4, 14 },
	{ "UDP shorter than the packet",
	  { .version = 4, .proto = UDP, .payload = 9, .udp_off = -3 },
	  0, 0, HVNET_FLOW_UDP4, 14, 34, 42 },
	{ "UDP longer than the packet", { .version = 4, .proto = UDP, .udp_off = 1, .trailer = 9 },
	  0, 0, HVNET_FLOW_IP4, 14 },
	{ "UDP of 7 bytes", { .version = 4, .proto = UDP, .udp_off = -1 }, 0, 0,
	  HVNET_FLOW_IP4, 14 },
	{ "UDP of no length", { .version = 6, .proto = UDP, .udp_off = -8 }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
	{ "padding", { .version = 4, .proto = UDP, .trailer = 18 }, 0, 0,
	  HVNET_FLOW_UDP4, 14, 34, 42 },
	{ "first fragment", { .version = 4, .proto = UDP, .frag = 0x2000 }, 0, 0,
	  HVNET_FLOW_IP4, 14, 0, 0, true },
	{ "last fragment", { .version = 4, .proto = UDP, .frag = 0x0001 }, 0, 0,
	  HVNET_FLOW_IP4, 14, 0, 0, true },
	{ "not to be fragmented", { .version = 4, .proto = UDP, .frag = 0x4000 }, 0, 0,
	  HVNET_FLOW_UDP4, 14, 34, 42 },
	{ "options of each hop",
	  { .version = 6, .exts = 2, .ext = { HBH, DST }, .proto = UDP }, 0, 0,
	  HVNET_FLOW_UDP6, 14, 70, 78 },
	{ "options of the destination",
	  { .version = 6, .exts = 1, .ext = { DST }, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP6, 14, 62, 82 },
	{ "as many headers as may be",
	  { .version = 6, .exts = 4, .ext = { HBH, DST, RTG, DST }, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP6, 14, 86, 106 },
	{ "too many headers",
	  { .version = 6, .exts = 5, .ext = { DST, DST, DST, DST, DST }, .proto = UDP }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
	{ "route at its end", { .version = 6, .exts = 1, .ext = { RTG }, .proto = TCP }, 0, 0,
	  HVNET_FLOW_TCP6, 14, 62, 82 },
	{ "route", { .version = 6, .exts = 1, .ext = { RTG }, .route_left = 1, .proto = TCP }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
	{ "fragment of IPv6", { .version = 6, .exts = 1, .ext = { FRG }, .proto = UDP }, 0, 0,
	  HVNET_FLOW_IP6, 14, 0, 0, true },
	{ "fragment behind options",
	  { .version = 6, .exts = 2, .ext = { DST, FRG }, .proto = UDP }, 0, 0,
	  HVNET_FLOW_IP6, 14, 0, 0, true },
	{ "header out of reach", { .version = 6, .exts = 1, .ext = { DST }, .proto = UDP }, 0, 9,
	  HVNET_FLOW_IP6, 14 },
	{ "header behind the packet's end",
	  { .version = 6, .exts = 1, .ext = { DST }, .ip_off = -9, .proto = UDP }, 0, 0,
	  HVNET_FLOW_IP6, 14 },
};

KUNIT_ARRAY_PARAM_DESC(headers, headers_cases, name);

static void headers_are_found(struct kunit *test)
{
	const struct headers_case *c = test->param_value;
	u8 *frame = get_memory(test, MAX_HEADERS);
	u32 len = build(frame, &c->packet) - c->cut;
	u32 avail = min(len, HEAD) - c->hidden;
	struct hvnet_headers headers;
	u8 *head = get_memory(test, avail);

	memcpy(head, frame, avail);
	memset(&headers, 0xa5, sizeof(headers));
	hvnet_headers_parse(&headers, head, avail, len);
	KUNIT_EXPECT_EQ(test, headers.flow, c->flow);
	KUNIT_EXPECT_EQ(test, headers.l3, c->l3);
	KUNIT_EXPECT_EQ(test, headers.l4, c->l4);
	KUNIT_EXPECT_EQ(test, headers.payload, c->payload);
	KUNIT_EXPECT_EQ(test, headers.fragment, c->fragment);
	if (c->l4)
		KUNIT_EXPECT_EQ(test, headers.l4_end,
				len - c->packet.trailer + c->packet.udp_off);
}

static void expect_sound(struct kunit *test, const struct hvnet_headers *headers, u32 avail,
			 u32 len)
{
	u32 hlen = hvnet_headers_tcp(headers) ? 20 : 8;

	KUNIT_ASSERT_LE(test, headers->flow, HVNET_FLOW_UDP6);
	KUNIT_ASSERT_EQ(test, !headers->l3, headers->flow == HVNET_FLOW_NONE);
	if (headers->l3)
		KUNIT_ASSERT_LE(test, headers->l3 + (hvnet_headers_ip6(headers) ? 40 : 20), avail);
	KUNIT_ASSERT_EQ(test, !headers->l4, headers->flow == HVNET_FLOW_NONE ||
			headers->flow == HVNET_FLOW_IP4 || headers->flow == HVNET_FLOW_IP6);
	if (!headers->l4)
		return;
	KUNIT_ASSERT_FALSE(test, headers->fragment);
	KUNIT_ASSERT_GE(test, headers->l4, headers->l3 + 20);
	KUNIT_ASSERT_LE(test, headers->l4 + hlen, avail);
	KUNIT_ASSERT_GE(test, headers->payload, headers->l4 + hlen);
	KUNIT_ASSERT_LE(test, headers->payload, headers->l4_end);
	KUNIT_ASSERT_LE(test, headers->l4_end, len);
}

/* Any bytes may come: what is found lies within, and nothing beyond them is looked at. */
static void headers_may_be_hostile(struct kunit *test)
{
	struct hvnet_rss_parts *parts = (struct hvnet_rss_parts *)get_memory(test, sizeof(*parts));
	u8 *frame = get_memory(test, MAX_HEADERS), *head;
	struct hvnet_admin_rss args = { .fields = cpu_to_le16(0x3f) };
	struct hvnet_csum_plan plan;
	struct hvnet_rss_hash hash;
	struct hvnet_headers headers;
	struct hvnet_rss rss;
	struct rnd_state rnd;
	unsigned int i, j;
	u32 len, avail;

	prandom_seed_state(&rnd, 20240607);
	hvnet_rss_parts_init(parts, args.key);
	hvnet_rss_init(&rss, &args, parts);
	for (i = 0; i < 2000; i++) {
		const struct headers_case *c;

		c = &headers_cases[prandom_u32_state(&rnd) % ARRAY_SIZE(headers_cases)];
		memset(frame, 0, MAX_HEADERS);
		len = build(frame, &c->packet);
		for (j = prandom_u32_state(&rnd) % 4; j; j--)
			frame[12 + prandom_u32_state(&rnd) % 60] = prandom_u32_state(&rnd);
		avail = prandom_u32_state(&rnd) % (min(len, HEAD) + 1);
		if (i & 1)
			avail = min(len, HEAD);
		head = kmemdup(frame, avail, GFP_KERNEL);
		if (i % 3)
			hvnet_headers_parse(&headers, head, avail, len);
		else
			hvnet_headers_parse_gso(&headers, head, avail, len);
		expect_sound(test, &headers, avail, len);
		hvnet_csum_plan_check(&plan, &headers, head);
		hvnet_rss_hash(&rss, &headers, head, &hash);
		kfree(head);
	}
}

/*
 * Deliver a frame as the adapter does: what follows the head in pieces, then the head.  The
 * sender's and the receiver's memory are at any alignment.
 */
static bool deliver(const struct hvnet_csum_plan *plan, u8 *head, u32 head_len, u8 *to,
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

/*
 * Pieces of every kind, from and to every alignment, with every remainder that loops over words
 * may leave.
 */
static void checksum_is_filled_in(struct kunit *test)
{
	static const u32 pieces[] = { 1, 2, 3, 7, 8, 13, 64, 1000 };
	u8 *from = get_memory(test, HEAD + MAX_TAIL + 8);
	u8 *to = get_memory(test, HEAD + MAX_TAIL + 8);
	u8 *want = get_memory(test, HEAD + MAX_TAIL);
	struct hvnet_headers headers = {};
	struct hvnet_csum_plan plan;
	const u8 *frame;
	u32 tail, start, i;
	u8 head[HEAD], *at;
	__sum16 sum;

	for (tail = 0; tail <= MAX_TAIL; tail += tail < 33 ? 1 : 61) {
		put_bytes(from, HEAD + tail + 8, tail);
		for (i = 0; i < ARRAY_SIZE(pieces); i++) {
			frame = from + (tail + i) % 8;
			at = to + (tail / 8 + 3 * i) % 8;
			start = 14 + (tail + i) % 3;
			memcpy(want, frame, HEAD + tail);
			sum = csum_fold(csum_partial(want + start, HEAD + tail - start, 0));
			put_unaligned(sum ?: CSUM_MANGLED_0, (__sum16 *)(want + start + 16));
			memcpy(head, frame, HEAD);
			hvnet_csum_plan_fill(&plan, &headers, head, HEAD + tail, start, 16);
			KUNIT_ASSERT_FALSE(test, deliver(&plan, head, HEAD, at, frame + HEAD, tail,
							 pieces[i]));
			KUNIT_ASSERT_EQ_MSG(test, memcmp(at, want, HEAD + tail), 0,
					    "tail %u, pieces of %u", tail, pieces[i]);
		}
	}
}

static const struct packet csum_packets[] = {
	{ .version = 4, .proto = TCP },
	{ .version = 4, .proto = UDP },
	{ .version = 6, .proto = TCP },
	{ .version = 6, .proto = UDP },
	{ .version = 4, .proto = TCP, .ihl = 6, .doff = 8 },
	{ .version = 6, .proto = TCP, .exts = 1, .ext = { DST }, .doff = 8 },
	{ .version = 4, .proto = UDP, .tags = 1 },
};

static void checksum_is_judged(struct kunit *test)
{
	u8 *from = get_memory(test, HEAD + MAX_TAIL);
	u8 *to = get_memory(test, HEAD + MAX_TAIL);
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;
	unsigned int i, payload;
	u32 len, head_len, at;
	u8 head[HEAD];
	bool ok;

	for (i = 0; i < ARRAY_SIZE(csum_packets); i++) {
		for (payload = 0; payload < 250; payload += payload < 37 ? 1 : 17) {
			struct packet packet = csum_packets[i];

			packet.payload = payload;
			packet.trailer = payload % 5;
			if (packet.proto == UDP && payload > 20)
				packet.udp_off = -(int)(payload % 7);
			len = build(from, &packet);
			head_len = min(len, payload & 1 ? 90 : HEAD);
			memcpy(head, from, head_len);
			hvnet_headers_parse(&headers, head, head_len, len);
			hvnet_csum_plan_check(&plan, &headers, head);
			KUNIT_ASSERT_EQ(test, plan.action, HVNET_CSUM_CHECK);
			ok = deliver(&plan, head, head_len, to, from + head_len, len - head_len,
				     1 + payload % 37);
			KUNIT_ASSERT_TRUE_MSG(test, ok, "packet %u, payload %u", i, payload);
			KUNIT_ASSERT_EQ(test, memcmp(to, from, len), 0);

			/* One wrong bit in what is covered, or anywhere else. */
			at = headers.l4 + (payload * 7) % (len - headers.l4);
			if (at >= headers.payload) {
				from[at] ^= 1 << (payload % 8);
				ok = deliver(&plan, head, head_len, to, from + head_len,
					     len - head_len, 31);
				KUNIT_ASSERT_EQ(test, ok, at < head_len || at >= headers.l4_end);
			}
		}
	}
}

struct judge_case {
	const char *name;
	struct packet packet;
	/* What to write there, in the whole frame. */
	u16 at;
	u16 val;
	u8 action;
	bool ok;
};

static const struct judge_case judge_cases[] = {
	{ "good", { .version = 4, .proto = TCP, .payload = 5 }, 0, 0, HVNET_CSUM_CHECK, true },
	{ "bad", { .version = 4, .proto = TCP, .payload = 5 }, 50, 0x1234, HVNET_CSUM_CHECK },
	{ "none in UDP", { .version = 4, .proto = UDP, .payload = 5 }, 40, 0, HVNET_CSUM_NONE },
	{ "none in UDP over IPv6", { .version = 6, .proto = UDP, .payload = 5 }, 60, 0,
	  HVNET_CSUM_NONE },
	{ "zero in TCP", { .version = 4, .proto = TCP, .payload = 5 }, 50, 0, HVNET_CSUM_CHECK },
	{ "other address", { .version = 4, .proto = TCP, .payload = 5 }, 26, 0x0101,
	  HVNET_CSUM_CHECK },
	{ "other address of IPv6", { .version = 6, .proto = TCP, .payload = 5 }, 52, 0x0101,
	  HVNET_CSUM_CHECK },
	{ "fragment", { .version = 4, .proto = UDP, .frag = 0x2000, .payload = 5 }, 0, 0,
	  HVNET_CSUM_NONE },
	{ "fragment of IPv6",
	  { .version = 6, .proto = UDP, .exts = 1, .ext = { FRG }, .payload = 5 }, 0, 0,
	  HVNET_CSUM_NONE },
	{ "other protocol", { .version = 4, .proto = 132, .payload = 40 }, 0, 0, HVNET_CSUM_NONE },
	{ "not IP", { .type = ETH_P_ARP, .version = 4, .proto = TCP }, 0, 0, HVNET_CSUM_NONE },
	{ "padded", { .version = 4, .proto = TCP, .trailer = 6 }, 0, 0, HVNET_CSUM_CHECK, true },
};

KUNIT_ARRAY_PARAM_DESC(judge, judge_cases, name);

static void only_what_is_right_is_told_right(struct kunit *test)
{
	const struct judge_case *c = test->param_value;
	u8 *head = get_memory(test, HEAD), *to = get_memory(test, HEAD);
	u32 len = build(head, &c->packet);
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;

	if (c->at)
		put_unaligned_be16(c->val, head + c->at);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_csum_plan_check(&plan, &headers, head);
	KUNIT_ASSERT_EQ(test, plan.action, c->action);
	if (c->action)
		KUNIT_EXPECT_EQ(test, deliver(&plan, head, len, to, NULL, 0, 1), c->ok);
}

/* A frame whose sender left the checksum to the adapter. */
struct partial_case {
	const char *name;
	struct packet packet;
	/* Off the sum of the pseudo header, and off the place of the checksum. */
	u16 seed_off, start_off, offset_off;
	bool good;
};

static const struct partial_case partial_cases[] = {
	{ "TCP over IPv4", { .version = 4, .proto = TCP, .payload = 60 }, 0, 0, 0, true },
	{ "UDP over IPv4", { .version = 4, .proto = UDP, .payload = 61 }, 0, 0, 0, true },
	{ "TCP over IPv6", { .version = 6, .proto = TCP, .payload = 60 }, 0, 0, 0, true },
	{ "UDP over IPv6", { .version = 6, .proto = UDP, .payload = 61 }, 0, 0, 0, true },
	{ "tagged", { .tags = 1, .version = 6, .proto = UDP, .payload = 6 }, 0, 0, 0, true },
	{ "wrong pseudo header", { .version = 4, .proto = TCP, .payload = 60 }, 1 },
	{ "wrong start", { .version = 4, .proto = TCP, .payload = 60 }, 0, 2 },
	{ "wrong place", { .version = 4, .proto = TCP, .payload = 60 }, 0, 0, 2 },
	{ "fragment", { .version = 4, .proto = UDP, .frag = 0x2000, .payload = 60 } },
	{ "padded", { .version = 4, .proto = UDP, .trailer = 18 } },
	{ "short UDP", { .version = 4, .proto = UDP, .payload = 60, .udp_off = -2 } },
};

KUNIT_ARRAY_PARAM_DESC(partial, partial_cases, name);

static void filled_in_is_told_right_if_it_is(struct kunit *test)
{
	const struct partial_case *c = test->param_value;
	struct hvnet_rx_settings settings = { .features = HVNET_RX_CSUM | HVNET_RX_CSUM_PARTIAL };
	u8 *frame = get_memory(test, MAX_HEADERS), *to = get_memory(test, MAX_HEADERS);
	u32 len = build(frame, &c->packet), l3 = 14 + 4 * c->packet.tags;
	u32 l4 = l3 + (c->packet.version == 4 ? 20 : 40), head_len = min(len, 80);
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;
	u16 seed;
	int i;

	/* The checksum of nothing but the pseudo header. */
	seed = ~l4_checksum(frame + l3, c->packet.version, c->packet.proto, NULL, 0);
	seed = (__force u16)~csum_fold(csum_add((__force __wsum)(u32)seed,
						(__force __wsum)htonl(len - l4)));
	*l4_field(frame + l4, c->packet.proto) = (__force __sum16)(seed + c->seed_off);

	hvnet_headers_parse(&headers, frame, min(len, HEAD), len);
	hvnet_csum_plan_fill(&plan, &headers, frame, len, l4 + c->start_off,
			     (c->packet.proto == TCP ? 16 : 6) + c->offset_off);
	KUNIT_EXPECT_EQ(test, plan.good, c->good);
	KUNIT_EXPECT_EQ(test, hvnet_rx_partial(&settings, &plan),
			c->good ? HVNET_RXC_CSUM_OK | HVNET_RXC_CSUM_PARTIAL : 0);
	settings.features = HVNET_RX_CSUM;
	KUNIT_EXPECT_EQ(test, hvnet_rx_partial(&settings, &plan), 0);
	/* Each receiver of a copy gets the same. */
	for (i = 0; i < 2; i++) {
		memset(to, 0, MAX_HEADERS);
		KUNIT_EXPECT_EQ(test, deliver(&plan, frame, head_len, to, frame + head_len,
					      len - head_len, 11), c->good);
		if (c->good)
			KUNIT_EXPECT_EQ(test, l4_checksum(to + l3, c->packet.version,
							  c->packet.proto, to + l4, len - l4), 0);
	}
}

/* Fill in the checksum of a datagram whose payload is @val; returns what is stored. */
static u16 fill_in(struct kunit *test, u8 *head, u32 len, u16 seed, u16 val)
{
	struct hvnet_headers headers;
	struct hvnet_csum_plan plan;
	u8 to[HEAD];

	put_unaligned(seed, (u16 *)(head + 40));
	put_unaligned_be16(val, head + 42);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_csum_plan_fill(&plan, &headers, head, len, 34, 6);
	KUNIT_EXPECT_TRUE(test, deliver(&plan, head, len, to, NULL, 0, 1));
	KUNIT_EXPECT_EQ(test, l4_checksum(to + 14, 4, UDP, to + 34, len - 34), 0);
	return get_unaligned_be16(to + 40);
}

/* Whatever the payload, the sum of it with what is stored is right and the field is never 0. */
static void zero_is_stored_as_ones(struct kunit *test)
{
	struct packet packet = { .version = 4, .proto = UDP, .payload = 2 };
	u8 head[HEAD] = {};
	struct hvnet_headers headers;
	u32 len = build(head, &packet), val;
	u16 seed, zero;

	hvnet_headers_parse(&headers, head, len, len);
	seed = ~(__force u16)csum_fold(hvnet_csum_pseudo(&headers, head, len - 34));
	for (val = 0; val < 0x10000; val += 0x101)
		KUNIT_ASSERT_NE(test, fill_in(test, head, len, seed, val), 0);
	/* A payload that is what is stored for none brings the sum to zero. */
	zero = fill_in(test, head, len, seed, 0);
	KUNIT_EXPECT_EQ(test, fill_in(test, head, len, seed, zero), 0xffff);
	KUNIT_EXPECT_EQ(test, fill_in(test, head, len, seed, zero - 1), 1);
	KUNIT_EXPECT_EQ(test, fill_in(test, head, len, seed, zero + 1), 0xfffe);
}

/* Long packets to segment. */
struct gso_case {
	const char *name;
	struct packet packet;
};

static const struct gso_case gso_cases[] = {
	{ "TCP over IPv4", { .version = 4, .proto = TCP } },
	{ "TCP over IPv6", { .version = 6, .proto = TCP } },
	{ "UDP over IPv4", { .version = 4, .proto = UDP } },
	{ "UDP over IPv6", { .version = 6, .proto = UDP } },
	{ "longest headers of IPv6", { .tags = 1, .version = 6, .proto = TCP, .doff = 15 } },
	{ "options", { .version = 4, .ihl = 10, .proto = TCP, .doff = 8 } },
	{ "extension headers", { .version = 6, .exts = 2, .ext = { HBH, DST }, .proto = TCP } },
	{ "lengths of no meaning", { .version = 4, .proto = UDP, .ip_off = 99, .udp_off = -8 } },
	{ "no length", { .version = 6, .proto = TCP, .ip_off = -20 } },
};

KUNIT_ARRAY_PARAM_DESC(gso, gso_cases, name);

#define MAX_GSO_FRAME	(HEAD + 66000)

/* A long packet, what was made of it, and what is expected. */
struct gso_test {
	struct packet packet;
	u8 *frame, *to;
	u32 len, l3, l4, hdr_len;
	struct hvnet_headers headers;
	struct hvnet_gso gso;
	struct hvnet_segment segment;
};

static struct gso_test *gso_start(struct kunit *test, const struct packet *packet)
{
	struct gso_test *t = (struct gso_test *)get_memory(test, sizeof(*t));

	t->packet = *packet;
	t->packet.tcp_flags = 0xff;
	t->frame = get_memory(test, MAX_GSO_FRAME);
	t->to = get_memory(test, MAX_GSO_FRAME);
	return t;
}

static bool gso_packet(struct gso_test *t, u32 payload, u32 gso_size)
{
	t->packet.payload = payload;
	t->len = build(t->frame, &t->packet);
	hvnet_headers_parse_gso(&t->headers, t->frame, min(t->len, HEAD), t->len);
	t->l3 = t->headers.l3;
	t->l4 = t->headers.l4;
	t->hdr_len = t->len - payload;
	return hvnet_gso_init(&t->gso, &t->headers, t->frame, t->len, t->hdr_len, gso_size);
}

/* Everything in the headers of a frame that was made, but for what TCP alone has. */
static void expect_frame(struct kunit *test, const struct gso_test *t, u32 index)
{
	const u8 *to = t->to, *frame = t->frame;
	u32 len = t->hdr_len + t->segment.payload;
	struct hvnet_headers headers;

	hvnet_headers_parse(&headers, to, min(len, HEAD), len);
	KUNIT_ASSERT_EQ(test, headers.flow, t->headers.flow);
	KUNIT_ASSERT_EQ(test, headers.payload, t->hdr_len);
	KUNIT_ASSERT_EQ(test, headers.l4_end, len);
	KUNIT_ASSERT_EQ(test, memcmp(to, frame, t->l3 + 2), 0);
	if (t->packet.version == 4) {
		KUNIT_ASSERT_FALSE(test, ip_fast_csum(to + t->l3, to[t->l3] & 15));
		KUNIT_ASSERT_EQ(test, get_unaligned_be16(to + t->l3 + 4), (u16)(0xfffe + index));
		KUNIT_ASSERT_EQ(test, get_unaligned_be16(to + t->l3 + 2), len - t->l3);
		KUNIT_ASSERT_EQ(test, memcmp(to + t->l3 + 6, frame + t->l3 + 6, 4), 0);
		KUNIT_ASSERT_EQ(test, memcmp(to + t->l3 + 12, frame + t->l3 + 12,
					     t->l4 + 4 - t->l3 - 12), 0);
	} else {
		KUNIT_ASSERT_EQ(test, get_unaligned_be16(to + t->l3 + 4), len - t->l3 - 40);
		KUNIT_ASSERT_EQ(test, memcmp(to + t->l3 + 6, frame + t->l3 + 6,
					     t->l4 + 4 - t->l3 - 6), 0);
	}
	if (t->packet.proto == UDP)
		KUNIT_ASSERT_EQ(test, get_unaligned_be16(to + t->l4 + 4), len - t->l4);
}

static void expect_tcp(struct kunit *test, const struct gso_test *t, u32 done, u8 not_flags)
{
	const u8 *tcp = t->to + t->l4, *was = t->frame + t->l4;

	if (t->packet.proto != TCP)
		return;
	KUNIT_ASSERT_EQ(test, get_unaligned_be32(tcp + 4), (u32)(0xfffffc00 + done));
	KUNIT_ASSERT_EQ(test, tcp[13], (u8)~not_flags);
	KUNIT_ASSERT_EQ(test, memcmp(tcp + 8, was + 8, 5), 0);
	KUNIT_ASSERT_EQ(test, memcmp(tcp + 14, was + 14, 2), 0);
	KUNIT_ASSERT_EQ(test, memcmp(tcp + 18, was + 18, t->hdr_len - t->l4 - 18), 0);
}

/* Check one segment, from header to payload; returns bytes of payload. */
static u32 expect_segment(struct kunit *test, struct gso_test *t, u32 index, u32 done, u32 piece)
{
	bool last = index == t->gso.segments - 1;
	struct hvnet_segment *s = &t->segment;
	u32 len;

	memset(s, 0xa5, sizeof(*s));
	hvnet_gso_segment(&t->gso, index, s);
	KUNIT_ASSERT_EQ(test, s->from, t->hdr_len + done);
	len = t->hdr_len + s->payload;
	KUNIT_ASSERT_TRUE(test, deliver(&s->plan, s->head, t->hdr_len, t->to, t->frame + s->from,
					s->payload, piece));
	expect_frame(test, t, index);
	expect_tcp(test, t, done, (index ? 0x80 : 0) | (last ? 0 : 0x09));
	KUNIT_ASSERT_EQ(test, l4_checksum(t->to + t->l3, t->packet.version, t->packet.proto,
					  t->to + t->l4, len - t->l4), 0);
	KUNIT_ASSERT_EQ(test, memcmp(t->to + t->hdr_len, t->frame + s->from, s->payload), 0);
	return s->payload;
}

static void expect_segments(struct kunit *test, struct gso_test *t, u32 payload, u32 gso_size)
{
	u32 index, done = 0, n;

	KUNIT_ASSERT_TRUE(test, gso_packet(t, payload, gso_size));
	KUNIT_ASSERT_EQ(test, t->gso.segments, DIV_ROUND_UP(payload, gso_size));
	for (index = 0; index < t->gso.segments; index++) {
		n = expect_segment(test, t, index, done, 1 + (payload + index) % 300);
		KUNIT_ASSERT_EQ(test, n, min(gso_size, payload - done));
		done += n;
	}
	KUNIT_ASSERT_EQ(test, done, payload);
}

/* Segments enough: more of them are more of the same. */
#define MOST_SEGMENTS	16

static void expect_sizes(struct kunit *test, struct gso_test *t, u32 payload)
{
	static const u32 sizes[] = { 1, 2, 7, 8, 33, 100, 536 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (payload <= MOST_SEGMENTS * sizes[i])
			expect_segments(test, t, payload, sizes[i]);
}

static void packet_is_segmented(struct kunit *test)
{
	static const u32 edges[] = { 31, 32, 33, 63, 64, 65, 127, 128, 129 };
	const struct gso_case *c = test->param_value;
	struct gso_test *t = gso_start(test, &c->packet);
	u32 i, payload;

	for (payload = 1; payload <= 17; payload++)
		expect_sizes(test, t, payload);
	for (i = 0; i < ARRAY_SIZE(edges); i++)
		expect_sizes(test, t, edges[i]);
	for (payload = 1447; payload <= 1449; payload++)
		expect_segments(test, t, payload, 1448);
	for (payload = 2 * 1448 - 1; payload <= 2 * 1448 + 1; payload++)
		expect_segments(test, t, payload, 1448);
	/* As many as there may be, and long ones. */
	expect_segments(test, t, HVNET_TX_MAX_SEGMENTS * 36, 36);
	expect_segments(test, t, 2 * 8948 + 1, 8948);
}

static void packet_is_handed_on_whole(struct kunit *test)
{
	static const u32 payloads[] = { 1, 2, 3, 1448, 1449, 65001 };
	const struct gso_case *c = test->param_value;
	struct gso_test *t = gso_start(test, &c->packet);
	struct hvnet_segment *s = &t->segment;
	struct hvnet_csum_plan again;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(payloads); i++) {
		KUNIT_ASSERT_TRUE(test, gso_packet(t, payloads[i], 1448));
		hvnet_gso_whole(&t->gso, s);
		KUNIT_ASSERT_EQ(test, s->from, t->hdr_len);
		KUNIT_ASSERT_EQ(test, s->payload, payloads[i]);
		KUNIT_ASSERT_TRUE(test, hvnet_csum_may_stay(&s->plan));
		/* Its headers are as good as those of one whose driver asked for the checksum. */
		hvnet_headers_parse(&t->headers, s->head, t->hdr_len, t->len);
		hvnet_csum_plan_fill(&again, &t->headers, s->head, t->len, t->l4,
				     t->packet.proto == TCP ? 16 : 6);
		KUNIT_ASSERT_TRUE(test, again.good);
		deliver(&s->plan, s->head, t->hdr_len, t->to, t->frame + s->from, s->payload, 4096);
		expect_frame(test, t, 0);
		expect_tcp(test, t, 0, 0);
		KUNIT_ASSERT_EQ(test, l4_checksum(t->to + t->l3, t->packet.version, t->packet.proto,
						  t->to + t->l4, t->len - t->l4), 0);
	}
}

static void longest_packet_is_segmented(struct kunit *test)
{
	static const struct packet ip4 = { .version = 4, .proto = TCP };
	static const struct packet ip6 = { .version = 6, .proto = TCP };
	struct gso_test *t = gso_start(test, &ip4);

	expect_segments(test, t, 65535 - 40, 9000);
	KUNIT_EXPECT_FALSE(test, gso_packet(t, 65535 - 39, 9000));
	t->packet = ip6;
	t->packet.tcp_flags = 0xff;
	expect_segments(test, t, 65535 - 20, 9000);
	KUNIT_EXPECT_FALSE(test, gso_packet(t, 65535 - 19, 9000));
}

struct no_gso_case {
	const char *name;
	struct packet packet;
	s16 hdr_off;
};

static const struct no_gso_case no_gso_cases[] = {
	{ "headers end before", { .version = 4, .proto = TCP, .payload = 300 }, -1 },
	{ "headers end behind", { .version = 4, .proto = TCP, .payload = 300 }, 1 },
	{ "header of TCP in the payload", { .version = 4, .proto = TCP, .payload = 300 }, -20 },
	{ "options in the payload",
	  { .version = 4, .proto = TCP, .doff = 8, .payload = 300 }, -12 },
	{ "fragment", { .version = 4, .proto = TCP, .frag = 0x2000, .payload = 300 } },
	{ "fragment of IPv6", { .version = 6, .exts = 1, .ext = { FRG }, .proto = UDP,
				.payload = 300 } },
	{ "other protocol", { .version = 4, .proto = 132, .payload = 300 } },
	{ "not IP", { .type = ETH_P_ARP, .version = 4, .proto = TCP, .payload = 300 } },
	{ "short IPv4 header", { .version = 4, .ihl = 4, .proto = TCP, .payload = 300 } },
	{ "short TCP header", { .version = 4, .doff = 4, .proto = TCP, .payload = 300 } },
};

KUNIT_ARRAY_PARAM_DESC(no_gso, no_gso_cases, name);

static void only_tcp_and_udp_are_segmented(struct kunit *test)
{
	const struct no_gso_case *c = test->param_value;
	u8 *frame = get_memory(test, 600);
	u32 len = build(frame, &c->packet);
	struct hvnet_headers headers;
	struct hvnet_gso gso;

	hvnet_headers_parse_gso(&headers, frame, HEAD, len);
	KUNIT_EXPECT_FALSE(test, hvnet_gso_init(&gso, &headers, frame, len,
						len - 300 + c->hdr_off, 100));
}

/* Microsoft's vectors: a key, and packets with their hashes without and with ports. */
static const u8 rss_key[HVNET_RSS_KEY_SIZE] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

struct rss_case {
	const char *name;
	u8 version;
	u32 src[4], dst[4];
	u16 sport, dport;
	u32 hash, hash_l4;
};

static const struct rss_case rss_cases[] = {
	{ "IPv4 1", 4, { 0x420995bb }, { 0xa18e6450 }, 2794, 1766, 0x323e8fc2, 0x51ccc178 },
	{ "IPv4 2", 4, { 0xc75c6f02 }, { 0x41458c53 }, 14230, 4739, 0xd718262a, 0xc626b0ea },
	{ "IPv4 3", 4, { 0x1813c65f }, { 0x0c16cfb8 }, 12898, 38024, 0xd2d0a5de, 0x5c2b394a },
	{ "IPv4 4", 4, { 0x261bcd1e }, { 0xd18ea306 }, 48228, 2217, 0x82989176, 0xafc7327f },
	{ "IPv4 5", 4, { 0x9927a3bf }, { 0xcabc7f02 }, 44251, 1303, 0x5d1809c5, 0x10e828a2 },
	{ "IPv6 1", 6, { 0x3ffe2501, 0x02001fff, 0x00000000, 0x00000007 },
	  { 0x3ffe2501, 0x02000003, 0x00000000, 0x00000001 }, 2794, 1766, 0x2cc18cd5, 0x40207d3d },
	{ "IPv6 2", 6, { 0x3ffe0501, 0x00080000, 0x026097ff, 0xfe40efab },
	  { 0xff020000, 0x00000000, 0x00000000, 0x00000001 }, 14230, 4739, 0x0f0c461c,
	  0xdde51bbf },
	{ "IPv6 3", 6, { 0x3ffe1900, 0x45450003, 0x0200f8ff, 0xfe2167cf },
	  { 0xfe800000, 0x00000000, 0x0200f8ff, 0xfe2167cf }, 44251, 38024, 0x4b61e985,
	  0x02d1feef },
};

KUNIT_ARRAY_PARAM_DESC(rss, rss_cases, name);

static void rss_args(struct hvnet_admin_rss *args, u16 fields)
{
	unsigned int i;

	*args = (struct hvnet_admin_rss){ .fields = cpu_to_le16(fields) };
	memcpy(args->key, rss_key, sizeof(args->key));
	for (i = 0; i < HVNET_RSS_TABLE_SIZE; i++)
		args->table[i] = (i * 5) % 16;
}

static struct hvnet_rss *rss_start(struct kunit *test, u16 fields, u16 flags)
{
	struct hvnet_rss_parts *parts = (struct hvnet_rss_parts *)get_memory(test, sizeof(*parts));
	struct hvnet_rss *rss = (struct hvnet_rss *)get_memory(test, sizeof(*rss));
	struct hvnet_admin_rss args;

	rss_args(&args, fields);
	args.flags = cpu_to_le16(flags);
	KUNIT_ASSERT_EQ(test, hvnet_rss_check(&args, 16), HVNET_OK);
	hvnet_rss_parts_init(parts, args.key);
	hvnet_rss_init(rss, &args, parts);
	return rss;
}

static void rss_frame(const struct rss_case *c, u8 proto, bool back, u8 *head,
		      struct hvnet_headers *headers)
{
	struct packet packet = { .version = c->version, .proto = proto, .payload = 9 };
	u32 len = build(head, &packet);
	u32 at = 14 + (c->version == 4 ? 12 : 8), words = c->version == 4 ? 1 : 4, i;

	for (i = 0; i < words; i++) {
		put_unaligned_be32(back ? c->dst[i] : c->src[i], head + at + 4 * i);
		put_unaligned_be32(back ? c->src[i] : c->dst[i], head + at + 4 * (words + i));
	}
	at += 8 * words;
	put_unaligned_be16(back ? c->dport : c->sport, head + at);
	put_unaligned_be16(back ? c->sport : c->dport, head + at + 2);
	hvnet_headers_parse(headers, head, min(len, HEAD), len);
}

static void expect_hash(struct kunit *test, const struct hvnet_rss *rss,
			const struct rss_case *c, u8 proto, u32 hash, u16 flags)
{
	struct hvnet_rss_hash result = { 1, 1, 1 };
	struct hvnet_headers headers;
	u8 head[HEAD] = {};

	rss_frame(c, proto, false, head, &headers);
	hvnet_rss_hash(rss, &headers, head, &result);
	KUNIT_EXPECT_EQ(test, result.hash, hash);
	KUNIT_EXPECT_EQ(test, result.flags, flags);
	KUNIT_EXPECT_EQ(test, result.pair, flags ? (hash % 128 * 5) % 16 : 0);
}

static void hash_is_as_published(struct kunit *test)
{
	const struct rss_case *c = test->param_value;
	u16 l3 = HVNET_RXC_HASH, l4 = HVNET_RXC_HASH | HVNET_RXC_HASH_L4;
	u16 ip = c->version == 4 ? HVNET_RSS_IP4 : HVNET_RSS_IP6;
	u16 tcp = c->version == 4 ? HVNET_RSS_TCP4 : HVNET_RSS_TCP6;
	u16 udp = c->version == 4 ? HVNET_RSS_UDP4 : HVNET_RSS_UDP6;
	struct hvnet_rss *rss = rss_start(test, 0x3f, 0);

	expect_hash(test, rss, c, TCP, c->hash_l4, l4);
	expect_hash(test, rss, c, UDP, c->hash_l4, l4);
	expect_hash(test, rss, c, 132, c->hash, l3);
	rss = rss_start(test, ip, 0);
	expect_hash(test, rss, c, TCP, c->hash, l3);
	expect_hash(test, rss, c, 132, c->hash, l3);
	rss = rss_start(test, tcp, 0);
	expect_hash(test, rss, c, TCP, c->hash_l4, l4);
	expect_hash(test, rss, c, UDP, 0, 0);
	expect_hash(test, rss, c, 132, 0, 0);
	rss = rss_start(test, ip | udp, 0);
	expect_hash(test, rss, c, TCP, c->hash, l3);
	expect_hash(test, rss, c, UDP, c->hash_l4, l4);
	rss = rss_start(test, 0x3f & ~(ip | tcp | udp), 0);
	expect_hash(test, rss, c, TCP, 0, 0);
}

static u32 toeplitz(const u8 *key, const u8 *input, unsigned int len)
{
	u32 window = get_unaligned_be32(key), hash = 0;
	unsigned int bit;

	for (bit = 0; bit < 8 * len; bit++) {
		unsigned int next = bit + 32;

		if (input[bit / 8] & (0x80 >> bit % 8))
			hash ^= window;
		window <<= 1;
		if (next < 8 * HVNET_RSS_KEY_SIZE && key[next / 8] & (0x80 >> next % 8))
			window |= 1;
	}
	return hash;
}

static void symmetric_hash_is_symmetric(struct kunit *test)
{
	const struct rss_case *c = test->param_value;
	struct hvnet_rss *rss = rss_start(test, 0x3f, HVNET_RSS_SYM_XOR);
	unsigned int i, len = c->version == 4 ? 4 : 16;
	struct hvnet_rss_hash there, back;
	struct hvnet_headers headers;
	u8 head[HEAD] = {}, input[HVNET_RSS_INPUT];

	rss_frame(c, TCP, true, head, &headers);
	hvnet_rss_hash(rss, &headers, head, &back);
	rss_frame(c, TCP, false, head, &headers);
	hvnet_rss_hash(rss, &headers, head, &there);
	KUNIT_EXPECT_EQ(test, there.hash, back.hash);
	KUNIT_EXPECT_EQ(test, there.pair, back.pair);

	memcpy(input, head + headers.l4 - 2 * len, 2 * len + 4);
	for (i = 0; i < len; i++)
		input[i] ^= input[len + i];
	memcpy(input + len, input, len);
	for (i = 2 * len; i < 2 * len + 2; i++)
		input[i] ^= input[2 + i];
	memcpy(input + 2 * len + 2, input + 2 * len, 2);
	KUNIT_EXPECT_EQ(test, there.hash, toeplitz(rss_key, input, 2 * len + 4));
}

static void fragments_stay_together(struct kunit *test)
{
	struct packet packet = { .version = 4, .proto = UDP, .payload = 9 };
	struct hvnet_rss *rss = rss_start(test, 0x3f, 0);
	struct hvnet_rss_hash first, later;
	struct hvnet_headers headers;
	u8 head[HEAD] = {};
	u32 len;

	packet.frag = 0x2000;
	len = build(head, &packet);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_rss_hash(rss, &headers, head, &first);
	packet.frag = 0x0007;
	len = build(head, &packet);
	put_bytes(head + 34, 8, 77);
	hvnet_headers_parse(&headers, head, len, len);
	hvnet_rss_hash(rss, &headers, head, &later);
	KUNIT_EXPECT_EQ(test, first.hash, later.hash);
	KUNIT_EXPECT_EQ(test, first.flags, HVNET_RXC_HASH);
	KUNIT_EXPECT_EQ(test, first.hash, toeplitz(rss_key, head + 26, 8));
}

static void rss_is_checked(struct kunit *test)
{
	struct hvnet_admin_rss args;

	rss_args(&args, 0x3f);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_OK);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 15), HVNET_E_RANGE);
	args.table[127] = 16;
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_E_RANGE);
	rss_args(&args, 0);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_OK);
	rss_args(&args, 0x40);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_E_RANGE);
	rss_args(&args, 0x3f);
	args.flags = cpu_to_le16(2);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_E_RANGE);
	args.flags = 0;
	args.rsvd = cpu_to_le16(1);
	KUNIT_EXPECT_EQ(test, hvnet_rss_check(&args, 16), HVNET_E_RANGE);
}

static void expect_shared(struct kunit *test, const struct hvnet_rss *one,
			  const struct hvnet_rss *two, const struct hvnet_rss *other)
{
	KUNIT_ASSERT_TRUE(test, one && two && other);
	KUNIT_EXPECT_PTR_EQ(test, one->parts, two->parts);
	KUNIT_EXPECT_PTR_NE(test, one->parts, other->parts);
	KUNIT_EXPECT_NE(test, two->parts->part[35][1], other->parts->part[35][1]);
	KUNIT_EXPECT_EQ(test, one->fields, HVNET_RSS_IP4);
	KUNIT_EXPECT_EQ(test, two->fields, HVNET_RSS_TCP4);
	KUNIT_EXPECT_EQ(test, one->table[0], 0);
	KUNIT_EXPECT_EQ(test, two->table[0], 7);
}

/* What is made of a key is there once for all who have it, and all else for each. */
static void keys_are_shared(struct kunit *test)
{
	const struct rss_case *c = &rss_cases[0];
	struct hvnet_rss *one, *two, *other;
	struct hvnet_admin_rss args;

	rss_args(&args, HVNET_RSS_IP4);
	one = hvnet_rss_get(&args);
	args.fields = cpu_to_le16(HVNET_RSS_TCP4);
	args.table[0] = 7;
	two = hvnet_rss_get(&args);
	args.key[HVNET_RSS_KEY_SIZE - 1] ^= 2;
	other = hvnet_rss_get(&args);
	expect_shared(test, one, two, other);

	/* The second still has it. */
	hvnet_rss_put(one);
	expect_hash(test, two, c, TCP, c->hash_l4, HVNET_RXC_HASH | HVNET_RXC_HASH_L4);
	hvnet_rss_put(two);
	hvnet_rss_put(other);
}

/* However many there are, each is found. */
static void many_keys_are_shared(struct kunit *test)
{
	struct hvnet_rss *one[100] = {}, *two;
	struct hvnet_admin_rss args;
	unsigned int i;

	rss_args(&args, HVNET_RSS_IP4);
	for (i = 0; i < ARRAY_SIZE(one); i++) {
		args.key[0] = i;
		one[i] = hvnet_rss_get(&args);
		KUNIT_EXPECT_NOT_NULL(test, one[i]);
	}
	for (i = 0; i < ARRAY_SIZE(one); i++) {
		args.key[0] = i;
		two = hvnet_rss_get(&args);
		KUNIT_EXPECT_NOT_NULL(test, two);
		if (one[i] && two)
			KUNIT_EXPECT_PTR_EQ(test, one[i]->parts, two->parts);
		hvnet_rss_put(two);
		hvnet_rss_put(one[i]);
	}
}

static void tag_is_taken_out_and_put_in(struct kunit *test)
{
	static const struct packet packet = { .tags = 1, .version = 4, .proto = TCP, .payload = 9 };
	static const struct packet bare = { .version = 4, .proto = TCP, .payload = 9 };
	u8 room[16 + HEAD] = {}, want[HEAD] = {}, *head = room + 16;
	u32 len = build(head, &packet);

	build(want, &bare);
	KUNIT_EXPECT_EQ(test, hvnet_tag_pop(&head, len), hvnet_tag(5));
	KUNIT_EXPECT_PTR_EQ(test, head, room + 20);
	KUNIT_EXPECT_EQ(test, memcmp(head, want, len - 4), 0);
	KUNIT_EXPECT_EQ(test, hvnet_tag_pop(&head, len - 4), HVNET_TAG_NONE);
	KUNIT_EXPECT_PTR_EQ(test, head, room + 20);

	head = hvnet_tag_push(head, hvnet_tag(0xe005));
	KUNIT_EXPECT_PTR_EQ(test, head, room + 16);
	build(want, &packet);
	put_unaligned_be16(0xe005, want + 14);
	KUNIT_EXPECT_EQ(test, memcmp(head, want, len), 0);
	/* A frame that is all tag is left alone. */
	KUNIT_EXPECT_EQ(test, hvnet_tag_pop(&head, 17), HVNET_TAG_NONE);
	KUNIT_EXPECT_EQ(test, hvnet_tag_pop(&head, 18), hvnet_tag(0xe005));
}

struct request_case {
	const char *name;
	struct hvnet_request request;
	u32 len;
	bool ok;
};

#define CSUM	HVNET_TXD_CSUM
#define VLAN	HVNET_TXD_VLAN
#define GSO	HVNET_TXD_GSO

static const struct request_case request_cases[] = {
	{ "nothing", {}, 60, true },
	{ "longest", {}, MAX_FRAME, true },
	{ "too long", {}, MAX_FRAME + 1 },
	{ "checksum", { CSUM, 34, 16 }, 60, true },
	{ "checksum at the start", { CSUM, 14, 0 }, 60, true },
	{ "checksum of addresses", { CSUM, 13, 0 }, 60 },
	{ "checksum at the end", { CSUM, 42, 16 }, 60, true },
	{ "checksum behind the end", { CSUM, 43, 16 }, 60 },
	{ "checksum at the head's end", { CSUM, 110, 16 }, 1000, true },
	{ "checksum behind the head", { CSUM, 111, 16 }, 1000 },
	{ "checksum far away", { CSUM, 0xffff, 0xff }, 1000 },
	{ "checksum at an odd place", { CSUM, 35, 15 }, 60, true },
	{ "tag", { VLAN, .vlan_tci = 0xffff }, MAX_FRAME - 4, true },
	{ "tag too many", { VLAN }, MAX_FRAME - 3 },
	{ "segments", { GSO, .hdr_len = 54, .gso_size = 1448 }, 65549, true },
	{ "longest to segment", { GSO, .hdr_len = 54, .gso_size = 9000 }, HVNET_TX_MAX_GSO, true },
	{ "too long to segment", { GSO, .hdr_len = 54, .gso_size = 9000 }, HVNET_TX_MAX_GSO + 1 },
	{ "size of 0", { GSO, .hdr_len = 54 }, 1000 },
	{ "size all ones", { GSO, .hdr_len = 54, .gso_size = 0xffff }, 1000 },
	{ "longest segment", { GSO, .hdr_len = 54, .gso_size = MAX_FRAME - 54 }, 1000, true },
	{ "segment too long", { GSO, .hdr_len = 54, .gso_size = MAX_FRAME - 53 }, 1000 },
	{ "segment too long with its tag",
	  { GSO | VLAN, .hdr_len = 54, .gso_size = MAX_FRAME - 57 }, 1000 },
	{ "no headers", { GSO, .gso_size = 100 }, 1000 },
	{ "headers too short", { GSO, .hdr_len = 13, .gso_size = 100 }, 1000 },
	{ "longest headers", { GSO, .hdr_len = 128, .gso_size = 100 }, 1000, true },
	{ "headers too long", { GSO, .hdr_len = 129, .gso_size = 100 }, 1000 },
	{ "all headers", { GSO, .hdr_len = 54, .gso_size = 100 }, 54 },
	{ "more headers than frame", { GSO, .hdr_len = 54, .gso_size = 100 }, 53 },
	{ "a byte of payload", { GSO, .hdr_len = 54, .gso_size = 100 }, 55, true },
	{ "most segments", { GSO, .hdr_len = 54, .gso_size = 10 }, 54 + 2560, true },
	{ "too many segments", { GSO, .hdr_len = 54, .gso_size = 10 }, 54 + 2561 },
	{ "segments of one byte", { GSO, .hdr_len = 54, .gso_size = 1 }, 65549 },
	{ "segments, wherever the checksum is",
	  { GSO | CSUM, 0xffff, 0xff, .hdr_len = 54, .gso_size = 100 }, 1000, true },
};

KUNIT_ARRAY_PARAM_DESC(request, request_cases, name);

static void request_is_checked(struct kunit *test)
{
	const struct request_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, hvnet_request_ok(&c->request, c->len, MAX_FRAME), c->ok);
	KUNIT_EXPECT_EQ(test, hvnet_request_max(&c->request, MAX_FRAME),
			c->request.flags & GSO ? HVNET_TX_MAX_GSO : MAX_FRAME);
}

static void request_is_taken_from_descriptors(struct kunit *test)
{
	struct hvnet_tx_ext ext = {
		.dst_vport = cpu_to_le16(1), .vlan_tci = cpu_to_le16(2), .gso_size = cpu_to_le16(3),
		.hdr_len = cpu_to_le16(4), .flags = cpu_to_le16(HVNET_TXD_EXT),
		.rsvd1 = cpu_to_le32(1),
	};
	struct hvnet_tx_desc desc = {
		.csum_start = cpu_to_le16(5), .csum_offset = 6,
		.flags = cpu_to_le16(HVNET_TXD_EOP),
	};
	struct hvnet_request request = {};

	/* As a driver of version 1.0 may write it. */
	KUNIT_EXPECT_TRUE(test, hvnet_request_ext(&request, &ext));
	hvnet_request_first(&request, &desc);
	KUNIT_EXPECT_EQ(test, request.flags, 0);

	ext.flags |= cpu_to_le16(VLAN | GSO);
	KUNIT_EXPECT_FALSE(test, hvnet_request_ext(&request, &ext));
	ext.rsvd1 = 0;
	ext.rsvd0 = cpu_to_le16(1);
	KUNIT_EXPECT_FALSE(test, hvnet_request_ext(&request, &ext));
	ext.rsvd0 = 0;
	KUNIT_EXPECT_TRUE(test, hvnet_request_ext(&request, &ext));
	KUNIT_EXPECT_EQ(test, request.flags, VLAN | GSO);
	KUNIT_EXPECT_EQ(test, request.vlan_tci, 2);
	KUNIT_EXPECT_EQ(test, request.gso_size, 3);
	KUNIT_EXPECT_EQ(test, request.hdr_len, 4);

	desc.flags |= cpu_to_le16(CSUM);
	hvnet_request_first(&request, &desc);
	KUNIT_EXPECT_EQ(test, request.flags, VLAN | GSO | CSUM);
	KUNIT_EXPECT_EQ(test, request.csum_start, 5);
	KUNIT_EXPECT_EQ(test, request.csum_offset, 6);
}

struct settings_case {
	const char *name;
	u16 features;
	u32 max;
	bool ok;
	u32 got;
};

static const struct settings_case settings_cases[] = {
	{ "nothing", 0, 0, true, MAX_FRAME },
	{ "checksum", 1, 0, true, MAX_FRAME },
	{ "stripping", 2, 1518, true, 1518 },
	{ "partial checksum", 5, 0, true, MAX_FRAME },
	{ "partial checksum alone", 4, 0 },
	{ "long packets", 13, 0, true, MAX_FRAME },
	{ "long packets alone", 8, 0 },
	{ "long packets without partial checksum", 9, 0 },
	{ "time stamps", 16, 0, true, MAX_FRAME },
	{ "everything", 31, MAX_FRAME, true, MAX_FRAME },
	{ "unknown feature", 32, 0 },
	{ "all ones", 0xffff, 0 },
	{ "too long", 0, MAX_FRAME + 1 },
	{ "too short", 0, 13 },
	{ "length all ones", 0, ~0u },
};

KUNIT_ARRAY_PARAM_DESC(settings, settings_cases, name);

static void settings_are_checked(struct kunit *test)
{
	const struct settings_case *c = test->param_value;
	struct hvnet_rx_settings settings = { 0x5a, 0x5a5a };
	struct hvnet_admin_rx args = {
		.queue = cpu_to_le16(1),
		.features = cpu_to_le16(c->features),
		.max_frame = cpu_to_le32(c->max),
	};

	KUNIT_EXPECT_EQ(test, hvnet_rx_settings_parse(&settings, &args, MAX_FRAME),
			c->ok ? HVNET_OK : HVNET_E_RANGE);
	KUNIT_EXPECT_EQ(test, settings.features, c->ok ? c->features : 0x5a);
	KUNIT_EXPECT_EQ(test, settings.max_frame, c->ok ? c->got : 0x5a5a);
}

static struct kunit_case offload_test_cases[] = {
	KUNIT_CASE_PARAM(headers_are_found, headers_gen_params),
	KUNIT_CASE(headers_may_be_hostile),
	KUNIT_CASE(checksum_is_filled_in),
	KUNIT_CASE(checksum_is_judged),
	KUNIT_CASE_PARAM(only_what_is_right_is_told_right, judge_gen_params),
	KUNIT_CASE_PARAM(filled_in_is_told_right_if_it_is, partial_gen_params),
	KUNIT_CASE(zero_is_stored_as_ones),
	KUNIT_CASE_PARAM(packet_is_segmented, gso_gen_params),
	KUNIT_CASE_PARAM(packet_is_handed_on_whole, gso_gen_params),
	KUNIT_CASE(longest_packet_is_segmented),
	KUNIT_CASE_PARAM(only_tcp_and_udp_are_segmented, no_gso_gen_params),
	KUNIT_CASE_PARAM(hash_is_as_published, rss_gen_params),
	KUNIT_CASE_PARAM(symmetric_hash_is_symmetric, rss_gen_params),
	KUNIT_CASE(fragments_stay_together),
	KUNIT_CASE(rss_is_checked),
	KUNIT_CASE(keys_are_shared),
	KUNIT_CASE(many_keys_are_shared),
	KUNIT_CASE(tag_is_taken_out_and_put_in),
	KUNIT_CASE_PARAM(request_is_checked, request_gen_params),
	KUNIT_CASE(request_is_taken_from_descriptors),
	KUNIT_CASE_PARAM(settings_are_checked, settings_gen_params),
	{}
};

static struct kunit_suite offload_test_suite = {
	.name = "hvnet_offload",
	.test_cases = offload_test_cases,
};

kunit_test_suite(offload_test_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet offloads");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
