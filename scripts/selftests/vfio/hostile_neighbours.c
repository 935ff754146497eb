// SPDX-License-Identifier: GPL-2.0
/*
 * Two stations that exchange numbered frames and look at each byte. They take what the attacker
 * sends them, too, and lose what finds no buffer: nothing else may be lost.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

#define MIN_LEN		(14 + sizeof(struct payload))
#define MAX_LEN		4000
#define BURST		8
#define SLOTS		64	/* of transmit memory, one page each */
#define FAIR_SHARE	(1.0 / 16)	/* of their rate stays when they are attacked */

/**
 * struct payload - what follows the Ethernet header
 * @magic: MAGIC_NEIGHBOUR
 * @number: of the frame
 * @len: of the frame
 */
struct payload {
	uint64_t magic;
	uint32_t number;
	uint32_t len;
} __attribute__((packed));

static const uint64_t magic_alive = 0xa11fe00dcafe5157ull;

/**
 * struct side - one of the two
 * @st: the station
 * @peer: the other one's
 * @sent: frames sent
 * @next: number that the next frame received must have at least
 * @received: frames received
 * @lost: numbers left out
 * @foreign: frames from elsewhere
 */
struct side {
	struct station *st;
	struct station *peer;
	uint32_t sent;
	uint32_t next;
	uint32_t received;
	uint32_t lost;
	uint32_t foreign;
};

static struct side side[2];
static pthread_t thread;
static bool stop;
static uint32_t alive;
static uint32_t received;	/* by both */
static uint32_t at_attack;	/* @received when it began */
static double peaceful, attacked;	/* frames a millisecond */
static struct dice dice;
static uint8_t attacker[6];
static char why[200];
static struct hvnet_admin_stats stats[2];

static uint8_t payload_byte(uint32_t number, size_t pos)
{
	return (number * 2654435761u >> 13) + pos * 31;
}

static void send_one(struct side *s)
{
	size_t len = MIN_LEN + dice_below(&dice, MAX_LEN - MIN_LEN), i, first;
	uint8_t *at = s->st->frame + (s->st->tx.prod / 2 % SLOTS) * PAGE;
	struct payload payload = { MAGIC_NEIGHBOUR, s->sent++, len };

	memcpy(at, s->peer->mac, 6);
	memcpy(at + 6, s->st->mac, 6);
	at[12] = 0x88;
	at[13] = 0xb6;
	memcpy(at + 14, &payload, sizeof(payload));
	for (i = MIN_LEN; i < len; i++)
		at[i] = payload_byte(payload.number, i);
	/* Two descriptors each, so that frames and transmit memory go together. */
	first = 1 + dice_below(&dice, len - 1);
	ring_add_tx(&s->st->tx, arena_iova(&s->st->mem, at), first, 0);
	ring_add_tx(&s->st->tx, arena_iova(&s->st->mem, at) + first, len - first, HVNET_TXD_EOP);
}

/* The attacker is to receive something, too: into whatever it gives as a buffer. */
static void send_to_attacker(struct side *s)
{
	size_t len = 14 + dice_below(&dice, MAX_LEN - 14);
	uint8_t *at = s->st->frame + (s->st->tx.prod / 2 % SLOTS) * PAGE;

	memset(at, 0x42, len);
	memcpy(at, attacker, 6);
	memcpy(at + 6, s->st->mac, 6);
	ring_add_tx(&s->st->tx, arena_iova(&s->st->mem, at), 7, 0);
	ring_add_tx(&s->st->tx, arena_iova(&s->st->mem, at) + 7, len - 7, HVNET_TXD_EOP);
}

static void complain(const char *what, unsigned long a, unsigned long b)
{
	if (!why[0])
		snprintf(why, sizeof(why), "%s (%lu, %lu)", what, a, b);
}

static void look_at_foreign(struct side *s, const uint8_t *frame, size_t len)
{
	uint64_t magic;
	uint32_t number;

	s->foreign++;
	if (memory_has(frame, len, MAGIC_SECRET))
		complain("the attacker sent memory that is not mapped", s->foreign, len);
	if (memory_has(frame, len, MAGIC_NEIGHBOUR))
		complain("neighbours' data came back", s->foreign, len);
	if (len < 26)
		return;
	memcpy(&magic, frame + 14, sizeof(magic));
	memcpy(&number, frame + 22, sizeof(number));
	if (magic == magic_alive)
		__atomic_store_n(&alive, number, __ATOMIC_RELAXED);
}

static void look_at(struct side *s, const uint8_t *frame, size_t len)
{
	struct payload payload;
	size_t i;

	memcpy(&payload, frame + 14, sizeof(payload));
	if (len < MIN_LEN || memcmp(frame + 6, s->peer->mac, 6) ||
	    payload.magic != MAGIC_NEIGHBOUR) {
		look_at_foreign(s, frame, len);
		return;
	}
	if (memcmp(frame, s->st->mac, 6))
		complain("a frame for another station", s - side, payload.number);
	if (payload.len != len)
		complain("a frame has the wrong length", len, payload.len);
	if (payload.number < s->next)
		complain("a frame came late or twice", payload.number, s->next);
	for (i = MIN_LEN; i < len; i++)
		if (frame[i] != payload_byte(payload.number, i))
			break;
	if (i < len)
		complain("a byte is wrong", payload.number, i);
	s->lost += payload.number - s->next;
	s->next = payload.number + 1;
	s->received++;
	__atomic_fetch_add(&received, 1, __ATOMIC_RELAXED);
}

/* Take the next frame, if it is there. */
static bool receive_one(struct side *s)
{
	static uint8_t frame[STATION_MAX_FRAME + 8192];
	struct ring *rx = &s->st->rx;
	uint32_t done = ring_cons(rx), index = rx->cons, bufs = 0;
	size_t len = 0;
	uint16_t flags;

	if (done == index)
		return false;
	do {
		const struct hvnet_rx_cmpl *cmpl = &rx->cmpl[index & (rx->size - 1)];
		const struct hvnet_rx_desc *desc = &rx->rx[index & (rx->size - 1)];

		if (index == done) {
			complain("a frame has no end", s - side, index);
			return false;
		}
		flags = cmpl->flags;
		if (cmpl->len > s->st->buf_len || len + cmpl->len > STATION_MAX_FRAME) {
			complain("a completion is too long", cmpl->len, len);
			return false;
		}
		memcpy(frame + len, s->st->slots.base + (desc->addr - s->st->slots.iova),
		       cmpl->len);
		len += cmpl->len;
		index++;
		bufs++;
	} while (!(flags & HVNET_RXC_EOP));
	rx->cons = index;
	look_at(s, frame, len);
	station_post(s->st, bufs);
	return true;
}

static bool receive_all(void)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < 2; i++)
		while (receive_one(&side[i]))
			any = true;
	return any;
}

static void *run(void *arg)
{
	uint64_t idle;
	unsigned int i, j;

	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (i = 0; i < 2; i++) {
			struct ring *tx = &side[i].st->tx;

			if (tx->prod - ring_cons(tx) > 2 * (SLOTS - BURST))
				continue;
			for (j = 0; j < BURST - 2; j++)
				send_one(&side[i]);
			for (; j < BURST; j++)
				send_to_attacker(&side[i]);
			ring_publish_kick(&side[i].st->fn, tx);
		}
		receive_all();
		usleep(300);
	}
	for (i = 0; i < 2; i++)
		if (!station_wait_sent(side[i].st))
			complain("a station cannot send any more", i, ring_cons(&side[i].st->tx));
	for (idle = clock_ms() + 300; clock_ms() < idle;)
		if (receive_all())
			idle = clock_ms() + 300;
	return NULL;
}

void neighbours_start(struct station *a, struct station *b, const uint8_t *mac, uint64_t seed)
{
	memcpy(attacker, mac, sizeof(attacker));
	side[0] = (struct side){ .st = a, .peer = b };
	side[1] = (struct side){ .st = b, .peer = a };
	dice.state = seed;
	if (pthread_create(&thread, NULL, run, NULL))
		die("no thread");
}

static uint32_t neighbours_received(void)
{
	return __atomic_load_n(&received, __ATOMIC_RELAXED);
}

void neighbours_in_peace(unsigned int ms)
{
	uint64_t begin = clock_ms();
	uint32_t before = neighbours_received();

	usleep(ms * 1000);
	peaceful = (double)(neighbours_received() - before) / (clock_ms() - begin);
	at_attack = neighbours_received();
}

void neighbours_under_attack(unsigned long ms)
{
	attacked = ms ? (double)(neighbours_received() - at_attack) / ms : peaceful;
}

void neighbours_stop(void)
{
	unsigned int i;

	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	for (i = 0; i < 2; i++) {
		/* What came last may have been lost, too. */
		side[i].lost += side[!i].sent - side[i].next;
		if (function_stats(&side[i].st->fn, &stats[i]))
			complain("a station has no counters", i, 0);
	}
}

uint32_t neighbours_alive(void)
{
	return __atomic_load_n(&alive, __ATOMIC_RELAXED);
}

void neighbours_alive_frame(uint8_t *at, uint32_t number)
{
	memset(at, 0x41, ALIVE_LEN);
	memcpy(at, neighbours_mac(number), 6);
	memcpy(at + 14, &magic_alive, sizeof(magic_alive));
	memcpy(at + 22, &number, sizeof(number));
}

const uint8_t *neighbours_mac(unsigned int which)
{
	return side[which & 1].st->mac;
}

void neighbours_check(void *arg)
{
	unsigned int i;

	(void)arg;
	CHECK(!why[0], "%s", why);
	for (i = 0; i < 2; i++) {
		/* Whoever is flooded loses some, but not most. */
		CHECK(side[i].received && side[i].received >= side[!i].sent / 2,
		      "%u of %u frames received", side[i].received, side[!i].sent);
		CHECK(side[i].lost <= stats[i].rx_no_buffer,
		      "%u frames lost, %llu for want of a buffer",
		      side[i].lost, (unsigned long long)stats[i].rx_no_buffer);
		/* Threads that attack and the engine that serves them take their share. */
		CHECK(peaceful > 0 && attacked >= peaceful * FAIR_SHARE,
		      "%.3f frames/ms under attack, %.3f before", attacked, peaceful);
		CHECK(!stats[i].dma_faults && !stats[i].rx_error, "%llu faults, %llu errors",
		      (unsigned long long)stats[i].dma_faults,
		      (unsigned long long)stats[i].rx_error);
	}
}

void neighbours_summary(void)
{
	unsigned int i;

	printf("# neighbours: %.3f frames/ms before the attack, %.3f under it\n", peaceful,
	       attacked);
	for (i = 0; i < 2; i++)
		printf("# neighbour %u: sent %u, got %u, lost %u, foreign %u, no buffer %llu\n",
		       i, side[i].sent, side[i].received, side[i].lost, side[i].foreign,
		       (unsigned long long)stats[i].rx_no_buffer);
}
