/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration space of one PCI function: an image, which of its bits can be written, and what a
 * write means.  Pure: no device, no locks: the caller serialises.
 */
#ifndef HVNET_NIC_CONFIG_H
#define HVNET_NIC_CONFIG_H

#include <linux/bits.h>
#include <linux/types.h>

#define HVNET_CFG_PCIE		0x40
#define HVNET_CFG_MSIX		0x80
#define HVNET_CFG_DOORBELL	0xa0
#define HVNET_CFG_PM		0xb0
#define HVNET_CFG_CLOCK		0xc0
#define HVNET_CFG_DSN		0x100
#define HVNET_CFG_SRIOV		0x110
/* What lies beyond reads as zero, up to the 4096 bytes of extended configuration space. */
#define HVNET_CFG_IMAGE		0x150
#define HVNET_CFG_SPACE		0x1000

/* What a write to configuration space set off. */
#define HVNET_CFG_EV_DMA	BIT(0)	/* bus mastering or the power state may have changed */
#define HVNET_CFG_EV_MSIX	BIT(1)	/* MSI-X enable or the function mask may have changed */
#define HVNET_CFG_EV_FLR	BIT(2)	/* function-level reset; the image is reset already */
#define HVNET_CFG_EV_VFS	BIT(3)	/* VF Enable changed */
#define HVNET_CFG_EV_DOORBELL	BIT(4)	/* the doorbell was rung */

/**
 * struct hvnet_config - configuration space of a function
 * @pf: a PF; else a VF
 * @total_vfs: TotalVFs, for a PF
 * @image: what a read returns, little endian
 */
struct hvnet_config {
	bool pf;
	u16 total_vfs;
	u8 image[HVNET_CFG_IMAGE] __aligned(4);
};

/**
 * struct hvnet_config_params - what differs from function to function
 * @pf: a PF; else a VF
 * @total_vfs: TotalVFs, for a PF
 * @vectors: size of the MSI-X table
 * @bar: bus address of BAR 0, for a PF
 * @vf_bar: bus address of the first VF's BAR 0, for a PF
 * @serial: device serial number, the same for all functions of an adapter
 */
struct hvnet_config_params {
	bool pf;
	u16 total_vfs;
	u16 vectors;
	u64 bar;
	u64 vf_bar;
	u64 serial;
};

void hvnet_config_init(struct hvnet_config *cfg, const struct hvnet_config_params *params);
u32 hvnet_config_read(const struct hvnet_config *cfg, unsigned int reg, unsigned int len);
unsigned int hvnet_config_write(struct hvnet_config *cfg, unsigned int reg, unsigned int len,
				u32 val);

void hvnet_config_reset(struct hvnet_config *cfg);
bool hvnet_config_shows_time(unsigned int reg);
void hvnet_config_set_time(struct hvnet_config *cfg, u64 time);

bool hvnet_config_can_dma(const struct hvnet_config *cfg);
bool hvnet_config_msix_on(const struct hvnet_config *cfg);
u16 hvnet_config_num_vfs(const struct hvnet_config *cfg);

#endif
