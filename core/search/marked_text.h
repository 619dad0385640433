/*
 * A piece of text with its words and with what is to be highlighted in it; how it becomes
 * HTML, and where it may be cut. Pure: knows no query and no index.
 */
#ifndef SEARCH_MARKED_TEXT_H
#define SEARCH_MARKED_TEXT_H

#include "blogsearch/buf.h"
#include "blogsearch/store_read.h"
#include "blogsearch/text.h"

/* A stretch of a text to be highlighted. */
typedef struct Span {
	uint32_t start, end; /* bytes */
	uint32_t word;       /* number of its first word in the text */
	uint32_t n_words;    /* that it covers, at least 1 */
	uint32_t leaf;       /* which of the query's words it is */
} Span;

/* In a script without spaces the words are pairs of characters: each begins inside the one before it. */
typedef struct Word {
	uint32_t start, end; /* bytes */
} Word;

/* A piece of a page's text (title, a paragraph, …) with its words and matches. */
typedef struct MarkedText {
	FieldText piece;
	Word *words; /* one a place; NULL until they are needed */
	size_t n_words;
	Span *spans; /* in order of their first words; may overlap */
	size_t n_spans;
} MarkedText;

/* Breaks the text into words, where that is not done. */
void marked_text_find_words(MarkedText *text, Analyzer *analyzer, Arena *arena);

/* Bytes [from, to) of the text, escaped, with its spans in <mark>; spans that touch become one. */
void append_marked(const MarkedText *text, uint32_t from, uint32_t to, Buf *out);

/* How well a text can be cut between word @i and the one behind it; the more the better. */
typedef enum Cut {
	CUT_INSIDE,   /* in the middle of a word or name                          */
	CUT_SCRIPT,   /* in a script without spaces, where a word may well begin  */
	CUT_WORDS,
	CUT_SENTENCE, /* behind a sentence; in code: a line                       */
} Cut;

Cut cut_behind(const MarkedText *text, size_t i);

/* The end of word @i where the next one is left out. */
uint32_t end_of_word(const MarkedText *text, size_t i);

#endif
