/* See ask.h. */
#include "ask.h"

#include "engine_options.h"
#include "remote.h"

static bool run(Engine *engine, const Question *question, Arena *arena, Answer *ret_answer, Error *err)
{
	switch (question->kind) {
	case QUESTION_SUGGEST:
		return suggest_run(engine, question, arena, &ret_answer->suggestions, err);
	case QUESTION_RELATED:
		return related_run(engine, question, arena, &ret_answer->related, err);
	case QUESTION_SERIES:
		return series_run(engine, question, arena, &ret_answer->series, err);
	case QUESTION_FACET:
		return facet_values_run(engine, question, arena, &ret_answer->values, err);
	}
	return false;
}

static bool ask_index(const Context *context, const Question *question, PrintAnswer print, Buf *out, Error *err)
{
	CLEANUP(engine_unrefp) Engine *engine = NULL;
	EngineOptions options;
	Answer answer;

	if (!config_engine_options(&context->config, context->arena, &options, err) ||
	    !engine_open(context->index, &options, &engine, err))
		return false;
	if (context->output.is_json)
		return question_to_json(engine, question, context->arena, out, err);
	if (!run(engine, question, context->arena, &answer, err))
		return false;
	print(context, answer, out);
	return true;
}

/* The same question to a running daemon. */
static bool ask_remote(const Context *context, const Question *question, const char *url, PrintAnswer print, Buf *out,
                       Error *err)
{
	static const char *const paths[] = { [QUESTION_SUGGEST] = "/v1/suggest", [QUESTION_RELATED] = "/v1/related",
		                             [QUESTION_SERIES] = "/v1/series", [QUESTION_FACET] = "/v1/facets" };
	CLEANUP(remote_deinit) Remote remote;
	CLEANUP(buf_deinit) Buf json = BUF_INIT(BUF_NO_CEILING);
	Answer answer;
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
	if (!remote_ask(&remote, &json, err) ||
	    !read_answer(url, question->kind, buf_str(&json), context->arena, &answer, err))
		return false;
	if (context->output.is_json) {
		buf_append(out, buf_str(&json));
		return true;
	}
	print(context, answer, out);
	return true;
}

int ask(Context *context, const Question *question, PrintAnswer print, Error *err)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	const char *url = option_value(context->arguments, "url");

	if (!question_finish(question, context->arena, err) ||
	    !(url ? ask_remote(context, question, url, print, &out, err) : ask_index(context, question, print, &out, err)))
		return -1;
	if (context->output.is_json)
		buf_append_char(&out, '\n');
	return output_write(buf_str(&out), err) ? 0 : -1;
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
