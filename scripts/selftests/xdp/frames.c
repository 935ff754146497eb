// SPDX-License-Identifier: GPL-2.0
/* Frames whose every byte is known, sent and received by packet sockets. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

#define MAX_FRAME	16384
#define HEADER		18		/* with the sequence number */
#define WAIT_MS		30000

static uint8_t byte_of(uint32_t seq, unsigned int at)
{
	return seq * 7 + at * 13 + (at >> 8);
}

void frame_make(uint8_t *frame, const uint8_t *dst, const uint8_t *src, uint32_t seq,
		unsigned int len)
{
	uint16_t type = htons(ETH_TYPE);
	uint32_t number = htonl(seq);
	unsigned int at;

	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	memcpy(frame + 12, &type, 2);
	memcpy(frame + 14, &number, 4);
	for (at = HEADER; at < len; at++)
		frame[at] = byte_of(seq, at);
}

/* The number of a frame of ours, or -1; it dies of one that is not as it was sent. */
int frame_check(const uint8_t *frame, unsigned int len, unsigned int want, uint32_t count)
{
	uint16_t type;
	uint32_t seq;
	unsigned int at;

	if (len < HEADER)
		return -1;
	memcpy(&type, frame + 12, 2);
	memcpy(&seq, frame + 14, 4);
	seq = ntohl(seq);
	if (type != htons(ETH_TYPE))
		return -1;
	if (len != want || seq >= count)
		die("frame %u has %u bytes, not %u", seq, len, want);
	for (at = HEADER; at < len; at++)
		if (frame[at] != byte_of(seq, at))
			die("frame %u has %#x at %u, not %#x", seq, frame[at], at,
			    byte_of(seq, at));
	return seq;
}

void netdev_mac(const char *name, uint8_t *mac)
{
	struct ifreq request = {};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &request))
		die("%s has no address: %s", name, strerror(errno));
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
	close(fd);
}

static int packet_socket(const char *name, uint16_t type)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(type),
		.sll_ifindex = netdev(name),
	};
	int fd, one = 1, size = 64 << 20;

	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("no socket at %s: %s", name, strerror(errno));
	return fd;
}

void command_send(char **argv)
{
	static uint8_t frame[MAX_FRAME];
	unsigned int count, len, pause;
	uint8_t src[6], dst[6];
	uint32_t seq;
	int fd;

	parse_mac(argv[0] ? argv[1] : NULL, dst);
	count = number(argv[2]);
	len = number(argv[3]);
	pause = argv[4] ? number(argv[4]) : 0;
	if (len < HEADER || len > MAX_FRAME)
		die("no frame has %u bytes", len);
	netdev_mac(argv[0], src);
	fd = packet_socket(argv[0], 0);
	for (seq = 0; seq < count; seq++) {
		frame_make(frame, dst, src, seq, len);
		while (send(fd, frame, len, 0) < 0) {
			if (errno != ENOBUFS && errno != EAGAIN)
				die("frame %u is not sent: %s", seq, strerror(errno));
			usleep(100);
		}
		/* A receiver's ring is not to run over: it is not what is tested here. */
		if (pause || seq % 32 == 31)
			usleep(pause ?: 2000);
	}
}

void command_receive(char **argv)
{
	static uint8_t frame[MAX_FRAME];
	unsigned int count, len, got = 0;
	struct pollfd pollfd;
	uint64_t end;
	bool *seen;

	if (!argv[0])
		die("receive NETDEV COUNT LENGTH");
	count = number(argv[1]);
	len = number(argv[2]);
	seen = calloc(count, sizeof(*seen));
	pollfd = (struct pollfd){ .fd = packet_socket(argv[0], ETH_TYPE), .events = POLLIN };
	puts("ready");
	fflush(stdout);
	for (end = clock_ms() + WAIT_MS; seen && got < count && clock_ms() < end;) {
		ssize_t size;
		int seq;

		if (poll(&pollfd, 1, 100) <= 0)
			continue;
		size = recv(pollfd.fd, frame, sizeof(frame), MSG_DONTWAIT);
		if (size < 0)
			continue;
		seq = frame_check(frame, size, len, count);
		if (seq >= 0 && !seen[seq]) {
			seen[seq] = true;
			got++;
		}
	}
	printf("%u frames\n", got);
	if (got != count)
		die("%u of %u frames came", got, count);
}
