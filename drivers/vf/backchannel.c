// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "backchannel.h"
#include "vf.h"

/* How long a VF waits for a PF whose driver may just be starting, and asks again later. */
#define HVNET_OPEN_TIMEOUT_MS		5000
#define HVNET_RETRY_DELAY		HZ

/* The PF did not answer, or not now: ask again. */
static bool hvnet_backchannel_is_transient(int err)
{
	return err == -ETIMEDOUT || err == -EAGAIN;
}

static int hvnet_backchannel_negotiate(struct hvnet_vf *vf)
{
	int version = hvnet_mailbox_negotiate(&vf->dev);

	if (version < 0)
		return version;
	vf->negotiated = true;
	return 0;
}

static int hvnet_backchannel_read_mac(struct hvnet_vf *vf, struct hvnet_block_mac *block)
{
	int err;

	err = hvnet_mailbox_read_block(&vf->dev, HVNET_BLOCK_MAC, block, sizeof(*block));
	if (err)
		return err;
	return is_valid_ether_addr(block->mac) ? 0 : -EPROTO;
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
 * The host changed our address.  As it is the one that the PF knows, hvnet_vf_set_mac_address()
 * does not ask for it.
 */
static int hvnet_backchannel_adopt_mac(struct hvnet_vf *vf, const u8 *mac)
{
	struct net_device *netdev = vf->dev.netdev;
	struct sockaddr sa = { .sa_family = netdev->type };
	int err;

	ether_addr_copy(vf->mac, mac);
	if (ether_addr_equal(netdev->dev_addr, mac))
		return 0;

	ether_addr_copy((u8 *)sa.sa_data, mac);
	err = dev_set_mac_address(netdev, &sa, NULL);
	if (err)
		netdev_err(netdev, "address %pM from the host is not taken: %pe\n", mac,
			   ERR_PTR(err));
	else
		netdev_info(netdev, "the host changed the address to %pM\n", mac);
	return err;
}

static int hvnet_backchannel_update_mac(struct hvnet_vf *vf)
{
	struct hvnet_block_mac block;
	int err;

	err = hvnet_backchannel_read_mac(vf, &block);
	return err ?: hvnet_backchannel_adopt_mac(vf, block.mac);
}

/*
 * After a reset the PF has forgotten the address that we chose: ask for it again, or take
 * the PF's.
 */
static int hvnet_backchannel_reassert_mac(struct hvnet_vf *vf)
{
	const u8 *ours = vf->dev.netdev->dev_addr;
	struct hvnet_block_mac block;
	int err;

	err = hvnet_backchannel_read_mac(vf, &block);
	if (err)
		return err;
	if (!ether_addr_equal(block.mac, ours) &&
	    !(le16_to_cpu(block.flags) & HVNET_BLOCK_MAC_ASSIGNED) &&
	    !hvnet_backchannel_write_mac(vf, ours))
		return 0;
	return hvnet_backchannel_adopt_mac(vf, block.mac);
}

static int hvnet_backchannel_renegotiate(struct hvnet_vf *vf)
{
	int err;

	err = hvnet_backchannel_negotiate(vf);
	if (!err)
		err = hvnet_backchannel_reassert_mac(vf);
	if (!err)
		err = hvnet_backchannel_read_link(vf);
	if (err)
		vf->negotiated = false;
	else
		hvnet_backchannel_write_filters(vf);
	return err;
}

static int hvnet_backchannel_read_changes(struct hvnet_vf *vf)
{
	u64 mask;
	int err;

	err = hvnet_mailbox_read_invalid(&vf->dev, &mask);
	if (!err && (mask & BIT_ULL(HVNET_BLOCK_LINK)))
		err = hvnet_backchannel_read_link(vf);
	if (!err && (mask & BIT_ULL(HVNET_BLOCK_MAC)))
		err = hvnet_backchannel_update_mac(vf);
	return err;
}

/*
 * A PF that wants to negotiate although we did has forgotten us: the adapter was reset, and our
 * queues with it.  hvnet_dev_reinit() brings all of that back and us here again.
 */
static void hvnet_backchannel_refresh_work(struct work_struct *work)
{
	struct hvnet_vf *vf = container_of(to_delayed_work(work), struct hvnet_vf, refresh_work);
	struct net_device *netdev = vf->dev.netdev;
	int err = 0;

	rtnl_lock();
	if (netdev->reg_state == NETREG_REGISTERED && netif_device_present(netdev)) {
		if (!vf->negotiated) {
			err = hvnet_backchannel_renegotiate(vf);
		} else {
			err = hvnet_backchannel_read_changes(vf);
			if (err == -EBUSY)
				hvnet_dev_reinit(&vf->dev);
		}
	}
	rtnl_unlock();

	if (hvnet_backchannel_is_transient(err))
		queue_delayed_work(vf->dev.wq, &vf->refresh_work, HVNET_RETRY_DELAY);
	else if (err && err != -EBUSY && err != -ENODEV && err != -ENETDOWN)
		netdev_err(netdev, "the PF's changes are not known: %pe\n", ERR_PTR(err));
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
	ASSERT_RTNL();
	vf->negotiated = false;
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
	int err;

	ether_addr_copy(block.mac, mac);
	err = hvnet_mailbox_write_block(&vf->dev, HVNET_BLOCK_MAC, &block, sizeof(block));
	if (!err)
		ether_addr_copy(vf->mac, mac);
	return err;
}

/* Fills in the block from the netdev's lists; returns its length. */
static size_t hvnet_backchannel_fill_filters(struct net_device *netdev,
					     struct hvnet_block_filters *block)
{
	struct netdev_hw_addr *ha;
	unsigned int count = 0;
	u16 flags = 0;

	netif_addr_lock_bh(netdev);
	if (netdev->flags & IFF_PROMISC)
		flags |= HVNET_VPORT_PROMISC | HVNET_VPORT_ALLMULTI;
	if (netdev->flags & IFF_ALLMULTI)
		flags |= HVNET_VPORT_ALLMULTI;

	netdev_for_each_uc_addr(ha, netdev) {
		if (count == HVNET_BLOCK_FILTERS_MAX)
			break;
		ether_addr_copy(block->mac[count++], ha->addr);
	}
	if (count + netdev_mc_count(netdev) > HVNET_BLOCK_FILTERS_MAX)
		flags |= HVNET_VPORT_ALLMULTI;
	if (!(flags & HVNET_VPORT_ALLMULTI))
		netdev_for_each_mc_addr(ha, netdev)
			ether_addr_copy(block->mac[count++], ha->addr);
	netif_addr_unlock_bh(netdev);

	block->flags = cpu_to_le16(flags);
	block->count = cpu_to_le16(count);
	return struct_size(block, mac, count);
}

/* A PF that does not let us be promiscuous may still let us have all multicast frames. */
static void hvnet_backchannel_rx_mode_work(struct work_struct *work)
{
	struct hvnet_vf *vf = container_of(to_delayed_work(work), struct hvnet_vf, rx_mode_work);
	DEFINE_RAW_FLEX(struct hvnet_block_filters, block, mac, HVNET_BLOCK_FILTERS_MAX);
	struct net_device *netdev = vf->dev.netdev;
	size_t len;
	int err;

	len = hvnet_backchannel_fill_filters(netdev, block);
	err = hvnet_mailbox_write_block(&vf->dev, HVNET_BLOCK_FILTERS, block, len);
	if (err == -EPERM) {
		block->flags &= ~cpu_to_le16(HVNET_VPORT_PROMISC);
		err = hvnet_mailbox_write_block(&vf->dev, HVNET_BLOCK_FILTERS, block, len);
	}

	/* Before negotiation there is nothing to do: the list is sent when it succeeds. */
	if (hvnet_backchannel_is_transient(err))
		queue_delayed_work(vf->dev.wq, &vf->rx_mode_work, HVNET_RETRY_DELAY);
	else if (err && err != -EBUSY && err != -ENODEV && err != -ENETDOWN)
		netdev_err(netdev, "the PF refuses our receive filters: %pe\n", ERR_PTR(err));
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
	INIT_DELAYED_WORK(&vf->refresh_work, hvnet_backchannel_refresh_work);
	INIT_DELAYED_WORK(&vf->rx_mode_work, hvnet_backchannel_rx_mode_work);
}

/**
 * hvnet_backchannel_open() - start to talk to the PF, before the network device is registered
 * @vf: the VF
 *
 * Return: 0 if the device has its address, otherwise a negative error code
 */
int hvnet_backchannel_open(struct hvnet_vf *vf)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(HVNET_OPEN_TIMEOUT_MS);
	struct device *dev = &vf->dev.pdev->dev;
	struct hvnet_block_mac block;
	int err;

	/* Each attempt waits; one that the PF puts off waits as well. */
	do {
		err = hvnet_backchannel_negotiate(vf);
	} while (hvnet_backchannel_is_transient(err) && time_before(jiffies, deadline));
	if (err == -ETIMEDOUT)
		dev_err(dev, "the PF does not answer: is its driver loaded?\n");
	else if (err)
		dev_err(dev, "no mailbox version in common with the PF: %pe\n", ERR_PTR(err));
	if (err)
		return err;

	err = hvnet_backchannel_read_mac(vf, &block);
	if (err) {
		dev_err(dev, "the PF tells no address: %pe\n", ERR_PTR(err));
		return err;
	}
	ether_addr_copy(vf->mac, block.mac);
	eth_hw_addr_set(vf->dev.netdev, block.mac);
	return hvnet_backchannel_read_link(vf);
}

/**
 * hvnet_backchannel_close() - mirror image of hvnet_backchannel_open()
 * @vf: the VF, whose network device is not registered any more and whose events are off
 */
void hvnet_backchannel_close(struct hvnet_vf *vf)
{
	cancel_delayed_work_sync(&vf->refresh_work);
	cancel_delayed_work_sync(&vf->rx_mode_work);
}
