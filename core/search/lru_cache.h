/*
 * What was made once of a published index, which never changes, and is kept: bounded in bytes,
 * least recently used out first. Entries are structs that begin with an LruEntry; whoever got
 * one may use it until he releases it, in the cache or not. Thread-safe.
 */
#ifndef SEARCH_LRU_CACHE_H
#define SEARCH_LRU_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blogsearch/str.h"

typedef struct LruCache LruCache;

/* All of it is the cache's. */
typedef struct LruEntry {
	struct LruEntry *newer, *older;
	struct LruEntry *next; /* of its bucket */
	char *key;
	size_t key_len, n_bytes;
	uint64_t hash;
	unsigned n_users;
	bool is_kept;
} LruEntry;

/* @free_entry: frees what is in an entry and itself, its LruEntry aside; any thread calls it. */
LruCache *lru_cache_new(size_t max_bytes, void (*free_entry)(LruEntry *));
LruCache *lru_cache_free(LruCache *cache);

/* NULL where it is not kept; else to be released. */
LruEntry *lru_cache_get(LruCache *cache, Str key);
/* Takes a zeroed entry of @n_bytes over, to be released too. What is too large for the cache is not kept in it. */
void lru_cache_put(LruCache *cache, Str key, LruEntry *entry, size_t n_bytes);
/* A zeroed entry that is not worth keeping: it is freed when it is released. */
void lru_cache_lend(LruEntry *entry);
/* The entry has grown. */
void lru_cache_grow(LruCache *cache, LruEntry *entry, size_t n_bytes);
void lru_cache_release(LruCache *cache, LruEntry *entry);

#endif
