/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A function driven by hand, as <hvnet/abi/> says. The library takes the same steps as a good
 * driver; tests that want to do worse reach into the structures.
 */
#ifndef SELFTEST_FUNCTION_H
#define SELFTEST_FUNCTION_H

#include <hvnet/abi/admin.h>
#include <hvnet/abi/mailbox.h>
#include <hvnet/abi/queue.h>

#include "device.h"

#define PAGE		4096u
#define TIMEOUT_MS	5000

/**
 * struct arena - memory that a device may be given
 * @base: where the program sees it
 * @iova: where the device sees it
 * @size: bytes
 * @used: bytes given away by arena_alloc()
 */
struct arena {
	uint8_t *base;
	uint64_t iova;
	size_t size;
	size_t used;
};

void arena_create(struct arena *arena, uint64_t iova, size_t size);
void arena_destroy(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t size, size_t align);

static inline uint64_t arena_iova(const struct arena *arena, const void *ptr)
{
	return arena->iova + ((const uint8_t *)ptr - arena->base);
}

/**
 * struct ring - a ring in an arena
 * @queue: number of its queue
 * @vector: that it raises
 * @size: descriptors
 * @prod: index after the last descriptor filled
 * @cons: index after the last completion looked at
 * @ctl: control block
 * @tx: descriptors of a transmit ring
 * @rx: descriptors of a receive ring
 * @cmpl: completions of a receive ring
 * @ctx: context for BAR 0
 */
struct ring {
	uint16_t queue;
	uint16_t vector;
	uint32_t size;
	uint32_t prod;
	uint32_t cons;
	struct hvnet_ring_ctl *ctl;
	struct hvnet_tx_desc *tx;
	struct hvnet_rx_desc *rx;
	struct hvnet_rx_cmpl *cmpl;
	struct hvnet_queue_ctx ctx;
};

/**
 * struct function - a function and what is going on with it
 * @dev: the device
 * @admin_seq: sequence number of the last admin command
 * @mailbox_seq: of the last mailbox request
 */
struct function {
	struct device dev;
	uint16_t admin_seq;
	uint16_t mailbox_seq;
};

bool function_ready(struct function *fn);
int function_reset(struct function *fn);

/* Result code, or -ETIMEDOUT. */
int function_admin(struct function *fn, uint16_t op, const void *arg, size_t arg_len, void *result,
		   size_t result_len);
int function_stats(struct function *fn, struct hvnet_admin_stats *stats);

/*
 * A request of @len bytes, header included. Returns bytes in the response, or -ETIMEDOUT. The
 * second does what a driver does and returns the response's code; it tries again when the PF
 * asks it to be slower.
 */
int function_mailbox_raw(struct function *fn, const void *msg, size_t len, void *response);
int function_mailbox(struct function *fn, uint16_t op, uint16_t block, const void *payload,
		     size_t len, void *reply, size_t reply_len);
int function_negotiate(struct function *fn);

void ring_create(struct ring *ring, struct arena *arena, uint16_t queue, unsigned int order,
		 uint16_t vector);
/* Empty again, as a ring must be when its queue is enabled. */
void ring_clear(struct ring *ring);
int ring_enable(struct function *fn, struct ring *ring);
int ring_disable(struct function *fn, struct ring *ring);
void ring_context(struct function *fn, uint16_t queue, struct hvnet_queue_ctx *ctx);

static inline uint32_t ring_cons(const struct ring *ring)
{
	return __atomic_load_n(&ring->ctl->cons, __ATOMIC_ACQUIRE);
}

static inline uint32_t ring_kick(const struct ring *ring)
{
	return __atomic_load_n(&ring->ctl->kick, __ATOMIC_RELAXED);
}

static inline void ring_arm(struct ring *ring)
{
	__atomic_store_n(&ring->ctl->arm, ring->ctl->arm + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void ring_add_tx(struct ring *ring, uint64_t addr, uint16_t len, uint16_t flags);
void ring_add_rx(struct ring *ring, uint64_t addr, uint32_t len);
/* Publish without and with the doorbell that the device may have asked for; true: it was rung. */
void ring_publish(struct ring *ring);
bool ring_publish_kick(struct function *fn, struct ring *ring);

#endif
