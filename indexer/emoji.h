/* :names: of emoji, as Hugo's enableEmoji has them replaced before Markdown is read. */
#ifndef INDEXER_EMOJI_H
#define INDEXER_EMOJI_H

#include "blogsearch/arena.h"
#include "blogsearch/str.h"

/* @text with the emoji that it names; names that are none stay. In @arena, or @text itself. */
Str replace_emoji(Str text, Arena *arena);

#endif
