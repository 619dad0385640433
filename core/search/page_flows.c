/* See page_flows.h. */
#include "page_flows.h"

#include <math.h>

#include "blogsearch/each_byte.h"
#include "page_matches.h"
#include "text_fragment.h"

/* What a word of the query counts by how rare it is: from 1 to MOST_WEIGHT, so that two words are more than any one. */
#define MOST_WEIGHT 1.9

static float weight_of(const Search *search, const Leaf *leaf)
{
	double n_all = search->catalog->n_pages, n = leaf->n_pages ? leaf->n_pages : 1;

	return n_all > n ? (float)(1 + (MOST_WEIGHT - 1) * log(n_all / n) / log(n_all)) : 1.0f;
}

static PassageTerms terms_of(Search *search)
{
	float *weights = arena_new_n(search->arena, float, search->n_leaves);

	for (size_t i = 0; i < search->n_leaves; i++)
		weights[i] = weight_of(search, search->leaves[i]);
	return (PassageTerms){ weights, search->n_leaves, search->query->snippet_words };
}

/* --- Building ----------------------------------------------------------------------------------- */

/* The title is one piece of text, which has all the places of its field. */
static void find_title(Search *search, const PageMatches *matches, uint32_t number, Str title, PageFlows *flows)
{
	flows->title.piece = (FieldText){ .field = FIELD_TITLE, .text = title, .block = (size_t)-1,
		                          .n_places = search->catalog->lengths[FIELD_TITLE][number] };
	place_title_matches(search, matches, &flows->title);
}

/* The texts as they are laid out, with their matches. */
static MarkedText *find_texts(Search *search, const PageMatches *matches, const PageLayout *layout, PageFlows *flows)
{
	MarkedText *texts = arena_dup_n(search->arena, MarkedText, layout->texts, layout->n_texts);

	flows->title = layout->title;
	place_matches(search, matches, layout, &flows->title, texts);
	return texts;
}

static PageFlow find_flow(const FlowLayout *laid, MarkedText *texts)
{
	return (PageFlow){
		.flow = { texts + laid->first_text, laid->n_texts, laid->has_heading },
		.kind = laid->kind, .section = laid->section,
	};
}

void find_page_flows(Search *search, uint32_t number, CachedPage *page, PageFlows *ret_flows)
{
	PageMatches matches = find_page_matches(search, number);
	const PageLayout *layout = page->layout;
	MarkedText *texts;

	*ret_flows = (PageFlows){ .page = page, .text = page->text, .terms = terms_of(search) };
	if (!layout) {
		find_title(search, &matches, number, page->row.title, ret_flows);
		return;
	}
	texts = find_texts(search, &matches, layout, ret_flows);
	ret_flows->flows = arena_new_n(search->arena, PageFlow, layout->n_flows);
	for (; ret_flows->n_flows < layout->n_flows; ret_flows->n_flows++) {
		PageFlow *flow = &ret_flows->flows[ret_flows->n_flows];

		*flow = find_flow(&layout->flows[ret_flows->n_flows], texts);
		flow->body = passage_find(&flow->flow, &ret_flows->terms, true, search->arena);
	}
}

/* --- Choosing and showing -------------------------------------------------------------------------- */

/* Code is shown when a word of the query is there alone. What stood in backticks is in the prose as well. */
float worth_of_kind(FlowKind kind)
{
	switch (kind) {
	case FLOW_DESCRIPTION:
		return 0.6f;
	case FLOW_PROSE:
		return 0.5f;
	case FLOW_CAPTION:
		return 0.2f;
	case FLOW_CODE:
		return 0.0f;
	case FLOW_INLINE_CODE:
		break;
	}
	return -0.9f;
}

/* How much of it surely has no blanks but single spaces between words. */
static size_t collapsed_length(Str text)
{
	size_t n = 0;

	/* Each seven bytes with the next one: two spaces may stand on either side. */
	for (; n + 8 <= text.len; n += 7) {
		uint64_t bytes = eight_bytes(text.data + n), spaces = bytes_that_are(bytes, ' ');

		if ((spaces & spaces >> 8) | bytes_that_are(bytes, '\n') | bytes_that_are(bytes, '\t') |
		    bytes_that_are(bytes, '\r'))
			break;
	}
	return text.len && text.data[0] == ' ' ? 0 : n;
}

static Str collapse_blanks(Str text, Arena *arena)
{
	char *out = arena_to_c(arena, text);
	size_t n = collapsed_length(text);

	for (size_t i = n; i < text.len; i++) {
		bool is_blank = text.data[i] == ' ' || text.data[i] == '\n' || text.data[i] == '\t' || text.data[i] == '\r';

		if (!is_blank)
			out[n++] = text.data[i];
		else if (n && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return (Str){ out, n };
}

static void keep(Search *search, const PageFlows *flows, const KeptPassage *passage)
{
	size_t n_bytes = kept_passages_add(&flows->page->passages, passage);

	if (n_bytes)
		page_cache_grow(engine_pages(search->engine), flows->page, n_bytes);
}

/* Breaks the texts that are shown into words, should nobody have done it for this question. */
static void find_words(const Passage *passage, Arena *arena)
{
	for (size_t i = passage->first.text; i <= passage->last.text; i++)
		marked_text_find_words(&passage->flow->texts[i], arena);
}

/* As passage_fit(), which takes long. */
static void fit(Search *search, const PageFlows *flows, Passage *passage)
{
	PassageKey key;
	bool has_key = flows->terms.n_words && passage_key(passage, flows->terms.n_words, &key);
	const KeptPassage *kept = has_key ? kept_passages_find(&flows->page->passages, &key) : NULL;

	if (kept) {
		passage->first = kept->first;
		passage->last = kept->last;
		passage->max_bytes = kept->max_bytes;
		find_words(passage, search->arena);
		return;
	}
	passage_fit(passage, &flows->terms, search->arena);
	if (has_key)
		keep(search, flows, &(KeptPassage){ .key = key, .first = passage->first, .last = passage->last,
		                                    .max_bytes = passage->max_bytes });
}

void append_link(Search *search, const PageFlows *flows, const Passage *passage, Buf *url)
{
	MarkedText *text = &passage->flow->texts[passage->first.text];
	uint32_t last = passage->last.text == passage->first.text ? passage->last.word : passage->first.word;
	PassageKey key;
	bool has_key = passage_key(passage, 0, &key);
	const KeptPassage *kept = has_key ? kept_passages_find(&flows->page->passages, &key) : NULL;
	size_t len = url->len;

	if (kept) {
		buf_append(url, kept->link);
		return;
	}
	marked_text_find_words(text, search->arena);
	text_fragment_append(text, passage->first.word, last, flows->text, url);
	if (has_key)
		keep(search, flows, &(KeptPassage){ .key = key, .link = str_from(buf_str(url), len) });
}

static bool is_shown(const PageFlows *flows, const Passage *passage)
{
	const Passage *shown = &flows->shown;

	return shown->flow == passage->flow && shown->first.text == passage->first.text &&
	       shown->first.word == passage->first.word && shown->last.text == passage->last.text &&
	       shown->last.word == passage->last.word;
}

Str show_passage(Search *search, PageFlows *flows, Passage passage)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	if (is_shown(flows, &passage))
		return flows->shown_html;
	flows->shown = passage;
	fit(search, flows, &passage);
	passage_append(&passage, &out);
	flows->shown_html = collapse_blanks(buf_str(&out), search->arena);
	return flows->shown_html;
}
