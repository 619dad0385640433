/* Raw HTML to text: tags out, entities resolved, script, style and comments without a trace. */
#ifndef INDEXER_STRIP_HTML_H
#define INDEXER_STRIP_HTML_H

#include "blocks.h"

/* Gets text between tags where it may hold more than text (marks of shortcodes). */
typedef void (*PutText)(void *context, Str text);

/*
 * Appends the text of @html to @blocks: block tags close a block, headings become headings
 * (with the id they have), `alt` of images and <figcaption> become captions, <pre> code;
 * inline tags vanish without parting words. Never fails: what is broken is text.
 */
void strip_html(Str html, Blocks *blocks);
/* The same; text that is no code goes to @put instead. */
void strip_html_with(Str html, Blocks *blocks, PutText put, void *context);

/*
 * "<!-- search:off -->" hides what is appended to @blocks from then on, "<!-- search:on -->" shows
 * it again; any other comment does nothing.
 */
void take_comment(Str comment, Blocks *blocks);
/* The same for each comment in HTML whose text does not count. */
void take_comments(Str html, Blocks *blocks);

/* Whether an inline tag ("<br>", "</td>", "<img …>") parts the words around it. */
bool tag_parts_words(Str tag);
/* Whether an element's content is none of the page's text (script, style …), by a tag of it. */
bool tag_is_silent(Str tag);
bool tag_is_end(Str tag);
/* The value of attribute @name in @tag; STR_EMPTY where it has none. Entities are resolved, in @arena. */
Str tag_attribute(Str tag, Str name, Arena *arena);

/* @text ("&amp;", "&#228;", "&#xe4;") as what it stands for; false where it is no entity. */
bool resolve_entity(Str entity, Buf *out);
/* All entities of @text resolved. */
Str resolve_entities(Str text, Arena *arena);

#endif
