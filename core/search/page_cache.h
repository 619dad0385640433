/*
 * What hits show of a page: its row and, where snippets are wanted, its text with the words
 * that stand in it. Kept once read (lru_cache.h). Thread-safe.
 */
#ifndef SEARCH_PAGE_CACHE_H
#define SEARCH_PAGE_CACHE_H

#include "lru_cache.h"
#include "marked_text.h"

typedef LruCache PageCache;

typedef struct CachedPage {
	LruEntry entry;
	StorePage row;
	StoreText *text; /* NULL: only the row was asked for */
	FieldText *pieces[N_TEXT_FIELDS]; /* store_field_texts(), but for FIELD_TERMS; none without the text */
	size_t n_pieces[N_TEXT_FIELDS];
	KeptWords *words; /* by FieldText.number */
	size_t n_words;
	Arena arena; /* all of it but words */
} CachedPage;

/* To be freed with lru_cache_free(). */
PageCache *page_cache_new(size_t max_bytes);

/* As store_page() and store_text(); to be released. */
MUST_CHECK bool page_cache_fetch(PageCache *cache, StoreReader *reader, uint32_t page, bool wants_text,
                                 CachedPage **ret_page, Error *err);
void page_cache_release(PageCache *cache, CachedPage *page);

#endif
