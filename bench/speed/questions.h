/*
 * What is asked: kinds of question, each with some made from the index at hand, the same
 * for the same index. Words are chosen by the number of pages that have them.
 */
#ifndef BENCH_QUESTIONS_H
#define BENCH_QUESTIONS_H

#include "blogsearch/arena.h"
#include "blogsearch/store_read.h"

typedef struct Question {
	Str ours;   /* as it is typed */
	Str fts5;   /* as FTS5 wants it; empty: it has no such question */
	Str filter; /* a tag; empty: none */
} Question;

/* What is wanted with the ten best. */
typedef enum Extras {
	EXTRA_NOTHING,
	EXTRA_FACETS, /* counts of tag, category, series */
	EXTRA_SNIPPETS, /* titles, snippets and sections, no facets */
	EXTRA_ANSWER, /* all that the API gives by default */
	EXTRA_SUGGEST, /* no search: completions of .ours */
	EXTRA_RELATED, /* no search: pages like that of .ours, a URL */
} Extras;

typedef struct Kind {
	const char *name;
	Extras extras;
	Question *questions;
	size_t n;
} Kind;

/* Everything lives in @arena. Ends the program where the index cannot be read. */
Kind *make_questions(StoreReader *reader, const Catalog *catalog, Arena *arena, size_t *ret_n);

#endif
