// SPDX-License-Identifier: GPL-2.0
/*
 * Mailboxes.
 *
 * A VF has one request under way at the most.  What it writes while that waits in line takes its
 * place; once the PF has fetched it, nothing is looked at until the response has come.  So a VF
 * that floods its mailbox waits for itself, and one that gives up too early and asks again does not
 * go to the end of the line, where a thousand VFs would never see an answer in time.
 */
#include <linux/bitfield.h>
#include <linux/cleanup.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <hvnet/abi/mailbox.h>

#include "adapter.h"
#include "function.h"
#include "mailbox.h"
#include "registers.h"

/**
 * hvnet_mailbox_init_fn() - prepare the mailbox of a function
 * @fn: the function
 */
void hvnet_mailbox_init_fn(struct hvnet_fn *fn)
{
	INIT_LIST_HEAD(&fn->mailbox.node);
}

/**
 * hvnet_mailbox_destroy_fn() - free the mailbox of a function
 * @fn: function whose work has ended
 */
void hvnet_mailbox_destroy_fn(struct hvnet_fn *fn)
{
	kfree(fn->mailbox.msg);
}

static struct hvnet_fn *pf_of(struct hvnet_adapter *adapter)
{
	return &adapter->fn[HVNET_VPORT_PF];
}

/* Called with mailbox_lock held. */
static void wait_in_line(struct hvnet_fn *fn)
{
	if (list_empty(&fn->mailbox.node))
		list_add_tail(&fn->mailbox.node, &fn->adapter->mailbox_waiting);
}

/* The PF was reset and knows nothing of what the VFs had asked it. */
static void drop_all(struct hvnet_adapter *adapter)
{
	unsigned int i;

	spin_lock(&adapter->mailbox_lock);
	for (i = 0; i < adapter->total_vfs; i++) {
		struct hvnet_fn *vf = &adapter->fn[HVNET_VPORT_VF(i)];

		list_del_init(&vf->mailbox.node);
		vf->mailbox.busy = false;
		vf->mailbox.answered = false;
		vf->mailbox.reset = false;
	}
	spin_unlock(&adapter->mailbox_lock);
}

/**
 * hvnet_mailbox_reset_fn() - forget a function's request, tell the PF
 * @fn: function in reset
 *
 * Context: the function's work.
 */
void hvnet_mailbox_reset_fn(struct hvnet_fn *fn)
{
	if (hvnet_fn_is_pf(fn)) {
		drop_all(fn->adapter);
		return;
	}
	spin_lock(&fn->adapter->mailbox_lock);
	fn->mailbox.busy = false;
	fn->mailbox.answered = false;
	fn->mailbox.reset = true;
	wait_in_line(fn);
	spin_unlock(&fn->adapter->mailbox_lock);
	hvnet_registers_event(pf_of(fn->adapter), HVNET_REG_EVENT_MAILBOX);
}

static void respond(struct hvnet_fn *fn, u16 seq, u16 len)
{
	/* The response before the register that announces it. */
	smp_wmb();
	hvnet_reg_write(fn, HVNET_REG_MAILBOX_RSP,
			FIELD_PREP(HVNET_MAILBOX_SEQ, seq) | FIELD_PREP(HVNET_MAILBOX_LEN, len));
}

/* A request that the PF need not see; the response repeats the operation, whatever it is. */
static void refuse(struct hvnet_fn *fn, u16 seq, enum hvnet_code code)
{
	const struct hvnet_msg *req = fn->bar + HVNET_MAILBOX_REQ;
	struct hvnet_msg msg = { .op = READ_ONCE(req->op), .code = cpu_to_le16(code) };

	memcpy(fn->bar + HVNET_MAILBOX_RSP, &msg, sizeof(msg));
	respond(fn, seq, sizeof(msg));
	hvnet_registers_event(fn, HVNET_REG_EVENT_REPLY);
}

enum taken {
	MAILBOX_NEW,		/* the PF is to be told */
	MAILBOX_KNOWN,		/* it has been, or has the last one in hand */
	MAILBOX_ANSWERED,	/* the response is there */
};

/*
 * A number stands for one request: one that is rung for again when it has just been answered is not
 * carried out twice.  Caller: mailbox_lock.
 */
static enum taken take_locked(struct hvnet_fn *fn, u16 seq, u16 len)
{
	struct hvnet_fn_mailbox *mailbox = &fn->mailbox;
	bool waits = mailbox->busy;

	if (waits && mailbox->fetched)
		return MAILBOX_KNOWN;
	if (!waits && mailbox->answered && mailbox->seq == seq)
		return MAILBOX_ANSWERED;

	memcpy(mailbox->msg, fn->bar + HVNET_MAILBOX_REQ, len);
	mailbox->busy = true;
	mailbox->fetched = false;
	mailbox->answered = false;
	mailbox->seq = seq;
	mailbox->len = len;
	wait_in_line(fn);
	return waits ? MAILBOX_KNOWN : MAILBOX_NEW;
}

static enum taken take(struct hvnet_fn *fn, u16 seq, u16 len)
{
	enum taken taken;

	spin_lock(&fn->adapter->mailbox_lock);
	taken = take_locked(fn, seq, len);
	spin_unlock(&fn->adapter->mailbox_lock);
	return taken;
}

/**
 * hvnet_mailbox_request() - take a VF's request
 * @fn: function whose driver rang HVNET_DB_MAILBOX
 *
 * Context: the function's work.
 */
void hvnet_mailbox_request(struct hvnet_fn *fn)
{
	u32 req = hvnet_reg_read(fn, HVNET_REG_MAILBOX_REQ);
	u16 seq = FIELD_GET(HVNET_MAILBOX_SEQ, req);
	u16 len = FIELD_GET(HVNET_MAILBOX_LEN, req);
	struct hvnet_fn_mailbox *mailbox = &fn->mailbox;

	if (hvnet_fn_is_pf(fn))
		return;
	if (len < sizeof(struct hvnet_msg) || len > HVNET_MAILBOX_SIZE) {
		refuse(fn, seq, HVNET_E_LENGTH);
		return;
	}
	if (!mailbox->msg)
		mailbox->msg = kzalloc(HVNET_MAILBOX_SIZE, GFP_KERNEL);
	if (!mailbox->msg) {
		refuse(fn, seq, HVNET_E_SPACE);
		return;
	}

	switch (take(fn, seq, len)) {
	case MAILBOX_NEW:
		hvnet_registers_event(pf_of(fn->adapter), HVNET_REG_EVENT_MAILBOX);
		break;
	case MAILBOX_ANSWERED:
		hvnet_registers_event(fn, HVNET_REG_EVENT_REPLY);
		break;
	case MAILBOX_KNOWN:
		break;
	}
}

static void fill(struct hvnet_fn *fn, struct hvnet_admin_mailbox *to)
{
	struct hvnet_fn_mailbox *mailbox = &fn->mailbox;

	to->vf = cpu_to_le16(fn->vport - HVNET_VPORT_VF(0));
	/* First that it was reset, then what it has asked since. */
	if (mailbox->reset) {
		mailbox->reset = false;
		to->flags = cpu_to_le16(HVNET_MAILBOX_F_RESET);
		return;
	}
	mailbox->fetched = true;
	to->seq = cpu_to_le16(mailbox->seq);
	to->len = cpu_to_le16(mailbox->len);
	memcpy(to->msg, mailbox->msg, mailbox->len);
}

/**
 * hvnet_mailbox_fetch() - hand the next request to the PF
 * @adapter: the adapter
 * @to: zeroed
 *
 * Context: the PF's work.
 *
 * Return: HVNET_OK, or HVNET_E_ABSENT if none waits.
 */
enum hvnet_code hvnet_mailbox_fetch(struct hvnet_adapter *adapter, struct hvnet_admin_mailbox *to)
{
	enum hvnet_code code = HVNET_E_ABSENT;
	struct hvnet_fn *fn;

	spin_lock(&adapter->mailbox_lock);
	fn = list_first_entry_or_null(&adapter->mailbox_waiting, struct hvnet_fn, mailbox.node);
	if (fn) {
		list_del_init(&fn->mailbox.node);
		fill(fn, to);
		if (fn->mailbox.busy && !fn->mailbox.fetched)
			wait_in_line(fn);
		code = HVNET_OK;
	}
	spin_unlock(&adapter->mailbox_lock);
	return code;
}

static struct hvnet_fn *find_vf(struct hvnet_adapter *adapter, u16 vf)
{
	return vf < adapter->total_vfs ? &adapter->fn[HVNET_VPORT_VF(vf)] : NULL;
}

/**
 * hvnet_mailbox_reply() - hand the PF's response to a VF
 * @adapter: the adapter
 * @from: copy of what the PF driver wrote
 *
 * Context: the PF's work.
 *
 * Return: HVNET_OK, or HVNET_E_ABSENT if the VF does not wait for this response any more.
 */
enum hvnet_code hvnet_mailbox_reply(struct hvnet_adapter *adapter,
				    const struct hvnet_admin_mailbox *from)
{
	struct hvnet_fn *fn = find_vf(adapter, le16_to_cpu(from->vf));
	u16 seq = le16_to_cpu(from->seq);
	u16 len = le16_to_cpu(from->len);

	if (!fn)
		return HVNET_E_RANGE;
	if (len < sizeof(struct hvnet_msg) || len > HVNET_MAILBOX_SIZE)
		return HVNET_E_LENGTH;

	spin_lock(&adapter->mailbox_lock);
	if (!fn->mailbox.busy || !fn->mailbox.fetched || fn->mailbox.seq != seq) {
		spin_unlock(&adapter->mailbox_lock);
		return HVNET_E_ABSENT;
	}
	fn->mailbox.busy = false;
	fn->mailbox.answered = true;
	memcpy(fn->bar + HVNET_MAILBOX_RSP, from->msg, len);
	respond(fn, seq, len);
	spin_unlock(&adapter->mailbox_lock);
	hvnet_registers_event(fn, HVNET_REG_EVENT_REPLY);
	return HVNET_OK;
}

/**
 * hvnet_mailbox_ring() - tell VFs that the PF has news for them
 * @adapter: the adapter
 * @vf: number of a VF, or HVNET_MAILBOX_ALL_VFS
 *
 * Context: the PF's work.
 *
 * Return: HVNET_OK or HVNET_E_RANGE.
 */
enum hvnet_code hvnet_mailbox_ring(struct hvnet_adapter *adapter, u16 vf)
{
	struct hvnet_fn *fn = find_vf(adapter, vf);
	unsigned int i;

	if (fn) {
		hvnet_registers_event(fn, HVNET_REG_EVENT_MAILBOX);
		return HVNET_OK;
	}
	if (vf != HVNET_MAILBOX_ALL_VFS)
		return HVNET_E_RANGE;
	for (i = 0; i < READ_ONCE(adapter->num_vfs); i++)
		hvnet_registers_event(&adapter->fn[HVNET_VPORT_VF(i)], HVNET_REG_EVENT_MAILBOX);
	return HVNET_OK;
}
