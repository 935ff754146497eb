/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The test bed of `rings`: station A under test, its peer B, and C, who has nothing to do with
 * it.
 */
#ifndef SELFTEST_RINGS_H
#define SELFTEST_RINGS_H

#include "report.h"
#include "station.h"

struct bed {
	struct station a;
	struct station b;
	struct station c;
	uint32_t number;
};

#define CHECK_NULL(expr)				\
	do {						\
		const char *why_ = (expr);		\
							\
		CHECK(!why_, "line %d: %s", __LINE__, why_);	\
	} while (0)

/* A frame from one station to another arrives; a case that finds otherwise has failed. */
static inline const char *bed_exchange(struct bed *bed, struct station *from, struct station *to,
				       size_t len)
{
	return station_exchange(from, to, bed->number++, len);
}

void rings_traffic(struct bed *bed);
void rings_faults(struct bed *bed);
void rings_control(struct bed *bed);
void rings_steer(struct bed *bed);
void rings_moderation(struct bed *bed);
void rings_trace(struct bed *bed);
void rings_time(struct bed *bed);
void rings_races(struct bed *bed);

/* All three up, with receive buffers of @buf_len; the case @fn; then its verdict. */
void bed_case(struct bed *bed, const char *name, case_fn fn, uint32_t buf_len);

#endif
