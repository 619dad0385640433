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

#define TEXT_VERSION 5

/*
 * Of what the libraries decide beside TEXT_VERSION: how words are stemmed, Unicode's version.
 * Who changes an index must have the rules that it was made by; who asks one misses at most
 * what is stemmed otherwise.
 */
uint64_t text_library_rules(void);

/*
 * Folds for comparing: case, accents, width and ligatures go (straße/strasse, Ａ/a, ﬁ/fi);
 * marks that make another letter stay (が, й, vowel signs of Indic scripts and Thai).
 * Folding twice is folding once. What is no UTF-8 is dropped.
 */
void text_fold(Str text, Buf *out);
Str text_fold_dup(Str text, Arena *arena);

/* A facet value's slug where no generator made one: folded, letters and digits of any script, runs of the rest one hyphen. */
Str text_slug(Str name, Arena *arena);

/* Single characters, by Unicode's general category; for the rules of sites' generators. */
bool text_is_letter(uint32_t code_point);
bool text_is_digit(uint32_t code_point); /* decimal digits of any script (Nd) */
bool text_is_number(uint32_t code_point); /* these, and numerals, fractions and the like (Nl, No) */
bool text_is_mark(uint32_t code_point);
uint32_t text_lower(uint32_t code_point);
uint32_t text_title(uint32_t code_point);
/* Appends @text without its combining marks (é gives e), otherwise unchanged. */
void text_strip_marks(Str text, Buf *out);
/* Appends @text in lower case, accents kept. */
void text_lower_case(Str text, Buf *out);
Str text_lower_dup(Str text, Arena *arena);

/* The number of words a reader would count: CJK characters one each, otherwise runs between white space. */
uint32_t text_count_words(Str text);

/*
 * Whether a word decides nothing in that language ("the", "und"): @word is a token's exact form.
 * With @is_contraction it is the whole of a name with apostrophes alone (`I'll`, which is no `ill`).
 */
bool text_is_stop_word(Str lang, Str word, bool is_contraction);

/*
 * A text is a row of places, numbered 0, 1, 2 …; at a place stand one or several tokens:
 *
 *	open-source   WORD open at 0, WORD source at 1, WHOLE open-source at 0
 *	PowerShell    WORD powershell at 0, PIECE power at 0, PIECE shell at 0
 *	東京都        NGRAM 東京 at 0, NGRAM 京都 at 1, NGRAM_LAST 都 at 2
 *
 * so that a phrase of words finds a name however it is joined (`open source`), and a name as
 * it is written finds itself first. Tokens come in the order of their places.
 */
typedef enum TokenKind {
	TOKEN_WORD,       /* fills a place                                                  */
	TOKEN_WHOLE,      /* a name with joiners, at the place of its first word            */
	TOKEN_PIECE,      /* a part of a CamelCase word, or `1` of `v1.2`, at its place     */
	TOKEN_NGRAM,      /* two characters of a script without spaces; fills a place       */
	TOKEN_NGRAM_LAST, /* the last character of such a run alone; fills a place          */
} TokenKind;

typedef struct Token {
	TokenKind kind;
	uint32_t position;
	uint32_t start, end; /* bytes of the text that it covers */
	Str exact;           /* folded; at most LIMIT_WORD_BYTES; valid until the next token */
	Str stem;            /* of a word (no digits, not in a name): folded and stemmed; else empty */
} Token;

/* Returns false to stop. */
typedef bool (*TokenSink)(void *context, const Token *token);

/* Holds stemmers and scratch memory: one a thread. */
typedef struct Analyzer Analyzer;

Analyzer *analyzer_new(void);
Analyzer *analyzer_free(Analyzer *analyzer);
DEFINE_FREEP(Analyzer, analyzer_free)

/* Whether a character belongs to a script that is written without spaces, and so to n-grams. */
bool text_is_unspaced(uint32_t code_point);

/* Calls @sink for every token of @text; @lang is a language tag ("en", "pt-br", "" for unknown: no stemming). */
void analyze(Analyzer *analyzer, Str text, Str lang, TokenSink sink, void *context);
/* The same without stems: places and exact forms only, several times faster. */
void analyze_places(Analyzer *analyzer, Str text, TokenSink sink, void *context);
/*
 * Where the tokens stand alone: .exact and .stem are empty, and a word that folds to nothing
 * has its token too. Several times faster again.
 */
void text_find_places(Str text, TokenSink sink, void *context);
#endif
