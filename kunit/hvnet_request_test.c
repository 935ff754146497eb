// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of what senders and receivers ask for, and of tags.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../drivers/nic/offload/request.h"
#include "../drivers/nic/offload/settings.h"
#include "../drivers/nic/offload/vlan.h"
#include "packet.h"

#define MAX_FRAME	9618

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

static struct kunit_case request_test_cases[] = {
	KUNIT_CASE(tag_is_taken_out_and_put_in),
	KUNIT_CASE_PARAM(request_is_checked, request_gen_params),
	KUNIT_CASE(request_is_taken_from_descriptors),
	KUNIT_CASE_PARAM(settings_are_checked, settings_gen_params),
	{}
};

static struct kunit_suite request_test_suite = {
	.name = "hvnet_request",
	.test_cases = request_test_cases,
};

kunit_test_suite(request_test_suite);

MODULE_DESCRIPTION("KUnit tests of what is asked of the hvnet adapter");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
