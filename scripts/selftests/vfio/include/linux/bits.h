/* SPDX-License-Identifier: GPL-2.0 */
/* What <hvnet/abi/> wants of the kernel's header of this name, and of those that come with it. */
#ifndef SELFTEST_LINUX_BITS_H
#define SELFTEST_LINUX_BITS_H

#include <assert.h>

#define BIT(n)		(1u << (n))
#define BIT_ULL(n)	(1ull << (n))
#define GENMASK(h, l)	((~0u << (l)) & (~0u >> (31 - (h))))

#endif
