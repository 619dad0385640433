/* Names and titles that go on as something typed begins: where, and how that is shown. */
#ifndef SEARCH_WORD_STARTS_H
#define SEARCH_WORD_STARTS_H

#include "blogsearch/arena.h"
#include "blogsearch/str.h"
#include "blogsearch/text.h"

/*
 * The first byte of @folded where @beginning (folded) stands at the start of a word, which in
 * a script without spaces is any character; STR_NOT_FOUND for none.
 */
size_t find_word_start(Str folded, Str beginning);

/* The next byte behind @at where a word starts; folded.len for none. */
size_t next_word_start(Str folded, size_t at);

/* @text escaped, with what words of @beginning (as typed) its words begin with in <mark>. */
Str mark_word_starts(Analyzer *analyzer, Str text, Str beginning, Arena *arena);

#endif
