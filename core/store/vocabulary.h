/*
 * How a vocabulary is laid out and made; blogsearch/vocabulary.h has what it is and how it is read.
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
#include "blogsearch/vec.h"
#include "blogsearch/vocabulary.h"

#define VOCABULARY_MAGIC 0x31636f76 /* "voc1" */

/* Writes one word after the other, in byte order, each once. */
typedef struct VocabularyWriter {
	Buf words;
	VEC(uint32_t) blocks;
	uint32_t n_words;
	char last[256];
	size_t last_len;
} VocabularyWriter;

void vocabulary_writer_init(VocabularyWriter *writer);
void vocabulary_writer_deinit(VocabularyWriter *writer);
void vocabulary_add(VocabularyWriter *writer, Str word, uint64_t n_pages);
/* Lays it out in @out, in place of what was there; the words go with it. */
void vocabulary_write(VocabularyWriter *writer, Buf *out);

/*
 * Merges @changes (word → pages gained, as int64_t; may be negative) into the vocabulary
 * @old (empty: none yet) and writes the new one. False where @old is damaged.
 */
MUST_CHECK bool vocabulary_merge(Str old, const Map *changes, Buf *out);

/* Whether the header and the offsets of blocks lie within the bytes; words themselves are checked as they are read. */
bool vocabulary_is_sound(Str vocabulary);

#endif
