/*
 * FTS5's lists of occurrences, read where they lie. Through FTS5's own interface each page
 * of a list costs several calls, and a beginning has all its words' lists joined by FTS5 one
 * after the other; read straight from the segments they cost what their bytes cost:
 * docs/performance.md has the figures. A new index has one segment, of segment_writer.c; FTS5
 * writes those of later changes and merges them all, and answers for the phrases (find.c).
 * Private to store/.
 */
#ifndef STORE_SEGMENTS_H
#define STORE_SEGMENTS_H

#include <sqlite3.h>

#include "posting_rows.h"

typedef struct Segments Segments;

/*
 * *ret_segments is NULL where the table is of a version that this does not know: then FTS5
 * must be asked. @path is borrowed, for messages.
 */
MUST_CHECK bool segments_new(sqlite3 *db, const char *path, Segments **ret_segments, Error *err);
Segments *segments_free(Segments *segments);
DEFINE_FREEP(Segments, segments_free)

/*
 * Appends the rows of @term, or of every term that begins with it. ERROR_BUSY past
 * @deadline_ns (0: none), ERROR_INDEX where the lists are damaged.
 */
MUST_CHECK bool segments_find(Segments *segments, Str term, bool is_prefix, uint64_t deadline_ns, PostingRows *rows,
                              Error *err);

/* Whether any segment has a list of @term, be it of pages that are gone. */
MUST_CHECK bool segments_has(Segments *segments, Str term, bool *ret_has, Error *err);

#endif
