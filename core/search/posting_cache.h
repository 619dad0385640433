/*
 * Postings that were read from the index once and are kept, bounded in bytes, least recently
 * used first out. A published index never changes, so what was read stays true. Thread-safe.
 */
#ifndef SEARCH_POSTING_CACHE_H
#define SEARCH_POSTING_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "blogsearch/store_read.h"

typedef struct PostingCache PostingCache;

/* Postings in use: they live until they are released, in the cache or not. */
typedef struct CachedPostings {
	Postings postings;
	struct CachedPostings *newer, *older; /* the cache's */
	char *key;
	size_t key_len, n_bytes;
	unsigned n_users;
	bool is_kept;
} CachedPostings;

PostingCache *posting_cache_new(size_t max_bytes);
PostingCache *posting_cache_free(PostingCache *cache);

/* What store_find() finds, kept from before or looked up now; to be released. */
MUST_CHECK bool posting_cache_fetch(PostingCache *cache, StoreReader *reader, const PhraseTerm *terms, size_t n_terms,
                                    bool is_prefix, uint64_t deadline_ns, CachedPostings **ret_postings, Error *err);
void posting_cache_release(PostingCache *cache, CachedPostings *postings);

#endif
