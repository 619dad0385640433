/*
 * A line a request, written by a thread of its own: a slow reader of the log must not delay answers.
 * Lines that find the buffer full are dropped and counted. What visitors sent is escaped.
 */
#ifndef DAEMON_ACCESS_LOG_H
#define DAEMON_ACCESS_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "blogsearch/buf.h"
#include "blogsearch/error.h"
#include "request.h"
#include "settings.h"

typedef struct AccessEntry {
	const Request *request;
	Address client;
	unsigned status;
	uint64_t n_bytes; /* of the body */
	uint64_t spent_ns;
	int64_t time;
} AccessEntry;

/* One line with its newline; pure. */
void access_log_format(const AccessEntry *entry, AccessLogFormat format, AddressShown shown, Buf *out);

typedef struct AccessLog AccessLog;

AccessLog *access_log_new(int fd);
MUST_CHECK bool access_log_start(AccessLog *log, Error *err);
/* Writes what is left, as far as it can be written at once. */
AccessLog *access_log_free(AccessLog *log);

void access_log_add(AccessLog *log, Str line);
uint64_t access_log_dropped(const AccessLog *log);

#endif
