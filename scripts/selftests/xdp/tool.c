// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests of XDP need beside ip: programs, maps, frames with known contents, and an AF_XDP
 * socket.
 *
 *   load PATH [frags] [bound NETDEV] [tc] STEP... ACTION    pin a program, see program.c
 *   map PATH devmap NETDEV | cpumap CPU | xskmap | hints    pin a map, with its entry 0
 *   hints PATH                                              what a program noted in such a map
 *   send NETDEV MAC COUNT LENGTH [PAUSE]                    frames of the local experimental type
 *   receive NETDEV COUNT LENGTH                             until all of these have come
 *   socket NETDEV QUEUE MAP receive | send | echo ...       see socket.c
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool.h"

void die(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

unsigned long number(const char *text)
{
	unsigned long value;
	char *end;

	if (!text)
		die("a number is missing");
	value = strtoul(text, &end, 0);
	if (*end || end == text)
		die("%s is not a number", text);
	return value;
}

void parse_mac(const char *text, uint8_t *mac)
{
	if (!text || sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2],
			    &mac[3], &mac[4], &mac[5]) != 6)
		die("%s is not an address", text ?: "nothing");
}

unsigned int netdev(const char *name)
{
	unsigned int ifindex = name ? if_nametoindex(name) : 0;

	if (!ifindex)
		die("no netdev %s", name ?: "is named");
	return ifindex;
}

uint64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

static void make_devmap(const char *path, const char *name)
{
	struct bpf_devmap_val value = { .ifindex = netdev(name) };
	uint32_t key = 0;
	int fd;

	fd = map_create(BPF_MAP_TYPE_DEVMAP, sizeof(value), 1, "devmap");
	map_set(fd, &key, &value);
	object_pin(fd, path);
}

static void make_cpumap(const char *path, uint32_t cpu)
{
	struct bpf_cpumap_val value = { .qsize = 512 };
	int fd;

	fd = map_create(BPF_MAP_TYPE_CPUMAP, sizeof(value), cpu + 1, "cpumap");
	map_set(fd, &cpu, &value);
	object_pin(fd, path);
}

static void command_map(char **argv)
{
	if (!argv[0] || !argv[1])
		die("map PATH KIND");
	if (!strcmp(argv[1], "devmap"))
		make_devmap(argv[0], argv[2]);
	else if (!strcmp(argv[1], "cpumap"))
		make_cpumap(argv[0], number(argv[2]));
	else if (!strcmp(argv[1], "xskmap"))
		object_pin(map_create(BPF_MAP_TYPE_XSKMAP, 4, 16, "xskmap"), argv[0]);
	else if (!strcmp(argv[1], "hints"))
		object_pin(map_create(BPF_MAP_TYPE_ARRAY, sizeof(struct hints), 1, "hints"),
			   argv[0]);
	else
		die("no map of the kind %s", argv[1]);
}

static void command_hints(char **argv)
{
	struct hints hints;
	uint32_t key = 0;

	if (!argv[0])
		die("hints PATH");
	map_get(map_open(argv[0]), &key, &hints);
	if (hints.hash_error)
		printf("hash error %d\n", -hints.hash_error);
	else
		printf("hash %#x type %#x\n", hints.hash, hints.hash_type);
	if (hints.vlan_error)
		printf("vlan error %d\n", -hints.vlan_error);
	else
		printf("vlan %#x id %u\n", ntohs(hints.vlan_proto), hints.vlan_tci & 0xfff);
	if (hints.time_error)
		printf("time error %d\n", -hints.time_error);
	else
		printf("time %llu\n", (unsigned long long)hints.time);
}

static const struct {
	const char *name;
	void (*run)(char **argv);
} commands[] = {
	{ "load", command_load },
	{ "map", command_map },
	{ "hints", command_hints },
	{ "send", command_send },
	{ "receive", command_receive },
	{ "socket", command_socket },
};

int main(int argc, char **argv)
{
	unsigned int i;

	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(argv[1], commands[i].name)) {
			commands[i].run(argv + 2);
			return 0;
		}
	}
	die("no command %s", argc > 1 ? argv[1] : "is named");
}
