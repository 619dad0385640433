/*
 * Tables as goldmark has them, written so that md4c 0.4.8 reads the same: a cell ends at each pipe
 * that is not escaped, in code as well; one dash is enough below a column; the header has as many
 * cells as there are columns. Private to prepare_markdown.c.
 */
#ifndef INDEXER_TABLE_ROWS_H
#define INDEXER_TABLE_ROWS_H

#include "blogsearch/buf.h"
#include "blogsearch/str.h"

/* The number of columns that a line of dashes, pipes and colons makes; 0 where it is none. */
size_t table_columns(Str line);
/* The number of cells of @line as a row. */
size_t table_cells(Str line);
/* Both without the marks of quotes and lists before them, and without a line end. */
void append_table_columns(Str line, Buf *out);
void append_table_row(Str line, Buf *out);

#endif
