/* A segment of ours is what FTS5 makes of the same rows: core/store/page_terms.c, term_lists.c, segment_writer.c. */
#include "harness/unit.h"
#include "harness/random_index.h"

#include "database.h"
#include "segment_writer.h"
#include "term_lists.h"

#define N_PAGES 400

static const char columns[] = "prose, title, headings, code, captions, terms";

/* --- Two tables of the same rows ------------------------------------------------------------- */

static sqlite3 *table_made(const char *folder, const char *name)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(free_ptr) char *path = xasprintf("%s/%s", folder, name);
	sqlite3 *db = NULL;
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fclose(file);
	assert_true(database_open_working(path, &db, &err));
	assert_true(database_exec(db, path, "BEGIN", &err));
	return db;
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static void give_to_fts5(sqlite3 *db, const char *command, uint32_t page, const TermStreams *streams)
{
	CLEANUP(free_ptr) char *sql = *command
		? xasprintf("INSERT INTO page_fts (page_fts, rowid, %s) VALUES ('%s', ?1, ?2, ?3, ?4, ?5, ?6, ?7)", columns, command)
		: xasprintf("INSERT INTO page_fts (rowid, %s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", columns);
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	sqlite3_bind_int64(stmt, 1, page);
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		bind_str(stmt, 2 + (int)field, streams->columns[field]);
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	sqlite3_finalize(stmt);
}

/* Words at one place, twice at one place, at the first place of a column beside nothing, marked, longer than most. */
static Str some_stream(size_t n_words, Arena *arena)
{
	static const char *const separators[] = { " ", " ", " ", "\x01", "\x01\x02", " \x03 ", "  " };
	CLEANUP(buf_deinit) Buf stream = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < n_words; i++) {
		Str word = word_of(draw_word(), arena);

		buf_append_c(&stream, separators[draw(ARRAY_SIZE(separators))]);
		for (uint32_t n = draw(50) ? 1 : 9; n; n--)
			buf_append(&stream, word);
		if (!draw(30)) {
			buf_append_char(&stream, '\x01');
			buf_append(&stream, word);
		}
	}
	return arena_str_dup(arena, buf_str(&stream));
}

/* Some columns are empty, some pages wholly; a few fill leaves by themselves. */
static TermStreams some_streams(uint32_t page, Arena *arena)
{
	TermStreams streams = { 0 };

	for (TextField field = 0; field < N_TEXT_FIELDS && page % 50; field++)
		if (draw(3))
			streams.columns[field] = some_stream(draw(60) ? draw(60) : 9000, arena);
	return streams;
}

typedef struct Filling {
	TermLists *lists;
	PageTermsMaker *maker;
	uint32_t n_pages;
	uint64_t n_places[N_TEXT_FIELDS];
} Filling;

static void gather(Filling *filling, uint32_t page, const TermStreams *streams, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	PageTerms terms;

	make_page_terms(filling->maker, streams, arena, &terms);
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		filling->n_places[field] += terms.n_places[field];
	assert_true(term_lists_add(filling->lists, page, &terms, &err));
	filling->n_pages++;
}

static void write_segment(sqlite3 *db, Filling *filling)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(segment_writer_freep) SegmentWriter *segment = NULL;
	Str term, places;
	uint32_t page;

	assert_true(segment_writer_new(db, "index", &segment, &err));
	assert_true(term_lists_begin(filling->lists, &err));
	while (assert_true(term_lists_next(filling->lists, &term, &err)), term.len) {
		assert_true(segment_write_term(segment, term, &err));
		while (assert_true(term_lists_next_page(filling->lists, &page, &places, &err)), page)
			assert_true(segment_write_page(segment, page, places, &err));
	}
	assert_true(segment_writer_finish(segment, filling->n_pages, filling->n_places, &err));
}

/* --- Compared -------------------------------------------------------------------------------- */

static int64_t number_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t number;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK || sqlite3_step(stmt) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

/* Both in the order in which FTS5 reads its lists. */
static void check_same_postings(sqlite3 *ours, sqlite3 *fts5)
{
	static const char sql[] = "SELECT term || '|' || doc || '|' || col || '|' || offset FROM temp.posting";
	sqlite3_stmt *a = NULL, *b = NULL;
	int status;
	size_t n = 0;

	run(ours, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.posting USING fts5vocab ('main', 'page_fts', 'instance')");
	run(fts5, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.posting USING fts5vocab ('main', 'page_fts', 'instance')");
	assert_int_equal(sqlite3_prepare_v2(ours, sql, -1, &a, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(fts5, sql, -1, &b, NULL), SQLITE_OK);
	while ((status = sqlite3_step(b)) == SQLITE_ROW) {
		assert_int_equal(sqlite3_step(a), SQLITE_ROW);
		if (!str_equal(column_str(a, 0), column_str(b, 0)))
			fail_msg("%s, FTS5 has %s", sqlite3_column_text(a, 0), sqlite3_column_text(b, 0));
		n++;
	}
	assert_int_equal(status, SQLITE_DONE);
	assert_int_equal(sqlite3_step(a), SQLITE_DONE);
	assert_true(n > 1000);
	sqlite3_finalize(a);
	sqlite3_finalize(b);
}

static void check_same(sqlite3 *ours, sqlite3 *fts5)
{
	static const char averages[] = "SELECT hex(block) FROM page_fts_data WHERE id = 1";
	sqlite3_stmt *a = NULL, *b = NULL;

	run(ours, "INSERT INTO page_fts (page_fts) VALUES ('integrity-check')");
	check_same_postings(ours, fts5);
	assert_int_equal(sqlite3_prepare_v2(ours, averages, -1, &a, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(fts5, averages, -1, &b, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(a), SQLITE_ROW);
	assert_int_equal(sqlite3_step(b), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(a, 0), (const char *)sqlite3_column_text(b, 0));
	sqlite3_finalize(a);
	sqlite3_finalize(b);
}

static void check_filled(const char *folder, size_t run_bytes)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(free_ptr) char *beside = xasprintf("%s/lists", folder);
	Filling filling = { .lists = term_lists_new(beside, run_bytes), .maker = page_terms_maker_new() };
	sqlite3 *ours = table_made(folder, "ours.db"), *fts5 = table_made(folder, "fts5.db");
	TermStreams *streams = xnew_n(TermStreams, N_PAGES + 1);

	for (uint32_t page = 1; page <= N_PAGES; page++) {
		streams[page] = some_streams(page, &arena);
		gather(&filling, page, &streams[page], &arena);
		give_to_fts5(fts5, "", page, &streams[page]);
	}
	write_segment(ours, &filling);
	run(fts5, "INSERT INTO page_fts (page_fts) VALUES ('optimize')");
	run(ours, "COMMIT");
	run(fts5, "COMMIT");
	check_same(ours, fts5);

	/* FTS5 goes on from it. */
	for (uint32_t page = 1; page <= N_PAGES; page += 3) {
		TermStreams other = some_streams(page, &arena);

		give_to_fts5(ours, "delete", page, &streams[page]);
		give_to_fts5(fts5, "delete", page, &streams[page]);
		give_to_fts5(ours, "", page + N_PAGES, &other);
		give_to_fts5(fts5, "", page + N_PAGES, &other);
	}
	check_same(ours, fts5);
	run(ours, "INSERT INTO page_fts (page_fts) VALUES ('optimize')");
	check_same(ours, fts5);

	free(streams);
	page_terms_maker_free(filling.maker);
	term_lists_free(filling.lists);
	database_close(ours);
	database_close(fts5);
}

TEST(segment_writer__a_segment_is_what_fts5_makes_of_the_same_rows)
{
	char folder[64];

	seed = 20260101;
	assert_non_null(folder_made(folder));
	check_filled(folder, TERM_LISTS_RUN_BYTES); /* one run */
	check_filled(folder, 64 << 10);             /* many */
	remove_folder(folder);
}

TEST(segment_writer__the_file_of_runs_has_no_name)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(free_ptr) char *beside = NULL, *command = NULL;
	Filling filling = { .maker = page_terms_maker_new() };
	char folder[64];

	seed = 7;
	assert_non_null(folder_made(folder));
	beside = xasprintf("%s/lists", folder);
	filling.lists = term_lists_new(beside, 1 << 10);
	for (uint32_t page = 1; page < 9; page++) {
		TermStreams streams = some_streams(page, &arena);

		gather(&filling, page, &streams, &arena);
	}
	command = xasprintf("test -z \"$(ls -A '%s')\"", folder);
	assert_int_equal(system(command), 0);
	page_terms_maker_free(filling.maker);
	term_lists_free(filling.lists);
	remove_folder(folder);
}

TEST(segment_writer__a_table_of_no_rows_stays_sound)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	SegmentWriter *segment = NULL;
	const uint64_t n_places[N_TEXT_FIELDS] = { 0 };
	char folder[64];
	sqlite3 *db;

	assert_non_null(folder_made(folder));
	db = table_made(folder, "none.db");
	assert_true(segment_writer_new(db, "index", &segment, &err));
	assert_true(segment_writer_finish(segment, 0, n_places, &err));
	segment_writer_free(segment);
	run(db, "COMMIT");
	run(db, "INSERT INTO page_fts (page_fts) VALUES ('integrity-check')");
	assert_int_not_equal(sqlite3_exec(db, "DELETE FROM page_fts_data", NULL, NULL, NULL), SQLITE_OK); /* closed again */
	database_close(db);
	remove_folder(folder);
}

/* --- A list whose index is higher than one node ------------------------------------------------ */

#define N_LONG    6000
#define LONG_STEP 1000 /* pages are so far apart that each takes two bytes of a node */
#define N_PLACES  3900 /* of each, so that it fills a leaf */

static void write_long_list(SegmentWriter *segment)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	char *places = xmalloc(N_PLACES);

	memset(places, 3, N_PLACES);
	assert_true(segment_write_term(segment, STR("everywhere"), &err));
	for (uint32_t i = 1; i <= N_LONG; i++) /* some fill several leaves, on which no page begins */
		assert_true(segment_write_page(segment, i * LONG_STEP, (Str){ places, i % 7 ? N_PLACES : 20 }, &err));
	assert_true(segment_write_term(segment, STR("rare"), &err));
	for (uint32_t i = 13; i <= N_LONG; i += 997)
		assert_true(segment_write_page(segment, i * LONG_STEP, (Str){ places, 1 }, &err));
	assert_true(segment_write_page(segment, (N_LONG + 1) * LONG_STEP, (Str){ places, 1 }, &err));
	free(places);
}

TEST(segment_writer__fts5_looks_pages_up_in_a_list_of_thousands_of_leaves)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	const uint64_t n_places[N_TEXT_FIELDS] = { (uint64_t)N_LONG * N_PLACES };
	SegmentWriter *segment = NULL;
	char folder[64];
	sqlite3 *db;

	assert_non_null(folder_made(folder));
	db = table_made(folder, "long.db");
	assert_true(segment_writer_new(db, "index", &segment, &err));
	write_long_list(segment);
	assert_true(segment_writer_finish(segment, N_LONG + 1, n_places, &err));
	segment_writer_free(segment);
	run(db, "COMMIT");
	run(db, "INSERT INTO page_fts (page_fts) VALUES ('integrity-check')");
	assert_true(number_of(db, "SELECT count(DISTINCT (id >> 31) & 31) FROM page_fts_data WHERE id >> 36 & 1") >= 2);
	assert_int_equal(number_of(db, "SELECT count(*) FROM page_fts WHERE page_fts MATCH 'everywhere AND rare'"), 1 + (N_LONG - 13) / 997);
	assert_int_equal(number_of(db, "SELECT count(*) FROM page_fts WHERE page_fts MATCH 'everywhere AND rare' AND rowid > 3000000"),
	                 1 + (N_LONG - 13) / 997 - 3);
	assert_int_equal(number_of(db, "SELECT count(*) FROM page_fts WHERE page_fts MATCH 'rare'"), 2 + (N_LONG - 13) / 997);
	database_close(db);
	remove_folder(folder);
}

RUN_TESTS(segment_writer,
	UNIT(segment_writer__a_segment_is_what_fts5_makes_of_the_same_rows),
	UNIT(segment_writer__the_file_of_runs_has_no_name),
	UNIT(segment_writer__a_table_of_no_rows_stays_sound),
	UNIT(segment_writer__fts5_looks_pages_up_in_a_list_of_thousands_of_leaves))
