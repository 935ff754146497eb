/* SPDX-License-Identifier: GPL-2.0 */
/* The host's side: what it says of VFs by "ip link set PF vf N ...", and of the PF. */
#ifndef SELFTEST_HOST_H
#define SELFTEST_HOST_H

#include <stdbool.h>

/* Find the netdev of the PF of the VF @vf, a PCI address; it is in this namespace. */
void host_find_pf(const char *vf);

/* "ip link set PF vf ..." with what is given. True if it succeeds. */
bool host(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Of VFs 0 to @num - 1 nothing is said. */
bool host_defaults(unsigned int num);

/* "ethtool OPTION PF ..." with what is given. */
bool host_ethtool(const char *option, const char *what);

/* The devlink parameter "vf_max_mtu". */
bool host_vf_mtu(unsigned int mtu);

/* Function-level reset of the PF. */
bool host_reset_pf(void);

#endif
