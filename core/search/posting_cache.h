/* Postings that were read from the index once and are kept (lru_cache.h). Thread-safe. */
#ifndef SEARCH_POSTING_CACHE_H
#define SEARCH_POSTING_CACHE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "blogsearch/store_read.h"
#include "lru_cache.h"

typedef LruCache PostingCache;

/* Postings in use: they live until they are released, in the cache or not. */
typedef struct CachedPostings {
	LruEntry entry;
	Postings postings;
	_Atomic(float *) tf; /* see posting_cache_keep_tf(); owned */
} CachedPostings;

/* To be freed with lru_cache_free(). */
PostingCache *posting_cache_new(size_t max_bytes);

/* What store_find() finds, kept from before or looked up now; to be released. */
MUST_CHECK bool posting_cache_fetch(PostingCache *cache, StoreReader *reader, const PhraseTerm *terms, size_t n_terms,
                                    bool is_prefix, uint64_t deadline_ns, CachedPostings **ret_postings, Error *err);
/*
 * Keeps with the postings what scoring made of them: a number a page of theirs, malloc'd, over
 * all fields. Another thread may have been first: use what is returned.
 */
const float *posting_cache_keep_tf(PostingCache *cache, CachedPostings *postings, float *tf);
/* NULL: none was kept yet. */
static inline const float *posting_cache_tf(const CachedPostings *postings)
{
	return atomic_load_explicit(&postings->tf, memory_order_acquire);
}

void posting_cache_release(PostingCache *cache, CachedPostings *postings);

#endif
