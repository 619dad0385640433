/* Files that are kept out by index.exclude, whatever the site does with them. */
#ifndef INDEXER_EXCLUDE_H
#define INDEXER_EXCLUDE_H

#include "site/site.h"

/* @path: of a file or folder, below the site's root. */
bool is_excluded(const IndexOptions *options, Str path);

void drop_excluded(const IndexOptions *options, SourceFiles *sources);

#endif
