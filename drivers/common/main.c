// SPDX-License-Identifier: GPL-2.0
/* hvnet_common: what the drivers of the physical and of the virtual functions share. */
#include <linux/module.h>

MODULE_DESCRIPTION("hvnet adapter: code shared by its drivers");
MODULE_LICENSE("GPL");
