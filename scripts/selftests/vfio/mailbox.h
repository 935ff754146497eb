/* SPDX-License-Identifier: GPL-2.0 */
/* What the cases of the mailbox share: two VFs, and requests of the first one. */
#ifndef SELFTEST_MAILBOX_H
#define SELFTEST_MAILBOX_H

#include "report.h"
#include "station.h"

extern struct station vf, other;

#define CHECK_CODE(expr, want)							\
	do {									\
		int got_ = (expr);						\
										\
		CHECK(got_ == (want), "line %d: code %d, not %d", __LINE__, got_, want);	\
	} while (0)

/* These return the code of the response. */
int ask_version(uint16_t min, uint16_t max, struct hvnet_msg_version *answer);
int read_mac(struct station *st, struct hvnet_block_mac *block);
int write_mac(const uint8_t *mac, uint16_t flags);
int write_filters(uint16_t flags, uint16_t count, const uint8_t *mac, size_t num);
/* A request as it stands; the header of the response is checked. */
int raw(uint16_t op, uint16_t block, uint16_t hdr_len, size_t len);

void caps_block(void *arg);
void vlan_assignment(void *arg);
void mtu_block(void *arg);
void rss_block(void *arg);
void version_1(void *arg);

#endif
