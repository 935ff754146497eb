// SPDX-License-Identifier: GPL-2.0
/*
 * Steering rules and RSS contexts: what they do to the frames of their function, that they do
 * nothing to those of others, and what is refused.
 */
#include <string.h>

#include "rings.h"

static uint64_t dropped(struct station *st)
{
	struct hvnet_admin_stats stats = {};

	function_stats(&st->fn, &stats);
	return stats.rx_steer_drop;
}

static uint64_t rx_off(struct station *st)
{
	struct hvnet_admin_stats stats = {};

	function_stats(&st->fn, &stats);
	return stats.rx_off;
}

static unsigned int pairs(struct station *st)
{
	return device_read(&st->fn.dev, HVNET_REG_LIMITS) & HVNET_LIMITS_QUEUE_PAIRS;
}

/* A rule for what comes from a station. */
static struct hvnet_admin_steer rule(const struct station *from, uint16_t location, uint16_t action,
				     uint16_t target)
{
	struct hvnet_admin_steer arg = {
		.location = location,
		.action = action,
		.target = target,
	};

	memcpy(arg.value.src_mac, from->mac, sizeof(from->mac));
	memset(arg.mask.src_mac, 0xff, sizeof(arg.mask.src_mac));
	return arg;
}

static int set(struct station *st, const struct hvnet_admin_steer *arg)
{
	return function_admin(&st->fn, HVNET_ADMIN_STEER_SET, arg, sizeof(*arg), NULL, 0);
}

static int del(struct station *st, uint16_t location)
{
	struct hvnet_admin_unsteer arg = { .location = location };

	return function_admin(&st->fn, HVNET_ADMIN_STEER_DEL, &arg, sizeof(arg), NULL, 0);
}

/* A context whose frames all go to one queue pair; without @fields it ends. */
static int context(struct station *st, uint16_t number, uint16_t fields, uint8_t pair)
{
	struct hvnet_admin_rss arg = { .fields = fields, .context = number };

	memset(arg.table, pair, sizeof(arg.table));
	return function_admin(&st->fn, HVNET_ADMIN_RSS_SET, &arg, sizeof(arg), NULL, 0);
}

/* A frame that does not arrive. */
static const char *lost(struct bed *bed, struct station *from, struct station *to)
{
	frame_fill(from->frame, from, to, bed->number++, 200);
	if (!station_send(from, 200))
		return "not taken";
	return station_silent(to, 50) ? NULL : "arrived";
}

static void drop(void *arg)
{
	struct bed *bed = arg;
	struct hvnet_admin_steer from_a = rule(&bed->a, 3, HVNET_STEER_DROP, 0);
	uint64_t before = dropped(&bed->b), others = dropped(&bed->c);

	CHECK(!set(&bed->b, &from_a), "refused");
	CHECK_NULL(lost(bed, &bed->a, &bed->b));
	CHECK(dropped(&bed->b) == before + 1, "not counted");
	CHECK_NULL(bed_exchange(bed, &bed->c, &bed->b, 200));
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->c, 200));
	CHECK_NULL(bed_exchange(bed, &bed->b, &bed->a, 200));
	CHECK(!del(&bed->b, 3), "not deleted");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 200));
	CHECK(dropped(&bed->b) == before + 1, "counted too often");
	CHECK(dropped(&bed->c) == others, "counted for another");
}

/* To a queue that is not on, by its number or by a context. */
static void to_queue(void *arg)
{
	struct bed *bed = arg;
	struct hvnet_admin_steer from_a = rule(&bed->a, 0, HVNET_STEER_QUEUE, pairs(&bed->b) - 1);
	uint64_t off = rx_off(&bed->b);

	CHECK(!set(&bed->b, &from_a), "refused");
	CHECK_NULL(lost(bed, &bed->a, &bed->b));
	CHECK(rx_off(&bed->b) == off + 1, "not counted");
	CHECK_NULL(bed_exchange(bed, &bed->c, &bed->b, 200));
	from_a.target = 0;
	CHECK(!set(&bed->b, &from_a), "not replaced");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 200));

	/* These frames are not hashed: a context sends them to queue pair 0. */
	CHECK(!context(&bed->b, 1, HVNET_RSS_IP4, pairs(&bed->b) - 1), "context refused");
	from_a.action = HVNET_STEER_CONTEXT;
	from_a.target = 1;
	CHECK(!set(&bed->b, &from_a), "refused with a context");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 200));
	CHECK(context(&bed->b, 1, 0, 0) == HVNET_E_STATE, "a context in use has ended");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 200));
	CHECK(!del(&bed->b, HVNET_STEER_ALL_RULES), "not deleted");
	CHECK(!context(&bed->b, HVNET_RSS_ALL_CONTEXTS, 0, 0), "contexts do not end");
	CHECK(set(&bed->b, &from_a) == HVNET_E_ABSENT, "a context is still there");
}

static void refusals(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->b;
	struct hvnet_admin_steer good = rule(&bed->a, 7, HVNET_STEER_DROP, 0), bad[10], vport;
	unsigned int i;
	int code;

	CHECK(!set(st, &good), "the good one");
	for (i = 0; i < 10; i++)
		bad[i] = rule(&bed->c, 7, HVNET_STEER_QUEUE, 0);
	bad[0].location = HVNET_STEER_RULES;
	bad[1].location = HVNET_STEER_ALL_RULES;
	bad[2].target = pairs(st);
	bad[3].target = 0xffff;
	bad[4].action = 4;
	bad[5].queue = 1;
	bad[6].value.src_port = 1;
	bad[7].mask.kind = 0x80;
	bad[8].action = HVNET_STEER_CONTEXT;
	bad[8].target = HVNET_RSS_CONTEXTS + 1;
	bad[9].action = HVNET_STEER_DROP;
	bad[9].target = 1;
	for (i = 0; i < 10; i++) {
		code = set(st, &bad[i]);
		CHECK(code == HVNET_E_RANGE, "rule %u: code %d", i, code);
	}
	vport = rule(&bed->c, 7, HVNET_STEER_VPORT, HVNET_VPORT_VF(2));
	for (i = 0; i < 5; i++) {
		static const uint16_t queue[] = { 0, 1, 16, 0xfffe, HVNET_STEER_ANY_QUEUE };

		vport.queue = queue[i];
		code = set(st, &vport);
		CHECK(code == HVNET_E_PERM, "to VF 2, queue %u: code %d", queue[i], code);
	}
	for (i = 0; i <= HVNET_VPORT_VF(3); i++) {
		vport.target = i;
		code = set(st, &vport);
		CHECK(code == HVNET_E_PERM, "to vport %u: code %d", i, code);
	}
	CHECK(!(device_read(&st->fn.dev, HVNET_REG_FEATURES) & HVNET_FEAT_STEER_VF),
	      "a VF is told that its rules may name others");
	good.location = 8;
	CHECK(set(st, &good) == HVNET_E_EXISTS, "twice the same");
	CHECK(del(st, 8) == HVNET_E_ABSENT, "deleted what is not there");
	CHECK(del(st, HVNET_STEER_RULES) == HVNET_E_RANGE, "deleted what cannot be");
	CHECK(context(st, HVNET_RSS_CONTEXTS + 1, HVNET_RSS_IP4, 0) == HVNET_E_RANGE, "context 17");
	code = context(st, HVNET_RSS_ALL_CONTEXTS, HVNET_RSS_IP4, 0);
	CHECK(code == HVNET_E_RANGE, "all contexts: code %d", code);
	CHECK(context(st, 1, HVNET_RSS_IP4, pairs(st)) == HVNET_E_RANGE, "context's queue");
	CHECK(context(st, 1, 0x8000, 0) == HVNET_E_RANGE, "context's fields");
	CHECK_NULL(lost(bed, &bed->a, st));
	CHECK_NULL(bed_exchange(bed, &bed->c, st, 200));
}

static void full(void *arg)
{
	struct bed *bed = arg;
	struct hvnet_admin_steer last = rule(&bed->a, 0, HVNET_STEER_DROP, 0);
	unsigned int i;

	for (i = 0; i < HVNET_STEER_RULES; i++) {
		struct hvnet_admin_steer r = rule(&bed->c, i, HVNET_STEER_DROP, 0);

		r.value.src_mac[4] = i;
		r.value.src_mac[3] = 0x77;
		CHECK(!set(&bed->b, &r), "rule %u", i);
	}
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 200));
	for (i = 1; i <= HVNET_RSS_CONTEXTS; i++)
		CHECK(!context(&bed->b, i, HVNET_RSS_IP4, 0), "context %u", i);
	CHECK(!set(&bed->b, &last), "in the place of another");
	CHECK_NULL(lost(bed, &bed->a, &bed->b));
	CHECK_NULL(bed_exchange(bed, &bed->c, &bed->b, 200));

	/* A reset ends all of them. */
	CHECK_NULL(station_up(&bed->b, 2048));
	CHECK(del(&bed->b, 0) == HVNET_E_ABSENT, "a rule outlived a reset");
	last.action = HVNET_STEER_CONTEXT;
	last.target = 3;
	CHECK(set(&bed->b, &last) == HVNET_E_ABSENT, "a context outlived a reset");
	CHECK_NULL(bed_exchange(bed, &bed->a, &bed->b, 200));
}

void rings_steer(struct bed *bed)
{
	bed_case(bed, "steer-drop", drop, 2048);
	bed_case(bed, "steer-queue", to_queue, 2048);
	bed_case(bed, "steer-refusals", refusals, 2048);
	bed_case(bed, "steer-full", full, 2048);
}
