/*
 * Where the matches of a hit stand in its text: places of the index turned back into bytes,
 * by breaking the text into words once more (no folding against the query, no stemming: the
 * index has said which places match).
 */
#ifndef SEARCH_FIND_SPANS_H
#define SEARCH_FIND_SPANS_H

#include "steps.h"

/* A stretch of a text to be highlighted. */
typedef struct Span {
	uint32_t start, end; /* bytes */
	uint32_t word;       /* number of its first word in the text */
	uint32_t leaf;       /* which of the query's words, as a bit's number */
} Span;

typedef struct Word {
	uint32_t start, end; /* bytes */
} Word;

/* A piece of a page's text (title, a paragraph, …) with its words and matches. */
typedef struct MarkedText {
	FieldText piece;
	Word *words; /* one a place */
	size_t n_words;
	Span *spans; /* in order; may overlap */
	size_t n_spans;
} MarkedText;

/*
 * The pieces of @page's fields in @fields (bits), in the order of fields, then of reading.
 * Pieces without a match have no words unless @with_words.
 */
size_t find_spans(Search *search, uint32_t page, const StoreText *text, unsigned fields, bool with_words,
                  MarkedText **ret_texts);

/* Bytes [from, to) of the text, escaped, with its spans in <mark>; spans that touch become one. */
void append_marked(const MarkedText *text, uint32_t from, uint32_t to, Buf *out);

#endif
