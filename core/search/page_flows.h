/*
 * A hit's text with its matches, as flows: the description; each section's heading with the
 * paragraphs below it up to a piece of code; each piece of code; each caption. What snippets
 * and sections are chosen from.
 */
#ifndef SEARCH_PAGE_FLOWS_H
#define SEARCH_PAGE_FLOWS_H

#include "page_cache.h"
#include "passage.h"
#include "steps.h"

typedef enum FlowKind { FLOW_DESCRIPTION, FLOW_PROSE, FLOW_CAPTION, FLOW_CODE, FLOW_INLINE_CODE } FlowKind;

#define NO_SECTION SIZE_MAX

typedef struct PageFlow {
	Flow flow;
	FlowKind kind;
	size_t section; /* the block of its heading; NO_SECTION before the first one */
	Passage body;   /* the best passage without the heading; worth 0 where nothing matches */
} PageFlow;

struct PageFlows {
	const StoreText *text; /* NULL: only the title is wanted */
	PageFlow *flows; /* in reading order */
	size_t n_flows;
	MarkedText title;
	PassageTerms terms;
};

/* In the search's arena; borrows from @page. */
void find_page_flows(Search *search, uint32_t number, const CachedPage *page, PageFlows *ret_flows);

/* What a passage from this kind of flow counts more than its words. */
float worth_of_kind(FlowKind kind);

/* The passage as HTML in the search's arena, fitted and with its white space collapsed. */
Str show_passage(Search *search, const PageFlows *flows, Passage *passage);

#endif
