/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What hvnet_common gives to the drivers of the physical and of the virtual functions.
 *
 * Locking, outermost first: the device lock of the PCI core, the lock of the devlink instance,
 * rtnl, ethtool's lock of RSS contexts, hvnet_dev.restore_lock, the driver's own mutexes, then
 * hvnet_dev.mailbox_lock, then hvnet_dev.admin_lock.  No request to another function is ever made
 * in a context that this other function needs to answer it: neither the PF's mailbox server nor
 * what brings the PF back after a reset takes rtnl.
 *
 * Resets: a reset clears the scratch register, where we keep a mark.  Without the mark, or until
 * what the adapter forgot is restored, the function is stale.  hvnet_dev_restore() ends that; then
 * the queues are restarted and all events count as having happened.
 */
#ifndef HVNET_COMMON_H
#define HVNET_COMMON_H

#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/net_tstamp.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/ptp_clock_kernel.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/devlink.h>

#include <hvnet/abi/admin.h>
#include <hvnet/abi/mailbox.h>
#include <hvnet/abi/pci.h>
#include <hvnet/abi/queue.h>
#include <hvnet/abi/regs.h>

struct bpf_prog;
struct hvnet_dev;
struct hvnet_pair;
struct hvnet_xsk;

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
 * @HVNET_RX_STAT_PACKETS: frames given to the stack, or to a program before it; a long packet
 *	counts as its segments
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
 * @HVNET_TX_STAT_XDP_PACKETS: of the frames, those that programs sent
 * @HVNET_TX_STAT_XDP_DROPPED: frames of programs for which there was no room, or too long
 * @HVNET_TX_STAT_XSK_PACKETS: of the frames, those that AF_XDP sockets sent
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
	HVNET_TX_STAT_XDP_PACKETS,
	HVNET_TX_STAT_XDP_DROPPED,
	HVNET_TX_STAT_XSK_PACKETS,
	HVNET_TX_NUM_STATS,
};

/**
 * enum hvnet_xdp_stat - what became of the frames of a receive queue that a program was run on
 * @HVNET_XDP_STAT_DROP: dropped as the program wanted
 * @HVNET_XDP_STAT_PASS: given to the stack
 * @HVNET_XDP_STAT_TX: sent back
 * @HVNET_XDP_STAT_REDIRECT: sent elsewhere
 * @HVNET_XDP_STAT_ERR: lost: the program failed, or what it wanted could not be done
 * @HVNET_XDP_NUM_STATS: number of these counters
 */
enum hvnet_xdp_stat {
	HVNET_XDP_STAT_DROP,
	HVNET_XDP_STAT_PASS,
	HVNET_XDP_STAT_TX,
	HVNET_XDP_STAT_REDIRECT,
	HVNET_XDP_STAT_ERR,
	HVNET_XDP_NUM_STATS,
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
 * @times: time stamps that were asked for and came
 * @times_lost: time stamps that were asked for and did not
 */
struct hvnet_done_stats {
	struct u64_stats_sync sync;
	u64_stats_t wakes;
	u64_stats_t times;
	u64_stats_t times_lost;
};

/**
 * struct hvnet_xdp_stats - counters of a receive queue while a program is attached, of its NAPI
 * @sync: for readers on 32-bit machines
 * @count: the counters, by &enum hvnet_xdp_stat
 */
struct hvnet_xdp_stats {
	struct u64_stats_sync sync;
	u64_stats_t count[HVNET_XDP_NUM_STATS];
};

/**
 * struct hvnet_pair_stats - counters of a queue pair; they outlive the pair's rings
 * @rx: the receive queue's
 * @tx: the transmit queue's
 * @done: the transmit queue's, when the adapter has done with packets
 * @xdp: the receive queue's, of programs
 */
struct hvnet_pair_stats {
	struct hvnet_rx_stats rx;
	struct hvnet_tx_stats tx;
	struct hvnet_done_stats done;
	struct hvnet_xdp_stats xdp;
};

/**
 * struct hvnet_config - shape of the data path
 * @num_pairs: queue pairs in use
 * @tx_size: descriptors of a transmit ring
 * @rx_size: descriptors of a receive ring
 * @rx_buf: bytes of a receive buffer, with what the stack needs around the data
 * @rx_limit: bytes of the longest frame to receive; 0: what the adapter can
 * @rx_features: how frames are received, HVNET_RX_*
 * @xdp: receive buffers are for XDP programs
 */
struct hvnet_config {
	unsigned int num_pairs;
	u32 tx_size;
	u32 rx_size;
	u32 rx_buf;
	u32 rx_limit;
	u16 rx_features;
	bool xdp;
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

/**
 * enum hvnet_fault - what may be wrong with a queue pair, each with a devlink health reporter
 * @HVNET_FAULT_TX: the stack found that its transmit queue does not go on
 * @HVNET_FAULT_DMA: one of its queues is in the error state, or completed what it was not given
 * @HVNET_NUM_FAULTS: number of these
 */
enum hvnet_fault {
	HVNET_FAULT_TX,
	HVNET_FAULT_DMA,
	HVNET_NUM_FAULTS,
};

/**
 * struct hvnet_devlink - a function's devlink instance; first member of its private data
 * @dev: the function; another one after a reload, changed under the instance's lock
 * @report_work: reports faults; takes the instance's lock, so nobody who holds it may wait for it
 * @news: by &enum hvnet_fault: a pair failed and @report_work has not seen it; bits, atomic
 * @ill: by &enum hvnet_fault: reported, and not known to be over; bits, atomic
 * @reporters: by &enum hvnet_fault
 * @registers: region of the registers
 */
struct hvnet_devlink {
	struct hvnet_dev *dev;
	struct delayed_work report_work;
	unsigned long news;
	unsigned long ill;
	struct devlink_health_reporter *reporters[HVNET_NUM_FAULTS];
	struct devlink_region *registers;
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
 * @devlink: its devlink instance, which outlives it
 * @bar: registers; NULL unless the function is up, which changes under the device lock
 * @doorbell: configuration space offset of the doorbell capability
 * @version: of the register map
 * @firmware: the adapter's own version, 0 if it does not tell
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
 * @clock: configuration space offset of the clock capability
 * @ptp: the clock as the kernel has it, or NULL
 * @ptp_info: its operations
 * @link_speed: Mb/s, or SPEED_UNKNOWN
 * @link: how the port's link was set, under @restore_lock; no modes if it was not
 * @config: shape of the data path, under rtnl
 * @host_mtu: largest MTU that the host allows, or 0 if it said none, under rtnl
 * @rx_times: which received frames get a time stamp, under rtnl
 * @tx_times: whether transmitted frames can get one, changed under rtnl
 * @xdp_prog: the program that received frames are for, or NULL; changed under rtnl, read by NAPI
 * @xsk: AF_XDP sockets, by queue pair, changed under rtnl
 * @rss: how frames are spread over the receive queues, under rtnl
 * @rss_chosen: HVNET_RSS_CHOSE_*: what of @rss the user has set, under rtnl
 * @rules: steering rules by location, under rtnl
 * @vlan_filter: of frames with a VLAN, those of @vlans are to be received, under rtnl
 * @vlans: VLANs that the stack has named, a bitmap, under rtnl
 * @steered: the adapter may have rules or RSS contexts, under rtnl
 * @moderation: how long interrupts are held back, by queue, under rtnl
 * @pairs: the queue pairs while the netdev is up, changed under rtnl with all transmit queues off
 * @running: the pairs are started, changed under rtnl
 * @spread_irqs: vectors whose affinity we have chosen, a bitmap by pair, under rtnl
 * @spread_pairs: number of pairs that we have chosen XPS for, under rtnl
 * @faults: by &enum hvnet_fault, the pairs that have it and were not reset since; bitmaps, atomic
 * @reset_work: looks for queues in the error state; restarts all that should be on and are not
 * @last_reset: jiffies when a queue was last reset
 * @drops: the adapter's counters as they were last read, under rtnl
 * @stats: counters, by pair
 */
struct hvnet_dev {
	struct pci_dev *pdev;
	struct net_device *netdev;
	const struct hvnet_dev_ops *ops;
	struct workqueue_struct *wq;
	struct pci_saved_state *config_space;
	struct hvnet_devlink *devlink;
	void __iomem *bar;
	int doorbell;
	u32 version;
	u32 firmware;
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
	int clock;
	struct ptp_clock *ptp;
	struct ptp_clock_info ptp_info;
	u32 link_speed;
	struct hvnet_admin_link link;

	struct hvnet_config config;
	u32 host_mtu;
	enum hwtstamp_rx_filters rx_times;
	enum hwtstamp_tx_types tx_times;
	struct bpf_prog *xdp_prog;
	struct hvnet_xsk *xsk[HVNET_MAX_QUEUE_PAIRS];
	struct hvnet_admin_rss rss;
	u8 rss_chosen;
	struct xarray rules;
	bool vlan_filter;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
	bool steered;
	struct hvnet_moderation moderation[HVNET_MAX_QUEUES];
	struct hvnet_pair *pairs;
	bool running;
	unsigned long spread_irqs;
	unsigned int spread_pairs;
	unsigned long faults[HVNET_NUM_FAULTS];
	struct delayed_work reset_work;
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

/* Is it between hvnet_dev_init() and hvnet_dev_exit()?  With the device lock, or its own work. */
static inline bool hvnet_dev_is_up(const struct hvnet_dev *dev)
{
	return dev->bar;
}

/* devlink.c: what all devlink instances have */
struct hvnet_devlink *hvnet_devlink_alloc(struct hvnet_dev *dev, const struct devlink_ops *ops,
					  size_t size);
void hvnet_devlink_free(struct hvnet_devlink *devlink);
int hvnet_devlink_init(struct hvnet_devlink *devlink);
void hvnet_devlink_exit(struct hvnet_devlink *devlink);
void hvnet_devlink_stop(struct hvnet_devlink *devlink);
void hvnet_devlink_replace(struct hvnet_devlink *devlink, struct hvnet_dev *dev);
int hvnet_devlink_info_get(struct devlink *devlink, struct devlink_info_req *req,
			   struct netlink_ext_ack *extack);

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
u64 hvnet_port_unwanted(struct hvnet_dev *dev);

/* ptp.c: the adapter's clock */
void hvnet_ptp_register(struct hvnet_dev *dev, bool own, bool set);
void hvnet_ptp_unregister(struct hvnet_dev *dev);

/* reset.c: resets from outside, and the end of the machine */
void hvnet_shutdown(struct pci_dev *pdev);
extern const struct pci_error_handlers hvnet_err_handlers;

/* rss.c: how frames are spread over the receive queues */
int hvnet_rss_set_default(struct hvnet_dev *dev, const struct hvnet_block_rss *block);

/* offload.c: netdev features */
netdev_features_t hvnet_fix_features(struct net_device *netdev, netdev_features_t features);
int hvnet_set_features(struct net_device *netdev, netdev_features_t features);
netdev_features_t hvnet_features_check(struct sk_buff *skb, struct net_device *netdev,
				       netdev_features_t features);

/* vlan.c: which VLANs are received */
int hvnet_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vlan);
int hvnet_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vlan);

/* timestamp.c: time stamps of frames */
int hvnet_hwtstamp_get(struct net_device *netdev, struct kernel_hwtstamp_config *config);
int hvnet_hwtstamp_set(struct net_device *netdev, struct kernel_hwtstamp_config *config,
		       struct netlink_ext_ack *extack);
/* xdp.c, xdp_tx.c, xsk.c: programs and sockets that see frames before the stack, and send them */
int hvnet_bpf(struct net_device *netdev, struct netdev_bpf *bpf);
int hvnet_xdp_xmit(struct net_device *netdev, int num, struct xdp_frame **frames, u32 flags);
int hvnet_xsk_wakeup(struct net_device *netdev, u32 queue, u32 flags);

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
