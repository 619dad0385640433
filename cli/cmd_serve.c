/* blogsearch serve (blogsearchd): options and configuration to DaemonOptions, again with every SIGHUP. */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/daemon.h"
#include "engine_options.h"

const Option serve_options[] = {
	{ "listen", OPTION_REPEAT, 0, "ADDRESS", "127.0.0.1:8017, [::1]:8017, unix:/run/blogsearch.sock; port 0: a free one" },
	{ "user", OPTION_VALUE, 0, "NAME", "started as root: the user to become" },
	{ 0 },
};

/* What came of reading the configuration once, in memory of its own. */
typedef struct Reading {
	Arena arena;
	Context context;
	EngineOptions engine;
	DaemonOptions options;
} Reading;

/* What is in use, and what was read last, which need not be good enough for the daemon. */
#define N_READINGS 2

typedef struct Serving {
	const Context *context;
	Reading *readings[N_READINGS];
} Serving;

static void say_ready(void *context, const char *url)
{
	const Serving *serving = context;

	if (serving->context->output.is_quiet)
		return;
	printf("blogsearch: listening on %s\n", url);
	fflush(stdout);
}

static void log_line(void *context, const char *line)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	(void)context;
	buf_append_escaped(&out, str_from_c(line));
	fprintf(stderr, "blogsearch: %.*s\n", STR_ARG(buf_str(&out)));
}

static ConfigList addresses_of(const Context *context)
{
	const Arguments *arguments = context->arguments;
	ConfigList list = { .items = arena_new_n(context->arena, const char *, arguments->n_given + 1) };

	for (size_t i = 0; i < arguments->n_given; i++)
		if (strcmp(arguments->given[i].option->name, "listen") == 0)
			list.items[list.n++] = arguments->given[i].value;
	return list.n ? list : context->config.serve_listen;
}

static bool read_again(void *context, int config_fd, const DaemonOptions *in_use, const DaemonOptions **ret_options,
                       Error *err);

static void place(void *context, const DaemonOptions *options, Error *err);

static DaemonOptions options_of(const Context *context, const EngineOptions *engine, Serving *serving)
{
	const Config *config = &context->config;
	const char *user = option_value(context->arguments, "user");
	ConfigList addresses = addresses_of(context);

	return (DaemonOptions){
		.index = context->index,
		.config = context->config_path,
		.listen = addresses.items,
		.n_listen = addresses.n,
		.metrics_listen = config->serve_metrics_listen,
		.user = user ? user : *config->serve_user ? config->serve_user : NULL,
		.base_path = config->serve_base_path,
		.threads = config->serve_threads,
		.max_head_bytes = config->serve_max_head_bytes,
		.sandbox = config->serve_sandbox,
		.verbose = context->output.is_verbose,
		.engine = engine,
		.engine_salt = config_hash(config, "index.") ^ config_hash(config, "ranking.") ^
		               config_hash(config, "facets"),
		.cors_origins = config->serve_cors_origins.items,
		.n_cors_origins = config->serve_cors_origins.n,
		.trusted_proxies = config->serve_trusted_proxies.items,
		.n_trusted_proxies = config->serve_trusted_proxies.n,
		.cache_bytes = config->serve_cache_bytes,
		.cache_max_age_s = config->serve_cache_max_age,
		.max_connections = config->serve_max_connections,
		.max_connections_per_address = config->serve_max_connections_per_address,
		.head_timeout_s = config->serve_head_timeout,
		.answer_timeout_s = config->serve_answer_timeout,
		.max_url_bytes = config->serve_max_url_bytes,
		.rate_limit = config->serve_rate_limit,
		.rate_burst = config->serve_rate_burst,
		.query_timeout_ms = config->serve_query_timeout_ms,
		.page_title = config->web_title,
		.page_theme = config->web_theme,
		.page_results = config->web_per_page,
		.analytics = config->serve_analytics,
		.access_log = config->serve_access_log,
		.access_log_addresses = config->serve_access_log_addresses,
		.on_ready = say_ready,
		.context = serving,
		.log = log_line,
		.access_log_fd = STDOUT_FILENO,
		.reload = read_again,
		.place = place,
	};
}

static Reading *reading_free(Reading *reading)
{
	if (reading) {
		arena_deinit(&reading->arena);
		free(reading);
	}
	return NULL;
}
DEFINE_FREEP(Reading, reading_free)

/* Frees all but the one with @in_use (NULL: all of them); a place that is free now, or NULL. */
static Reading **free_others(Serving *serving, const DaemonOptions *in_use)
{
	Reading **place = NULL;

	for (size_t i = 0; i < N_READINGS; i++)
		if (!serving->readings[i] || &serving->readings[i]->options != in_use) {
			serving->readings[i] = reading_free(serving->readings[i]);
			place = &serving->readings[i];
		}
	return place;
}

static bool read_again(void *context, int config_fd, const DaemonOptions *in_use, const DaemonOptions **ret_options,
                       Error *err)
{
	Serving *serving = context;
	CLEANUP(reading_freep) Reading *reading = xnew0(Reading);

	reading->context = *serving->context;
	reading->context.arena = &reading->arena;
	if (!context_read_config(&reading->context, config_fd, err) ||
	    !config_engine_options(&reading->context.config, &reading->arena, &reading->engine, err))
		return false;
	reading->options = options_of(&reading->context, &reading->engine, serving);
	*ret_options = &reading->options;
	*free_others(serving, in_use) = TAKE(reading);
	return true;
}

/* What was read with SIGHUP says where it came from, as does what was read first (cmd_serve). */
static void place(void *context, const DaemonOptions *options, Error *err)
{
	const Serving *serving = context;

	for (size_t i = 0; i < N_READINGS; i++)
		if (serving->readings[i] && &serving->readings[i]->options == options)
			config_place(&serving->readings[i]->context.config, err);
}

/* An address of the command line stands in no file. */
static void place_first(const Context *context, Error *err)
{
	bool is_of_file = !err->parameter || strcmp(err->parameter, "serve.listen") != 0 ||
	                  !option_is_given(context->arguments, "listen");

	if (is_of_file)
		config_place(&context->config, err);
}

int cmd_serve(Context *context, Error *err)
{
	EngineOptions engine;
	Serving serving = { .context = context };
	DaemonOptions options;
	bool is_done;

	if (!config_engine_options(&context->config, context->arena, &engine, err))
		return -1;
	options = options_of(context, &engine, &serving);
	is_done = daemon_serve(&options, err);
	if (!is_done)
		place_first(context, err);
	free_others(&serving, NULL);
	return is_done ? 0 : -1;
}
