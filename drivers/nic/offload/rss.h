/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Receive side scaling: the Toeplitz hash, and the queue pair that it leads to.
 *
 * The hash is linear: that of a packet is the exclusive or of what each of its bytes contributes at
 * its place.  Contributions are computed once for a key; hashing is then one look-up a byte.  IPv4
 * touches the first 12 KiB of them.
 *
 * A configuration does not change: a new one takes its place and the old one is freed when nobody
 * looks at it any more.  Configurations with the same key may have its contributions in common.
 */
#ifndef HVNET_NIC_OFFLOAD_RSS_H
#define HVNET_NIC_OFFLOAD_RSS_H

#include <linux/types.h>

#include <hvnet/abi/admin.h>

#include "headers.h"

/* Bytes hashed at the most: two IPv6 addresses and two ports. */
#define HVNET_RSS_INPUT		36

/**
 * struct hvnet_rss_parts - what a key makes of input
 * @part: what each byte contributes at each place
 */
struct hvnet_rss_parts {
	u32 part[HVNET_RSS_INPUT][256];
};

/**
 * struct hvnet_rss - how a function spreads frames over its queues
 * @fields: HVNET_RSS_*, not 0
 * @sym_xor: HVNET_RSS_SYM_XOR
 * @table: queue pairs
 * @parts: of its key
 */
struct hvnet_rss {
	u16 fields;
	bool sym_xor;
	u8 table[HVNET_RSS_TABLE_SIZE];
	const struct hvnet_rss_parts *parts;
};

/**
 * struct hvnet_rss_hash - a frame's hash
 * @hash: the hash, or 0
 * @flags: HVNET_RXC_HASH and HVNET_RXC_HASH_L4, or 0
 * @pair: queue pair
 */
struct hvnet_rss_hash {
	u32 hash;
	u16 flags;
	u16 pair;
};

enum hvnet_code hvnet_rss_check(const struct hvnet_admin_rss *args, unsigned int queue_pairs);
void hvnet_rss_parts_init(struct hvnet_rss_parts *parts, const u8 *key);
void hvnet_rss_init(struct hvnet_rss *rss, const struct hvnet_admin_rss *args,
		    const struct hvnet_rss_parts *parts);
void hvnet_rss_hash(const struct hvnet_rss *rss, const struct hvnet_headers *headers,
		    const u8 *head, struct hvnet_rss_hash *result);

#endif
