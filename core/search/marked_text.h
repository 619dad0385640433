/*
 * A piece of text with its words and with what is to be highlighted in it; how it becomes
 * HTML, and where it may be cut. Pure: knows no query and no index. The index says at which
 * places words match; a text is broken into words, to turn places into bytes, only when it is shown.
 */
#ifndef SEARCH_MARKED_TEXT_H
#define SEARCH_MARKED_TEXT_H

#include <stdatomic.h>

#include "blogsearch/buf.h"
#include "blogsearch/store_read.h"
#include "blogsearch/text.h"

/* By what a span was found: decides which bytes at its words are meant. */
typedef struct SpanSource {
	const PhraseTerm *term; /* of a single word; NULL: of several */
	bool is_prefix;
	bool is_whole; /* a name with its joiners */
} SpanSource;

/* A stretch of a text to be highlighted. */
typedef struct Span {
	uint32_t start, end; /* bytes; with a source only once the text's words are found */
	uint32_t word;       /* number of its first word in the text */
	uint32_t n_words;    /* that it covers, at least 1 */
	uint32_t leaf;       /* which of the query's words it is */
	uint32_t character;  /* that its word begins with, or one of that script; 0: of one with spaces */
	const SpanSource *source; /* NULL: the bytes are known */
} Span;

/* How well a text can be cut between a word and the one behind it; the more the better. */
typedef enum Cut {
	CUT_INSIDE,   /* in the middle of a word or name                          */
	CUT_SCRIPT,   /* in a script without spaces, where a word may well begin  */
	CUT_WORDS,
	CUT_SENTENCE, /* behind a sentence; in code: a line                       */
} Cut;

/* What a word takes of the room is counted in quarters: characters of unspaced scripts take less. */
#define ROOM_OF_WORD 4u

/*
 * In a script without spaces the words are pairs of characters: each begins inside the one before it.
 * With what choosing and cutting passages asks of each word again and again.
 */
typedef struct Word {
	uint32_t start; /* bytes */
	uint32_t end : 27; /* LIMIT_PAGE_TEXT_BYTES are fewer */
	uint32_t room : 3; /* by its script, whatever its length */
	uint32_t cut : 2;  /* Cut: behind it */
} Word;

/* A name with joiners, or a part of a CamelCase word. */
typedef struct Name {
	uint32_t place; /* of its first word */
	bool is_part;
	Word bytes;
} Name;

/* What stands in a text. In one block of memory. */
typedef struct TextWords {
	size_t n_words, n_names;
	Name *names; /* in order */
	Word words[];
} TextWords;

/* Words found once, by whichever thread, and kept; NULL: not yet. Owned. */
typedef _Atomic(TextWords *) KeptWords;

/* A piece of a page's text (title, a paragraph, …) with its words and matches. */
typedef struct MarkedText {
	FieldText piece;
	KeptWords *kept; /* where its words are kept; NULL: nowhere */
	const Word *words; /* one a place; NULL until they are found */
	size_t n_words;
	Span *spans; /* in order of their first words; may overlap */
	size_t n_spans;
} MarkedText;

/*
 * Breaks the text into words, where that is not done, and finds the bytes of its spans. It has
 * then as many words as piece.n_places says, where it says so: should an index say more than there
 * are, the others are empty and stand at the end.
 */
void marked_text_find_words(MarkedText *text, Arena *arena);

/* Bytes [from, to) of the text, escaped, with its spans in <mark>; spans that touch become one. */
void append_marked(const MarkedText *text, uint32_t from, uint32_t to, Buf *out);

/* What a word takes that begins with @c (0: of a script with spaces). */
unsigned room_of_character(uint32_t c);

static inline Cut cut_behind(const MarkedText *text, size_t i)
{
	return i + 1 < text->n_words ? (Cut)text->words[i].cut : CUT_SENTENCE;
}

/* The end of word @i where the next one is left out. */
static inline uint32_t end_of_word(const MarkedText *text, size_t i)
{
	uint32_t end = text->words[i].end;

	return i + 1 < text->n_words && text->words[i + 1].start < end ? text->words[i + 1].start : end;
}

#endif
