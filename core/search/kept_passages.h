/*
 * Passages of a page that were shown before: how far each reaches, and the link that leads to it. Both follow
 * from the page's text and from where in it something was found, whatever was asked and by whom; so the
 * page keeps them (page_cache.h), the first MOST_KEPT_PASSAGES of them. Thread-safe, without locks: one that is
 * there is never changed.
 */
#ifndef SEARCH_KEPT_PASSAGES_H
#define SEARCH_KEPT_PASSAGES_H

#include "passage.h"

#define MOST_KEPT_PASSAGES 128
#define N_PASSAGE_BUCKETS  16

/* What was found, by the texts' FieldText.number. */
typedef struct PassageKey {
	uint32_t first_text, first_word, last_text, last_word;
	uint32_t n_words; /* that it may have; 0: the link is meant */
} PassageKey;

typedef struct KeptPassage {
	struct KeptPassage *next; /* of its bucket */
	PassageKey key;
	FlowPlace first, last; /* as passage_fit() leaves it */
	size_t max_bytes;
	Str link; /* the directive behind the address; empty: none. Behind the struct, owned with it */
} KeptPassage;

typedef struct KeptPassages {
	_Atomic(KeptPassage *) buckets[N_PASSAGE_BUCKETS];
	atomic_uint n;
} KeptPassages;

/* False where the passage is of a text whose words nobody keeps. */
bool passage_key(const Passage *passage, uint32_t n_words, PassageKey *ret_key);

const KeptPassage *kept_passages_find(const KeptPassages *kept, const PassageKey *key);
/* Copies it; says how many bytes that took, 0: there are enough of them. */
size_t kept_passages_add(KeptPassages *kept, const KeptPassage *passage);
void kept_passages_deinit(KeptPassages *kept);

#endif
