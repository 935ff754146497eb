/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the tool share.  Whatever goes wrong ends it with a message. */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>
#include <stdint.h>

#define ETH_TYPE	0x88b5		/* local experimental */

void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);
unsigned long number(const char *text);
void parse_mac(const char *text, uint8_t *mac);
unsigned int netdev(const char *name);
uint64_t clock_ms(void);

/* bpf.c */
int map_open(const char *path);
void map_set(int fd, const void *key, const void *value);
void map_get(int fd, const void *key, void *value);
int map_create(unsigned int type, unsigned int value_size, unsigned int entries, const char *name);
void object_pin(int fd, const char *path);
struct bpf_insn;
int program_load(unsigned int type, const struct bpf_insn *insns, unsigned int num,
		 unsigned int flags, unsigned int ifindex);
int kernel_function(const char *name);

/* program.c */
void command_load(char **argv);

/* hints.c: what a program notes of a frame */
struct hints {
	int32_t hash_error;
	uint32_t hash;
	uint32_t hash_type;
	int32_t vlan_error;
	uint16_t vlan_proto;
	uint16_t vlan_tci;
	int32_t time_error;
	uint64_t time;
};

/* frames.c */
void frame_make(uint8_t *frame, const uint8_t *dst, const uint8_t *src, uint32_t seq,
		unsigned int len);
int frame_check(const uint8_t *frame, unsigned int len, unsigned int want, uint32_t count);
void netdev_mac(const char *name, uint8_t *mac);
void command_send(char **argv);
void command_receive(char **argv);

/* socket.c */
void command_socket(char **argv);

#endif
