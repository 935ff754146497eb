// SPDX-License-Identifier: GPL-2.0
/*
 * What steering rules look at in a frame.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/if_ether.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../offload/vlan.h"
#include "key.h"

#define IP4_TOS		1
#define IP4_ADDR_LEN	4
#define IP6_ADDR_LEN	16

static_assert(offsetofend(struct hvnet_steer_fields, type) == ETH_HLEN);

static const u8 kind_of_flow[] = {
	[HVNET_FLOW_IP4] = HVNET_STEER_IP4,
	[HVNET_FLOW_TCP4] = HVNET_STEER_IP4 | HVNET_STEER_TCP,
	[HVNET_FLOW_UDP4] = HVNET_STEER_IP4 | HVNET_STEER_UDP,
	[HVNET_FLOW_IP6] = HVNET_STEER_IP6,
	[HVNET_FLOW_TCP6] = HVNET_STEER_IP6 | HVNET_STEER_TCP,
	[HVNET_FLOW_UDP6] = HVNET_STEER_IP6 | HVNET_STEER_UDP,
};

static void take_ip(struct hvnet_steer_fields *fields, const struct hvnet_headers *headers,
		    const u8 *ip)
{
	fields->proto = headers->proto;
	if (hvnet_headers_ip6(headers)) {
		fields->tos = get_unaligned_be16(ip) >> 4;
		memcpy(fields->src_ip, ip + HVNET_IP6_ADDRS, IP6_ADDR_LEN);
		memcpy(fields->dst_ip, ip + HVNET_IP6_ADDRS + IP6_ADDR_LEN, IP6_ADDR_LEN);
		return;
	}
	fields->tos = ip[IP4_TOS];
	memcpy(fields->src_ip, ip + HVNET_IP4_ADDRS, IP4_ADDR_LEN);
	memcpy(fields->dst_ip, ip + HVNET_IP4_ADDRS + IP4_ADDR_LEN, IP4_ADDR_LEN);
}

/**
 * hvnet_steer_key_init() - take the fields of a frame
 * @key: to be filled in
 * @headers: the frame's
 * @head: its head of ETH_HLEN bytes at least, without its outer tag
 * @tag: that tag, or HVNET_TAG_NONE
 */
void hvnet_steer_key_init(union hvnet_steer_key *key, const struct hvnet_headers *headers,
			  const u8 *head, u32 tag)
{
	struct hvnet_steer_fields *fields = &key->fields;

	*key = (union hvnet_steer_key){};
	memcpy(key, head, ETH_HLEN);
	fields->kind = kind_of_flow[headers->flow];
	if (tag) {
		fields->kind |= HVNET_STEER_TAGGED;
		fields->vlan_tci = cpu_to_be16((u16)tag);
	}
	if (headers->l3)
		take_ip(fields, headers, head + headers->l3);
	if (headers->l4) {
		memcpy(&fields->src_port, head + headers->l4, sizeof(fields->src_port));
		memcpy(&fields->dst_port, head + headers->l4 + sizeof(fields->src_port),
		       sizeof(fields->dst_port));
	}
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_steer_key_init);
