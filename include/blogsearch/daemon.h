/* The daemon: serves an index file over HTTP until it is told to stop. */
#ifndef BLOGSEARCH_DAEMON_H
#define BLOGSEARCH_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "search.h"

/* Strings are borrowed for the call. */
typedef struct DaemonOptions {
	const char *index;
	const EngineOptions *engine; /* how it is searched; NULL: the default */
	const char *const *listen; /* "127.0.0.1:8017", "[::1]:8017", port 0: a free one; "unix:/run/x.sock" */
	size_t n_listen;
	const char *user;          /* started as root: whom to become; NULL: the owner of the index */
	const char *base_path;     /* "/search" behind a proxy; "" */
	const char *const *cors_origins; /* "*" for any; none: the site's own origin (of its base URL) */
	size_t n_cors_origins;
	uint64_t cache_bytes;      /* 0: no answers are kept */
	uint32_t cache_max_age_s;
	uint32_t max_connections;
	uint32_t threads;          /* 0: one a core, at least 2 */
	uint32_t query_timeout_ms;
	bool verbose;
	/* Called for each address once all are bound, with the URL to open ("http://127.0.0.1:8017/"); may be NULL. */
	void (*on_ready)(void *context, const char *url);
	void *context;
	/* One line of log for the operator (no newline); NULL: none. */
	void (*log)(void *context, const char *line);
} DaemonOptions;

/*
 * Blocks until SIGTERM or SIGINT, then finishes running requests and returns true. Without an
 * index yet it serves 503 until there is one. A new index published under the same name is
 * taken over between two requests. ERROR_IO: an address could not be bound (in use, no
 * permission); ERROR_USAGE: an option cannot be.
 */
MUST_CHECK bool daemon_serve(const DaemonOptions *options, Error *err);

#endif
