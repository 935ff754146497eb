// SPDX-License-Identifier: GPL-2.0
/*
 * hostile [--seed N] [--ops N] [--seconds N] ATTACKER NEIGHBOUR NEIGHBOUR: PCI addresses, bound
 * to vfio-pci.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "hostile.h"

#define CHECK_EVERY	2000
#define PEACE_MS	2000	/* before the attack */

static struct {
	uint64_t seed;
	unsigned long ops;
	unsigned long seconds;
} option = { .seed = 1, .ops = 50000 };

static void attack(void *arg)
{
	uint64_t end = option.seconds ? clock_ms() + option.seconds * 1000 : UINT64_MAX;
	unsigned long i;

	(void)arg;
	for (i = 0; i < option.ops && clock_ms() < end; i++) {
		if (i % CHECK_EVERY == 0 && !attack_sign_of_life())
			return;
		if (!attack_step())
			return;
	}
	CHECK(i >= option.ops / 10, "%lu steps in %lu s", i, option.seconds);
	attack_sign_of_life();
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "ops", required_argument, NULL, 'o' },
		{ "seconds", required_argument, NULL, 't' },
		{ }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			option.seed = strtoull(optarg, NULL, 0);
			break;
		case 'o':
			option.ops = strtoul(optarg, NULL, 0);
			break;
		case 't':
			option.seconds = strtoul(optarg, NULL, 0);
			break;
		default:
			exit(98);
		}
	}
	if (argc - optind != 3)
		die("usage: hostile [--seed N] [--ops N] [--seconds N] VF VF VF");
}

/* Zero is the one state that the dice do not leave. */
static uint64_t seed(unsigned int thread)
{
	return ((option.seed + 1) * 0x9e3779b97f4a7c15ull + thread) | 1;
}

static void neighbour_open(struct station *st, const char *name, uint64_t iova)
{
	const char *why;

	station_open(st, name, 8, iova);
	why = station_up(st, 2048);
	if (why)
		die("%s: %s", name, why);
}

int main(int argc, char **argv)
{
	static struct station neighbour[2];
	struct space space;
	uint64_t begin;
	uint8_t mac[6];

	parse(argc, argv);
	neighbour_open(&neighbour[0], argv[optind + 1], 0x10000000);
	neighbour_open(&neighbour[1], argv[optind + 2], 0x700000000000);
	space_open(&space);
	attack_open(argv[optind], &space, seed(2), mac);
	neighbours_start(&neighbour[0], &neighbour[1], mac, seed(1));
	attack_prepare();
	neighbours_in_peace(PEACE_MS);
	memory_shift_start(seed(3));
	begin = clock_ms();
	case_run("device-survives", attack, NULL);
	printf("# %llu s\n", (unsigned long long)(clock_ms() - begin) / 1000);
	printf("# %lu pages mapped and unmapped meanwhile\n", memory_shift_stop());
	neighbours_under_attack(clock_ms() - begin);
	attack_close();
	neighbours_stop();

	case_run("neighbours-undisturbed", neighbours_check, NULL);
	case_run("unmapped-memory-untouched", memory_check_closed, NULL);
	case_run("read-only-memory-untouched", memory_check_read_only, NULL);
	case_run("unnamed-memory-untouched", memory_check_far, NULL);
	case_run("no-access-after-unmap", memory_check_shifted, NULL);
	case_run("no-leak", memory_check_leaks, NULL);
	attack_summary();
	neighbours_summary();
	station_close(&neighbour[0]);
	station_close(&neighbour[1]);
	space_close(&space);
	return case_summary();
}
