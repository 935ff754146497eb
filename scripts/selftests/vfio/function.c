// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "function.h"
#include "report.h"

void arena_create(struct arena *arena, uint64_t iova, size_t size)
{
	void *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (base == MAP_FAILED)
		die("no memory: %m");
	*arena = (struct arena){ .base = base, .iova = iova, .size = size };
}

void arena_destroy(struct arena *arena)
{
	munmap(arena->base, arena->size);
}

void *arena_alloc(struct arena *arena, size_t size, size_t align)
{
	size_t start = (arena->used + align - 1) / align * align;

	if (start + size > arena->size)
		die("the arena is too small");
	arena->used = start + size;
	return arena->base + start;
}

bool function_ready(struct function *fn)
{
	return WAIT(device_read(&fn->dev, HVNET_REG_MAGIC) == HVNET_MAGIC &&
		    device_read(&fn->dev, HVNET_REG_STATUS) & HVNET_STATUS_READY, TIMEOUT_MS);
}

int function_reset(struct function *fn)
{
	int err = device_reset(&fn->dev);

	if (err)
		return err;
	return function_ready(fn) ? 0 : -ETIMEDOUT;
}

/* A sequence number other than the last one, also if the register holds what nobody knows. */
static uint16_t next_seq(uint16_t last, uint32_t reg)
{
	last++;
	return last == reg >> 16 ? last + 1 : last;
}

int function_admin(struct function *fn, uint16_t op, const void *arg, size_t arg_len, void *result,
		   size_t result_len)
{
	struct device *dev = &fn->dev;
	uint32_t status;

	fn->admin_seq = next_seq(fn->admin_seq, device_read(dev, HVNET_REG_ADMIN_STATUS));
	device_write_block(dev, HVNET_ADMIN_ARG, arg, arg_len);
	device_write(dev, HVNET_REG_ADMIN_CMD, (uint32_t)fn->admin_seq << 16 | op);
	device_doorbell(dev, HVNET_DB_ADMIN);
	if (!WAIT(device_read(dev, HVNET_REG_ADMIN_STATUS) >> 16 == fn->admin_seq, TIMEOUT_MS))
		return -ETIMEDOUT;
	status = device_read(dev, HVNET_REG_ADMIN_STATUS);
	device_read_block(dev, HVNET_ADMIN_RESULT, result, result_len);
	return status & HVNET_ADMIN_CODE;
}

int function_stats(struct function *fn, struct hvnet_admin_stats *stats)
{
	struct hvnet_admin_vport arg = { .vport = device_read(&fn->dev, HVNET_REG_VPORT) };

	return function_admin(fn, HVNET_ADMIN_STATS, &arg, sizeof(arg), stats, sizeof(*stats));
}

int function_mailbox_raw(struct function *fn, const void *msg, size_t len, void *response)
{
	struct device *dev = &fn->dev;
	size_t copied = len < HVNET_MAILBOX_SIZE ? len : HVNET_MAILBOX_SIZE;
	uint32_t rsp;

	fn->mailbox_seq = next_seq(fn->mailbox_seq, device_read(dev, HVNET_REG_MAILBOX_RSP));
	device_write_block(dev, HVNET_MAILBOX_REQ, msg, copied);
	device_write(dev, HVNET_REG_MAILBOX_REQ, (uint32_t)fn->mailbox_seq << 16 | (len & 0xffff));
	device_doorbell(dev, HVNET_DB_MAILBOX);
	if (!WAIT(device_read(dev, HVNET_REG_MAILBOX_RSP) >> 16 == fn->mailbox_seq, TIMEOUT_MS))
		return -ETIMEDOUT;
	rsp = device_read(dev, HVNET_REG_MAILBOX_RSP) & HVNET_MAILBOX_LEN;
	if (rsp > HVNET_MAILBOX_SIZE)
		return -EMSGSIZE;
	device_read_block(dev, HVNET_MAILBOX_RSP, response, rsp);
	return rsp;
}

int function_mailbox(struct function *fn, uint16_t op, uint16_t block, const void *payload,
		     size_t len, void *reply, size_t reply_len)
{
	struct hvnet_msg hdr = { .op = op, .block = block, .len = len };
	uint8_t msg[HVNET_MAILBOX_SIZE];
	unsigned int tries = 20;
	int ret;

	for (;;) {
		memcpy(msg, &hdr, sizeof(hdr));
		memcpy(msg + sizeof(hdr), payload, len);
		ret = function_mailbox_raw(fn, msg, sizeof(hdr) + len, msg);
		if (ret < (int)sizeof(hdr))
			return ret < 0 ? ret : -EPROTO;
		memcpy(&hdr, msg, sizeof(hdr));
		if (hdr.code != HVNET_E_RATE || !tries--)
			break;
		clock_sleep(50);
		hdr = (struct hvnet_msg){ .op = op, .block = block, .len = len };
	}
	if (hdr.code)
		return hdr.code;
	if (hdr.op != op || hdr.len != reply_len || (size_t)ret != sizeof(hdr) + reply_len)
		return -EPROTO;
	memcpy(reply, msg + sizeof(hdr), reply_len);
	return 0;
}

int function_negotiate(struct function *fn)
{
	struct hvnet_msg_version version = {
		.min = HVNET_MAILBOX_VERSION_MIN,
		.max = HVNET_MAILBOX_VERSION_MAX,
	};

	return function_mailbox(fn, HVNET_MSG_VERSION, 0, &version, sizeof(version), &version,
				sizeof(version));
}

void ring_create(struct ring *ring, struct arena *arena, uint16_t queue, unsigned int order,
		 uint16_t vector)
{
	void *desc = arena_alloc(arena, sizeof(struct hvnet_tx_desc) << order, PAGE);

	*ring = (struct ring){ .queue = queue, .vector = vector, .size = 1u << order };
	ring->ctl = arena_alloc(arena, sizeof(*ring->ctl), PAGE);
	if (HVNET_QUEUE_IS_RX(queue)) {
		ring->rx = desc;
		ring->cmpl = arena_alloc(arena, sizeof(*ring->cmpl) << order, PAGE);
		ring->ctx.cmpl_addr = arena_iova(arena, ring->cmpl);
	} else {
		ring->tx = desc;
	}
	ring->ctx.desc_addr = arena_iova(arena, desc);
	ring->ctx.ctl_addr = arena_iova(arena, ring->ctl);
	ring->ctx.order = order;
	ring->ctx.vector = vector;
}

void ring_clear(struct ring *ring)
{
	ring->prod = 0;
	ring->cons = 0;
	memset(ring->ctl, 0, sizeof(*ring->ctl));
}

int ring_enable(struct function *fn, struct ring *ring)
{
	struct hvnet_admin_queue arg = { .queue = ring->queue };

	device_write_block(&fn->dev, HVNET_QUEUE_CTX + ring->queue * HVNET_QUEUE_CTX_SIZE,
			   &ring->ctx,
			   offsetof(struct hvnet_queue_ctx, state));
	return function_admin(fn, HVNET_ADMIN_QUEUE_ENABLE, &arg, sizeof(arg), NULL, 0);
}

int ring_disable(struct function *fn, struct ring *ring)
{
	struct hvnet_admin_queue arg = { .queue = ring->queue };

	return function_admin(fn, HVNET_ADMIN_QUEUE_DISABLE, &arg, sizeof(arg), NULL, 0);
}

void ring_context(struct function *fn, uint16_t queue, struct hvnet_queue_ctx *ctx)
{
	device_read_block(&fn->dev, HVNET_QUEUE_CTX + queue * HVNET_QUEUE_CTX_SIZE, ctx,
			  sizeof(*ctx));
}

void ring_add_tx(struct ring *ring, uint64_t addr, uint16_t len, uint16_t flags)
{
	ring->tx[ring->prod++ & (ring->size - 1)] = (struct hvnet_tx_desc){
		.addr = addr,
		.len = len,
		.flags = flags,
	};
}

void ring_add_rx(struct ring *ring, uint64_t addr, uint32_t len)
{
	ring->rx[ring->prod++ & (ring->size - 1)] = (struct hvnet_rx_desc){
		.addr = addr,
		.len = len,
	};
}

void ring_publish(struct ring *ring)
{
	__atomic_store_n(&ring->ctl->prod, ring->prod, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

bool ring_publish_kick(struct function *fn, struct ring *ring)
{
	ring_publish(ring);
	if (!ring_kick(ring))
		return false;
	device_doorbell(&fn->dev, ring->queue);
	return true;
}
