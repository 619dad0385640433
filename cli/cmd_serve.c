/* blogsearch serve (blogsearchd): options and configuration to DaemonOptions. */
#include "command.h"

#include <stdio.h>
#include <time.h>

#include "blogsearch/daemon.h"
#include "engine_options.h"

const Option serve_options[] = {
	{ "listen", OPTION_REPEAT, 0, "ADDRESS", "127.0.0.1:8017, [::1]:8017, unix:/run/blogsearch.sock; port 0: a free one" },
	{ "user", OPTION_VALUE, 0, "NAME", "started as root: the user to become" },
	{ 0 },
};

static void say_ready(void *context, const char *url)
{
	const Output *output = context;

	if (output->is_quiet)
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
	ConfigList list = { arena_new_n(context->arena, const char *, arguments->n_given + 1), 0 };

	for (size_t i = 0; i < arguments->n_given; i++)
		if (strcmp(arguments->given[i].option->name, "listen") == 0)
			list.items[list.n++] = arguments->given[i].value;
	return list.n ? list : context->config.serve_listen;
}

int cmd_serve(Context *context, Error *err)
{
	const Config *config = &context->config;
	const char *user = option_value(context->arguments, "user");
	ConfigList addresses = addresses_of(context);
	EngineOptions engine;
	DaemonOptions options = {
		.index = context->index,
		.engine = &engine,
		.listen = addresses.items,
		.n_listen = addresses.n,
		.user = user ? user : *config->serve_user ? config->serve_user : NULL,
		.base_path = config->serve_base_path,
		.cors_origins = config->serve_cors_origins.items,
		.n_cors_origins = config->serve_cors_origins.n,
		.cache_bytes = config->serve_cache_bytes,
		.cache_max_age_s = config->serve_cache_max_age,
		.max_connections = config->serve_max_connections,
		.threads = config->serve_threads,
		.query_timeout_ms = config->serve_query_timeout_ms,
		.verbose = context->output.is_verbose,
		.on_ready = say_ready,
		.context = &context->output,
		.log = log_line,
	};

	if (!config_engine_options(config, context->arena, &engine, err))
		return -1;
	return daemon_serve(&options, err) ? 0 : -1;
}
