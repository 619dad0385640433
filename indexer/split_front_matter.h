/* A source file's front matter and its text. */
#ifndef INDEXER_SPLIT_FRONT_MATTER_H
#define INDEXER_SPLIT_FRONT_MATTER_H

#include "blogsearch/value.h"

typedef struct SplitPage {
	Value *front; /* a map; empty where the file has no front matter */
	Str body;
} SplitPage;

/*
 * Splits @source (UTF-8; a byte order mark is skipped). YAML between `---`, TOML between
 * `+++`, JSON from `{` to its closing brace. ERROR_SYNTAX names file, line and column;
 * front matter that never ends is one of these.
 */
MUST_CHECK bool split_front_matter(Str source, const char *name, Arena *arena, SplitPage *ret_page, Error *err);

#endif
