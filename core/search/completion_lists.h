/*
 * What can be completed, in byte order of how it begins: made when the first beginning is asked for, so
 * that a beginning is one stretch of each list.
 */
#ifndef SEARCH_COMPLETION_LISTS_H
#define SEARCH_COMPLETION_LISTS_H

#include "facet_table.h"

/* A word's start in a term's name, or the start of its slug. */
typedef struct TermStart {
	Str rest;       /* the name from there on, folded */
	uint32_t term;
	bool is_whole;  /* from the beginning */
} TermStart;

/* A word that many pages have. */
typedef struct FrequentWord {
	Str word;
	uint32_t n_pages;
} FrequentWord;

typedef struct CompletionLists {
	TermStart *terms;
	uint32_t n_terms;
	FrequentWord *words;
	uint32_t n_words;
} CompletionLists;

/* Everything is made in @arena. */
void completion_lists_make(CompletionLists *lists, const Catalog *catalog, Str vocabulary, Arena *arena);

void find_term_starts(const CompletionLists *lists, Str beginning, uint32_t *ret_first, uint32_t *ret_end);
void find_frequent_words(const CompletionLists *lists, Str beginning, uint32_t *ret_first, uint32_t *ret_end);

#endif
