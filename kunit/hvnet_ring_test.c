// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of rings, descriptors and frames.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>

#include <hvnet/abi/queue.h>

#include "../drivers/nic/frame.h"
#include "../drivers/nic/ring.h"

#define DESC		0x10000010ULL
#define CMPL		0x20000020ULL
#define CTL		0x30000080ULL
#define TIMES		0x40000008ULL
#define VECTORS		17
#define MAX_LEN		9018

/* A queue's context, as a driver may write it. */
struct configure_case {
	const char *name;
	u64 desc, cmpl, ctl;
	u16 order, vector, vectors;
	bool rx, ok;
	u64 times;
};

static const struct configure_case configure_cases[] = {
	{ "transmit", DESC, 0, CTL, 8, 1, VECTORS, false, true },
	{ "receive", DESC, CMPL, CTL, 8, 1, VECTORS, true, true },
	{ "smallest", DESC, CMPL, CTL, 6, 1, VECTORS, true, true },
	{ "largest", DESC, CMPL, CTL, HVNET_RING_MAX_ORDER, 1, VECTORS, true, true },
	{ "too small", DESC, CMPL, CTL, 5, 1, VECTORS, true },
	{ "order zero", DESC, CMPL, CTL, 0, 1, VECTORS, true },
	{ "too large", DESC, CMPL, CTL, HVNET_RING_MAX_ORDER + 1, 1, VECTORS, true },
	{ "order of a word", DESC, CMPL, CTL, 32, 1, VECTORS, true },
	{ "order that a shift cuts to a small one", DESC, CMPL, CTL, 32 + 8, 1, VECTORS, true },
	{ "order that a byte cuts to a small one", DESC, CMPL, CTL, 256 + 8, 1, VECTORS, true },
	{ "order all ones", DESC, CMPL, CTL, 0xffff, 1, VECTORS, true },
	{ "first vector", DESC, CMPL, CTL, 8, 0, VECTORS, true, true },
	{ "last vector", DESC, CMPL, CTL, 8, VECTORS - 1, VECTORS, true, true },
	{ "vector behind the last", DESC, CMPL, CTL, 8, VECTORS, VECTORS, true },
	{ "vector all ones", DESC, CMPL, CTL, 8, 0xffff, VECTORS, true },
	{ "only vector of a small function", DESC, 0, CTL, 8, 0, 1, false, true },
	{ "another's vector", DESC, 0, CTL, 8, 1, 1, false },
	{ "descriptors misaligned", DESC + 8, CMPL, CTL, 8, 1, VECTORS, true },
	{ "descriptors off by one", DESC + 1, CMPL, CTL, 8, 1, VECTORS, true },
	{ "completions misaligned", DESC, CMPL + 8, CTL, 8, 1, VECTORS, true },
	{ "completions misaligned, but it transmits", DESC, CMPL + 8, CTL, 8, 1, VECTORS, false,
	  true },
	{ "control block misaligned", DESC, CMPL, CTL + 64, 8, 1, VECTORS, true },
	{ "control block off by one", DESC, CMPL, CTL + 1, 8, 1, VECTORS, true },
	{ "addresses of zero", 0, 0, 0, 8, 1, VECTORS, true, true },
	{ "descriptors wrap", -2048ULL, CMPL, CTL, 8, 1, VECTORS, true },
	{ "descriptors wrap by the last", -4080ULL, CMPL, CTL, 8, 1, VECTORS, true },
	{ "descriptors end below the top", -4112ULL, CMPL, CTL, 8, 1, VECTORS, true, true },
	{ "largest descriptors wrap", -0xfff0ULL, CMPL, CTL, 12, 1, VECTORS, true },
	{ "completions wrap", DESC, -2048ULL, CTL, 8, 1, VECTORS, true },
	{ "completions wrap, but it transmits", DESC, -2048ULL, CTL, 8, 1, VECTORS, false, true },
	{ "control block at the top", DESC, CMPL, -128ULL, 8, 1, VECTORS, true, true },
	{ "time stamps", DESC, CMPL, CTL, 8, 1, VECTORS, true, true, TIMES },
	{ "time stamps of what is sent", DESC, 0, CTL, 8, 1, VECTORS, false, true, TIMES },
	{ "time stamps misaligned", DESC, CMPL, CTL, 8, 1, VECTORS, true, false, TIMES + 4 },
	{ "time stamps off by one", DESC, CMPL, CTL, 8, 1, VECTORS, true, false, TIMES + 1 },
	{ "time stamps wrap", DESC, CMPL, CTL, 8, 1, VECTORS, true, false, -1024ULL },
	{ "time stamps wrap by the last", DESC, CMPL, CTL, 8, 1, VECTORS, true, false, -2040ULL },
	{ "time stamps end below the top", DESC, CMPL, CTL, 8, 1, VECTORS, true, true, -2056ULL },
};

KUNIT_ARRAY_PARAM_DESC(configure, configure_cases, name);

static void context_is_checked(struct kunit *test)
{
	const struct configure_case *c = test->param_value;
	struct hvnet_ring_config ring;
	struct hvnet_queue_ctx ctx;

	/* What the adapter writes itself must not matter. */
	memset(&ctx, 0xff, sizeof(ctx));
	ctx.desc_addr = cpu_to_le64(c->desc);
	ctx.cmpl_addr = cpu_to_le64(c->cmpl);
	ctx.ctl_addr = cpu_to_le64(c->ctl);
	ctx.times_addr = cpu_to_le64(c->times);
	ctx.order = cpu_to_le16(c->order);
	ctx.vector = cpu_to_le16(c->vector);
	memset(&ring, 0xa5, sizeof(ring));

	KUNIT_ASSERT_EQ(test, hvnet_ring_configure(&ring, &ctx, c->rx, c->vectors), c->ok);
	if (!c->ok)
		return;
	KUNIT_EXPECT_EQ(test, ring.desc, c->desc);
	KUNIT_EXPECT_EQ(test, ring.cmpl, c->rx ? c->cmpl : 0);
	KUNIT_EXPECT_EQ(test, ring.ctl, c->ctl);
	KUNIT_EXPECT_EQ(test, ring.times, c->times);
	KUNIT_EXPECT_EQ(test, ring.size, 1u << c->order);
	KUNIT_EXPECT_EQ(test, ring.vector, c->vector);
}

/* The producer index of a ring of HVNET_RING_MIN descriptors. */
struct fill_case {
	const char *name;
	u32 prod, cons;
	bool ok;
	u32 fill;
};

static const struct fill_case fill_cases[] = {
	{ "empty", 0, 0, true, 0 },
	{ "one", 1, 0, true, 1 },
	{ "full", HVNET_RING_MIN, 0, true, HVNET_RING_MIN },
	{ "one too many", HVNET_RING_MIN + 1, 0, false },
	{ "one back", 0, 1, false },
	{ "one back before the first", ~0u, 0, false },
	{ "half the numbers ahead", 0x80000000, 0, false },
	{ "a ring back", 1000, 1000 + HVNET_RING_MIN, false },
	{ "later, empty", 12345, 12345, true, 0 },
	{ "later, some", 12345 + 17, 12345, true, 17 },
	{ "wrapped, empty", ~0u, ~0u, true, 0 },
	{ "wrapped, one", 0, ~0u, true, 1 },
	{ "wrapped, full", HVNET_RING_MIN - 1, ~0u, true, HVNET_RING_MIN },
	{ "wrapped, one too many", HVNET_RING_MIN, ~0u, false },
	{ "across the middle", 0x80000001, 0x7fffffff, true, 2 },
	{ "a large ring's number of descriptors", HVNET_RING_MAX, 0, false },
};

KUNIT_ARRAY_PARAM_DESC(fill, fill_cases, name);

static void producer_index_is_checked(struct kunit *test)
{
	const struct fill_case *c = test->param_value;
	u32 fill = 0xa5a5a5a5;

	KUNIT_ASSERT_EQ(test, hvnet_ring_fill(c->prod, c->cons, HVNET_RING_MIN, &fill), c->ok);
	if (c->ok)
		KUNIT_EXPECT_EQ(test, fill, c->fill);
}

#define EOP	HVNET_TXD_EOP
#define EXT	HVNET_TXD_EXT
#define NONE	HVNET_VPORT_NONE
#define MORE	HVNET_FRAME_MORE
#define DONE	HVNET_FRAME_DONE

#define E_LENGTH	(-HVNET_QERR_LENGTH)
#define E_FLAGS		(-HVNET_QERR_FLAGS)
#define E_OFFLOAD	(-HVNET_QERR_OFFLOAD)

/* Descriptors one after the other; all but the last are to be followed by more. */
struct tx_case {
	const char *name;
	/* @val: the length of a buffer, the destination of an extension */
	struct { u16 flags, val; } desc[4];
	unsigned int num;
	bool vf;
	int ret;
	u32 len;
	u16 dst;
	bool timed;
};

static const struct tx_case tx_cases[] = {
	{ "one buffer", { { EOP, 60 } }, 1, false, DONE, 60, NONE },
	{ "two buffers", { { 0, 60 }, { EOP, 40 } }, 2, false, DONE, 100, NONE },
	{ "four buffers", { { 0, 1 }, { 0, 2 }, { 0, 3 }, { EOP, 54 } }, 4, false, DONE, 60, NONE },
	{ "more to come", { { 0, 60 } }, 1, false, MORE, 60, NONE },
	{ "shortest", { { EOP, 14 } }, 1, false, DONE, 14, NONE },
	{ "shortest, in pieces", { { 0, 6 }, { 0, 6 }, { EOP, 2 } }, 3, false, DONE, 14, NONE },
	{ "too short", { { EOP, 13 } }, 1, false, E_LENGTH },
	{ "too short, in pieces", { { 0, 6 }, { 0, 6 }, { EOP, 1 } }, 3, false, E_LENGTH },
	{ "longest", { { EOP, MAX_LEN } }, 1, false, DONE, MAX_LEN, NONE },
	{ "longest, in pieces", { { 0, 9000 }, { EOP, 18 } }, 2, false, DONE, MAX_LEN, NONE },
	{ "too long", { { EOP, MAX_LEN + 1 } }, 1, false, E_LENGTH },
	{ "too long, in pieces", { { 0, 9000 }, { EOP, 19 } }, 2, false, E_LENGTH },
	{ "too long before the end", { { 0, MAX_LEN + 1 } }, 1, false, E_LENGTH },
	{ "length all ones", { { EOP, 0xffff } }, 1, false, E_LENGTH },
	{ "sum of lengths of 17 bits", { { 0, 9000 }, { EOP, 0xffff } }, 2, false, E_LENGTH },
	{ "empty buffer", { { 0, 0 } }, 1, false, E_LENGTH },
	{ "empty last buffer", { { 0, 60 }, { EOP, 0 } }, 2, false, E_LENGTH },
	{ "empty frame", { { EOP, 0 } }, 1, false, E_LENGTH },

	{ "PF to a vport", { { EXT, 7 }, { EOP, 60 } }, 2, false, DONE, 60, 7 },
	{ "PF to itself", { { EXT, 0 }, { EOP, 60 } }, 2, false, DONE, 60, 0 },
	{ "PF to the wire", { { EXT, HVNET_VPORT_UPLINK }, { EOP, 60 } }, 2, false, DONE, 60,
	  HVNET_VPORT_UPLINK },
	{ "PF lets the switch decide", { { EXT, NONE }, { EOP, 60 } }, 2, false, DONE, 60, NONE },
	{ "VF lets the switch decide", { { EXT, NONE }, { EOP, 60 } }, 2, true, DONE, 60, NONE },
	{ "VF to a vport", { { EXT, 7 } }, 1, true, E_FLAGS },
	{ "VF to the PF", { { EXT, HVNET_VPORT_PF } }, 1, true, E_FLAGS },
	{ "VF to the wire", { { EXT, HVNET_VPORT_UPLINK } }, 1, true, E_FLAGS },
	{ "VF without extension", { { EOP, 60 } }, 1, true, DONE, 60, NONE },
	{ "extension alone", { { EXT, 7 } }, 1, false, MORE, 0, 7 },
	{ "two extensions", { { EXT, 7 }, { EXT, 7 } }, 2, false, E_FLAGS },
	{ "two extensions without destination", { { EXT, NONE }, { EXT, NONE } }, 2, true,
	  E_FLAGS },
	{ "extension after a buffer", { { 0, 60 }, { EXT, 7 } }, 2, false, E_FLAGS },
	{ "extension after extension and buffer", { { EXT, 7 }, { 0, 60 }, { EXT, 8 } }, 3, false,
	  E_FLAGS },
	{ "extension that ends the frame", { { EXT | EOP, 7 } }, 1, false, E_FLAGS },
	{ "extension with checksum", { { EXT | HVNET_TXD_CSUM, 7 } }, 1, false, E_FLAGS },
	{ "extension with tag", { { EXT | HVNET_TXD_VLAN, 7 }, { EOP, 60 } }, 2, false, DONE, 60,
	  7 },
	{ "longest with tag", { { EXT | HVNET_TXD_VLAN, NONE }, { EOP, MAX_LEN - 4 } }, 2, true,
	  DONE, MAX_LEN - 4, NONE },
	{ "too long with tag", { { EXT | HVNET_TXD_VLAN, NONE }, { EOP, MAX_LEN - 3 } }, 2, true,
	  E_OFFLOAD },
	{ "segmentation without headers", { { EXT | HVNET_TXD_GSO, NONE }, { EOP, 60 } }, 2, true,
	  E_OFFLOAD },
	{ "segmentation, more to come", { { EXT | HVNET_TXD_GSO, NONE }, { 0, 60000 } }, 2, true,
	  MORE, 60000, NONE },
	{ "too long for segmentation",
	  { { EXT | HVNET_TXD_GSO, NONE }, { 0, 60000 }, { EOP, 5554 } }, 3, true, E_LENGTH },
	{ "extension with an unknown flag", { { EXT | BIT(14), 7 } }, 1, false, E_FLAGS },
	{ "short frame with extension", { { EXT, 7 }, { EOP, 13 } }, 2, false, E_LENGTH },

	{ "checksum in the addresses", { { EOP | HVNET_TXD_CSUM, 60 } }, 1, false, E_OFFLOAD },
	{ "checksum, more to come", { { HVNET_TXD_CSUM, 60 } }, 1, false, MORE, 60, NONE },
	{ "checksum after an extension", { { EXT, 7 }, { HVNET_TXD_CSUM, 60 } }, 2, false, MORE, 60,
	  7 },
	{ "checksum in the second buffer", { { 0, 60 }, { EOP | HVNET_TXD_CSUM, 60 } }, 2, false,
	  E_FLAGS },
	{ "tag", { { EOP | HVNET_TXD_VLAN, 60 } }, 1, false, E_FLAGS },
	{ "segmentation", { { EOP | HVNET_TXD_GSO, 60 } }, 1, false, E_FLAGS },
	{ "time", { { EOP | HVNET_TXD_TIME, 60 } }, 1, false, DONE, 60, NONE, true },
	{ "time, more to come", { { HVNET_TXD_TIME, 60 }, { EOP, 60 } }, 2, false, DONE, 120, NONE,
	  true },
	{ "time after an extension", { { EXT, 7 }, { EOP | HVNET_TXD_TIME, 60 } }, 2, false, DONE,
	  60, 7, true },
	{ "time in the second buffer", { { 0, 60 }, { EOP | HVNET_TXD_TIME, 60 } }, 2, false,
	  E_FLAGS },
	{ "time in an extension", { { EXT | HVNET_TXD_TIME, 7 } }, 1, false, E_FLAGS },
	{ "unknown flag", { { EOP | BIT(5), 60 } }, 1, false, E_FLAGS },
	{ "unknown high flag", { { EOP | BIT(14), 60 } }, 1, false, E_FLAGS },
	{ "unknown flag, more to come", { { BIT(8), 60 } }, 1, false, E_FLAGS },
	{ "all flags", { { 0xffff, 60 } }, 1, false, E_FLAGS },
	{ "unknown flag in the second buffer", { { 0, 60 }, { EOP | BIT(1), 60 } }, 2, false,
	  E_FLAGS },
};

KUNIT_ARRAY_PARAM_DESC(tx, tx_cases, name);

static u64 buffer_addr(unsigned int i)
{
	return 0xfedc000000000000ULL + i;
}

static int add_buffer(struct hvnet_tx_frame *frame, unsigned int i, u16 flags, u16 len)
{
	struct hvnet_tx_desc desc = {
		.addr = cpu_to_le64(buffer_addr(i)),
		.len = cpu_to_le16(len),
		.flags = cpu_to_le16(flags),
		/* Without HVNET_TXD_CSUM they mean nothing. */
		.csum_start = cpu_to_le16(0xffff),
		.csum_offset = 0xff,
	};

	return hvnet_tx_frame_add(frame, &desc, false, MAX_LEN);
}

static int add_ext(struct hvnet_tx_frame *frame, u16 flags, u16 dst, bool pf)
{
	struct hvnet_tx_ext ext = {
		.dst_vport = cpu_to_le16(dst),
		.flags = cpu_to_le16(flags),
	};

	return hvnet_tx_frame_add(frame, (struct hvnet_tx_desc *)&ext, pf, MAX_LEN);
}

static void frame_is_checked(struct kunit *test)
{
	const struct tx_case *c = test->param_value;
	unsigned int i, bufs = 0;
	struct hvnet_tx_frame frame;
	int ret;

	memset(&frame, 0xa5, sizeof(frame));
	hvnet_tx_frame_start(&frame);
	for (i = 0; i < c->num; i++) {
		u16 flags = c->desc[i].flags, val = c->desc[i].val;

		if (flags & EXT)
			ret = add_ext(&frame, flags, val, !c->vf);
		else
			ret = add_buffer(&frame, bufs++, flags, val);
		KUNIT_ASSERT_EQ_MSG(test, ret, i == c->num - 1 ? c->ret : MORE, "descriptor %u", i);
	}
	if (ret < 0)
		return;

	KUNIT_EXPECT_EQ(test, frame.len, c->len);
	KUNIT_EXPECT_EQ(test, frame.dst_vport, c->dst);
	KUNIT_EXPECT_EQ(test, frame.timed, c->timed);
	KUNIT_ASSERT_EQ(test, frame.bufs, bufs);
}

struct chain_case {
	const char *name;
	unsigned int bufs;
	bool ext;
	bool eop;
	int ret;
};

static const struct chain_case chain_cases[] = {
	{ "longest", HVNET_TX_MAX_BUFS, false, true, DONE },
	{ "longest with extension", HVNET_TX_MAX_BUFS, true, true, DONE },
	{ "longest, more to come", HVNET_TX_MAX_BUFS, false, false, MORE },
	{ "too long", HVNET_TX_MAX_BUFS + 1, false, true, -HVNET_QERR_CHAIN },
	{ "too long with extension", HVNET_TX_MAX_BUFS + 1, true, true, -HVNET_QERR_CHAIN },
	{ "without end", HVNET_TX_MAX_BUFS + 1, false, false, -HVNET_QERR_CHAIN },
};

KUNIT_ARRAY_PARAM_DESC(chain, chain_cases, name);

static void chain_is_bounded(struct kunit *test)
{
	const struct chain_case *c = test->param_value;
	struct {
		struct hvnet_tx_frame frame;
		u64 guard;
	} s = { .guard = 0xa5a5a5a5a5a5a5a5ULL };
	unsigned int i, bufs;
	int ret;

	hvnet_tx_frame_start(&s.frame);
	if (c->ext)
		KUNIT_ASSERT_EQ(test, add_ext(&s.frame, EXT, 1, true), MORE);
	for (i = 0; i < c->bufs - 1; i++)
		KUNIT_ASSERT_EQ(test, add_buffer(&s.frame, i, 0, 20), MORE);
	ret = add_buffer(&s.frame, i, c->eop ? EOP : 0, 20);
	KUNIT_EXPECT_EQ(test, ret, c->ret);

	bufs = min(c->bufs, HVNET_TX_MAX_BUFS);
	KUNIT_EXPECT_EQ(test, s.frame.bufs, bufs);
	KUNIT_EXPECT_EQ(test, s.frame.len, 20 * bufs);
	KUNIT_EXPECT_EQ(test, s.guard, 0xa5a5a5a5a5a5a5a5ULL);
	/* Whatever a driver adds then, the frame grows no more. */
	KUNIT_EXPECT_LT(test, add_buffer(&s.frame, 99, 0, 20), 0);
	KUNIT_EXPECT_LT(test, add_ext(&s.frame, EXT, 1, true), 0);
	KUNIT_EXPECT_EQ(test, s.frame.bufs, bufs);
}

static void frame_starts_afresh(struct kunit *test)
{
	struct hvnet_tx_frame frame;

	hvnet_tx_frame_start(&frame);
	KUNIT_ASSERT_EQ(test, add_ext(&frame, EXT, 7, true), MORE);
	KUNIT_ASSERT_EQ(test, add_buffer(&frame, 0, EOP, MAX_LEN), DONE);
	hvnet_tx_frame_start(&frame);
	KUNIT_EXPECT_EQ(test, frame.dst_vport, NONE);
	KUNIT_EXPECT_EQ(test, add_ext(&frame, EXT, 8, true), MORE);
	KUNIT_EXPECT_EQ(test, add_buffer(&frame, 1, EOP, MAX_LEN), DONE);
	KUNIT_EXPECT_EQ(test, frame.dst_vport, 8);
	KUNIT_EXPECT_EQ(test, frame.bufs, 1);
}

struct rx_case {
	const char *name;
	u32 len;
	bool ok;
};

static const struct rx_case rx_cases[] = {
	{ "empty", 0, false },
	{ "one below the least", HVNET_RX_MIN_BUF - 1, false },
	{ "least", HVNET_RX_MIN_BUF, true },
	{ "a page", 4096, true },
	{ "most", HVNET_RX_MAX_BUF, true },
	{ "one above the most", HVNET_RX_MAX_BUF + 1, false },
	{ "17 bits that cut to a good length", 0x10800, false },
	{ "negative", 0x80000800, false },
	{ "all ones", ~0u, false },
};

KUNIT_ARRAY_PARAM_DESC(rx, rx_cases, name);

static void receive_buffer_is_checked(struct kunit *test)
{
	const struct rx_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, hvnet_rx_desc_ok(c->len), c->ok);
}

/* A frame gathered from pieces, and copied on in others; a list ends with 0 and then repeats. */
struct copy_case {
	const char *name;
	u32 len;
	u32 pieces[4];
	u32 copies[4];
	u32 stored;
};

#define HEAD	HVNET_FRAME_HEAD

static const struct copy_case copy_cases[] = {
	{ "shorter than the head", 60, { 60 }, { 60 }, 0 },
	{ "a head", HEAD, { HEAD }, { HEAD }, 0 },
	{ "one more than a head", HEAD + 1, { HEAD + 1 }, { HEAD + 1 }, 1 },
	{ "head in two pieces", HEAD, { 14, HEAD - 14 }, { HEAD }, 0 },
	{ "head ends with a piece", 300, { HEAD, 300 - HEAD }, { 300 }, 1 },
	{ "head ends in a piece", 300, { 14, 286 }, { 300 }, 1 },
	{ "bytes", HEAD + 36, { 1 }, { HEAD + 36 }, 36 },
	{ "copied by bytes", 200, { 100 }, { 1 }, 1 },
	{ "one short piece", 200, { 100 }, { 3, 72 - 3 }, 1 },
	{ "copied up to a piece", 300, { 100 }, { 200 - HEAD, 100 }, 2 },
	{ "copied across pieces", 400, { 100 }, { 90, 120, 90 }, 3 },
	{ "long, unequal parts", 9000, { 1500, 7, 4096 }, { 2048, 1, 333 }, 4 },
	{ "most pieces", HEAD + HVNET_FRAME_PIECES * 16, { HEAD, 16 }, { 100 },
	  HVNET_FRAME_PIECES },
};

KUNIT_ARRAY_PARAM_DESC(copy, copy_cases, name);

/* The next length of a list, repeating its last number, at most @left. */
static u32 next_len(const u32 *list, unsigned int *i, u32 left)
{
	u32 len = list[*i];

	if (*i < 3 && list[*i + 1])
		++*i;
	return min(len, left);
}

static void gather(struct kunit *test, struct hvnet_frame *frame, const u8 *from,
		   const struct copy_case *c)
{
	unsigned int i = 0;
	u32 done = 0, len;

	memset(frame, 0xa5, sizeof(*frame));
	hvnet_frame_start(frame);
	while (done < c->len) {
		len = next_len(c->pieces, &i, c->len - done);
		KUNIT_ASSERT_TRUE(test, hvnet_frame_add(frame, from + done, len));
		done += len;
	}
}

static u8 *make_bytes(struct kunit *test, size_t len)
{
	u8 *bytes = kunit_kmalloc(test, len, GFP_KERNEL);
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	for (i = 0; i < len; i++)
		bytes[i] = i * 7 + i / 256 + 1;
	return bytes;
}

static struct hvnet_frame *make_frame(struct kunit *test)
{
	struct hvnet_frame *frame = kunit_kmalloc(test, sizeof(*frame), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, frame);
	memset(frame, 0xee, sizeof(*frame));
	hvnet_frame_start(frame);
	return frame;
}

static void frame_arrives_as_it_was(struct kunit *test)
{
	const struct copy_case *c = test->param_value;
	struct hvnet_frame *frame = make_frame(test);
	struct hvnet_frame_reader reader = { .frame = frame };
	u8 *from = make_bytes(test, c->len);
	u8 *to = kunit_kzalloc(test, c->len, GFP_KERNEL);
	unsigned int i = 0;
	u32 done, len;

	KUNIT_ASSERT_NOT_NULL(test, to);
	gather(test, frame, from, c);
	KUNIT_EXPECT_EQ(test, frame->len, c->len);
	KUNIT_EXPECT_EQ(test, frame->pieces, c->stored);
	KUNIT_ASSERT_EQ(test, frame->head_len, min(c->len, HEAD));

	hvnet_frame_copy_head(to, frame->head, frame->head_len);
	for (done = frame->head_len; done < c->len; done += len) {
		len = next_len(c->copies, &i, c->len - done);
		hvnet_frame_copy(&reader, NULL, to + done, len);
	}
	KUNIT_EXPECT_MEMEQ(test, to, from, c->len);
	KUNIT_EXPECT_EQ(test, reader.piece, frame->pieces);
	KUNIT_EXPECT_EQ(test, reader.offset, 0);
}

static void pieces_are_bounded(struct kunit *test)
{
	struct hvnet_frame *frame = make_frame(test);
	u8 *from = make_bytes(test, HEAD);
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, hvnet_frame_add(frame, from, HEAD));
	for (i = 0; i < HVNET_FRAME_PIECES; i++)
		KUNIT_ASSERT_TRUE(test, hvnet_frame_add(frame, from, 1));
	KUNIT_EXPECT_FALSE(test, hvnet_frame_add(frame, from, 1));
	KUNIT_EXPECT_EQ(test, frame->pieces, HVNET_FRAME_PIECES);
	KUNIT_EXPECT_EQ(test, frame->len, HEAD + HVNET_FRAME_PIECES);
}

/* The sender writes to its memory after the decision on the head. */
static void head_is_private(struct kunit *test)
{
	struct hvnet_frame *frame = make_frame(test);
	struct hvnet_frame_reader reader = { .frame = frame };
	u8 *from = make_bytes(test, 2 * HEAD);
	u8 *was = make_bytes(test, 2 * HEAD);
	u8 *to = kunit_kzalloc(test, 2 * HEAD, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, to);
	KUNIT_ASSERT_TRUE(test, hvnet_frame_add(frame, from, 2 * HEAD));
	memset(from, 0xee, 2 * HEAD);
	hvnet_frame_copy(&reader, NULL, to, HEAD);
	KUNIT_EXPECT_MEMEQ(test, frame->head, was, HEAD);
	KUNIT_EXPECT_MEMEQ(test, to, from + HEAD, HEAD);
}

/* A head that is to end with the headers: all else is in pieces. */
static void head_is_limited(struct kunit *test)
{
	struct hvnet_frame *frame = make_frame(test);
	struct hvnet_frame_reader reader = { .frame = frame };
	u8 *from = make_bytes(test, 2 * HEAD);
	u8 *to = kunit_kzalloc(test, HEAD, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, to);
	frame->head_max = 54;
	KUNIT_ASSERT_TRUE(test, hvnet_frame_add(frame, from, 20));
	KUNIT_ASSERT_TRUE(test, hvnet_frame_add(frame, from + 20, HEAD - 20));
	KUNIT_ASSERT_TRUE(test, hvnet_frame_add(frame, from + HEAD, HEAD));
	KUNIT_EXPECT_EQ(test, frame->head_len, 54);
	KUNIT_EXPECT_EQ(test, frame->pieces, 2);
	KUNIT_EXPECT_EQ(test, frame->len, 2 * HEAD);
	hvnet_frame_skip(&reader, HEAD - 50);
	hvnet_frame_copy(&reader, NULL, to, HEAD - 4);
	KUNIT_EXPECT_MEMEQ(test, to, from + HEAD + 4, HEAD - 4);
}

struct vlan_case {
	const char *name;
	u16 type, tci;
	u32 len;
	u32 tag;
};

static const struct vlan_case vlan_cases[] = {
	{ "untagged", ETH_P_IP, 5, 60, 0 },
	{ "tagged", ETH_P_8021Q, 5, 60, HVNET_TAG | 5 },
	{ "highest VLAN", ETH_P_8021Q, 4095, 60, HVNET_TAG | 4095 },
	{ "tagged with priority", ETH_P_8021Q, 0xf005, 60, HVNET_TAG | 0xf005 },
	{ "priority tag", ETH_P_8021Q, 0xe000, 60, HVNET_TAG | 0xe000 },
	{ "nothing but a tag", ETH_P_8021Q, 5, 18, HVNET_TAG | 5 },
	{ "service tag", ETH_P_8021AD, 5, 60, 0 },
	{ "ends before the tag", ETH_P_8021Q, 0x0505, 14, 0 },
	{ "ends in the tag", ETH_P_8021Q, 0x0505, 17, 0 },
};

KUNIT_ARRAY_PARAM_DESC(vlan, vlan_cases, name);

static void tag_is_taken_from_the_head(struct kunit *test)
{
	const struct vlan_case *c = test->param_value;
	struct hvnet_frame *frame = make_frame(test);
	u8 *from = make_bytes(test, HEAD);

	put_unaligned_be16(c->type, from + 2 * ETH_ALEN);
	put_unaligned_be16(c->tci, from + ETH_HLEN);
	KUNIT_ASSERT_TRUE(test, hvnet_frame_add(frame, from, c->len));
	hvnet_frame_pop_tag(frame);
	KUNIT_EXPECT_EQ(test, frame->tag, c->tag);
	KUNIT_EXPECT_EQ(test, frame->len, c->len - (c->tag ? VLAN_HLEN : 0));
	KUNIT_EXPECT_EQ(test, frame->head_len, frame->len);
	KUNIT_EXPECT_MEMEQ(test, frame->head, from, 2 * ETH_ALEN);
	KUNIT_EXPECT_MEMEQ(test, frame->head + 2 * ETH_ALEN,
			   from + 2 * ETH_ALEN + (c->tag ? VLAN_HLEN : 0),
			   frame->len - 2 * ETH_ALEN);
}

static struct kunit_case ring_test_cases[] = {
	KUNIT_CASE_PARAM(context_is_checked, configure_gen_params),
	KUNIT_CASE_PARAM(producer_index_is_checked, fill_gen_params),
	KUNIT_CASE_PARAM(frame_is_checked, tx_gen_params),
	KUNIT_CASE_PARAM(chain_is_bounded, chain_gen_params),
	KUNIT_CASE(frame_starts_afresh),
	KUNIT_CASE_PARAM(receive_buffer_is_checked, rx_gen_params),
	KUNIT_CASE_PARAM(frame_arrives_as_it_was, copy_gen_params),
	KUNIT_CASE(pieces_are_bounded),
	KUNIT_CASE(head_is_private),
	KUNIT_CASE(head_is_limited),
	KUNIT_CASE_PARAM(tag_is_taken_from_the_head, vlan_gen_params),
	{}
};

static struct kunit_suite ring_test_suite = {
	.name = "hvnet_ring",
	.test_cases = ring_test_cases,
};

kunit_test_suite(ring_test_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet rings and frames");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
