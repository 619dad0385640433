/* See cache.h. A hash table with chains, and one list through all entries from the last used to the longest unused. */
#include "cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"

#define N_SLOTS 4096
/* One answer takes at most this part of the whole: a giant one does not drive out all others. */
#define LARGEST_SHARE 4

typedef struct Entry Entry;
struct Entry {
	Entry *next_in_slot, *newer, *older;
	uint64_t hash;
	CachedAnswer answer;
	size_t key_len;
	char key[];
};

struct Cache {
	pthread_mutex_t lock;
	uint64_t limit, serial;
	CacheFigures figures;
	Entry *newest, *oldest;
	Entry *slots[N_SLOTS];
};

static uint64_t size_of(const Entry *entry)
{
	const CachedAnswer *answer = &entry->answer;

	return sizeof(Entry) + entry->key_len + sizeof(Bytes) + answer->plain->len +
	       (answer->packed ? sizeof(Bytes) + answer->packed->len : 0);
}

static Entry **find(Cache *cache, uint64_t hash, Str key)
{
	Entry **entry = &cache->slots[hash % N_SLOTS];

	while (*entry && !((*entry)->hash == hash && str_equal((Str){ (*entry)->key, (*entry)->key_len }, key)))
		entry = &(*entry)->next_in_slot;
	return entry;
}

static void unlink_entry(Cache *cache, Entry *entry)
{
	*(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(Cache *cache, Entry *entry)
{
	entry->newer = NULL;
	entry->older = cache->newest;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
	cache->newest = entry;
}

static void remove_at(Cache *cache, Entry **place)
{
	Entry *entry = *place;

	*place = entry->next_in_slot;
	unlink_entry(cache, entry);
	cache->figures.n_bytes -= size_of(entry);
	cache->figures.n_answers--;
	bytes_unref(entry->answer.plain);
	bytes_unref(entry->answer.packed);
	free(entry);
}

static void shrink(Cache *cache, uint64_t n_bytes)
{
	while (cache->oldest && cache->figures.n_bytes > n_bytes) {
		const Entry *oldest = cache->oldest;

		remove_at(cache, find(cache, oldest->hash, (Str){ oldest->key, oldest->key_len }));
		cache->figures.n_evicted++;
	}
}

/* Whether answers of @serial are those that are kept now. */
static bool is_now(Cache *cache, uint64_t serial)
{
	if (serial > cache->serial) {
		uint64_t n_evicted = cache->figures.n_evicted;

		shrink(cache, 0);
		cache->figures.n_evicted = n_evicted; /* these were not pushed out */
		cache->serial = serial;
	}
	return serial == cache->serial;
}

Cache *cache_new(uint64_t n_bytes)
{
	Cache *cache = xnew0(Cache);

	pthread_mutex_init(&cache->lock, NULL);
	cache->limit = n_bytes;
	return cache;
}

Cache *cache_free(Cache *cache)
{
	if (cache) {
		shrink(cache, 0);
		pthread_mutex_destroy(&cache->lock);
		free(cache);
	}
	return NULL;
}

void cache_limit(Cache *cache, uint64_t n_bytes)
{
	pthread_mutex_lock(&cache->lock);
	cache->limit = n_bytes;
	shrink(cache, n_bytes);
	pthread_mutex_unlock(&cache->lock);
}

bool cache_take(Cache *cache, uint64_t serial, Str key, CachedAnswer *ret_answer)
{
	uint64_t hash = hash_bytes(key);
	Entry *entry;

	pthread_mutex_lock(&cache->lock);
	entry = is_now(cache, serial) ? *find(cache, hash, key) : NULL;
	if (entry) {
		unlink_entry(cache, entry);
		link_newest(cache, entry);
		ret_answer->plain = bytes_ref(entry->answer.plain);
		ret_answer->packed = entry->answer.packed ? bytes_ref(entry->answer.packed) : NULL;
		cache->figures.n_hits++;
	} else {
		cache->figures.n_misses++;
	}
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

static Entry *entry_new(uint64_t hash, Str key, CachedAnswer answer)
{
	Entry *entry = xcalloc(1, sizeof(Entry) + key.len);

	entry->hash = hash;
	entry->answer.plain = bytes_ref(answer.plain);
	entry->answer.packed = answer.packed ? bytes_ref(answer.packed) : NULL;
	entry->key_len = key.len;
	memcpy(entry->key, key.data, key.len);
	return entry;
}

void cache_keep(Cache *cache, uint64_t serial, Str key, CachedAnswer answer)
{
	uint64_t hash = hash_bytes(key), size;
	Entry *entry = entry_new(hash, key, answer), **place;

	size = size_of(entry);
	pthread_mutex_lock(&cache->lock);
	if (is_now(cache, serial) && size <= cache->limit / LARGEST_SHARE) {
		place = find(cache, hash, key);
		if (*place)
			remove_at(cache, place);
		shrink(cache, cache->limit - size);
		place = find(cache, hash, key);
		entry->next_in_slot = *place;
		*place = entry;
		link_newest(cache, entry);
		cache->figures.n_bytes += size;
		cache->figures.n_answers++;
		entry = NULL;
	}
	pthread_mutex_unlock(&cache->lock);
	if (entry) {
		bytes_unref(entry->answer.plain);
		bytes_unref(entry->answer.packed);
		free(entry);
	}
}

CacheFigures cache_figures(Cache *cache)
{
	CacheFigures figures;

	pthread_mutex_lock(&cache->lock);
	figures = cache->figures;
	pthread_mutex_unlock(&cache->lock);
	return figures;
}
