/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hvnet hardware interface: BAR 0.
 *
 * All words are little endian.  "dev" words are written by the adapter only, "drv" words by the
 * driver only; neither side ever trusts a word that the other side writes to stay the same
 * between two reads.
 *
 *	0x0000	registers
 *	0x0100	admin command arguments (drv) and results (dev)
 *	0x0500	mailbox request (drv) and response (dev)
 *	0x0800	queue contexts, 64 bytes each
 *	0x1000	MSI-X table
 *	0x1800	MSI-X pending bits
 */
#ifndef HVNET_ABI_REGS_H
#define HVNET_ABI_REGS_H

#include <linux/bits.h>
#include <linux/types.h>

#define HVNET_REG_MAGIC			0x000	/* dev: HVNET_MAGIC */
#define HVNET_MAGIC			0x68766e74

#define HVNET_REG_VERSION		0x004	/* dev: major << 16 | minor */
#define HVNET_VERSION_MAJOR		1
#define HVNET_VERSION_MINOR		1

#define HVNET_REG_STATUS		0x008	/* dev */
/*
 * Clear from the start of a reset to its end; meanwhile any register may read as 0.  All registers
 * of an adapter that was removed read as all ones.
 */
#define HVNET_STATUS_READY		BIT(0)

#define HVNET_REG_VPORT			0x00c	/* dev: number of this function's vport */

#define HVNET_REG_LIMITS		0x010	/* dev */
#define HVNET_LIMITS_QUEUE_PAIRS	GENMASK(7, 0)
#define HVNET_LIMITS_RING_ORDER		GENMASK(15, 8)	/* log2 of the largest ring */
#define HVNET_LIMITS_VFS		GENMASK(31, 16)	/* TotalVFs; PF only, else 0 */

#define HVNET_REG_MAX_FRAME		0x014	/* dev: bytes, with Ethernet header and tag */

/* Permanent MAC address of the PF; zero on a VF, which asks the PF for its address. */
#define HVNET_REG_MAC_LO		0x018	/* dev: bytes 0 to 3, byte 0 in the low bits */
#define HVNET_REG_MAC_HI		0x01c	/* dev: bytes 4 and 5 */

#define HVNET_REG_LINK			0x020	/* dev: state of the physical port; PF only */
#define HVNET_LINK_UP			BIT(0)
#define HVNET_REG_LINK_SPEED		0x024	/* dev: Mb/s; PF only */

/*
 * Event counters: vector 0 fires after one of them has changed.  A driver remembers the last
 * value it handled; it never writes them.
 */
#define HVNET_REG_EVENT_LINK		0x028	/* dev: the link register changed */
#define HVNET_REG_EVENT_MAILBOX		0x02c	/* dev: PF: a request waits; VF: the PF rang */
#define HVNET_REG_EVENT_QUEUE		0x030	/* dev: a queue went to the error state */
#define HVNET_REG_EVENT_REPLY		0x034	/* dev: VF: a mailbox response has arrived */

/*
 * What the adapter can do beyond version 1.0, where this word reads as 0.  What is not announced is
 * refused.  A driver that does not look sees the adapter of version 1.0: what it transmits is not
 * changed, and what it receives is whole frames as they were sent, with no bit set in their
 * completions but HVNET_RXC_EOP.
 */
#define HVNET_REG_FEATURES		0x038	/* dev: HVNET_FEAT_* */
#define HVNET_FEAT_TX_CSUM		BIT(0)	/* HVNET_TXD_CSUM */
#define HVNET_FEAT_TX_VLAN		BIT(1)	/* HVNET_TXD_VLAN */
#define HVNET_FEAT_TX_TSO		BIT(2)	/* HVNET_TXD_GSO for TCP */
#define HVNET_FEAT_TX_USO		BIT(3)	/* HVNET_TXD_GSO for UDP */
#define HVNET_FEAT_RX_SET		BIT(8)	/* HVNET_ADMIN_RX_SET and all HVNET_RX_* */
#define HVNET_FEAT_RSS			BIT(9)	/* HVNET_ADMIN_RSS_SET, HVNET_RXC_HASH */
#define HVNET_FEAT_RX_VLANS		BIT(10)	/* HVNET_ADMIN_VLANS_SET */
#define HVNET_FEAT_RSS_CTX		BIT(12)	/* contexts of HVNET_ADMIN_RSS_SET */
#define HVNET_FEAT_STEER		BIT(13)	/* HVNET_ADMIN_STEER_SET, HVNET_ADMIN_STEER_DEL */
#define HVNET_FEAT_STEER_VF		BIT(14)	/* PF: HVNET_STEER_VPORT */
#define HVNET_FEAT_MODERATE		BIT(16)	/* HVNET_ADMIN_MODERATE */
#define HVNET_FEAT_SELFTEST		BIT(17)	/* HVNET_ADMIN_INTERRUPT and _LOOPBACK */
#define HVNET_FEAT_LINK			BIT(18)	/* PF: HVNET_ADMIN_LINK_SET and _GET */
#define HVNET_FEAT_PORT_STATS		BIT(19)	/* PF: HVNET_ADMIN_PORT_STATS */
#define HVNET_FEAT_POLICY		BIT(20)	/* PF: HVNET_ADMIN_POLICY_SET */
#define HVNET_FEAT_VEPA			BIT(21)	/* PF: HVNET_ADMIN_SWITCH_SET */
#define HVNET_FEAT_CLOCK		BIT(22)	/* the clock of pci.h, and time stamps by it */
#define HVNET_FEAT_VF_MTU		BIT(23)	/* PF: @vf_mtu of hvnet_admin_switch */

/* Version of the adapter itself, which no driver depends on; 0: it does not tell. */
#define HVNET_REG_FIRMWARE		0x03c	/* dev */
#define HVNET_FIRMWARE_MAJOR		GENMASK(31, 24)
#define HVNET_FIRMWARE_MINOR		GENMASK(23, 16)
#define HVNET_FIRMWARE_PATCH		GENMASK(15, 0)

/*
 * Admin command: the driver writes the arguments, then HVNET_REG_ADMIN_CMD with a sequence number
 * that differs from the last, then rings HVNET_DB_ADMIN.  The adapter writes the result, then
 * HVNET_REG_ADMIN_STATUS with the same sequence number.  One command at a time.
 */
#define HVNET_REG_ADMIN_CMD		0x040	/* drv */
#define HVNET_REG_ADMIN_STATUS		0x044	/* dev */
#define HVNET_ADMIN_SEQ			GENMASK(31, 16)
#define HVNET_ADMIN_OPCODE		GENMASK(15, 0)	/* of HVNET_REG_ADMIN_CMD */
#define HVNET_ADMIN_CODE		GENMASK(15, 0)	/* of HVNET_REG_ADMIN_STATUS: HVNET_E* */

/*
 * The mailbox of a VF works alike: the response carries the sequence number of the request.  A
 * request that is rung for while another waits for the PF takes its place; while the PF has that
 * one in hand it is not looked at: ring again after the answer.  A number stands for one request,
 * which is carried out once however often it is rung for.
 */
#define HVNET_REG_MAILBOX_REQ		0x048	/* drv: seq << 16 | bytes in the request */
#define HVNET_REG_MAILBOX_RSP		0x04c	/* dev: seq << 16 | bytes in the response */
#define HVNET_MAILBOX_SEQ		GENMASK(31, 16)
#define HVNET_MAILBOX_LEN		GENMASK(15, 0)

/* For the driver alone, which finds a reset that nobody told it of: a reset sets it to 0. */
#define HVNET_REG_SCRATCH		0x050	/* drv */

#define HVNET_ADMIN_ARG			0x100	/* drv */
#define HVNET_ADMIN_RESULT		0x300	/* dev */
#define HVNET_ADMIN_SIZE		0x200
#define HVNET_MAILBOX_REQ		0x500	/* drv */
#define HVNET_MAILBOX_RSP		0x600	/* dev */
#define HVNET_MAILBOX_SIZE		0x100

#define HVNET_QUEUE_CTX			0x800
#define HVNET_QUEUE_CTX_SIZE		64
#define HVNET_MAX_QUEUE_PAIRS		16
#define HVNET_MAX_QUEUES		(2 * HVNET_MAX_QUEUE_PAIRS)

#define HVNET_MSIX_TABLE		0x1000
#define HVNET_MSIX_PBA			0x1800
/* Vector 0 is for events; queue pairs use the others. */
#define HVNET_MAX_VECTORS		(1 + HVNET_MAX_QUEUE_PAIRS)

/* Result codes of admin commands and of mailbox requests. */
enum hvnet_code {
	HVNET_OK = 0,
	HVNET_E_OPCODE = 1,	/* no such command or operation */
	HVNET_E_LENGTH = 2,	/* too short, too long */
	HVNET_E_RANGE = 3,	/* a value is out of range */
	HVNET_E_STATE = 4,	/* not in this state, or not before version negotiation */
	HVNET_E_EXISTS = 5,	/* somebody else has this address */
	HVNET_E_SPACE = 6,	/* a table is full or memory is short */
	HVNET_E_ABSENT = 7,	/* no such filter, block or request */
	HVNET_E_PERM = 8,	/* not for this function */
	HVNET_E_VERSION = 9,	/* no version in common */
	HVNET_E_RATE = 10,	/* too many requests */
	HVNET_E_FAULT = 11,	/* an address is not mapped for DMA */
};

#endif
