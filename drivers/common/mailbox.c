// SPDX-License-Identifier: GPL-2.0
/* A VF's side of the PF/VF backchannel; its functions are declared in hvnet/common.h. */
#include <linux/bitfield.h>
#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/export.h>

#include "device.h"
#include "event.h"

#define HVNET_MAILBOX_TIMEOUT_MS	1000
#define HVNET_MAILBOX_POLL_MS		100
#define HVNET_MAILBOX_RETRIES		5
#define HVNET_MAILBOX_RETRY_MS		50

struct hvnet_mailbox_buf {
	struct hvnet_msg hdr;
	u8 payload[HVNET_MSG_PAYLOAD] __aligned(4);
};

static_assert(sizeof(struct hvnet_mailbox_buf) == HVNET_MAILBOX_SIZE);

/*
 * A response to an earlier request, which we gave up, comes late: until then the adapter did not
 * look at the present one.
 */
static bool hvnet_mailbox_answered(struct hvnet_dev *dev, u32 *rsp)
{
	u32 old = *rsp;

	*rsp = hvnet_read(dev, HVNET_REG_MAILBOX_RSP);
	if (PCI_POSSIBLE_ERROR(*rsp))
		return false;
	if (FIELD_GET(HVNET_MAILBOX_SEQ, *rsp) == dev->mailbox_seq)
		return true;
	if (*rsp != old)
		hvnet_doorbell(dev, HVNET_DB_MAILBOX);
	return false;
}

/* Vector 0 wakes us; should the vector be late or lost, we look ourselves. */
static int hvnet_mailbox_wait(struct hvnet_dev *dev, u32 *rsp)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(HVNET_MAILBOX_TIMEOUT_MS);
	bool expired;

	do {
		expired = time_after(jiffies, deadline);
		if (wait_event_timeout(dev->event_wait, hvnet_mailbox_answered(dev, rsp),
				       msecs_to_jiffies(HVNET_MAILBOX_POLL_MS)))
			return 0;
		if (test_bit(HVNET_DEV_RESETTING, &dev->flags))
			return -ENETDOWN;
		if (hvnet_dev_gone(dev))
			return -ENODEV;
		/* What a reset swallowed is not answered. */
		if (hvnet_dev_was_reset(dev)) {
			hvnet_events_resync(dev);
			return -ENETDOWN;
		}
	} while (!expired);

	return -ETIMEDOUT;
}

/*
 * Writes the request and rings.  One that was given up and is asked again keeps its number: among
 * many VFs the answer may just take longer than we wait, and may be there by now.
 */
static void hvnet_mailbox_send(struct hvnet_dev *dev, const struct hvnet_mailbox_buf *buf,
			       size_t len, u32 rsp)
{
	bool again = len == dev->mailbox_given_up && !memcmp(buf, dev->mailbox_request, len);

	if (again && FIELD_GET(HVNET_MAILBOX_SEQ, rsp) == dev->mailbox_seq)
		return;
	if (!again && !++dev->mailbox_seq)
		dev->mailbox_seq = 1;
	memcpy(dev->mailbox_request, buf, len);
	hvnet_write_words(dev, HVNET_MAILBOX_REQ, buf, round_up(len, 4));
	hvnet_write(dev, HVNET_REG_MAILBOX_REQ, FIELD_PREP(HVNET_MAILBOX_SEQ, dev->mailbox_seq) |
						FIELD_PREP(HVNET_MAILBOX_LEN, len));
	hvnet_doorbell(dev, HVNET_DB_MAILBOX);
}

/* Sends @buf and replaces it by the response; returns bytes of payload. */
static int hvnet_mailbox_exchange(struct hvnet_dev *dev, struct hvnet_mailbox_buf *buf)
{
	size_t len = sizeof(buf->hdr) + le16_to_cpu(buf->hdr.len);
	__le16 op = buf->hdr.op;
	u32 rsp;
	int err;

	guard(mutex)(&dev->mailbox_lock);
	if (test_bit(HVNET_DEV_RESETTING, &dev->flags))
		return -ENETDOWN;
	if (hvnet_dev_gone(dev))
		return -ENODEV;

	rsp = hvnet_read(dev, HVNET_REG_MAILBOX_RSP);
	hvnet_mailbox_send(dev, buf, len, rsp);
	err = hvnet_mailbox_wait(dev, &rsp);
	dev->mailbox_given_up = err == -ETIMEDOUT ? len : 0;
	if (err)
		return err;

	len = FIELD_GET(HVNET_MAILBOX_LEN, rsp);
	if (len < sizeof(buf->hdr) || len > sizeof(*buf))
		return -EPROTO;
	hvnet_read_words(dev, HVNET_MAILBOX_RSP, buf, round_up(len, 4));
	if (buf->hdr.op != op || le16_to_cpu(buf->hdr.len) > len - sizeof(buf->hdr))
		return -EPROTO;
	return hvnet_code_to_errno(le16_to_cpu(buf->hdr.code)) ?: le16_to_cpu(buf->hdr.len);
}

/* The PF put us off as often as we tried, or did not.  With many VFs, some say it for all. */
static void hvnet_mailbox_report(struct hvnet_dev *dev, bool slowed)
{
	if (slowed && !READ_ONCE(dev->mailbox_slowed) && net_ratelimit())
		dev_warn(&dev->pdev->dev, "the PF has no time for our requests: they come later\n");
	WRITE_ONCE(dev->mailbox_slowed, slowed);
}

/*
 * The response may be longer than the caller knows, with a newer PF; not shorter.  When the PF
 * finds that we ask too often, we ask later.  Callers may hold rtnl: while the PF answers, this
 * takes a fraction of a second, and no more than two when it does not.
 */
static int hvnet_mailbox_request(struct hvnet_dev *dev, enum hvnet_msg_op op, u16 block,
				 const void *arg, size_t arg_len, void *result, size_t result_len)
{
	struct hvnet_mailbox_buf buf;
	unsigned int i;
	int len;

	if (arg_len > sizeof(buf.payload))
		return -EMSGSIZE;

	for (i = 0; i < HVNET_MAILBOX_RETRIES; i++) {
		if (i)
			msleep(HVNET_MAILBOX_RETRY_MS);
		memset(&buf, 0, sizeof(buf));
		buf.hdr.op = cpu_to_le16(op);
		buf.hdr.block = cpu_to_le16(block);
		buf.hdr.len = cpu_to_le16(arg_len);
		memcpy(buf.payload, arg, arg_len);
		len = hvnet_mailbox_exchange(dev, &buf);
		if (len != -EAGAIN)
			break;
	}
	if (len >= 0 || len == -EAGAIN)
		hvnet_mailbox_report(dev, len == -EAGAIN);
	if (len < 0)
		return len;
	if (len < result_len)
		return -EPROTO;
	memcpy(result, buf.payload, result_len);
	return 0;
}

/**
 * hvnet_mailbox_negotiate() - agree with the PF on a version; the first request after a reset
 * @dev: the VF
 *
 * Return: the version, or a negative error code
 */
int hvnet_mailbox_negotiate(struct hvnet_dev *dev)
{
	struct hvnet_msg_version ours = {
		.min = cpu_to_le16(HVNET_MAILBOX_VERSION_MIN),
		.max = cpu_to_le16(HVNET_MAILBOX_VERSION_MAX),
	};
	struct hvnet_msg_version theirs;
	u16 version;
	int err;

	err = hvnet_mailbox_request(dev, HVNET_MSG_VERSION, 0, &ours, sizeof(ours), &theirs,
				    sizeof(theirs));
	if (err)
		return err;

	version = le16_to_cpu(theirs.max);
	if (version < HVNET_MAILBOX_VERSION_MIN || version > HVNET_MAILBOX_VERSION_MAX)
		return -EPROTONOSUPPORT;
	return version;
}
EXPORT_SYMBOL_NS_GPL(hvnet_mailbox_negotiate, HVNET);

/**
 * hvnet_mailbox_read_block() - read a configuration block
 * @dev: the VF
 * @block: the block
 * @buf: where it goes
 * @len: bytes of it that the caller knows
 *
 * Return: 0 or a negative error code
 */
int hvnet_mailbox_read_block(struct hvnet_dev *dev, enum hvnet_block block, void *buf, size_t len)
{
	return hvnet_mailbox_request(dev, HVNET_MSG_BLOCK_READ, block, NULL, 0, buf, len);
}
EXPORT_SYMBOL_NS_GPL(hvnet_mailbox_read_block, HVNET);

/**
 * hvnet_mailbox_write_block() - write a configuration block
 * @dev: the VF
 * @block: the block
 * @buf: its content
 * @len: bytes of it
 *
 * Return: 0 or a negative error code: -EPERM, -EADDRINUSE, ... are the PF's word
 */
int hvnet_mailbox_write_block(struct hvnet_dev *dev, enum hvnet_block block, const void *buf,
			      size_t len)
{
	return hvnet_mailbox_request(dev, HVNET_MSG_BLOCK_WRITE, block, buf, len, NULL, 0);
}
EXPORT_SYMBOL_NS_GPL(hvnet_mailbox_write_block, HVNET);

/**
 * hvnet_mailbox_read_invalid() - which blocks has the PF changed since we last asked?
 * @dev: the VF
 * @mask: filled in: bit n stands for block n
 *
 * Return: 0 or a negative error code; -EBUSY says that the PF wants to negotiate first
 */
int hvnet_mailbox_read_invalid(struct hvnet_dev *dev, u64 *mask)
{
	struct hvnet_msg_invalid invalid;
	int err;

	err = hvnet_mailbox_request(dev, HVNET_MSG_BLOCKS_INVALID, 0, NULL, 0, &invalid,
				    sizeof(invalid));
	if (!err)
		*mask = le64_to_cpu(invalid.mask);
	return err;
}
EXPORT_SYMBOL_NS_GPL(hvnet_mailbox_read_invalid, HVNET);
