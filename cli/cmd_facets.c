/* blogsearch facets: what pages can be filtered by, and the values of one facet. */
#include "ask.h"

const Option facets_options[] = {
	{ "limit", OPTION_VALUE, 0, "N", "values, 1 to 1000 (default: 20)" },
	{ "url", OPTION_VALUE, 0, "URL", "ask the daemon that is there instead of the index" },
	{ 0 },
};

static void print_values(const Output *output, const FacetValues *values, Buf *out)
{
	for (size_t i = 0; i < values->n_values; i++) {
		buf_printf(out, "%6u  ", values->values[i].count);
		output_marked(output, out, values->values[i].name_html, STYLE_TITLE, false);
		if (values->values[i].url.len) {
			buf_append_c(out, "  ");
			output_link(output, out, STYLE_URL, values->values[i].url, values->values[i].url);
		}
		buf_append_char(out, '\n');
	}
	if (values->n_values < values->total)
		buf_printf(out, "        … and %zu more\n", values->total - values->n_values);
}

static void print_facets(const Context *context, Answer answer, Buf *out)
{
	const Output *output = &context->output;
	const FacetValues *values = answer.values;

	if (values->facet.len)
		print_values(output, values, out);
	for (size_t i = 0; i < values->n_facets; i++) {
		buf_printf(out, "%6u  ", values->facets[i].n_values);
		output_styled(output, out, STYLE_FACET, values->facets[i].name);
		buf_append_char(out, '\n');
	}
}

int cmd_facets(Context *context, Error *err)
{
	Question question = question_new(QUESTION_FACET, operand(context, 0));

	if (!check_operands(context, 0, 2, "a facet and the beginning of a value", err) ||
	    (operand(context, 1).len && !question_set(&question, STR("q"), operand(context, 1), context->arena, err)) ||
	    !set_from_option(context, &question, "limit", "limit", err))
		return -1;
	return ask(context, &question, print_facets, err);
}
