/* See posting_cache.h. */
#include "posting_cache.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"

static void free_postings(LruEntry *entry)
{
	CachedPostings *cached = (CachedPostings *)entry;

	postings_deinit(&cached->postings);
	free(atomic_load(&cached->frequencies));
	free(cached);
}

PostingCache *posting_cache_new(size_t max_bytes)
{
	return lru_cache_new(max_bytes, free_postings);
}

/* Takes the postings over. */
static CachedPostings *keep(PostingCache *cache, Str key, const Postings *postings)
{
	CachedPostings *cached = xnew0(CachedPostings);

	cached->postings = *postings;
	lru_cache_put(cache, key, &cached->entry,
	              sizeof(*cached) + 2 * (postings->n_pages + 1) * sizeof(uint32_t) + postings->start[postings->n_pages]);
	return cached;
}

static size_t frequencies_bytes(uint32_t n_pages)
{
	return sizeof(Frequencies) + n_pages * sizeof(float) + frequencies_n_words(n_pages) * sizeof(uint32_t);
}

Frequencies *frequencies_new(uint32_t n_pages, uint32_t **ret_in_title)
{
	Frequencies *frequencies = xcalloc(1, frequencies_bytes(n_pages));

	*ret_in_title = (uint32_t *)&frequencies->tf[n_pages];
	frequencies->in_title = *ret_in_title;
	return frequencies;
}

const Frequencies *posting_cache_keep(PostingCache *cache, CachedPostings *postings, Frequencies *frequencies)
{
	Frequencies *none = NULL;

	if (atomic_compare_exchange_strong(&postings->frequencies, &none, frequencies))
		lru_cache_grow(cache, &postings->entry, frequencies_bytes(postings->postings.n_pages));
	else
		free(frequencies);
	return posting_cache_frequencies(postings);
}

/* The terms' bytes, parted as nothing in a term is. */
static void make_key(const PhraseTerm *terms, size_t n_terms, bool is_prefix, Buf *key)
{
	buf_append_char(key, is_prefix ? '*' : '=');
	for (size_t i = 0; i < n_terms; i++) {
		buf_append_char(key, '\n');
		for (size_t j = 0; j < terms[i].n_forms; j++) {
			buf_append_char(key, '\t');
			buf_append(key, terms[i].forms[j]);
		}
	}
}

bool posting_cache_fetch(PostingCache *cache, StoreReader *reader, const PhraseTerm *terms, size_t n_terms,
                         bool is_prefix, uint64_t deadline_ns, CachedPostings **ret_postings, Error *err)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);
	Postings postings;

	make_key(terms, n_terms, is_prefix, &key);
	*ret_postings = (CachedPostings *)lru_cache_get(cache, buf_str(&key));
	if (*ret_postings)
		return true;
	if (!store_find(reader, terms, n_terms, is_prefix, deadline_ns, &postings, err))
		return false;
	*ret_postings = keep(cache, buf_str(&key), &postings);
	return true;
}

void posting_cache_release(PostingCache *cache, CachedPostings *postings)
{
	lru_cache_release(cache, &postings->entry);
}
