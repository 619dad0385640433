/* Lines for the operator. Foreign text in them is escaped by whoever prints (DaemonOptions.log). */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stdbool.h>

#include "blogsearch/cleanup.h"
#include "blogsearch/error.h"

typedef struct Log {
	void (*line)(void *context, const char *line); /* NULL: none; safe from any thread */
	void *context;
	bool is_verbose;
} Log;

void log_say(const Log *log, const char *format, ...) PRINTF_LIKE(2, 3);
/* Only with --verbose. */
void log_detail(const Log *log, const char *format, ...) PRINTF_LIKE(2, 3);
void log_error(const Log *log, const char *what, const Error *err);

#endif
