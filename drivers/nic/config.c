// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration space: PCI Express Base 6.0 (chapter 7 for the layout, 9 for SR-IOV) and the
 * doorbell of <hvnet/abi/pci.h>.
 */
#include <kunit/visibility.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include <hvnet/abi/pci.h>
#include <hvnet/abi/regs.h>

#include "config.h"

/* Device serial number; <linux/pci_regs.h> has names for the capability only. */
#define DSN_LO	(HVNET_CFG_DSN + 4)
#define DSN_HI	(HVNET_CFG_DSN + 8)

#define BAR_FLAGS	(PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)

static u16 get16(const struct hvnet_config *cfg, unsigned int reg)
{
	return get_unaligned_le16(cfg->image + reg);
}

static u32 get32(const struct hvnet_config *cfg, unsigned int reg)
{
	return get_unaligned_le32(cfg->image + reg);
}

static void put16(struct hvnet_config *cfg, unsigned int reg, u16 val)
{
	put_unaligned_le16(val, cfg->image + reg);
}

static void put32(struct hvnet_config *cfg, unsigned int reg, u32 val)
{
	put_unaligned_le32(val, cfg->image + reg);
}

static void put_cap(struct hvnet_config *cfg, unsigned int reg, u8 id, u8 next)
{
	cfg->image[reg] = id;
	cfg->image[reg + 1] = next;
}

static void put_bar(struct hvnet_config *cfg, unsigned int reg, u64 addr)
{
	put32(cfg, reg, lower_32_bits(addr) | BAR_FLAGS);
	put32(cfg, reg + 4, upper_32_bits(addr));
}

static void init_header(struct hvnet_config *cfg, const struct hvnet_config_params *p)
{
	/* A VF's ids are all ones: the PCI core takes them from the SR-IOV capability. */
	put16(cfg, PCI_VENDOR_ID, p->pf ? HVNET_PCI_VENDOR_ID : 0xffff);
	put16(cfg, PCI_DEVICE_ID, p->pf ? HVNET_PCI_DEVICE_ID_PF : 0xffff);
	/*
	 * Ready at once after a reset: spares the PCI core 100 ms; the driver awaits
	 * STATUS_READY.
	 */
	put16(cfg, PCI_STATUS, PCI_STATUS_CAP_LIST | PCI_STATUS_IMM_READY);
	put32(cfg, PCI_CLASS_REVISION, PCI_CLASS_NETWORK_ETHERNET << 16 | 1);
	put16(cfg, PCI_SUBSYSTEM_VENDOR_ID, HVNET_PCI_VENDOR_ID);
	put16(cfg, PCI_SUBSYSTEM_ID, 1);
	cfg->image[PCI_CAPABILITY_LIST] = HVNET_CFG_PCIE;
	if (p->pf)
		put_bar(cfg, PCI_BASE_ADDRESS_0, p->bar);
}

static void init_caps(struct hvnet_config *cfg, const struct hvnet_config_params *p)
{
	put_cap(cfg, HVNET_CFG_PCIE, PCI_CAP_ID_EXP, HVNET_CFG_MSIX);
	put16(cfg, HVNET_CFG_PCIE + PCI_EXP_FLAGS, 2 | PCI_EXP_TYPE_RC_END << 4);
	put32(cfg, HVNET_CFG_PCIE + PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_FLR | PCI_EXP_DEVCAP_RBER);

	put_cap(cfg, HVNET_CFG_MSIX, PCI_CAP_ID_MSIX, HVNET_CFG_DOORBELL);
	put16(cfg, HVNET_CFG_MSIX + PCI_MSIX_FLAGS, p->vectors - 1);
	put32(cfg, HVNET_CFG_MSIX + PCI_MSIX_TABLE, HVNET_MSIX_TABLE | HVNET_BAR);
	put32(cfg, HVNET_CFG_MSIX + PCI_MSIX_PBA, HVNET_MSIX_PBA | HVNET_BAR);

	put_cap(cfg, HVNET_CFG_DOORBELL, PCI_CAP_ID_VNDR, HVNET_CFG_PM);
	cfg->image[HVNET_CFG_DOORBELL + HVNET_DB_LEN] = HVNET_DB_SIZE;
	cfg->image[HVNET_CFG_DOORBELL + HVNET_DB_TYPE_OFFSET] = HVNET_DB_TYPE;

	put_cap(cfg, HVNET_CFG_PM, PCI_CAP_ID_PM, HVNET_CFG_CLOCK);
	put16(cfg, HVNET_CFG_PM + PCI_PM_PMC, 3);
	put16(cfg, HVNET_CFG_PM + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET);

	put_cap(cfg, HVNET_CFG_CLOCK, PCI_CAP_ID_VNDR, 0);
	cfg->image[HVNET_CFG_CLOCK + HVNET_CLOCK_LEN] = HVNET_CLOCK_SIZE;
	cfg->image[HVNET_CFG_CLOCK + HVNET_CLOCK_TYPE_OFFSET] = HVNET_CLOCK_TYPE;
}

static void init_dsn(struct hvnet_config *cfg, const struct hvnet_config_params *p)
{
	/* An adapter without VFs has no SR-IOV capability: TotalVFs must not be 0. */
	u32 next = p->pf && p->total_vfs ? HVNET_CFG_SRIOV : 0;

	put32(cfg, HVNET_CFG_DSN, PCI_EXT_CAP_ID_DSN | 1 << 16 | next << 20);
	put32(cfg, DSN_LO, lower_32_bits(p->serial));
	put32(cfg, DSN_HI, upper_32_bits(p->serial));
}

static void init_sriov(struct hvnet_config *cfg, const struct hvnet_config_params *p)
{
	put32(cfg, HVNET_CFG_SRIOV, PCI_EXT_CAP_ID_SRIOV | 1 << 16);
	put16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_INITIAL_VF, p->total_vfs);
	put16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_TOTAL_VF, p->total_vfs);
	put16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_VF_OFFSET, 1);
	put16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_VF_STRIDE, 1);
	put16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_VF_DID, HVNET_PCI_DEVICE_ID_VF);
	put32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_SUP_PGSIZE, 1);
	put32(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_SYS_PGSIZE, 1);
	put_bar(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_BAR, p->vf_bar);
}

/**
 * hvnet_config_init() - give a function its configuration space as after power-on
 * @cfg: to be filled in
 * @params: what the function is
 */
void hvnet_config_init(struct hvnet_config *cfg, const struct hvnet_config_params *params)
{
	memset(cfg, 0, sizeof(*cfg));
	cfg->pf = params->pf;
	cfg->total_vfs = params->pf ? params->total_vfs : 0;
	init_header(cfg, params);
	init_caps(cfg, params);
	init_dsn(cfg, params);
	if (params->pf && params->total_vfs)
		init_sriov(cfg, params);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_config_init);

/**
 * hvnet_config_read() - read from configuration space
 * @cfg: the function's
 * @reg: first byte
 * @len: 1, 2 or 4 bytes, naturally aligned
 *
 * Return: the value; all ones outside of configuration space.
 */
u32 hvnet_config_read(const struct hvnet_config *cfg, unsigned int reg, unsigned int len)
{
	u32 val;

	if (len > 4 || reg > HVNET_CFG_SPACE - len || (reg & 3) + len > 4)
		return ~0;
	if (reg >= HVNET_CFG_IMAGE)
		return 0;
	val = get32(cfg, reg & ~3) >> 8 * (reg & 3);
	return len == 4 ? val : val & (BIT(8 * len) - 1);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_config_read);

/**
 * hvnet_config_shows_time() - does a read tell the time?
 * @reg: first byte of it
 *
 * Return: true if hvnet_config_set_time() is to come before.
 */
bool hvnet_config_shows_time(unsigned int reg)
{
	return reg >= HVNET_CFG_CLOCK + HVNET_CLOCK_LO && reg < HVNET_CFG_CLOCK + HVNET_CLOCK_SIZE;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_config_shows_time);

/**
 * hvnet_config_set_time() - what time it is
 * @cfg: the function's
 * @time: the adapter's time in ns
 */
void hvnet_config_set_time(struct hvnet_config *cfg, u64 time)
{
	put32(cfg, HVNET_CFG_CLOCK + HVNET_CLOCK_LO, lower_32_bits(time));
	put32(cfg, HVNET_CFG_CLOCK + HVNET_CLOCK_HI, upper_32_bits(time));
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_config_set_time);

/* Bits of the aligned word at @reg that a write stores as they are. */
static u32 writable(const struct hvnet_config *cfg, unsigned int reg)
{
	switch (reg) {
	case PCI_COMMAND:
		/* Memory Space Enable of a VF is hard-wired to 0: the PF's VF MSE rules. */
		if (!cfg->pf)
			return PCI_COMMAND_MASTER;
		return PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY | PCI_COMMAND_INTX_DISABLE;
	case HVNET_CFG_PCIE + PCI_EXP_DEVCTL:
		return cfg->pf ? 0xffff & ~PCI_EXP_DEVCTL_BCR_FLR : 0;
	case HVNET_CFG_MSIX:
		return (PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) << 16;
	case HVNET_CFG_PM + PCI_PM_CTRL:
		return PCI_PM_CTRL_STATE_MASK;
	}
	if (!cfg->pf)
		return 0;

	switch (reg) {
	case PCI_BASE_ADDRESS_0:
		return ~(HVNET_BAR_SIZE - 1u);
	case PCI_BASE_ADDRESS_1:
		return ~0u;
	case PCI_INTERRUPT_LINE:
		return 0xff;
	}
	if (!cfg->total_vfs)
		return 0;

	switch (reg) {
	case HVNET_CFG_SRIOV + PCI_SRIOV_CTRL:
		return PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE;
	case HVNET_CFG_SRIOV + PCI_SRIOV_NUM_VF:
		return 0xffff;
	case HVNET_CFG_SRIOV + PCI_SRIOV_BAR:
		return ~(HVNET_BAR_SIZE - 1u);
	case HVNET_CFG_SRIOV + PCI_SRIOV_BAR + 4:
		return ~0u;
	}
	return 0;
}

/* May the word at @reg change from @old to @new?  Reserved and illegal values are ignored. */
static bool acceptable(const struct hvnet_config *cfg, unsigned int reg, u32 old, u32 new)
{
	u32 state;

	switch (reg) {
	case HVNET_CFG_PM + PCI_PM_CTRL:
		state = new & PCI_PM_CTRL_STATE_MASK;
		return state == 0 || state == 3;
	case HVNET_CFG_SRIOV + PCI_SRIOV_NUM_VF:
		return !(get16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_CTRL) & PCI_SRIOV_CTRL_VFE) &&
		       (new & 0xffff) <= cfg->total_vfs;
	}
	return true;
}

/**
 * hvnet_config_reset() - what a write can change goes back to its initial value
 * @cfg: the function's
 *
 * BARs stay: the adapter decodes the one address that it was born with.
 */
void hvnet_config_reset(struct hvnet_config *cfg)
{
	unsigned int reg;

	for (reg = 0; reg < HVNET_CFG_IMAGE; reg += 4) {
		bool bar = reg == PCI_BASE_ADDRESS_0 || reg == PCI_BASE_ADDRESS_1 ||
			   reg == HVNET_CFG_SRIOV + PCI_SRIOV_BAR ||
			   reg == HVNET_CFG_SRIOV + PCI_SRIOV_BAR + 4;

		if (!bar)
			put32(cfg, reg, get32(cfg, reg) & ~writable(cfg, reg));
	}
}

static unsigned int side_effects(unsigned int reg, u32 old, u32 new)
{
	switch (reg) {
	case PCI_COMMAND:
	case HVNET_CFG_PM + PCI_PM_CTRL:
		return HVNET_CFG_EV_DMA;
	case HVNET_CFG_MSIX:
		return HVNET_CFG_EV_MSIX;
	case HVNET_CFG_SRIOV + PCI_SRIOV_CTRL:
		return (old ^ new) & PCI_SRIOV_CTRL_VFE ? HVNET_CFG_EV_VFS : 0;
	}
	return 0;
}

/**
 * hvnet_config_write() - write to configuration space
 * @cfg: the function's
 * @reg: first byte
 * @len: 1, 2 or 4 bytes, naturally aligned
 * @val: the value
 *
 * Read-only bits, illegal values and what lies outside are ignored, as on hardware.
 *
 * Return: HVNET_CFG_EV_* of what the write set off.
 */
unsigned int hvnet_config_write(struct hvnet_config *cfg, unsigned int reg, unsigned int len,
				u32 val)
{
	unsigned int shift = 8 * (reg & 3), word = reg & ~3;
	u32 lanes, old, new;

	if (len > 4 || (reg & 3) + len > 4 || reg >= HVNET_CFG_IMAGE)
		return 0;

	if (word == HVNET_CFG_DOORBELL + HVNET_DB_RING) {
		if (len != 4)
			return 0;
		put32(cfg, HVNET_CFG_DOORBELL + HVNET_DB_COUNT,
		      get32(cfg, HVNET_CFG_DOORBELL + HVNET_DB_COUNT) + 1);
		return HVNET_CFG_EV_DOORBELL;
	}

	lanes = (len == 4 ? ~0u : BIT(8 * len) - 1) << shift;
	val <<= shift;

	if (word == HVNET_CFG_PCIE + PCI_EXP_DEVCTL && val & lanes & PCI_EXP_DEVCTL_BCR_FLR) {
		unsigned int events = HVNET_CFG_EV_FLR | HVNET_CFG_EV_DMA | HVNET_CFG_EV_MSIX;

		if (cfg->pf && hvnet_config_num_vfs(cfg))
			events |= HVNET_CFG_EV_VFS;
		hvnet_config_reset(cfg);
		return events;
	}

	old = get32(cfg, word);
	lanes &= writable(cfg, word);
	new = (old & ~lanes) | (val & lanes);
	if (new == old || !acceptable(cfg, word, old, new))
		return 0;
	put32(cfg, word, new);
	return side_effects(word, old, new);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_config_write);

/**
 * hvnet_config_can_dma() - may the function read and write memory?
 * @cfg: the function's
 *
 * Return: true with Bus Master Enable set and in D0.
 */
bool hvnet_config_can_dma(const struct hvnet_config *cfg)
{
	return get16(cfg, PCI_COMMAND) & PCI_COMMAND_MASTER &&
	       !(get16(cfg, HVNET_CFG_PM + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_config_can_dma);

/**
 * hvnet_config_msix_on() - may the function send interrupts?
 * @cfg: the function's
 *
 * Return: true with MSI-X enabled and the function not masked.
 */
bool hvnet_config_msix_on(const struct hvnet_config *cfg)
{
	u16 ctrl = get16(cfg, HVNET_CFG_MSIX + PCI_MSIX_FLAGS);

	return (ctrl & (PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL)) == PCI_MSIX_FLAGS_ENABLE;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_config_msix_on);

/**
 * hvnet_config_num_vfs() - how many VFs exist?
 * @cfg: the PF's
 *
 * Return: NumVFs while VF Enable is set, else 0.
 */
u16 hvnet_config_num_vfs(const struct hvnet_config *cfg)
{
	if (!cfg->total_vfs ||
	    !(get16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_CTRL) & PCI_SRIOV_CTRL_VFE))
		return 0;
	return get16(cfg, HVNET_CFG_SRIOV + PCI_SRIOV_NUM_VF);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_config_num_vfs);
