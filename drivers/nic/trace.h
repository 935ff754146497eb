/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events of the adapter: what it refused.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM hvnet_nic

#if !defined(HVNET_NIC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define HVNET_NIC_TRACE_H

#include <linux/if_ether.h>
#include <linux/iommu.h>
#include <linux/tracepoint.h>

#include "switch/policy.h"

TRACE_EVENT(hvnet_dma_fault, TP_PROTO(const char *adapter, u16 vport, u64 addr, int prot),
	    TP_ARGS(adapter, vport, addr, prot),
	    TP_STRUCT__entry(__string(adapter, adapter)
			     __field(u16, vport)
			     __field(u64, addr)
			     __field(int, prot)
	    ),
	    TP_fast_assign(__assign_str(adapter);
			   __entry->vport = vport;
			   __entry->addr = addr;
			   __entry->prot = prot;
	    ),
	    TP_printk("adapter=%s vport=%u addr=%#llx access=%s%s", __get_str(adapter),
		      __entry->vport, __entry->addr, __entry->prot & IOMMU_READ ? "r" : "",
		      __entry->prot & IOMMU_WRITE ? "w" : "")
);

TRACE_EVENT(hvnet_queue_error, TP_PROTO(const char *adapter, u16 vport, u16 queue, u32 error),
	    TP_ARGS(adapter, vport, queue, error),
	    TP_STRUCT__entry(__string(adapter, adapter)
			     __field(u16, vport)
			     __field(u16, queue)
			     __field(u32, error)
	    ),
	    TP_fast_assign(__assign_str(adapter);
			   __entry->vport = vport;
			   __entry->queue = queue;
			   __entry->error = error;
	    ),
	    TP_printk("adapter=%s vport=%u queue=%u error=%u", __get_str(adapter),
		      __entry->vport, __entry->queue, __entry->error)
);

TRACE_DEFINE_ENUM(HVNET_REFUSAL_LINK_OFF);
TRACE_DEFINE_ENUM(HVNET_REFUSAL_BAD_VLAN);
TRACE_DEFINE_ENUM(HVNET_REFUSAL_SPOOFED);
TRACE_DEFINE_ENUM(HVNET_REFUSAL_OVERSIZE);

#define HVNET_SHOW_REFUSAL(refusal)						\
	__print_symbolic(refusal, { HVNET_REFUSAL_LINK_OFF, "link_off" },	\
			 { HVNET_REFUSAL_BAD_VLAN, "bad_vlan" },		\
			 { HVNET_REFUSAL_SPOOFED, "spoofed" },			\
			 { HVNET_REFUSAL_OVERSIZE, "oversize" })

TRACE_EVENT(hvnet_frame_refused,
	    TP_PROTO(const char *adapter, u16 vport, enum hvnet_refusal refusal, const u8 *src,
		     u16 vlan),
	    TP_ARGS(adapter, vport, refusal, src, vlan),
	    TP_STRUCT__entry(__string(adapter, adapter)
			     __field(u16, vport)
			     __field(u16, vlan)
			     __field(int, refusal)
			     __array(u8, src, ETH_ALEN)
	    ),
	    TP_fast_assign(__assign_str(adapter);
			   __entry->vport = vport;
			   __entry->vlan = vlan;
			   __entry->refusal = refusal;
			   memcpy(__entry->src, src, ETH_ALEN);
	    ),
	    TP_printk("adapter=%s vport=%u reason=%s source=%pM vlan=%u", __get_str(adapter),
		      __entry->vport, HVNET_SHOW_REFUSAL(__entry->refusal), __entry->src,
		      __entry->vlan)
);

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
