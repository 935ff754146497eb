// SPDX-License-Identifier: GPL-2.0
/*
 * Transport checksums.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "checksum.h"

/* The field as it is in memory: sums are taken in the machine's byte order. */
static u16 get_field(const u8 *head, u32 field)
{
	return get_unaligned((const u16 *)(head + field));
}

static void put_field(u8 *head, u32 field, u16 val)
{
	put_unaligned(val, (u16 *)(head + field));
}

/**
 * hvnet_csum_pseudo() - sum a pseudo header
 * @headers: of a packet with a transport header
 * @head: the frame's head
 * @len: bytes of transport header and payload
 *
 * Return: the sum, not folded.
 */
__wsum hvnet_csum_pseudo(const struct hvnet_headers *headers, const u8 *head, u32 len)
{
	const u8 *ip = head + headers->l3;

	if (hvnet_headers_ip6(headers))
		return csum_partial(ip + HVNET_IP6_ADDRS, 32,
				    (__force __wsum)cpu_to_be32(len + headers->proto));
	return csum_tcpudp_nofold(get_unaligned((const __be32 *)(ip + HVNET_IP4_ADDRS)),
				  get_unaligned((const __be32 *)(ip + HVNET_IP4_ADDRS + 4)),
				  len, headers->proto, 0);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_csum_pseudo);

/* Of the same remainder: 0 and 0xffff are two ways to write zero. */
static bool same_sum(__wsum a, u16 b)
{
	u16 sum = (__force u16)~csum_fold(a);

	return sum == b || (sum % 0xffff == 0 && b % 0xffff == 0);
}

/**
 * hvnet_csum_plan_fill() - plan to fill in a checksum
 * @plan: to be filled in
 * @headers: of the frame
 * @head: its head
 * @len: bytes of the frame
 * @start: where the sum starts
 * @offset: where the checksum is from there; the field lies within the head
 *
 * The result is known to be a right transport checksum, without a look at the payload, if the
 * sender put the sum of the very pseudo header where the checksum of the packet belongs.
 */
void hvnet_csum_plan_fill(struct hvnet_csum_plan *plan, const struct hvnet_headers *headers,
			  const u8 *head, u32 len, u32 start, u32 offset)
{
	plan->action = HVNET_CSUM_FILL;
	plan->field = start + offset;
	plan->seed = get_field(head, plan->field);
	plan->start = start;
	plan->end = len;
	plan->pseudo = 0;
	plan->good = headers->l4 && headers->l4 == start && headers->l4_end == len &&
		     hvnet_headers_csum(headers) == plan->field &&
		     same_sum(hvnet_csum_pseudo(headers, head, len - start), plan->seed);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_csum_plan_fill);

/**
 * hvnet_csum_plan_check() - plan to check a checksum
 * @plan: to be filled in
 * @headers: of the frame
 * @head: its head
 *
 * There is nothing to check in fragments, in protocols other than TCP and UDP, and in UDP without
 * a checksum.
 */
void hvnet_csum_plan_check(struct hvnet_csum_plan *plan, const struct hvnet_headers *headers,
			   const u8 *head)
{
	u32 field;

	plan->action = HVNET_CSUM_NONE;
	plan->good = false;
	if (!headers->l4)
		return;
	field = hvnet_headers_csum(headers);
	if (!hvnet_headers_tcp(headers) && !get_field(head, field))
		return;
	plan->action = HVNET_CSUM_CHECK;
	plan->field = field;
	plan->start = headers->l4;
	plan->end = headers->l4_end;
	plan->pseudo = hvnet_csum_pseudo(headers, head, headers->l4_end - headers->l4);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_csum_plan_check);

/**
 * hvnet_csum_begin() - sum the head
 * @run: to be filled in
 * @plan: with an action other than HVNET_CSUM_NONE
 * @head: private head that the plan was made for
 * @head_len: bytes of it
 */
void hvnet_csum_begin(struct hvnet_csum_run *run, const struct hvnet_csum_plan *plan, u8 *head,
		      u32 head_len)
{
	if (plan->action == HVNET_CSUM_FILL)
		hvnet_csum_seed(plan, head);
	run->sum = csum_partial(head + plan->start, min(head_len, plan->end) - plan->start, 0);
	run->pos = head_len;
	run->start = plan->start;
	run->end = plan->end;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_csum_begin);

/**
 * hvnet_csum_copy() - copy and sum the next bytes
 * @run: begun
 * @to: where to
 * @from: memory that others may change
 * @len: bytes
 */
void hvnet_csum_copy(struct hvnet_csum_run *run, void *to, const void *from, u32 len)
{
	u32 n = run->pos < run->end ? min(len, run->end - run->pos) : 0;

	/* What is summed is what was written, not the sender's memory once more. */
	if (likely(n))
		run->sum = csum_block_add(run->sum, csum_partial_copy_nocheck(from, to, n),
					  run->pos - run->start);
	if (unlikely(n != len))
		memcpy(to + n, from + n, len - n);
	run->pos += len;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_csum_copy);

/**
 * hvnet_csum_end() - fill in the checksum, or judge it
 * @run: over all bytes
 * @plan: as at the beginning
 * @head: as at the beginning
 *
 * Return: true if the receiver may be told that the transport checksum is right.
 */
bool hvnet_csum_end(const struct hvnet_csum_run *run, const struct hvnet_csum_plan *plan, u8 *head)
{
	if (plan->action == HVNET_CSUM_FILL) {
		put_field(head, plan->field, hvnet_csum_mangled(run->sum));
		return plan->good;
	}
	return !csum_fold(csum_add(run->sum, plan->pseudo));
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_csum_end);
