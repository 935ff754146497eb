// SPDX-License-Identifier: GPL-2.0
/* What a hostile driver does. */
#include <stdio.h>
#include <string.h>

#include <linux/pci_regs.h>

#include "hostile.h"

/**
 * struct target - a queue as the attacker knows it
 * @on: it was enabled
 * @size: descriptors
 * @prod: index after the last descriptor written
 * @desc: descriptors, or NULL if the program cannot write them
 * @ctl: control block, likewise
 */
struct target {
	bool on;
	uint32_t size;
	uint32_t prod;
	uint8_t *desc;
	struct hvnet_ring_ctl *ctl;
};

static struct function fn;
static struct dice dice;
static struct target target[HVNET_MAX_QUEUES];
static unsigned int num_queues;

/* Memory for signs of life, which no attack has to do with. */
#define LIFE_IOVA	0x610000000000ull

static struct arena life_mem;
static struct ring life_ring;
static uint8_t *life_frame;
static uint32_t life;

static struct {
	unsigned long steps, enables, refused, resets, admin, doorbells, config, mailbox;
	unsigned long steers, steers_refused;
	unsigned long queue_error[8];
} count;

/* Addresses that the attacker's frames go to. */
static void random_mac(uint8_t *mac)
{
	uint32_t what = dice_below(&dice, 100);
	uint64_t any = dice_roll(&dice);

	if (what < 40)
		memcpy(mac, neighbours_mac(what), 6);
	else if (what < 45)
		memset(mac, 0xff, 6);
	else
		memcpy(mac, &any, 6);
}

/* The field consists of cells of 64 bytes that each look like the start of a frame. */
static void write_cells(unsigned int page)
{
	uint8_t *at = memory_field(page);
	unsigned int i;

	for (i = 0; i < PAGE; i += 64) {
		memset(at + i, 0x41, 64);
		random_mac(at + i);
		random_mac(at + i + 6);
		at[i + 12] = dice_percent(&dice, 20) ? 0x81 : 0x08;
		at[i + 13] = 0;
	}
}

static void scribble(void)
{
	unsigned int page = memory_random_open(&dice), n = dice_below(&dice, 64);

	if (dice_percent(&dice, 40)) {
		write_cells(page);
		return;
	}
	while (n--) {
		uint64_t any = dice_roll(&dice);

		memcpy(memory_field(page) + dice_below(&dice, PAGE / 8) * 8, &any, sizeof(any));
	}
}

/* Frames come to the first receive queue only. */
static uint16_t random_queue(void)
{
	return dice_percent(&dice, 30) ? HVNET_RXQ(0) : dice_below(&dice, num_queues);
}

/* --- queues */

/* Is it still on?  If not, count why. */
static void look_at_queue(uint16_t queue)
{
	struct hvnet_queue_ctx ctx;

	ring_context(&fn, queue, &ctx);
	if (ctx.state != HVNET_QUEUE_ERROR || !target[queue].on)
		return;
	target[queue].on = false;
	count.queue_error[ctx.error < 7 ? ctx.error : 7]++;
}

static bool disable(uint16_t queue)
{
	struct ring ring = { .queue = queue };

	look_at_queue(queue);
	target[queue].on = false;
	if (ring_disable(&fn, &ring) >= 0)
		return true;
	case_fail("no answer to QUEUE_DISABLE (step %lu)", count.steps);
	return false;
}

static uint64_t page_iova(void)
{
	return FIELD_IOVA + (uint64_t)memory_random_open(&dice) * PAGE;
}

/* A good context, on pages that may be used for something else at the same time. */
static void good_context(struct hvnet_queue_ctx *ctx, uint16_t queue)
{
	*ctx = (struct hvnet_queue_ctx){
		.desc_addr = page_iova(),
		.cmpl_addr = HVNET_QUEUE_IS_RX(queue) ? page_iova() : 0,
		.ctl_addr = page_iova() + dice_below(&dice, PAGE / 128) * 128,
		.order = 6 + dice_below(&dice, 3),
		.vector = dice_below(&dice, 4),
	};
}

static void spoil_context(struct hvnet_queue_ctx *ctx)
{
	__le64 *addr[] = { &ctx->desc_addr, &ctx->cmpl_addr, &ctx->ctl_addr };
	unsigned int n = 1 + dice_below(&dice, 2);

	while (n--) {
		__le64 *a = addr[dice_below(&dice, 3)];

		switch (dice_below(&dice, 8)) {
		case 0:
		case 1:
			*a = memory_random_iova(&dice, 4096) / 128 * 128;
			break;
		case 2:
			*a = memory_random_iova(&dice, 65536);
			break;
		case 3:
			*a = *addr[dice_below(&dice, 3)] + dice_below(&dice, 8) * 128;
			break;
		case 4:
			*a += 1 << dice_below(&dice, 12);
			break;
		case 5:
			ctx->order = dice_percent(&dice, 50) ? dice_below(&dice, 16) :
							       dice_roll(&dice);
			break;
		case 6:
			ctx->vector = dice_percent(&dice, 50) ? dice_below(&dice, 32) :
								dice_roll(&dice);
			break;
		case 7:
			*a = -(uint64_t)(dice_below(&dice, 5000) * 16);
			break;
		}
	}
}

/* A place for time stamps, or what may be none. */
static void place_times(uint16_t queue)
{
	uint64_t addr = dice_percent(&dice, 50) ? memory_random_iova(&dice, 32768) : 0;

	if (dice_percent(&dice, 80))
		addr &= ~7ULL;
	device_write_block(&fn.dev, HVNET_QUEUE_CTX + queue * HVNET_QUEUE_CTX_SIZE +
			   offsetof(struct hvnet_queue_ctx, times_addr), &addr, sizeof(addr));
}

static bool enable(uint16_t queue, unsigned int spoilt_percent)
{
	struct ring ring = { .queue = queue };
	struct target *t = &target[queue];
	int code;

	/* One that is on is refused: mostly not worth a try. */
	if (t->on && dice_percent(&dice, 80) && !disable(queue))
		return false;
	good_context(&ring.ctx, queue);
	if (dice_percent(&dice, spoilt_percent))
		spoil_context(&ring.ctx);
	t->size = ring.ctx.order < 16 ? 1u << ring.ctx.order : 64;
	t->desc = memory_open(ring.ctx.desc_addr, t->size * sizeof(struct hvnet_tx_desc));
	t->ctl = (void *)memory_open(ring.ctx.ctl_addr, sizeof(*t->ctl));
	t->prod = 0;
	if (t->ctl && dice_percent(&dice, 80))
		memset(t->ctl, 0, sizeof(*t->ctl));
	place_times(queue);
	code = ring_enable(&fn, &ring);
	if (code < 0) {
		case_fail("no answer to QUEUE_ENABLE (step %lu)", count.steps);
		return false;
	}
	t->on = !code;
	count.enables++;
	count.refused += !!code;
	return true;
}

/* --- descriptors */

static uint16_t random_len(void)
{
	switch (dice_below(&dice, 10)) {
	case 0:
		return dice_roll(&dice);
	case 1:
		return dice_below(&dice, 16);
	case 2:
		return STATION_MAX_FRAME - 8 + dice_below(&dice, 16);
	case 3:
		return dice_below(&dice, STATION_MAX_FRAME);
	default:
		return 14 + dice_below(&dice, 300);
	}
}

/* What is to be done to a frame: mostly what could be. */
static void random_csum(struct hvnet_tx_desc *desc)
{
	desc->flags |= HVNET_TXD_CSUM;
	desc->csum_start = 10 + dice_below(&dice, 100);
	desc->csum_offset = dice_below(&dice, 40);
}

static struct hvnet_tx_desc random_ext(void)
{
	uint64_t vport = dice_percent(&dice, 90) ? HVNET_VPORT_NONE : (uint16_t)dice_roll(&dice);
	uint64_t gso_size = dice_below(&dice, 2000), hdr_len = 10 + dice_below(&dice, 130);

	return (struct hvnet_tx_desc){
		.addr = vport | gso_size << 32 | hdr_len << 48,
		.flags = HVNET_TXD_EXT | (dice_percent(&dice, 50) ? HVNET_TXD_GSO : 0) |
			 (dice_percent(&dice, 50) ? HVNET_TXD_VLAN : 0),
	};
}

static void random_tx(uint8_t *at)
{
	struct hvnet_tx_desc desc = {
		.addr = memory_random_iova(&dice, 10000),
		.len = random_len(),
		.flags = dice_percent(&dice, 75) ? HVNET_TXD_EOP : 0,
	};

	if (dice_percent(&dice, 3))
		desc.flags = dice_roll(&dice);
	if (dice_percent(&dice, 10))
		random_csum(&desc);
	if (dice_percent(&dice, 1))
		desc.flags |= HVNET_TXD_TIME;
	if (dice_percent(&dice, 5))
		desc = random_ext();
	memcpy(at, &desc, sizeof(desc));
}

static void random_rx(uint8_t *at)
{
	struct hvnet_rx_desc desc = {
		.addr = memory_random_iova(&dice, 10000),
		.len = HVNET_RX_MIN_BUF + dice_below(&dice, 4000),
	};

	if (dice_percent(&dice, 4))
		desc.len = dice_roll(&dice) >> dice_below(&dice, 33);
	if (dice_percent(&dice, 4))
		desc.rsvd = dice_roll(&dice);
	memcpy(at, &desc, sizeof(desc));
}

static void set_prod(struct target *t)
{
	if (dice_percent(&dice, 4))
		t->prod = dice_percent(&dice, 50) ? dice_roll(&dice) :
			  t->prod + t->size - 8 + dice_below(&dice, 16);
	else if (dice_percent(&dice, 3))
		t->prod -= dice_below(&dice, 2 * t->size);
	__atomic_store_n(&t->ctl->prod, t->prod, __ATOMIC_RELEASE);
	if (dice_percent(&dice, 10))
		t->ctl->arm = dice_roll(&dice);
}

static bool transfer(void)
{
	uint16_t queue = random_queue();
	struct target *t = &target[queue];
	unsigned int n = 1 + dice_below(&dice, 24);

	if (!t->on && !enable(queue, 10))
		return false;
	if (!t->desc || !t->ctl)
		return true;
	while (n--) {
		uint8_t *at = t->desc + (t->prod++ & (t->size - 1)) * 16;

		if (HVNET_QUEUE_IS_RX(queue))
			random_rx(at);
		else
			random_tx(at);
	}
	set_prod(t);
	if (!HVNET_QUEUE_IS_RX(queue))
		device_doorbell(&fn.dev, queue);
	if (!dice_percent(&dice, 30))
		return true;
	look_at_queue(queue);
	return t->on || disable(queue);
}

/* --- registers and configuration */

static void random_doorbell(void)
{
	uint32_t val = dice_roll(&dice) >> dice_below(&dice, 32);

	if (dice_percent(&dice, 30))
		val = HVNET_DB_ADMIN + dice_below(&dice, 3);
	device_config_write(&fn.dev, fn.dev.doorbell, dice_percent(&dice, 80) ? 4 : 1, val);
	count.doorbells++;
}

/* A command of which nobody knows what it is to do; it must be answered. */
static bool random_admin(void)
{
	uint32_t args[HVNET_ADMIN_SIZE / 4];
	uint16_t op = dice_percent(&dice, 80) ? dice_below(&dice, 0x40) : dice_roll(&dice);
	unsigned int i;

	for (i = 0; i < 16; i++)
		args[i] = dice_roll(&dice) >> dice_below(&dice, 33);
	count.admin++;
	if (op == HVNET_ADMIN_QUEUE_ENABLE || op == HVNET_ADMIN_QUEUE_DISABLE)
		args[0] = random_queue();
	if (function_admin(&fn, op, args, 64, NULL, 0) < 0) {
		case_fail("no answer to admin command %#x (step %lu)", op, count.steps);
		return false;
	}
	return true;
}

static uint16_t mostly_below(uint32_t n)
{
	return dice_below(&dice, dice_percent(&dice, 95) ? n : 0x10000);
}

/* A rule that is mostly good: for what neighbours send, or for a few bits of anything. */
static struct hvnet_admin_steer random_rule(void)
{
	struct hvnet_admin_steer rule = {
		.location = mostly_below(HVNET_STEER_RULES),
		.action = mostly_below(3),
		.target = mostly_below(4),
	};
	unsigned int at = dice_below(&dice, sizeof(rule.mask));

	if (dice_percent(&dice, 70)) {
		memset(rule.mask.src_mac, 0xff, sizeof(rule.mask.src_mac));
		random_mac(rule.value.src_mac);
	} else {
		((uint8_t *)&rule.mask)[at] = dice_roll(&dice);
		((uint8_t *)&rule.value)[at] = dice_roll(&dice) & ((uint8_t *)&rule.mask)[at];
	}
	if (dice_percent(&dice, 5))
		((uint8_t *)&rule)[dice_below(&dice, sizeof(rule))] = dice_roll(&dice);
	return rule;
}

static struct hvnet_admin_rss random_context(void)
{
	struct hvnet_admin_rss rss = {
		.fields = mostly_below(0x40),
		.context = mostly_below(1 + HVNET_RSS_CONTEXTS),
	};
	unsigned int i;

	rss.key[dice_below(&dice, sizeof(rss.key))] = dice_below(&dice, 4);
	for (i = 0; i < sizeof(rss.table); i++)
		rss.table[i] = dice_below(&dice, num_queues / 2);
	if (dice_percent(&dice, 5))
		rss.table[dice_below(&dice, sizeof(rss.table))] = dice_roll(&dice);
	return rss;
}

static bool steer(void)
{
	struct hvnet_admin_unsteer del = { .location = dice_below(&dice, HVNET_STEER_RULES) };
	struct hvnet_admin_steer rule = random_rule();
	struct hvnet_admin_rss rss = random_context();
	unsigned int what = dice_below(&dice, 100);
	int code;

	if (dice_percent(&dice, 10))
		del.location = HVNET_STEER_ALL_RULES;
	if (what < 60)
		code = function_admin(&fn, HVNET_ADMIN_STEER_SET, &rule, sizeof(rule), NULL, 0);
	else if (what < 75)
		code = function_admin(&fn, HVNET_ADMIN_STEER_DEL, &del, sizeof(del), NULL, 0);
	else
		code = function_admin(&fn, HVNET_ADMIN_RSS_SET, &rss, sizeof(rss), NULL, 0);
	count.steers++;
	count.steers_refused += code > 0;
	if (code < 0)
		case_fail("no answer to a command that steers (step %lu)", count.steps);
	return code >= 0;
}

static void random_mailbox(void)
{
	uint8_t msg[HVNET_MAILBOX_SIZE];
	struct hvnet_msg hdr = {
		.op = dice_below(&dice, 6),
		.block = dice_below(&dice, 7),
		.len = dice_percent(&dice, 70) ? dice_below(&dice, 64) : dice_roll(&dice),
	};
	unsigned int i;
	uint32_t len = sizeof(hdr) + hdr.len;

	for (i = 0; i < sizeof(msg); i++)
		msg[i] = dice_roll(&dice);
	if (dice_percent(&dice, 30)) {
		/* An address that is a neighbour's. */
		hdr.op = HVNET_MSG_BLOCK_WRITE;
		hdr.block = HVNET_BLOCK_MAC;
		hdr.len = dice_percent(&dice, 50) ? 8 : 12;
		len = sizeof(hdr) + hdr.len;
		memset(msg + 8, 0, 12);
		random_mac(msg + 8);
	}
	memcpy(msg, &hdr, sizeof(hdr));
	if (dice_percent(&dice, 10))
		len = dice_roll(&dice);
	device_write_block(&fn.dev, HVNET_MAILBOX_REQ, msg, sizeof(msg));
	device_write(&fn.dev, HVNET_REG_MAILBOX_REQ, dice_roll(&dice) << 16 | (len & 0xffff));
	device_doorbell(&fn.dev, HVNET_DB_MAILBOX);
	count.mailbox++;
}

static void negotiate(void)
{
	struct hvnet_msg_version version = { .min = 1, .max = 1 + dice_below(&dice, 2) };
	struct hvnet_msg hdr = { .op = HVNET_MSG_VERSION, .len = sizeof(version) };
	uint8_t msg[12];

	memcpy(msg, &hdr, sizeof(hdr));
	memcpy(msg + sizeof(hdr), &version, sizeof(version));
	device_write_block(&fn.dev, HVNET_MAILBOX_REQ, msg, sizeof(msg));
	device_write(&fn.dev, HVNET_REG_MAILBOX_REQ, dice_roll(&dice) << 16 | sizeof(msg));
	device_doorbell(&fn.dev, HVNET_DB_MAILBOX);
}

static void random_bar(void)
{
	unsigned int n = 1 + dice_below(&dice, 16);

	while (n--) {
		unsigned int reg = dice_below(&dice, HVNET_BAR_SIZE / 4) * 4;

		if (dice_percent(&dice, 30))
			reg = HVNET_MSIX_TABLE + dice_below(&dice, 0x110 / 4) * 4;
		device_write(&fn.dev, reg, dice_roll(&dice) >> dice_below(&dice, 64));
	}
}

static void forget_queues(void)
{
	memset(target, 0, sizeof(target));
}

static bool restart(void)
{
	unsigned int i;

	forget_queues();
	count.resets++;
	if (function_reset(&fn)) {
		case_fail("not ready after a reset (step %lu)", count.steps);
		return false;
	}
	device_set_master(&fn.dev, true);
	negotiate();
	for (i = 0; i < num_queues; i++)
		if (dice_percent(&dice, 70) && !enable(i, 10))
			return false;
	return true;
}

/* In D3hot the BAR cannot be touched, so the device is woken before anything else. */
static bool random_config(void)
{
	static const uint8_t lens[] = { 1, 2, 4 };
	unsigned int len = lens[dice_below(&dice, 3)], reg;

	reg = dice_below(&dice, dice_percent(&dice, 80) ? 256 : 4096) / len * len;
	device_config_write(&fn.dev, reg, len, dice_roll(&dice) >> dice_below(&dice, 64));
	count.config++;
	if (device_config_read(&fn.dev, fn.dev.pm + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK)
		device_set_power(&fn.dev, 0);
	if (dice_percent(&dice, 90))
		device_set_master(&fn.dev, true);
	/* The write may have been a reset; and READY may have been written over before. */
	return WAIT(device_read(&fn.dev, HVNET_REG_STATUS) & HVNET_STATUS_READY, 50) || restart();
}

/* For as long as it takes, or until something else switches it on. */
static void master_off(void)
{
	device_set_master(&fn.dev, false);
	if (dice_percent(&dice, 50))
		clock_pause();
	if (dice_percent(&dice, 80))
		device_set_master(&fn.dev, true);
}

static bool flood(void)
{
	uint16_t queue = HVNET_TXQ(dice_below(&dice, num_queues / 2));
	struct target *t = &target[queue];
	uint64_t at = page_iova();
	unsigned int i;

	if (!t->on || !t->desc || !t->ctl)
		return true;
	write_cells((at - FIELD_IOVA) / PAGE);
	for (i = 0; i < t->size; i++) {
		struct hvnet_tx_desc desc = {
			.addr = at + dice_below(&dice, 32) * 64,
			.len = 64 + dice_below(&dice, 1500),
			.flags = HVNET_TXD_EOP,
		};

		memcpy(t->desc + i * 16, &desc, sizeof(desc));
	}
	t->prod = __atomic_load_n(&t->ctl->cons, __ATOMIC_RELAXED) + t->size;
	__atomic_store_n(&t->ctl->prod, t->prod, __ATOMIC_RELEASE);
	device_doorbell(&fn.dev, queue);
	return true;
}

bool attack_step(void)
{
	uint32_t what = dice_below(&dice, 1000);

	count.steps++;
	if (what < 410)
		return transfer();
	if (what < 450)
		return steer();
	if (what < 530)
		return enable(random_queue(), 50);
	if (what < 580)
		return disable(random_queue());
	if (what < 660)
		return random_admin();
	if (what < 720)
		random_doorbell();
	else if (what < 770)
		return random_config();
	else if (what < 810)
		random_bar();
	else if (what < 850)
		random_mailbox();
	else if (what < 930)
		scribble();
	else if (what < 960)
		memory_flip(&dice);
	else if (what < 980)
		return flood();
	else if (what < 985)
		master_off();
	else if (what < 990)
		negotiate();
	else if (what < 993)
		return restart();
	return true;
}

/*
 * After all that: a reset, and the function does what it is for. A frame may find no buffer:
 * send more than one.
 */
bool attack_sign_of_life(void)
{
	uint64_t end = clock_ms() + 2 * TIMEOUT_MS;

	forget_queues();
	if (function_reset(&fn)) {
		case_fail("not ready after a reset (step %lu)", count.steps);
		return false;
	}
	count.resets++;
	device_set_master(&fn.dev, true);
	ring_clear(&life_ring);
	if (ring_enable(&fn, &life_ring)) {
		case_fail("no queue after a reset (step %lu)", count.steps);
		return false;
	}
	life++;
	neighbours_alive_frame(life_frame, life);
	while (neighbours_alive() != life) {
		ring_add_tx(&life_ring, arena_iova(&life_mem, life_frame), ALIVE_LEN,
			    HVNET_TXD_EOP);
		ring_publish_kick(&fn, &life_ring);
		if (!WAIT(ring_cons(&life_ring) == life_ring.prod, TIMEOUT_MS)) {
			case_fail("nothing is sent after a reset (step %lu)", count.steps);
			return false;
		}
		if (clock_ms() > end) {
			case_fail("nothing arrives after a reset (step %lu)", count.steps);
			return false;
		}
		WAIT(neighbours_alive() == life, 20);
	}
	return restart();
}

void attack_open(const char *name, struct space *space, uint64_t seed, uint8_t *mac)
{
	struct hvnet_block_mac block;

	dice.state = seed;
	/*
	 * The container has its IOMMU only with a group in it, so the device comes before the
	 * memory.
	 */
	device_open(&fn.dev, name, space);
	memory_create(space);
	arena_create(&life_mem, LIFE_IOVA, 4 * PAGE);
	if (space_map(space, life_mem.base, LIFE_IOVA, life_mem.size, SPACE_BOTH))
		die("memory cannot be mapped");
	ring_create(&life_ring, &life_mem, HVNET_TXQ(0), 6, 1);
	life_frame = arena_alloc(&life_mem, ALIVE_LEN, PAGE);
	if (!function_ready(&fn) || function_negotiate(&fn) ||
	    function_mailbox(&fn, HVNET_MSG_BLOCK_READ, HVNET_BLOCK_MAC, NULL, 0, &block,
			     sizeof(block)))
		die("%s does not get ready", name);
	memcpy(mac, block.mac, sizeof(block.mac));
	num_queues = 2 * (device_read(&fn.dev, HVNET_REG_LIMITS) & HVNET_LIMITS_QUEUE_PAIRS);
	device_irqs_on(&fn.dev, 4);
}

void attack_prepare(void)
{
	unsigned int i;

	for (i = 0; i < FIELD_PAGES; i++)
		if (memory_kind(i) == PAGE_OPEN)
			write_cells(i);
}

void attack_close(void)
{
	struct hvnet_admin_stats stats = {};

	function_reset(&fn);
	function_stats(&fn, &stats);
	printf("# device: %llu DMA faults, %llu bad doorbells, ",
	       (unsigned long long)stats.dma_faults, (unsigned long long)stats.bad_doorbells);
	printf("%llu frames sent, %llu received, %llu errors\n",
	       (unsigned long long)stats.tx_packets, (unsigned long long)stats.rx_packets,
	       (unsigned long long)stats.rx_error);
	device_close(&fn.dev);
	arena_destroy(&life_mem);
}

void attack_summary(void)
{
	printf("# attacker: %lu steps, %lu resets, %lu enabled, %lu refused, %lu admin commands, ",
	       count.steps, count.resets, count.enables - count.refused, count.refused,
	       count.admin);
	printf("%lu doorbells, %lu configuration writes, %lu mailbox requests\n", count.doorbells,
	       count.config, count.mailbox);
	printf("# %lu commands that steer, %lu of them refused\n", count.steers,
	       count.steers_refused);
	printf("# stopped: index %lu, DMA %lu, length %lu, chain %lu, flags %lu, other %lu\n",
	       count.queue_error[HVNET_QERR_INDEX], count.queue_error[HVNET_QERR_DMA],
	       count.queue_error[HVNET_QERR_LENGTH], count.queue_error[HVNET_QERR_CHAIN],
	       count.queue_error[HVNET_QERR_FLAGS],
	       count.queue_error[0] + count.queue_error[6] + count.queue_error[7]);
}
