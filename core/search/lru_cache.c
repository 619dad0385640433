/* See lru_cache.h: a map from keys to entries in a list by last use. */
#include "lru_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"

#define N_BUCKETS 8192

struct LruCache {
	pthread_mutex_t lock;
	void (*free_entry)(LruEntry *);
	LruEntry *newest, *oldest;
	LruEntry *buckets[N_BUCKETS];
	size_t n_bytes, max_bytes;
};

LruCache *lru_cache_new(size_t max_bytes, void (*free_entry)(LruEntry *))
{
	LruCache *cache = xnew0(LruCache);

	pthread_mutex_init(&cache->lock, NULL);
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

static LruEntry **bucket_of(LruCache *cache, Str key)
{
	return &cache->buckets[hash_bytes(key) % N_BUCKETS];
}

static Str key_of(const LruEntry *entry)
{
	return (Str){ entry->key, entry->key_len };
}

static LruEntry *find(LruCache *cache, Str key)
{
	LruEntry *entry = *bucket_of(cache, key);

	while (entry && !str_equal(key_of(entry), key))
		entry = entry->next;
	return entry;
}

static void take_from_bucket(LruCache *cache, const LruEntry *entry)
{
	LruEntry **at = bucket_of(cache, key_of(entry));

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
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
	LruEntry *entry;

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

static void make_room(LruCache *cache, const LruEntry *newest)
{
	while (cache->n_bytes > cache->max_bytes && cache->oldest != newest)
		drop(cache, cache->oldest);
}

void lru_cache_put(LruCache *cache, Str key, LruEntry *entry, size_t n_bytes)
{
	LruEntry **bucket = bucket_of(cache, key), *before;

	entry->key = str_dup(key);
	entry->key_len = key.len;
	entry->n_bytes = n_bytes + key.len;
	entry->n_users = 1;
	if (entry->n_bytes > cache->max_bytes / 4)
		return; /* it would drive out all the others */
	pthread_mutex_lock(&cache->lock);
	before = find(cache, key);
	if (before)
		drop(cache, before); /* two threads have made it */
	entry->next = *bucket;
	*bucket = entry;
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
