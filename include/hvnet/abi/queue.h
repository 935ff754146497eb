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
 * @times_addr: bus address of the time stamps, aligned to 8 bytes: 64 bits for each descriptor; 0:
 *	there are none.  HVNET_FEAT_CLOCK
 * @rsvd2: 0
 *
 * A time stamp is the adapter's time in ns.  The adapter writes it before it completes the
 * descriptor, and only if it was asked for: with HVNET_TXD_TIME when it takes the frame from the
 * ring, to the place of the frame's last descriptor, or 0 if it drops the frame; with HVNET_RX_TIME
 * when it delivers, to the place of the frame's first descriptor.
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
	__le64 times_addr;
	__le64 rsvd2;
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
	HVNET_QERR_OFFLOAD = 6,	/* a place or a size that cannot be, see struct hvnet_tx_ext */
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

/*
 * Buffers of one transmitted frame at the most, an extension descriptor not counted: enough for 64
 * KiB in an skb of 17 fragments.
 */
#define HVNET_TX_MAX_BUFS		20

/*
 * Of a transmitted frame the adapter looks at this many bytes and no further: the field of a
 * checksum to fill in and the headers of a frame to segment end there.
 */
#define HVNET_TX_HEAD			128

/* Longest frame to segment: the longest IP packet in an Ethernet frame with a tag. */
#define HVNET_TX_MAX_GSO		(65535 + 14 + 4)
#define HVNET_TX_MAX_SEGMENTS		256

/**
 * struct hvnet_tx_desc - one buffer to transmit
 * @addr: bus address of the buffer
 * @len: bytes
 * @flags: HVNET_TXD_*
 * @csum_start: with HVNET_TXD_CSUM, in a frame's first buffer: where the checksum starts
 * @csum_offset: with HVNET_TXD_CSUM: where it is stored, from @csum_start
 * @rsvd: 0
 *
 * The checksum is the Internet checksum from @csum_start to the frame's end.  The driver leaves in
 * its field what is to be added: the sum of the pseudo header.  A result of 0 is stored as 0xffff,
 * which is as good for TCP and means a checksum for UDP.  Any protocol will do that sums this way.
 * The field lies inside the frame and inside its first HVNET_TX_HEAD bytes.
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
 *
 * Segmentation: the frame is headers, @hdr_len bytes up to the end of those of TCP or UDP over IPv4
 * or IPv6, and payload, at least one byte.  Every segment gets these headers with its own lengths,
 * IPv4 identification (counting up) and header checksum, TCP sequence number and transport
 * checksum; FIN and PSH go to the last segment only and CWR to the first.  Lengths and checksums in
 * the frame's own headers mean nothing, HVNET_TXD_CSUM is not needed.  @hdr_len is at most
 * HVNET_TX_HEAD, @gso_size at least 1, and there are at most HVNET_TX_MAX_SEGMENTS segments, none
 * longer than HVNET_REG_MAX_FRAME; otherwise the queue stops with HVNET_QERR_OFFLOAD.  A frame that
 * is none of these packets, or is a fragment, is dropped and counted.
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
#define HVNET_TXD_CSUM			BIT(1)	/* first buffer; HVNET_FEAT_TX_CSUM */
#define HVNET_TXD_VLAN			BIT(2)	/* extension; HVNET_FEAT_TX_VLAN */
#define HVNET_TXD_GSO			BIT(3)	/* extension; HVNET_FEAT_TX_TSO or _USO */
#define HVNET_TXD_TIME			BIT(4)	/* first buffer, if the ring has time stamps */
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
 * All but @len and HVNET_RXC_EOP are meaningful in a frame's first buffer only.  With @gso_size the
 * headers are those of one long packet, and HVNET_RXC_CSUM_PARTIAL is set.
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
/*
 * The transport checksum was not filled in: its field holds the sum of the pseudo header.  The
 * frame never left the adapter's memory, so its data is as its sender wrote it.  It is a whole TCP
 * or UDP packet whose headers end within HVNET_TX_HEAD bytes.  Comes with HVNET_RXC_CSUM_OK.
 */
#define HVNET_RXC_CSUM_PARTIAL		BIT(4)
#define HVNET_RXC_HASH_L4		BIT(5)	/* the hash covers ports */
#define HVNET_RXC_TIME			BIT(6)	/* there is a time stamp, see hvnet_queue_ctx */

#endif
