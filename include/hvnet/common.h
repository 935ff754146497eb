/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What hvnet_common gives to the drivers of the physical and of the virtual functions.
 *
 * Locking, outermost first: the device lock of the PCI core, rtnl, hvnet_dev.restore_lock, the
 * driver's own mutexes, then hvnet_dev.mailbox_lock, then hvnet_dev.admin_lock.  No request to
 * another function is ever made in a context that this other function needs to answer it: neither
 * the PF's mailbox server nor what brings the PF back after a reset takes rtnl.
 *
 * Resets: a reset clears the scratch register, where we keep a mark.  Without the mark, or until
 * what the adapter forgot is restored, the function is stale.  hvnet_dev_restore() ends that; then
 * the queues are restarted and all events count as having happened.
 */
#ifndef HVNET_COMMON_H
#define HVNET_COMMON_H

#include <linux/ethtool.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <hvnet/abi/admin.h>
#include <hvnet/abi/mailbox.h>
#include <hvnet/abi/pci.h>
#include <hvnet/abi/queue.h>
#include <hvnet/abi/regs.h>

struct hvnet_dev;
struct hvnet_pair;

/**
 * struct hvnet_dev_ops - what differs between the functions
 * @link: the link register changed
 * @mailbox: PF: a request waits; VF: the PF rang
 * @restore: the function was reset: bring back what the adapter forgot, save the queues; may be
 *	called again when it failed, does not take rtnl
 * @rss_changed: key or fields of the hash may have changed; under rtnl; or NULL
 * @stat_names: names of the function's own ethtool statistics
 * @num_stats: their number
 * @get_stats: fills in @num_stats values; under rtnl
 *
 * All may sleep.  @link and @mailbox run in a work item, and once when events are started.
 */
struct hvnet_dev_ops {
	void (*link)(struct hvnet_dev *dev);
	void (*mailbox)(struct hvnet_dev *dev);
	int (*restore)(struct hvnet_dev *dev);
	void (*rss_changed)(struct hvnet_dev *dev);
	const char (*stat_names)[ETH_GSTRING_LEN];
	unsigned int num_stats;
	void (*get_stats)(struct hvnet_dev *dev, u64 *data);
};

/**
 * enum hvnet_rx_stat - what is counted of a receive queue
 * @HVNET_RX_STAT_PACKETS: frames given to the stack; a long packet counts as its segments
 * @HVNET_RX_STAT_BYTES: their bytes
 * @HVNET_RX_STAT_CHAINED: packets given to the stack that took more than one buffer
 * @HVNET_RX_STAT_BAD_LENGTH: frames dropped because the adapter reported an impossible length
 * @HVNET_RX_STAT_BAD_OFFLOAD: frames dropped because what the adapter said of them cannot be
 * @HVNET_RX_STAT_NO_MEMORY: frames or buffers that found no memory
 * @HVNET_RX_STAT_CSUM_UNNECESSARY: packets that the adapter has checked
 * @HVNET_RX_STAT_CSUM_NONE: packets that it said nothing of
 * @HVNET_RX_STAT_GRO_PACKETS: long packets
 * @HVNET_RX_STAT_GRO_BYTES: their bytes
 * @HVNET_RX_STAT_GRO_WIRE_PACKETS: the segments that they stand for
 * @HVNET_RX_STAT_GRO_WIRE_BYTES: bytes of these
 * @HVNET_RX_NUM_STATS: number of these counters
 */
enum hvnet_rx_stat {
	HVNET_RX_STAT_PACKETS,
	HVNET_RX_STAT_BYTES,
	HVNET_RX_STAT_CHAINED,
	HVNET_RX_STAT_BAD_LENGTH,
	HVNET_RX_STAT_BAD_OFFLOAD,
	HVNET_RX_STAT_NO_MEMORY,
	HVNET_RX_STAT_CSUM_UNNECESSARY,
	HVNET_RX_STAT_CSUM_NONE,
	HVNET_RX_STAT_GRO_PACKETS,
	HVNET_RX_STAT_GRO_BYTES,
	HVNET_RX_STAT_GRO_WIRE_PACKETS,
	HVNET_RX_STAT_GRO_WIRE_BYTES,
	HVNET_RX_NUM_STATS,
};

/**
 * enum hvnet_tx_stat - what is counted of a transmit queue
 * @HVNET_TX_STAT_PACKETS: frames given to the adapter; a packet to segment counts as its segments
 * @HVNET_TX_STAT_BYTES: their bytes
 * @HVNET_TX_STAT_LINEARIZED: packets copied because they were in too many pieces
 * @HVNET_TX_STAT_DROPPED: packets dropped: out of memory, or too long
 * @HVNET_TX_STAT_KICKS: doorbell writes
 * @HVNET_TX_STAT_CSUM_NONE: of the frames, those that need no checksum
 * @HVNET_TX_STAT_NEEDS_CSUM: and those whose checksum is left to the adapter
 * @HVNET_TX_STAT_GSO_PACKETS: packets to segment
 * @HVNET_TX_STAT_GSO_BYTES: their bytes
 * @HVNET_TX_STAT_GSO_WIRE_PACKETS: the segments that they become
 * @HVNET_TX_STAT_GSO_WIRE_BYTES: bytes of these
 * @HVNET_TX_STAT_STOPS: how often the queue was stopped because its ring was full
 * @HVNET_TX_NUM_STATS: number of these counters
 */
enum hvnet_tx_stat {
	HVNET_TX_STAT_PACKETS,
	HVNET_TX_STAT_BYTES,
	HVNET_TX_STAT_LINEARIZED,
	HVNET_TX_STAT_DROPPED,
	HVNET_TX_STAT_KICKS,
	HVNET_TX_STAT_CSUM_NONE,
	HVNET_TX_STAT_NEEDS_CSUM,
	HVNET_TX_STAT_GSO_PACKETS,
	HVNET_TX_STAT_GSO_BYTES,
	HVNET_TX_STAT_GSO_WIRE_PACKETS,
	HVNET_TX_STAT_GSO_WIRE_BYTES,
	HVNET_TX_STAT_STOPS,
	HVNET_TX_NUM_STATS,
};

/**
 * struct hvnet_rx_stats - counters of a receive queue, written by its NAPI
 * @sync: for readers on 32-bit machines
 * @count: the counters, by &enum hvnet_rx_stat
 */
struct hvnet_rx_stats {
	struct u64_stats_sync sync;
	u64_stats_t count[HVNET_RX_NUM_STATS];
};

/**
 * struct hvnet_tx_stats - counters of a transmit queue, written under its transmit lock
 * @sync: for readers on 32-bit machines
 * @count: the counters, by &enum hvnet_tx_stat
 */
struct hvnet_tx_stats {
	struct u64_stats_sync sync;
	u64_stats_t count[HVNET_TX_NUM_STATS];
};

/**
 * struct hvnet_done_stats - counters of a transmit queue, written by its NAPI
 * @sync: for readers on 32-bit machines
 * @wakes: how often the queue was started again after it was full
 */
struct hvnet_done_stats {
	struct u64_stats_sync sync;
	u64_stats_t wakes;
};

/**
 * struct hvnet_pair_stats - counters of a queue pair; they outlive the pair's rings
 * @rx: the receive queue's
 * @tx: the transmit queue's
 * @done: the transmit queue's, when the adapter has done with packets
 */
struct hvnet_pair_stats {
	struct hvnet_rx_stats rx;
	struct hvnet_tx_stats tx;
	struct hvnet_done_stats done;
};

/**
 * struct hvnet_config - shape of the data path
 * @num_pairs: queue pairs in use
 * @tx_size: descriptors of a transmit ring
 * @rx_size: descriptors of a receive ring
 * @rx_buf: bytes of a receive buffer, with what the stack needs around the data
 */
struct hvnet_config {
	unsigned int num_pairs;
	u32 tx_size;
	u32 rx_size;
	u32 rx_buf;
};

/**
 * struct hvnet_moderation - how long a queue's interrupts are held back, as it was set
 * @usecs: in us; 0: not at all
 * @frames: but not beyond so many frames, if not 0
 * @adaptive: the driver finds values by itself
 */
struct hvnet_moderation {
	u16 usecs;
	u16 frames;
	u32 adaptive;
};

#define HVNET_RSS_CHOSE_KEY		BIT(0)	/* with what is done to the addresses before */
#define HVNET_RSS_CHOSE_FIELDS		BIT(1)

enum hvnet_dev_flag {
	HVNET_DEV_GONE,			/* it was said that the device is gone */
	HVNET_DEV_RESETTING,		/* in a reset that we know of: no commands */
	HVNET_DEV_NEEDS_RESTORE,	/* it was reset, hvnet_dev_ops.restore is due */
	HVNET_DEV_NEEDS_RESTART,	/* it was reset since the queues were started */
	HVNET_DEV_RESYNC,		/* all events count as having happened */
};

enum hvnet_event {
	HVNET_EVENT_LINK,
	HVNET_EVENT_MAILBOX,
	HVNET_EVENT_QUEUE,
	HVNET_NUM_EVENTS,
};

/**
 * struct hvnet_dev - a function of the adapter; first member of its netdev's private data
 * @pdev: the PCI device; its driver data is this structure
 * @netdev: the network device
 * @ops: the function's driver
 * @wq: where its work runs
 * @config_space: what configuration space is like when the function works
 * @bar: registers
 * @doorbell: configuration space offset of the doorbell capability
 * @version: of the register map
 * @vport: number of its vport
 * @max_pairs: queue pairs that adapter and vectors allow
 * @max_ring: descriptors of the largest ring
 * @max_vfs: VFs of a PF
 * @max_frame: bytes of the largest frame
 * @feats: what the adapter can do, HVNET_FEAT_*
 * @flags: bits of &enum hvnet_dev_flag, atomic
 * @restore_lock: one reset of ours or hvnet_dev_restore() at a time
 * @admin_lock: one admin command at a time; guards the fields that follow
 * @admin_seq: sequence number of the last command
 * @admin_op: the last command
 * @admin_silent: the last command timed out: wait less for the next
 * @admin_late: @admin_request is the result of a MAILBOX_FETCH that had timed out
 * @admin_request: kept for the next MAILBOX_FETCH
 * @mailbox_lock: one mailbox request at a time; guards the fields that follow
 * @mailbox_seq: sequence number of the last request
 * @mailbox_given_up: bytes of the last request if there was no answer in time, or 0
 * @mailbox_request: the last request
 * @mailbox_slowed: the PF put the last request off, which the log was told; not under the lock
 * @event_wait: woken by vector 0
 * @event_work: compares the event counters; now and then also without an interrupt
 * @event_irqs: interrupts of vector 0, written by their handler
 * @events: values of the event counters last handled, used by @event_work
 * @link_speed: Mb/s, or SPEED_UNKNOWN
 * @link: how the port's link was set, under @restore_lock; no modes if it was not
 * @config: shape of the data path, under rtnl
 * @rx_features: how frames are received, HVNET_RX_*, under rtnl
 * @rss: how frames are spread over the receive queues, under rtnl
 * @rss_chosen: HVNET_RSS_CHOSE_*: what of @rss the user has set, under rtnl
 * @moderation: how long interrupts are held back, by queue, under rtnl
 * @pairs: the queue pairs while the netdev is up, changed under rtnl with all transmit queues off
 * @running: the pairs are started, under rtnl
 * @spread_irqs: vectors whose affinity we have chosen, a bitmap by pair, under rtnl
 * @spread_pairs: number of pairs that we have chosen XPS for, under rtnl
 * @reset_work: resets the queue pairs that failed or are named in @reset_pairs, or all
 * @reset_pairs: bitmap, atomic
 * @last_reset: jiffies when @reset_work last ran, used by it
 * @drops: the adapter's counters as they were last read, under rtnl
 * @stats: counters, by pair
 */
struct hvnet_dev {
	struct pci_dev *pdev;
	struct net_device *netdev;
	const struct hvnet_dev_ops *ops;
	struct workqueue_struct *wq;
	struct pci_saved_state *config_space;
	void __iomem *bar;
	int doorbell;
	u32 version;
	u16 vport;
	u16 max_pairs;
	u32 max_ring;
	u32 max_vfs;
	u32 max_frame;
	u32 feats;
	unsigned long flags;

	struct mutex restore_lock;	/* one reset or restore at a time */

	struct mutex admin_lock;	/* one admin command at a time */
	u16 admin_seq;
	u16 admin_op;
	bool admin_silent;
	bool admin_late;
	struct hvnet_admin_mailbox admin_request;

	struct mutex mailbox_lock;	/* one mailbox request at a time */
	u16 mailbox_seq;
	u16 mailbox_given_up;
	u8 mailbox_request[HVNET_MAILBOX_SIZE];
	bool mailbox_slowed;

	wait_queue_head_t event_wait;
	struct delayed_work event_work;
	u16 event_irqs;
	u32 events[HVNET_NUM_EVENTS];
	u32 link_speed;
	struct hvnet_admin_link link;

	struct hvnet_config config;
	u16 rx_features;
	struct hvnet_admin_rss rss;
	u8 rss_chosen;
	struct hvnet_moderation moderation[HVNET_MAX_QUEUES];
	struct hvnet_pair *pairs;
	bool running;
	unsigned long spread_irqs;
	unsigned int spread_pairs;
	struct delayed_work reset_work;
	unsigned long reset_pairs;
	unsigned long last_reset;
	struct hvnet_admin_stats drops;
	struct hvnet_pair_stats stats[HVNET_MAX_QUEUE_PAIRS];
};

/* device.c: bring-up and tear-down */
struct hvnet_dev *hvnet_dev_alloc(struct pci_dev *pdev, size_t size,
				  const struct hvnet_dev_ops *ops,
				  const struct net_device_ops *netdev_ops,
				  struct workqueue_struct *wq);
void hvnet_dev_free(struct hvnet_dev *dev);
int hvnet_dev_init(struct hvnet_dev *dev);
void hvnet_dev_exit(struct hvnet_dev *dev);
bool hvnet_dev_gone(struct hvnet_dev *dev);
bool hvnet_dev_stale(struct hvnet_dev *dev);

/* event.c: vector 0 */
void hvnet_events_start(struct hvnet_dev *dev);
void hvnet_events_stop(struct hvnet_dev *dev);

/* admin.c: admin commands */
int hvnet_code_to_errno(unsigned int code);
enum hvnet_code hvnet_errno_to_code(int err);
int hvnet_admin(struct hvnet_dev *dev, enum hvnet_admin_op op, const void *arg, size_t arg_len,
		void *result, size_t result_len);
int hvnet_admin_stats(struct hvnet_dev *dev, u16 vport, struct hvnet_admin_stats *stats);

/* mailbox.c: a VF's side of the PF/VF backchannel */
int hvnet_mailbox_negotiate(struct hvnet_dev *dev);
int hvnet_mailbox_read_block(struct hvnet_dev *dev, enum hvnet_block block, void *buf, size_t len);
int hvnet_mailbox_write_block(struct hvnet_dev *dev, enum hvnet_block block, const void *buf,
			      size_t len);
int hvnet_mailbox_read_invalid(struct hvnet_dev *dev, u64 *mask);

/* port.c: the physical port */
int hvnet_port_restore(struct hvnet_dev *dev);

/* reset.c: resets from outside, and the end of the machine */
void hvnet_shutdown(struct pci_dev *pdev);
extern const struct pci_error_handlers hvnet_err_handlers;

/* rss.c: how frames are spread over the receive queues */
int hvnet_rss_set_default(struct hvnet_dev *dev, const struct hvnet_block_rss *block);

/* offload.c: netdev features */
int hvnet_set_features(struct net_device *netdev, netdev_features_t features);
netdev_features_t hvnet_features_check(struct sk_buff *skb, struct net_device *netdev,
				       netdev_features_t features);

/* stats.c: counters */
void hvnet_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats);

/* netdev.c: network device operations that need nothing of the function */
int hvnet_open(struct net_device *netdev);
int hvnet_stop(struct net_device *netdev);
netdev_tx_t hvnet_xmit(struct sk_buff *skb, struct net_device *netdev);
void hvnet_tx_timeout(struct net_device *netdev, unsigned int txqueue);
void hvnet_set_link(struct hvnet_dev *dev, u32 flags, u32 speed);
int hvnet_limit_mtu(struct hvnet_dev *dev, u32 max);

#endif
