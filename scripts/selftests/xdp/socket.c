// SPDX-License-Identifier: GPL-2.0
/*
 * An AF_XDP socket without copies: it must be the adapter that reads and writes its memory.
 *
 *   socket NETDEV QUEUE MAP receive COUNT LENGTH
 *   socket NETDEV QUEUE MAP echo COUNT LENGTH        send them back as they came
 *   socket NETDEV QUEUE MAP send COUNT LENGTH MAC
 *
 * MAP has the socket at QUEUE, for a program that redirects to it.
 */
#include <errno.h>
#include <linux/if_xdp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool.h"

#define CHUNK		2048
#define RX_CHUNKS	1024
#define TX_CHUNKS	1024
#define RING		1024
#define WAIT_MS		30000

#ifndef AF_XDP
#define AF_XDP 44
#endif
#ifndef SOL_XDP
#define SOL_XDP 283
#endif

struct ring {
	uint32_t *producer;
	uint32_t *consumer;
	uint32_t *flags;
	void *entries;
};

struct socket {
	int fd;
	uint8_t *memory;
	struct ring rx;
	struct ring tx;
	struct ring fill;
	struct ring done;
	uint32_t in_flight;
};

static uint32_t ring_used(const struct ring *ring)
{
	return __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE) -
	       __atomic_load_n(ring->consumer, __ATOMIC_ACQUIRE);
}

static void ring_advance(uint32_t *index)
{
	__atomic_store_n(index, *index + 1, __ATOMIC_RELEASE);
}

static void set_option(int fd, int option, const void *value, size_t size, const char *what)
{
	if (setsockopt(fd, SOL_XDP, option, value, size))
		die("%s: %s", what, strerror(errno));
}

static void map_ring(int fd, struct ring *ring, const struct xdp_ring_offset *at, off_t page,
		     size_t entry)
{
	uint8_t *memory = mmap(NULL, at->desc + RING * entry, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_POPULATE, fd, page);

	if (memory == MAP_FAILED)
		die("a ring is not mapped: %s", strerror(errno));
	ring->producer = (uint32_t *)(memory + at->producer);
	ring->consumer = (uint32_t *)(memory + at->consumer);
	ring->flags = (uint32_t *)(memory + at->flags);
	ring->entries = memory + at->desc;
}

static void make_memory(struct socket *s)
{
	struct xdp_umem_reg region = {
		.len = (RX_CHUNKS + TX_CHUNKS) * CHUNK,
		.chunk_size = CHUNK,
	};

	s->memory = mmap(NULL, region.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	if (s->memory == MAP_FAILED)
		die("no memory");
	region.addr = (uintptr_t)s->memory;
	set_option(s->fd, XDP_UMEM_REG, &region, sizeof(region), "the memory is refused");
}

static void make_rings(struct socket *s)
{
	struct xdp_mmap_offsets at;
	socklen_t size = sizeof(at);
	int entries = RING;

	set_option(s->fd, XDP_UMEM_FILL_RING, &entries, sizeof(entries), "fill ring");
	set_option(s->fd, XDP_UMEM_COMPLETION_RING, &entries, sizeof(entries), "completion ring");
	set_option(s->fd, XDP_RX_RING, &entries, sizeof(entries), "receive ring");
	set_option(s->fd, XDP_TX_RING, &entries, sizeof(entries), "transmit ring");
	if (getsockopt(s->fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &size))
		die("no offsets: %s", strerror(errno));
	map_ring(s->fd, &s->rx, &at.rx, XDP_PGOFF_RX_RING, sizeof(struct xdp_desc));
	map_ring(s->fd, &s->tx, &at.tx, XDP_PGOFF_TX_RING, sizeof(struct xdp_desc));
	map_ring(s->fd, &s->fill, &at.fr, XDP_UMEM_PGOFF_FILL_RING, sizeof(uint64_t));
	map_ring(s->fd, &s->done, &at.cr, XDP_UMEM_PGOFF_COMPLETION_RING, sizeof(uint64_t));
}

static void bind_socket(struct socket *s, unsigned int ifindex, unsigned int queue)
{
	struct sockaddr_xdp address = {
		.sxdp_family = AF_XDP,
		.sxdp_flags = XDP_ZEROCOPY | XDP_USE_NEED_WAKEUP,
		.sxdp_ifindex = ifindex,
		.sxdp_queue_id = queue,
	};
	struct xdp_options options = {};
	socklen_t size = sizeof(options);

	if (bind(s->fd, (struct sockaddr *)&address, sizeof(address)))
		die("the socket is not bound: %s", strerror(errno));
	if (getsockopt(s->fd, SOL_XDP, XDP_OPTIONS, &options, &size) ||
	    !(options.flags & XDP_OPTIONS_ZEROCOPY))
		die("the socket copies");
}

static void give(struct socket *s, uint64_t addr)
{
	((uint64_t *)s->fill.entries)[*s->fill.producer % RING] = addr;
	ring_advance(s->fill.producer);
}

/* Pause until something comes; wakes the driver if it wants to be. */
static void wait_input(struct socket *s)
{
	struct pollfd pollfd = { .fd = s->fd, .events = POLLIN };

	poll(&pollfd, 1, 20);
}

static void put(struct socket *s, uint64_t addr, uint32_t len)
{
	struct xdp_desc *descs = s->tx.entries;

	descs[*s->tx.producer % RING] = (struct xdp_desc){ .addr = addr, .len = len };
	ring_advance(s->tx.producer);
	s->in_flight++;
}

static void kick(struct socket *s)
{
	if (__atomic_load_n(s->tx.flags, __ATOMIC_ACQUIRE) & XDP_RING_NEED_WAKEUP &&
	    sendto(s->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 && errno != EAGAIN &&
	    errno != EBUSY && errno != ENOBUFS)
		die("the driver is not woken: %s", strerror(errno));
}

/* The address of a frame that was sent, or -1. */
static int64_t reap(struct socket *s)
{
	uint64_t addr;

	if (!ring_used(&s->done))
		return -1;
	addr = ((uint64_t *)s->done.entries)[*s->done.consumer % RING];
	ring_advance(s->done.consumer);
	s->in_flight--;
	return addr;
}

static void say_ready(void)
{
	puts("ready");
	fflush(stdout);
}

static void send_back(struct socket *s, const struct xdp_desc *desc)
{
	uint8_t *frame = s->memory + desc->addr, mac[6];

	memcpy(mac, frame, 6);
	memcpy(frame, frame + 6, 6);
	memcpy(frame + 6, mac, 6);
	put(s, desc->addr, desc->len);
	kick(s);
}

/* With @echo each frame goes back, and its chunk is given away again when it has gone. */
static void receive(struct socket *s, uint32_t count, uint32_t len, bool echo)
{
	uint64_t end = clock_ms() + WAIT_MS;
	uint32_t got = 0;
	int64_t addr;

	say_ready();
	while ((got < count || s->in_flight) && clock_ms() < end) {
		const struct xdp_desc *desc;

		while ((addr = reap(s)) >= 0)
			give(s, addr / CHUNK * CHUNK);
		if (!ring_used(&s->rx)) {
			if (s->in_flight)
				kick(s);
			wait_input(s);
			continue;
		}
		desc = &((struct xdp_desc *)s->rx.entries)[*s->rx.consumer % RING];
		if (frame_check(s->memory + desc->addr, desc->len, len, count) >= 0) {
			got++;
			if (echo)
				send_back(s, desc);
		}
		if (!echo)
			give(s, desc->addr / CHUNK * CHUNK);
		ring_advance(s->rx.consumer);
	}
	printf("%u frames\n", got);
	if (got != count || s->in_flight)
		die("%u of %u frames came, %u are on their way", got, count, s->in_flight);
}

static void transmit(struct socket *s, const char *name, uint32_t count, uint32_t len,
		     const char *to)
{
	uint64_t end = clock_ms() + WAIT_MS;
	uint8_t src[6], dst[6];
	uint32_t sent = 0;

	parse_mac(to, dst);
	netdev_mac(name, src);
	say_ready();
	while ((sent < count || s->in_flight) && clock_ms() < end) {
		while (sent < count && s->in_flight < 64) {
			uint64_t addr = (RX_CHUNKS + sent % TX_CHUNKS) * CHUNK;

			frame_make(s->memory + addr, dst, src, sent, len);
			put(s, addr, len);
			sent++;
		}
		kick(s);
		usleep(500);
		while (reap(s) >= 0)
			;
	}
	printf("%u frames\n", sent);
	if (sent != count || s->in_flight)
		die("%u frames are still on their way", s->in_flight);
}

/* Fill the ring, wake the driver once and go to sleep, as poll() does: the rest is the driver's. */
static void transmit_asleep(struct socket *s, const char *name, uint32_t len, const char *to)
{
	uint64_t end = clock_ms() + WAIT_MS;
	uint8_t src[6], dst[6];
	uint32_t sent;

	parse_mac(to, dst);
	netdev_mac(name, src);
	for (sent = 0; sent < RING; sent++) {
		uint64_t addr = (RX_CHUNKS + sent % TX_CHUNKS) * CHUNK;

		frame_make(s->memory + addr, dst, src, sent, len);
		put(s, addr, len);
	}
	kick(s);
	say_ready();
	while (s->in_flight && clock_ms() < end) {
		usleep(10000);
		while (reap(s) >= 0)
			;
	}
	if (s->in_flight)
		die("%u frames are still on their way", s->in_flight);
}

void command_socket(char **argv)
{
	struct socket s = {};
	uint32_t queue, i;

	if (!argv[0] || !argv[1] || !argv[2] || !argv[3])
		die("socket NETDEV QUEUE MAP WHAT ...");
	queue = number(argv[1]);
	s.fd = socket(AF_XDP, SOCK_RAW, 0);
	if (s.fd < 0)
		die("no socket: %s", strerror(errno));
	make_memory(&s);
	make_rings(&s);
	for (i = 0; i < RX_CHUNKS; i++)
		give(&s, i * CHUNK);
	bind_socket(&s, netdev(argv[0]), queue);
	map_set(map_open(argv[2]), &queue, &s.fd);

	if (!strcmp(argv[3], "send"))
		transmit(&s, argv[0], number(argv[4]), number(argv[5]), argv[6]);
	else if (!strcmp(argv[3], "asleep"))
		transmit_asleep(&s, argv[0], number(argv[4]), argv[5]);
	else if (!strcmp(argv[3], "receive") || !strcmp(argv[3], "echo"))
		receive(&s, number(argv[4]), number(argv[5]), !strcmp(argv[3], "echo"));
	else
		die("no %s", argv[3]);
}
