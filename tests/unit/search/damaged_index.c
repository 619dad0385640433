/*
 * A damaged index is an error or a wrong answer, never a read outside of a text: records of page_text
 * have no hash, and the places that the postings have need not lie in them. Most telling under ASan.
 */
#include "harness/unit.h"
#include "harness/random_index.h"

#include <zstd.h>

#include "blogsearch/search.h"
#include "database.h"
#include "page_text.h"

#define N_ROUNDS_OF_DAMAGE 40
#define N_QUERIES          12

static void execute(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* --- Damage: texts ------------------------------------------------------------------------------- */

static Str record_of(sqlite3 *db, uint32_t page, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	sqlite3_stmt *stmt;
	Str record;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT piece FROM page_text WHERE id BETWEEN ?1 AND ?2 ORDER BY id", -1,
	                                    &stmt, NULL), SQLITE_OK);
	assert_true(page_text_read(stmt, "", page, arena, &record, &err));
	sqlite3_finalize(stmt);
	return record;
}

static void put_record(sqlite3 *db, uint32_t page, Str record)
{
	CLEANUP(free_ptr) char *sql = xasprintf("DELETE FROM page_text WHERE id BETWEEN %lld AND %lld",
	                                        (long long)PIECE_ID(page, 0), (long long)PIECE_ID(page, MOST_PIECES - 1));
	sqlite3_stmt *stmt;

	execute(db, sql);
	assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO page_text VALUES (?1, ?2)", -1, &stmt, NULL), SQLITE_OK);
	sqlite3_bind_int64(stmt, 1, PIECE_ID(page, 0));
	sqlite3_bind_blob64(stmt, 2, record.data, record.len, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	sqlite3_finalize(stmt);
}

/* Its lengths, kinds and texts; or the numbers of places at its end, by so little that it may stay sound. */
static void damage_bytes(char *raw, size_t n)
{
	bool is_place = draw(8);

	for (uint32_t i = 0, n_changes = 1 + draw(3); i < n_changes && n; i++) {
		char *byte = &raw[n - 1 - (is_place ? draw(5) : draw((uint32_t)n)) % n];

		*byte = (char)(is_place ? (*byte + (char)draw(60)) & 0x7f : (int)draw(256));
	}
}

/* What is damaged is packed well again: the frame's own checks are not what is tested. */
static void damage_text(sqlite3 *db, uint32_t page)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	Str record = record_of(db, page, &arena);
	uint64_t n_raw;
	size_t bound;
	char *raw;

	if (!record.len)
		return; /* a page that was removed */
	assert_true(varint_next(&record, &n_raw));
	raw = arena_alloc(&arena, n_raw);
	assert_int_equal(ZSTD_decompress(raw, n_raw, record.data, record.len), n_raw);
	damage_bytes(raw, n_raw);
	buf_append_varint(&out, n_raw);
	bound = ZSTD_compressBound(n_raw);
	out.len += ZSTD_compress(buf_reserve(&out, bound), bound, raw, n_raw, 1);
	put_record(db, page, buf_str(&out));
}

/* Pages get each other's texts: sound ones, with other places. */
static void exchange_texts(sqlite3 *db, uint32_t a, uint32_t b)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str x = record_of(db, a, &arena), y = record_of(db, b, &arena);

	if (!x.len || !y.len)
		return;
	put_record(db, a, y);
	put_record(db, b, x);
}

static void damage(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	execute(db, "BEGIN");
	for (uint32_t page = 1; page <= N_FILES; page++) {
		if (draw(2))
			exchange_texts(db, page, 1 + draw(N_FILES));
		if (!draw(3))
			damage_text(db, page);
	}
	execute(db, "COMMIT");
	sqlite3_close(db);
}

/* --- Asking -------------------------------------------------------------------------------------- */

static void check_html(Str html)
{
	size_t depth = 0;

	for (size_t at = 0; at < html.len; at++) {
		if (html.data[at] != '<')
			continue;
		assert_true(str_starts_with(str_from(html, at), depth ? STR("</mark>") : STR("<mark>")));
		depth = !depth;
	}
	assert_int_equal(depth, 0);
}

static void check_answer(const Result *result)
{
	for (size_t i = 0; i < result->n_hits; i++) {
		const ResultHit *hit = &result->hits[i];

		check_html(hit->title_html);
		check_html(hit->snippet_html);
		for (size_t j = 0; j < hit->n_sections; j++)
			check_html(hit->sections[j].snippet_html);
	}
}

/* True where it was answered. */
static bool ask(Engine *engine, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Query *query = query_new(arena);
	Str q = arena_printf(arena, "%.*s %.*s", STR_ARG(word_of(draw_word(), arena)),
	                     STR_ARG(str_slice(word_of(draw_word(), arena), 0, 1 + draw(6))));
	Result *result;

	assert_true(query_set(query, STR("q"), q, engine_facets(engine), arena, &err));
	assert_true(query_set(query, STR("per_page"), STR("3"), engine_facets(engine), arena, &err));
	assert_true(query_set(query, STR("match"), STR("any"), engine_facets(engine), arena, &err));
	assert_true(query_finish(query, engine_facets(engine), arena, &err));
	if (!search_run(engine, query, arena, &result, &err)) {
		assert_int_equal(err.code, ERROR_INDEX);
		return false;
	}
	check_answer(result);
	return true;
}

TEST(search_damaged_index__texts_and_places_that_disagree_do_no_harm)
{
	CLEANUP(free_ptr) char *path = NULL;
	CLEANUP(free_ptr) char *sound = NULL;
	CLEANUP(free_ptr) char *copy = NULL;
	char folder[64];
	uint32_t n_answered = 0;

	seed = 20240229;
	assert_non_null(folder_made(folder));
	path = xasprintf("%s/index.db", folder);
	sound = xasprintf("%s/sound.db", folder);
	copy = xasprintf("cp '%s' '%s'", sound, path);
	write_index(sound);
	for (int round = 0; round < N_ROUNDS_OF_DAMAGE; round++) {
		CLEANUP(error_deinit) Error err = ERROR_INIT;
		CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
		CLEANUP(engine_unrefp) Engine *engine = NULL;

		assert_int_equal(system(copy), 0);
		damage(path);
		assert_true(engine_open(path, NULL, &engine, &err));
		for (int i = 0; i < N_QUERIES; i++)
			n_answered += ask(engine, &arena);
	}
	/* Both ways out are taken. */
	assert_in_range(n_answered, N_ROUNDS_OF_DAMAGE * N_QUERIES / 5, N_ROUNDS_OF_DAMAGE * N_QUERIES * 4 / 5);
	remove_folder(folder);
}

RUN_TESTS(search_damaged_index, UNIT(search_damaged_index__texts_and_places_that_disagree_do_no_harm))
