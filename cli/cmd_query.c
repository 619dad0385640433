/* blogsearch query: options to the parameters of the API, the answer to the chosen writer. */
#include "command.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/search.h"
#include "engine_options.h"
#include "print_result.h"
#include "read_answer.h"
#include "remote.h"

/* But for the last two each is a parameter of GET /v1/search, with - for _. */
const Option query_options[] = {
	{ "tag", OPTION_REPEAT, 0, "NAME", "only pages with this tag; repeated: any of them" },
	{ "category", OPTION_REPEAT, 0, "NAME", "only pages of this category" },
	{ "series", OPTION_REPEAT, 0, "NAME", "only pages of this series" },
	{ "author", OPTION_REPEAT, 0, "NAME", "only pages by this author" },
	{ "section", OPTION_REPEAT, 0, "NAME", "only pages of this section" },
	{ "lang", OPTION_REPEAT, 0, "CODE", "only pages in this language" },
	{ "year", OPTION_REPEAT, 0, "YYYY", "only pages of this year" },
	{ "month", OPTION_REPEAT, 0, "YYYY-MM", "only pages of this month" },
	{ "from", OPTION_VALUE, 0, "DATE", "published on this day or later: YYYY, YYYY-MM or YYYY-MM-DD" },
	{ "to", OPTION_VALUE, 0, "DATE", "published on this day or before" },
	{ "sort", OPTION_VALUE, 0, "ORDER", "relevance, newest, oldest, updated, title or series" },
	{ "page", OPTION_VALUE, 0, "N", "which page of hits (default: 1)" },
	{ "per-page", OPTION_VALUE, 0, "N", "hits a page, 0 to 100 (default: 10)" },
	{ "facets", OPTION_VALUE, 0, "NAMES", "what to count: names parted by commas, * or empty" },
	{ "facet-limit", OPTION_VALUE, 0, "N", "values a facet (default: 20)" },
	{ "snippet", OPTION_VALUE, 0, "N", "words of a snippet, 0 to 100 (default: 30)" },
	{ "sections", OPTION_VALUE, 0, "N", "matching sections of a hit, 0 to 10 (default: 3)" },
	{ "match", OPTION_VALUE, 0, "HOW", "all of the words, any, or auto: all, fewer where that finds nothing" },
	{ "typo", OPTION_VALUE, 0, "HOW", "auto (words that nobody wrote are corrected) or off" },
	{ "explain", OPTION_FLAG, 0, NULL, "show how each hit's score came about" },
	{ "format", OPTION_VALUE, 0, "FORMAT", "text, json, urls, tsv or ndjson" },
	{ "url", OPTION_VALUE, 0, "URL", "ask the daemon that is there: http://127.0.0.1:8017, unix:/run/blogsearch.sock" },
	{ 0 },
};

static bool find_format(const Context *context, const ResultFormat **ret_format, Error *err)
{
	const char *name = option_value(context->arguments, "format");

	if (!name)
		name = context->output.is_json ? "json" : "text";
	*ret_format = result_format(name);
	if (*ret_format)
		return true;
	error_set(err, ERROR_USAGE, "--format %s is none of text, json, urls, tsv, ndjson", name);
	return false;
}

static bool is_parameter(const Option *option)
{
	for (const Option *own = query_options; own->name; own++)
		if (own == option)
			return strcmp(own->name, "format") != 0 && strcmp(own->name, "url") != 0;
	return false;
}

/* What is wrong with a parameter is said of the option: "per_page must be …" of --per-page. */
static void say_of_option(Error *err, const char *option)
{
	size_t n = err->parameter ? strlen(err->parameter) : 0;
	char *what;

	if (!n || strncmp(err->what, err->parameter, n) != 0)
		return;
	what = xasprintf("--%s%s", option, err->what + n);
	free(err->what);
	err->what = what;
}

static const char *parameter_name(const Option *option, Arena *arena)
{
	char *parameter = arena_to_c(arena, str_from_c(option->name));

	for (char *c = parameter; *c; c++)
		if (*c == '-')
			*c = '_';
	return parameter;
}

static bool set_parameter(Query *query, const GivenOption *given, FacetNames facets, Arena *arena, Error *err)
{
	const char *parameter = parameter_name(given->option, arena);
	Str value = given->value ? str_from_c(given->value) : STR("1"); /* a flag is a parameter that is 1 */

	if (query_set(query, str_from_c(parameter), value, facets, arena, err))
		return true;
	say_of_option(err, given->option->name);
	return false;
}

static Str words_of(const Arguments *arguments, Arena *arena)
{
	Buf text = BUF_INIT(BUF_NO_CEILING);
	Str words;

	for (size_t i = 0; i < arguments->n_operands; i++) {
		if (i)
			buf_append_char(&text, ' ');
		buf_append_c(&text, arguments->operands[i]);
	}
	words = arena_str_dup(arena, buf_str(&text));
	buf_deinit(&text);
	return words;
}

static bool make_query(const Context *context, const ResultFormat *format, FacetNames facets, Query **ret_query, Error *err)
{
	const Arguments *arguments = context->arguments;
	Query *query = query_new(context->arena);

	if (!format->shows_facets)
		query->n_facets = 0;
	if (!query_set(query, STR("q"), words_of(arguments, context->arena), facets, context->arena, err))
		return false;
	for (size_t i = 0; i < arguments->n_given; i++) {
		const GivenOption *given = &arguments->given[i];

		if (is_parameter(given->option) &&
		    !set_parameter(query, given, facets, context->arena, err))
			return false;
	}
	*ret_query = query;
	return query_finish(query, facets, context->arena, err);
}

/* --- A running daemon ------------------------------------------------------------------------------- */

static void add_parameters(const Context *context, const ResultFormat *format, Remote *remote)
{
	const Arguments *arguments = context->arguments;

	remote_add(remote, STR("q"), words_of(arguments, context->arena));
	if (!format->shows_facets && !option_value(arguments, "facets"))
		remote_add(remote, STR("facets"), STR_EMPTY);
	for (size_t i = 0; i < arguments->n_given; i++) {
		const GivenOption *given = &arguments->given[i];

		if (is_parameter(given->option))
			remote_add(remote, str_from_c(parameter_name(given->option, context->arena)),
			           given->value ? str_from_c(given->value) : STR("1"));
	}
}

static int query_remote(const Context *context, const ResultFormat *format, const char *url, Error *err)
{
	CLEANUP(remote_deinit) Remote remote;
	CLEANUP(buf_deinit) Buf json = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	const Query *query = query_new(context->arena);
	Result *result;

	remote_init(&remote, url, "/v1/search");
	add_parameters(context, format, &remote);
	if (!remote_ask(&remote, &json, err) || !read_result(url, buf_str(&json), context->arena, &result, err))
		return -1;
	if (strcmp(format->name, "json") == 0) {
		buf_append(&out, buf_str(&json));
		buf_append_char(&out, '\n');
	} else {
		format->print(&context->output, query, result, &out);
	}
	if (!output_write(buf_str(&out), err))
		return -1;
	return result->total ? 0 : error_exit_status(ERROR_NOT_FOUND);
}

/* --- The index file --------------------------------------------------------------------------------- */

static int query_index(Context *context, const ResultFormat *format, Error *err)
{
	CLEANUP(engine_unrefp) Engine *engine = NULL;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	EngineOptions options;
	Query *query;
	Result *result;

	if (!config_engine_options(&context->config, context->arena, &options, err) ||
	    !engine_open(context->index, &options, &engine, err) ||
	    !make_query(context, format, engine_facets(engine), &query, err) ||
	    !search_run(engine, query, context->arena, &result, err))
		return -1;
	format->print(&context->output, query, result, &out);
	if (!output_write(buf_str(&out), err))
		return -1;
	return result->total ? 0 : error_exit_status(ERROR_NOT_FOUND);
}

int cmd_query(Context *context, Error *err)
{
	const char *url = option_value(context->arguments, "url");
	const ResultFormat *format;

	if (!find_format(context, &format, err))
		return -1;
	return url ? query_remote(context, format, url, err) : query_index(context, format, err);
}
