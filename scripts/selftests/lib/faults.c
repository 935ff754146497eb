// SPDX-License-Identifier: GPL-2.0
/*
 * faults [-s STEP] OPERATION...: carry out an operation again and again, each time with another of
 * the memory allocations that modules make for it refused: the first, the second and so on, until
 * it needs fewer.  STEP percent more each time, not only one more, if there are many.
 *
 *   write FILE TEXT [BEFORE]   write to an attribute, that says BEFORE if it is one to be read
 *   bind DRIVER ADDRESS        bind the device to the driver, whose folder in sysfs is given
 *   up NETDEV                  set it up
 *   rings NETDEV SIZE          rings of this size, and then again as they were
 *   channels NETDEV NUMBER
 *   module FILE [PARAMETERS]   load it
 *
 * What failed must have changed nothing: that is looked at.  The exit status is 1 if it has.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int control;		/* /proc/thread-self/fail-nth */
static int sock;
static const char *target;	/* the netdev, or the file */
static const char *text, *before;
static unsigned int number, old_number;

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* --- which allocation is refused */

static void refuse(unsigned int nth)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%u", nth);

	if (pwrite(control, buf, len, 0) != len)
		die("fail-nth: %s", strerror(errno));
}

/* Were there so many?  Refuses no more. */
static bool refused(void)
{
	char buf[16] = "";

	if (pread(control, buf, sizeof(buf) - 1, 0) < 0)
		die("fail-nth: %s", strerror(errno));
	refuse(0);
	return atoi(buf) == 0;
}

/* --- operations: 0 or an error; each is told whether it is to be done or undone */

static int ask_netdev(unsigned long request, struct ifreq *ifr)
{
	snprintf(ifr->ifr_name, IFNAMSIZ, "%s", target);
	return ioctl(sock, request, ifr) ? errno : 0;
}

static int ask_ethtool(void *command)
{
	struct ifreq ifr = { .ifr_data = command };

	return ask_netdev(SIOCETHTOOL, &ifr);
}

static void must(int err)
{
	if (err)
		die("%s: %s", target, strerror(err));
}

static int write_to(const char *path, const char *what)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, what, strlen(what)) < 0)
		err = errno;
	close(fd);
	return err;
}

static int op_write(bool undo)
{
	if (undo && !before)
		return 0;
	return write_to(target, undo ? before : text);
}

static bool is_write(bool done)
{
	const char *wanted = done ? text : before;
	char buf[64] = "";
	int fd;

	if (!before)
		return true;
	fd = open(target, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, buf, sizeof(buf) - 1) < 0)
		die("%s: %s", target, strerror(errno));
	close(fd);
	buf[strcspn(buf, "\n")] = 0;
	return !strcmp(buf, wanted);
}

static const char *in_target(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", target, name);
	return path;
}

static int op_bind(bool undo)
{
	return write_to(in_target(undo ? "unbind" : "bind"), text);
}

static bool is_bind(bool done)
{
	return !access(in_target(text), F_OK) == done;
}

static int op_up(bool undo)
{
	struct ifreq ifr = {};

	must(ask_netdev(SIOCGIFFLAGS, &ifr));
	ifr.ifr_flags = undo ? ifr.ifr_flags & ~IFF_UP : ifr.ifr_flags | IFF_UP;
	return ask_netdev(SIOCSIFFLAGS, &ifr);
}

static bool is_up(bool done)
{
	struct ifreq ifr = {};

	must(ask_netdev(SIOCGIFFLAGS, &ifr));
	return !!(ifr.ifr_flags & IFF_UP) == done;
}

static unsigned int get_rings(void)
{
	struct ethtool_ringparam rings = { .cmd = ETHTOOL_GRINGPARAM };

	must(ask_ethtool(&rings));
	return rings.rx_pending == rings.tx_pending ? rings.rx_pending : 0;
}

static int op_rings(bool undo)
{
	struct ethtool_ringparam rings = { .cmd = ETHTOOL_GRINGPARAM };

	must(ask_ethtool(&rings));
	rings.cmd = ETHTOOL_SRINGPARAM;
	rings.rx_pending = undo ? old_number : number;
	rings.tx_pending = rings.rx_pending;
	return ask_ethtool(&rings);
}

static bool is_rings(bool done)
{
	return get_rings() == (done ? number : old_number);
}

static unsigned int get_channels(void)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };

	must(ask_ethtool(&channels));
	return channels.combined_count;
}

static int op_channels(bool undo)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };

	must(ask_ethtool(&channels));
	channels.cmd = ETHTOOL_SCHANNELS;
	channels.combined_count = undo ? old_number : number;
	return ask_ethtool(&channels);
}

static bool is_channels(bool done)
{
	return get_channels() == (done ? number : old_number);
}

/* The module's name is the file's, without what follows the first dot. */
static const char *module_name(void)
{
	static char name[64];
	const char *slash = strrchr(target, '/');

	snprintf(name, sizeof(name), "%s", slash ? slash + 1 : target);
	name[strcspn(name, ".")] = 0;
	return name;
}

static int op_module(bool undo)
{
	int fd, err = 0;

	if (undo)
		return syscall(SYS_delete_module, module_name(), O_NONBLOCK) ? errno : 0;
	fd = open(target, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", target, strerror(errno));
	if (syscall(SYS_finit_module, fd, text ?: "", 0))
		err = errno;
	close(fd);
	return err;
}

static bool is_module(bool done)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", module_name());
	return !access(path, F_OK) == done;
}

static const struct operation {
	const char *name;
	int (*run)(bool undo);
	bool (*is)(bool done);
	unsigned int (*get)(void);
} operations[] = {
	{ "write", op_write, is_write, NULL },
	{ "bind", op_bind, is_bind, NULL },
	{ "up", op_up, is_up, NULL },
	{ "rings", op_rings, is_rings, get_rings },
	{ "channels", op_channels, is_channels, get_channels },
	{ "module", op_module, is_module, NULL },
};

/* --- */

/* It may take a moment until what is to be undone can be. */
static void undo(const struct operation *op)
{
	struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	int tries, err = EAGAIN;

	for (tries = 0; tries < 100 && err; tries++) {
		err = op->run(true);
		if (err)
			nanosleep(&pause, NULL);
	}
	if (err || !op->is(false))
		die("%s: it cannot be undone: %s", op->name, strerror(err));
}

/* Was there an allocation to refuse?  @failed is whether the operation did not take it. */
static bool attempt(const struct operation *op, unsigned int nth, bool *failed)
{
	bool hit;
	int err;

	refuse(nth);
	err = op->run(false);
	hit = refused();
	if (err && !hit)
		die("%s fails though nothing was refused it: %s", op->name, strerror(err));
	if (!op->is(!err))
		die("%s: allocation %u refused, %s, but it is not as that says", op->name, nth,
		    err ? strerror(err) : "done");
	*failed = err;
	if (!err)
		undo(op);
	return hit;
}

static const struct operation *find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		if (!strcmp(operations[i].name, name))
			return &operations[i];
	die("no operation %s", name);
}

int main(int argc, char **argv)
{
	unsigned int nth, step = 0, tried = 0, failures = 0;
	const struct operation *op;
	bool failed;

	if (argc > 2 && !strcmp(argv[1], "-s")) {
		step = atoi(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (argc < 3)
		die("usage: faults [-s STEP] OPERATION TARGET [TEXT [BEFORE]]");
	op = find(argv[1]);
	target = argv[2];
	text = argc > 3 ? argv[3] : NULL;
	before = argc > 4 ? argv[4] : NULL;
	number = text ? atoi(text) : 0;

	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	control = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (sock < 0 || control < 0)
		die("no fault injection: %s", strerror(errno));
	if (op->get)
		old_number = op->get();
	if (!op->is(false))
		die("%s: it is not as it is said to be", op->name);

	for (nth = 1; attempt(op, nth, &failed); nth += 1 + nth * step / 100) {
		tried++;
		failures += failed;
	}
	printf("%u of %u allocations refused, %u times it failed\n", tried, nth - 1, failures);
	return tried ? 0 : 1;
}
