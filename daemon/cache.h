/*
 * Answers that were given, by their question's canonical form: bounded in bytes, the longest
 * unused goes first. Bodies are kept as they go out, plain and (once somebody took it so) gzipped.
 * Each answer belongs to a state of the world (index and settings, counted up); what is older than
 * the newest that was seen is forgotten. Safe from any thread.
 */
#ifndef DAEMON_CACHE_H
#define DAEMON_CACHE_H

#include <stdint.h>

#include "bytes.h"

typedef struct Cache Cache;

/* What is lent: references of the caller's. */
typedef struct CachedAnswer {
	Bytes *plain;
	Bytes *packed; /* NULL: none yet */
} CachedAnswer;

typedef struct CacheFigures {
	uint64_t n_hits, n_misses, n_evicted, n_bytes, n_answers;
} CacheFigures;

Cache *cache_new(uint64_t n_bytes);
Cache *cache_free(Cache *cache);
/* At once; 0: nothing is kept. */
void cache_limit(Cache *cache, uint64_t n_bytes);

/* True with two references (packed may be NULL), to be given back with bytes_unref(). */
MUST_CHECK bool cache_take(Cache *cache, uint64_t serial, Str key, CachedAnswer *ret_answer);
/* Keeps @answer (its bytes are referenced anew), also in place of one with the same key. */
void cache_keep(Cache *cache, uint64_t serial, Str key, CachedAnswer answer);

CacheFigures cache_figures(Cache *cache);

#endif
