/*
 * How text becomes words: the same when indexing and when asking. Bump TEXT_VERSION with
 * every change of what comes out; an index made by another version is rebuilt.
 */
#ifndef BLOGSEARCH_TEXT_H
#define BLOGSEARCH_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "str.h"

#define TEXT_VERSION 1

/*
 * Folds for comparing: compatibility decomposition, accents stripped, case folded, width
 * and ligatures resolved (Strasse/straße, Ａ/a, ﬁ/fi). Folding twice is folding once.
 * What is no UTF-8 is dropped.
 */
void text_fold(Str text, Buf *out);
Str text_fold_dup(Str text, Arena *arena);

/* A facet value's slug where no generator made one: folded, letters and digits of any script, runs of the rest one hyphen. */
Str text_slug(Str name, Arena *arena);

/* The number of words a reader would count: CJK characters one each, otherwise runs between white space. */
uint32_t text_count_words(Str text);

/*
 * One place in a text. Places number 0, 1, 2 …; several tokens may share one place: the
 * whole of a compound name stands at its first part's place (`node.js`: whole `node.js`
 * and part `node` at 0, part `js` at 1).
 */
typedef struct Token {
	uint32_t position;
	uint32_t start, end; /* bytes of the text; of a whole: all its parts */
	Str exact;           /* folded; valid until the next token */
	Str stem;            /* folded and stemmed; equal to exact where there is nothing to stem */
	bool is_whole;       /* the whole of a compound; its parts follow */
} Token;

/* Returns false to stop. */
typedef bool (*TokenSink)(void *context, const Token *token);

/* Holds stemmers and scratch memory: one a thread. */
typedef struct Analyzer Analyzer;

Analyzer *analyzer_new(void);
Analyzer *analyzer_free(Analyzer *analyzer);
DEFINE_FREEP(Analyzer, analyzer_free)

/* Calls @sink for every token of @text; @lang is a language tag ("en", "pt-br", "" for unknown: no stemming). */
void analyze(Analyzer *analyzer, Str text, Str lang, TokenSink sink, void *context);
/* The same without stems (Token.stem is empty): places and exact forms only, several times faster. */
void analyze_places(Analyzer *analyzer, Str text, TokenSink sink, void *context);
/* The stem of one folded word; valid until the next call on @analyzer. */
Str analyzer_stem(Analyzer *analyzer, Str exact, Str lang);

#endif
