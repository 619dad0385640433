/* blogsearch suggest: what a beginning may go on to. */
#include "ask.h"

const Option suggest_options[] = {
	{ "limit", OPTION_VALUE, 0, "N", "how many, 1 to 20 (default: 8)" },
	{ "url", OPTION_VALUE, 0, "URL", "ask the daemon that is there instead of the index" },
	{ 0 },
};

/* "  tag, 12 pages  https://…": what it is and where it leads. */
static void print_suggestion(const Output *output, const Suggestion *suggestion, Arena *arena, Buf *out)
{
	output_marked(output, out, suggestion->text_html, STYLE_TITLE, false);
	if (suggestion->kind == SUGGESTION_TERM)
		append_pages(output, out, arena_printf(arena, "  %.*s, ", STR_ARG(suggestion->facet)), suggestion->count);
	else if (suggestion->kind != SUGGESTION_TITLE)
		append_pages(output, out, STR("  "), suggestion->count);
	if (suggestion->url.len) {
		buf_append_c(out, "  ");
		output_link(output, out, STYLE_URL, suggestion->url, suggestion->url);
	}
	buf_append_char(out, '\n');
}

static void print_suggestions(const Context *context, Answer answer, Buf *out)
{
	const Suggestions *suggestions = answer.suggestions;

	if (suggestions->corrected.len)
		output_styled(&context->output, out, STYLE_FAINT,
		              arena_printf(context->arena, "nothing begins so; with %.*s:", STR_ARG(suggestions->corrected)));
	if (suggestions->corrected.len)
		buf_append_char(out, '\n');
	for (size_t i = 0; i < suggestions->n; i++)
		print_suggestion(&context->output, &suggestions->items[i], context->arena, out);
}

static Str join_operands(const Arguments *arguments, Arena *arena)
{
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < arguments->n_operands; i++) {
		if (i)
			buf_append_char(&text, ' ');
		buf_append_c(&text, arguments->operands[i]);
	}
	return arena_str_dup(arena, buf_str(&text));
}

int cmd_suggest(Context *context, Error *err)
{
	Question question = question_new(QUESTION_SUGGEST, STR_EMPTY);
	Str beginning = join_operands(context->arguments, context->arena);

	if (!check_operands(context, 1, SIZE_MAX, "the beginning of a word", err) ||
	    !question_set(&question, STR("q"), beginning, context->arena, err) ||
	    !set_from_option(context, &question, "limit", "limit", err))
		return -1;
	return ask(context, &question, print_suggestions, err);
}
