/* Where a page has what the query asks for: the places that the index has, in order. */
#ifndef SEARCH_PAGE_MATCHES_H
#define SEARCH_PAGE_MATCHES_H

#include "marked_text.h"
#include "steps.h"

typedef struct PageMatch {
	Place place; /* its first */
	uint32_t n_places;
	uint32_t leaf;
	uint32_t character; /* see Span */
	const SpanSource *source;
} PageMatch;

typedef struct PageMatches {
	PageMatch *items; /* by place */
	size_t n;
} PageMatches;

/* In the search's arena. */
PageMatches find_page_matches(Search *search, uint32_t page);

/*
 * Gives each of the field's texts, which are in the order of reading, the matches that lie in it,
 * as spans. What lies in a gap is nobody's. *at: 0 with the first field; fields come in order.
 */
void place_matches(Search *search, const PageMatches *matches, TextField field, size_t *at, MarkedText *texts,
                   size_t n_texts);

#endif
