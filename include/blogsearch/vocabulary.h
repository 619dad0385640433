/*
 * The site's vocabulary: every word (exact form, no n-grams) with the number of pages that
 * have it, in byte order, front-coded so that it can be searched where it lies. The layout is
 * in core/store/vocabulary.h.
 */
#ifndef BLOGSEARCH_VOCABULARY_H
#define BLOGSEARCH_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include "cleanup.h"
#include "error.h"
#include "store.h"
#include "str.h"

#define VOCABULARY_WORD_BYTES 256 /* that a word may have */
#define VOCABULARY_BLOCK      16  /* words that stand together: the first of them whole */

/* Walks a vocabulary in order. */
typedef struct VocabularyCursor {
	Str rest;
	uint32_t n_left, n_in_block;
	char word[VOCABULARY_WORD_BYTES];
	size_t word_len, n_shared; /* n_shared: bytes that are those of the word before; 0: not told */
	uint64_t n_pages;
	bool is_damaged;
} VocabularyCursor;

/* The bytes of the vocabulary, malloc'd and checked; empty where a site has no words. ERROR_INDEX where it is damaged. */
MUST_CHECK bool store_load_vocabulary(StoreReader *reader, Str *ret_vocabulary, Error *err);

void vocabulary_begin(VocabularyCursor *cursor, Str vocabulary);
/* Begins a little before the first word that is not before @word. */
void vocabulary_seek(VocabularyCursor *cursor, Str vocabulary, Str word);
bool vocabulary_next(VocabularyCursor *cursor);
/* As vocabulary_next(), but of the word its length alone is read: a third of the time. */
bool vocabulary_skim(VocabularyCursor *cursor);
/* Begins with block @block: its first word is number block * VOCABULARY_BLOCK. There must be one. */
void vocabulary_begin_block(VocabularyCursor *cursor, Str vocabulary, uint32_t block);
/* The next word that does not begin with the first @n_bytes of the one at hand. Those between are not read. */
bool vocabulary_pass(VocabularyCursor *cursor, Str vocabulary, size_t n_bytes);

static inline Str vocabulary_word(const VocabularyCursor *cursor)
{
	return (Str){ cursor->word, cursor->word_len };
}

/* How many pages have @word; 0: none. */
uint64_t vocabulary_count(Str vocabulary, Str word);

#endif
