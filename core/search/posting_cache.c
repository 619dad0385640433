/* See posting_cache.h. */
#include "posting_cache.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"

static void free_postings(LruEntry *entry)
{
	CachedPostings *cached = (CachedPostings *)entry;

	postings_deinit(&cached->postings);
	frequencies_free(atomic_load(&cached->frequencies));
	free(cached);
}

PostingCache *posting_cache_new(size_t max_bytes)
{
	return lru_cache_new(max_bytes, free_postings);
}

/* Takes the postings over. */
static CachedPostings *cached_new(const Postings *postings)
{
	CachedPostings *cached = xnew0(CachedPostings);

	cached->postings = *postings;
	return cached;
}

static void keep(PostingCache *cache, Str key, CachedPostings *cached)
{
	lru_cache_put(cache, key, &cached->entry, sizeof(*cached) + postings_size(&cached->postings));
}

Frequencies *frequencies_new(uint32_t n_pages)
{
	return xcalloc(1, sizeof(Frequencies) + n_pages * sizeof(float));
}

Frequencies *frequencies_free(Frequencies *frequencies)
{
	if (!frequencies)
		return NULL;
	vec_deinit(&frequencies->titles);
	free(frequencies);
	return NULL;
}

static size_t bytes_of(const Frequencies *frequencies, uint32_t n_pages)
{
	return sizeof(*frequencies) + n_pages * sizeof(float) + frequencies->titles.n * sizeof(uint32_t);
}

const Frequencies *posting_cache_keep(PostingCache *cache, CachedPostings *postings, Frequencies *frequencies)
{
	Frequencies *none = NULL;

	if (atomic_compare_exchange_strong(&postings->frequencies, &none, frequencies))
		lru_cache_grow(cache, &postings->entry, bytes_of(frequencies, postings->postings.n_pages));
	else
		frequencies_free(frequencies);
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

/* The word that it may be the stem of, empty: it is none, or not alone. */
static Str word_of_stem(const PhraseTerm *terms, size_t n_terms, bool is_prefix)
{
	Str term = n_terms == 1 && terms[0].n_forms == 1 && !is_prefix ? terms[0].forms[0] : STR_EMPTY;
	Str word = store_word_of_term(term);

	return word.len < term.len ? word : STR_EMPTY;
}

static bool fetch_word(PostingCache *cache, StoreReader *reader, Str word, uint64_t deadline_ns,
                       CachedPostings **ret_postings, Error *err)
{
	const PhraseTerm term = { &word, 1 };

	return posting_cache_fetch(cache, reader, &term, 1, false, deadline_ns, ret_postings, err);
}

static bool look_up_word(PostingCache *cache, Str key, StoreReader *reader, Str word, uint64_t deadline_ns,
                         CachedPostings **ret_postings, Error *err)
{
	CachedPostings *stem;

	if (!fetch_word(cache, reader, word, deadline_ns, ret_postings, err))
		return false;
	if ((*ret_postings)->postings.n_pages) {
		stem = cached_new(&(Postings){ 0 });
		stem->is_of_word = true;
		keep(cache, key, stem);
		posting_cache_release(cache, stem);
	}
	return true;
}

/* A word that no page has is found out soon, and visitors can think of any number of them: it is not kept. */
static bool look_up(PostingCache *cache, Str key, StoreReader *reader, const PhraseTerm *terms, size_t n_terms,
                    bool is_prefix, uint64_t deadline_ns, CachedPostings **ret_postings, Error *err)
{
	Str word = word_of_stem(terms, n_terms, is_prefix);
	Postings postings = { 0 };
	bool has_own = true;

	if (word.len && !store_has_stem(reader, terms[0].forms[0], &has_own, err))
		return false;
	if (!has_own)
		return look_up_word(cache, key, reader, word, deadline_ns, ret_postings, err);
	if (!store_find(reader, terms, n_terms, is_prefix, deadline_ns, &postings, err))
		return false;
	*ret_postings = cached_new(&postings);
	if (postings.n_pages || n_terms > 1)
		keep(cache, key, *ret_postings);
	else
		lru_cache_lend(&(*ret_postings)->entry);
	return true;
}

bool posting_cache_fetch(PostingCache *cache, StoreReader *reader, const PhraseTerm *terms, size_t n_terms,
                         bool is_prefix, uint64_t deadline_ns, CachedPostings **ret_postings, Error *err)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);
	CachedPostings *found;

	make_key(terms, n_terms, is_prefix, &key);
	found = (CachedPostings *)lru_cache_get(cache, buf_str(&key));
	if (!found)
		return look_up(cache, buf_str(&key), reader, terms, n_terms, is_prefix, deadline_ns, ret_postings, err);
	if (!found->is_of_word) {
		*ret_postings = found;
		return true;
	}
	posting_cache_release(cache, found);
	return fetch_word(cache, reader, word_of_stem(terms, n_terms, is_prefix), deadline_ns, ret_postings, err);
}

void posting_cache_release(PostingCache *cache, CachedPostings *postings)
{
	lru_cache_release(cache, &postings->entry);
}
