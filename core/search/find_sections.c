/*
 * Sub-results: the sections of a hit that match, best first, each with a link that leads to
 * the passage. A section is worth its best passage and what its heading has of the query.
 */
#include <stdlib.h>

#include "page_flows.h"

#define WORTH_OF_HEADING 0.6f /* of a word there against one in the passage */
#define LEAST_SHARE      0.45f /* of the best one's worth: less is no answer */

typedef struct Section {
	size_t heading; /* block */
	MarkedText *title;
	float worth;
	Passage passage; /* .flow NULL: only the heading matches */
	FlowKind kind;
	Flow *first; /* where its text begins */
} Section;

/* --- Choosing ------------------------------------------------------------------------------------ */

static float worth_of_heading(const MarkedText *heading, const PassageTerms *terms)
{
	float worth = 0;

	for (size_t i = 0; i < heading->n_spans; i++) {
		bool is_new = true;

		for (size_t j = 0; j < i; j++)
			is_new = is_new && heading->spans[j].leaf != heading->spans[i].leaf;
		worth += is_new ? WORTH_OF_HEADING * terms->weights[heading->spans[i].leaf] : 0;
	}
	return worth;
}

/* Adds what a further flow of the section has. */
static void add_flow(Section *section, PageFlow *flow)
{
	Passage passage = flow->body;

	if (passage.worth > 0)
		passage.worth += worth_of_kind(flow->kind);
	if (passage.worth > section->passage.worth) {
		section->passage = passage;
		section->kind = flow->kind;
	}
	if (!section->first && flow->flow.n_texts > flow->flow.has_heading)
		section->first = &flow->flow;
}

static int compare_sections(const void *a, const void *b)
{
	const Section *x = a, *y = b;

	if (x->worth != y->worth)
		return x->worth > y->worth ? -1 : 1;
	return x->heading < y->heading ? -1 : x->heading > y->heading;
}

static Section *section_of(Section *sections, size_t n, size_t heading)
{
	for (size_t i = n; i-- > 0;)
		if (sections[i].heading == heading)
			return &sections[i];
	return NULL;
}

/* Sections that match, best first. */
static Section *list_sections(Search *search, PageFlows *flows, size_t *ret_n)
{
	Section *sections = arena_new_n(search->arena, Section, flows->n_flows);
	size_t n = 0, n_kept = 0;

	for (size_t i = 0; i < flows->n_flows; i++) {
		PageFlow *flow = &flows->flows[i];
		Section *section;

		if (flow->section == NO_SECTION)
			continue;
		if (flow->flow.has_heading)
			sections[n++] = (Section){ .heading = flow->section, .title = &flow->flow.texts[0] };
		section = section_of(sections, n, flow->section);
		if (section)
			add_flow(section, flow);
	}
	for (size_t i = 0; i < n; i++)
		sections[i].worth = sections[i].passage.worth + worth_of_heading(sections[i].title, &flows->terms);
	if (n)
		qsort(sections, n, sizeof(Section), compare_sections);
	while (n_kept < n && sections[n_kept].worth > 0 && sections[n_kept].worth >= sections[0].worth * LEAST_SHARE)
		n_kept++;
	*ret_n = n_kept;
	return sections;
}

/* --- Showing --------------------------------------------------------------------------------------- */

static Str html_of_title(Search *search, MarkedText *title)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	marked_text_find_words(title, search->arena);
	append_marked(title, 0, (uint32_t)title->piece.text.len, &out);
	return arena_str_dup(search->arena, buf_str(&out));
}

static Str html_of_passage(Search *search, PageFlows *flows, const Section *section)
{
	Passage passage = section->passage;

	if (!search->query->snippet_words)
		return STR_EMPTY;
	if (!passage.flow &&
	    (!section->first || !passage_begin(section->first, search->arena, &passage)))
		return STR_EMPTY;
	return show_passage(search, flows, passage);
}

/* Only a paragraph is found as it stands: code and captions are shown in ways of their own. */
static void append_text_fragment(Search *search, const PageFlows *flows, const Section *section, Buf *url)
{
	if (section->passage.flow && section->kind == FLOW_PROSE)
		append_link(search, flows, &section->passage, url);
}

static Str url_of_section(Search *search, const PageFlows *flows, const Section *section, Str page_url)
{
	CLEANUP(buf_deinit) Buf url = BUF_INIT(BUF_NO_CEILING);
	size_t len;

	buf_append(&url, page_url);
	buf_append_char(&url, '#');
	buf_append_url(&url, flows->text->blocks[section->heading].anchor, "!$&'()*+,;=:@/?%");
	len = url.len;
	append_text_fragment(search, flows, section, &url);
	/* Nowhere in the page: the page. */
	if (url.len == len && url.data[len - 1] == '#')
		buf_truncate(&url, len - 1);
	return arena_str_dup(search->arena, buf_str(&url));
}

void find_sections(Search *search, PageFlows *flows, ResultHit *hit)
{
	Section *sections;
	size_t n;

	if (!search->query->n_sections || !search->n_leaves)
		return;
	sections = list_sections(search, flows, &n);
	n = n < search->query->n_sections ? n : search->query->n_sections;
	if (!n)
		return;
	hit->sections = arena_new_n(search->arena, ResultSection, n);
	for (; hit->n_sections < n; hit->n_sections++) {
		const Section *section = &sections[hit->n_sections];

		hit->sections[hit->n_sections] = (ResultSection){
			.title_html = html_of_title(search, section->title),
			.anchor = arena_str_dup(search->arena, flows->text->blocks[section->heading].anchor),
			.url = url_of_section(search, flows, section, hit->url),
			.snippet_html = html_of_passage(search, flows, section),
		};
	}
}
