/* How a title index is made; blogsearch/title_index.h has what it is and how it is read. Private to store/. */
#ifndef STORE_TITLE_INDEX_H
#define STORE_TITLE_INDEX_H

#include "blogsearch/arena.h"
#include "blogsearch/buf.h"
#include "blogsearch/clock.h"
#include "blogsearch/text.h"
#include "blogsearch/title_index.h"

/*
 * Layout: TitleHeader; then, little-endian uint32 each: start (n_words + n_phrases + 1), count
 * (n_words + n_phrases), entry_start (n_words + 1), entries (n_entries); then the bytes of the
 * words and phrases: the key, and where titles write it otherwise TITLE_WRITTEN and how they do.
 */
#define TITLE_MAGIC   0x31746974 /* "tit1" */
#define TITLE_WRITTEN '\x01'

typedef struct TitleHeader {
	uint32_t magic, n_words, n_phrases, n_entries, n_bytes;
} TitleHeader;

typedef struct PageTitle {
	uint32_t page;
	Str title, lang;
	int64_t published; /* TIME_NONE: unknown */
	uint32_t file_rank;
} PageTitle;

/* The same titles give the same bytes, in whatever order they come. */
void title_index_make(Analyzer *analyzer, PageTitle *titles, size_t n_titles, Buf *out);

/* Points @titles into @bytes (aligned to 4); false where they are damaged. */
MUST_CHECK bool title_index_place(TitleIndex *titles, Str bytes, uint32_t n_slots);

#endif
