/* See posting_cache.h: a map from keys to entries in a list by last use. */
#include "posting_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"
#include "blogsearch/hash.h"

#define N_BUCKETS 8192 /* of entries; a power of two */

struct PostingCache {
	pthread_mutex_t lock;
	CachedPostings *newest, *oldest;
	CachedPostings *bucket[N_BUCKETS]; /* a hint: the entry of that hash that was put last */
	size_t n_bytes, max_bytes;
};

PostingCache *posting_cache_new(size_t max_bytes)
{
	PostingCache *cache = xnew0(PostingCache);

	pthread_mutex_init(&cache->lock, NULL);
	cache->max_bytes = max_bytes;
	return cache;
}

static void entry_free(CachedPostings *entry)
{
	postings_deinit(&entry->postings);
	free(atomic_load(&entry->tf));
	free(entry->key);
	free(entry);
}

PostingCache *posting_cache_free(PostingCache *cache)
{
	if (!cache)
		return NULL;
	while (cache->newest) {
		CachedPostings *entry = cache->newest;

		cache->newest = entry->older;
		entry_free(entry);
	}
	pthread_mutex_destroy(&cache->lock);
	free(cache);
	return NULL;
}

static void unlink_entry(PostingCache *cache, CachedPostings *entry)
{
	*(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
	entry->newer = entry->older = NULL;
}

static void link_newest(PostingCache *cache, CachedPostings *entry)
{
	entry->older = cache->newest;
	entry->newer = NULL;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
	cache->newest = entry;
}

static unsigned bucket_of(Str key)
{
	return hash_bytes(key) % N_BUCKETS;
}

static bool is_of_key(const CachedPostings *entry, Str key)
{
	return str_equal((Str){ entry->key, entry->key_len }, key);
}

/* Two keys of one bucket drive each other out: the one that is not found there is read again. */
static CachedPostings *find(PostingCache *cache, Str key)
{
	CachedPostings *entry = cache->bucket[bucket_of(key)];

	return entry && is_of_key(entry, key) ? entry : NULL;
}

/* Frees it at once, or with its last user. */
static void drop(PostingCache *cache, CachedPostings *entry)
{
	CachedPostings **bucket = &cache->bucket[bucket_of((Str){ entry->key, entry->key_len })];

	unlink_entry(cache, entry);
	if (*bucket == entry)
		*bucket = NULL;
	cache->n_bytes -= entry->n_bytes;
	entry->is_kept = false;
	if (!entry->n_users)
		entry_free(entry);
}

static CachedPostings *get(PostingCache *cache, Str key)
{
	CachedPostings *entry;

	pthread_mutex_lock(&cache->lock);
	entry = find(cache, key);
	if (entry) {
		entry->n_users++;
		unlink_entry(cache, entry);
		link_newest(cache, entry);
	}
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

static CachedPostings *new_entry(Str key, Postings *postings)
{
	CachedPostings *entry = xnew0(CachedPostings);
	size_t n_place_bytes = postings->start[postings->n_pages];

	entry->postings = *postings;
	*postings = (Postings){ 0 };
	entry->key = str_dup(key);
	entry->key_len = key.len;
	entry->n_bytes = sizeof(*entry) + key.len + 2 * (entry->postings.n_pages + 1) * sizeof(uint32_t) + n_place_bytes;
	entry->n_users = 1;
	return entry;
}

static void make_room(PostingCache *cache, const CachedPostings *newest)
{
	while (cache->n_bytes > cache->max_bytes && cache->oldest != newest)
		drop(cache, cache->oldest);
}

/* Takes the postings over. */
static CachedPostings *put(PostingCache *cache, Str key, Postings *postings)
{
	CachedPostings *entry = new_entry(key, postings);
	CachedPostings *before;

	if (entry->n_bytes > cache->max_bytes / 4)
		return entry; /* it would drive out all the others */
	pthread_mutex_lock(&cache->lock);
	before = cache->bucket[bucket_of(key)];
	if (before)
		drop(cache, before);
	cache->bucket[bucket_of(key)] = entry;
	link_newest(cache, entry);
	entry->is_kept = true;
	cache->n_bytes += entry->n_bytes;
	make_room(cache, entry);
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

const float *posting_cache_keep_tf(PostingCache *cache, CachedPostings *entry, float *tf)
{
	size_t n_bytes = entry->postings.n_pages * sizeof(float);

	pthread_mutex_lock(&cache->lock);
	if (posting_cache_tf(entry)) {
		free(tf);
	} else {
		atomic_store_explicit(&entry->tf, tf, memory_order_release);
		entry->n_bytes += n_bytes;
		if (entry->is_kept) {
			cache->n_bytes += n_bytes;
			make_room(cache, entry);
		}
	}
	pthread_mutex_unlock(&cache->lock);
	return posting_cache_tf(entry);
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
	*ret_postings = get(cache, buf_str(&key));
	if (*ret_postings)
		return true;
	if (!store_find(reader, terms, n_terms, is_prefix, deadline_ns, &postings, err))
		return false;
	*ret_postings = put(cache, buf_str(&key), &postings);
	return true;
}

void posting_cache_release(PostingCache *cache, CachedPostings *entry)
{
	bool is_last;

	pthread_mutex_lock(&cache->lock);
	is_last = --entry->n_users == 0 && !entry->is_kept;
	pthread_mutex_unlock(&cache->lock);
	if (is_last)
		entry_free(entry);
}
