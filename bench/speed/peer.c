/* See peer.h. */
#include "peer.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"
#include "fail.h"

struct Peer {
	sqlite3 *db;
	sqlite3_stmt *best, *matches;
	const Catalog *catalog;
	uint32_t *counts; /* by term */
};

static void check(Peer *peer, int status)
{
	if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW)
		fail_because(sqlite3_errmsg(peer->db));
}

static void execute(Peer *peer, const char *sql)
{
	check(peer, sqlite3_exec(peer->db, sql, NULL, NULL, NULL));
}

/* --- Building ------------------------------------------------------------------------------ */

static void append_field(const StoreText *text, TextField field, Arena *arena, Buf *out)
{
	FieldText *pieces;
	size_t n = store_field_texts(text, field, arena, &pieces);

	for (size_t i = 0; i < n; i++) {
		buf_append(out, pieces[i].text);
		buf_append_char(out, '\n');
	}
}

static void insert_page(Peer *peer, sqlite3_stmt *insert, StoreReader *reader, uint32_t page)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(buf_deinit) Buf rest = BUF_INIT(BUF_NO_CEILING);
	StoreText *text;

	if (!store_text(reader, page, &arena, &text, &err))
		fail(&err);
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		if (field != FIELD_TITLE)
			append_field(text, field, &arena, &rest);
	sqlite3_bind_int64(insert, 1, page);
	sqlite3_bind_text64(insert, 2, text->title.data, text->title.len, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_text64(insert, 3, rest.data, rest.len, SQLITE_STATIC, SQLITE_UTF8);
	check(peer, sqlite3_step(insert));
	sqlite3_reset(insert);
}

static void build(Peer *peer, StoreReader *reader, const Catalog *catalog)
{
	sqlite3_stmt *insert;

	execute(peer, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
	              "CREATE VIRTUAL TABLE t USING fts5 (title, text, content = '', tokenize = 'porter')");
	check(peer, sqlite3_prepare_v2(peer->db, "INSERT INTO t (rowid, title, text) VALUES (?1, ?2, ?3)", -1, &insert, NULL));
	for (uint32_t page = 1; page < catalog->n_slots; page++)
		if (catalog->flags[page] & CATALOG_PRESENT)
			insert_page(peer, insert, reader, page);
	sqlite3_finalize(insert);
	execute(peer, "INSERT INTO t (t) VALUES ('optimize'); COMMIT");
}

/* --- Asking -------------------------------------------------------------------------------- */

Peer *peer_open(const char *path, StoreReader *reader, const Catalog *catalog)
{
	bool is_there = access(path, R_OK) == 0;
	Peer *peer = xnew0(Peer);

	peer->catalog = catalog;
	peer->counts = xnew0_n(uint32_t, catalog->n_terms + 1);
	if (sqlite3_open(path, &peer->db) != SQLITE_OK)
		fail_because("the peer's database cannot be opened");
	if (!is_there)
		build(peer, reader, catalog);
	execute(peer, "PRAGMA mmap_size = 2147483648; PRAGMA cache_size = -65536");
	check(peer, sqlite3_prepare_v2(peer->db, "SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rank LIMIT 10", -1,
	                               &peer->best, NULL));
	check(peer, sqlite3_prepare_v2(peer->db, "SELECT rowid FROM t WHERE t MATCH ?1", -1, &peer->matches, NULL));
	return peer;
}

Peer *peer_free(Peer *peer)
{
	sqlite3_finalize(peer->best);
	sqlite3_finalize(peer->matches);
	sqlite3_close(peer->db);
	free(peer->counts);
	free(peer);
	return NULL;
}

static void count_terms(Peer *peer, uint32_t page)
{
	for (uint32_t i = peer->catalog->term_start[page]; i < peer->catalog->term_start[page + 1]; i++)
		peer->counts[peer->catalog->term_ids[i]]++;
}

static uint32_t step_through(Peer *peer, sqlite3_stmt *stmt, Str expression, bool counts)
{
	uint32_t n = 0;
	int status;

	sqlite3_bind_text64(stmt, 1, expression.data, expression.len, SQLITE_STATIC, SQLITE_UTF8);
	for (; (status = sqlite3_step(stmt)) == SQLITE_ROW; n++)
		if (counts)
			count_terms(peer, (uint32_t)sqlite3_column_int64(stmt, 0));
	check(peer, status);
	sqlite3_reset(stmt);
	return n;
}

uint32_t peer_ask(Peer *peer, Str expression, bool with_facets)
{
	uint32_t n = step_through(peer, peer->best, expression, false);

	if (!with_facets)
		return n;
	memset(peer->counts, 0, peer->catalog->n_terms * sizeof(uint32_t));
	return step_through(peer, peer->matches, expression, true);
}
