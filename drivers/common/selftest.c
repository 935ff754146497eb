// SPDX-License-Identifier: GPL-2.0
/*
 * Self-test: ethtool -t.  The offline part stops the queues and starts them again, with their rings
 * made anew; in between, the first pair's rings are ours.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "admin.h"
#include "datapath.h"
#include "device.h"
#include "pair.h"
#include "selftest.h"
#include "steer.h"

enum hvnet_selftest {
	HVNET_SELFTEST_REGISTERS,
	HVNET_SELFTEST_INTERRUPTS,
	HVNET_SELFTEST_LINK,
	HVNET_SELFTEST_LOOPBACK,
	HVNET_NUM_SELFTESTS,
};

const char hvnet_selftest_names[][ETH_GSTRING_LEN] = {
	[HVNET_SELFTEST_REGISTERS] = "registers (online)",
	[HVNET_SELFTEST_INTERRUPTS] = "interrupts (online)",
	[HVNET_SELFTEST_LINK] = "link (online)",
	[HVNET_SELFTEST_LOOPBACK] = "loopback (offline)",
};

const unsigned int hvnet_num_selftests = ARRAY_SIZE(hvnet_selftest_names);

static_assert(ARRAY_SIZE(hvnet_selftest_names) == HVNET_NUM_SELFTESTS);

#define HVNET_SELFTEST_WAIT_MS		1000
#define HVNET_SELFTEST_SLEEP_US		100

/* Registers say what they said when the function was found, and a command is answered. */
static int hvnet_selftest_registers(struct hvnet_dev *dev)
{
	struct hvnet_admin_stats stats;

	if (hvnet_read(dev, HVNET_REG_MAGIC) != HVNET_MAGIC ||
	    hvnet_read(dev, HVNET_REG_VERSION) != dev->version ||
	    hvnet_read(dev, HVNET_REG_VPORT) != dev->vport ||
	    hvnet_read(dev, HVNET_REG_FEATURES) != dev->feats ||
	    !(hvnet_read(dev, HVNET_REG_STATUS) & HVNET_STATUS_READY))
		return -EIO;
	return hvnet_admin_stats(dev, dev->vport, &stats);
}

/* The adapter raises a vector, and its handler runs. */
static int hvnet_selftest_vector(struct hvnet_dev *dev, u16 vector, const u16 *irqs)
{
	struct hvnet_admin_interrupt arg = { .vector = cpu_to_le16(vector) };
	unsigned long end = jiffies + msecs_to_jiffies(HVNET_SELFTEST_WAIT_MS);
	u16 before = READ_ONCE(*irqs);
	int err;

	err = hvnet_admin(dev, HVNET_ADMIN_INTERRUPT, &arg, sizeof(arg), NULL, 0);
	if (err)
		return err;
	while (READ_ONCE(*irqs) == before) {
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		usleep_range(HVNET_SELFTEST_SLEEP_US, 2 * HVNET_SELFTEST_SLEEP_US);
	}
	return 0;
}

/* The vectors of queue pairs are in use only while the netdev is up. */
static int hvnet_selftest_interrupts(struct hvnet_dev *dev)
{
	unsigned int i;
	int err;

	if (!(dev->feats & HVNET_FEAT_SELFTEST))
		return -EOPNOTSUPP;
	err = hvnet_selftest_vector(dev, 0, &dev->event_irqs);
	for (i = 0; !err && dev->running && i < dev->config.num_pairs; i++)
		err = hvnet_selftest_vector(dev, 1 + i, &dev->pairs[i].irqs);
	return err;
}

/* Frames of several lengths, one after the other, each a buffer of both rings. */
static const u16 hvnet_loop_lengths[] = { ETH_ZLEN, 61, 128, 129, 255, 1000, ETH_FRAME_LEN };

#define HVNET_LOOP_FRAMES	ARRAY_SIZE(hvnet_loop_lengths)
#define HVNET_LOOP_BUF		2048

/**
 * struct hvnet_loop - rings and buffers to send frames to ourselves
 * @dev: the function
 * @tx: transmit ring
 * @rx: receive ring
 * @sent: a buffer for each frame
 * @received: a buffer for each to be received into, behind them
 * @dma: bus address of @sent
 */
struct hvnet_loop {
	struct hvnet_dev *dev;
	struct hvnet_ring tx;
	struct hvnet_ring rx;
	u8 *sent;
	u8 *received;
	dma_addr_t dma;
};

#define HVNET_LOOP_SIZE		(2 * HVNET_LOOP_FRAMES * HVNET_LOOP_BUF)

static int hvnet_loop_alloc(struct hvnet_loop *loop, struct hvnet_dev *dev)
{
	loop->dev = dev;
	loop->sent = dma_alloc_coherent(&dev->pdev->dev, HVNET_LOOP_SIZE, &loop->dma, GFP_KERNEL);
	if (!loop->sent)
		return -ENOMEM;
	loop->received = loop->sent + HVNET_LOOP_FRAMES * HVNET_LOOP_BUF;
	return hvnet_ring_alloc(&loop->tx, dev, HVNET_TXQ(0), HVNET_RING_MIN) ?:
	       hvnet_ring_alloc(&loop->rx, dev, HVNET_RXQ(0), HVNET_RING_MIN);
}

static void hvnet_loop_free(struct hvnet_loop *loop)
{
	hvnet_ring_free(&loop->rx);
	hvnet_ring_free(&loop->tx);
	if (loop->sent)
		dma_free_coherent(&loop->dev->pdev->dev, HVNET_LOOP_SIZE, loop->sent, loop->dma);
}

/* A frame to ourselves, of the local experimental type; the rest of it is different each time. */
static void hvnet_loop_make_frame(struct hvnet_loop *loop, unsigned int i)
{
	u8 *frame = loop->sent + i * HVNET_LOOP_BUF;
	struct ethhdr *eth = (struct ethhdr *)frame;

	get_random_bytes(frame, hvnet_loop_lengths[i]);
	ether_addr_copy(eth->h_dest, loop->dev->netdev->dev_addr);
	ether_addr_copy(eth->h_source, loop->dev->netdev->dev_addr);
	eth->h_proto = htons(ETH_P_802_EX1);
}

static void hvnet_loop_fill(struct hvnet_loop *loop)
{
	dma_addr_t received = loop->dma + (loop->received - loop->sent);
	unsigned int i;

	for (i = 0; i < HVNET_LOOP_FRAMES; i++) {
		hvnet_loop_make_frame(loop, i);
		loop->rx.rx_desc[i] = (struct hvnet_rx_desc){
			.addr = cpu_to_le64(received + i * HVNET_LOOP_BUF),
			.len = cpu_to_le32(HVNET_LOOP_BUF),
		};
		loop->tx.tx_desc[i] = (struct hvnet_tx_desc){
			.addr = cpu_to_le64(loop->dma + i * HVNET_LOOP_BUF),
			.len = cpu_to_le16(hvnet_loop_lengths[i]),
			.flags = cpu_to_le16(HVNET_TXD_EOP),
		};
	}
}

/* All have come as they were sent, in that order: nobody else is heard meanwhile. */
static bool hvnet_loop_complete(const struct hvnet_loop *loop)
{
	unsigned int i;

	for (i = 0; i < HVNET_LOOP_FRAMES; i++) {
		u16 len = hvnet_loop_lengths[i];

		if (le16_to_cpu(loop->rx.cmpl[i].len) != len ||
		    memcmp(loop->received + i * HVNET_LOOP_BUF, loop->sent + i * HVNET_LOOP_BUF,
			   len))
			return false;
	}
	return true;
}

/* The rings are on. */
static int hvnet_loop_run(struct hvnet_loop *loop)
{
	unsigned long end = jiffies + msecs_to_jiffies(HVNET_SELFTEST_WAIT_MS);
	u32 received;

	hvnet_ring_publish(&loop->rx, HVNET_LOOP_FRAMES);
	hvnet_ring_publish(&loop->tx, HVNET_LOOP_FRAMES);
	hvnet_doorbell(loop->dev, loop->tx.queue);
	do {
		usleep_range(HVNET_SELFTEST_SLEEP_US, 2 * HVNET_SELFTEST_SLEEP_US);
		received = hvnet_ring_cons(&loop->rx);
		if (received == HVNET_LOOP_FRAMES)
			return hvnet_loop_complete(loop) ? 0 : -EIO;
	} while (time_before(jiffies, end));
	return -ETIMEDOUT;
}

static int hvnet_loop_switch(struct hvnet_dev *dev, bool on)
{
	struct hvnet_admin_loopback arg = { .on = cpu_to_le16(on) };

	return hvnet_admin(dev, HVNET_ADMIN_LOOPBACK, &arg, sizeof(arg), NULL, 0);
}

/* DMA has ended on return, if need be by a reset. */
static void hvnet_loop_stop(struct hvnet_loop *loop)
{
	int err = hvnet_ring_disable(&loop->tx) ?: hvnet_ring_disable(&loop->rx);

	err = err ?: hvnet_loop_switch(loop->dev, false);
	if (err)
		hvnet_dev_flr(loop->dev);
}

static int hvnet_loop_test(struct hvnet_loop *loop)
{
	struct hvnet_dev *dev = loop->dev;
	int err;

	hvnet_loop_fill(loop);
	err = hvnet_loop_switch(dev, true);
	if (err) {
		/* It may still be carried out. */
		hvnet_dev_flr(dev);
		return err;
	}
	err = hvnet_ring_enable(&loop->rx, 1) ?: hvnet_ring_enable(&loop->tx, 1);
	err = err ?: hvnet_loop_run(loop);
	hvnet_loop_stop(loop);
	return err;
}

/* The queues are off. */
static int hvnet_selftest_loopback(struct hvnet_dev *dev)
{
	struct hvnet_loop *loop;
	int err;

	if (!(dev->feats & HVNET_FEAT_SELFTEST))
		return -EOPNOTSUPP;
	loop = kzalloc(sizeof(*loop), GFP_KERNEL);
	if (!loop)
		return -ENOMEM;
	err = hvnet_loop_alloc(loop, dev);
	err = err ?: hvnet_loop_test(loop);
	hvnet_loop_free(loop);
	kfree(loop);
	return err;
}

static int hvnet_selftest_offline(struct hvnet_dev *dev)
{
	bool running = dev->running;
	int err, start;

	hvnet_datapath_stop(dev);
	err = hvnet_dev_restore(dev);
	/* Or a rule might take our frames away. */
	err = err ?: hvnet_steer_clear(dev);
	err = err ?: hvnet_selftest_loopback(dev);
	start = running ? hvnet_datapath_start(dev) : hvnet_dev_restore(dev);
	if (start)
		hvnet_datapath_check(dev);
	return err ?: start;
}

static void hvnet_selftest_note(struct ethtool_test *test, u64 *data, enum hvnet_selftest which,
				int err)
{
	data[which] = -err;
	if (err)
		test->flags |= ETH_TEST_FL_FAILED;
}

/**
 * hvnet_self_test() - of struct ethtool_ops
 * @netdev: the network device
 * @test: what is to be tested, and the verdict
 * @data: of each test 0 or an error number
 */
void hvnet_self_test(struct net_device *netdev, struct ethtool_test *test, u64 *data)
{
	struct hvnet_dev *dev = netdev_priv(netdev);

	memset(data, 0, HVNET_NUM_SELFTESTS * sizeof(*data));
	hvnet_selftest_note(test, data, HVNET_SELFTEST_REGISTERS, hvnet_selftest_registers(dev));
	hvnet_selftest_note(test, data, HVNET_SELFTEST_INTERRUPTS, hvnet_selftest_interrupts(dev));
	hvnet_selftest_note(test, data, HVNET_SELFTEST_LINK,
			    netif_carrier_ok(netdev) ? 0 : -ENOLINK);
	if (test->flags & ETH_TEST_FL_OFFLINE)
		hvnet_selftest_note(test, data, HVNET_SELFTEST_LOOPBACK,
				    hvnet_selftest_offline(dev));
}
