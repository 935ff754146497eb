/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hvnet hardware interface: what a driver finds in configuration space.
 *
 * This folder is the only place where the adapter (drivers/nic/) and its drivers meet.  It
 * describes silicon: no kernel type beyond the fixed-width integers appears here.
 */
#ifndef HVNET_ABI_PCI_H
#define HVNET_ABI_PCI_H

#include <linux/bits.h>
#include <linux/types.h>

#define HVNET_PCI_VENDOR_ID		0x4856	/* "HV"; not assigned by the PCI-SIG */
#define HVNET_PCI_DEVICE_ID_PF		0x0001
#define HVNET_PCI_DEVICE_ID_VF		0x0002

/*
 * VFs of one adapter, bounded by the bus numbers of its PCI domain and by the vport number
 * space.
 */
#define HVNET_MAX_VFS			4096

/* Register window: one BAR, 64-bit prefetchable, the same size for the PF and for each VF. */
#define HVNET_BAR			0
#define HVNET_BAR_SIZE			0x2000

/*
 * Doorbell: a vendor-specific capability (PCI_CAP_ID_VNDR) whose type byte is HVNET_DB_TYPE.
 *
 * BAR 0 is memory and a write to it does not wake the adapter.  A 32-bit write to HVNET_DB_RING
 * does: its value is the number of a transmit queue to look at, or one of the special values
 * below.
 */
#define HVNET_DB_LEN			2	/* u8: length of the capability */
#define HVNET_DB_TYPE_OFFSET		3	/* u8: HVNET_DB_TYPE */
#define HVNET_DB_RING			4	/* u32: write to ring */
#define HVNET_DB_COUNT			8	/* u32: how often it was rung, read only */
#define HVNET_DB_SIZE			12
#define HVNET_DB_TYPE			0x48

#define HVNET_DB_ADMIN			0xffff0000u	/* an admin command waits in BAR 0 */
#define HVNET_DB_MAILBOX		0xffff0001u	/* a mailbox request waits (VF only) */

/*
 * Clock: a vendor-specific capability whose type byte is HVNET_CLOCK_TYPE, of every function;
 * HVNET_FEAT_CLOCK.
 *
 * The adapter has one clock, which goes on through resets and which the PF may set
 * (HVNET_ADMIN_CLOCK_SET).  Its time is ns in 64 bits.  Both words are the time of the read: read
 * HVNET_CLOCK_HI, HVNET_CLOCK_LO, HVNET_CLOCK_HI, until the first and the last are the same.
 */
#define HVNET_CLOCK_LEN			2	/* u8: length of the capability */
#define HVNET_CLOCK_TYPE_OFFSET		3	/* u8: HVNET_CLOCK_TYPE */
#define HVNET_CLOCK_LO			4	/* u32: bits 31 to 0 of the time, read only */
#define HVNET_CLOCK_HI			8	/* u32: bits 63 to 32, read only */
#define HVNET_CLOCK_SIZE		12
#define HVNET_CLOCK_TYPE		0x43

#endif
