/*
 * Answers that were given: bounded in bytes, the longest unused goes first. By their question's canonical form
 * bodies are kept as they go out, plain and (once somebody took it so) gzipped; by the text of a request
 * what is ready to be sent (prepared.h).
 * Each answer belongs to a state of the world (index and settings, counted up); what is older than
 * the newest that was seen is forgotten. Safe from any thread.
 */
#ifndef DAEMON_CACHE_H
#define DAEMON_CACHE_H

#include <stdint.h>

#include "bytes.h"
#include "prepared.h"

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

/*
 * The same for what is ready to be sent, under keys of its own kind. One that is not there does not count as a
 * miss: its body is asked for next. True with a reference, for prepared_unref().
 */
MUST_CHECK bool cache_take_prepared(Cache *cache, uint64_t serial, Str key, Prepared **ret_prepared);
void cache_keep_prepared(Cache *cache, uint64_t serial, Str key, Prepared *prepared);

CacheFigures cache_figures(Cache *cache);

#endif
