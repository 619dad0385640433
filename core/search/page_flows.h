/* A hit's text as flows (page_layout.h) with what the query has in them: what snippets and sections are chosen from. */
#ifndef SEARCH_PAGE_FLOWS_H
#define SEARCH_PAGE_FLOWS_H

#include "page_cache.h"
#include "passage.h"
#include "steps.h"

typedef struct PageFlow {
	Flow flow;
	FlowKind kind;
	size_t section; /* the block of its heading; NO_SECTION before the first one */
	Passage body;   /* the best passage without the heading; worth 0 where nothing matches */
} PageFlow;

struct PageFlows {
	CachedPage *page;
	const StoreText *text; /* its; NULL: only the title is wanted */
	PageFlow *flows; /* in reading order */
	size_t n_flows;
	MarkedText title;
	PassageTerms terms;
	Passage shown;   /* the last one, before it was fitted: the snippet often is a section's as well */
	Str shown_html;
};

/* In the search's arena; borrows from @page. */
void find_page_flows(Search *search, uint32_t number, CachedPage *page, PageFlows *ret_flows);

/* What a passage from this kind of flow counts more than its words. */
float worth_of_kind(FlowKind kind);

/* Appends what text_fragment_append() makes of the passage, which is of a single text or begins in it. */
void append_link(Search *search, const PageFlows *flows, const Passage *passage, Buf *url);

/* The passage, fitted, as HTML in the search's arena with its white space collapsed. */
Str show_passage(Search *search, PageFlows *flows, Passage passage);

#endif
