// SPDX-License-Identifier: GPL-2.0
/*
 * flood SENDER RECEIVER NAMESPACE ADDRESS SIZE COUNT: sends COUNT frames of SIZE bytes to ADDRESS
 * through the netdev SENDER, and prints how long one took, in ns.  RECEIVER is the netdev where
 * they arrive, in NAMESPACE ("-": the same); "-" if nobody receives them.
 *
 * Frames go out in batches, and a batch waits for the end of the one before it to arrive: nothing
 * is lost, the clock sees all that a frame sets off, and nobody spins on a queue that is full.
 * With a clock that counts instructions, time is instructions.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH		64
#define MAX_FRAME	9000
#define MIN_FRAME	ETH_ZLEN
#define LAST_TYPE	0x88b5	/* for experiments */

static void die(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_socket(const char *netdev, int protocol)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET, .sll_protocol = htons(protocol) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	addr.sll_ifindex = if_nametoindex(netdev);
	if (fd < 0 || !addr.sll_ifindex || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die(netdev);
	return fd;
}

static int open_sender(const char *netdev)
{
	int fd = open_socket(netdev, 0), one = 1;

	if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)))
		die("PACKET_QDISC_BYPASS");
	return fd;
}

/* A socket that gets the last frame of each batch, which has a type of its own. */
static int open_receiver(const char *netdev, const char *namespace)
{
	struct timeval limit = { .tv_sec = 10 };
	char path[128];
	int here, there, fd;

	here = open("/proc/self/ns/net", O_RDONLY);
	if (strcmp(namespace, "-")) {
		snprintf(path, sizeof(path), "/run/netns/%s", namespace);
		there = open(path, O_RDONLY);
		if (there < 0 || setns(there, CLONE_NEWNET))
			die(namespace);
	}
	fd = open_socket(netdev, LAST_TYPE);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		die("receiver");
	if (setns(here, CLONE_NEWNET))
		die("setns");
	return fd;
}

/* UDP over IPv4, to an address that nobody there has. */
static void make_frame(int fd, uint8_t *frame, const char *netdev, const char *to, size_t size)
{
	struct ethhdr *eth = (struct ethhdr *)frame;
	struct iphdr *ip = (struct iphdr *)(eth + 1);
	struct udphdr *udp = (struct udphdr *)(ip + 1);
	uint32_t sum = 0;
	struct ifreq from = {};
	size_t i;

	snprintf(from.ifr_name, IFNAMSIZ, "%s", netdev);
	if (ioctl(fd, SIOCGIFHWADDR, &from))
		die(netdev);
	memcpy(eth->h_dest, ether_aton(to), ETH_ALEN);
	memcpy(eth->h_source, from.ifr_hwaddr.sa_data, ETH_ALEN);
	eth->h_proto = htons(ETH_P_IP);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(size - ETH_HLEN);
	ip->saddr = htonl(0x0a090001);
	ip->daddr = htonl(0x0a090002);
	for (i = 0; i < sizeof(*ip); i += 2)
		sum += *(uint16_t *)((uint8_t *)ip + i);
	sum = (sum & 0xffff) + (sum >> 16);
	ip->check = ~(sum + (sum >> 16));
	udp->source = htons(9);
	udp->dest = htons(9);
	udp->len = htons(size - ETH_HLEN - sizeof(*ip));
}

/* All @num messages; a queue that is full gets time to become empty. */
static void send_batch(int fd, struct mmsghdr *msgs, unsigned int num)
{
	unsigned int sent = 0;
	int n;

	while (sent < num) {
		n = sendmmsg(fd, msgs + sent, num - sent, 0);
		if (n > 0)
			sent += n;
		else if (errno == ENOBUFS || errno == EAGAIN)
			sched_yield();
		else
			die("send");
	}
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Tells who counts instructions (count.c) where what is measured begins, and where it ends. */
static void mark(void)
{
	__asm__ volatile("xchg %%rcx, %%rcx" ::: "memory");
}

/* Sends @count frames in batches; ns. */
static uint64_t flood(int from, int to, uint8_t *frame, size_t size, unsigned long count)
{
	static uint8_t last[MAX_FRAME], got[MAX_FRAME];
	struct iovec plain = { frame, size }, marked = { last, size };
	struct mmsghdr msgs[BATCH] = {};
	uint64_t begin;
	unsigned int i;

	memcpy(last, frame, size);
	((struct ethhdr *)last)->h_proto = htons(LAST_TYPE);
	for (i = 0; i < BATCH; i++) {
		msgs[i].msg_hdr.msg_iov = i == BATCH - 1 ? &marked : &plain;
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	begin = now();
	for (; count >= BATCH; count -= BATCH) {
		send_batch(from, msgs, BATCH);
		if (to >= 0 && recv(to, got, sizeof(got), 0) < 0)
			die("the end of a batch did not arrive");
	}
	return now() - begin;
}

int main(int argc, char **argv)
{
	static uint8_t frame[MAX_FRAME];
	unsigned long size, count;
	int from, to = -1;
	uint64_t took;

	if (argc != 7) {
		fprintf(stderr, "usage: flood SENDER RECEIVER NAMESPACE ADDRESS SIZE COUNT\n");
		return 1;
	}
	size = strtoul(argv[5], NULL, 0);
	count = strtoul(argv[6], NULL, 0) / BATCH * BATCH;
	if (size < MIN_FRAME || size > MAX_FRAME || !count || !ether_aton(argv[4])) {
		fprintf(stderr, "flood: bad size, count or address\n");
		return 1;
	}
	from = open_sender(argv[1]);
	make_frame(from, frame, argv[1], argv[4], size);
	if (strcmp(argv[2], "-"))
		to = open_receiver(argv[2], argv[3]);
	flood(from, to, frame, size, 2048);	/* warm up: pools, caches, flows */
	mark();
	took = flood(from, to, frame, size, count);
	mark();
	printf("%llu\n", (unsigned long long)took / count);
	return 0;
}
