// SPDX-License-Identifier: GPL-2.0
/*
 * A frame on its way through the adapter.
 */
#include <kunit/visibility.h>
#include <linux/minmax.h>

#include "frame.h"
#include "offload/checksum.h"

/**
 * hvnet_frame_add() - append memory to a frame
 * @frame: started with hvnet_frame_start()
 * @addr: memory that stays mapped until the frame has been delivered
 * @len: bytes
 *
 * Return: false if there are too many pieces.
 */
bool hvnet_frame_add(struct hvnet_frame *frame, const void *addr, u32 len)
{
	if (frame->head_len < frame->head_max) {
		u32 n = min(len, frame->head_max - frame->head_len);

		hvnet_frame_copy_head(frame->head + frame->head_len, addr, n);
		frame->head_len += n;
		frame->len += n;
		addr += n;
		len -= n;
	}
	if (!len)
		return true;
	if (frame->pieces == HVNET_FRAME_PIECES)
		return false;
	frame->piece[frame->pieces].addr = addr;
	frame->piece[frame->pieces].len = len;
	frame->pieces++;
	frame->len += len;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_frame_add);

/**
 * hvnet_frame_copy() - copy the next bytes of what follows a frame's head
 * @reader: position in the frame, moved on
 * @run: sum to be taken on the way, or NULL
 * @to: where to
 * @len: bytes, not more than are left
 */
void hvnet_frame_copy(struct hvnet_frame_reader *reader, struct hvnet_csum_run *run, void *to,
		      u32 len)
{
	while (len) {
		const struct hvnet_piece *piece = &reader->frame->piece[reader->piece];
		u32 n = min(len, piece->len - reader->offset);

		if (run)
			hvnet_csum_copy(run, to, piece->addr + reader->offset, n);
		else
			memcpy(to, piece->addr + reader->offset, n);
		hvnet_frame_skip(reader, n);
		to += n;
		len -= n;
	}
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_frame_copy);

/**
 * hvnet_frame_skip() - leave the next bytes of what follows a frame's head
 * @reader: position in the frame, moved on
 * @len: bytes, not more than are left
 */
void hvnet_frame_skip(struct hvnet_frame_reader *reader, u32 len)
{
	while (len) {
		const struct hvnet_piece *piece = &reader->frame->piece[reader->piece];
		u32 n = min(len, piece->len - reader->offset);

		reader->offset += n;
		if (reader->offset == piece->len) {
			reader->piece++;
			reader->offset = 0;
		}
		len -= n;
	}
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_frame_skip);
