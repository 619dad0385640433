/* Writers of `query`: text for people, the API's JSON, and three for programs that read lines. */
#include "print_result.h"

#include "blogsearch/clock.h"
#include "blogsearch/json.h"

static void append_day(Buf *out, int64_t time)
{
	char text[TIME_TEXT_SIZE];

	if (time != TIME_NONE)
		buf_append(out, str_slice(str_from_c(time_to_rfc3339(time, text)), 0, 10));
}

/* --- Text ------------------------------------------------------------------------------------------ */

static void text_line_of_terms(const Output *output, const ResultHit *hit, Buf *out)
{
	CLEANUP(buf_deinit) Buf line = BUF_INIT(BUF_NO_CEILING);

	append_day(&line, hit->published);
	for (size_t i = 0; i < hit->n_series; i++) {
		const ResultSeries *series = &hit->series[i];

		buf_printf(&line, "%s%.*s", line.len ? " · " : "", STR_ARG(series->name));
		if (series->has_order)
			buf_printf(&line, " (%lld of %u)", (long long)series->order, series->count);
	}
	for (size_t i = 0; i < hit->n_tags; i++)
		buf_printf(&line, "%s%.*s", i ? ", " : line.len ? " · " : "", STR_ARG(hit->tags[i].name));
	if (!line.len)
		return;
	buf_append_c(out, "   ");
	output_styled(output, out, STYLE_FAINT, buf_str(&line));
	buf_append_char(out, '\n');
}

static void text_explanation(const Output *output, const ResultHit *hit, Buf *out)
{
	const ResultExplanation *explanation = hit->explanation;
	CLEANUP(buf_deinit) Buf line = BUF_INIT(BUF_NO_CEILING);

	/* As many decimals as the API has, so that a daemon's answer reads the same. */
	buf_printf(&line, "%.4f = (", hit->score);
	for (size_t i = 0; i < explanation->n_words; i++)
		buf_printf(&line, "%s%.*s %.4f", i ? " + " : "", STR_ARG(explanation->words[i].word),
		           explanation->words[i].score);
	buf_printf(&line, " + nearness %.4f + title %.4f) × boost %.4f × freshness %.4f", explanation->nearness,
	           explanation->title, explanation->boost, explanation->freshness);
	buf_append_c(out, "   ");
	output_styled(output, out, STYLE_FAINT, buf_str(&line));
	buf_append_char(out, '\n');
}

/* Its passage where that is not the hit's own already. */
static void text_section(const Output *output, const ResultHit *hit, const ResultSection *section, Buf *out)
{
	buf_append_c(out, "   › ");
	output_marked_link(output, out, section->url, section->title_html);
	if (section->anchor.len) {
		CLEANUP(buf_deinit) Buf anchor = BUF_INIT(BUF_NO_CEILING);

		buf_printf(&anchor, "  #%.*s", STR_ARG(section->anchor));
		output_styled(output, out, STYLE_FAINT, buf_str(&anchor));
	}
	buf_append_char(out, '\n');
	if (section->snippet_html.len && !str_equal(section->snippet_html, hit->snippet_html)) {
		buf_append_c(out, "     ");
		output_marked(output, out, section->snippet_html, STYLE_TITLE, false);
		buf_append_char(out, '\n');
	}
}

static void text_hit(const Output *output, const ResultHit *hit, Buf *out)
{
	buf_append_c(out, "\n");
	output_marked(output, out, hit->title_html.len ? hit->title_html : hit->path, STYLE_TITLE, true);
	buf_append_c(out, "\n   ");
	output_link(output, out, STYLE_URL, hit->url, hit->url);
	buf_append_char(out, '\n');
	text_line_of_terms(output, hit, out);
	if (hit->snippet_html.len) {
		buf_append_c(out, "   ");
		output_marked(output, out, hit->snippet_html, STYLE_TITLE, false);
		buf_append_char(out, '\n');
	}
	for (size_t i = 0; i < hit->n_sections; i++)
		text_section(output, hit, &hit->sections[i], out);
	if (hit->explanation)
		text_explanation(output, hit, out);
}

static void text_facet(const Output *output, const ResultFacet *facet, Buf *out)
{
	output_styled(output, out, STYLE_FACET, facet->name);
	buf_append_c(out, ": ");
	for (size_t i = 0; i < facet->n_values; i++) {
		const ResultFacetValue *value = &facet->values[i];

		if (i)
			buf_append_c(out, ", ");
		if (value->is_selected)
			output_styled(output, out, STYLE_SELECTED, value->name);
		else
			buf_append_escaped(out, value->name);
		buf_printf(out, " %u", value->count);
	}
	buf_append_char(out, '\n');
}

static void text_facets(const Output *output, const Result *result, Buf *out)
{
	bool is_first = true;

	for (size_t i = 0; i < result->n_facets; i++) {
		if (!result->facets[i].n_values)
			continue;
		if (is_first)
			buf_append_char(out, '\n');
		is_first = false;
		text_facet(output, &result->facets[i], out);
	}
}

/* What was done with the words, where that is not what was typed. */
static void text_match(const Output *output, const Result *result, Buf *out)
{
	if (result->match == RESULT_RELAXED)
		buf_append_c(out, "No page has all of these words; the most telling ones were looked for.\n");
	if (!result->corrected.len)
		return;
	buf_append_c(out, result->is_corrected ? "Looked for " : "Did you mean ");
	output_styled(output, out, STYLE_TITLE, result->corrected);
	if (!result->is_corrected)
		buf_printf(out, "? (%u page%s)", result->corrected_total, result->corrected_total == 1 ? "" : "s");
	buf_append_char(out, '\n');
}

static void print_text(const Output *output, const Query *query, const Result *result, Buf *out)
{
	(void)query;
	buf_printf(out, "%u page%s", result->total, result->total == 1 ? "" : "s");
	if (result->pages > 1)
		buf_printf(out, ", part %u of %u", result->page, result->pages);
	if (output->is_verbose)
		buf_printf(out, " (%.3f ms)", result->took_ms);
	buf_append_char(out, '\n');
	text_match(output, result, out);
	for (size_t i = 0; i < result->n_hits; i++)
		text_hit(output, &result->hits[i], out);
	text_facets(output, result, out);
}

/* --- For programs ------------------------------------------------------------------------------------ */

static void print_json(const Output *output, const Query *query, const Result *result, Buf *out)
{
	(void)output;
	result_to_json(result, query, out);
	buf_append_char(out, '\n');
}

static void print_ndjson(const Output *output, const Query *query, const Result *result, Buf *out)
{
	(void)output;
	for (size_t i = 0; i < result->n_hits; i++) {
		hit_to_json(&result->hits[i], query, out);
		buf_append_char(out, '\n');
	}
}

static void print_urls(const Output *output, const Query *query, const Result *result, Buf *out)
{
	(void)output, (void)query;
	for (size_t i = 0; i < result->n_hits; i++) {
		buf_append_escaped(out, result->hits[i].url);
		buf_append_char(out, '\n');
	}
}

/* Tabs and ends of lines in a title are escaped with the other control characters. */
static void print_tsv(const Output *output, const Query *query, const Result *result, Buf *out)
{
	(void)output, (void)query;
	for (size_t i = 0; i < result->n_hits; i++) {
		const ResultHit *hit = &result->hits[i];

		buf_printf(out, "%.4f\t", hit->score);
		append_day(out, hit->published);
		buf_append_char(out, '\t');
		buf_append_escaped(out, hit->url);
		buf_append_char(out, '\t');
		buf_append_escaped(out, hit->title);
		buf_append_char(out, '\n');
	}
}

const ResultFormat *result_format(const char *name)
{
	static const ResultFormat formats[] = {
		{ "text", print_text, true }, { "json", print_json, true }, { "urls", print_urls, false },
		{ "tsv", print_tsv, false },  { "ndjson", print_ndjson, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcmp(name, formats[i].name) == 0)
			return &formats[i];
	return NULL;
}
