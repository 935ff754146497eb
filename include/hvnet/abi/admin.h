/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hvnet hardware interface: admin commands.
 *
 * How they are passed is told in regs.h.  A command's arguments and result are the structures
 * below, at HVNET_ADMIN_ARG and HVNET_ADMIN_RESULT.
 */
#ifndef HVNET_ABI_ADMIN_H
#define HVNET_ABI_ADMIN_H

#include <linux/bits.h>
#include <linux/types.h>

#include "queue.h"
#include "regs.h"

enum hvnet_admin_op {
	/* every function, on itself */
	HVNET_ADMIN_QUEUE_ENABLE = 0x01,	/* hvnet_admin_queue */
	HVNET_ADMIN_QUEUE_DISABLE = 0x02,	/* hvnet_admin_queue; returns when DMA has ended */
	HVNET_ADMIN_STATS = 0x03,		/* hvnet_admin_vport -> hvnet_admin_stats */
	HVNET_ADMIN_RX_SET = 0x04,		/* hvnet_admin_rx; HVNET_FEAT_RX_SET */
	HVNET_ADMIN_RSS_SET = 0x05,		/* hvnet_admin_rss; HVNET_FEAT_RSS */
	HVNET_ADMIN_VLANS_SET = 0x06,		/* hvnet_admin_vlans; HVNET_FEAT_RX_VLANS */
	HVNET_ADMIN_MODERATE = 0x08,		/* hvnet_admin_moderate; HVNET_FEAT_MODERATE */
	HVNET_ADMIN_INTERRUPT = 0x09,		/* hvnet_admin_interrupt; HVNET_FEAT_SELFTEST */
	HVNET_ADMIN_LOOPBACK = 0x0a,		/* hvnet_admin_loopback; HVNET_FEAT_SELFTEST */
	HVNET_ADMIN_STEER_SET = 0x0c,		/* hvnet_admin_steer; HVNET_FEAT_STEER */
	HVNET_ADMIN_STEER_DEL = 0x0d,		/* hvnet_admin_unsteer; HVNET_FEAT_STEER */

	/* PF only */
	HVNET_ADMIN_FILTER_ADD = 0x10,		/* hvnet_admin_filter */
	HVNET_ADMIN_FILTER_DEL = 0x11,		/* hvnet_admin_filter */
	HVNET_ADMIN_VPORT_SET = 0x12,		/* hvnet_admin_vport */
	HVNET_ADMIN_MAILBOX_FETCH = 0x18,	/* -> hvnet_admin_mailbox; HVNET_E_ABSENT: none */
	HVNET_ADMIN_MAILBOX_REPLY = 0x19,	/* hvnet_admin_mailbox */
	HVNET_ADMIN_MAILBOX_RING = 0x1a,	/* hvnet_admin_ring */
	HVNET_ADMIN_LINK_SET = 0x20,		/* hvnet_admin_link; HVNET_FEAT_LINK */
	HVNET_ADMIN_LINK_GET = 0x21,		/* -> hvnet_admin_link_state; HVNET_FEAT_LINK */
	HVNET_ADMIN_PORT_STATS = 0x22,		/* -> hvnet_admin_port_stats; _FEAT_PORT_STATS */
	HVNET_ADMIN_POLICY_SET = 0x30,		/* hvnet_admin_policy; HVNET_FEAT_POLICY */
	HVNET_ADMIN_SWITCH_SET = 0x31,		/* hvnet_admin_switch; HVNET_FEAT_VEPA */
	HVNET_ADMIN_CLOCK_SET = 0x38,		/* hvnet_admin_clock; HVNET_FEAT_CLOCK */
	HVNET_ADMIN_CLOCK_STEP = 0x39,		/* hvnet_admin_clock; HVNET_FEAT_CLOCK */
	HVNET_ADMIN_CLOCK_RATE = 0x3a,		/* hvnet_admin_clock; HVNET_FEAT_CLOCK */
};

/**
 * struct hvnet_admin_queue - a queue of the calling function
 * @queue: its number, HVNET_TXQ() or HVNET_RXQ()
 * @rsvd: 0
 */
struct hvnet_admin_queue {
	__le16 queue;
	__le16 rsvd;
};

#define HVNET_RX_ALL_QUEUES		0xffff

#define HVNET_RX_CSUM			BIT(0)	/* tell HVNET_RXC_CSUM_OK */
#define HVNET_RX_VLAN_STRIP		BIT(1)	/* outer 802.1Q tag to the completion */
#define HVNET_RX_CSUM_PARTIAL		BIT(2)	/* HVNET_RXC_CSUM_PARTIAL is understood */
#define HVNET_RX_GRO			BIT(3)	/* long packets are, with their gso_size */
#define HVNET_RX_TIME			BIT(4)	/* time stamps; HVNET_FEAT_CLOCK */

/**
 * struct hvnet_admin_rx - how frames are to be received
 * @queue: a receive queue, HVNET_RXQ(), or HVNET_RX_ALL_QUEUES
 * @features: HVNET_RX_*; HVNET_RX_GRO needs HVNET_RX_CSUM_PARTIAL, which needs HVNET_RX_CSUM
 * @max_frame: bytes of the longest frame, with Ethernet header and tag; 0: HVNET_REG_MAX_FRAME
 *
 * Longer frames are lost, and counted.  Of a long packet the segments count that it stands for.
 * HVNET_RX_TIME is without effect on a queue that has no place for time stamps.
 *
 * May be given at any time, on a queue that is on or off; the next frame is received so.  All is 0
 * after a reset.  Codes: HVNET_E_RANGE for a queue or length that cannot be or for features that
 * do not go together, HVNET_E_OPCODE if the adapter does not announce it.
 */
struct hvnet_admin_rx {
	__le16 queue;
	__le16 features;
	__le32 max_frame;
};

#define HVNET_RSS_KEY_SIZE		40
#define HVNET_RSS_TABLE_SIZE		128

/*
 * Frames to hash.  TCP and UDP: source and destination address, then source and destination port.
 * IP: the addresses; fragments and other protocols, and TCP and UDP where they are not hashed
 * themselves.
 */
#define HVNET_RSS_IP4			BIT(0)
#define HVNET_RSS_TCP4			BIT(1)
#define HVNET_RSS_UDP4			BIT(2)
#define HVNET_RSS_IP6			BIT(3)
#define HVNET_RSS_TCP6			BIT(4)
#define HVNET_RSS_UDP6			BIT(5)

#define HVNET_RSS_SYM_XOR		BIT(0)	/* of each pair the exclusive or, twice */

/* Contexts that steering rules may name, from 1 on.  Context 0 is for all other frames. */
#define HVNET_RSS_CONTEXTS		16
#define HVNET_RSS_ALL_CONTEXTS		0xffff

/**
 * struct hvnet_admin_rss - spread received frames over the function's queues
 * @fields: HVNET_RSS_*; 0: all frames go to queue pair 0 and no hash is told; of a context other
 *	than 0: there is no such context any more
 * @flags: HVNET_RSS_SYM_XOR
 * @context: 0; with HVNET_FEAT_RSS_CTX also 1 to HVNET_RSS_CONTEXTS, or HVNET_RSS_ALL_CONTEXTS
 *	(but 0) with no @fields
 * @rsvd: 0
 * @key: of the Toeplitz hash
 * @table: queue pair for each value of the low bits of the hash
 *
 * A frame that is not hashed goes to queue pair 0, one for a queue that is off is lost.  May be
 * given at any time.  All is 0 after a reset.  Codes: HVNET_E_RANGE for a field, flag, context or
 * queue pair that does not exist, HVNET_E_STATE for the end of a context that a rule names,
 * HVNET_E_SPACE if memory is short, HVNET_E_OPCODE if the adapter does not announce it; what was
 * set before then stays.
 */
struct hvnet_admin_rss {
	__le16 fields;
	__le16 flags;
	__le16 context;
	__le16 rsvd;
	__u8 key[HVNET_RSS_KEY_SIZE];
	__u8 table[HVNET_RSS_TABLE_SIZE];
};

/* VLANs that one command is about. */
#define HVNET_VLAN_BLOCK		512
#define HVNET_VLAN_WORDS		16

#define HVNET_VLANS_FILTER		BIT(0)	/* of frames with a VLAN, those that are set */

/**
 * struct hvnet_admin_vlans - VLANs that are received
 * @flags: HVNET_VLANS_FILTER; without it all are, what was set is forgotten, and the rest is 0
 * @block: 0 to 7: the command is about VLANs from HVNET_VLAN_BLOCK * @block on
 * @vlans: 32 VLANs in each word, from the lowest bit on: received or not; not 0 and 4095
 *
 * It replaces the VLANs of the block, and leaves those of other blocks as they are: none are set
 * when the filter is switched on.  Frames without a tag, and those with VLAN id 0, are received
 * anyway, and so is everything with HVNET_VPORT_PROMISC.  In a port VLAN, see &struct
 * hvnet_admin_policy, there is nothing to filter: the tag that tells the VLAN is not the driver's.
 * What the PF's driver sends to the vport by its number is not filtered.
 *
 * A frame for the function's address that is not received is counted as @rx_vlan_drop; of frames to
 * groups it just gets no copy.  When the command has ended no frame is received by what was before.
 * Off after a reset.  Codes: HVNET_E_RANGE for what cannot be, HVNET_E_SPACE if memory is short,
 * HVNET_E_OPCODE if the adapter does not announce it.
 */
struct hvnet_admin_vlans {
	__le16 flags;
	__le16 block;
	__le32 vlans[HVNET_VLAN_WORDS];
};

#define HVNET_MODERATE_MAX_USECS	10000
#define HVNET_MODERATE_MAX_FRAMES	HVNET_RING_MAX

/**
 * struct hvnet_admin_moderate - how long a queue's interrupt may be held back
 * @queue: a queue of the calling function, HVNET_TXQ() or HVNET_RXQ()
 * @usecs: longest time from a completion that asks for an interrupt to the interrupt, in us, at
 *	most HVNET_MODERATE_MAX_USECS; 0: at once, whatever @frames
 * @frames: the interrupt comes earlier when so many frames have been completed, at most
 *	HVNET_MODERATE_MAX_FRAMES; 0: no such number
 * @rsvd: 0
 *
 * Whatever @frames, it is not held back once half a ring of descriptors has been completed.  May be
 * given at any time, on a queue that is on or off, and concerns the interrupts that are asked for
 * afterwards.  All is 0 after a reset.  Code: HVNET_E_RANGE for a queue or a value that cannot be.
 */
struct hvnet_admin_moderate {
	__le16 queue;
	__le16 usecs;
	__le16 frames;
	__le16 rsvd;
};

/**
 * struct hvnet_admin_interrupt - raise one of the function's own vectors, to see if it arrives
 * @vector: index in the MSI-X table
 * @rsvd: 0
 *
 * Code: HVNET_E_RANGE if there is no such vector.
 */
struct hvnet_admin_interrupt {
	__le16 vector;
	__le16 rsvd;
};

/**
 * struct hvnet_admin_loopback - send what the function transmits back to itself
 * @on: 1 or 0
 * @rsvd: 0
 *
 * While it is on, a frame that the function transmits goes to its own receive queue and nowhere
 * else, whatever its address; what others send to it is lost and counted as @rx_off.  Off after a
 * reset.  Code: HVNET_E_RANGE for another value.
 */
struct hvnet_admin_loopback {
	__le16 on;
	__le16 rsvd;
};

/* Rules of a function; and how many different masks they may have. */
#define HVNET_STEER_RULES		256
#define HVNET_STEER_MASKS		8
#define HVNET_STEER_ALL_RULES		0xffff

#define HVNET_STEER_TAGGED		BIT(0)	/* has an outer 802.1Q tag */
#define HVNET_STEER_IP4			BIT(1)
#define HVNET_STEER_IP6			BIT(2)
#define HVNET_STEER_TCP			BIT(3)	/* and is no fragment */
#define HVNET_STEER_UDP			BIT(4)

/**
 * struct hvnet_steer_fields - what rules look at in a frame
 * @dst_mac: destination address
 * @src_mac: source address
 * @type: Ethernet type, behind the outer 802.1Q tag
 * @vlan_tci: that tag's control information
 * @src_ip: source address; of IPv4 in the first four bytes
 * @dst_ip: destination address
 * @src_port: of TCP or UDP
 * @dst_port: of TCP or UDP
 * @proto: protocol number; of IPv6 that behind the extension headers
 * @tos: type of service or traffic class
 * @kind: HVNET_STEER_TAGGED, _IP4, _IP6, _TCP and _UDP
 * @rsvd: 0
 *
 * As they are in a frame on a wire.  What a frame has not got is 0.
 */
struct hvnet_steer_fields {
	__u8 dst_mac[6];
	__u8 src_mac[6];
	__be16 type;
	__be16 vlan_tci;
	__u8 src_ip[16];
	__u8 dst_ip[16];
	__be16 src_port;
	__be16 dst_port;
	__u8 proto;
	__u8 tos;
	__u8 kind;
	__u8 rsvd;
};

enum hvnet_steer_action {
	HVNET_STEER_DROP = 0,		/* @target is 0; counted */
	HVNET_STEER_QUEUE = 1,		/* to the queue pair @target */
	HVNET_STEER_CONTEXT = 2,	/* spread as the RSS context @target says */
	HVNET_STEER_VPORT = 3,		/* to the VF whose vport is @target; _FEAT_STEER_VF */
};

/* Queue pair of HVNET_STEER_VPORT: as the VF's own rules and contexts say. */
#define HVNET_STEER_ANY_QUEUE		0xffff

/**
 * struct hvnet_admin_steer - a rule: what is done with some of the frames received
 * @location: 0 to HVNET_STEER_RULES - 1; a rule that is there already is replaced
 * @action: &enum hvnet_steer_action
 * @target: queue pair, context or vport
 * @queue: with HVNET_STEER_VPORT: queue pair of the VF, or HVNET_STEER_ANY_QUEUE; else 0
 * @value: what a frame has in the bits of @mask, and 0 in all others
 * @mask: bits that are compared
 *
 * Of the rules that fit a frame the one of the lowest location counts.  What fits none is spread as
 * context 0 says.  A hash is told as that context or, for HVNET_STEER_CONTEXT, @target says.
 *
 * Only the PF's rules can name another vport.  A VF gets a frame that way as if it were the
 * receiver, by its policy and, unless @queue says where it goes, by its own rules.  What the PF
 * gets as a copy for being promiscuous stays with it, as does what it sends to itself; of a frame
 * to a group a VF that gets a copy anyway gets no other.  The frame is dropped, and counted as
 * @rx_steer_drop of the PF, if there is no such VF at the time, if the VF sent it, or if the VF is
 * in a port VLAN that the frame is not in.
 *
 * May be given at any time; gone after a reset.  Codes: HVNET_E_RANGE for what does not exist,
 * HVNET_E_PERM for HVNET_STEER_VPORT from a VF, HVNET_E_ABSENT for a context that is not set,
 * HVNET_E_EXISTS for the value and mask of another rule, HVNET_E_SPACE for one mask too many or if
 * memory is short, HVNET_E_OPCODE if the adapter does not announce it; what was set before then
 * stays.
 */
struct hvnet_admin_steer {
	__le16 location;
	__le16 action;
	__le16 target;
	__le16 queue;
	struct hvnet_steer_fields value;
	struct hvnet_steer_fields mask;
};

/**
 * struct hvnet_admin_unsteer - a rule ends
 * @location: the rule's, or HVNET_STEER_ALL_RULES
 * @rsvd: 0
 *
 * Codes: HVNET_E_ABSENT if there is none, HVNET_E_SPACE if memory is short.
 */
struct hvnet_admin_unsteer {
	__le16 location;
	__le16 rsvd;
};

/* VLAN of a filter: 0 for untagged frames, 1 to 4094, or any. */
#define HVNET_FILTER_VLAN_ANY		0xffff

/**
 * struct hvnet_admin_filter - a receive filter: frames for this address go to this vport
 * @vport: the vport
 * @vlan: VLAN id, 0 for untagged, or HVNET_FILTER_VLAN_ANY; a group address takes only the latter
 * @mac: unicast address, for one vport alone, or group address, for any number of vports
 * @rsvd: 0
 *
 * Broadcast needs no filter and is refused with HVNET_E_RANGE.  A filter that is there already is
 * refused with HVNET_E_EXISTS, whoever owns it.
 */
struct hvnet_admin_filter {
	__le16 vport;
	__le16 vlan;
	__u8 mac[6];
	__u8 rsvd[2];
};

#define HVNET_VPORT_PROMISC		BIT(0)	/* receives all that passes the switch */
#define HVNET_VPORT_ALLMULTI		BIT(1)	/* receives every multicast frame */

/**
 * struct hvnet_admin_vport - a vport and what it receives beyond its filters
 * @vport: the vport; a VF may name its own only
 * @flags: HVNET_VPORT_*
 */
struct hvnet_admin_vport {
	__le16 vport;
	__le16 flags;
};

/**
 * struct hvnet_admin_stats - counters of a vport since the adapter came up
 * @rx_packets: frames delivered
 * @rx_bytes: their bytes
 * @rx_multicast: of these, to a group address (broadcast included)
 * @rx_no_buffer: frames lost because the driver had posted too few buffers
 * @rx_off: frames lost because the receive queue or bus mastering was off
 * @rx_error: frames lost because the queue was in the error state or went to it
 * @tx_packets: frames taken from transmit rings
 * @tx_bytes: their bytes
 * @tx_multicast: of these, to a group address (broadcast included)
 * @tx_no_dest: frames that no vport wanted, and the wire could not take
 * @dma_faults: accesses that the IOMMU refused
 * @bad_doorbells: doorbell writes that named no queue
 * @tx_bad_offload: of @tx_packets, dropped because they were not what their descriptors said
 * @rx_oversize: frames lost because they were longer than &struct hvnet_admin_rx allows
 * @tx_spoofed: of @tx_packets, dropped because their source address is not one of the vport's
 * @tx_bad_vlan: of @tx_packets, dropped because of a VLAN that the vport may not send in
 * @tx_link_off: of @tx_packets, dropped because the vport's link is off
 * @rx_link_off: frames for the vport's own addresses, lost because its link is off
 * @tx_broadcast: of @tx_multicast, broadcast
 * @rx_broadcast: of @rx_multicast, broadcast
 * @tx_throttled: times that a queue had frames to send and waited, because of the vport's rate
 * @rx_steer_drop: frames dropped because a rule says so, or sends them to a VF that cannot have
 *	them, &struct hvnet_admin_steer
 * @rx_vlan_drop: frames of a VLAN that is not received, &struct hvnet_admin_vlans
 * @tx_oversize: frames longer than VFs may send, &struct hvnet_admin_switch
 *
 * A long packet counts as the segments that it stands for, wherever these are made.  Bytes are
 * those of frames on a wire, with their tags, but for that of a port VLAN.  Version 1.0 ends with
 * @bad_doorbells.
 */
struct hvnet_admin_stats {
	__le64 rx_packets;
	__le64 rx_bytes;
	__le64 rx_multicast;
	__le64 rx_no_buffer;
	__le64 rx_off;
	__le64 rx_error;
	__le64 tx_packets;
	__le64 tx_bytes;
	__le64 tx_multicast;
	__le64 tx_no_dest;
	__le64 dma_faults;
	__le64 bad_doorbells;
	__le64 tx_bad_offload;
	__le64 rx_oversize;
	__le64 tx_spoofed;
	__le64 tx_bad_vlan;
	__le64 tx_link_off;
	__le64 rx_link_off;
	__le64 tx_broadcast;
	__le64 rx_broadcast;
	__le64 tx_throttled;
	__le64 rx_steer_drop;
	__le64 rx_vlan_drop;
	__le64 tx_oversize;
};

#define HVNET_POLICY_SPOOF_CHECK	BIT(0)	/* sends from its own addresses only */
#define HVNET_POLICY_PORT_VLAN		BIT(1)	/* is in the VLAN of vlan_tci, and in no other */
#define HVNET_POLICY_LINK_OFF		BIT(2)	/* neither sends nor receives */

#define HVNET_POLICY_MAX_RATE		1000000	/* Mb/s */
#define HVNET_POLICY_ALL_VFS		0xffff

/**
 * struct hvnet_admin_policy - what a vport may do
 * @vport: the vport, or HVNET_POLICY_ALL_VFS
 * @flags: HVNET_POLICY_*
 * @vlan_tci: with HVNET_POLICY_PORT_VLAN: VLAN id, 0 to 4094, and priority in bits 15-13; else 0
 * @rsvd: 0
 * @max_rate: Mb/s that it may send, up to HVNET_POLICY_MAX_RATE; 0: any
 *
 * It replaces the vport's policy; after the command no frame passes by the old one.  All is 0 when
 * the adapter is plugged in.  No reset changes a policy, the PF's neither, so that nothing passes
 * unchecked until the PF's driver is back.  Codes: HVNET_E_RANGE.
 *
 * Spoof check: a frame's source must be a unicast address that the vport has a filter for, one that
 * takes the frame's VLAN.  Port VLAN: frames get the tag when they come from the vport, and lose it
 * when they go there; frames that come with a VLAN, or with another tag behind one that tells a
 * priority only, are dropped, and those of other VLANs are not for the vport, whatever its filters.
 * What a function sends to itself, see &struct hvnet_admin_loopback, is not looked at.  Rate: what
 * exceeds it stays in the transmit rings; it is shared by all queues of the vport.
 */
struct hvnet_admin_policy {
	__le16 vport;
	__le16 flags;
	__le16 vlan_tci;
	__le16 rsvd;
	__le32 max_rate;
};

#define HVNET_SWITCH_VEPA		BIT(0)	/* all that vports send goes to the wire */

#define HVNET_SWITCH_MIN_MTU		1280	/* what IPv6 needs */

/**
 * struct hvnet_admin_switch - how the NIC switch forwards
 * @flags: HVNET_SWITCH_*
 * @vf_mtu: bytes of the longest packet that VFs may send, without Ethernet header and 802.1Q tag,
 *	from HVNET_SWITCH_MIN_MTU on; 0: any.  With HVNET_FEAT_VF_MTU, else 0
 *
 * With HVNET_SWITCH_VEPA frames reach another vport if the wire's other end sends them back; then
 * the vport that has their source address does not get them.  Longer frames of VFs are dropped, and
 * packets to be segmented if their segments are.  All is 0 when the adapter is plugged in; resets
 * do not change it.  Codes: HVNET_E_RANGE.
 */
struct hvnet_admin_switch {
	__le16 flags;
	__le16 vf_mtu;
};

#define HVNET_MAILBOX_F_RESET		BIT(0)	/* the VF was reset: forget what it negotiated */

/**
 * struct hvnet_admin_mailbox - a VF's request on its way to the PF, or the response on its way back
 * @vf: number of the VF, from 0
 * @seq: sequence number of the request; the response repeats it
 * @len: bytes of @msg in use
 * @flags: HVNET_MAILBOX_F_*; with HVNET_MAILBOX_F_RESET there is no message and no response
 * @msg: &struct hvnet_msg and its payload
 */
struct hvnet_admin_mailbox {
	__le16 vf;
	__le16 seq;
	__le16 len;
	__le16 flags;
	__u8 msg[HVNET_MAILBOX_SIZE];
};

#define HVNET_MAILBOX_ALL_VFS		0xffff

/**
 * struct hvnet_admin_ring - tell a VF that some of its configuration blocks changed
 * @vf: number of the VF, from 0, or HVNET_MAILBOX_ALL_VFS
 * @rsvd: 0
 */
struct hvnet_admin_ring {
	__le16 vf;
	__le16 rsvd;
};

/* Modes of the physical port, all full duplex over copper. */
#define HVNET_LINK_MODE_1000			BIT(0)	/* 1000BASE-X */
#define HVNET_LINK_MODE_10000		BIT(1)	/* 10GBASE-CR */
#define HVNET_LINK_MODE_25000		BIT(2)	/* 25GBASE-CR */

#define HVNET_LINK_AUTONEG		BIT(0)	/* negotiate the mode with the link partner */

/**
 * struct hvnet_admin_link - how the physical port is to come to a mode
 * @modes: HVNET_LINK_MODE_1000 and so on: with HVNET_LINK_AUTONEG those to advertise, at least one;
 *	without it the one to use
 * @flags: HVNET_LINK_AUTONEG
 *
 * Two ends that negotiate take the fastest mode that both advertise.  An end that does not takes
 * its mode; the other one follows if it negotiates and advertises it, or has the same.  Otherwise
 * there is no link.  After a reset of the PF all modes are advertised.  Code: HVNET_E_RANGE for
 * modes or flags that cannot be.
 */
struct hvnet_admin_link {
	__le16 modes;
	__le16 flags;
};

/**
 * struct hvnet_admin_link_state - what the physical port can do, and does
 * @supported: modes that it has
 * @modes: as set
 * @flags: as set
 * @mode: the mode of the link, 0 if there is none
 * @partner_modes: what the link partner advertises; 0 if it does not negotiate or is not there
 * @rsvd: 0
 */
struct hvnet_admin_link_state {
	__le16 supported;
	__le16 modes;
	__le16 flags;
	__le16 mode;
	__le16 partner_modes;
	__le16 rsvd[3];
};

/*
 * Frames by their length, with Ethernet header, tag and the four bytes of a frame check sequence:
 * up to 64, 127, 255, 511, 1023, 1518, 2047, 4095, and longer.
 */
#define HVNET_PORT_SIZES		9

/**
 * struct hvnet_admin_port_count - frames at the physical port, in one direction
 * @frames: frames that passed
 * @bytes: their bytes, without a frame check sequence
 * @multicast: of the frames, to a group address other than broadcast
 * @broadcast: of the frames, to the broadcast address
 * @lost: frames to the wire that could not pass: no link, or memory was short; of the frames from
 *	it, those that no vport wanted
 * @size: frames by length
 */
struct hvnet_admin_port_count {
	__le64 frames;
	__le64 bytes;
	__le64 multicast;
	__le64 broadcast;
	__le64 lost;
	__le64 size[HVNET_PORT_SIZES];
};

/**
 * struct hvnet_admin_port_stats - counters of the physical port since the adapter came up
 * @tx: to the wire
 * @rx: from the wire
 *
 * A long packet counts as the segments that it stands for.
 */
struct hvnet_admin_port_stats {
	struct hvnet_admin_port_count tx;
	struct hvnet_admin_port_count rx;
};

/* Furthest that the clock's rate can be from nominal: 10 %. */
#define HVNET_CLOCK_MAX_RATE		(100000LL << 16)

/**
 * struct hvnet_admin_clock - set the adapter's clock
 * @value: of CLOCK_SET: the time, in ns; of CLOCK_STEP: ns to be added, signed; of CLOCK_RATE: how
 *	much faster than nominal it is to run, in 2^-16 ppm, signed, at most HVNET_CLOCK_MAX_RATE
 *	either way
 *
 * The time goes around after 2^64 ns.  A change of the rate does not make the time jump, and
 * another time does not change the rate.  Time and rate stay in a reset.  Code: HVNET_E_RANGE for a
 * rate that cannot be.
 */
struct hvnet_admin_clock {
	__le64 value;
};

static_assert(sizeof(struct hvnet_admin_moderate) == 8, "no holes");
static_assert(sizeof(struct hvnet_admin_link_state) == 16, "no holes");
static_assert(sizeof(struct hvnet_admin_port_stats) <= HVNET_ADMIN_SIZE, "fits the window");
static_assert(sizeof(struct hvnet_admin_rx) == 8, "no holes");
static_assert(sizeof(struct hvnet_admin_rss) == 176, "no holes");
static_assert(sizeof(struct hvnet_admin_rss) <= HVNET_ADMIN_SIZE, "fits the window");
static_assert(sizeof(struct hvnet_steer_fields) == 56, "no holes");
static_assert(sizeof(struct hvnet_admin_steer) == 120, "no holes");
static_assert(sizeof(struct hvnet_admin_steer) <= HVNET_ADMIN_SIZE, "fits the window");
static_assert(sizeof(struct hvnet_admin_filter) == 12, "no holes");
static_assert(sizeof(struct hvnet_admin_policy) == 12, "no holes");
static_assert(sizeof(struct hvnet_admin_mailbox) == 264, "no holes");
static_assert(sizeof(struct hvnet_admin_mailbox) <= HVNET_ADMIN_SIZE, "fits the window");
static_assert(sizeof(struct hvnet_admin_stats) <= HVNET_ADMIN_SIZE, "fits the window");

#endif
