// SPDX-License-Identifier: GPL-2.0
/*
 * What a sender wants done to a frame.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/math.h>

#include "request.h"

/**
 * hvnet_request_ext() - take the extension descriptor
 * @request: all zeros
 * @ext: a copy of the descriptor
 *
 * Return: false if a reserved field is in use.
 */
bool hvnet_request_ext(struct hvnet_request *request, const struct hvnet_tx_ext *ext)
{
	u16 flags = le16_to_cpu(ext->flags) & HVNET_REQUEST_EXT;

	if (!flags)
		return true;
	/* Drivers of version 1.0 were not held to it. */
	if (ext->rsvd0 || ext->rsvd1)
		return false;
	request->flags |= flags;
	request->vlan_tci = le16_to_cpu(ext->vlan_tci);
	request->gso_size = le16_to_cpu(ext->gso_size);
	request->hdr_len = le16_to_cpu(ext->hdr_len);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_request_ext);

/**
 * hvnet_request_first() - take the descriptor of the first buffer
 * @request: with what the extension said
 * @desc: a copy of the descriptor
 */
void hvnet_request_first(struct hvnet_request *request, const struct hvnet_tx_desc *desc)
{
	if (!(desc->flags & cpu_to_le16(HVNET_TXD_CSUM)))
		return;
	request->flags |= HVNET_TXD_CSUM;
	request->csum_start = le16_to_cpu(desc->csum_start);
	request->csum_offset = desc->csum_offset;
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_request_first);

static bool gso_ok(const struct hvnet_request *request, u32 len, u32 max_len)
{
	u32 hdr_len = request->hdr_len, gso_size = request->gso_size;

	return len <= HVNET_TX_MAX_GSO && hdr_len >= ETH_HLEN && hdr_len <= HVNET_TX_HEAD &&
	       hdr_len < len && gso_size && hdr_len + gso_size <= max_len &&
	       DIV_ROUND_UP(len - hdr_len, gso_size) <= HVNET_TX_MAX_SEGMENTS;
}

static bool csum_ok(const struct hvnet_request *request, u32 len)
{
	u32 end = request->csum_start + request->csum_offset + sizeof(__be16);

	return request->csum_start >= ETH_HLEN && end <= HVNET_TX_HEAD && end <= len;
}

/**
 * hvnet_request_ok() - check a request
 * @request: complete
 * @len: bytes of the frame, as its buffers are
 * @max_len: longest frame on the wire
 *
 * Return: false if it cannot be for a frame of this length.
 */
bool hvnet_request_ok(const struct hvnet_request *request, u32 len, u32 max_len)
{
	u32 tag = request->flags & HVNET_TXD_VLAN ? VLAN_HLEN : 0;

	/* With segmentation goes the checksum, wherever its field is. */
	if (request->flags & HVNET_TXD_GSO)
		return gso_ok(request, len, max_len - tag);
	if (len + tag > max_len)
		return false;
	return !(request->flags & HVNET_TXD_CSUM) || csum_ok(request, len);
}
EXPORT_SYMBOL_IF_KUNIT(hvnet_request_ok);
