// SPDX-License-Identifier: GPL-2.0
/*
 * A frame on its way through the adapter.
 */
#include <kunit/visibility.h>
#include <linux/minmax.h>

#include "frame.h"

/* Copy up to HVNET_FRAME_HEAD bytes; what most frames have is two halves, which may overlap. */
static __always_inline void copy_head(void *to, const void *from, u32 len)
{
	const u32 half = HVNET_FRAME_HEAD / 2;

	if (likely(len >= half)) {
		memcpy(to, from, half);
		memcpy(to + len - half, from + len - half, half);
	} else {
		memcpy(to, from, len);
	}
}

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
	if (frame->len < HVNET_FRAME_HEAD) {
		u32 n = min(len, HVNET_FRAME_HEAD - frame->len);

		copy_head(frame->head + frame->len, addr, n);
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
 * hvnet_frame_copy() - copy the next bytes of a frame
 * @reader: position in the frame, moved on
 * @to: where to
 * @len: bytes, not more than are left
 */
void hvnet_frame_copy(struct hvnet_frame_reader *reader, void *to, u32 len)
{
	const struct hvnet_frame *frame = reader->frame;

	if (reader->done < HVNET_FRAME_HEAD) {
		u32 n = min(len, HVNET_FRAME_HEAD - reader->done);

		copy_head(to, frame->head + reader->done, n);
		reader->done += n;
		to += n;
		len -= n;
	}
	while (len) {
		const struct hvnet_piece *piece = &frame->piece[reader->piece];
		u32 n = min(len, piece->len - reader->offset);

		memcpy(to, piece->addr + reader->offset, n);
		reader->done += n;
		reader->offset += n;
		if (reader->offset == piece->len) {
			reader->piece++;
			reader->offset = 0;
		}
		to += n;
		len -= n;
	}
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_frame_copy);
