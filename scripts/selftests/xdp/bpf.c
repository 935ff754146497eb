// SPDX-License-Identifier: GPL-2.0
/* The bpf system call, and the kernel's types as far as they are needed. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool.h"

static char verifier_log[1 << 16];

static int sys_bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

int map_create(unsigned int type, unsigned int value_size, unsigned int entries, const char *name)
{
	union bpf_attr attr = {
		.map_type = type,
		.key_size = 4,
		.value_size = value_size,
		.max_entries = entries,
	};
	int fd;

	snprintf(attr.map_name, sizeof(attr.map_name), "%s", name);
	fd = sys_bpf(BPF_MAP_CREATE, &attr);
	if (fd < 0)
		die("no map: %s", strerror(errno));
	return fd;
}

int map_open(const char *path)
{
	union bpf_attr attr = { .pathname = (uintptr_t)path };
	int fd;

	fd = sys_bpf(BPF_OBJ_GET, &attr);
	if (fd < 0)
		die("%s cannot be opened: %s", path, strerror(errno));
	return fd;
}

void object_pin(int fd, const char *path)
{
	union bpf_attr attr = { .pathname = (uintptr_t)path, .bpf_fd = fd };

	unlink(path);
	if (sys_bpf(BPF_OBJ_PIN, &attr))
		die("%s cannot be pinned: %s", path, strerror(errno));
}

void map_set(int fd, const void *key, const void *value)
{
	union bpf_attr attr = {
		.map_fd = fd,
		.key = (uintptr_t)key,
		.value = (uintptr_t)value,
	};

	if (sys_bpf(BPF_MAP_UPDATE_ELEM, &attr))
		die("the map does not take that: %s", strerror(errno));
}

void map_get(int fd, const void *key, void *value)
{
	union bpf_attr attr = {
		.map_fd = fd,
		.key = (uintptr_t)key,
		.value = (uintptr_t)value,
	};

	if (sys_bpf(BPF_MAP_LOOKUP_ELEM, &attr))
		die("the map has no such entry: %s", strerror(errno));
}

int program_load(unsigned int type, const struct bpf_insn *insns, unsigned int num,
		 unsigned int flags, unsigned int ifindex)
{
	union bpf_attr attr = {
		.prog_type = type,
		.insns = (uintptr_t)insns,
		.insn_cnt = num,
		.license = (uintptr_t)"GPL",
		.prog_flags = flags,
		.prog_ifindex = ifindex,
		.expected_attach_type = type == BPF_PROG_TYPE_XDP ? BPF_XDP : 0,
		.log_buf = (uintptr_t)verifier_log,
		.log_size = sizeof(verifier_log),
		.log_level = 1,
	};
	int fd;

	fd = sys_bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0)
		die("the program is refused: %s\n%s", strerror(errno), verifier_log);
	return fd;
}

/* Bytes that follow a type, by its kind. */
static size_t type_extra(const struct btf_type *type)
{
	unsigned int num = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return num * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return num * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return num * sizeof(struct btf_param);
	case BTF_KIND_VAR:
		return sizeof(struct btf_var);
	case BTF_KIND_DATASEC:
		return num * sizeof(struct btf_var_secinfo);
	case BTF_KIND_DECL_TAG:
		return sizeof(struct btf_decl_tag);
	case 19: /* 64-bit enumeration */
		return num * 12;
	default:
		return 0;
	}
}

static void *read_file(const char *path)
{
	struct stat stat;
	char *data;
	ssize_t got;
	size_t at;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &stat))
		die("%s: %s", path, strerror(errno));
	data = malloc(stat.st_size);
	for (at = 0; data && at < (size_t)stat.st_size; at += got) {
		got = read(fd, data + at, stat.st_size - at);
		if (got <= 0)
			die("%s ends after %zu bytes", path, at);
	}
	close(fd);
	return data;
}

/* The number of a function that programs may call, in the kernel's own types. */
int kernel_function(const char *name)
{
	struct btf_header *header = read_file("/sys/kernel/btf/vmlinux");
	char *types = (char *)header + header->hdr_len + header->type_off;
	char *strings = (char *)header + header->hdr_len + header->str_off;
	struct btf_type *type;
	uint32_t at;
	int id = 1;

	for (at = 0; at < header->type_len; at += sizeof(*type) + type_extra(type), id++) {
		type = (struct btf_type *)(types + at);
		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(strings + type->name_off, name))
			return id;
	}
	die("the kernel has no %s", name);
}
