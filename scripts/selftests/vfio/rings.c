// SPDX-License-Identifier: GPL-2.0
/* rings VF VF VF: VFs are PCI addresses, bound to vfio-pci. */
#include <stdio.h>

#include "rings.h"

struct bed_run {
	struct bed *bed;
	case_fn fn;
	uint32_t buf_len;
};

static void run(void *arg)
{
	struct bed_run *r = arg;

	CHECK_NULL(station_up(&r->bed->a, r->buf_len));
	CHECK_NULL(station_up(&r->bed->b, r->buf_len));
	CHECK_NULL(station_up(&r->bed->c, r->buf_len));
	r->fn(r->bed);
}

void bed_case(struct bed *bed, const char *name, case_fn fn, uint32_t buf_len)
{
	struct bed_run r = { bed, fn, buf_len };

	case_run(name, run, &r);
}

int main(int argc, char **argv)
{
	static struct bed bed;

	if (argc != 4)
		die("usage: rings VF VF VF");
	station_open(&bed.a, argv[1], 8, 0x100000000);
	station_open(&bed.b, argv[2], 8, 0x7f0000000000);
	station_open(&bed.c, argv[3], 8, 0x100000000);
	rings_traffic(&bed);
	rings_control(&bed);
	rings_steer(&bed);
	rings_moderation(&bed);
	rings_time(&bed);
	rings_races(&bed);
	rings_faults(&bed);
	rings_trace(&bed);
	station_close(&bed.a);
	station_close(&bed.b);
	station_close(&bed.c);
	return case_summary();
}
