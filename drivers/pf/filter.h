/* SPDX-License-Identifier: GPL-2.0 */
/* Receive filters of a vport. */
#ifndef HVNET_PF_FILTER_H
#define HVNET_PF_FILTER_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct hvnet_pf;

/**
 * struct hvnet_addrs - a list of addresses without repetitions
 * @count: their number
 * @max: room for so many
 * @mac: the addresses
 */
struct hvnet_addrs {
	unsigned int count;
	unsigned int max;
	u8 mac[][ETH_ALEN];
};

/**
 * struct hvnet_filters - the filters that the adapter has for a vport
 * @vport: the vport
 * @addrs: their addresses, or NULL for none
 */
struct hvnet_filters {
	u16 vport;
	struct hvnet_addrs *addrs;
};

struct hvnet_addrs *hvnet_addrs_alloc(unsigned int max);
void hvnet_addrs_add(struct hvnet_addrs *addrs, const u8 *mac);
bool hvnet_addrs_has(const struct hvnet_addrs *addrs, const u8 *mac);

int hvnet_filters_replace(struct hvnet_pf *pf, struct hvnet_filters *filters,
			  struct hvnet_addrs *addrs);
int hvnet_filters_replay(struct hvnet_pf *pf, const struct hvnet_filters *filters);
void hvnet_filters_clear(struct hvnet_pf *pf, struct hvnet_filters *filters);
int hvnet_vport_set(struct hvnet_pf *pf, u16 vport, u16 flags);

#endif
