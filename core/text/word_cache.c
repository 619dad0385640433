/* See word_cache.h. */
#include "word_cache.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"

#define LINE_BYTES 64

void word_cache_deinit(WordCache *cache)
{
	free(cache->memory);
	*cache = (WordCache){ 0 };
}

void word_cache_forget(WordCache *cache, uint8_t rules)
{
	for (size_t i = 0; cache->slots && i < WORD_CACHE_SLOTS; i++)
		if (cache->slots[i].rules == rules)
			cache->slots[i].raw_len = 0;
}

CachedWord *word_cache_at(WordCache *cache, Str raw)
{
	_Static_assert(sizeof(CachedWord) == LINE_BYTES, "a word is a line");
	if (!cache->slots) {
		cache->memory = xnew0_n(CachedWord, WORD_CACHE_SLOTS + 1);
		cache->slots = (CachedWord *)(((uintptr_t)cache->memory + LINE_BYTES - 1) & ~(uintptr_t)(LINE_BYTES - 1));
	}
	return &cache->slots[hash_bytes(raw) % WORD_CACHE_SLOTS];
}

bool cached_word_is(const CachedWord *word, Str raw, uint8_t rules)
{
	return word->raw_len == raw.len && word->rules == rules && memcmp(word->raw, raw.data, raw.len) == 0;
}

void cached_word_set(CachedWord *word, Str raw, uint8_t rules, Str exact, Str stem)
{
	if (exact.len > CACHED_WORD_BYTES || stem.len > CACHED_WORD_BYTES)
		return;
	word->raw_len = (uint8_t)raw.len;
	word->exact_len = (uint8_t)exact.len;
	word->stem_len = (uint8_t)stem.len;
	word->rules = rules;
	memcpy(word->raw, raw.data, raw.len);
	memcpy(word->exact, exact.data, exact.len);
	if (stem.len)
		memcpy(word->stem, stem.data, stem.len);
}
