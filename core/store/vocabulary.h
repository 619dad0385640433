/*
 * The site's vocabulary: every word (exact form, no n-grams) with the number of pages that
 * have it, in byte order, front-coded in blocks so that it can be searched where it lies.
 *
 * Layout: uint32 magic, n_words, n_blocks, n_bytes of words; uint32 offset of each block (from
 * the start of the words); then the words. A block has VOCABULARY_BLOCK words (the last fewer):
 * the first as varint length and bytes, each further one as varint length shared with the one
 * before, varint length of the rest and its bytes; behind each a varint number of pages.
 */
#ifndef STORE_VOCABULARY_H
#define STORE_VOCABULARY_H

#include "blogsearch/buf.h"
#include "blogsearch/map.h"

#define VOCABULARY_MAGIC 0x31636f76 /* "voc1" */
#define VOCABULARY_BLOCK 16

/*
 * Merges @changes (word → pages gained, as int64_t; may be negative) into the vocabulary
 * @old (empty: none yet) and writes the new one. False where @old is damaged.
 */
MUST_CHECK bool vocabulary_merge(Str old, const Map *changes, Buf *out);

/* Walks a vocabulary in order. */
typedef struct VocabularyCursor {
	Str rest;
	uint32_t n_left, n_in_block;
	char word[256];
	size_t word_len;
	uint64_t n_pages;
	bool is_damaged;
} VocabularyCursor;

void vocabulary_begin(VocabularyCursor *cursor, Str vocabulary);
bool vocabulary_next(VocabularyCursor *cursor);

#endif
