/*
 * A page's terms, each with its places: what its streams say, turned round. Done by the threads
 * that prepare pages, so that the one that writes meets each term of a page once. Private to store/.
 */
#ifndef STORE_PAGE_TERMS_H
#define STORE_PAGE_TERMS_H

#include "term_stream.h"

typedef struct PageTerm {
	Str term; /* of the page's streams */
	Str places; /* as FTS5 keeps them: postings.c */
	uint32_t hash; /* of the term */
} PageTerm;

typedef struct PageTerms {
	PageTerm *items; /* each term once, in no order */
	size_t n;
	uint32_t n_places[N_TEXT_FIELDS]; /* gaps among them */
} PageTerms;

/* Memory that is used again from page to page: one a thread. */
typedef struct PageTermsMaker PageTermsMaker;

PageTermsMaker *page_terms_maker_new(void);
PageTermsMaker *page_terms_maker_free(PageTermsMaker *maker);

/* Lives in @arena, and borrows from @streams. */
void make_page_terms(PageTermsMaker *maker, const TermStreams *streams, Arena *arena, PageTerms *ret_terms);

#endif
