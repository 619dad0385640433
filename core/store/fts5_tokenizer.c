/* https://sqlite.org/fts5.html#custom_tokenizers: terms of one place are FTS5's colocated tokens. */
#include "fts5_tokenizer.h"

#include "blogsearch/alloc.h"
#include "term_stream.h"

fts5_api *fts5_api_of(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	return api;
}

/* FTS5 wants an instance; this one has no state. */
static int tokenizer_create(void *context, const char **arguments, int n_arguments, Fts5Tokenizer **ret_tokenizer)
{
	(void)context;
	(void)arguments;
	(void)n_arguments;
	*ret_tokenizer = xmalloc(1);
	return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *tokenizer)
{
	free_ptr(&tokenizer);
}

static bool is_separator(char c)
{
	return c == TERM_NEXT_PLACE || c == TERM_SAME_PLACE;
}

int term_stream_split(Str stream, OnTerm on_term, void *context)
{
	size_t at = 0;

	while (at < stream.len) {
		size_t start = at;
		bool is_colocated = start > 0 && stream.data[start - 1] == TERM_SAME_PLACE;
		int status;

		while (at < stream.len && !is_separator(stream.data[at]))
			at++;
		status = at == start ? SQLITE_OK
		                     : on_term(context, is_colocated ? FTS5_TOKEN_COLOCATED : 0, stream.data + start,
		                               (int)(at - start), (int)start, (int)at);
		if (status != SQLITE_OK)
			return status;
		at++;
	}
	return SQLITE_OK;
}

static int tokenizer_tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int n_bytes,
                              OnTerm on_term)
{
	(void)tokenizer;
	(void)flags;
	return term_stream_split((Str){ text, (size_t)n_bytes }, on_term, context);
}

bool fts5_tokenizer_register(sqlite3 *db, Error *err)
{
	static fts5_tokenizer tokenizer = { tokenizer_create, tokenizer_delete, tokenizer_tokenize };
	fts5_api *api = fts5_api_of(db);

	if (!api || api->xCreateTokenizer(api, "blogsearch", NULL, &tokenizer, NULL) != SQLITE_OK) {
		error_set(err, ERROR_INDEX, "this SQLite (%s) has no FTS5", sqlite3_libversion());
		return error_hint(err, "use a SQLite built with SQLITE_ENABLE_FTS5");
	}
	return true;
}
