/* blogsearch related: pages like a page, and why. */
#include "ask.h"

const Option related_options[] = {
	{ "limit", OPTION_VALUE, 0, "N", "how many, 1 to 50 (default: 5)" },
	{ "url", OPTION_VALUE, 0, "URL", "ask the daemon that is there instead of the index" },
	{ 0 },
};

static void append_name(Buf *out, const char *before, bool is_first, Str name)
{
	buf_append_c(out, is_first ? before : ", ");
	buf_append(out, name);
}

/* A tag and a category of one name are one reason to a reader. */
static bool is_named_before(const RelatedPage *related, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (str_equal_nocase(related->terms[j].term.name, related->terms[i].term.name))
			return true;
	return false;
}

/* "series A Name · docker, linux · volumes, images" */
static void print_why(const Output *output, const RelatedPage *related, Buf *out)
{
	CLEANUP(buf_deinit) Buf why = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < related->n_series; i++)
		append_name(&why, "series ", i == 0, related->series[i].name);
	for (size_t i = 0, n = 0; i < related->n_terms; i++)
		if (!is_named_before(related, i))
			append_name(&why, why.len ? " · " : "", n++ == 0, related->terms[i].term.name);
	for (size_t i = 0; i < related->n_words; i++)
		append_name(&why, why.len ? " · " : "", i == 0, related->words[i]);
	buf_append_c(out, "   ");
	output_styled(output, out, STYLE_FAINT, buf_str(&why));
	buf_append_char(out, '\n');
}

static void print_related(const Context *context, Answer answer, Buf *out)
{
	const Output *output = &context->output;
	const Related *related = answer.related;

	for (size_t i = 0; i < related->n; i++) {
		const RelatedPage *item = &related->items[i];

		if (i)
			buf_append_char(out, '\n');
		output_styled(output, out, STYLE_TITLE, item->page.title.len ? item->page.title : item->page.path);
		buf_append_c(out, "\n   ");
		output_link(output, out, STYLE_URL, item->page.url, item->page.url);
		buf_append_char(out, '\n');
		print_why(output, item, out);
	}
}

int cmd_related(Context *context, Error *err)
{
	Question question = question_new(QUESTION_RELATED, STR_EMPTY);

	if (!check_operands(context, 1, 1, "one page's URL or path", err) ||
	    !question_set(&question, STR("url"), operand(context, 0), context->arena, err) ||
	    !set_from_option(context, &question, "limit", "limit", err))
		return -1;
	return ask(context, &question, print_related, err);
}
