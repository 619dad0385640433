/* Words read from FTS5's segments are what FTS5 itself finds: core/store/segments.c, find.c. */
#include "harness/unit.h"
#include "harness/random_index.h"

#include "database.h"
#include "find.h"

/* The next place that is another one than *last. */
static bool next_other(PlaceCursor *cursor, Place *last)
{
	Place place = *last;

	while (place_next(cursor, &place))
		if (place != *last) {
			*last = place;
			return true;
		}
	return false;
}

static bool are_same_places(const Postings *a, const Postings *b, uint32_t i)
{
	PlaceCursor x = postings_places(a, i), y = postings_places(b, i);
	Place in_a = UINT32_MAX, in_b = UINT32_MAX;

	for (;;) {
		bool a_has = next_other(&x, &in_a), b_has = next_other(&y, &in_b);

		if (a_has != b_has || in_a != in_b)
			return false;
		if (!a_has)
			return true;
	}
}

/* How many pages have it; fails where the two ways differ. */
static uint32_t check_same(Finder *finder, const Str *forms, size_t n_forms, bool is_prefix)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(postings_deinit) Postings ours = { 0 };
	CLEANUP(postings_deinit) Postings fts5 = { 0 };
	PhraseTerm term = { forms, n_forms };

	assert_true(finder_run(finder, &term, 1, is_prefix, 0, &ours, &err));
	assert_true(finder_ask_fts5(finder, &term, 1, is_prefix, 0, &fts5, &err));
	if (ours.n_pages != fts5.n_pages)
		fail_msg("%.*s: %u pages, FTS5 finds %u", STR_ARG(forms[0]), ours.n_pages, fts5.n_pages);
	for (PostingWalk x = postings_walk(&ours), y = postings_walk(&fts5); posting_next(&x) && posting_next(&y);)
		if (x.page != y.page || !are_same_places(&ours, &fts5, x.n - 1))
			fail_msg("%.*s: page %u differs from FTS5's %u", STR_ARG(forms[0]), x.page, y.page);
	return ours.n_pages;
}

/* Where it is the stem of no other word, it is found as the word itself is. Whether it is. */
static bool check_stem(Finder *finder, Str stem, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(postings_deinit) Postings of_stem = { 0 };
	CLEANUP(postings_deinit) Postings of_word = { 0 };
	Str term = store_stem_term(stem, arena);
	bool has;

	check_same(finder, &term, 1, false);
	assert_true(finder_has(finder, term, &has, &err));
	if (has)
		return true;
	assert_true(finder_run(finder, &(PhraseTerm){ &term, 1 }, 1, false, 0, &of_stem, &err));
	assert_true(finder_run(finder, &(PhraseTerm){ &stem, 1 }, 1, false, 0, &of_word, &err));
	assert_int_equal(of_stem.n_pages, of_word.n_pages);
	assert_int_equal(of_stem.n_bytes, of_word.n_bytes);
	assert_memory_equal(of_stem.bytes, of_word.bytes, of_word.n_bytes);
	return false;
}

TEST(store_segments__every_word_and_beginning_is_found_as_fts5_finds_it)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(free_ptr) char *path = NULL;
	char folder[64];
	uint32_t n_found = 0, n_stems = 0;
	Finder *finder;
	sqlite3 *db;

	seed = 20110603;
	assert_non_null(folder_made(folder));
	path = xasprintf("%s/index.db", folder);
	write_index(path);
	assert_true(database_open_published(path, &db, &err));
	assert_true(finder_new(db, path, &finder, &err));
	assert_true(finder_reads_segments(finder));
	for (uint32_t word = 0; word < N_WORDS + 5; word++) {
		Str exact = word_of(word, &arena);
		Str both[] = { exact, store_stem_term(str_slice(exact, 0, exact.len - 3), &arena) };

		n_found += check_same(finder, &exact, 1, false) > 0;
		n_stems += check_stem(finder, str_from(both[1], 1), &arena);
		assert_false(check_stem(finder, exact, &arena));
		check_same(finder, both, 2, false);
		for (size_t n = 1; n <= exact.len; n++) {
			Str beginning = str_slice(exact, 0, n);

			check_same(finder, &beginning, 1, true);
		}
	}
	assert_true(n_found > N_WORDS / 2);
	assert_true(n_stems > N_WORDS / 4);
	finder_free(finder);
	database_close(db);
	remove_folder(folder);
}

/* Bytes of the lists overwritten at random: an error or a wrong answer, never more. */
static void damage_lists(const char *path)
{
	sqlite3 *db;
	CLEANUP(free_ptr) char *sql = xasprintf(
		"UPDATE page_fts_data SET block = CAST(substr(block, 1, %u) || randomblob(%u) || substr(block, %u) AS BLOB)"
		" WHERE id > 10 AND id %% 3 = %u", draw(200), 1 + draw(4), 205 + draw(9), draw(3));

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void find_all(Finder *finder, Arena *arena)
{
	for (uint32_t word = 0; word < N_WORDS; word += 7) {
		Str exact = word_of(word, arena);

		for (int way = 0; way < 2; way++) {
			CLEANUP(error_deinit) Error err = ERROR_INIT;
			CLEANUP(postings_deinit) Postings postings = { 0 };
			Str form = str_slice(exact, 0, way ? 2 : exact.len);
			PhraseTerm term = { &form, 1 };
			PostingWalk walk;
			uint32_t counts[N_TEXT_FIELDS], last = 0;

			if (!finder_run(finder, &term, 1, way, 0, &postings, &err)) {
				assert_int_equal(err.code, ERROR_INDEX);
				continue;
			}
			for (walk = postings_walk(&postings); posting_next(&walk);) {
				assert_true(walk.page > last);
				last = walk.page;
				postings_count(&postings, walk.n - 1, counts);
			}
		}
	}
}

TEST(store_segments__damaged_lists_are_an_error_and_no_harm)
{
	char folder[64];

	seed = 424242;
	assert_non_null(folder_made(folder));
	for (int i = 0; i < 12; i++) {
		CLEANUP(error_deinit) Error err = ERROR_INIT;
		CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
		CLEANUP(free_ptr) char *path = xasprintf("%s/index-%d.db", folder, i / 4);
		Finder *finder;
		sqlite3 *db;

		if (i % 4 == 0)
			write_index(path);
		damage_lists(path);
		assert_true(database_open_published(path, &db, &err));
		if (finder_new(db, path, &finder, &err)) {
			find_all(finder, &arena);
			finder_free(finder);
		}
		database_close(db);
	}
	remove_folder(folder);
}

RUN_TESTS(store_segments,
	UNIT(store_segments__every_word_and_beginning_is_found_as_fts5_finds_it),
	UNIT(store_segments__damaged_lists_are_an_error_and_no_harm))
