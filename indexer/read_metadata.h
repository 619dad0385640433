/* Front matter that means the same for every kind of site. */
#ifndef INDEXER_READ_METADATA_H
#define INDEXER_READ_METADATA_H

#include "blogsearch/document.h"
#include "blogsearch/value.h"

/* Title, description, type, weight, series_order, image, aliases, boost, evergreen. @image: the bundle's own picture. */
void read_metadata(const Value *front, Str relurl, Str base_url, Str image, Arena *arena, Document *document);

/* Whether the page asks not to be found: `search: false`, `searchHidden` and the like. */
bool is_opted_out(const Value *front);

/* The texts of a value: a list's items, or the one that it is; numbers and booleans as their text; blank ones left out. */
size_t value_texts(const Value *value, Arena *arena, Str **ret_texts);

/* The address of a site, its scheme in lower case; STR_EMPTY for what is none (//host, ftp:) as far as links are concerned. */
Str base_url_of(Str text, Arena *arena);

/* "https://example.org/blog/" and "/blog/post/" → "https://example.org/blog/post/"; @relurl where the base is unknown. */
Str absolute_url(Str base_url, Str relurl, Arena *arena);

/* Adds terms of facet @facet to the document, once each, LIMIT_PAGE_TERMS at most. */
typedef struct TermList {
	Arena *arena;
	DocumentTerm *terms;
	size_t n, capacity;
} TermList;

void term_add(TermList *list, DocumentTerm term);

#endif
