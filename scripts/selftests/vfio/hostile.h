/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of `hostile`.
 *
 * What the attacker sees of its memory is one range of pages, of which some are mapped, some
 * for reading only, and some not at all; then pages that a second thread maps and unmaps all
 * the time; and pages that are mapped but nobody ever tells the device of.
 */
#ifndef SELFTEST_HOSTILE_H
#define SELFTEST_HOSTILE_H

#include "dice.h"
#include "report.h"
#include "station.h"

/* Not found in any memory but what it stands for. */
#define MAGIC_NEIGHBOUR		0x9d1c52e7b0a4638full
#define MAGIC_SECRET		0x5ec2e7a11d0c83b6ull

/* --- memory of the attacker (hostile_memory.c) */

#define FIELD_PAGES	512
#define FIELD_IOVA	0x10000000ull
#define SHIFT_PAGES	64
#define SHIFT_IOVA	0x20000000ull
#define FAR_PAGES	16
#define FAR_IOVA	0x600000000000ull

enum page_kind {
	PAGE_OPEN,		/* mapped for reading and writing */
	PAGE_READ_ONLY,		/* mapped for reading */
	PAGE_CLOSED,		/* not mapped */
};

void memory_create(struct space *space);
enum page_kind memory_kind(unsigned int page);
uint8_t *memory_field(unsigned int page);
/* Where the program may write what the device sees at @iova, or NULL. */
uint8_t *memory_open(uint64_t iova, size_t len);
/* A random page of the field that is mapped for both. */
unsigned int memory_random_open(struct dice *dice);
/* Something that the attacker would take for the address of @len bytes. */
uint64_t memory_random_iova(struct dice *dice, size_t len);
void memory_flip(struct dice *dice);
void memory_shift_start(uint64_t seed);
unsigned long memory_shift_stop(void);
void memory_check_closed(void *arg);
void memory_check_read_only(void *arg);
void memory_check_far(void *arg);
void memory_check_shifted(void *arg);
void memory_check_leaks(void *arg);
bool memory_has(const void *where, size_t len, uint64_t magic);

/* --- the neighbours (hostile_neighbours.c) */

/* @mac: of the attacker, who gets some of the frames */
void neighbours_start(struct station *a, struct station *b, const uint8_t *mac, uint64_t seed);
/* Measure what they exchange: for a while before the attack, and in all that it took. */
void neighbours_in_peace(unsigned int ms);
void neighbours_under_attack(unsigned long ms);
void neighbours_stop(void);
/* Numbers of the signs of life that were received from the attacker. */
uint32_t neighbours_alive(void);
/* A frame to a neighbour that says so. */
void neighbours_alive_frame(uint8_t *at, uint32_t number);
#define ALIVE_LEN	64
const uint8_t *neighbours_mac(unsigned int which);
void neighbours_check(void *arg);
void neighbours_summary(void);

/* --- the attacker (hostile_attack.c) */

/* Sets @mac to the attacker's address. */
void attack_open(const char *name, struct space *space, uint64_t seed, uint8_t *mac);
/* Fill the memory with what looks like frames, to the neighbours among others. */
void attack_prepare(void);
void attack_close(void);
/* One step; false: the device does not work any more, and the case has failed. */
bool attack_step(void);
bool attack_sign_of_life(void);
void attack_summary(void);

#endif
