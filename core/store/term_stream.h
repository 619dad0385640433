/*
 * From a page's text to the streams of terms that FTS5's columns receive, and the terms
 * that a query asks for. Pure: the same text gives the same streams for ever (within one
 * TEXT_VERSION), which a contentless table's 'delete' relies on.
 *
 * A stream is a row of places, parted by a blank; the terms of one place are parted by
 * TERM_SAME_PLACE. A word stands as its exact form and, where its stem is another word, also
 * as that, marked with TERM_STEM_MARK in front: two name spaces, so that `run` typed can be
 * told from the stem of `running`, and a scan over words meets no stems. Whoever asks for the
 * stem `run` is therefore given the exact form `run` as well (find.c). Between two pieces of
 * text (paragraphs, tags) one place is taken by TERM_GAP: a phrase does not reach across. At
 * the first place of fenced code stands its language as well, marked with TERM_LANG_MARK.
 */
#ifndef STORE_TERM_STREAM_H
#define STORE_TERM_STREAM_H

#include "blogsearch/arena.h"
#include "blogsearch/map.h"
#include "blogsearch/store_read.h"
#include "blogsearch/text.h"

#define TERM_NEXT_PLACE ' '
#define TERM_SAME_PLACE '\x01'
#define TERM_STEM_MARK  '\x02'
#define TERM_GAP        '\x03'
#define TERM_LANG_MARK  '\x04'

typedef struct TermStreams {
	Str columns[N_TEXT_FIELDS];
	uint32_t lengths[N_TEXT_FIELDS]; /* places taken by words */
} TermStreams;

/* Whether a term of the index is a word of the vocabulary: no stem, no gap, no n-gram. */
bool term_is_word(Str term);

/* Sets @text->places as well. */
void make_term_streams(Analyzer *analyzer, StoreText *text, Arena *arena, TermStreams *ret_streams);

/* Puts every word of the streams (exact forms, no n-grams) into @words: the page's part of the vocabulary. */
void term_streams_words(const TermStreams *streams, Map *words);

#endif
