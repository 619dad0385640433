/* Patterns of paths: `*` stands for anything but a slash, `?` for one character of that kind, `**` for anything. */
#ifndef INDEXER_MATCH_GLOB_H
#define INDEXER_MATCH_GLOB_H

#include <stdbool.h>

#include "blogsearch/str.h"

/* Whether @pattern stands for @path as a whole. */
bool glob_matches(Str pattern, Str path);

/*
 * Whether @pattern stands for @path, for a folder that it lies in or, where @path is a folder,
 * for all that is in it. A leading star-star-slash stands for no folder as well.
 */
bool glob_takes(Str pattern, Str path);

#endif
