/* The FTS5 tokenizer `blogsearch`: splits a ready stream of terms (term_stream.h), nothing else. */
#ifndef STORE_FTS5_TOKENIZER_H
#define STORE_FTS5_TOKENIZER_H

#include <sqlite3.h>

#include "blogsearch/error.h"
#include "blogsearch/str.h"

/* To be registered on every connection that touches page_fts. */
MUST_CHECK bool fts5_tokenizer_register(sqlite3 *db, Error *err);

/* What FTS5 wants to be called for each term: flags are 0 or FTS5_TOKEN_COLOCATED; other than SQLITE_OK stops. */
typedef int (*OnTerm)(void *context, int flags, const char *term, int n_bytes, int start, int end);
int term_stream_split(Str stream, OnTerm on_term, void *context);

/* FTS5's own interface on @db; NULL where this SQLite has no FTS5. */
fts5_api *fts5_api_of(sqlite3 *db);

#endif
