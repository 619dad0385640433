/* See lru_cache.h: a map from keys to entries in a list by last use. */
#include "lru_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/hash.h"

#define FEWEST_BUCKETS 256

struct LruCache {
	pthread_mutex_t lock;
	void (*free_entry)(LruEntry *);
	LruEntry *newest, *oldest;
	LruEntry **buckets;
	size_t n_buckets, n_entries; /* a power of two, and no less than the entries */
	uint64_t seed; /* keys are visitors' words: they must not know which of them share a bucket */
	size_t n_bytes, max_bytes;
};

LruCache *lru_cache_new(size_t max_bytes, void (*free_entry)(LruEntry *))
{
	LruCache *cache = xnew0(LruCache);

	pthread_mutex_init(&cache->lock, NULL);
	cache->buckets = xnew0_n(LruEntry *, FEWEST_BUCKETS);
	cache->n_buckets = FEWEST_BUCKETS;
	cache->seed = hash_number((uint64_t)(uintptr_t)cache, monotonic_ns());
	cache->max_bytes = max_bytes;
	cache->free_entry = free_entry;
	return cache;
}

static void entry_free(LruCache *cache, LruEntry *entry)
{
	free(entry->key);
	cache->free_entry(entry);
}

LruCache *lru_cache_free(LruCache *cache)
{
	if (!cache)
		return NULL;
	while (cache->newest) {
		LruEntry *entry = cache->newest;

		cache->newest = entry->older;
		entry_free(cache, entry);
	}
	pthread_mutex_destroy(&cache->lock);
	free(cache->buckets);
	free(cache);
	return NULL;
}

static void unlink_entry(LruCache *cache, LruEntry *entry)
{
	*(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
	entry->newer = entry->older = NULL;
}

static void link_newest(LruCache *cache, LruEntry *entry)
{
	entry->older = cache->newest;
	entry->newer = NULL;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
	cache->newest = entry;
}

static LruEntry **bucket_of(LruCache *cache, uint64_t hash)
{
	return &cache->buckets[hash & (cache->n_buckets - 1)];
}

static Str key_of(const LruEntry *entry)
{
	return (Str){ entry->key, entry->key_len };
}

static LruEntry *find(LruCache *cache, uint64_t hash, Str key)
{
	LruEntry *entry = *bucket_of(cache, hash);

	while (entry && !(entry->hash == hash && str_equal(key_of(entry), key)))
		entry = entry->next;
	return entry;
}

static void put_into_bucket(LruCache *cache, LruEntry *entry)
{
	LruEntry **bucket = bucket_of(cache, entry->hash);

	entry->next = *bucket;
	*bucket = entry;
}

static void take_from_bucket(LruCache *cache, const LruEntry *entry)
{
	LruEntry **at = bucket_of(cache, entry->hash);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	cache->n_entries--;
}

static void add_to_bucket(LruCache *cache, LruEntry *entry)
{
	if (cache->n_entries++ == cache->n_buckets) {
		free(cache->buckets);
		cache->n_buckets *= 2;
		cache->buckets = xnew0_n(LruEntry *, cache->n_buckets);
		for (LruEntry *other = cache->newest; other; other = other->older)
			put_into_bucket(cache, other);
	}
	put_into_bucket(cache, entry);
}

/* Frees it at once, or with its last user. */
static void drop(LruCache *cache, LruEntry *entry)
{
	take_from_bucket(cache, entry);
	unlink_entry(cache, entry);
	cache->n_bytes -= entry->n_bytes;
	entry->is_kept = false;
	if (!entry->n_users)
		entry_free(cache, entry);
}

LruEntry *lru_cache_get(LruCache *cache, Str key)
{
	uint64_t hash = hash_more(cache->seed, key);
	LruEntry *entry;

	pthread_mutex_lock(&cache->lock);
	entry = find(cache, hash, key);
	if (entry) {
		entry->n_users++;
		unlink_entry(cache, entry);
		link_newest(cache, entry);
	}
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

static void make_room(LruCache *cache, const LruEntry *newest)
{
	while (cache->n_bytes > cache->max_bytes && cache->oldest != newest)
		drop(cache, cache->oldest);
}

void lru_cache_lend(LruEntry *entry)
{
	entry->n_users = 1;
}

void lru_cache_put(LruCache *cache, Str key, LruEntry *entry, size_t n_bytes)
{
	LruEntry *before;

	lru_cache_lend(entry);
	entry->key = str_dup(key);
	entry->key_len = key.len;
	entry->hash = hash_more(cache->seed, key);
	entry->n_bytes = n_bytes + key.len;
	if (entry->n_bytes > cache->max_bytes / 4)
		return; /* it would drive out all the others */
	pthread_mutex_lock(&cache->lock);
	before = find(cache, entry->hash, key);
	if (before)
		drop(cache, before); /* two threads have made it */
	add_to_bucket(cache, entry);
	link_newest(cache, entry);
	entry->is_kept = true;
	cache->n_bytes += entry->n_bytes;
	make_room(cache, entry);
	pthread_mutex_unlock(&cache->lock);
}

void lru_cache_grow(LruCache *cache, LruEntry *entry, size_t n_bytes)
{
	pthread_mutex_lock(&cache->lock);
	entry->n_bytes += n_bytes;
	if (entry->is_kept) {
		cache->n_bytes += n_bytes;
		make_room(cache, entry);
	}
	pthread_mutex_unlock(&cache->lock);
}

void lru_cache_release(LruCache *cache, LruEntry *entry)
{
	bool is_last;

	pthread_mutex_lock(&cache->lock);
	is_last = --entry->n_users == 0 && !entry->is_kept;
	pthread_mutex_unlock(&cache->lock);
	if (is_last)
		entry_free(cache, entry);
}
