/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A station: a VF with an address, one queue pair and buffers, ready to exchange frames with
 * others.
 */
#ifndef SELFTEST_STATION_H
#define SELFTEST_STATION_H

#include "function.h"

#define STATION_MAX_FRAME	9618
/* Each receive buffer has two pages, and the page after it is not mapped. */
#define STATION_RX_SLOT		(3 * PAGE)

/**
 * struct station - a VF and its memory
 * @fn: the function
 * @space: its address space, its own alone
 * @mem: rings and transmit memory, mapped
 * @slots: memory of the receive buffers
 * @tx: transmit ring
 * @rx: receive ring
 * @frame: memory for frames to send, in @mem
 * @mac: address
 * @buf_len: length of the receive buffers posted
 */
struct station {
	struct function fn;
	struct space space;
	struct arena mem;
	struct arena slots;
	struct ring tx;
	struct ring rx;
	uint8_t *frame;
	uint8_t mac[6];
	uint32_t buf_len;
};

#define STATION_FRAME_SPACE	(64 * PAGE)

/* @order: log2 of the rings' size; @iova: where its memory is, any multiple of 4 GiB */
void station_open(struct station *st, const char *name, unsigned int order, uint64_t iova);
void station_close(struct station *st);

/*
 * Reset; bus master; negotiate; learn the address; queues on; all buffers posted. 0 or what
 * failed.
 */
const char *station_up(struct station *st, uint32_t buf_len);
void station_post(struct station *st, unsigned int num);

/* What every byte of a frame is: told by a number and the position. */
void frame_fill(uint8_t *at, const struct station *from, const struct station *to, uint32_t number,
		size_t len);
uint8_t frame_byte(const struct station *from, const struct station *to, uint32_t number,
		   size_t pos);

/* Send what is at st->frame in one buffer, wait until it was taken. */
bool station_send(struct station *st, size_t len);
bool station_wait_sent(struct station *st);

/*
 * Take one frame out of the ring and check it against frame_fill(); its buffers are posted
 * again. NULL, or what is wrong.
 */
const char *station_expect(struct station *st, const struct station *from, uint32_t number,
			   size_t len);
/* Send and expect. */
const char *station_exchange(struct station *from, struct station *to, uint32_t number, size_t len);
bool station_silent(struct station *st, unsigned int ms);

#endif
