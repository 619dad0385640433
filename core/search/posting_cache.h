/* Postings that were read from the index once and are kept (lru_cache.h). Thread-safe. */
#ifndef SEARCH_POSTING_CACHE_H
#define SEARCH_POSTING_CACHE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "blogsearch/store_read.h"
#include "blogsearch/vec.h"
#include "lru_cache.h"

typedef LruCache PostingCache;

/* Postings in use: they live until they are released, in the cache or not. */
typedef struct CachedPostings {
	LruEntry entry;
	Postings postings;
	bool is_of_word; /* none of its own: what is asked for finds the same as the word whose stem it is */
	_Atomic(struct Frequencies *) frequencies; /* see posting_cache_keep(); owned */
} CachedPostings;

/* To be freed with lru_cache_free(). */
PostingCache *posting_cache_new(size_t max_bytes);

/* What store_find() finds, kept from before or looked up now; to be released. */
MUST_CHECK bool posting_cache_fetch(PostingCache *cache, StoreReader *reader, const PhraseTerm *terms, size_t n_terms,
                                    bool is_prefix, uint64_t deadline_ns, CachedPostings **ret_postings, Error *err);
/* What scoring made of postings. */
typedef struct Frequencies {
	VEC(uint32_t) titles; /* pages whose title has it */
	float tf[];           /* over all fields, by the number of a page in the postings */
} Frequencies;

/* Zeroed. */
Frequencies *frequencies_new(uint32_t n_pages);
Frequencies *frequencies_free(Frequencies *frequencies);

/* Keeps them with the postings, whose they are from now on. Another thread may have been first: use what is returned. */
const Frequencies *posting_cache_keep(PostingCache *cache, CachedPostings *postings, Frequencies *frequencies);
/* NULL: none were kept yet. */
static inline const Frequencies *posting_cache_frequencies(const CachedPostings *postings)
{
	return atomic_load_explicit(&postings->frequencies, memory_order_acquire);
}

void posting_cache_release(PostingCache *cache, CachedPostings *postings);

#endif
