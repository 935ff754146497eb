// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/export.h>

#include "admin.h"
#include "device.h"
#include "event.h"

#define HVNET_ADMIN_TIMEOUT_MS		2000
#define HVNET_ADMIN_SILENT_TIMEOUT_MS	20
#define HVNET_ADMIN_SPIN_US		8
#define HVNET_ADMIN_MAX_SLEEP_US	1000

static const struct {
	enum hvnet_code code;
	int err;
} hvnet_codes[] = {
	{ HVNET_OK, 0 },
	{ HVNET_E_OPCODE, -EOPNOTSUPP },
	{ HVNET_E_LENGTH, -EMSGSIZE },
	{ HVNET_E_RANGE, -EINVAL },
	{ HVNET_E_STATE, -EBUSY },
	{ HVNET_E_EXISTS, -EADDRINUSE },
	{ HVNET_E_SPACE, -ENOSPC },
	{ HVNET_E_ABSENT, -ENOENT },
	{ HVNET_E_PERM, -EPERM },
	{ HVNET_E_VERSION, -EPROTONOSUPPORT },
	{ HVNET_E_RATE, -EAGAIN },
	{ HVNET_E_FAULT, -EFAULT },
};

/**
 * hvnet_code_to_errno() - what a result code means to Linux
 * @code: one of &enum hvnet_code, or anything
 *
 * Return: 0 or a negative error code, each for one result code alone; -EIO for an unknown one
 */
int hvnet_code_to_errno(unsigned int code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hvnet_codes); i++)
		if (hvnet_codes[i].code == code)
			return hvnet_codes[i].err;
	return -EIO;
}
EXPORT_SYMBOL_NS_GPL(hvnet_code_to_errno, HVNET);

/**
 * hvnet_errno_to_code() - what an error means to the other side of a mailbox
 * @err: 0 or a negative error code
 *
 * Return: a result code; HVNET_E_SPACE, memory being short, for those that have none
 */
enum hvnet_code hvnet_errno_to_code(int err)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hvnet_codes); i++)
		if (hvnet_codes[i].err == err)
			return hvnet_codes[i].code;
	return HVNET_E_SPACE;
}
EXPORT_SYMBOL_NS_GPL(hvnet_errno_to_code, HVNET);

/*
 * The adapter answers in microseconds unless its CPU is busy with something else: spin, then
 * sleep.
 */
static int hvnet_admin_wait(struct hvnet_dev *dev, u16 seq)
{
	unsigned int timeout_ms = dev->admin_silent ? HVNET_ADMIN_SILENT_TIMEOUT_MS :
						      HVNET_ADMIN_TIMEOUT_MS;
	unsigned long deadline = jiffies + msecs_to_jiffies(timeout_ms);
	unsigned int delay = 1;
	bool expired;
	u32 status;

	do {
		expired = time_after(jiffies, deadline);
		status = hvnet_read(dev, HVNET_REG_ADMIN_STATUS);
		if (status == ~0u && hvnet_dev_gone(dev))
			return -ENODEV;
		if (FIELD_GET(HVNET_ADMIN_SEQ, status) == seq) {
			dev->admin_silent = false;
			return hvnet_code_to_errno(FIELD_GET(HVNET_ADMIN_CODE, status));
		}
		if (delay > HVNET_ADMIN_SPIN_US) {
			if (hvnet_dev_gone(dev))
				return -ENODEV;
			/* What a reset swallowed is not answered. */
			if (hvnet_dev_was_reset(dev)) {
				hvnet_events_resync(dev);
				return -ENETDOWN;
			}
			usleep_range(delay, 2 * delay);
		} else {
			udelay(delay);
		}
		delay = min(2 * delay, HVNET_ADMIN_MAX_SLEEP_US);
	} while (!expired);

	return -ETIMEDOUT;
}

/*
 * A command that had timed out was carried out.  A request that it fetched is in nobody's hands but
 * ours, and the VF waits for the answer.
 */
static void hvnet_admin_keep(struct hvnet_dev *dev)
{
	if (dev->admin_op != HVNET_ADMIN_MAILBOX_FETCH)
		return;
	hvnet_read_words(dev, HVNET_ADMIN_RESULT, &dev->admin_request, sizeof(dev->admin_request));
	dev->admin_late = true;
}

/**
 * hvnet_admin_forget() - after a reset, no command is under way
 * @dev: the function
 */
void hvnet_admin_forget(struct hvnet_dev *dev)
{
	guard(mutex)(&dev->admin_lock);
	dev->admin_silent = false;
	dev->admin_late = false;
}

/**
 * hvnet_admin() - send an admin command and wait for its result
 * @dev: the function
 * @op: the command
 * @arg: its arguments
 * @arg_len: their bytes, a multiple of 4
 * @result: where its result goes, if it succeeds
 * @result_len: its bytes, a multiple of 4
 *
 * After -ETIMEDOUT it may or may not have been sent, and may still be carried out; a request that
 * MAILBOX_FETCH takes from the adapter too late is the result of the next one.
 *
 * Return: 0, the error of its result code, -ETIMEDOUT, -ENETDOWN during a reset, or -ENODEV
 */
int hvnet_admin(struct hvnet_dev *dev, enum hvnet_admin_op op, const void *arg, size_t arg_len,
		void *result, size_t result_len)
{
	int err;

	might_sleep();
	guard(mutex)(&dev->admin_lock);

	if (test_bit(HVNET_DEV_RESETTING, &dev->flags))
		return -ENETDOWN;
	if (!hvnet_dev_is_up(dev) || hvnet_dev_gone(dev))
		return -ENODEV;

	/* One that was not answered may still be carried out, with what is written now. */
	if (dev->admin_silent) {
		err = hvnet_admin_wait(dev, dev->admin_seq);
		if (err == -ETIMEDOUT || err == -ENODEV || err == -ENETDOWN)
			return err;
		if (!err)
			hvnet_admin_keep(dev);
	}
	if (dev->admin_late && op == HVNET_ADMIN_MAILBOX_FETCH) {
		dev->admin_late = false;
		memcpy(result, &dev->admin_request, result_len);
		return 0;
	}

	/* 0 is what a reset leaves behind: skipped, so that it is never taken for a repetition. */
	if (!++dev->admin_seq)
		dev->admin_seq = 1;
	dev->admin_op = op;
	hvnet_write_words(dev, HVNET_ADMIN_ARG, arg, arg_len);
	hvnet_write(dev, HVNET_REG_ADMIN_CMD, FIELD_PREP(HVNET_ADMIN_SEQ, dev->admin_seq) |
					      FIELD_PREP(HVNET_ADMIN_OPCODE, op));
	hvnet_doorbell(dev, HVNET_DB_ADMIN);

	err = hvnet_admin_wait(dev, dev->admin_seq);
	if (err == -ETIMEDOUT && !dev->admin_silent) {
		dev->admin_silent = true;
		dev_err(&dev->pdev->dev, "admin command %#x: no answer\n", op);
	}
	if (!err)
		hvnet_read_words(dev, HVNET_ADMIN_RESULT, result, result_len);
	return err;
}
EXPORT_SYMBOL_NS_GPL(hvnet_admin, HVNET);

/**
 * hvnet_admin_stats() - read the counters of a vport
 * @dev: the function
 * @vport: the vport; a VF may ask for its own only
 * @stats: filled in
 *
 * Return: 0 or a negative error code
 */
int hvnet_admin_stats(struct hvnet_dev *dev, u16 vport, struct hvnet_admin_stats *stats)
{
	struct hvnet_admin_vport arg = { .vport = cpu_to_le16(vport) };

	return hvnet_admin(dev, HVNET_ADMIN_STATS, &arg, sizeof(arg), stats, sizeof(*stats));
}
EXPORT_SYMBOL_NS_GPL(hvnet_admin_stats, HVNET);

/**
 * hvnet_admin_queue() - send a command that concerns a queue
 * @dev: the function
 * @op: HVNET_ADMIN_QUEUE_ENABLE or HVNET_ADMIN_QUEUE_DISABLE
 * @queue: number of the queue
 *
 * Return: 0 or a negative error code
 */
int hvnet_admin_queue(struct hvnet_dev *dev, enum hvnet_admin_op op, u16 queue)
{
	struct hvnet_admin_queue arg = { .queue = cpu_to_le16(queue) };

	return hvnet_admin(dev, op, &arg, sizeof(arg), NULL, 0);
}
