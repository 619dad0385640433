/*
 * What the full-text table costs in each of the ways in which it could be kept: bytes, time to
 * fill it, time to join its segments. `format_postings INDEX [FOLDER]` takes the texts from an
 * index file and builds each table anew in FOLDER (default: where temporary files go).
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/map.h"
#include "blogsearch/vec.h"
#include "corpus.h"
#include "database.h"
#include "fts5_tokenizer.h"
#include "measure.h"
#include "term_stream.h"

typedef enum Forms {
	PLAIN_TEXT,      /* FTS5's own tokenizers split it */
	EXACT,           /* exact forms */
	EXACT_AND_STEM,  /* and the stem of each word */
	EXACT_AND_OTHER_STEM, /* and the stem where it is another word */
} Forms;

typedef struct Way {
	const char *name;
	Forms forms;
	bool prose_first;
	const char *options; /* of the table */
	const char *config;  /* statements behind CREATE */
} Way;

#define BULK "INSERT INTO t (t, rank) VALUES ('automerge', 0); INSERT INTO t (t, rank) VALUES ('crisismerge', 1999);"
#define STREAM "content = '', columnsize = 0, detail = full, tokenize = 'blogsearch'"

static const Way ways[] = {
	{ "FTS5 porter, texts stored",     PLAIN_TEXT, false, "tokenize = 'porter'", "" },
	{ "FTS5 porter, contentless",      PLAIN_TEXT, false, "content = '', tokenize = 'porter'", "" },
	{ "  and columnsize = 0",          PLAIN_TEXT, false, "content = '', columnsize = 0, tokenize = 'porter'", "" },
	{ "FTS5 unicode61, the same",      PLAIN_TEXT, false, "content = '', columnsize = 0", "" },
	{ "stream, exact and stem",        EXACT_AND_STEM, false, STREAM, "" },
	{ "  prose is the first column",   EXACT_AND_STEM, true, STREAM, "" },
	{ "  stem where it differs",       EXACT_AND_OTHER_STEM, true, STREAM, "" },
	{ "  exact only",                  EXACT, true, STREAM, "" },
	{ "stem where it differs, detail = column", EXACT_AND_OTHER_STEM, true,
	  "content = '', columnsize = 0, detail = column, tokenize = 'blogsearch'", "" },
	{ "  detail = full, columnsize = 1", EXACT_AND_OTHER_STEM, true, "content = '', tokenize = 'blogsearch'", "" },
	{ "  no merging while filling",    EXACT_AND_OTHER_STEM, true, STREAM, BULK },
	{ "  and hashsize 8 MB",           EXACT_AND_OTHER_STEM, true, STREAM,
	  BULK "INSERT INTO t (t, rank) VALUES ('hashsize', 8388608);" },
	{ "  and hashsize 32 MB",           EXACT_AND_OTHER_STEM, true, STREAM,
	  BULK "INSERT INTO t (t, rank) VALUES ('hashsize', 33554432);" },
	{ "  page 8 KB",                   EXACT_AND_OTHER_STEM, true, STREAM,
	  BULK "INSERT INTO t (t, rank) VALUES ('hashsize', 8388608); INSERT INTO t (t, rank) VALUES ('pgsz', 8100);" },
	{ "  page 16 KB",                   EXACT_AND_OTHER_STEM, true, STREAM,
	  BULK "INSERT INTO t (t, rank) VALUES ('hashsize', 8388608); INSERT INTO t (t, rank) VALUES ('pgsz', 16200);" },
};

/* --- The columns of a page ------------------------------------------------------------------------ */

typedef struct Stream {
	Buf *out;
	Forms forms;
	int64_t place;
} Stream;

static bool put_token(void *context, const Token *token)
{
	Stream *stream = context;
	bool has_stem = stream->forms == EXACT_AND_STEM ||
	                (stream->forms == EXACT_AND_OTHER_STEM && !str_equal(token->exact, token->stem));

	if (stream->out->len)
		buf_append_char(stream->out, token->position != stream->place ? TERM_NEXT_PLACE : TERM_SAME_PLACE);
	stream->place = token->position;
	buf_append(stream->out, token->exact);
	if (has_stem && token->stem.len) {
		buf_append_char(stream->out, TERM_SAME_PLACE);
		buf_append_char(stream->out, TERM_STEM_MARK);
		buf_append(stream->out, token->stem);
	}
	return true;
}

static Str column_of(const Way *way, Analyzer *analyzer, const StoreText *text, TextField field, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	FieldText *pieces;
	size_t n = store_field_texts(text, field, arena, &pieces);

	for (size_t i = 0; i < n; i++) {
		Stream stream = { &out, way->forms, -1 };

		if (way->forms == PLAIN_TEXT) {
			buf_append(&out, pieces[i].text);
			buf_append_char(&out, '\n');
			continue;
		}
		if (i) {
			buf_append_char(&out, TERM_NEXT_PLACE);
			buf_append_char(&out, TERM_GAP);
		}
		analyze(analyzer, pieces[i].text, text->lang, put_token, &stream);
	}
	return arena_str_dup(arena, buf_str(&out));
}

typedef struct Columns {
	Str texts[N_TEXT_FIELDS];
} Columns;

static Columns *make_columns(const Way *way, const Corpus *corpus, Arena *arena)
{
	Columns *columns = arena_new_n(arena, Columns, corpus->n);
	Analyzer *analyzer = analyzer_new();

	for (size_t i = 0; i < corpus->n; i++)
		for (TextField field = 0; field < N_TEXT_FIELDS; field++) {
			TextField column = !way->prose_first ? field : field == FIELD_PROSE ? 0 : field < FIELD_PROSE ? field + 1 : field;

			columns[i].texts[column] = column_of(way, analyzer, corpus->texts[i], field, arena);
		}
	analyzer_free(analyzer);
	return columns;
}

/* --- The table ------------------------------------------------------------------------------------ */

static void run_sql(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die_of("%s: %s", sql, sqlite3_errmsg(db));
}

static sqlite3 *open_table(const Way *way, const char *path)
{
	CLEANUP(free_ptr) char *sql = xasprintf("CREATE VIRTUAL TABLE t USING fts5 (a, b, c, d, e, f, %s)", way->options);
	sqlite3 *db;

	unlink(path);
	if (sqlite3_open(path, &db) != SQLITE_OK || !fts5_tokenizer_register(db, NULL))
		die_of("%s: %s", path, sqlite3_errmsg(db));
	run_sql(db, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768; BEGIN");
	run_sql(db, sql);
	run_sql(db, way->config);
	return db;
}

static void fill(sqlite3 *db, const Corpus *corpus, const Columns *columns)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, "INSERT INTO t (rowid, a, b, c, d, e, f) VALUES (?, ?, ?, ?, ?, ?, ?)", -1, &stmt, NULL))
		die_of("%s", sqlite3_errmsg(db));
	for (size_t i = 0; i < corpus->n; i++) {
		sqlite3_bind_int64(stmt, 1, corpus->ids[i]);
		for (int column = 0; column < N_TEXT_FIELDS; column++)
			bind_str(stmt, 2 + column, columns[i].texts[column]);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			die_of("%s", sqlite3_errmsg(db));
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
}

static uint64_t payload_of(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	uint64_t n = 0;

	if (sqlite3_prepare_v2(db, "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 't\\_%' ESCAPE '\\'", -1, &stmt, NULL) ==
	            SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = (uint64_t)sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static uint64_t free_pages(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	uint64_t n = 0;

	if (sqlite3_prepare_v2(db, "PRAGMA freelist_count", -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		n = (uint64_t)sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n * 4096;
}

static void measure(const Way *way, const Corpus *corpus, const char *path)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	double start = seconds(), analyzed, filled, joined;
	Columns *columns = make_columns(way, corpus, &arena);
	sqlite3 *db;
	uint64_t n_bytes;

	analyzed = seconds();
	db = open_table(way, path);
	fill(db, corpus, columns);
	run_sql(db, "COMMIT; BEGIN");
	filled = seconds();
	run_sql(db, "INSERT INTO t (t) VALUES ('optimize')");
	run_sql(db, "COMMIT");
	joined = seconds();
	n_bytes = payload_of(db);
	printf("%-42s %10s %5.2f  %10s  %6.2f s %6.2f s %6.2f s\n", way->name, megabytes(n_bytes),
	       (double)n_bytes / (double)corpus->n_source_bytes, megabytes(free_pages(db)), analyzed - start,
	       filled - analyzed, joined - filled);
	fflush(stdout);
	sqlite3_close(db);
	unlink(path);
}

int main(int argc, char **argv)
{
	Corpus corpus;
	CLEANUP(free_ptr) char *path = NULL;

	if (argc < 2)
		die_of("usage: %s INDEX [FOLDER]", argv[0]);
	path = xasprintf("%s/format-postings-%ld.db", argc > 2 ? argv[2] : P_tmpdir, (long)getpid());
	corpus_load(&corpus, argv[1]);
	printf("%zu pages, %s of Markdown\n\n%-42s %10s %5s  %10s  %8s %8s %8s\n", corpus.n, megabytes(corpus.n_source_bytes),
	       "postings", "bytes", "of md", "left free", "analyse", "fill", "join");
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		measure(&ways[i], &corpus, path);
	corpus_deinit(&corpus);
	return 0;
}
