// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "report.h"

static char why[256];
static unsigned int num_failed, num_run;

/* The first reason counts: what follows is a consequence of it. */
void case_fail(const char *fmt, ...)
{
	va_list args;

	if (why[0])
		return;
	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
}

bool case_failed(void)
{
	return why[0];
}

void case_run(const char *name, case_fn fn, void *arg)
{
	why[0] = 0;
	fn(arg);
	num_run++;
	if (why[0]) {
		num_failed++;
		printf("not ok %s - %s\n", name, why);
	} else {
		printf("ok %s\n", name);
	}
	fflush(stdout);
}

/* Exit status of the program. */
int case_summary(void)
{
	printf("# %u cases, %u failed\n", num_run, num_failed);
	return num_failed || !num_run;
}

void die(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(98);
}

uint64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

/* Let the adapter's threads run: there may be no more processors than this one. */
void clock_pause(void)
{
	usleep(20);
}

void clock_sleep(unsigned int ms)
{
	usleep(ms * 1000);
}
