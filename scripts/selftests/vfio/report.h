/* SPDX-License-Identifier: GPL-2.0 */
/* Cases and their verdicts: "ok NAME" or "not ok NAME - why", one line each. */
#ifndef SELFTEST_REPORT_H
#define SELFTEST_REPORT_H

#include <stdbool.h>
#include <stdint.h>

typedef void (*case_fn)(void *arg);

/* In a case: if @cond does not hold, the case has failed and is left. */
#define CHECK(cond, ...)				\
	do {						\
		if (!(cond)) {				\
			case_fail(__VA_ARGS__);		\
			return;				\
		}					\
	} while (0)

/* Does @cond come true within @ms milliseconds? */
#define WAIT(cond, ms)					\
	({						\
		uint64_t end_ = clock_ms() + (ms);	\
		bool true_;				\
							\
		while (!(true_ = (cond)) && clock_ms() < end_) \
			clock_pause();			\
		true_ || (cond);			\
	})

void case_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool case_failed(void);
void case_run(const char *name, case_fn fn, void *arg);
int case_summary(void);

/* The machinery of a test does not work: no verdict is possible. */
void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

uint64_t clock_ms(void);
void clock_pause(void);
void clock_sleep(unsigned int ms);

#endif
