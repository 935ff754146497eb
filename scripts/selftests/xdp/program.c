// SPDX-License-Identifier: GPL-2.0
/*
 * Programs, put together from steps.  Each step works on what the one before left; where a frame is
 * too short for a step, or is of another kind, it is passed on.
 *
 *   type HEX        go on with frames of this EtherType only
 *   dst MAC         set the destination
 *   swap            exchange destination and source
 *   head N          move the frame's start, back for a negative N
 *   tail N          the same with its end
 *   wrap            put a copy of the addresses, and the local experimental type, before the frame
 *   meta N          put N before the frame, as metadata
 *   hints MAP       note what the adapter says of the frame
 *   marked N        (tc) go on with frames that have N as metadata only
 *
 * The action is `value N`, which is returned, or `redirect MAP KEY`.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <linux/bpf.h>
#include <linux/bpf_common.h>
#include <stddef.h>
#include <string.h>

#include "tool.h"

#define MAX_INSNS	256
#define MAX_JUMPS	32

/* Older headers lack it. */
#ifndef BPF_F_XDP_DEV_BOUND_ONLY
#define BPF_F_XDP_DEV_BOUND_ONLY	0x40
#endif

/* Register 6 holds the context throughout; 2 and 3 start and end of the frame within a step. */
struct program {
	struct bpf_insn insns[MAX_INSNS];
	unsigned int num;
	unsigned int jumps[MAX_JUMPS];
	unsigned int num_jumps;
	bool tc;
};

static void emit(struct program *prog, uint8_t code, uint8_t dst, uint8_t src, int16_t off,
		 int32_t imm)
{
	if (prog->num == MAX_INSNS)
		die("the program is too long");
	prog->insns[prog->num++] = (struct bpf_insn){
		.code = code,
		.dst_reg = dst,
		.src_reg = src,
		.off = off,
		.imm = imm,
	};
}

static void move(struct program *prog, uint8_t dst, uint8_t src)
{
	emit(prog, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

static void move_number(struct program *prog, uint8_t dst, int32_t value)
{
	emit(prog, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value);
}

static void add_number(struct program *prog, uint8_t dst, int32_t value)
{
	emit(prog, BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, value);
}

static void load(struct program *prog, uint8_t size, uint8_t dst, uint8_t src, int16_t off)
{
	emit(prog, BPF_LDX | BPF_MEM | size, dst, src, off, 0);
}

static void store(struct program *prog, uint8_t size, uint8_t dst, int16_t off, uint8_t src)
{
	emit(prog, BPF_STX | BPF_MEM | size, dst, src, off, 0);
}

static void call(struct program *prog, int function)
{
	emit(prog, BPF_JMP | BPF_CALL, 0, 0, 0, function);
}

static void load_map(struct program *prog, uint8_t dst, const char *path)
{
	if (!path)
		die("a map is missing");
	emit(prog, BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_FD, 0, map_open(path));
	emit(prog, 0, 0, 0, 0, 0);
}

/* Jump to where frames are passed on. */
static void pass_if(struct program *prog, uint8_t code, uint8_t dst, uint8_t src, int32_t imm)
{
	if (prog->num_jumps == MAX_JUMPS)
		die("the program has too many steps");
	prog->jumps[prog->num_jumps++] = prog->num;
	emit(prog, BPF_JMP | code, dst, src, 0, imm);
}

/* Registers 2 and 3, and a frame of @len bytes at least. */
static void need_bytes(struct program *prog, int len)
{
	if (prog->tc) {
		load(prog, BPF_W, 2, 6, offsetof(struct __sk_buff, data));
		load(prog, BPF_W, 3, 6, offsetof(struct __sk_buff, data_end));
	} else {
		load(prog, BPF_W, 2, 6, offsetof(struct xdp_md, data));
		load(prog, BPF_W, 3, 6, offsetof(struct xdp_md, data_end));
	}
	move(prog, 4, 2);
	add_number(prog, 4, len);
	pass_if(prog, BPF_JGT | BPF_X, 4, 3, 0);
}

static void step_type(struct program *prog, uint16_t type)
{
	need_bytes(prog, 14);
	load(prog, BPF_H, 5, 2, 12);
	pass_if(prog, BPF_JNE | BPF_K, 5, 0, htons(type));
}

static void step_dst(struct program *prog, const char *text)
{
	uint8_t mac[6];
	int i;

	parse_mac(text, mac);
	need_bytes(prog, 14);
	for (i = 0; i < 6; i++)
		emit(prog, BPF_ST | BPF_MEM | BPF_B, 2, 0, i, mac[i]);
}

/* Copy six bytes. */
static void copy_address(struct program *prog, int to, int from)
{
	load(prog, BPF_W, 4, 2, from);
	load(prog, BPF_H, 5, 2, from + 4);
	store(prog, BPF_W, 2, to, 4);
	store(prog, BPF_H, 2, to + 4, 5);
}

static void step_swap(struct program *prog)
{
	need_bytes(prog, 14);
	load(prog, BPF_W, 0, 2, 0);
	load(prog, BPF_H, 1, 2, 4);
	copy_address(prog, 0, 6);
	store(prog, BPF_W, 2, 6, 0);
	store(prog, BPF_H, 2, 10, 1);
}

/* Call bpf_xdp_adjust_head() and the like, and pass the frame on if it fails. */
static void step_adjust(struct program *prog, int function, int32_t by)
{
	move(prog, 1, 6);
	move_number(prog, 2, by);
	call(prog, function);
	pass_if(prog, BPF_JNE | BPF_K, 0, 0, 0);
}

static void step_wrap(struct program *prog)
{
	step_adjust(prog, BPF_FUNC_xdp_adjust_head, -14);
	need_bytes(prog, 28);
	copy_address(prog, 0, 14);
	copy_address(prog, 6, 20);
	emit(prog, BPF_ST | BPF_MEM | BPF_H, 2, 0, 12, htons(ETH_TYPE));
}

static void step_meta(struct program *prog, int32_t value)
{
	step_adjust(prog, BPF_FUNC_xdp_adjust_meta, -4);
	load(prog, BPF_W, 2, 6, offsetof(struct xdp_md, data_meta));
	load(prog, BPF_W, 3, 6, offsetof(struct xdp_md, data));
	move(prog, 4, 2);
	add_number(prog, 4, 4);
	pass_if(prog, BPF_JGT | BPF_X, 4, 3, 0);
	emit(prog, BPF_ST | BPF_MEM | BPF_W, 2, 0, 0, value);
}

static void step_marked(struct program *prog, int32_t value)
{
	load(prog, BPF_W, 2, 6, offsetof(struct __sk_buff, data_meta));
	load(prog, BPF_W, 3, 6, offsetof(struct __sk_buff, data));
	move(prog, 4, 2);
	add_number(prog, 4, 4);
	pass_if(prog, BPF_JGT | BPF_X, 4, 3, 0);
	load(prog, BPF_W, 5, 2, 0);
	pass_if(prog, BPF_JNE | BPF_K, 5, 0, value);
}

static_assert(sizeof(struct hints) % 8 == 0, "cleared in words of eight bytes");

/* Where a field of struct hints is on the stack, from register 10. */
#define ON_STACK(field)		((int)offsetof(struct hints, field) - (int)sizeof(struct hints))

static void call_kernel(struct program *prog, const char *name)
{
	emit(prog, BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, kernel_function(name));
}

static void point_to_stack(struct program *prog, uint8_t dst, int off)
{
	move(prog, dst, 10);
	add_number(prog, dst, off);
}

static void step_hints(struct program *prog, const char *path)
{
	int key = -(int)sizeof(struct hints) - 8;
	int off;

	for (off = key; off < 0; off += 8)
		emit(prog, BPF_ST | BPF_MEM | BPF_DW, 10, 0, off, 0);

	move(prog, 1, 6);
	point_to_stack(prog, 2, ON_STACK(hash));
	point_to_stack(prog, 3, ON_STACK(hash_type));
	call_kernel(prog, "bpf_xdp_metadata_rx_hash");
	store(prog, BPF_W, 10, ON_STACK(hash_error), 0);

	move(prog, 1, 6);
	point_to_stack(prog, 2, ON_STACK(vlan_proto));
	point_to_stack(prog, 3, ON_STACK(vlan_tci));
	call_kernel(prog, "bpf_xdp_metadata_rx_vlan_tag");
	store(prog, BPF_W, 10, ON_STACK(vlan_error), 0);

	move(prog, 1, 6);
	point_to_stack(prog, 2, ON_STACK(time));
	call_kernel(prog, "bpf_xdp_metadata_rx_timestamp");
	store(prog, BPF_W, 10, ON_STACK(time_error), 0);

	load_map(prog, 1, path);
	point_to_stack(prog, 2, key);
	point_to_stack(prog, 3, -(int)sizeof(struct hints));
	move_number(prog, 4, 0);
	call(prog, BPF_FUNC_map_update_elem);
}

/* One step at *@argv, which is moved on; false if it is none. */
static bool step(struct program *prog, char ***argv)
{
	const char *name = *(*argv)++, *arg = NULL;

	if (!strcmp(name, "swap")) {
		step_swap(prog);
		return true;
	}
	if (!strcmp(name, "wrap")) {
		step_wrap(prog);
		return true;
	}

	arg = *(*argv)++;
	if (!strcmp(name, "type"))
		step_type(prog, number(arg));
	else if (!strcmp(name, "dst"))
		step_dst(prog, arg);
	else if (!strcmp(name, "head"))
		step_adjust(prog, BPF_FUNC_xdp_adjust_head, number(arg));
	else if (!strcmp(name, "tail"))
		step_adjust(prog, BPF_FUNC_xdp_adjust_tail, number(arg));
	else if (!strcmp(name, "meta"))
		step_meta(prog, number(arg));
	else if (!strcmp(name, "marked"))
		step_marked(prog, number(arg));
	else if (!strcmp(name, "hints"))
		step_hints(prog, arg);
	else
		return false;
	return true;
}

static void finish(struct program *prog, char **argv)
{
	unsigned int i;

	if (!strcmp(argv[0], "value")) {
		move_number(prog, 0, number(argv[1]));
	} else if (!strcmp(argv[0], "redirect")) {
		load_map(prog, 1, argv[1]);
		move_number(prog, 2, number(argv[2]));
		move_number(prog, 3, 0);
		call(prog, BPF_FUNC_redirect_map);
	} else {
		die("no step or action %s", argv[0]);
	}
	emit(prog, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);

	/* What nothing jumps to the verifier does not take. */
	if (!prog->num_jumps)
		return;
	for (i = 0; i < prog->num_jumps; i++)
		prog->insns[prog->jumps[i]].off = prog->num - prog->jumps[i] - 1;
	move_number(prog, 0, prog->tc ? 0 : XDP_PASS);
	emit(prog, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

void command_load(char **argv)
{
	struct program prog = {};
	unsigned int flags = 0, ifindex = 0;
	const char *path = *argv++;

	for (; *argv; argv++) {
		if (!strcmp(*argv, "frags")) {
			flags |= BPF_F_XDP_HAS_FRAGS;
		} else if (!strcmp(*argv, "bound")) {
			flags |= BPF_F_XDP_DEV_BOUND_ONLY;
			ifindex = netdev(*++argv);
		} else if (!strcmp(*argv, "tc")) {
			prog.tc = true;
		} else {
			break;
		}
	}

	move(&prog, 6, 1);
	while (*argv) {
		char **at = argv;

		if (!step(&prog, &at)) {
			finish(&prog, argv);
			object_pin(program_load(prog.tc ? BPF_PROG_TYPE_SCHED_CLS :
						BPF_PROG_TYPE_XDP, prog.insns, prog.num, flags,
						ifindex), path);
			return;
		}
		argv = at;
	}
	die("load PATH STEP... ACTION");
}
