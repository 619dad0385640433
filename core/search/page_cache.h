/*
 * What hits show of a page: its row and, where snippets are wanted, its text with the words
 * that stand in it. Kept once read (lru_cache.h). Thread-safe.
 */
#ifndef SEARCH_PAGE_CACHE_H
#define SEARCH_PAGE_CACHE_H

#include "kept_passages.h"
#include "lru_cache.h"
#include "page_layout.h"

typedef LruCache PageCache;
typedef struct PageCard PageCard; /* page_card.h */

typedef struct CachedPage {
	LruEntry entry;
	StorePage row;
	StoreText *text; /* NULL: only the row was asked for */
	PageLayout *layout; /* NULL without the text */
	KeptWords *words; /* by FieldText.number */
	size_t n_words;
	KeptPassages passages;
	_Atomic(PageCard *) card; /* NULL: not yet */
	Arena arena; /* all of it but words, passages and card */
} CachedPage;

/* To be freed with lru_cache_free(). */
PageCache *page_cache_new(size_t max_bytes);

/* As store_page() and store_text(); to be released. */
MUST_CHECK bool page_cache_fetch(PageCache *cache, StoreReader *reader, uint32_t page, bool wants_text,
                                 CachedPage **ret_page, Error *err);
/* It has grown by so many bytes: its passages and card. */
void page_cache_grow(PageCache *cache, CachedPage *page, size_t n_bytes);
void page_cache_release(PageCache *cache, CachedPage *page);

#endif
