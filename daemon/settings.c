/* See settings.h. */
#include "settings.h"

#include <ctype.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"
#include "negotiate.h"

/* How much longer than fresh an answer may be shown while a newer one is fetched. */
#define STALE_TIMES 10
/* What a visitor may ask for at once, in seconds of the rate, where serve.rate_burst does not say. */
#define BURST_SECONDS 5

/* As many as descriptors can be on the largest of machines. */
#define MOST_CONNECTIONS 1000000

#define NS_PER_SECOND UINT64_C(1000000000)

static bool wrong(Error *err, const char *key, const char *value, const char *wanted)
{
	error_set(err, ERROR_USAGE, "%s cannot be \"%s\"", key, value);
	error_hint(err, "it is %s", wanted);
	return error_parameter(err, key);
}

/* As browsers send it, who write names in ASCII; a slash at its end and the usual port are forgiven, a path or a star is not. */
static bool can_match(Str text, Str origin)
{
	static const Str forgiven[] = { STR_INIT(""), STR_INIT("/"), STR_INIT(":443"), STR_INIT(":80"), STR_INIT(":443/"),
		                        STR_INIT(":80/") };
	bool is_forgiven = false;

	if (!origin.len || !str_starts_with_nocase(text, origin))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(forgiven); i++)
		is_forgiven |= str_equal(str_from(text, origin.len), forgiven[i]);
	for (size_t i = 0; i < origin.len; i++)
		is_forgiven &= isalnum((unsigned char)origin.data[i]) || strchr("-._:/[]", origin.data[i]);
	return is_forgiven;
}

static bool read_origins(Settings *settings, const DaemonOptions *options, Error *err)
{
	Str *origins = arena_new_n(&settings->arena, Str, options->n_cors_origins);

	for (size_t i = 0; i < options->n_cors_origins; i++) {
		const char *text = options->cors_origins[i];
		Str origin = origin_of_url(str_from_c(text), &settings->arena);

		if (strcmp(text, "*") == 0) {
			settings->takes_any_origin = true;
			continue;
		}
		if (!can_match(str_from_c(text), origin))
			return wrong(err, "serve.cors_origins", text,
			             "* or origins such as https://example.org, without a path and each written out");
		origins[settings->n_origins++] = origin;
	}
	settings->origins = origins;
	return true;
}

static bool read_proxies(Settings *settings, const DaemonOptions *options, Error *err)
{
	AddressRange *ranges = arena_new_n(&settings->arena, AddressRange, options->n_trusted_proxies);

	for (size_t i = 0; i < options->n_trusted_proxies; i++)
		if (!address_range_parse(str_from_c(options->trusted_proxies[i]), &ranges[i]))
			return wrong(err, "serve.trusted_proxies", options->trusted_proxies[i],
			             "a list of addresses (127.0.0.1), networks (10.0.0.0/8) or unix");
	settings->trusted_proxies = ranges;
	settings->n_trusted_proxies = options->n_trusted_proxies;
	return true;
}

/* The position of @value among @names, which a NULL ends. */
static bool choose(const char *key, const char *value, const char *const *names, const char *wanted, int *ret_choice,
                   Error *err)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(value, names[i]) == 0) {
			*ret_choice = i;
			return true;
		}
	return wrong(err, key, value, wanted);
}

static bool read_access_log(Settings *settings, const DaemonOptions *options, Error *err)
{
	static const char *const formats[] = { [ACCESS_LOG_OFF] = "off", [ACCESS_LOG_COMBINED] = "combined",
		                               [ACCESS_LOG_JSON] = "json", NULL };
	static const char *const shown[] = { [ADDRESS_SHORT] = "short", [ADDRESS_FULL] = "full", [ADDRESS_NONE] = "none",
		                             NULL };
	static const char *const analytics[] = { "off", NULL };
	int format = 0, addresses = 0, none = 0;

	if (!choose("serve.analytics", options->analytics, analytics,
	            "off: what visitors type is their own, and counted nowhere; serve.access_log writes it down if you must",
	            &none, err))
		return false;
	if (!choose("serve.access_log", options->access_log, formats, "off, combined or json", &format, err) ||
	    !choose("serve.access_log_addresses", options->access_log_addresses, shown, "short, full or none", &addresses,
	            err))
		return false;
	settings->access_log = (AccessLogFormat)format;
	settings->access_log_addresses = (AddressShown)addresses;
	return true;
}

static bool read_page(Settings *settings, const DaemonOptions *options, Error *err)
{
	static const char *const themes[] = { "auto", "light", "dark", NULL };
	int theme;

	if (!choose("web.theme", options->page_theme, themes, "auto, light or dark", &theme, err))
		return false;
	if (options->page_results < 1 || options->page_results > LIMIT_PER_PAGE) {
		error_set(err, ERROR_USAGE, "web.per_page cannot be %u", options->page_results);
		error_hint(err, "it is from 1 to %u", LIMIT_PER_PAGE);
		return error_parameter(err, "web.per_page");
	}
	settings->page_title = arena_str_dup(&settings->arena, str_from_c(options->page_title));
	settings->page_theme = theme ? str_from_c(themes[theme]) : STR_EMPTY;
	settings->page_results = options->page_results;
	return true;
}

static bool check_numbers(const DaemonOptions *options, Error *err)
{
	if (!options->max_connections || options->max_connections > MOST_CONNECTIONS) {
		error_set(err, ERROR_USAGE, "serve.max_connections cannot be %u", options->max_connections);
		error_hint(err, "it is from 1 to %u", MOST_CONNECTIONS);
		return error_parameter(err, "serve.max_connections");
	}
	if (!options->head_timeout_s)
		return wrong(err, "serve.head_timeout", "0", "1 second or more");
	if (!options->answer_timeout_s)
		return wrong(err, "serve.answer_timeout", "0", "1 second or more");
	if (options->max_url_bytes < 256 || options->max_url_bytes > LIMIT_URL_BYTES) {
		error_set(err, ERROR_USAGE, "serve.max_url_bytes cannot be %u", options->max_url_bytes);
		error_hint(err, "it is from 256 to %u", LIMIT_URL_BYTES);
		return error_parameter(err, "serve.max_url_bytes");
	}
	return true;
}

static void copy_numbers(Settings *settings, const DaemonOptions *options)
{
	settings->cache_bytes = options->cache_bytes;
	settings->query_timeout_ms = options->query_timeout_ms;
	settings->max_connections = options->max_connections;
	settings->max_connections_per_address = options->max_connections_per_address;
	settings->head_timeout_ns = options->head_timeout_s * NS_PER_SECOND;
	settings->answer_timeout_ns = options->answer_timeout_s * NS_PER_SECOND;
	settings->max_url_bytes = options->max_url_bytes;
	settings->rate_limit = options->rate_limit;
	settings->rate_burst = options->rate_burst ? options->rate_burst : options->rate_limit * BURST_SECONDS;
}

static const char *cache_control(uint32_t max_age, Arena *arena)
{
	if (!max_age)
		return "public, no-cache";
	return arena_to_c(arena, arena_printf(arena, "public, max-age=%u, stale-while-revalidate=%llu", max_age,
	                                      (unsigned long long)max_age * STALE_TIMES));
}

bool settings_new(const DaemonOptions *options, Settings **ret_settings, Error *err)
{
	CLEANUP(settings_unrefp) Settings *settings = xnew0(Settings);

	atomic_init(&settings->n_references, 1);
	if (!check_numbers(options, err) || !read_origins(settings, options, err) ||
	    !read_proxies(settings, options, err) || !read_access_log(settings, options, err) ||
	    !read_page(settings, options, err))
		return false;
	copy_numbers(settings, options);
	settings->cache_control = cache_control(options->cache_max_age_s, &settings->arena);
	settings->engine_salt = options->engine_salt;
	settings->salt = hash_bytes(STR(BLOGSEARCH_VERSION));
	settings->salt = hash_more(hash_more(settings->salt, settings->page_title), settings->page_theme);
	settings->salt = hash_number(hash_more(settings->salt, str_from_c(options->base_path)), settings->page_results);
	*ret_settings = TAKE(settings);
	return true;
}

Settings *settings_ref(Settings *settings)
{
	atomic_fetch_add(&settings->n_references, 1);
	return settings;
}

Settings *settings_unref(Settings *settings)
{
	if (settings && atomic_fetch_sub(&settings->n_references, 1) == 1) {
		arena_deinit(&settings->arena);
		free(settings);
	}
	return NULL;
}
