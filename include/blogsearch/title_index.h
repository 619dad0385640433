/*
 * The words of all pages' titles, for completing what is being typed: each with the pages
 * whose titles have it, those whose titles begin with it first, then the newest; and phrases
 * that several titles share. Made when an index is published, used as it lies in memory.
 */
#ifndef BLOGSEARCH_TITLE_INDEX_H
#define BLOGSEARCH_TITLE_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "cleanup.h"
#include "error.h"
#include "store.h"
#include "str.h"

/* A page whose title has a word. */
typedef uint32_t TitleEntry;
#define TITLE_ENTRY_PAGE(entry)     ((entry) >> 1)
#define TITLE_ENTRY_IS_FIRST(entry) ((entry) & 1) /* the title begins with it */

typedef struct TitleIndex {
	uint32_t n_words, n_phrases, n_entries;
	/* Word or phrase i: its bytes [start[i], start[i + 1]) of text. Words first, each kind in byte order of its keys. */
	const uint32_t *start;
	const uint32_t *count;       /* titles that have it */
	const uint32_t *entry_start; /* n_words + 1: of word i entries[entry_start[i] .. entry_start[i + 1]) */
	const TitleEntry *entries;
	const char *text;
	void *memory; /* what all of it points into */
} TitleIndex;

/* ERROR_INDEX where it is damaged. */
MUST_CHECK bool store_load_titles(StoreReader *reader, uint32_t n_slots, TitleIndex *ret_titles, Error *err);
void title_index_deinit(TitleIndex *titles);

/* Word or phrase @i folded, and as titles write it (in lower case, with its accents). */
Str title_index_key(const TitleIndex *titles, uint32_t i);
Str title_index_written(const TitleIndex *titles, uint32_t i);

/* The words, or phrases, whose keys begin with @beginning: [*ret_first, *ret_end). */
void title_index_find(const TitleIndex *titles, bool is_phrase, Str beginning, uint32_t *ret_first, uint32_t *ret_end);

#endif
