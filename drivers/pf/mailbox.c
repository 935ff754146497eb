// SPDX-License-Identifier: GPL-2.0
/*
 * Requests come from guests: each length, operation, block and value is checked, what a VF may ask
 * for is bounded in size and rate, and a request that makes no sense is answered with an error and
 * counted.
 */
#include <linux/cleanup.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "mailbox.h"
#include "pf.h"

/* Requests served before other work gets its turn. */
#define HVNET_MAILBOX_BUDGET		64

/**
 * struct hvnet_mailbox_ctx - a request and its response
 * @pf: the PF
 * @vf: the VF that asks
 * @arg: payload of the request
 * @arg_len: bytes of it
 * @result: payload of the response
 * @result_len: bytes of it
 */
struct hvnet_mailbox_ctx {
	struct hvnet_pf *pf;
	struct hvnet_vf *vf;
	const u8 *arg;
	size_t arg_len;
	u8 *result;
	size_t result_len;
};

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
	struct hvnet_msg_invalid invalid = { .mask = cpu_to_le64(ctx->vf->invalid) };

	if (ctx->arg_len)
		return HVNET_E_LENGTH;

	ctx->vf->invalid = 0;
	hvnet_mailbox_result(ctx, &invalid, sizeof(invalid));
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_read_mac(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_block_mac block = {};

	ether_addr_copy(block.mac, ctx->vf->mac);
	if (ctx->vf->assigned)
		block.flags = cpu_to_le16(HVNET_BLOCK_MAC_ASSIGNED);
	hvnet_mailbox_result(ctx, &block, sizeof(block));
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_read_link(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_dev *dev = &ctx->pf->dev;
	struct hvnet_block_link block = {};

	if (netif_carrier_ok(dev->netdev))
		block.flags = cpu_to_le32(HVNET_LINK_UP);
	block.speed = cpu_to_le32(READ_ONCE(dev->link_speed));
	hvnet_mailbox_result(ctx, &block, sizeof(block));
	return HVNET_OK;
}

static enum hvnet_code hvnet_mailbox_read(struct hvnet_mailbox_ctx *ctx, u16 block)
{
	if (ctx->arg_len)
		return HVNET_E_LENGTH;

	switch (block) {
	case HVNET_BLOCK_MAC:
		return hvnet_mailbox_read_mac(ctx);
	case HVNET_BLOCK_LINK:
		return hvnet_mailbox_read_link(ctx);
	case HVNET_BLOCK_FILTERS:
		return HVNET_E_PERM;
	default:
		return HVNET_E_ABSENT;
	}
}

static enum hvnet_code hvnet_mailbox_write_mac(struct hvnet_mailbox_ctx *ctx)
{
	struct hvnet_block_mac block;

	if (ctx->arg_len != sizeof(block))
		return HVNET_E_LENGTH;
	memcpy(&block, ctx->arg, sizeof(block));
	if (block.flags || !is_valid_ether_addr(block.mac))
		return HVNET_E_RANGE;

	if (ether_addr_equal(block.mac, ctx->vf->mac))
		return HVNET_OK;
	if (ctx->vf->assigned)
		return HVNET_E_PERM;
	return hvnet_errno_to_code(hvnet_vf_set_mac(ctx->pf, ctx->vf, block.mac));
}

static enum hvnet_code hvnet_mailbox_write_filters(struct hvnet_mailbox_ctx *ctx)
{
	const struct hvnet_block_filters *block = NULL;
	size_t fixed = sizeof(*block);
	struct hvnet_addrs *addrs;
	u16 flags, count, i;
	__le16 head[2];
	int err;

	if (ctx->arg_len < fixed)
		return HVNET_E_LENGTH;
	memcpy(head, ctx->arg, sizeof(head));
	flags = le16_to_cpu(head[0]);
	count = le16_to_cpu(head[1]);
	if (count > HVNET_BLOCK_FILTERS_MAX || ctx->arg_len != fixed + count * ETH_ALEN)
		return HVNET_E_LENGTH;
	if (flags & HVNET_VPORT_PROMISC)
		return HVNET_E_PERM;
	if (flags & ~HVNET_VPORT_ALLMULTI)
		return HVNET_E_RANGE;

	addrs = hvnet_addrs_alloc(count);
	if (!addrs)
		return HVNET_E_SPACE;
	for (i = 0; i < count; i++) {
		const u8 *mac = ctx->arg + fixed + i * ETH_ALEN;

		if (is_zero_ether_addr(mac)) {
			kvfree(addrs);
			return HVNET_E_RANGE;
		}
		/* A VF whose address the host chose receives for that one alone. */
		if (ctx->vf->assigned && !is_multicast_ether_addr(mac)) {
			kvfree(addrs);
			return HVNET_E_PERM;
		}
		hvnet_addrs_add(addrs, mac);
	}

	err = hvnet_vf_set_extra(ctx->pf, ctx->vf, addrs, flags);
	if (err)
		kvfree(addrs);
	return hvnet_errno_to_code(err);
}

static enum hvnet_code hvnet_mailbox_write(struct hvnet_mailbox_ctx *ctx, u16 block)
{
	switch (block) {
	case HVNET_BLOCK_MAC:
		return hvnet_mailbox_write_mac(ctx);
	case HVNET_BLOCK_FILTERS:
		return hvnet_mailbox_write_filters(ctx);
	case HVNET_BLOCK_LINK:
		return HVNET_E_PERM;
	default:
		return HVNET_E_ABSENT;
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
	if (len < sizeof(*hdr) || len > HVNET_MAILBOX_SIZE ||
	    le16_to_cpu(hdr->len) != len - sizeof(*hdr))
		return HVNET_E_LENGTH;
	if (!hvnet_vf_take_token(ctx->vf))
		return HVNET_E_RATE;

	ctx->arg_len = len - sizeof(*hdr);
	return hvnet_mailbox_dispatch(ctx, le16_to_cpu(hdr->op), le16_to_cpu(hdr->block));
}

static void hvnet_mailbox_count(struct hvnet_pf *pf, enum hvnet_code code)
{
	pf->stats.requests++;
	if (code == HVNET_OK)
		return;
	pf->stats.refused++;
	if (code == HVNET_E_RATE)
		pf->stats.rate_limited++;
	if (code == HVNET_E_LENGTH || code == HVNET_E_RANGE || code == HVNET_E_OPCODE)
		pf->stats.malformed++;
}

static void hvnet_mailbox_respond(struct hvnet_pf *pf, struct hvnet_vf *vf)
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
	int err;

	memset(reply, 0, sizeof(*reply));
	memcpy(&hdr, request->msg, sizeof(hdr));
	code = hvnet_mailbox_handle(&ctx, &hdr, le16_to_cpu(request->len));
	hvnet_mailbox_count(pf, code);

	hdr.code = cpu_to_le16(code);
	hdr.len = cpu_to_le16(ctx.result_len);
	memcpy(reply->msg, &hdr, sizeof(hdr));
	reply->vf = request->vf;
	reply->seq = request->seq;
	reply->len = cpu_to_le16(sizeof(hdr) + ctx.result_len);

	/* The VF may have been reset or taken away meanwhile: nobody to answer then. */
	err = hvnet_admin(&pf->dev, HVNET_ADMIN_MAILBOX_REPLY, reply, sizeof(*reply), NULL, 0);
	if (err)
		netdev_dbg(pf->dev.netdev, "VF %u: no response: %pe\n",
			   le16_to_cpu(request->vf), ERR_PTR(err));
}

/* Returns false when no request waits. */
static bool hvnet_mailbox_serve_one(struct hvnet_pf *pf)
{
	struct hvnet_vf *vf = NULL;
	u16 index;
	int err;

	guard(mutex)(&pf->lock);
	err = hvnet_admin(&pf->dev, HVNET_ADMIN_MAILBOX_FETCH, NULL, 0, &pf->request,
			  sizeof(pf->request));
	if (err)
		return false;

	index = le16_to_cpu(pf->request.vf);
	if (index < pf->num_vfs)
		vf = &pf->vfs[index];

	if (pf->request.flags & cpu_to_le16(HVNET_MAILBOX_F_RESET)) {
		pf->stats.resets++;
		if (vf)
			hvnet_vf_forget(pf, vf);
	} else {
		hvnet_mailbox_respond(pf, vf);
	}
	return true;
}

static void hvnet_mailbox_work(struct work_struct *work)
{
	struct hvnet_pf *pf = container_of(work, struct hvnet_pf, mailbox_work);
	unsigned int i;

	for (i = 0; i < HVNET_MAILBOX_BUDGET; i++)
		if (!hvnet_mailbox_serve_one(pf))
			return;
	hvnet_mailbox_serve(pf);
}

/**
 * hvnet_mailbox_init() - prepare the mailbox server
 * @pf: the PF
 */
void hvnet_mailbox_init(struct hvnet_pf *pf)
{
	INIT_WORK(&pf->mailbox_work, hvnet_mailbox_work);
}

/**
 * hvnet_mailbox_serve() - serve the requests that wait
 * @pf: the PF
 */
void hvnet_mailbox_serve(struct hvnet_pf *pf)
{
	queue_work(pf->dev.wq, &pf->mailbox_work);
}

/**
 * hvnet_mailbox_exit() - end the mailbox server; events are off
 * @pf: the PF
 */
void hvnet_mailbox_exit(struct hvnet_pf *pf)
{
	cancel_work_sync(&pf->mailbox_work);
}
