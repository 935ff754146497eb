/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration spaces for tests.
 */
#ifndef HVNET_KUNIT_CONFIG_H
#define HVNET_KUNIT_CONFIG_H

#include <kunit/test.h>
#include <linux/pci.h>
#include <linux/string.h>

#include <hvnet/abi/pci.h>
#include <hvnet/abi/regs.h>

#include "../drivers/nic/config.h"

#define NUM_VFS		64
#define BAR		0x2180000000ULL
#define VF_BAR		0x2290000000ULL
#define SERIAL		0x0123456789abcdefULL

#define CTRL		(HVNET_CFG_SRIOV + PCI_SRIOV_CTRL)
#define NUM		(HVNET_CFG_SRIOV + PCI_SRIOV_NUM_VF)
#define DEVCTL		(HVNET_CFG_PCIE + PCI_EXP_DEVCTL)
#define MSIX		(HVNET_CFG_MSIX + PCI_MSIX_FLAGS)
#define PM		(HVNET_CFG_PM + PCI_PM_CTRL)
#define RING		(HVNET_CFG_DOORBELL + HVNET_DB_RING)
#define COUNT		(HVNET_CFG_DOORBELL + HVNET_DB_COUNT)

#define EV_DMA		HVNET_CFG_EV_DMA
#define EV_MSIX		HVNET_CFG_EV_MSIX
#define EV_VFS		HVNET_CFG_EV_VFS

#define FLR_EVENTS	(HVNET_CFG_EV_FLR | HVNET_CFG_EV_DMA | HVNET_CFG_EV_MSIX)

#define PF_COMMAND	(PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY | PCI_COMMAND_INTX_DISABLE)

enum { PF, VF, PF_ALONE };

/* What there is, the PF of every other test first. */
struct kind {
	const char *name;
	struct hvnet_config_params params;
	bool sriov;
};

static const struct kind kinds[] = {
	[PF] = {
		.name = "PF",
		.params = {
			.pf = true, .total_vfs = NUM_VFS, .vectors = HVNET_MAX_VECTORS,
			.bar = BAR, .vf_bar = VF_BAR, .serial = SERIAL,
		},
		.sriov = true,
	},
	[VF] = {
		.name = "VF",
		.params = { .total_vfs = NUM_VFS, .vectors = 3, .serial = SERIAL },
	},
	[PF_ALONE] = {
		.name = "PF without VFs",
		.params = { .pf = true, .vectors = 1, .bar = BAR, .serial = SERIAL },
	},
	{
		.name = "PF with the most VFs",
		.params = {
			.pf = true, .total_vfs = HVNET_MAX_VFS, .vectors = HVNET_MAX_VECTORS,
			.bar = BAR, .vf_bar = VF_BAR, .serial = SERIAL,
		},
		.sriov = true,
	},
};

KUNIT_ARRAY_PARAM_DESC(kind, kinds, name);

static inline struct hvnet_config *make(struct kunit *test, const struct kind *kind)
{
	/* An allocation of its own, so that KASAN sees an access behind the end. */
	struct hvnet_config *cfg = kunit_kmalloc(test, sizeof(*cfg), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, cfg);
	memset(cfg, 0xa5, sizeof(*cfg));
	hvnet_config_init(cfg, &kind->params);
	return cfg;
}

static inline int config_test_init(struct kunit *test)
{
	test->priv = make(test, &kinds[PF]);
	return 0;
}

static inline u32 rd32(const struct hvnet_config *cfg, unsigned int reg)
{
	return hvnet_config_read(cfg, reg, 4);
}

static inline u16 rd16(const struct hvnet_config *cfg, unsigned int reg)
{
	return hvnet_config_read(cfg, reg, 2);
}

static inline unsigned int wr32(struct hvnet_config *cfg, unsigned int reg, u32 val)
{
	return hvnet_config_write(cfg, reg, 4, val);
}

static inline unsigned int wr16(struct hvnet_config *cfg, unsigned int reg, u16 val)
{
	return hvnet_config_write(cfg, reg, 2, val);
}

#endif
