/* A source file's front matter and its text. */
#ifndef INDEXER_SPLIT_FRONT_MATTER_H
#define INDEXER_SPLIT_FRONT_MATTER_H

#include "blogsearch/value.h"

typedef enum FrontFormat { FRONT_NONE, FRONT_YAML, FRONT_TOML, FRONT_JSON, FRONT_ORG } FrontFormat;

typedef struct SplitPage {
	Value *front; /* a map; empty where the file has no front matter */
	FrontFormat format;
	Str body;
	Str source; /* all of it */
} SplitPage;

/*
 * Splits @source (UTF-8; a byte order mark is skipped). YAML between `---`, TOML between
 * `+++`, JSON from `{` to its closing brace, Org's lines of `#+KEY:`. With @in_comment front
 * matter may stand in an HTML comment. ERROR_SYNTAX names file, line and column; front matter
 * that never ends is one of these.
 */
MUST_CHECK bool split_front_matter(Str source, const char *name, bool in_comment, Arena *arena, SplitPage *ret_page,
                                   Error *err);

#endif
