/* The id that Hugo gives a heading: docs/hugo.md's rules, by the site's autoHeadingIDType. */
#ifndef INDEXER_HEADING_ID_H
#define INDEXER_HEADING_ID_H

#include "blogsearch/arena.h"
#include "blogsearch/map.h"
#include "blogsearch/str.h"

typedef enum HeadingIdStyle { HEADING_ID_GITHUB, HEADING_ID_GITHUB_ASCII, HEADING_ID_BLACKFRIDAY, HEADING_ID_NONE } HeadingIdStyle;

typedef struct HeadingIds {
	HeadingIdStyle style;
	Map taken;
} HeadingIds;

void heading_ids_deinit(HeadingIds *ids);

/* The id of a heading from its source text (markup and all); unlike any before. In @arena. */
Str heading_id_make(HeadingIds *ids, Str source, Arena *arena);
/* An id that the author has set: taken as written, and reserved. */
void heading_id_reserve(HeadingIds *ids, Str id);

/*
 * Cuts `{#id .class}` off the end of a heading's source; *ret_id is empty where it sets none.
 * Returns the source without it.
 */
Str heading_cut_attributes(Str source, Str *ret_id);

#endif
