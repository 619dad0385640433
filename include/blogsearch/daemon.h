/* The daemon: serves an index file over HTTP until it is told to stop. */
#ifndef BLOGSEARCH_DAEMON_H
#define BLOGSEARCH_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "search.h"

/* Strings are borrowed for the call (those of a reload until the next one), and never NULL unless said. */
typedef struct DaemonOptions DaemonOptions;
struct DaemonOptions {
	/* Fixed when it starts. */
	const char *index;
	const char *config;        /* the file that .reload reads, which may not be there; NULL: none */
	const char *const *listen; /* "127.0.0.1:8017", "[::1]:8017", port 0: a free one; "unix:/run/x.sock" */
	size_t n_listen;           /* sockets that systemd hands over are used instead */
	const char *metrics_listen; /* an address for /metrics alone; "": at the others, for peers on this machine */
	const char *user;          /* started as root: whom to become; NULL: the owner of the index */
	const char *base_path;     /* "/search" behind a proxy; "" */
	uint32_t threads;          /* 0: one a core, at least 4 */
	uint64_t max_head_bytes;   /* memory for a request's line and headers, and what is made of them */
	const char *sandbox;       /* "on", "off" or "strict": a forbidden system call ends the process */
	bool verbose;

	/* Read again with SIGHUP. */
	const EngineOptions *engine; /* how it is searched; NULL: the default */
	uint64_t engine_salt;        /* another number where .engine is another */
	const char *const *cors_origins; /* "*" for any; none: the site's own origin (of its base URL) */
	size_t n_cors_origins;
	const char *const *trusted_proxies; /* "127.0.0.1", "10.0.0.0/8", "unix": their X-Forwarded-For is believed */
	size_t n_trusted_proxies;
	uint64_t cache_bytes;      /* 0: no answers are kept */
	uint32_t cache_max_age_s;
	uint32_t max_connections;  /* more are answered with 503 */
	uint32_t max_connections_per_address; /* more with 429; 0: any number */
	uint32_t head_timeout_s;   /* until the whole head of a request must have come */
	uint32_t answer_timeout_s; /* until an answer must have been fetched */
	uint32_t max_url_bytes;
	uint32_t rate_limit;       /* requests a second of one address, more are answered with 429; 0: any number */
	uint32_t rate_burst;       /* how many at once; 0: five seconds' worth */
	uint32_t query_timeout_ms;
	const char *page_title;    /* of the search page; "": the site's */
	const char *page_theme;    /* "auto", "light" or "dark" */
	uint32_t page_results;     /* 1 to 100 */
	const char *analytics;     /* "off": what visitors ask is counted nowhere */
	const char *access_log;    /* "off", "combined" or "json" */
	const char *access_log_addresses; /* "short", "full" or "none" */

	/* Called for each address once all are bound, with the URL to open ("http://127.0.0.1:8017/"); may be NULL. */
	void (*on_ready)(void *context, const char *url);
	void *context;
	/* One line of log for the operator (no newline), from any thread; NULL: none. */
	void (*log)(void *context, const char *line);
	/* Where lines of the access log go. */
	int access_log_fd;
	/*
	 * Reads the configuration again, from @config_fd (owned by the caller), or that which is named below instead.
	 * *ret_options live as long as they are named as those that are @in_use; of others than these, nothing is
	 * needed any more. NULL: it cannot.
	 */
	bool (*reload)(void *context, int config_fd, const DaemonOptions *in_use, const DaemonOptions **ret_options,
	               Error *err);
	/* Says of @err, about a value of @options that was reloaded, where that value stands; NULL: it cannot. */
	void (*place)(void *context, const DaemonOptions *options, Error *err);
};

/* Instead of a descriptor of the configuration: it is opened by its path, or is known not to be there. */
#define CONFIG_BY_PATH (-1)
#define CONFIG_ABSENT  (-2)

/*
 * Blocks until SIGTERM or SIGINT, then finishes running requests and returns true. Without an
 * index yet it serves 503 until there is one. A new index published under the same name is
 * taken over between two requests. ERROR_IO: an address could not be bound (in use, no
 * permission); ERROR_USAGE: an option cannot be.
 */
MUST_CHECK bool daemon_serve(const DaemonOptions *options, Error *err);

#endif
