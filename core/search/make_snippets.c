/*
 * Title and snippet of a hit. The snippet is the best passage of the page's text; where the
 * text has no match (only title or terms do), what the author says of the page, or its beginning.
 */
#include "steps.h"

#include "page_flows.h"

#define WORTH_EARLY 0.12f /* at the beginning of the page */
#define EARLY       4.0f  /* flows that halve it */

static Str make_title(Search *search, PageFlows *flows)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	marked_text_find_words(&flows->title, search->arena);
	append_marked(&flows->title, 0, (uint32_t)flows->title.piece.text.len, &out);
	return arena_str_dup(search->arena, buf_str(&out));
}

/* A passage that begins with a heading is worth less than one whose prose says as much. */
static Passage best_of_flow(const PageFlow *flow, const PassageTerms *terms, Arena *arena)
{
	bool has_match_in_heading = flow->flow.has_heading && flow->flow.texts[0].n_spans;
	Passage body = flow->body;
	Passage all = has_match_in_heading ? passage_find(&flow->flow, terms, false, arena) : body;
	float kind = worth_of_kind(flow->kind);

	body.worth += body.worth > 0 ? kind : 0;
	all.worth += all.worth > 0 && all.first.text > 0 ? kind : 0;
	return all.worth > body.worth ? all : body;
}

/* Of two as good the earlier one tells better what the page is about. */
static bool find_best(Search *search, const PageFlows *flows, Passage *ret_best)
{
	*ret_best = (Passage){ 0 };
	for (size_t i = 0; i < flows->n_flows; i++) {
		Passage passage = best_of_flow(&flows->flows[i], &flows->terms, search->arena);

		if (passage.worth > 0)
			passage.worth += WORTH_EARLY / (1.0f + (float)i / EARLY);
		if (passage.worth > ret_best->worth)
			*ret_best = passage;
	}
	return ret_best->worth > 0;
}

/* --- Without a match ------------------------------------------------------------------------------ */

static bool begin_text(Search *search, Str text, Passage *ret_passage)
{
	Flow *flow = arena_new(search->arena, Flow);

	flow->texts = arena_new(search->arena, MarkedText);
	flow->texts->piece = (FieldText){ .field = FIELD_PROSE, .text = text };
	flow->n_texts = 1;
	return text.len && passage_begin(flow, search->arena, ret_passage);
}

/* The description is the first flow where there is one. */
static bool begin_page(Search *search, const PageFlows *flows, Passage *ret_passage)
{
	bool has_description = flows->n_flows && flows->flows[0].kind == FLOW_DESCRIPTION;

	if (!has_description && begin_text(search, flows->text->summary, ret_passage))
		return true;
	for (size_t i = 0; i < flows->n_flows; i++)
		if (passage_begin(&flows->flows[i].flow, search->arena, ret_passage))
			return true;
	return false;
}

static Str make_snippet(Search *search, PageFlows *flows)
{
	Passage passage;

	if (!search->query->snippet_words || (!find_best(search, flows, &passage) && !begin_page(search, flows, &passage)))
		return STR_EMPTY;
	return show_passage(search, flows, passage);
}

void make_snippets(Search *search, PageFlows *flows, ResultHit *hit)
{
	hit->title_html = make_title(search, flows);
	hit->snippet_html = make_snippet(search, flows);
}
