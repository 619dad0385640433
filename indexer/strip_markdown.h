/* Markdown to blocks of plain text with structure: the only user of md4c. */
#ifndef INDEXER_STRIP_MARKDOWN_H
#define INDEXER_STRIP_MARKDOWN_H

#include "blocks.h"
#include "heading_id.h"

typedef struct MarkdownOptions {
	HeadingIdStyle heading_ids;
	bool keeps_html;       /* raw HTML is published: its text counts */
	bool has_shortcodes;   /* Hugo's; else braces are text */
	unsigned hugo_version; /* decides what id a heading with a shortcode has; 0: no Hugo */
} MarkdownOptions;

/*
 * Appends the blocks of @markdown. Output is bounded by the ceiling of @blocks
 * (blocks->is_cut then). False only where md4c gives up (out of memory by its own account).
 */
MUST_CHECK bool strip_markdown(Str markdown, const MarkdownOptions *options, Blocks *blocks);

#endif
