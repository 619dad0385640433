/* Markdown to blocks of plain text with structure: the only user of md4c. */
#ifndef INDEXER_STRIP_MARKDOWN_H
#define INDEXER_STRIP_MARKDOWN_H

#include "blocks.h"
#include "expand_shortcodes.h"
#include "heading_id.h"

/* What Markdown means beyond CommonMark; all false is CommonMark. */
typedef struct MarkdownOptions {
	HeadingIdStyle heading_ids;
	bool keeps_html;           /* raw HTML is published: its text counts */
	bool has_tables, has_task_lists;
	bool has_strikethrough;    /* ~~gone~~ */
	bool has_single_tilde;     /* ~gone~ as well */
	bool has_definitions;      /* term, and below it `: what it is` */
	bool has_footnotes;        /* [^1] and `[^1]: note` */
	bool has_addresses;        /* https://example.org/ is a link, with all that stands close to it */
	bool has_typographer;      /* quotes, dashes, dots */
	bool has_heading_attributes; /* `## Title {#id}` */
	bool has_block_attributes; /* `{.class}` below a block */
	bool has_emoji;            /* :smile: */
	bool has_math;             /* \( … \), \[ … \] and $$ … $$ are formulas everywhere */
	bool has_shortcodes;       /* Hugo's; else braces are text */
	bool knows_marks;          /* the ids of headings with shortcodes are Hugo 0.111's; else they cannot be known */
	ShortcodeParams params;    /* for {{< param >}} */
} MarkdownOptions;

/*
 * Appends the blocks of @markdown. Output is bounded by the ceiling of @blocks
 * (blocks->is_cut then). False only where md4c gives up (out of memory by its own account).
 */
MUST_CHECK bool strip_markdown(Str markdown, const MarkdownOptions *options, Blocks *blocks);

/* HTML with Hugo's shortcodes in it, where @options has these. */
void strip_html_page(Str html, const MarkdownOptions *options, Blocks *blocks);

#endif
