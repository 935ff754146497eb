/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hvnet hardware interface: queues, rings and descriptors.
 *
 * Queue 2n transmits and queue 2n + 1 receives for queue pair n.  The driver fills a queue's
 * context in BAR 0 and sends HVNET_ADMIN_QUEUE_ENABLE.  A ring has a power of two of
 * descriptors and a control block of two cache lines, one written by each side.  Indexes run
 * freely over 32 bits; the descriptor of index i is i modulo the ring's size.
 *
 * Wake-up, transmit: the driver fills descriptors, publishes them by a release store to prod,
 * issues a full barrier and reads kick.  While it is 0 the adapter is polling and nothing more
 * is needed; any other value asks for the queue number to be written to the doorbell, once for
 * each value.  The adapter sets kick, issues a full barrier and looks at prod once more before it
 * goes to sleep.
 *
 * Wake-up, completion: the driver that wants an interrupt increments arm, issues a full barrier and
 * looks at cons once more.  The adapter publishes completions by a release store to cons, issues a
 * full barrier and raises the queue's vector if arm differs from the value it last fired for.
 */
#ifndef HVNET_ABI_QUEUE_H
#define HVNET_ABI_QUEUE_H

#include <linux/bits.h>
#include <linux/types.h>

#define HVNET_TXQ(pair)			(2 * (pair))
#define HVNET_RXQ(pair)			(2 * (pair) + 1)
#define HVNET_QUEUE_IS_RX(queue)	((queue) & 1)

#define HVNET_RING_MIN			64
#define HVNET_RING_MAX_ORDER		12
#define HVNET_RING_MAX			BIT(HVNET_RING_MAX_ORDER)

/*
 * vport numbers: the PF, then the VFs.  Others are reserved for vports that belong to no
 * function.
 */
#define HVNET_VPORT_PF			0
#define HVNET_VPORT_VF(vf)		(1 + (vf))
#define HVNET_VPORT_UPLINK		0xfffe
#define HVNET_VPORT_NONE		0xffff

/**
 * struct hvnet_queue_ctx - a queue's context in BAR 0
 * @desc_addr: bus address of the descriptors, aligned to 16 bytes
 * @cmpl_addr: bus address of the receive completions, one for each descriptor; 0 for transmit
 * @ctl_addr: bus address of &struct hvnet_ring_ctl, aligned to 128 bytes
 * @order: log2 of the number of descriptors
 * @vector: MSI-X vector to raise
 * @rsvd: 0
 * @state: dev: one of &enum hvnet_queue_state
 * @error: dev: one of &enum hvnet_queue_error, in the error state
 * @error_addr: dev: the bus address that could not be translated, for HVNET_QERR_DMA
 * @rsvd2: 0
 */
struct hvnet_queue_ctx {
	__le64 desc_addr;
	__le64 cmpl_addr;
	__le64 ctl_addr;
	__le16 order;
	__le16 vector;
	__le32 rsvd;
	__le32 state;
	__le32 error;
	__le64 error_addr;
	__le64 rsvd2[2];
};

static_assert(sizeof(struct hvnet_queue_ctx) == 64, "one cache line in the register map");

enum hvnet_queue_state {
	HVNET_QUEUE_OFF = 0,
	HVNET_QUEUE_ON = 1,
	HVNET_QUEUE_ERROR = 2,	/* stopped until disabled and enabled again, or reset */
};

enum hvnet_queue_error {
	HVNET_QERR_NONE = 0,
	HVNET_QERR_INDEX = 1,	/* prod is further ahead than the ring is long */
	HVNET_QERR_DMA = 2,	/* a bus address is not mapped, or not for this access */
	HVNET_QERR_LENGTH = 3,	/* an empty buffer, or a frame too short or too long */
	HVNET_QERR_CHAIN = 4,	/* a frame without end, or of too many buffers */
	HVNET_QERR_FLAGS = 5,	/* an unknown flag, or one that does not fit here */
};

/**
 * struct hvnet_ring_ctl - what driver and adapter tell each other about a ring
 * @prod: drv: index after the last descriptor that the adapter may use
 * @arm: drv: incremented to ask for one interrupt; 0 when the queue is enabled
 * @pad0: fills the driver's cache line
 * @cons: dev: index after the last descriptor that the adapter has done with
 * @kick: dev: not 0 when the adapter sleeps and wants the doorbell, another number each time it
 *	went to sleep, 1 when the queue is enabled (transmit only)
 * @pad1: fills the adapter's cache line
 */
struct hvnet_ring_ctl {
	__le32 prod;
	__le32 arm;
	__u8 pad0[56];
	__le32 cons;
	__le32 kick;
	__u8 pad1[56];
};

static_assert(sizeof(struct hvnet_ring_ctl) == 128, "one cache line for each writer");

/* Buffers of one transmitted frame at the most, an extension descriptor not counted. */
#define HVNET_TX_MAX_BUFS		20

/**
 * struct hvnet_tx_desc - one buffer to transmit
 * @addr: bus address of the buffer
 * @len: bytes
 * @flags: HVNET_TXD_*
 * @csum_start: with HVNET_TXD_CSUM, in a frame's first buffer: where the checksum starts
 * @csum_offset: with HVNET_TXD_CSUM: where it is stored, from @csum_start
 * @rsvd: 0
 */
struct hvnet_tx_desc {
	__le64 addr;
	__le16 len;
	__le16 flags;
	__le16 csum_start;
	__u8 csum_offset;
	__u8 rsvd;
};

/**
 * struct hvnet_tx_ext - optional first descriptor of a frame, marked HVNET_TXD_EXT
 * @dst_vport: vport to deliver to (PF only), or HVNET_VPORT_NONE to let the NIC switch decide
 * @vlan_tci: tag to insert, with HVNET_TXD_VLAN
 * @gso_size: payload bytes of each segment, with HVNET_TXD_GSO
 * @hdr_len: bytes of headers before the payload, with HVNET_TXD_GSO
 * @rsvd0: 0
 * @flags: HVNET_TXD_EXT and the flags named above
 * @rsvd1: 0
 */
struct hvnet_tx_ext {
	__le16 dst_vport;
	__le16 vlan_tci;
	__le16 gso_size;
	__le16 hdr_len;
	__le16 rsvd0;
	__le16 flags;
	__le32 rsvd1;
};

static_assert(sizeof(struct hvnet_tx_desc) == 16, "descriptors are 16 bytes");
static_assert(sizeof(struct hvnet_tx_ext) == 16, "descriptors are 16 bytes");

#define HVNET_TXD_EOP			BIT(0)	/* last buffer of the frame */
#define HVNET_TXD_CSUM			BIT(1)	/* reserved until the adapter announces it */
#define HVNET_TXD_VLAN			BIT(2)	/* reserved until the adapter announces it */
#define HVNET_TXD_GSO			BIT(3)	/* reserved until the adapter announces it */
#define HVNET_TXD_EXT			BIT(15)	/* this is a struct hvnet_tx_ext */

/**
 * struct hvnet_rx_desc - one buffer to receive into
 * @addr: bus address of the buffer
 * @len: bytes
 * @rsvd: 0
 */
struct hvnet_rx_desc {
	__le64 addr;
	__le32 len;
	__le32 rsvd;
};

#define HVNET_RX_MIN_BUF		256
#define HVNET_RX_MAX_BUF		65535

/**
 * struct hvnet_rx_cmpl - what was received into the descriptor of the same index
 * @hash: RSS hash, with HVNET_RXC_HASH
 * @len: bytes in this buffer
 * @flags: HVNET_RXC_*
 * @vlan_tci: stripped tag, with HVNET_RXC_VLAN
 * @src_vport: vport that sent the frame, HVNET_VPORT_UPLINK if it came from the wire; told to
 *	the PF, HVNET_VPORT_NONE in a VF's completions
 * @dst_vport: vport that the frame was delivered to
 * @gso_size: payload bytes of the segments that this frame stands for, or 0
 *
 * All but @len and HVNET_RXC_EOP are meaningful in a frame's first buffer only.
 */
struct hvnet_rx_cmpl {
	__le32 hash;
	__le16 len;
	__le16 flags;
	__le16 vlan_tci;
	__le16 src_vport;
	__le16 dst_vport;
	__le16 gso_size;
};

static_assert(sizeof(struct hvnet_rx_desc) == 16, "descriptors are 16 bytes");
static_assert(sizeof(struct hvnet_rx_cmpl) == 16, "completions are 16 bytes");

#define HVNET_RXC_EOP			BIT(0)	/* last buffer of the frame */
#define HVNET_RXC_HASH			BIT(1)
#define HVNET_RXC_VLAN			BIT(2)
#define HVNET_RXC_CSUM_OK		BIT(3)	/* transport checksum is right */

#endif
