// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of what writes to configuration space set off.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include "config.h"

#define NUM_WORDS	(HVNET_CFG_IMAGE / 4)
#define FUZZ_WRITES	200000
#define FUZZ_SEED	0x68766e6574

static void dma_takes_bus_master_and_d0(struct kunit *test)
{
	struct hvnet_config *cfg = make(test, test->param_value);

	KUNIT_EXPECT_FALSE(test, hvnet_config_can_dma(cfg));
	wr16(cfg, PCI_COMMAND, PCI_COMMAND_MEMORY);
	KUNIT_EXPECT_FALSE(test, hvnet_config_can_dma(cfg));
	KUNIT_EXPECT_EQ(test, wr16(cfg, PCI_COMMAND, PCI_COMMAND_MASTER), EV_DMA);
	KUNIT_EXPECT_TRUE(test, hvnet_config_can_dma(cfg));
	KUNIT_EXPECT_EQ(test, wr16(cfg, PM, 3), EV_DMA);
	KUNIT_EXPECT_FALSE(test, hvnet_config_can_dma(cfg));
	KUNIT_EXPECT_EQ(test, wr16(cfg, PM, 1), 0);
	KUNIT_EXPECT_EQ(test, wr16(cfg, PM, 2), 0);
	KUNIT_EXPECT_EQ(test, rd16(cfg, PM), PCI_PM_CTRL_NO_SOFT_RESET | 3);
	KUNIT_EXPECT_EQ(test, wr16(cfg, PM, 0), EV_DMA);
	KUNIT_EXPECT_TRUE_MSG(test, hvnet_config_can_dma(cfg), "No_Soft_Reset keeps bus mastering");
	KUNIT_EXPECT_EQ(test, wr16(cfg, PCI_COMMAND, 0), EV_DMA);
	KUNIT_EXPECT_FALSE(test, hvnet_config_can_dma(cfg));
}

static void interrupts_take_enable_without_mask(struct kunit *test)
{
	struct hvnet_config *cfg = make(test, test->param_value);

	KUNIT_EXPECT_FALSE(test, hvnet_config_msix_on(cfg));
	KUNIT_EXPECT_EQ(test, wr16(cfg, MSIX, PCI_MSIX_FLAGS_MASKALL), EV_MSIX);
	KUNIT_EXPECT_FALSE(test, hvnet_config_msix_on(cfg));
	KUNIT_EXPECT_EQ(test, wr16(cfg, MSIX, PCI_MSIX_FLAGS_MASKALL | PCI_MSIX_FLAGS_ENABLE),
			EV_MSIX);
	KUNIT_EXPECT_FALSE(test, hvnet_config_msix_on(cfg));
	KUNIT_EXPECT_EQ(test, wr16(cfg, MSIX, PCI_MSIX_FLAGS_ENABLE), EV_MSIX);
	KUNIT_EXPECT_TRUE(test, hvnet_config_msix_on(cfg));
	KUNIT_EXPECT_EQ(test, wr16(cfg, MSIX, 0), EV_MSIX);
	KUNIT_EXPECT_FALSE(test, hvnet_config_msix_on(cfg));
}

static void doorbell_rings(struct kunit *test)
{
	static const u32 values[] = { 0, 1, 1, HVNET_DB_ADMIN, HVNET_DB_MAILBOX, ~0u };
	struct hvnet_config *cfg = make(test, test->param_value);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		KUNIT_EXPECT_EQ(test, wr32(cfg, RING, values[i]), HVNET_CFG_EV_DOORBELL);
		KUNIT_EXPECT_EQ(test, rd32(cfg, COUNT), i + 1);
		KUNIT_EXPECT_EQ(test, rd32(cfg, RING), 0);
	}
}

/* A part of a queue's number says nothing: such a write is not a ring. */
static void doorbell_takes_words_only(struct kunit *test)
{
	static const struct { unsigned int reg, len; } parts[] = {
		{ RING, 1 }, { RING + 1, 1 }, { RING + 3, 1 }, { RING, 2 }, { RING + 2, 2 },
		{ RING - 2, 4 }, { RING + 1, 4 }, { RING, 8 },
	};
	struct hvnet_config *cfg = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		KUNIT_EXPECT_EQ(test, hvnet_config_write(cfg, parts[i].reg, parts[i].len, 0), 0);
		KUNIT_EXPECT_EQ(test, rd32(cfg, COUNT), 0);
	}
}

static void vfs_come_and_go(struct kunit *test)
{
	struct hvnet_config *cfg = test->priv;

	KUNIT_EXPECT_EQ(test, wr16(cfg, NUM, 5), 0);
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), 0);
	KUNIT_EXPECT_EQ(test, wr16(cfg, NUM, NUM_VFS + 1), 0);
	KUNIT_EXPECT_EQ(test, rd16(cfg, NUM), 5);
	KUNIT_EXPECT_EQ(test, wr16(cfg, CTRL, PCI_SRIOV_CTRL_VFE), EV_VFS);
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), 5);

	KUNIT_EXPECT_EQ(test, wr16(cfg, NUM, 6), 0);
	KUNIT_EXPECT_EQ(test, wr16(cfg, NUM, 0), 0);
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), 5);
	KUNIT_EXPECT_EQ(test, wr16(cfg, CTRL, PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE), 0);
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), 5);

	KUNIT_EXPECT_EQ(test, wr16(cfg, CTRL, PCI_SRIOV_CTRL_MSE), EV_VFS);
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), 0);
	KUNIT_EXPECT_EQ(test, rd16(cfg, NUM), 5);
	KUNIT_EXPECT_EQ(test, wr16(cfg, NUM, NUM_VFS), 0);
	KUNIT_EXPECT_EQ(test, wr16(cfg, CTRL, PCI_SRIOV_CTRL_VFE), EV_VFS);
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), NUM_VFS);
}

/* VFs would appear without an event. */
static void num_vfs_is_fixed_while_enabled(struct kunit *test)
{
	struct hvnet_config *cfg = test->priv;

	KUNIT_EXPECT_EQ(test, wr16(cfg, CTRL, PCI_SRIOV_CTRL_VFE), EV_VFS);
	KUNIT_EXPECT_EQ(test, wr16(cfg, NUM, 4), 0);
	KUNIT_EXPECT_EQ(test, rd16(cfg, NUM), 0);
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), 0);
}

static void flr_is_like_power_on(struct kunit *test)
{
	const struct kind *kind = test->param_value;
	struct hvnet_config *fresh = make(test, kind);
	struct hvnet_config *cfg = make(test, kind);

	wr16(cfg, PCI_COMMAND, ~0);
	wr16(cfg, MSIX, PCI_MSIX_FLAGS_ENABLE);
	wr16(cfg, PM, 3);
	wr16(cfg, DEVCTL, PCI_EXP_DEVCTL_PAYLOAD);
	hvnet_config_write(cfg, PCI_INTERRUPT_LINE, 1, 11);
	wr16(cfg, NUM, NUM_VFS);
	wr16(cfg, CTRL, PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE);
	KUNIT_EXPECT_NE(test, memcmp(cfg->image, fresh->image, HVNET_CFG_IMAGE), 0);

	KUNIT_EXPECT_EQ(test, wr16(cfg, DEVCTL, PCI_EXP_DEVCTL_BCR_FLR),
			FLR_EVENTS | (kind->sriov ? EV_VFS : 0));
	KUNIT_EXPECT_MEMEQ(test, cfg->image, fresh->image, HVNET_CFG_IMAGE);
	KUNIT_EXPECT_FALSE(test, hvnet_config_can_dma(cfg));
	KUNIT_EXPECT_FALSE(test, hvnet_config_msix_on(cfg));
	KUNIT_EXPECT_EQ(test, hvnet_config_num_vfs(cfg), 0);
}

static void flr_keeps_bars(struct kunit *test)
{
	struct hvnet_config *cfg = test->priv;
	u64 bar = BAR + HVNET_BAR_SIZE, vf_bar = VF_BAR + 2 * HVNET_BAR_SIZE;

	wr32(cfg, PCI_BASE_ADDRESS_0, lower_32_bits(bar));
	wr32(cfg, PCI_BASE_ADDRESS_1, upper_32_bits(bar));
	wr32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_BAR, lower_32_bits(vf_bar));
	wr32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_BAR + 4, upper_32_bits(vf_bar));
	KUNIT_EXPECT_EQ(test, wr16(cfg, DEVCTL, PCI_EXP_DEVCTL_BCR_FLR), FLR_EVENTS);
	KUNIT_EXPECT_EQ(test, rd32(cfg, PCI_BASE_ADDRESS_0), lower_32_bits(bar) | 0xc);
	KUNIT_EXPECT_EQ(test, rd32(cfg, PCI_BASE_ADDRESS_1), upper_32_bits(bar));
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_BAR),
			lower_32_bits(vf_bar) | 0xc);
	KUNIT_EXPECT_EQ(test, rd32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_BAR + 4),
			upper_32_bits(vf_bar));
}

/* Bits that a write may ever change, of each word of the image. */
static void fuzz_masks(const struct kind *kind, u32 *masks)
{
	memset(masks, 0, NUM_WORDS * sizeof(*masks));
	masks[PCI_COMMAND / 4] = kind->params.pf ? PF_COMMAND : PCI_COMMAND_MASTER;
	masks[MSIX / 4] = 0xc0000000;
	masks[PM / 4] = 3;
	masks[COUNT / 4] = ~0;
	if (!kind->params.pf)
		return;
	masks[PCI_BASE_ADDRESS_0 / 4] = ~(HVNET_BAR_SIZE - 1u);
	masks[PCI_BASE_ADDRESS_1 / 4] = ~0;
	masks[PCI_INTERRUPT_LINE / 4] = 0xff;
	masks[DEVCTL / 4] = 0x7fff;
	if (!kind->sriov)
		return;
	masks[CTRL / 4] = PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE;
	masks[NUM / 4] = 0xffff;
	masks[(HVNET_CFG_SRIOV + PCI_SRIOV_BAR) / 4] = ~(HVNET_BAR_SIZE - 1u);
	masks[(HVNET_CFG_SRIOV + PCI_SRIOV_BAR) / 4 + 1] = ~0;
}

struct fuzz {
	struct hvnet_config *cfg;
	const struct hvnet_config *fresh;
	struct rnd_state rnd;
	u32 masks[NUM_WORDS];
};

/* Words that can be written are hit often, others sometimes, wild numbers now and then. */
static void fuzz_place(struct fuzz *fuzz, unsigned int *reg, unsigned int *len)
{
	static const unsigned int hot[] = {
		PCI_COMMAND, PCI_BASE_ADDRESS_0, DEVCTL, HVNET_CFG_MSIX, RING, PM, CTRL, NUM,
	};
	u32 dice = prandom_u32_state(&fuzz->rnd);

	*len = 1u << (dice >> 8 & 3);
	switch (dice & 7) {
	case 0:
		*reg = prandom_u32_state(&fuzz->rnd);
		*len = prandom_u32_state(&fuzz->rnd);
		break;
	case 1:
		*reg = prandom_u32_state(&fuzz->rnd) % (2 * HVNET_CFG_SPACE);
		break;
	case 2:
	case 3:
		*reg = prandom_u32_state(&fuzz->rnd) % (HVNET_CFG_IMAGE + 8);
		break;
	default:
		*reg = hot[(dice >> 16) % ARRAY_SIZE(hot)] + (dice >> 24 & 3);
	}
}

static bool fuzz_word_ok(const struct fuzz *fuzz, unsigned int word)
{
	u32 changed = rd32(fuzz->cfg, 4 * word) ^ rd32(fuzz->fresh, 4 * word);

	return !(changed & ~fuzz->masks[word]);
}

/* What the adapter acts on changes only with the event that says so. */
static bool fuzz_write_ok(struct fuzz *fuzz)
{
	struct hvnet_config *cfg = fuzz->cfg;
	bool dma = hvnet_config_can_dma(cfg), msix = hvnet_config_msix_on(cfg);
	u16 vfs = hvnet_config_num_vfs(cfg);
	unsigned int reg, len, events;

	fuzz_place(fuzz, &reg, &len);
	events = hvnet_config_write(cfg, reg, len, prandom_u32_state(&fuzz->rnd));

	return (reg >= HVNET_CFG_IMAGE || fuzz_word_ok(fuzz, reg / 4)) &&
	       (!events || (reg < HVNET_CFG_IMAGE && len <= 4)) &&
	       (dma == hvnet_config_can_dma(cfg) || events & EV_DMA) &&
	       (msix == hvnet_config_msix_on(cfg) || events & EV_MSIX) &&
	       (vfs == hvnet_config_num_vfs(cfg) || events & EV_VFS) &&
	       hvnet_config_num_vfs(cfg) <= cfg->total_vfs;
}

static bool fuzz_read_ok(struct fuzz *fuzz)
{
	unsigned int reg, len;
	u32 val;

	fuzz_place(fuzz, &reg, &len);
	val = hvnet_config_read(fuzz->cfg, reg, len);
	if (reg >= HVNET_CFG_SPACE || len > 4 || reg % 4 + len > 4)
		return val == ~0u;
	return (len == 4 || !(val >> 8 * len)) && (reg < HVNET_CFG_IMAGE || !val);
}

static void random_writes_do_no_harm(struct kunit *test)
{
	const struct kind *kind = test->param_value;
	struct fuzz *fuzz = kunit_kzalloc(test, sizeof(*fuzz), GFP_KERNEL);
	unsigned int i, word;

	KUNIT_ASSERT_NOT_NULL(test, fuzz);
	fuzz->cfg = make(test, kind);
	fuzz->fresh = make(test, kind);
	fuzz_masks(kind, fuzz->masks);
	prandom_seed_state(&fuzz->rnd, FUZZ_SEED);

	for (i = 0; i < FUZZ_WRITES; i++) {
		if (!fuzz_write_ok(fuzz))
			KUNIT_FAIL_AND_ABORT(test, "write %u", i);
		if (!fuzz_read_ok(fuzz))
			KUNIT_FAIL_AND_ABORT(test, "read %u", i);
		if (i % 256)
			continue;
		for (word = 0; word < NUM_WORDS; word++)
			KUNIT_ASSERT_TRUE_MSG(test, fuzz_word_ok(fuzz, word), "at %#x after %u",
					      4 * word, i);
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, fuzz->cfg->pf, kind->params.pf);
	KUNIT_EXPECT_EQ(test, fuzz->cfg->total_vfs, fuzz->fresh->total_vfs);
}

static struct kunit_case config_events_test_cases[] = {
	KUNIT_CASE_PARAM(dma_takes_bus_master_and_d0, kind_gen_params),
	KUNIT_CASE_PARAM(interrupts_take_enable_without_mask, kind_gen_params),
	KUNIT_CASE_PARAM(doorbell_rings, kind_gen_params),
	KUNIT_CASE(doorbell_takes_words_only),
	KUNIT_CASE(vfs_come_and_go),
	KUNIT_CASE(num_vfs_is_fixed_while_enabled),
	KUNIT_CASE_PARAM(flr_is_like_power_on, kind_gen_params),
	KUNIT_CASE(flr_keeps_bars),
	KUNIT_CASE_PARAM_ATTR(random_writes_do_no_harm, kind_gen_params,
			      { .speed = KUNIT_SPEED_SLOW }),
	{}
};

static struct kunit_suite config_events_test_suite = {
	.name = "hvnet_config_events",
	.init = config_test_init,
	.test_cases = config_events_test_cases,
};

kunit_test_suite(config_events_test_suite);

MODULE_DESCRIPTION("KUnit tests of what writes to hvnet configuration space set off");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
