/* Where a page has what the query asks for: the places that the index has, in order. */
#ifndef SEARCH_PAGE_MATCHES_H
#define SEARCH_PAGE_MATCHES_H

#include "page_layout.h"
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

/* Gives the title and the texts, which are those of @layout, the matches that lie in them, as spans. */
void place_matches(Search *search, const PageMatches *matches, const PageLayout *layout, MarkedText *title,
                   MarkedText *texts);
/* The same where the title alone is shown, whose places are all of its field's. */
void place_title_matches(Search *search, const PageMatches *matches, MarkedText *title);

#endif
