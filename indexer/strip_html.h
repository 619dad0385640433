/* Raw HTML to text: tags out, entities resolved, script, style and comments without a trace. */
#ifndef INDEXER_STRIP_HTML_H
#define INDEXER_STRIP_HTML_H

#include "blocks.h"

/*
 * Appends the text of @html to @blocks: block tags close a block, headings become headings
 * (with the id they have), `alt` of images and <figcaption> become captions, <pre> code;
 * inline tags vanish without parting words. Never fails: what is broken is text.
 */
void strip_html(Str html, Blocks *blocks);

/* Whether an inline tag ("<br>", "</td>", "<img …>") parts the words around it. */
bool tag_parts_words(Str tag);
/* The value of attribute @name in @tag; STR_EMPTY where it has none. Entities are resolved, in @arena. */
Str tag_attribute(Str tag, Str name, Arena *arena);

/* @text ("&amp;", "&#228;", "&#xe4;") as what it stands for; false where it is no entity. */
bool resolve_entity(Str entity, Buf *out);
/* All entities of @text resolved. */
Str resolve_entities(Str text, Arena *arena);

#endif
