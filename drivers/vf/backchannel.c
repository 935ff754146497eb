// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "backchannel.h"
#include "block.h"
#include "upper.h"
#include "vf.h"

/*
 * How long a starting VF waits for its PF.  What comes later comes by itself, but this way the
 * network device is usually there when the driver is bound.  VFs are bound one after the other:
 * once a PF did not answer, the next ones do not wait for long, until one is answered.
 */
#define HVNET_OPEN_TIMEOUT_MS		5000
#define HVNET_OPEN_MUTE_TIMEOUT_MS	50
#define HVNET_RETRY_DELAY		(HZ / 2)

static bool hvnet_backchannel_is_mute;

/* The PF did not answer, or not now, or it has forgotten us: ask again. */
static bool hvnet_backchannel_is_transient(int err)
{
	return err == -ETIMEDOUT || err == -EAGAIN || err == -EBUSY;
}

/* In a reset, or without a device, there is nobody to ask: we begin again when it is back. */
static bool hvnet_backchannel_is_off(int err)
{
	return err == -ENODEV || err == -ENETDOWN;
}

static bool hvnet_backchannel_is_starting(const struct hvnet_vf *vf)
{
	return vf->dev.netdev->reg_state == NETREG_UNINITIALIZED;
}

/* A reset in between sets the bit once more. */
static int hvnet_backchannel_negotiate(struct hvnet_vf *vf)
{
	int version;

	clear_bit(0, &vf->negotiate);
	version = hvnet_mailbox_negotiate(&vf->dev);
	if (version < 0) {
		set_bit(0, &vf->negotiate);
		return version;
	}
	hvnet_block_begin(vf, version);
	vf->stale = HVNET_BLOCKS_2;
	return 0;
}

/* The PF clears the mask when it answers: with an answer that comes too late it is lost. */
static int hvnet_backchannel_read_mask(struct hvnet_vf *vf)
{
	u64 mask = HVNET_BLOCKS_2;
	int err;

	err = hvnet_mailbox_read_invalid(&vf->dev, &mask);
	vf->stale |= mask;
	return err;
}

static int hvnet_backchannel_read_link(struct hvnet_vf *vf)
{
	struct hvnet_block_link block;
	int err;

	err = hvnet_mailbox_read_block(&vf->dev, HVNET_BLOCK_LINK, &block, sizeof(block));
	if (!err)
		hvnet_set_link(&vf->dev, le32_to_cpu(block.flags), le32_to_cpu(block.speed));
	return err;
}

/*
 * As this address is the one that the PF knows, hvnet_vf_set_mac_address() does not ask for it.
 * Rtnl is held.
 */
static int hvnet_backchannel_adopt_mac(struct hvnet_vf *vf, const u8 *mac)
{
	struct net_device *netdev = vf->dev.netdev;
	struct sockaddr sa = { .sa_family = netdev->type };
	int err;

	ether_addr_copy(vf->mac, mac);
	if (ether_addr_equal(netdev->dev_addr, mac))
		return 0;
	if (hvnet_backchannel_is_starting(vf)) {
		eth_hw_addr_set(netdev, mac);
		return 0;
	}
	if (!netif_device_present(netdev))
		return -EAGAIN;

	ether_addr_copy((u8 *)sa.sa_data, mac);
	err = dev_set_mac_address(netdev, &sa, NULL);
	if (err)
		netdev_err(netdev, "address %pM from the host is not taken: %pe\n", mac,
			   ERR_PTR(err));
	else
		netdev_info(netdev, "the host changed the address to %pM\n", mac);
	return err;
}

/*
 * After a reset the PF has forgotten the address that we chose: ask for it again.  The PF's is
 * taken if it insists, not because it could not be asked.
 */
static int hvnet_backchannel_agree_mac(struct hvnet_vf *vf, const u8 *ours,
				       struct hvnet_block_mac *block)
{
	int err;

	err = hvnet_mailbox_read_block(&vf->dev, HVNET_BLOCK_MAC, block, hvnet_block_mac_len(vf));
	if (err)
		return err;
	if (!is_valid_ether_addr(block->mac))
		return -EPROTO;

	if (hvnet_backchannel_is_starting(vf) || ether_addr_equal(block->mac, ours) ||
	    le16_to_cpu(block->flags) & HVNET_BLOCK_MAC_ASSIGNED)
		return 0;

	err = hvnet_backchannel_write_mac(vf, ours);
	if (!hvnet_backchannel_is_transient(err) && !hvnet_backchannel_is_off(err) &&
	    hvnet_refusal_is_new(&vf->refusals, HVNET_WISH_AGREE, err))
		netdev_warn(vf->dev.netdev, "the PF does not grant address %pM: %pe\n", ours,
			    ERR_PTR(err));
	if (!err)
		ether_addr_copy(block->mac, ours);
	/* No memory or no room, which may pass. */
	if (err == -ENOSPC)
		return -EAGAIN;
	return err == -EPERM || err == -EADDRINUSE ? 0 : err;
}

static int hvnet_backchannel_update_mac(struct hvnet_vf *vf)
{
	struct hvnet_block_mac block = {};
	unsigned int changes;
	u8 ours[ETH_ALEN];
	int err;

	rtnl_lock();
	ether_addr_copy(ours, vf->dev.netdev->dev_addr);
	changes = vf->mac_changes;
	rtnl_unlock();

	err = hvnet_backchannel_agree_mac(vf, ours, &block);
	if (err)
		return err;

	rtnl_lock();
	hvnet_upper_set_port_vlan(vf, le16_to_cpu(block.vlan_flags) & HVNET_BLOCK_VLAN_ASSIGNED);
	if (changes == vf->mac_changes)
		err = hvnet_backchannel_adopt_mac(vf, block.mac);
	else
		err = -EAGAIN;
	rtnl_unlock();
	return err;
}

static int hvnet_backchannel_update(struct hvnet_vf *vf, enum hvnet_block block,
				    int (*update)(struct hvnet_vf *vf))
{
	int err;

	if (!(vf->stale & BIT_ULL(block)))
		return 0;
	err = update(vf);
	if (!err)
		vf->stale &= ~BIT_ULL(block);
	return err;
}

static int hvnet_backchannel_register(struct hvnet_vf *vf)
{
	struct net_device *netdev = vf->dev.netdev;
	int err;

	if (!hvnet_backchannel_is_starting(vf))
		return 0;
	err = register_netdev(netdev);
	if (err)
		return err;
	/* The link was known before the netdev: say it to those who hear of the netdev now. */
	if (netif_carrier_ok(netdev))
		netif_carrier_event(netdev);
	WRITE_ONCE(hvnet_backchannel_is_mute, false);
	complete(&vf->opened);
	return 0;
}

static int hvnet_backchannel_send_filters(struct hvnet_vf *vf)
{
	hvnet_backchannel_write_filters(vf);
	return 0;
}

/* What we may do comes first: the others depend on it. */
static int hvnet_backchannel_read_blocks(struct hvnet_vf *vf)
{
	return hvnet_backchannel_update(vf, HVNET_BLOCK_CAPS, hvnet_block_update_caps) ?:
	       hvnet_backchannel_update(vf, HVNET_BLOCK_LINK, hvnet_backchannel_read_link) ?:
	       hvnet_backchannel_update(vf, HVNET_BLOCK_MAC, hvnet_backchannel_update_mac) ?:
	       hvnet_backchannel_update(vf, HVNET_BLOCK_MTU, hvnet_block_update_mtu) ?:
	       hvnet_backchannel_update(vf, HVNET_BLOCK_RSS, hvnet_block_update_rss);
}

/* Blocks that could not be read stay stale for the next time. */
static int hvnet_backchannel_sync(struct hvnet_vf *vf)
{
	int err;

	if (test_and_clear_bit(0, &vf->mac_doubt))
		vf->stale |= BIT_ULL(HVNET_BLOCK_MAC);
	err = test_bit(0, &vf->negotiate) ? hvnet_backchannel_negotiate(vf) :
					    hvnet_backchannel_read_mask(vf);
	if (!err)
		err = hvnet_backchannel_read_blocks(vf);
	if (!err)
		err = hvnet_backchannel_register(vf);
	if (!err)
		err = hvnet_backchannel_update(vf, HVNET_BLOCK_FILTERS,
					       hvnet_backchannel_send_filters);
	if (err == -EBUSY)
		set_bit(0, &vf->negotiate);
	return err;
}

static void hvnet_backchannel_refresh_work(struct work_struct *work)
{
	struct hvnet_vf *vf = container_of(to_delayed_work(work), struct hvnet_vf, refresh_work);
	int err;

	err = hvnet_backchannel_sync(vf);
	if (hvnet_backchannel_is_off(err))
		return;
	if (hvnet_backchannel_is_transient(err)) {
		queue_delayed_work(vf->dev.wq, &vf->refresh_work, HVNET_RETRY_DELAY);
		return;
	}
	if (hvnet_refusal_is_new(&vf->refusals, HVNET_WISH_CONFIG, err))
		dev_err(&vf->dev.pdev->dev, "the PF's configuration is not known: %pe\n",
			ERR_PTR(err));
	if (!err)
		return;
	if (hvnet_backchannel_is_starting(vf)) {
		vf->open_error = err;
		complete(&vf->opened);
	}
}

/**
 * hvnet_backchannel_refresh() - ask the PF what changed, soon
 * @vf: the VF
 */
void hvnet_backchannel_refresh(struct hvnet_vf *vf)
{
	mod_delayed_work(vf->dev.wq, &vf->refresh_work, 0);
}

/**
 * hvnet_backchannel_restart() - begin again after a reset, soon
 * @vf: the VF
 */
void hvnet_backchannel_restart(struct hvnet_vf *vf)
{
	set_bit(0, &vf->negotiate);
	hvnet_backchannel_refresh(vf);
}

/**
 * hvnet_backchannel_write_mac() - ask the PF for another address
 * @vf: the VF
 * @mac: the address
 *
 * Return: 0 or a negative error code, -EPERM if the host assigned the present one, -EADDRINUSE if
 * somebody else has the one wanted
 */
int hvnet_backchannel_write_mac(struct hvnet_vf *vf, const u8 *mac)
{
	struct hvnet_block_mac block = {};

	ether_addr_copy(block.mac, mac);
	return hvnet_mailbox_write_block(&vf->dev, HVNET_BLOCK_MAC, &block,
					 hvnet_block_mac_len(vf));
}

/**
 * hvnet_backchannel_doubt_mac() - an address that we asked for may be given to us or not
 * @vf: the VF
 * @err: what hvnet_backchannel_write_mac() failed with
 *
 * The answer may just be late.  Find out, and tell the PF again what we have.  Rtnl is held.
 */
void hvnet_backchannel_doubt_mac(struct hvnet_vf *vf, int err)
{
	if (!hvnet_backchannel_is_transient(err) && !hvnet_backchannel_is_off(err))
		return;
	eth_zero_addr(vf->mac);
	set_bit(0, &vf->mac_doubt);
	hvnet_backchannel_refresh(vf);
}

/*
 * Promiscuous is who is told to be, or has more addresses than the PF takes.  What it is known to
 * refuse is not asked for.
 */
static u16 hvnet_backchannel_want_flags(const struct hvnet_vf *vf, unsigned int *denied)
{
	const struct net_device *netdev = vf->dev.netdev;
	bool promisc = netdev->flags & IFF_PROMISC;
	u32 caps = READ_ONCE(vf->caps);

	if (!(caps & HVNET_CAP_UNICAST) && !netdev_uc_empty(netdev))
		*denied |= HVNET_DENIED_UNICAST;
	else if (netdev_uc_count(netdev) > READ_ONCE(vf->max_unicast))
		promisc = true;

	if (promisc && caps & HVNET_CAP_PROMISC)
		return HVNET_VPORT_PROMISC | HVNET_VPORT_ALLMULTI;
	if (promisc)
		*denied |= HVNET_DENIED_PROMISC;
	return netdev->flags & (IFF_PROMISC | IFF_ALLMULTI) ? HVNET_VPORT_ALLMULTI : 0;
}

/* Fills in the block from the netdev's lists, as far as they fit. */
static void hvnet_backchannel_fill_filters(const struct hvnet_vf *vf,
					   struct hvnet_block_filters *block,
					   unsigned int *denied)
{
	unsigned int max_unicast = READ_ONCE(vf->max_unicast), max_multicast, count = 0;
	struct net_device *netdev = vf->dev.netdev;
	struct netdev_hw_addr *ha;
	u16 flags;

	netif_addr_lock_bh(netdev);
	flags = hvnet_backchannel_want_flags(vf, denied);

	netdev_for_each_uc_addr(ha, netdev) {
		if (count == max_unicast)
			break;
		ether_addr_copy(block->mac[count++], ha->addr);
	}
	max_multicast = min(READ_ONCE(vf->max_multicast), HVNET_BLOCK_FILTERS_MAX - count);
	if (netdev_mc_count(netdev) > max_multicast)
		flags |= HVNET_VPORT_ALLMULTI;
	if (!(flags & HVNET_VPORT_ALLMULTI))
		netdev_for_each_mc_addr(ha, netdev)
			ether_addr_copy(block->mac[count++], ha->addr);
	netif_addr_unlock_bh(netdev);

	block->flags = cpu_to_le16(flags);
	block->count = cpu_to_le16(count);
}

static int hvnet_backchannel_send_block(struct hvnet_vf *vf, struct hvnet_block_filters *block)
{
	size_t len = struct_size(block, mac, le16_to_cpu(block->count));

	return hvnet_mailbox_write_block(&vf->dev, HVNET_BLOCK_FILTERS, block, len);
}

/* Leaves the groups in the list, or the unicast addresses. */
static void hvnet_backchannel_keep(struct hvnet_block_filters *block, bool groups)
{
	unsigned int i, count = 0;

	for (i = 0; i < le16_to_cpu(block->count); i++)
		if (is_multicast_ether_addr(block->mac[i]) == groups)
			ether_addr_copy(block->mac[count++], block->mac[i]);
	block->count = cpu_to_le16(count);
}

/*
 * A PF that does not let us be promiscuous may still let us have all multicast frames, and the
 * groups without the unicast addresses.
 */
static int hvnet_backchannel_ask(struct hvnet_vf *vf, struct hvnet_block_filters *block,
				 unsigned int *denied)
{
	int err;

	err = hvnet_backchannel_send_block(vf, block);
	if (err == -EPERM && block->flags & cpu_to_le16(HVNET_VPORT_PROMISC)) {
		*denied |= HVNET_DENIED_PROMISC;
		block->flags &= ~cpu_to_le16(HVNET_VPORT_PROMISC);
		err = hvnet_backchannel_send_block(vf, block);
	}
	if (err == -EPERM) {
		*denied |= HVNET_DENIED_UNICAST;
		hvnet_backchannel_keep(block, true);
		err = hvnet_backchannel_send_block(vf, block);
	}
	/* No room for the groups: rather too many frames than none. */
	if (err == -ENOSPC && !(block->flags & cpu_to_le16(HVNET_VPORT_ALLMULTI))) {
		*denied |= HVNET_DENIED_GROUPS;
		block->flags |= cpu_to_le16(HVNET_VPORT_ALLMULTI);
		hvnet_backchannel_keep(block, false);
		err = hvnet_backchannel_send_block(vf, block);
	}
	return err;
}

/* Once, until it is granted or not asked for any more. */
static void hvnet_backchannel_report(struct hvnet_vf *vf, unsigned int denied)
{
	unsigned int new = denied & ~vf->denied;

	vf->denied = denied;
	if (new & HVNET_DENIED_PROMISC)
		netdev_warn(vf->dev.netdev,
			    "the PF does not trust us to be promiscuous: only multicast comes\n");
	if (new & HVNET_DENIED_UNICAST)
		netdev_warn(vf->dev.netdev,
			    "the PF does not trust us with other addresses than our own\n");
	if (new & HVNET_DENIED_GROUPS)
		netdev_warn(vf->dev.netdev,
			    "the PF has no room for our groups: multicast of all comes\n");
}

static void hvnet_backchannel_rx_mode_work(struct work_struct *work)
{
	struct hvnet_vf *vf = container_of(to_delayed_work(work), struct hvnet_vf, rx_mode_work);
	DEFINE_RAW_FLEX(struct hvnet_block_filters, block, mac, HVNET_BLOCK_FILTERS_MAX);
	unsigned int denied = 0;
	int err;

	hvnet_backchannel_fill_filters(vf, block, &denied);
	err = hvnet_backchannel_ask(vf, block, &denied);
	if (!err)
		hvnet_backchannel_report(vf, denied);

	/* The list is sent again when a version is negotiated. */
	if (err == -EBUSY)
		hvnet_backchannel_restart(vf);
	else if (hvnet_backchannel_is_transient(err))
		queue_delayed_work(vf->dev.wq, &vf->rx_mode_work, HVNET_RETRY_DELAY);
	else if (!hvnet_backchannel_is_off(err) &&
		 hvnet_refusal_is_new(&vf->refusals, HVNET_WISH_FILTERS, err))
		netdev_err(vf->dev.netdev, "the PF refuses our receive filters: %pe\n",
			   ERR_PTR(err));
}

/**
 * hvnet_backchannel_write_filters() - tell the PF what we want to receive, soon
 * @vf: the VF
 */
void hvnet_backchannel_write_filters(struct hvnet_vf *vf)
{
	mod_delayed_work(vf->dev.wq, &vf->rx_mode_work, 0);
}

/**
 * hvnet_backchannel_init() - prepare the work items
 * @vf: the VF
 */
void hvnet_backchannel_init(struct hvnet_vf *vf)
{
	set_bit(0, &vf->negotiate);
	init_completion(&vf->opened);
	INIT_DELAYED_WORK(&vf->refresh_work, hvnet_backchannel_refresh_work);
	INIT_DELAYED_WORK(&vf->rx_mode_work, hvnet_backchannel_rx_mode_work);
}

/**
 * hvnet_backchannel_open() - start to talk to the PF, which ends in a registered network device
 * @vf: the VF, whose events are on
 *
 * The PF's driver may just be starting, or be busy with a reset: the VF has time.
 *
 * Return: 0, or a negative error code if it cannot be
 */
int hvnet_backchannel_open(struct hvnet_vf *vf)
{
	unsigned int timeout_ms = HVNET_OPEN_TIMEOUT_MS;

	if (READ_ONCE(hvnet_backchannel_is_mute))
		timeout_ms = HVNET_OPEN_MUTE_TIMEOUT_MS;
	hvnet_backchannel_refresh(vf);
	if (!wait_for_completion_timeout(&vf->opened, msecs_to_jiffies(timeout_ms))) {
		WRITE_ONCE(hvnet_backchannel_is_mute, true);
		dev_warn(&vf->dev.pdev->dev,
			 "the PF does not answer yet: is its driver loaded?\n");
	}
	return vf->open_error;
}

/**
 * hvnet_backchannel_close() - talk to the PF no more
 * @vf: the VF, whose events are off
 */
void hvnet_backchannel_close(struct hvnet_vf *vf)
{
	disable_delayed_work_sync(&vf->refresh_work);
	disable_delayed_work_sync(&vf->rx_mode_work);
}
