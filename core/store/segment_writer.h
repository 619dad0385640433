/*
 * A whole full-text index written as FTS5 would leave it behind 'optimize': one segment, of
 * terms that are given in order. FTS5 itself would be given each word of each page, look for it
 * among all that it has, and read and write all of it once more to join it: half the time of
 * filling an index. segments.c describes the format. Private to store/.
 */
#ifndef STORE_SEGMENT_WRITER_H
#define STORE_SEGMENT_WRITER_H

#include <sqlite3.h>

#include "blogsearch/error.h"
#include "blogsearch/store.h"

typedef struct SegmentWriter SegmentWriter;

/*
 * @db has an empty table page_fts, and a transaction is open in which FTS5 is given nothing
 * more. @path is borrowed, for messages.
 */
MUST_CHECK bool segment_writer_new(sqlite3 *db, const char *path, SegmentWriter **ret_writer, Error *err);
SegmentWriter *segment_writer_free(SegmentWriter *writer);
DEFINE_FREEP(SegmentWriter, segment_writer_free)

/* Terms in byte order; behind each its pages, ascending, with their places as make_page_terms() packs them. */
MUST_CHECK bool segment_write_term(SegmentWriter *writer, Str term, Error *err);
MUST_CHECK bool segment_write_page(SegmentWriter *writer, uint32_t page, Str places, Error *err);

/* @n_places: of all pages, by column. Without it there is no segment. */
MUST_CHECK bool segment_writer_finish(SegmentWriter *writer, uint32_t n_pages, const uint64_t n_places[N_TEXT_FIELDS],
                                      Error *err);

#endif
