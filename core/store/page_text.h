/*
 * The record of table page_text: a StoreText packed into bytes and compressed, and the pieces
 * that it is kept in. A row as long as a record would leave a quarter of SQLite's pages empty
 * (docs/index-format.md); rows of PIECE_BYTES fill them.
 */
#ifndef STORE_PAGE_TEXT_H
#define STORE_PAGE_TEXT_H

#include <sqlite3.h>
#include <zstd.h>

#include "blogsearch/arena.h"
#include "blogsearch/store_read.h"

#define PIECE_BYTES 500
#define MOST_PIECES 64 /* of a record; those of long ones are longer */

/* Row of piece @n of a page's record. */
#define PIECE_ID(page, n) ((int64_t)(page) * MOST_PIECES + (n))

/* What of @document the record holds; strings are borrowed from it. Its places are set by make_term_streams(). */
StoreText *text_of_document(const Document *document, Arena *arena);

/* Not compressed: what two texts are compared by. */
void page_text_lay_out(const StoreText *text, Buf *out);
Str page_text_pack(ZSTD_CCtx *context, const StoreText *text, Arena *arena);
/* ERROR_INDEX where the record is damaged; @path of the file is for the message. Strings live in @arena. */
MUST_CHECK bool page_text_unpack(ZSTD_DCtx *context, const char *path, Str record, Arena *arena, StoreText **ret_text,
                                 Error *err);

/* Bytes of a piece of a record of @record_len bytes. */
size_t piece_bytes(size_t record_len);
/*
 * The record of @page, joined, in @arena; empty where it has none. @stmt gives the pieces of
 * rows ?1 to ?2, in order.
 */
MUST_CHECK bool page_text_read(sqlite3_stmt *stmt, const char *path, uint32_t page, Arena *arena, Str *ret_record,
                               Error *err);

#endif
