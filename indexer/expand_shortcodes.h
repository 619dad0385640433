/*
 * Hugo's shortcodes, before Markdown is read: tags go, inner text stays, captions are kept.
 *
 * Where a tag stood a mark is left (SHORTCODE_MARK and the shortcode's number, closed by
 * SHORTCODE_MARK_END): Hugo leaves one too, and it shows in heading ids.
 */
#ifndef INDEXER_EXPAND_SHORTCODES_H
#define INDEXER_EXPAND_SHORTCODES_H

#include "blogsearch/arena.h"
#include "blogsearch/str.h"

/* Private-use characters: no text has them but by mistake, and then they are dropped. */
#define SHORTCODE_MARK     "\xef\x9f\xb0" /* U+F7F0 */
#define SHORTCODE_MARK_END "\xef\x9f\xb1" /* U+F7F1 */

typedef struct Shortcodes {
	Str text;        /* Markdown, with marks */
	Str *captions;   /* by number: what a figure says; empty for the others */
	size_t n;
} Shortcodes;

void expand_shortcodes(Str markdown, Arena *arena, Shortcodes *ret_shortcodes);

/* @text without marks. */
Str drop_shortcode_marks(Str text, Arena *arena);

#endif
