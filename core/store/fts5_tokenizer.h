/* The FTS5 tokenizer `blogsearch`: splits a ready stream of terms (term_stream.h), nothing else. */
#ifndef STORE_FTS5_TOKENIZER_H
#define STORE_FTS5_TOKENIZER_H

#include <sqlite3.h>

#include "blogsearch/error.h"

/* To be registered on every connection that touches page_fts. */
MUST_CHECK bool fts5_tokenizer_register(sqlite3 *db, Error *err);

/* FTS5's own interface on @db; NULL where this SQLite has no FTS5. */
fts5_api *fts5_api_of(sqlite3 *db);

#endif
