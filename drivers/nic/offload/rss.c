// SPDX-License-Identifier: GPL-2.0
/*
 * Receive side scaling.
 */
#include <kunit/visibility.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include <hvnet/abi/queue.h>

#include "rss.h"

#define ALL_FIELDS	(HVNET_RSS_IP4 | HVNET_RSS_TCP4 | HVNET_RSS_UDP4 | \
			 HVNET_RSS_IP6 | HVNET_RSS_TCP6 | HVNET_RSS_UDP6)

/* Each byte of input is at 8 windows of 32 bits into the key. */
static_assert(HVNET_RSS_INPUT + sizeof(u32) == HVNET_RSS_KEY_SIZE);

static const u16 field_of_flow[] = {
	[HVNET_FLOW_IP4] = HVNET_RSS_IP4,
	[HVNET_FLOW_TCP4] = HVNET_RSS_TCP4,
	[HVNET_FLOW_UDP4] = HVNET_RSS_UDP4,
	[HVNET_FLOW_IP6] = HVNET_RSS_IP6,
	[HVNET_FLOW_TCP6] = HVNET_RSS_TCP6,
	[HVNET_FLOW_UDP6] = HVNET_RSS_UDP6,
};

/* All contexts can only be ended. */
static bool context_ok(const struct hvnet_admin_rss *args)
{
	u16 context = le16_to_cpu(args->context);

	return context <= HVNET_RSS_CONTEXTS ||
	       (context == HVNET_RSS_ALL_CONTEXTS && !args->fields);
}

/**
 * hvnet_rss_check() - check what a driver wants
 * @args: a copy of what it wrote
 * @queue_pairs: queue pairs of the function
 *
 * Return: HVNET_OK, or why not.
 */
enum hvnet_code hvnet_rss_check(const struct hvnet_admin_rss *args, unsigned int queue_pairs)
{
	unsigned int i;

	if (le16_to_cpu(args->fields) & ~ALL_FIELDS)
		return HVNET_E_RANGE;
	if (le16_to_cpu(args->flags) & ~HVNET_RSS_SYM_XOR || args->rsvd ||
	    !context_ok(args))
		return HVNET_E_RANGE;
	for (i = 0; i < HVNET_RSS_TABLE_SIZE; i++)
		if (args->table[i] >= queue_pairs)
			return HVNET_E_RANGE;
	return HVNET_OK;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_rss_check);

static void init_place(u32 *part, const u8 *key)
{
	/* 32 bits of the key for each bit of the byte, whose highest comes first. */
	u64 window = (u64)get_unaligned_be32(key) << 8 | key[sizeof(u32)];
	unsigned int val;

	part[0] = 0;
	for (val = 1; val < 256; val++)
		part[val] = part[val & (val - 1)] ^ (u32)(window >> (1 + __ffs(val)));
}

/**
 * hvnet_rss_parts_init() - prepare for a key
 * @parts: to be filled in
 * @key: HVNET_RSS_KEY_SIZE bytes
 */
void hvnet_rss_parts_init(struct hvnet_rss_parts *parts, const u8 *key)
{
	unsigned int i;

	for (i = 0; i < HVNET_RSS_INPUT; i++)
		init_place(parts->part[i], key + i);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_rss_parts_init);

/**
 * hvnet_rss_init() - prepare a configuration
 * @rss: to be filled in
 * @args: checked, with fields to hash
 * @parts: of the key in @args
 */
void hvnet_rss_init(struct hvnet_rss *rss, const struct hvnet_admin_rss *args,
		    const struct hvnet_rss_parts *parts)
{
	rss->fields = le16_to_cpu(args->fields);
	rss->sym_xor = le16_to_cpu(args->flags) & HVNET_RSS_SYM_XOR;
	memcpy(rss->table, args->table, sizeof(rss->table));
	rss->parts = parts;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_rss_init);

/* What four bytes contribute at the places of @part: the look-ups do not wait for each other. */
static u32 hash_word(const u32 part[][256], const u8 *from)
{
	return part[0][from[0]] ^ part[1][from[1]] ^ part[2][from[2]] ^ part[3][from[3]];
}

static u32 hash_words(const struct hvnet_rss_parts *parts, const u8 *addrs, unsigned int words,
		      const u8 *ports)
{
	u32 hash = 0;
	unsigned int i;

	for (i = 0; i < words; i++)
		hash ^= hash_word(parts->part + 4 * i, addrs + 4 * i);
	return ports ? hash ^ hash_word(parts->part + 4 * words, ports) : hash;
}

/* The same with both of each pair replaced by their exclusive or. */
static noinline u32 hash_xor(const struct hvnet_rss_parts *parts, const u8 *addrs,
			     unsigned int words, const u8 *ports)
{
	u8 input[HVNET_RSS_INPUT], *sport = input + 4 * words;
	unsigned int i, len = 2 * words;

	for (i = 0; i < len; i++)
		input[i] = addrs[i] ^ addrs[len + i];
	memcpy(input + len, input, len);
	if (!ports)
		return hash_words(parts, input, words, NULL);
	for (i = 0; i < 2; i++)
		sport[i] = ports[i] ^ ports[2 + i];
	memcpy(sport + 2, sport, 2);
	return hash_words(parts, input, words, sport);
}

/**
 * hvnet_rss_hash() - choose the queue pair for a frame
 * @rss: the configuration
 * @headers: of the frame
 * @head: its head
 * @result: to be filled in
 */
void hvnet_rss_hash(const struct hvnet_rss *rss, const struct hvnet_headers *headers,
		    const u8 *head, struct hvnet_rss_hash *result)
{
	const u8 *ip = head + headers->l3, *ports = NULL;
	bool ip6 = hvnet_headers_ip6(headers);
	unsigned int words = ip6 ? 8 : 2;
	u16 flags = HVNET_RXC_HASH;

	*result = (struct hvnet_rss_hash){};
	if (headers->l4 && rss->fields & field_of_flow[headers->flow]) {
		ports = head + headers->l4;
		flags |= HVNET_RXC_HASH_L4;
	} else if (!headers->l3 || !(rss->fields & (ip6 ? HVNET_RSS_IP6 : HVNET_RSS_IP4))) {
		return;
	}
	result->flags = flags;
	ip += ip6 ? HVNET_IP6_ADDRS : HVNET_IP4_ADDRS;
	if (unlikely(rss->sym_xor))
		result->hash = hash_xor(rss->parts, ip, words, ports);
	else
		result->hash = hash_words(rss->parts, ip, words, ports);
	result->pair = rss->table[result->hash % HVNET_RSS_TABLE_SIZE];
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_rss_hash);
