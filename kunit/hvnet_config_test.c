// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of configuration space: what it tells, and what of it can be written.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "config.h"

static void header_tells_what_it_is(struct kunit *test)
{
	const struct kind *kind = test->param_value;
	struct hvnet_config *cfg = make(test, kind);
	bool pf = kind->params.pf;
	unsigned int reg;

	KUNIT_EXPECT_EQ(test, cfg->pf, pf);
	KUNIT_EXPECT_EQ(test, cfg->total_vfs, pf ? kind->params.total_vfs : 0);
	KUNIT_EXPECT_EQ(test, rd16(cfg, PCI_VENDOR_ID), pf ? HVNET_PCI_VENDOR_ID : 0xffff);
	KUNIT_EXPECT_EQ(test, rd16(cfg, PCI_DEVICE_ID), pf ? HVNET_PCI_DEVICE_ID_PF : 0xffff);
	KUNIT_EXPECT_EQ(test, rd16(cfg, PCI_COMMAND), 0);
	KUNIT_EXPECT_EQ(test, rd16(cfg, PCI_STATUS) & PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST);
	KUNIT_EXPECT_EQ(test, rd32(cfg, PCI_CLASS_REVISION) >> 16, PCI_CLASS_NETWORK_ETHERNET);
	KUNIT_EXPECT_EQ(test, hvnet_config_read(cfg, PCI_HEADER_TYPE, 1), PCI_HEADER_TYPE_NORMAL);
	KUNIT_EXPECT_EQ(test, rd16(cfg, PCI_SUBSYSTEM_VENDOR_ID), HVNET_PCI_VENDOR_ID);
	KUNIT_EXPECT_EQ(test, hvnet_config_read(cfg, PCI_INTERRUPT_PIN, 1), 0);

	KUNIT_EXPECT_EQ(test, rd32(cfg, PCI_BASE_ADDRESS_0), pf ? lower_32_bits(BAR) | 0xc : 0);
	KUNIT_EXPECT_EQ(test, rd32(cfg, PCI_BASE_ADDRESS_1), pf ? upper_32_bits(BAR) : 0);
	for (reg = PCI_BASE_ADDRESS_2; reg <= PCI_BASE_ADDRESS_5; reg += 4)
		KUNIT_EXPECT_EQ(test, rd32(cfg, reg), 0);
	KUNIT_EXPECT_EQ(test, rd32(cfg, PCI_ROM_ADDRESS), 0);
}

static void capabilities_are_linked(struct kunit *test)
{
	struct hvnet_config *cfg = make(test, test->param_value);
	unsigned int pos, num = 0;
	DECLARE_BITMAP(ids, 256) = {};

	for (pos = hvnet_config_read(cfg, PCI_CAPABILITY_LIST, 1); pos;
	     pos = hvnet_config_read(cfg, pos + PCI_CAP_LIST_NEXT, 1)) {
		KUNIT_ASSERT_GE(test, pos, PCI_STD_HEADER_SIZEOF);
		KUNIT_ASSERT_LE(test, pos, PCI_CFG_SPACE_SIZE - PCI_CAP_SIZEOF);
		KUNIT_ASSERT_EQ(test, pos % 4, 0);
		__set_bit(hvnet_config_read(cfg, pos + PCI_CAP_LIST_ID, 1), ids);
		KUNIT_ASSERT_LT_MSG(test, num++, 5, "a capability too many, or a loop");
	}
	KUNIT_EXPECT_TRUE(test, test_bit(PCI_CAP_ID_EXP, ids));
	KUNIT_EXPECT_TRUE(test, test_bit(PCI_CAP_ID_MSIX, ids));
	KUNIT_EXPECT_TRUE(test, test_bit(PCI_CAP_ID_PM, ids));
	KUNIT_EXPECT_TRUE(test, test_bit(PCI_CAP_ID_VNDR, ids));
}

static void extended_capabilities_are_linked(struct kunit *test)
{
	const struct kind *kind = test->param_value;
	struct hvnet_config *cfg = make(test, kind);
	unsigned int pos = PCI_CFG_SPACE_SIZE, num = 0;
	DECLARE_BITMAP(ids, 256) = {};
	u32 header;

	do {
		KUNIT_ASSERT_GE(test, pos, PCI_CFG_SPACE_SIZE);
		KUNIT_ASSERT_LE(test, pos, PCI_CFG_SPACE_EXP_SIZE - PCI_CAP_SIZEOF);
		KUNIT_ASSERT_EQ(test, pos % 4, 0);
		header = rd32(cfg, pos);
		if (!header)
			break;
		KUNIT_EXPECT_EQ(test, PCI_EXT_CAP_VER(header), 1);
		KUNIT_ASSERT_LT(test, PCI_EXT_CAP_ID(header), 256);
		__set_bit(PCI_EXT_CAP_ID(header), ids);
		KUNIT_ASSERT_LT_MSG(test, num++, 2, "a capability too many, or a loop");
		pos = PCI_EXT_CAP_NEXT(header);
	} while (pos);
	KUNIT_EXPECT_EQ(test, test_bit(PCI_EXT_CAP_ID_SRIOV, ids), kind->sriov);
	KUNIT_EXPECT_TRUE(test, test_bit(PCI_EXT_CAP_ID_DSN, ids));
}

/* The time alone is shown, in its two words, and no other read asks for it. */
static void time_is_shown(struct kunit *test)
{
	struct hvnet_config *cfg = make(test, test->param_value);
	struct hvnet_config *before = make(test, test->param_value);
	unsigned int reg, words = 0;

	hvnet_config_set_time(cfg, 0x0123456789abcdefULL);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_CLOCK + HVNET_CLOCK_LO), 0x89abcdef);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_CLOCK + HVNET_CLOCK_HI), 0x01234567);
	KUNIT_EXPECT_EQ(test, hvnet_config_read(cfg, HVNET_CFG_CLOCK + HVNET_CLOCK_HI + 3, 1), 1);
	for (reg = 0; reg < HVNET_CFG_SPACE; reg += 4) {
		if (hvnet_config_shows_time(reg)) {
			words++;
			KUNIT_EXPECT_TRUE(test, hvnet_config_shows_time(reg + 3));
			continue;
		}
		KUNIT_EXPECT_EQ_MSG(test, rd32(cfg, reg), rd32(before, reg), "%#x", reg);
	}
	KUNIT_EXPECT_EQ(test, words, 2);
}

static void capabilities_tell_what_it_can(struct kunit *test)
{
	const struct kind *kind = test->param_value;
	struct hvnet_config *cfg = make(test, kind);

	KUNIT_EXPECT_EQ(test, rd16(cfg, HVNET_CFG_PCIE + PCI_EXP_FLAGS),
			2 | PCI_EXP_TYPE_RC_END << 4);
	KUNIT_EXPECT_TRUE(test, rd32(cfg, HVNET_CFG_PCIE + PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_FLR);
	KUNIT_EXPECT_EQ(test, rd16(cfg, MSIX), kind->params.vectors - 1);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_MSIX + PCI_MSIX_TABLE), HVNET_MSIX_TABLE);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_MSIX + PCI_MSIX_PBA), HVNET_MSIX_PBA);
	KUNIT_EXPECT_EQ(test, hvnet_config_read(cfg, HVNET_CFG_DOORBELL + HVNET_DB_LEN, 1),
			HVNET_DB_SIZE);
	KUNIT_EXPECT_EQ(test, hvnet_config_read(cfg, HVNET_CFG_DOORBELL + HVNET_DB_TYPE_OFFSET, 1),
			HVNET_DB_TYPE);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_CLOCK) & 0xffff00ff,
			HVNET_CLOCK_TYPE << 24 | HVNET_CLOCK_SIZE << 16 | PCI_CAP_ID_VNDR);
	KUNIT_EXPECT_EQ(test, rd16(cfg, PM), PCI_PM_CTRL_NO_SOFT_RESET);
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), 0);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_DSN + 4), lower_32_bits(SERIAL));
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_DSN + 8), upper_32_bits(SERIAL));
	if (!kind->sriov)
		return;

	KUNIT_EXPECT_EQ(test, rd16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_INITIAL_VF),
			kind->params.total_vfs);
	KUNIT_EXPECT_EQ(test, rd16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_TOTAL_VF),
			kind->params.total_vfs);
	KUNIT_EXPECT_EQ(test, rd16(cfg, NUM), 0);
	KUNIT_EXPECT_EQ(test, rd16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_VF_OFFSET), 1);
	KUNIT_EXPECT_EQ(test, rd16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_VF_STRIDE), 1);
	KUNIT_EXPECT_EQ(test, rd16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_VF_DID),
			HVNET_PCI_DEVICE_ID_VF);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_SUP_PGSIZE), 1);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_SYS_PGSIZE), 1);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_BAR),
			lower_32_bits(VF_BAR) | 0xc);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_BAR + 4),
			upper_32_bits(VF_BAR));
}

/* Reading from the PF. */
struct read_case {
	const char *name;
	unsigned int reg;
	unsigned int len;
	u32 val;
};

static const struct read_case read_cases[] = {
	{ "word", PCI_VENDOR_ID, 4, HVNET_PCI_DEVICE_ID_PF << 16 | HVNET_PCI_VENDOR_ID },
	{ "low half", PCI_VENDOR_ID, 2, HVNET_PCI_VENDOR_ID },
	{ "high half", PCI_DEVICE_ID, 2, HVNET_PCI_DEVICE_ID_PF },
	{ "byte 0", HVNET_CFG_DSN + 4, 1, 0xef },
	{ "byte 1", HVNET_CFG_DSN + 5, 1, 0xcd },
	{ "byte 2", HVNET_CFG_DSN + 6, 1, 0xab },
	{ "byte 3", HVNET_CFG_DSN + 7, 1, 0x89 },
	{ "half with its high bit set", HVNET_CFG_DSN + 6, 2, 0x89ab },
	{ "word with its high bit set", HVNET_CFG_DSN + 4, 4, 0x89abcdef },
	{ "half across words", 3, 2, ~0 },
	{ "word across words by one", 1, 4, ~0 },
	{ "word across words by two", 2, 4, ~0 },
	{ "word across words by three", 3, 4, ~0 },
	{ "longer than a word", 0, 5, ~0 },
	{ "eight bytes", 0, 8, ~0 },
	{ "endless", 0, UINT_MAX, ~0 },
	{ "endless, so that the end wraps", 1, UINT_MAX, ~0 },
	{ "last word of the image", HVNET_CFG_IMAGE - 4, 4, 0 },
	{ "last byte of the image", HVNET_CFG_IMAGE - 1, 1, 0 },
	{ "word behind the image", HVNET_CFG_IMAGE, 4, 0 },
	{ "word across the end of the image", HVNET_CFG_IMAGE - 2, 4, ~0 },
	{ "last word of the space", HVNET_CFG_SPACE - 4, 4, 0 },
	{ "last byte of the space", HVNET_CFG_SPACE - 1, 1, 0 },
	{ "half across the end of the space", HVNET_CFG_SPACE - 1, 2, ~0 },
	{ "word behind the space", HVNET_CFG_SPACE, 4, ~0 },
	{ "byte behind the space", HVNET_CFG_SPACE, 1, ~0 },
	{ "last word of all", UINT_MAX - 3, 4, ~0 },
	{ "last byte of all", UINT_MAX, 1, ~0 },
};

KUNIT_ARRAY_PARAM_DESC(read, read_cases, name);

static void read_answers(struct kunit *test)
{
	const struct read_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, hvnet_config_read(test->priv, c->reg, c->len), c->val);
}

/* One write after power-on: events, and which bits of the word change.  Nothing else may. */
struct write_case {
	const char *name;
	unsigned int kind;
	unsigned int reg;
	unsigned int len;
	u32 val;
	unsigned int events;
	u32 flip;
};

#define BAR_FLIP	(~(HVNET_BAR_SIZE - 1u) & 0x7fffffff)

static const struct write_case write_cases[] = {
	{ "ids", PF, PCI_VENDOR_ID, 4, ~0 },
	{ "ids to zero", PF, PCI_VENDOR_ID, 4, 0 },
	{ "class", PF, PCI_CLASS_REVISION, 4, ~0 },
	{ "header type", PF, PCI_CACHE_LINE_SIZE, 4, ~0 },
	{ "subsystem", PF, PCI_SUBSYSTEM_VENDOR_ID, 4, ~0 },
	{ "ROM", PF, PCI_ROM_ADDRESS, 4, ~0 },
	{ "capability pointer", PF, PCI_CAPABILITY_LIST, 1, ~0 },
	{ "bus master", PF, PCI_COMMAND, 2, PCI_COMMAND_MASTER, EV_DMA, PCI_COMMAND_MASTER },
	{ "bus master, byte", PF, PCI_COMMAND, 1, ~0, EV_DMA, PF_COMMAND & 0xff },
	{ "command, high byte", PF, PCI_COMMAND + 1, 1, ~0, EV_DMA, PF_COMMAND & 0xff00 },
	{ "command, half", PF, PCI_COMMAND, 2, ~0, EV_DMA, PF_COMMAND },
	{ "command and status", PF, PCI_COMMAND, 4, ~0, EV_DMA, PF_COMMAND },
	{ "command, nothing new", PF, PCI_COMMAND, 2, PCI_COMMAND_IO },
	{ "status", PF, PCI_STATUS, 2, ~0 },
	{ "command of a VF", VF, PCI_COMMAND, 2, ~0, EV_DMA, PCI_COMMAND_MASTER },
	{ "BAR", PF, PCI_BASE_ADDRESS_0, 4, ~0, 0, BAR_FLIP },
	{ "BAR, second byte", PF, PCI_BASE_ADDRESS_0 + 1, 1, ~0, 0, 0xe000 },
	{ "BAR, first byte", PF, PCI_BASE_ADDRESS_0, 1, 0 },
	{ "BAR, high half to zero", PF, PCI_BASE_ADDRESS_0 + 2, 2, 0, 0, 0x80000000 },
	{ "BAR, upper word", PF, PCI_BASE_ADDRESS_1, 4, ~0, 0, ~0x21u },
	{ "BAR 2", PF, PCI_BASE_ADDRESS_2, 4, ~0 },
	{ "BAR 5", PF, PCI_BASE_ADDRESS_5, 4, ~0 },
	{ "BAR of a VF", VF, PCI_BASE_ADDRESS_0, 4, ~0 },
	{ "BAR of a VF, upper word", VF, PCI_BASE_ADDRESS_1, 4, ~0 },
	{ "interrupt line and pin", PF, PCI_INTERRUPT_LINE, 4, ~0, 0, 0xff },
	{ "interrupt line of a VF", VF, PCI_INTERRUPT_LINE, 4, ~0 },
	{ "PCIe header", PF, HVNET_CFG_PCIE, 4, ~0 },
	{ "device capabilities", PF, HVNET_CFG_PCIE + PCI_EXP_DEVCAP, 4, ~0 },
	{ "device control", PF, DEVCTL, 4, ~PCI_EXP_DEVCTL_BCR_FLR, 0, 0x7fff },
	{ "device control of a VF", VF, DEVCTL, 4, ~PCI_EXP_DEVCTL_BCR_FLR },
	{ "device status", PF, HVNET_CFG_PCIE + PCI_EXP_DEVSTA, 2, ~0 },
	{ "FLR", PF, DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR, FLR_EVENTS },
	{ "FLR, word", PF, DEVCTL, 4, ~0, FLR_EVENTS },
	{ "FLR, byte", PF, DEVCTL + 1, 1, 0x80, FLR_EVENTS },
	{ "FLR, beside the byte written", PF, DEVCTL, 1, PCI_EXP_DEVCTL_BCR_FLR },
	{ "FLR of a VF", VF, DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR, FLR_EVENTS },
	{ "FLR without VFs", PF_ALONE, DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR, FLR_EVENTS },
	{ "MSI-X enable", PF, MSIX, 2, PCI_MSIX_FLAGS_ENABLE, EV_MSIX, 0x80000000 },
	{ "MSI-X mask", PF, MSIX, 2, PCI_MSIX_FLAGS_MASKALL, EV_MSIX, 0x40000000 },
	{ "MSI-X, byte", PF, MSIX + 1, 1, 0xff, EV_MSIX, 0xc0000000 },
	{ "MSI-X, word", PF, HVNET_CFG_MSIX, 4, ~0, EV_MSIX, 0xc0000000 },
	{ "MSI-X of a VF", VF, MSIX, 2, ~0, EV_MSIX, 0xc0000000 },
	{ "MSI-X table size", PF, MSIX, 2, PCI_MSIX_FLAGS_QSIZE },
	{ "MSI-X table", PF, HVNET_CFG_MSIX + PCI_MSIX_TABLE, 4, ~0 },
	{ "MSI-X pending bits", PF, HVNET_CFG_MSIX + PCI_MSIX_PBA, 4, ~0 },
	{ "doorbell header", PF, HVNET_CFG_DOORBELL, 4, ~0 },
	{ "doorbell count", PF, COUNT, 4, ~0 },
	{ "D1", PF, PM, 2, 1 },
	{ "D2", PF, PM, 2, 2 },
	{ "D3hot", PF, PM, 2, 3, EV_DMA, 3 },
	{ "D3hot, byte", PF, PM, 1, 3, EV_DMA, 3 },
	{ "D3hot of a VF", VF, PM, 2, 3, EV_DMA, 3 },
	{ "D0 again", PF, PM, 2, 0 },
	{ "power management event", PF, PM, 2, PCI_PM_CTRL_PME_ENABLE | PCI_PM_CTRL_PME_STATUS },
	{ "power management capabilities", PF, HVNET_CFG_PM, 4, ~0 },
	{ "clock header", PF, HVNET_CFG_CLOCK, 4, ~0 },
	{ "time", PF, HVNET_CFG_CLOCK + HVNET_CLOCK_LO, 4, ~0 },
	{ "time of a VF", VF, HVNET_CFG_CLOCK + HVNET_CLOCK_HI, 4, ~0 },
	{ "SR-IOV header", PF, HVNET_CFG_SRIOV, 4, ~0 },
	{ "SR-IOV capabilities", PF, HVNET_CFG_SRIOV + PCI_SRIOV_CAP, 4, ~0 },
	{ "VF Enable", PF, CTRL, 2, PCI_SRIOV_CTRL_VFE, EV_VFS, PCI_SRIOV_CTRL_VFE },
	{ "VF MSE", PF, CTRL, 2, PCI_SRIOV_CTRL_MSE, 0, PCI_SRIOV_CTRL_MSE },
	{ "SR-IOV control", PF, CTRL, 4, ~0, EV_VFS, PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE },
	{ "InitialVFs and TotalVFs", PF, HVNET_CFG_SRIOV + PCI_SRIOV_INITIAL_VF, 4, ~0 },
	{ "NumVFs, all", PF, NUM, 2, NUM_VFS, 0, NUM_VFS },
	{ "NumVFs, byte", PF, NUM, 1, 5, 0, 5 },
	{ "NumVFs, one too many", PF, NUM, 2, NUM_VFS + 1 },
	{ "NumVFs, all ones", PF, NUM, 2, ~0 },
	{ "NumVFs, too many by the high byte", PF, NUM + 1, 1, 1 },
	{ "NumVFs and dependency link", PF, NUM, 4, 0xffff0003, 0, 3 },
	{ "VF offset and stride", PF, HVNET_CFG_SRIOV + PCI_SRIOV_VF_OFFSET, 4, ~0 },
	{ "VF device id", PF, HVNET_CFG_SRIOV + PCI_SRIOV_VF_DID, 2, ~0 },
	{ "supported page sizes", PF, HVNET_CFG_SRIOV + PCI_SRIOV_SUP_PGSIZE, 4, ~0 },
	{ "system page size", PF, HVNET_CFG_SRIOV + PCI_SRIOV_SYS_PGSIZE, 4, ~0 },
	{ "VF BAR", PF, HVNET_CFG_SRIOV + PCI_SRIOV_BAR, 4, ~0, 0, BAR_FLIP & ~0x10000000 },
	{ "VF BAR, upper word", PF, HVNET_CFG_SRIOV + PCI_SRIOV_BAR + 4, 4, ~0, 0, ~0x22u },
	{ "VF BAR 2", PF, HVNET_CFG_SRIOV + PCI_SRIOV_BAR + 8, 4, ~0 },
	{ "VF Enable without VFs", PF_ALONE, CTRL, 2, PCI_SRIOV_CTRL_VFE },
	{ "NumVFs without VFs", PF_ALONE, NUM, 2, 1 },
	{ "VF BAR without VFs", PF_ALONE, HVNET_CFG_SRIOV + PCI_SRIOV_BAR, 4, ~0 },
	{ "VF Enable of a VF", VF, CTRL, 2, PCI_SRIOV_CTRL_VFE },
	{ "serial number", PF, HVNET_CFG_DSN + 4, 4, 0 },
	{ "half across words", PF, PCI_VENDOR_ID + 3, 2, ~0 },
	{ "word across words", PF, PCI_COMMAND - 2, 4, ~0 },
	{ "longer than a word", PF, PCI_COMMAND, 5, ~0 },
	{ "eight bytes", PF, PCI_COMMAND, 8, ~0 },
	{ "endless", PF, PCI_COMMAND, UINT_MAX, ~0 },
	{ "endless, so that the end wraps", PF, PCI_COMMAND + 1, UINT_MAX, ~0 },
	{ "behind the image", PF, HVNET_CFG_IMAGE, 4, ~0 },
	{ "end of the space", PF, HVNET_CFG_SPACE - 4, 4, ~0 },
	{ "behind the space", PF, HVNET_CFG_SPACE, 4, ~0 },
	{ "command one space further", PF, HVNET_CFG_SPACE + PCI_COMMAND, 2, ~0 },
	{ "last word of all", PF, UINT_MAX - 3, 4, ~0 },
	{ "last byte of all", PF, UINT_MAX, 1, ~0 },
};

KUNIT_ARRAY_PARAM_DESC(write, write_cases, name);

static void write_changes_what_it_may(struct kunit *test)
{
	const struct write_case *c = test->param_value;
	struct hvnet_config *before = make(test, &kinds[c->kind]);
	struct hvnet_config *cfg = make(test, &kinds[c->kind]);
	unsigned int reg;

	KUNIT_EXPECT_EQ(test, hvnet_config_write(cfg, c->reg, c->len, c->val), c->events);
	for (reg = 0; reg < HVNET_CFG_IMAGE; reg += 4)
		KUNIT_EXPECT_EQ_MSG(test, rd32(cfg, reg) ^ rd32(before, reg),
				    reg == (c->reg & ~3) ? c->flip : 0, "at %#x", reg);
	KUNIT_EXPECT_EQ(test, cfg->pf, before->pf);
	KUNIT_EXPECT_EQ(test, cfg->total_vfs, before->total_vfs);
}

static void write_of_the_same_sets_nothing_off(struct kunit *test)
{
	static const struct { unsigned int reg; u16 val; } writes[] = {
		{ PCI_COMMAND, PCI_COMMAND_MASTER },
		{ MSIX, PCI_MSIX_FLAGS_ENABLE },
		{ PM, 3 },
		{ CTRL, PCI_SRIOV_CTRL_VFE },
	};
	struct hvnet_config *cfg = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(writes); i++) {
		KUNIT_EXPECT_NE(test, wr16(cfg, writes[i].reg, writes[i].val), 0);
		KUNIT_EXPECT_EQ(test, wr16(cfg, writes[i].reg, writes[i].val), 0);
		KUNIT_EXPECT_NE(test, wr16(cfg, writes[i].reg, 0), 0);
		KUNIT_EXPECT_EQ(test, wr16(cfg, writes[i].reg, 0), 0);
	}
}

struct bar_case {
	const char *name;
	unsigned int reg;
};

static const struct bar_case bar_cases[] = {
	{ "BAR 0", PCI_BASE_ADDRESS_0 },
	{ "VF BAR 0", HVNET_CFG_SRIOV + PCI_SRIOV_BAR },
};

KUNIT_ARRAY_PARAM_DESC(bar, bar_cases, name);

/* As the PCI core does it. */
static void bar_tells_its_size(struct kunit *test)
{
	const struct bar_case *c = test->param_value;
	struct hvnet_config *cfg = test->priv;
	u32 low = rd32(cfg, c->reg), high = rd32(cfg, c->reg + 4);
	u64 mask;

	KUNIT_EXPECT_EQ(test, low & ~PCI_BASE_ADDRESS_MEM_MASK,
			PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH);
	KUNIT_EXPECT_EQ(test, wr32(cfg, c->reg, ~0), 0);
	KUNIT_EXPECT_EQ(test, wr32(cfg, c->reg + 4, ~0), 0);
	mask = (u64)rd32(cfg, c->reg + 4) << 32 | rd32(cfg, c->reg);
	KUNIT_EXPECT_EQ(test, mask & ~PCI_BASE_ADDRESS_MEM_MASK, low & ~PCI_BASE_ADDRESS_MEM_MASK);
	KUNIT_EXPECT_EQ(test, ~(mask & PCI_BASE_ADDRESS_MEM_MASK) + 1, HVNET_BAR_SIZE);
	KUNIT_EXPECT_EQ(test, wr32(cfg, c->reg, low), 0);
	KUNIT_EXPECT_EQ(test, wr32(cfg, c->reg + 4, high), 0);
	KUNIT_EXPECT_EQ(test, rd32(cfg, c->reg), low);
	KUNIT_EXPECT_EQ(test, rd32(cfg, c->reg + 4), high);
}

static struct kunit_case config_test_cases[] = {
	KUNIT_CASE_PARAM(header_tells_what_it_is, kind_gen_params),
	KUNIT_CASE_PARAM(capabilities_are_linked, kind_gen_params),
	KUNIT_CASE_PARAM(extended_capabilities_are_linked, kind_gen_params),
	KUNIT_CASE_PARAM(capabilities_tell_what_it_can, kind_gen_params),
	KUNIT_CASE_PARAM(time_is_shown, kind_gen_params),
	KUNIT_CASE_PARAM(read_answers, read_gen_params),
	KUNIT_CASE_PARAM(write_changes_what_it_may, write_gen_params),
	KUNIT_CASE(write_of_the_same_sets_nothing_off),
	KUNIT_CASE_PARAM(bar_tells_its_size, bar_gen_params),
	{}
};

static struct kunit_suite config_test_suite = {
	.name = "hvnet_config",
	.init = config_test_init,
	.test_cases = config_test_cases,
};

kunit_test_suite(config_test_suite);

MODULE_DESCRIPTION("KUnit tests of hvnet configuration space");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
