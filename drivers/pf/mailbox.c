// SPDX-License-Identifier: GPL-2.0
/*
 * Requests come from guests: each length, operation, block and value is checked, what a VF may ask
 * for is bounded in size and rate, and a request that makes no sense is answered with an error and
 * counted.  A request that comes too early is refused after a while: until then the VF, which has
 * one at a time, cannot send another.
 *
 * A request that was fetched is in our hands until the adapter has taken the response, or the VF's
 * reset is carried out, however often that has to be tried.
 */
#include <linux/cleanup.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "block.h"
#include "mailbox.h"
#include "misuse.h"
#include "pf.h"

/* Requests served before other work gets its turn. */
#define HVNET_MAILBOX_BUDGET		64
#define HVNET_MAILBOX_RETRY		HZ
#define HVNET_MAILBOX_REFUSE		(HZ / 20)

/**
 * struct hvnet_mailbox_ctx - a request and its response
 * @pf: the PF
 * @vf: the VF that asks
 * @arg: payload of the request
 * @arg_len: bytes of it
 * @result: payload of the response
 * @result_len: bytes of it
 * @hasty: the VF asks for more than it may now
 */
struct hvnet_mailbox_ctx {
	struct hvnet_pf *pf;
	struct hvnet_vf *vf;
	const u8 *arg;
	size_t arg_len;
	u8 *result;
	size_t result_len;
	bool hasty;
};

static bool hvnet_mailbox_pay(struct hvnet_mailbox_ctx *ctx, unsigned int tokens)
{
	ctx->hasty = !hvnet_vf_take_tokens(ctx->vf, tokens);
	return !ctx->hasty;
}

static void hvnet_mailbox_result(struct hvnet_mailbox_ctx *ctx, const void *result, size_t len)
{
	memcpy(ctx->result, result, len);
	ctx->result_len = len;
}

static enum hvnet_code hvnet_mailbox_version(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_msg_version theirs, ours = {};
	u16 min, max;

	if (ctx->arg_len != sizeof(theirs))
		return HVNET_E_LENGTH;
	memcpy(&theirs, ctx->arg, sizeof(theirs));
	min = le16_to_cpu(theirs.min);
	max = le16_to_cpu(theirs.max);
	if (min > max)
		return HVNET_E_RANGE;

	max = min(max, HVNET_MAILBOX_VERSION_MAX);
	if (max < max(min, HVNET_MAILBOX_VERSION_MIN))
		return HVNET_E_VERSION;

	ctx->vf->version = max;
	ctx->vf->invalid = 0;
	ours.min = cpu_to_le16(HVNET_MAILBOX_VERSION_MIN);
	ours.max = cpu_to_le16(max);
	hvnet_mailbox_result(ctx, &ours, sizeof(ours));
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_invalid(struct hvnet_mailbox_ctx *ctx)
{
	u64 mask = ctx->vf->invalid & hvnet_blocks(ctx->pf, ctx->vf->version);
	struct hvnet_msg_invalid invalid = { .mask = cpu_to_le64(mask) };

	if (ctx->arg_len)
		return HVNET_E_LENGTH;

	ctx->vf->invalid = 0;
	hvnet_mailbox_result(ctx, &invalid, sizeof(invalid));
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_read_mac(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_block_mac block = {};

	hvnet_block_get_mac(ctx->vf, &block);
	hvnet_mailbox_result(ctx, &block, hvnet_block_mac_len(ctx->vf->version));
	return HVNET_OK;
}

static bool hvnet_mailbox_has_link(const struct hvnet_mailbox_ctx *ctx)
{
	switch (ctx->vf->policy.link_state) {
	case IFLA_VF_LINK_STATE_ENABLE:
		return true;
	case IFLA_VF_LINK_STATE_DISABLE:
		return false;
	default:
		return netif_carrier_ok(ctx->pf->dev.netdev);
	}
}

static enum hvnet_code hvnet_mailbox_read_link(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_dev *dev = &ctx->pf->dev;
	struct hvnet_block_link block = {};

	if (hvnet_mailbox_has_link(ctx))
		block.flags = cpu_to_le32(HVNET_LINK_UP);
	block.speed = cpu_to_le32(READ_ONCE(dev->link_speed));
	hvnet_mailbox_result(ctx, &block, sizeof(block));
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_read_caps(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_block_caps block = {};

	hvnet_block_get_caps(ctx->pf, ctx->vf, &block);
	hvnet_mailbox_result(ctx, &block, sizeof(block));
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_read_mtu(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_block_mtu block;

	hvnet_block_get_mtu(ctx->pf, &block);
	hvnet_mailbox_result(ctx, &block, sizeof(block));
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_read_rss(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_block_rss block;
	enum hvnet_code code;

	code = hvnet_block_get_rss(ctx->pf, ctx->vf, &block);
	if (!code)
		hvnet_mailbox_result(ctx, &block, sizeof(block));
	return code;
}

/* Is there such a block in the version that the VF speaks? */
static bool hvnet_mailbox_has_block(const struct hvnet_mailbox_ctx *ctx, u16 block)
{
	u64 blocks = hvnet_blocks(ctx->pf, ctx->vf->version);

	return block < BITS_PER_TYPE(blocks) && blocks & BIT_ULL(block);
}

static enum hvnet_code hvnet_mailbox_read(struct hvnet_mailbox_ctx *ctx, u16 block)
{
	if (ctx->arg_len)
		return HVNET_E_LENGTH;
	if (!hvnet_mailbox_has_block(ctx, block))
		return HVNET_E_ABSENT;

	switch (block) {
	case HVNET_BLOCK_MAC:
		return hvnet_mailbox_read_mac(ctx);
	case HVNET_BLOCK_LINK:
		return hvnet_mailbox_read_link(ctx);
	case HVNET_BLOCK_CAPS:
		return hvnet_mailbox_read_caps(ctx);
	case HVNET_BLOCK_MTU:
		return hvnet_mailbox_read_mtu(ctx);
	case HVNET_BLOCK_RSS:
		return hvnet_mailbox_read_rss(ctx);
	default:
		return HVNET_E_PERM;
	}
}

/* The adapter is not at hand now: the VF may ask again. */
static enum hvnet_code hvnet_mailbox_code(int err)
{
	if (err == -ETIMEDOUT || err == -ENETDOWN)
		return HVNET_E_RATE;
	return hvnet_errno_to_code(err);
}

static enum hvnet_code hvnet_mailbox_write_mac(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_block_mac block = {};

	if (ctx->arg_len != hvnet_block_mac_len(ctx->vf->version))
		return HVNET_E_LENGTH;
	memcpy(&block, ctx->arg, ctx->arg_len);
	if (block.flags || block.vlan_flags || block.rsvd || !is_valid_ether_addr(block.mac))
		return HVNET_E_RANGE;

	if (ether_addr_equal(block.mac, ctx->vf->mac))
		return HVNET_OK;
	if (!hvnet_vf_may_choose(ctx->vf))
		return HVNET_E_PERM;
	return hvnet_mailbox_code(hvnet_vf_set_mac(ctx->pf, ctx->vf, block.mac));
}

static enum hvnet_code hvnet_mailbox_check_filter(const struct hvnet_vf *vf, const u8 *mac)
{
	if (is_zero_ether_addr(mac))
		return HVNET_E_RANGE;
	/* What is for somebody else behind the wire would come here instead. */
	if (!vf->policy.trusted && !is_multicast_ether_addr(mac))
		return HVNET_E_PERM;
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_write_filters(struct hvnet_mailbox_ctx *ctx)
{
	const struct hvnet_block_filters *block = NULL;
	size_t fixed = sizeof(*block);
	struct hvnet_addrs *addrs;
	u16 flags, count, i, new = 0;
	enum hvnet_code code;
	__le16 head[2];
	int err;

	if (ctx->arg_len < fixed)
		return HVNET_E_LENGTH;
	memcpy(head, ctx->arg, sizeof(head));
	flags = le16_to_cpu(head[0]);
	count = le16_to_cpu(head[1]);
	if (count > HVNET_BLOCK_FILTERS_MAX || ctx->arg_len != fixed + count * ETH_ALEN)
		return HVNET_E_LENGTH;
	if (flags & ~(HVNET_VPORT_PROMISC | HVNET_VPORT_ALLMULTI))
		return HVNET_E_RANGE;
	if (flags & HVNET_VPORT_PROMISC && !ctx->vf->policy.trusted)
		return HVNET_E_PERM;

	addrs = hvnet_addrs_alloc(count);
	if (!addrs)
		return HVNET_E_SPACE;
	for (i = 0; i < count; i++) {
		const u8 *mac = ctx->arg + fixed + i * ETH_ALEN;

		code = hvnet_mailbox_check_filter(ctx->vf, mac);
		if (code)
			goto free;
		new += !hvnet_addrs_has(ctx->vf->extra, mac);
		hvnet_addrs_add(addrs, mac);
	}

	/* What is taken away was paid for when it was added. */
	code = HVNET_E_RATE;
	if (!hvnet_mailbox_pay(ctx, new))
		goto free;
	err = hvnet_vf_set_extra(ctx->pf, ctx->vf, addrs, flags);
	if (!err)
		return HVNET_OK;
	code = hvnet_mailbox_code(err);
free:
	kvfree(addrs);
	return code;
}

static enum hvnet_code hvnet_mailbox_write(struct hvnet_mailbox_ctx *ctx, u16 block)
{
	if (!hvnet_mailbox_has_block(ctx, block))
		return HVNET_E_ABSENT;

	switch (block) {
	case HVNET_BLOCK_MAC:
		return hvnet_mailbox_write_mac(ctx);
	case HVNET_BLOCK_FILTERS:
		return hvnet_mailbox_write_filters(ctx);
	default:
		return HVNET_E_PERM;
	}
}

static enum hvnet_code hvnet_mailbox_dispatch(struct hvnet_mailbox_ctx *ctx, u16 op, u16 block)
{
	if (op == HVNET_MSG_VERSION)
		return hvnet_mailbox_version(ctx);
	if (!ctx->vf->version)
		return HVNET_E_STATE;

	switch (op) {
	case HVNET_MSG_BLOCK_READ:
		return hvnet_mailbox_read(ctx, block);
	case HVNET_MSG_BLOCK_WRITE:
		return hvnet_mailbox_write(ctx, block);
	case HVNET_MSG_BLOCKS_INVALID:
		return hvnet_mailbox_invalid(ctx);
	default:
		return HVNET_E_OPCODE;
	}
}

/* The request in ctx->pf->request, whose header is @hdr; @len bytes came. */
static enum hvnet_code hvnet_mailbox_handle(struct hvnet_mailbox_ctx *ctx,
					    const struct hvnet_msg *hdr, size_t len)
{
	if (!ctx->vf)
		return HVNET_E_STATE;
	/* The VF must not get what is the PF's, should that not be back after a reset. */
	if (hvnet_dev_stale(&ctx->pf->dev) || !hvnet_mailbox_pay(ctx, 1))
		return HVNET_E_RATE;
	if (len < sizeof(*hdr) || len > HVNET_MAILBOX_SIZE ||
	    le16_to_cpu(hdr->len) != len - sizeof(*hdr))
		return HVNET_E_LENGTH;

	ctx->arg_len = len - sizeof(*hdr);
	return hvnet_mailbox_dispatch(ctx, le16_to_cpu(hdr->op), le16_to_cpu(hdr->block));
}

static bool hvnet_mailbox_is_malformed(enum hvnet_code code)
{
	return code == HVNET_E_LENGTH || code == HVNET_E_RANGE || code == HVNET_E_OPCODE;
}

static void hvnet_mailbox_count(const struct hvnet_mailbox_ctx *ctx, enum hvnet_code code)
{
	struct hvnet_pf *pf = ctx->pf;

	pf->stats.requests++;
	if (code == HVNET_OK)
		return;
	pf->stats.refused++;
	if (code == HVNET_E_RATE)
		pf->stats.rate_limited++;
	if (hvnet_mailbox_is_malformed(code))
		pf->stats.malformed++;
	if (hvnet_mailbox_is_malformed(code) || code == HVNET_E_VERSION || ctx->hasty)
		hvnet_misuse_note(pf, ctx->vf, code);
}

static void hvnet_mailbox_compose(struct hvnet_admin_mailbox *reply, struct hvnet_msg *hdr,
				  enum hvnet_code code, size_t result_len)
{
	hdr->code = cpu_to_le16(code);
	hdr->len = cpu_to_le16(result_len);
	memcpy(reply->msg, hdr, sizeof(*hdr));
	reply->len = cpu_to_le16(sizeof(*hdr) + result_len);
}

/* Carries out pf->request and fills in pf->reply. */
static enum hvnet_code hvnet_mailbox_answer(struct hvnet_pf *pf, struct hvnet_vf *vf)
{
	struct hvnet_admin_mailbox *request = &pf->request;
	struct hvnet_admin_mailbox *reply = &pf->reply;
	struct hvnet_mailbox_ctx ctx = {
		.pf = pf,
		.vf = vf,
		.arg = request->msg + sizeof(struct hvnet_msg),
		.result = reply->msg + sizeof(struct hvnet_msg),
	};
	enum hvnet_code code;
	struct hvnet_msg hdr;

	memset(reply, 0, sizeof(*reply));
	reply->vf = request->vf;
	reply->seq = request->seq;
	memcpy(&hdr, request->msg, sizeof(hdr));
	code = hvnet_mailbox_handle(&ctx, &hdr, le16_to_cpu(request->len));
	hvnet_mailbox_count(&ctx, code);
	hvnet_mailbox_compose(reply, &hdr, code, ctx.result_len);
	return code;
}

static void hvnet_mailbox_refuse(struct hvnet_pf *pf, struct hvnet_vf *vf)
{
	struct hvnet_msg hdr;

	memcpy(&hdr, pf->request.msg, sizeof(hdr));
	vf->refused = true;
	vf->refused_op = hdr.op;
	vf->refused_seq = pf->request.seq;
	queue_delayed_work(pf->dev.wq, &pf->refuse_work, HVNET_MAILBOX_REFUSE);
}

/* The VF may have been reset or taken away meanwhile: nobody to answer then. */
static int hvnet_mailbox_reply(struct hvnet_pf *pf, const struct hvnet_admin_mailbox *reply)
{
	int err;

	err = hvnet_admin(&pf->dev, HVNET_ADMIN_MAILBOX_REPLY, reply, sizeof(*reply), NULL, 0);
	if (err)
		netdev_dbg(pf->dev.netdev, "VF %u: no response: %pe\n", le16_to_cpu(reply->vf),
			   ERR_PTR(err));
	return err == -ETIMEDOUT || err == -ENETDOWN ? err : 0;
}

static struct hvnet_vf *hvnet_mailbox_vf(struct hvnet_pf *pf)
{
	u16 index = le16_to_cpu(pf->request.vf);

	return index < pf->num_vfs ? &pf->vfs[index] : NULL;
}

static bool hvnet_mailbox_is_reset(const struct hvnet_pf *pf)
{
	return pf->request.flags & cpu_to_le16(HVNET_MAILBOX_F_RESET);
}

static int hvnet_mailbox_fetch(struct hvnet_pf *pf)
{
	struct hvnet_vf *vf;
	int err;

	err = hvnet_admin(&pf->dev, HVNET_ADMIN_MAILBOX_FETCH, NULL, 0, &pf->request,
			  sizeof(pf->request));
	if (err)
		return err;

	pf->in_hand = true;
	vf = hvnet_mailbox_vf(pf);
	if (hvnet_mailbox_is_reset(pf)) {
		pf->stats.resets++;
	} else if (hvnet_mailbox_answer(pf, vf) == HVNET_E_RATE) {
		hvnet_mailbox_refuse(pf, vf);
		pf->in_hand = false;
	}
	return 0;
}

static int hvnet_mailbox_finish(struct hvnet_pf *pf)
{
	struct hvnet_vf *vf = hvnet_mailbox_vf(pf);
	int err = 0;

	if (!hvnet_mailbox_is_reset(pf))
		err = hvnet_mailbox_reply(pf, &pf->reply);
	else if (vf)
		err = hvnet_vf_forget(pf, vf);
	if (!err)
		pf->in_hand = false;
	return err;
}

/* Fails when no request waits, or when it has to be tried again. */
static int hvnet_mailbox_serve_one(struct hvnet_pf *pf)
{
	int err = 0;

	guard(mutex)(&pf->lock);
	if (hvnet_dev_stale(&pf->dev))
		return -ENETDOWN;
	if (!pf->in_hand)
		err = hvnet_mailbox_fetch(pf);
	if (!err && pf->in_hand)
		err = hvnet_mailbox_finish(pf);
	return err;
}

/* When the PF is back after a reset, it counts as if a request had come. */
static void hvnet_mailbox_work(struct work_struct *work)
{
	struct hvnet_pf *pf = container_of(to_delayed_work(work), struct hvnet_pf, mailbox_work);
	unsigned int i;
	int err = 0;

	for (i = 0; i < HVNET_MAILBOX_BUDGET && !err; i++)
		err = hvnet_mailbox_serve_one(pf);
	if (!err)
		hvnet_mailbox_serve(pf);
	else if (err != -ENOENT && err != -ENETDOWN && err != -ENODEV)
		queue_delayed_work(pf->dev.wq, &pf->mailbox_work, HVNET_MAILBOX_RETRY);
}

static int hvnet_mailbox_refuse_one(struct hvnet_pf *pf, unsigned int index)
{
	struct hvnet_vf *vf = &pf->vfs[index];
	struct hvnet_admin_mailbox reply = {
		.vf = cpu_to_le16(index),
		.seq = vf->refused_seq,
	};
	struct hvnet_msg hdr = { .op = vf->refused_op };
	int err;

	hvnet_mailbox_compose(&reply, &hdr, HVNET_E_RATE, 0);
	err = hvnet_mailbox_reply(pf, &reply);
	vf->refused = err == -ETIMEDOUT;
	return err;
}

static void hvnet_mailbox_refuse_work(struct work_struct *work)
{
	struct hvnet_pf *pf = container_of(to_delayed_work(work), struct hvnet_pf, refuse_work);
	unsigned int i;
	int err = 0;

	guard(mutex)(&pf->lock);
	for (i = 0; i < pf->num_vfs && !err; i++)
		if (pf->vfs[i].refused)
			err = hvnet_mailbox_refuse_one(pf, i);
	if (err)
		queue_delayed_work(pf->dev.wq, &pf->refuse_work, HVNET_MAILBOX_RETRY);
}

/**
 * hvnet_mailbox_init() - prepare the mailbox server
 * @pf: the PF
 */
void hvnet_mailbox_init(struct hvnet_pf *pf)
{
	INIT_DELAYED_WORK(&pf->mailbox_work, hvnet_mailbox_work);
	INIT_DELAYED_WORK(&pf->refuse_work, hvnet_mailbox_refuse_work);
}

/**
 * hvnet_mailbox_serve() - serve the requests that wait
 * @pf: the PF
 */
void hvnet_mailbox_serve(struct hvnet_pf *pf)
{
	mod_delayed_work(pf->dev.wq, &pf->mailbox_work, 0);
}

/**
 * hvnet_mailbox_exit() - end the mailbox server; events are off
 * @pf: the PF
 */
void hvnet_mailbox_exit(struct hvnet_pf *pf)
{
	cancel_delayed_work_sync(&pf->mailbox_work);
	cancel_delayed_work_sync(&pf->refuse_work);
}
