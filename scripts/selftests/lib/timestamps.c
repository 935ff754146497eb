// SPDX-License-Identifier: GPL-2.0
/*
 * Clocks and time stamps, for the test `timestamps`, which builds it.
 *
 *	ahead CLOCK [CLOCK]	ns that CLOCK is ahead of the other, or of CLOCK_REALTIME
 *	steady CLOCK		read it for a while: it never goes back
 *	rate CLOCK		ppb that it is faster than CLOCK_MONOTONIC_RAW, over two seconds
 *	set CLOCK NS		set it
 *	step CLOCK NS		put it forward or back
 *	adjust CLOCK PPB	let it run faster or slower
 *	hold CLOCK		open it, say so, and after a line on stdin read it
 *	filter NETDEV TX RX	set hwtstamp_config, print what it has become
 *	config NETDEV		print it: tx_type, rx_filter
 *	stats NETDEV		print time stamps that were told and those that were lost
 *	exchange CLOCK FROM TO IP NUM
 *				NUM datagrams from the namespace FROM to the address IP in the
 *				namespace TO; of each a line: CLOCK before, when it was sent, when
 *				received, and CLOCK after
 *
 * CLOCK is a device.  What is not told is "-".  Errors are told as errno names them.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timex.h>

#include <linux/ethtool_netlink.h>
#include <linux/errqueue.h>
#include <linux/genetlink.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>

#define SECOND		1000000000LL
#define PORT		9999
#define WAIT_MS		5000
/* A time stamp comes soon after its frame, or not at all. */
#define STAMP_WAIT_MS	1500

static void fail(const char *what)
{
	printf("%s: %s\n", what, strerrorname_np(errno) ?: "?");
	exit(1);
}

static long long number(const char *text)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end)
		fail(text);
	return value;
}

/* --- clocks */

static long long now(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts))
		fail("clock_gettime");
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

static int open_device(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		fail(path);
	return fd;
}

static clockid_t clock_of(const char *path)
{
	/* As clock_getres(2) has it. */
	return ((clockid_t)~open_device(path, O_RDWR) << 3) | 3;
}

/**
 * struct pair - two clocks at one time
 * @a: one
 * @b: the other, in the middle between two reads of it
 * @doubt: by how much @b may be wrong, either way
 */
struct pair {
	long long a;
	long long b;
	long long doubt;
};

/* The best of some tries: others want the processor too. */
static struct pair read_pair(clockid_t a, clockid_t b)
{
	struct pair best = { .doubt = LLONG_MAX / 2 };
	unsigned int i;

	for (i = 0; i < 50; i++) {
		long long before = now(b), at = now(a), after = now(b);

		if (after - before < 2 * best.doubt)
			best = (struct pair){ at, before + (after - before) / 2,
					      (after - before + 1) / 2 };
	}
	return best;
}

static void ahead(char **arg)
{
	clockid_t other = arg[1] ? clock_of(arg[1]) : CLOCK_REALTIME;
	struct pair pair = read_pair(clock_of(arg[0]), other);

	printf("%lld\n", pair.a - pair.b);
}

static void steady(char **arg)
{
	clockid_t clock = clock_of(arg[0]);
	long long end = now(CLOCK_MONOTONIC) + SECOND / 2, first = now(clock), last = first, next;

	while (now(CLOCK_MONOTONIC) < end) {
		next = now(clock);
		if (next < last) {
			printf("went back from %lld to %lld\n", last, next);
			exit(1);
		}
		last = next;
	}
	if (last == first) {
		printf("stands still at %lld\n", last);
		exit(1);
	}
}

static void rate(char **arg)
{
	clockid_t clock = clock_of(arg[0]);
	struct pair first = read_pair(clock, CLOCK_MONOTONIC_RAW), last;
	double elapsed;

	usleep(2000000);
	last = read_pair(clock, CLOCK_MONOTONIC_RAW);
	elapsed = last.b - first.b;
	/* Worse than a tenth of a percent says nothing. */
	if (first.doubt + last.doubt > elapsed / 1000) {
		printf("the clocks cannot be compared: %lld ns in doubt\n",
		       first.doubt + last.doubt);
		exit(1);
	}
	printf("%.0f\n", (last.a - first.a - elapsed) / elapsed * 1e9);
}

static void set(char **arg)
{
	long long ns = number(arg[1]);
	struct timespec ts = { ns / SECOND, ns % SECOND };

	if (clock_settime(clock_of(arg[0]), &ts))
		fail("clock_settime");
}

static void adjtime_or_fail(const char *path, struct timex *tx)
{
	if (clock_adjtime(clock_of(path), tx) < 0)
		fail("clock_adjtime");
}

static void step(char **arg)
{
	long long ns = number(arg[1]);
	struct timex tx = { .modes = ADJ_SETOFFSET | ADJ_NANO };

	tx.time.tv_sec = ns / SECOND;
	tx.time.tv_usec = ns % SECOND;
	if (tx.time.tv_usec < 0) {
		tx.time.tv_sec--;
		tx.time.tv_usec += SECOND;
	}
	adjtime_or_fail(arg[0], &tx);
}

static void adjust(char **arg)
{
	struct timex tx = { .modes = ADJ_FREQUENCY };

	/* In 2^-16 ppm. */
	tx.freq = number(arg[1]) * 65536 / 1000;
	adjtime_or_fail(arg[0], &tx);
}

static void hold(char **arg)
{
	clockid_t clock = clock_of(arg[0]);
	char c;

	now(clock);
	printf("open\n");
	fflush(stdout);
	while (read(0, &c, 1) == 1 && c != '\n')
		;
	printf("%lld\n", now(clock));
}

/* --- network devices */

static int hwtstamp(const char *netdev, unsigned long request, struct hwtstamp_config *config)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = { .ifr_data = (char *)config };

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", netdev);
	return ioctl(fd, request, &ifr);
}

static void filter(char **arg)
{
	struct hwtstamp_config config = { .tx_type = number(arg[1]), .rx_filter = number(arg[2]) };

	if (hwtstamp(arg[0], SIOCSHWTSTAMP, &config))
		fail("SIOCSHWTSTAMP");
	printf("%d %d\n", config.tx_type, config.rx_filter);
}

static void config(char **arg)
{
	struct hwtstamp_config config;

	if (hwtstamp(arg[0], SIOCGHWTSTAMP, &config))
		fail("SIOCGHWTSTAMP");
	printf("%d %d\n", config.tx_type, config.rx_filter);
}

/* Newer than the headers of Debian 12. */
#define A_TSINFO_STATS		6
#define A_TS_STAT_TX_PKTS	1
#define A_TS_STAT_TX_LOST	2

/**
 * struct message - a generic netlink message on its way
 * @nlh: its header
 * @genl: and the other
 * @data: attributes
 */
struct message {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char data[4096];
};

static struct nlattr *put(struct message *msg, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = (void *)msg + NLMSG_ALIGN(msg->nlh.nlmsg_len);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((void *)attr + NLA_HDRLEN, data, len);
	msg->nlh.nlmsg_len = NLMSG_ALIGN(msg->nlh.nlmsg_len) + NLA_ALIGN(attr->nla_len);
	return attr;
}

/* The attribute of a type among @len bytes of them, or NULL. */
static struct nlattr *find(void *at, size_t len, uint16_t type)
{
	while (len >= NLA_HDRLEN) {
		struct nlattr *attr = at;
		size_t size = NLA_ALIGN(attr->nla_len);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > len)
			break;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		if (size >= len)
			break;
		at += size;
		len -= size;
	}
	return NULL;
}

static void ask(int fd, struct message *msg)
{
	ssize_t len;

	if (send(fd, msg, msg->nlh.nlmsg_len, 0) < 0)
		fail("send");
	len = recv(fd, msg, sizeof(*msg), 0);
	if (len < (ssize_t)NLMSG_HDRLEN)
		fail("recv");
	if (msg->nlh.nlmsg_type == NLMSG_ERROR) {
		errno = -*(int *)NLMSG_DATA(&msg->nlh);
		fail("netlink");
	}
}

static void start(struct message *msg, uint16_t family, uint8_t cmd)
{
	*msg = (struct message){
		.nlh = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = family,
			 .nlmsg_flags = NLM_F_REQUEST },
		.genl = { .cmd = cmd, .version = 1 },
	};
}

static struct nlattr *found(struct message *msg, uint16_t type)
{
	struct nlattr *attr = find(msg->data, msg->nlh.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN),
				   type);

	if (!attr) {
		printf("no attribute %u\n", type);
		exit(1);
	}
	return attr;
}

static unsigned long long stat_of(struct nlattr *stats, uint16_t type)
{
	struct nlattr *attr = find((void *)stats + NLA_HDRLEN, stats->nla_len - NLA_HDRLEN, type);
	unsigned long long value = 0;

	if (!attr) {
		printf("no statistic %u\n", type);
		exit(1);
	}
	memcpy(&value, (void *)attr + NLA_HDRLEN, attr->nla_len - NLA_HDRLEN);
	return value;
}

static void stats(char **arg)
{
	uint32_t index = if_nametoindex(arg[0]), flags = ETHTOOL_FLAG_STATS;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	struct nlattr *header, *told;
	struct message msg;
	uint16_t family;

	start(&msg, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	put(&msg, CTRL_ATTR_FAMILY_NAME, ETHTOOL_GENL_NAME, sizeof(ETHTOOL_GENL_NAME));
	ask(fd, &msg);
	family = *(uint16_t *)((void *)found(&msg, CTRL_ATTR_FAMILY_ID) + NLA_HDRLEN);

	start(&msg, family, ETHTOOL_MSG_TSINFO_GET);
	header = put(&msg, ETHTOOL_A_TSINFO_HEADER | NLA_F_NESTED, NULL, 0);
	put(&msg, ETHTOOL_A_HEADER_DEV_INDEX, &index, sizeof(index));
	put(&msg, ETHTOOL_A_HEADER_FLAGS, &flags, sizeof(flags));
	header->nla_len = (void *)&msg + msg.nlh.nlmsg_len - (void *)header;
	ask(fd, &msg);
	told = found(&msg, A_TSINFO_STATS);
	printf("%llu %llu\n", stat_of(told, A_TS_STAT_TX_PKTS),
	       stat_of(told, A_TS_STAT_TX_LOST));
}

/* --- frames */

/* A socket in a namespace that tells hardware time stamps. */
static int socket_in(const char *namespace)
{
	int flags = SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE |
		    SOF_TIMESTAMPING_RAW_HARDWARE;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	if (setns(open_device(path, O_RDONLY), CLONE_NEWNET))
		fail("setns");
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags)))
		fail("SO_TIMESTAMPING");
	return fd;
}

/* The hardware time stamp in a message, or 0. */
static long long stamp_of(struct msghdr *msg)
{
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		struct scm_timestamping times;

		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SO_TIMESTAMPING)
			continue;
		memcpy(&times, CMSG_DATA(cmsg), sizeof(times));
		return times.ts[2].tv_sec * SECOND + times.ts[2].tv_nsec;
	}
	return 0;
}

/* Receive a message; false if there is none. */
static bool receive(int fd, int flags, long long *stamp)
{
	char data[2048], control[512];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};

	if (recvmsg(fd, &msg, flags | MSG_DONTWAIT) < 0)
		return false;
	*stamp = stamp_of(&msg);
	return true;
}

static bool wait_for(int fd, int flags, short events, int ms, long long *stamp)
{
	long long end = now(CLOCK_MONOTONIC) + ms * (SECOND / 1000);
	struct pollfd pfd = { .fd = fd, .events = events };

	while (!receive(fd, flags, stamp)) {
		if (now(CLOCK_MONOTONIC) > end)
			return false;
		poll(&pfd, 1, 50);
	}
	return true;
}

static void print_stamp(long long stamp, const char *end)
{
	if (stamp)
		printf("%lld%s", stamp, end);
	else
		printf("-%s", end);
}

static void exchange(char **arg)
{
	int from = socket_in(arg[1]), to = socket_in(arg[2]);
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	clockid_t clock = clock_of(arg[0]);
	long long i;

	inet_pton(AF_INET, arg[3], &addr.sin_addr);
	if (bind(to, (struct sockaddr *)&addr, sizeof(addr)))
		fail("bind");
	for (i = 0; i < number(arg[4]); i++) {
		long long before = now(clock), sent = 0, received = 0;

		if (sendto(from, "when?", 5, 0, (struct sockaddr *)&addr, sizeof(addr)) < 0)
			fail("sendto");
		if (!wait_for(to, 0, POLLIN, WAIT_MS, &received)) {
			errno = ETIMEDOUT;
			fail("recvmsg");
		}
		wait_for(from, MSG_ERRQUEUE, 0, STAMP_WAIT_MS, &sent);
		printf("%lld ", before);
		print_stamp(sent, " ");
		print_stamp(received, " ");
		print_stamp(now(clock), "\n");
	}
}

static const struct command {
	const char *name;
	void (*run)(char **arg);
	int min, max;
} commands[] = {
	{ "ahead", ahead, 1, 2 },
	{ "steady", steady, 1, 1 },
	{ "rate", rate, 1, 1 },
	{ "set", set, 2, 2 },
	{ "step", step, 2, 2 },
	{ "adjust", adjust, 2, 2 },
	{ "hold", hold, 1, 1 },
	{ "filter", filter, 3, 3 },
	{ "config", config, 1, 1 },
	{ "stats", stats, 1, 1 },
	{ "exchange", exchange, 5, 5 },
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *command = &commands[i];

		if (strcmp(command->name, argv[1]))
			continue;
		if (argc - 2 < command->min || argc - 2 > command->max)
			break;
		command->run(argv + 2);
		return 0;
	}
	fprintf(stderr, "usage: see the head of the source\n");
	return 2;
}
