/*
 * What was made of a word the last time: a text has few words that come often, and stemming one
 * costs thirty times what looking it up does. A word has one place; another one takes it over.
 */
#ifndef TEXT_WORD_CACHE_H
#define TEXT_WORD_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "blogsearch/str.h"

#define CACHED_WORD_BYTES 20 /* longer ones are rare; a word is a line of the processor's cache, 64 bytes */
#define WORD_CACHE_SLOTS  8192

typedef struct CachedWord {
	uint8_t raw_len, exact_len, stem_len; /* raw_len 0: free */
	uint8_t rules; /* under which it was made: whose stemmer, if any */
	char raw[CACHED_WORD_BYTES], exact[CACHED_WORD_BYTES], stem[CACHED_WORD_BYTES];
} CachedWord;

typedef struct WordCache {
	CachedWord *slots; /* made with the first word; on lines' bounds inside of @memory */
	void *memory;
} WordCache;

void word_cache_deinit(WordCache *cache);
/* Forgets the words of @rules. */
void word_cache_forget(WordCache *cache, uint8_t rules);

/* The place of @raw (1 to CACHED_WORD_BYTES bytes), whether or not it is its own. */
CachedWord *word_cache_at(WordCache *cache, Str raw);
bool cached_word_is(const CachedWord *word, Str raw, uint8_t rules);
/* Nothing is kept where @exact or @stem is too long. */
void cached_word_set(CachedWord *word, Str raw, uint8_t rules, Str exact, Str stem);

#endif
