// SPDX-License-Identifier: GPL-2.0
/* The trace of the host tells what the adapter refused a driver, and where. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rings.h"

#define TRACING		"/sys/kernel/tracing/"
#define BAD_ADDRESS	0xfedcba9000ULL

/* Write @text to the file @name of the tracing directory. */
static bool tracing(const char *name, const char *text)
{
	char path[128];
	bool done;
	int fd;

	snprintf(path, sizeof(path), TRACING "%s", name);
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0)
		return false;
	done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return done;
}

/* Is there a line with @event and @what in the trace? */
static bool traced(const char *event, const char *what)
{
	FILE *file = fopen(TRACING "trace", "r");
	bool found = false;
	char line[512];

	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, event) && strstr(line, what);
	if (file)
		fclose(file);
	return found;
}

static void refused_is_traced(void *arg)
{
	struct bed *bed = arg;
	struct station *st = &bed->a;
	struct hvnet_queue_ctx ctx = {};
	char fault[64], error[64];

	snprintf(fault, sizeof(fault), "addr=%#llx access=r\n", BAD_ADDRESS);
	snprintf(error, sizeof(error), "queue=%u error=%u\n", st->tx.queue, HVNET_QERR_DMA);
	CHECK(tracing("trace", "\n"), "the trace cannot be cleared");
	ring_add_tx(&st->tx, BAD_ADDRESS, 100, HVNET_TXD_EOP);
	ring_publish_kick(&st->fn, &st->tx);
	CHECK(WAIT((ring_context(&st->fn, st->tx.queue, &ctx), ctx.state == HVNET_QUEUE_ERROR),
		   TIMEOUT_MS), "the queue does not stop");
	CHECK(WAIT(traced("hvnet_dma_fault:", fault), TIMEOUT_MS), "no fault with %s", fault);
	CHECK(WAIT(traced("hvnet_queue_error:", error), TIMEOUT_MS), "no error with %s", error);
}

void rings_trace(struct bed *bed)
{
	/* Others may have left it off. */
	if (!tracing("tracing_on", "1") || !tracing("events/hvnet_nic/enable", "1"))
		die("no trace events of hvnet_nic");
	bed_case(bed, "refused-is-traced", refused_is_traced, 2048);
	tracing("events/hvnet_nic/enable", "0");
}
