/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configurations of receive side scaling, which have in common what is made of their keys.
 *
 * That takes 36 KiB, and nearly all drivers of a host have the key that their kernel chose: it is
 * made once for each key that is in use.
 *
 * Context: may sleep.
 */
#ifndef HVNET_NIC_RSS_SHARE_H
#define HVNET_NIC_RSS_SHARE_H

#include <hvnet/abi/admin.h>

struct hvnet_rss;

struct hvnet_rss *hvnet_rss_get(const struct hvnet_admin_rss *args);
void hvnet_rss_put(struct hvnet_rss *rss);

#endif
