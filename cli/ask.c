/* See ask.h. */
#include "ask.h"

#include "engine_options.h"
#include "remote.h"

static bool print_json(Context *context, Engine *engine, const Question *question, Buf *out, Error *err)
{
	if (!question_to_json(engine, question, context->arena, out, err))
		return false;
	buf_append_char(out, '\n');
	return true;
}

/* The same question to a running daemon. */
static int ask_remote(const Context *context, const Question *question, const char *url, Error *err)
{
	static const char *const paths[] = { [QUESTION_SUGGEST] = "/v1/suggest", [QUESTION_RELATED] = "/v1/related",
		                             [QUESTION_SERIES] = "/v1/series", [QUESTION_FACET] = "/v1/facets" };
	CLEANUP(remote_deinit) Remote remote;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	bool has_limit = question->kind != QUESTION_SERIES && !(question->kind == QUESTION_FACET && !question->name.len);

	remote_init(&remote, url, paths[question->kind]);
	if (question->name.len)
		remote_add_segment(&remote, question->name);
	if (question->q.len)
		remote_add(&remote, STR("q"), question->q);
	if (question->url.len)
		remote_add(&remote, STR("url"), question->url);
	if (has_limit)
		remote_add(&remote, STR("limit"), arena_printf(context->arena, "%u", question->limit));
	if (!remote_ask(&remote, &out, err))
		return -1;
	buf_append_char(&out, '\n');
	return output_write(buf_str(&out), err) ? 0 : -1;
}

int ask(Context *context, const Question *question, PrintAnswer print, Error *err)
{
	CLEANUP(engine_unrefp) Engine *engine = NULL;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	const char *url = option_value(context->arguments, "url");
	EngineOptions options;
	int status = 0;

	if (!question_finish(question, context->arena, err))
		return -1;
	if (url)
		return ask_remote(context, question, url, err);
	if (!config_engine_options(&context->config, context->arena, &options, err) ||
	    !engine_open(context->index, &options, &engine, err))
		return -1;
	if (context->output.is_json)
		status = print_json(context, engine, question, &out, err) ? 0 : -1;
	else
		status = print(context, engine, question, &out, err);
	return status >= 0 && output_write(buf_str(&out), err) ? status : -1;
}

bool set_from_option(const Context *context, Question *question, const char *option, const char *parameter, Error *err)
{
	const char *value = option_value(context->arguments, option);

	return !value || question_set(question, str_from_c(parameter), str_from_c(value), context->arena, err);
}

Str operand(const Context *context, size_t number)
{
	return number < context->arguments->n_operands ? str_from_c(context->arguments->operands[number]) : STR_EMPTY;
}

bool check_operands(const Context *context, size_t min, size_t max, const char *what, Error *err)
{
	size_t n = context->arguments->n_operands;

	if (n >= min && n <= max)
		return true;
	error_set(err, ERROR_USAGE, n < min ? "%s is missing" : "more was named than %s", what);
	return error_hint(err, "see --help");
}

void append_pages(const Output *output, Buf *out, Str before, uint32_t n)
{
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);

	buf_printf(&text, "%.*s%u page%s", STR_ARG(before), n, n == 1 ? "" : "s");
	output_styled(output, out, STYLE_FAINT, buf_str(&text));
}
