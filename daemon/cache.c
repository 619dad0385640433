/*
 * See cache.h. A hash table with chains, and one list through all entries from the last used to the longest unused.
 * A body that an entry by its question and one by its request share counts with both: of the two
 * the first is used no more, and goes.
 */
#include "cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/hash.h"

#define N_SLOTS 4096
/* One answer takes at most this part of the whole: a giant one does not drive out all others. */
#define LARGEST_SHARE 4

typedef enum Kind { KIND_BODIES = 1, KIND_PREPARED } Kind;

typedef struct Entry Entry;
struct Entry {
	Entry *next_in_slot, *newer, *older;
	uint64_t hash;
	Kind kind;
	union {
		CachedAnswer bodies;
		Prepared *prepared;
	};
	size_t key_len;
	char key[];
};

struct Cache {
	pthread_mutex_t lock;
	uint64_t limit, serial, seed;
	CacheFigures figures;
	Entry *newest, *oldest;
	Entry *slots[N_SLOTS];
};

/* --- Entries --------------------------------------------------------------------------------------------- */

static size_t size_of_bytes(const Bytes *bytes)
{
	return bytes ? sizeof(Bytes) + bytes->len : 0;
}

static uint64_t size_of(const Entry *entry)
{
	uint64_t n = sizeof(Entry) + entry->key_len;

	if (entry->kind == KIND_PREPARED)
		return n + PREPARED_BYTES + entry->prepared->n_bytes;
	return n + size_of_bytes(entry->bodies.plain) + size_of_bytes(entry->bodies.packed);
}

static Entry *entry_new(Kind kind, uint64_t hash, Str key)
{
	Entry *entry = xcalloc(1, sizeof(Entry) + key.len);

	entry->kind = kind;
	entry->hash = hash;
	entry->key_len = key.len;
	memcpy(entry->key, key.data, key.len);
	return entry;
}

static Entry *entry_free(Entry *entry)
{
	if (!entry)
		return NULL;
	if (entry->kind == KIND_PREPARED) {
		prepared_unref(entry->prepared);
	} else {
		bytes_unref(entry->bodies.plain);
		bytes_unref(entry->bodies.packed);
	}
	free(entry);
	return NULL;
}

/* --- The table ------------------------------------------------------------------------------------------- */

static uint64_t hash_of(const Cache *cache, Kind kind, Str key)
{
	return hash_more(cache->seed + kind, key);
}

static Entry **find(Cache *cache, Kind kind, uint64_t hash, Str key)
{
	Entry **entry = &cache->slots[hash % N_SLOTS];

	while (*entry && !((*entry)->hash == hash && (*entry)->kind == kind &&
	                   str_equal((Str){ (*entry)->key, (*entry)->key_len }, key)))
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
	cache->figures.n_answers -= entry->kind == KIND_BODIES;
	entry_free(entry);
}

static void shrink(Cache *cache, uint64_t n_bytes)
{
	while (cache->oldest && cache->figures.n_bytes > n_bytes) {
		const Entry *oldest = cache->oldest;

		cache->figures.n_evicted += oldest->kind == KIND_BODIES;
		remove_at(cache, find(cache, oldest->kind, oldest->hash, (Str){ oldest->key, oldest->key_len }));
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
	/* Not to be guessed, so that nobody can make questions that all fall into one slot. */
	cache->seed = hash_number((uint64_t)(uintptr_t)cache, monotonic_ns());
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

/* With lock; the entry is now the last used one. NULL: none. */
static Entry *use(Cache *cache, uint64_t serial, Kind kind, uint64_t hash, Str key)
{
	Entry *entry = is_now(cache, serial) ? *find(cache, kind, hash, key) : NULL;

	if (entry && entry != cache->newest) {
		unlink_entry(cache, entry);
		link_newest(cache, entry);
	}
	cache->figures.n_hits += entry != NULL;
	return entry;
}

/* Owns @entry. */
static void keep(Cache *cache, uint64_t serial, Entry *entry)
{
	Str key = { entry->key, entry->key_len };
	uint64_t size = size_of(entry);
	Entry **place;

	pthread_mutex_lock(&cache->lock);
	if (is_now(cache, serial) && size <= cache->limit / LARGEST_SHARE) {
		place = find(cache, entry->kind, entry->hash, key);
		if (*place)
			remove_at(cache, place);
		shrink(cache, cache->limit - size);
		place = find(cache, entry->kind, entry->hash, key);
		entry->next_in_slot = *place;
		*place = entry;
		link_newest(cache, entry);
		cache->figures.n_bytes += size;
		cache->figures.n_answers += entry->kind == KIND_BODIES;
		entry = NULL;
	}
	pthread_mutex_unlock(&cache->lock);
	entry_free(entry);
}

/* --- Bodies ---------------------------------------------------------------------------------------------- */

bool cache_take(Cache *cache, uint64_t serial, Str key, CachedAnswer *ret_answer)
{
	uint64_t hash = hash_of(cache, KIND_BODIES, key);
	Entry *entry;

	pthread_mutex_lock(&cache->lock);
	entry = use(cache, serial, KIND_BODIES, hash, key);
	if (entry) {
		ret_answer->plain = bytes_ref(entry->bodies.plain);
		ret_answer->packed = entry->bodies.packed ? bytes_ref(entry->bodies.packed) : NULL;
	} else {
		cache->figures.n_misses++;
	}
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

void cache_keep(Cache *cache, uint64_t serial, Str key, CachedAnswer answer)
{
	Entry *entry = entry_new(KIND_BODIES, hash_of(cache, KIND_BODIES, key), key);

	entry->bodies.plain = bytes_ref(answer.plain);
	entry->bodies.packed = answer.packed ? bytes_ref(answer.packed) : NULL;
	keep(cache, serial, entry);
}

/* --- What is ready to be sent ------------------------------------------------------------------------------ */

bool cache_take_prepared(Cache *cache, uint64_t serial, Str key, Prepared **ret_prepared)
{
	uint64_t hash = hash_of(cache, KIND_PREPARED, key);
	Entry *entry;

	pthread_mutex_lock(&cache->lock);
	entry = use(cache, serial, KIND_PREPARED, hash, key);
	if (entry)
		*ret_prepared = prepared_ref(entry->prepared);
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

void cache_keep_prepared(Cache *cache, uint64_t serial, Str key, Prepared *prepared)
{
	Entry *entry = entry_new(KIND_PREPARED, hash_of(cache, KIND_PREPARED, key), key);

	entry->prepared = prepared_ref(prepared);
	keep(cache, serial, entry);
}

/* --- Figures --------------------------------------------------------------------------------------------- */

CacheFigures cache_figures(Cache *cache)
{
	CacheFigures figures;

	pthread_mutex_lock(&cache->lock);
	figures = cache->figures;
	pthread_mutex_unlock(&cache->lock);
	return figures;
}
