// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU that counts how often each instruction of the emulated kernel is executed:
 *
 *	qemu-system-x86_64 -plugin count.so,out=FILE ...
 *
 * It counts while a program in there wants it to: the program says so, and that it is enough, by an
 * instruction that does nothing, see mark() in flood.c.  When QEMU ends, FILE has a line for each
 * instruction: address and number of times.  For one processor.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

/* The kernel and its modules are above. */
#define KERNEL		0xffffffff80000000
#define TABLE_BITS	21
#define TABLE_SIZE	(2ul << (TABLE_BITS - 1))

struct count {
	uint64_t address;
	uint64_t times;
};

const int qemu_plugin_version = 4;
static struct count table[TABLE_SIZE];
static size_t used;
static bool counting;
static const char *out;

static struct count *count_of(uint64_t address)
{
	size_t i = address * 0x9e3779b97f4a7c15 >> (64 - TABLE_BITS);

	while (table[i].address && table[i].address != address)
		i = (i + 1) % TABLE_SIZE;
	if (!table[i].address && ++used > TABLE_SIZE / 2) {
		fprintf(stderr, "count: too many instructions\n");
		exit(1);
	}
	table[i].address = address;
	return &table[i];
}

static void executed(unsigned int cpu, void *arg)
{
	struct count *count = arg;

	(void)cpu;
	count->times += counting;
}

static void marked(unsigned int cpu, void *arg)
{
	(void)cpu;
	(void)arg;
	counting = !counting;
}

/* xchg %rcx, %rcx */
static bool is_mark(const struct qemu_plugin_insn *insn)
{
	unsigned char code[3];

	return qemu_plugin_insn_data(insn, code, sizeof(code)) == sizeof(code) &&
	       !memcmp(code, "\x48\x87\xc9", sizeof(code));
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, num = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (i = 0; i < num; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		if (address >= KERNEL)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, 0,
							       count_of(address));
		else if (is_mark(insn))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, marked, 0, NULL);
	}
}

static void ended(qemu_plugin_id_t id, void *arg)
{
	FILE *file = fopen(out, "w");
	size_t i;

	(void)id;
	(void)arg;
	for (i = 0; file && i < TABLE_SIZE; i++)
		if (table[i].times)
			fprintf(file, "%llx %llu\n", (unsigned long long)table[i].address,
				(unsigned long long)table[i].times);
	if (!file || fclose(file))
		perror(out);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "count: out=FILE is missing\n");
		return 1;
	}
	out = strdup(argv[0] + 4);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
