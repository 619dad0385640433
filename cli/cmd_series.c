/* blogsearch series: the pages of a series in order. */
#include "ask.h"

#include "blogsearch/clock.h"

const Option series_options[] = {
	{ "page", OPTION_VALUE, 0, "PAGE", "mark this page (its URL or path), and exit with 1 if it is none of the series" },
	{ "url", OPTION_VALUE, 0, "URL", "ask the daemon that is there instead of the index" },
	{ 0 },
};

static void print_part(const Output *output, const ListedPage *page, bool is_current, Buf *out)
{
	char day[TIME_TEXT_SIZE];

	buf_append_c(out, is_current ? "→ " : "  ");
	if (page->has_order)
		buf_printf(out, "%3lld  ", (long long)page->order);
	else
		buf_append_c(out, "     ");
	output_styled(output, out, is_current ? STYLE_SELECTED : STYLE_TITLE, page->title.len ? page->title : page->path);
	if (page->published != TIME_NONE) {
		buf_append_c(out, "  ");
		output_styled(output, out, STYLE_FAINT, str_slice(str_from_c(time_to_rfc3339(page->published, day)), 0, 10));
	}
	buf_append_c(out, "\n       ");
	output_link(output, out, STYLE_URL, page->url, page->url);
	buf_append_char(out, '\n');
}

static void print_series(const Context *context, Answer answer, Buf *out)
{
	const Output *output = &context->output;
	const Series *series = answer.series;

	output_styled(output, out, STYLE_FACET, series->term.name);
	append_pages(output, out, STR("  "), series->count);
	buf_append_char(out, '\n');
	for (size_t i = 0; i < series->n_pages; i++)
		print_part(output, &series->pages[i], series->has_current && series->pages[i].id == series->current.id, out);
	if (series->n_pages < series->count)
		buf_printf(out, "  … and %zu more\n", series->count - series->n_pages);
}

int cmd_series(Context *context, Error *err)
{
	Question question = question_new(QUESTION_SERIES, operand(context, 0));

	if (!check_operands(context, 1, 1, "one series' name", err) ||
	    !set_from_option(context, &question, "page", "url", err))
		return -1;
	return ask(context, &question, print_series, err);
}
