/*
 * Hugo's shortcodes, before Markdown is read. As in Hugo, what `{{< name >}}` stands for is none
 * of the page's Markdown: a mark is left in its place (SHORTCODE_MARK, the shortcode's number,
 * SHORTCODE_MARK_END), which shows in heading ids there as well. `{{% name %}}` gives Markdown
 * of the page: its inside is left where it is.
 */
#ifndef INDEXER_EXPAND_SHORTCODES_H
#define INDEXER_EXPAND_SHORTCODES_H

#include "blogsearch/arena.h"
#include "blogsearch/value.h"

/* Private-use characters: no text has them but by mistake, and then they are dropped. */
#define SHORTCODE_MARK     "\xef\x9f\xb0" /* U+F7F0 */
#define SHORTCODE_MARK_END "\xef\x9f\xb1" /* U+F7F1 */

/* What is known of what a shortcode prints; empty where it is nothing. */
typedef struct Shortcode {
	unsigned ordinal; /* as Hugo counts those of a page, which are in no other one */
	Str inner;        /* Markdown: what it encloses */
	Str value;        /* plain text: {{< param >}} */
	Str caption;      /* plain text: {{< figure >}} */
	Str code, lang;   /* {{< highlight >}} */
} Shortcode;

typedef struct Shortcodes {
	Str text; /* Markdown, with marks */
	Shortcode *list;
	size_t n;
} Shortcodes;

/* What {{< param >}} looks into; NULL: nothing. */
typedef struct ShortcodeParams {
	const Value *page, *site;
} ShortcodeParams;

void expand_shortcodes(Str markdown, ShortcodeParams params, Arena *arena, Shortcodes *ret_shortcodes);

/* The shortcode whose mark starts @text, and the mark's length; NULL where there is none. */
const Shortcode *shortcode_at_mark(const Shortcodes *shortcodes, Str text, size_t *ret_len);
/* @text without marks. */
Str drop_shortcode_marks(Str text, Arena *arena);

#endif
