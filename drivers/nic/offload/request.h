/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a sender wants done to a frame, as its descriptors tell it.
 *
 * A place or a size that cannot be for any frame of this length is the driver's fault and stops the
 * queue.  Whether the headers are those of a packet that can be segmented is not judged here: they
 * may come from a program behind the driver, and cost that frame only.
 */
#ifndef HVNET_NIC_OFFLOAD_REQUEST_H
#define HVNET_NIC_OFFLOAD_REQUEST_H

#include <linux/types.h>

#include <hvnet/abi/queue.h>

/* What the descriptors of a frame may ask for. */
#define HVNET_REQUEST_EXT	(HVNET_TXD_VLAN | HVNET_TXD_GSO)
#define HVNET_REQUEST_FIRST	HVNET_TXD_CSUM

/**
 * struct hvnet_request - what is to be done to a frame
 * @flags: HVNET_TXD_CSUM, _VLAN, _GSO; 0: nothing, and the other fields say nothing
 * @csum_start: with HVNET_TXD_CSUM
 * @csum_offset: with HVNET_TXD_CSUM
 * @vlan_tci: with HVNET_TXD_VLAN
 * @gso_size: with HVNET_TXD_GSO
 * @hdr_len: with HVNET_TXD_GSO
 */
struct hvnet_request {
	u16 flags;
	u16 csum_start;
	u8 csum_offset;
	u16 vlan_tci;
	u16 gso_size;
	u16 hdr_len;
};

bool hvnet_request_ext(struct hvnet_request *request, const struct hvnet_tx_ext *ext);
void hvnet_request_first(struct hvnet_request *request, const struct hvnet_tx_desc *desc);
bool hvnet_request_ok(const struct hvnet_request *request, u32 len, u32 max_len);

/**
 * hvnet_request_max() - longest frame that may be sent with a request
 * @request: as far as it is known
 * @max_len: longest frame on the wire
 *
 * Return: bytes of all buffers.
 */
static inline u32 hvnet_request_max(const struct hvnet_request *request, u32 max_len)
{
	return unlikely(request->flags & HVNET_TXD_GSO) ? HVNET_TX_MAX_GSO : max_len;
}

#endif
