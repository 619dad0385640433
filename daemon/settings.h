/*
 * What the operator chose, checked and ready for use. Immutable and counted: a request holds those
 * that it began with, while SIGHUP brings new ones.
 */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "blogsearch/arena.h"
#include "blogsearch/daemon.h"
#include "blogsearch/error.h"

typedef enum AccessLogFormat { ACCESS_LOG_OFF, ACCESS_LOG_COMBINED, ACCESS_LOG_JSON } AccessLogFormat;
typedef enum AddressShown { ADDRESS_SHORT, ADDRESS_FULL, ADDRESS_NONE } AddressShown;

typedef struct Settings {
	atomic_uint n_references;
	Arena arena;
	/* Either differs where the same question of the same index may have another answer: by how the engine understands
	   and ranks, and by how the daemon shows it. */
	uint64_t engine_salt, salt;
	const char *cache_control; /* of answers that rest on the index */
	const Str *origins; /* whose pages may ask; none: the site's own */
	size_t n_origins;
	bool takes_any_origin;
	const AddressRange *trusted_proxies;
	size_t n_trusted_proxies;
	uint64_t cache_bytes;
	uint32_t query_timeout_ms;
	uint32_t max_connections, max_connections_per_address; /* 0: any number of one address */
	uint64_t head_timeout_ns, answer_timeout_ns;
	uint32_t max_url_bytes;
	uint32_t rate_limit, rate_burst; /* requests a second of one address, and at once; 0: any number */
	Str page_title;  /* empty: the site's */
	Str page_theme;  /* "light", "dark"; empty: the reader's */
	uint32_t page_results;
	AccessLogFormat access_log;
	AddressShown access_log_addresses;
} Settings;

/* ERROR_USAGE, naming the key, for a value that cannot be. */
MUST_CHECK bool settings_new(const DaemonOptions *options, Settings **ret_settings, Error *err);
Settings *settings_ref(Settings *settings);
Settings *settings_unref(Settings *settings);
DEFINE_FREEP(Settings, settings_unref)

#endif
