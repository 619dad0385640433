/* Words read from FTS5's segments are what FTS5 itself finds: core/store/segments.c, find.c. */
#include "harness/unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/store.h"
#include "database.h"
#include "find.h"

#define N_FILES  300
#define N_WORDS  400
#define N_ROUNDS 9

static uint64_t seed;

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

/* Few words are everywhere, most are rare; many begin alike. */
static uint32_t draw_word(void)
{
	return draw(1 + draw(1 + draw(N_WORDS)));
}

static Str some_text(size_t n_words, Arena *arena)
{
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < n_words; i++) {
		uint32_t word = draw_word();

		buf_printf(&text, "%c%c%uing ", 'a' + (int)(word % 3), 'a' + (int)(word / 3 % 7), word);
	}
	return arena_str_dup(arena, buf_str(&text));
}

/* A page now and then has so many words that the places of one word fill several leaves. */
static Document *some_document(uint32_t file, Arena *arena)
{
	Document *document = arena_new(arena, Document);

	document->blocks = arena_new_n(arena, Block, 2);
	document->blocks[0] = (Block){ .kind = BLOCK_PROSE, .text = some_text(draw(40) ? draw(60) : 9000, arena) };
	document->blocks[1] = (Block){ .kind = BLOCK_CODE, .text = some_text(draw(20), arena) };
	document->n_blocks = 2;
	document->file = document->path = arena_printf(arena, "%03u.md", file);
	document->url = document->relurl = arena_printf(arena, "/%03u/", file);
	document->title = some_text(1 + draw(5), arena);
	document->lang = STR("en");
	document->published = document->updated = document->expires = TIME_NONE;
	document->boost = 1;
	document->fingerprint = 1 + draw(1u << 30);
	return document;
}

static const StoreFile *known_file(const StoreWriter *writer, Str file)
{
	const StoreInventory *inventory = store_writer_inventory(writer);

	for (size_t i = 0; i < inventory->n_files; i++)
		if (str_equal(inventory->files[i].file, file))
			return &inventory->files[i];
	return NULL;
}

static void change_file(StoreWriter *writer, Preparer *preparer, uint32_t file, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Document *document = some_document(file, arena);
	const StoreFile *known = known_file(writer, document->file);

	if (known && !draw(4))
		assert_true(store_remove(writer, known, &err));
	else
		assert_true(store_put(writer, store_prepare(preparer, document, arena), known, &err));
}

/* The first round writes all files, the others a few: segments of several ages, with what they take back. */
static void write_index(const char *path)
{
	CLEANUP(preparer_freep) Preparer *preparer = preparer_new();

	for (int round = 0; round < N_ROUNDS; round++) {
		CLEANUP(error_deinit) Error err = ERROR_INIT;
		CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
		CLEANUP(store_writer_freep) StoreWriter *writer = NULL;
		StoreSite site = { .base_url = STR("https://example.org/"), .default_lang = STR("en") };

		assert_true(store_writer_open(path, false, &writer, &err));
		for (uint32_t file = 0; file < N_FILES; file++)
			if (!round || !draw(round % 2 ? 8 : 80))
				change_file(writer, preparer, file, &arena);
		assert_true(store_set_site(writer, &site, 1, &err));
		assert_true(store_writer_publish(writer, &err));
	}
}

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
	for (uint32_t i = 0; i < ours.n_pages; i++)
		if (ours.pages[i] != fts5.pages[i] || !are_same_places(&ours, &fts5, i))
			fail_msg("%.*s: page %u differs from FTS5's %u", STR_ARG(forms[0]), ours.pages[i], fts5.pages[i]);
	return ours.n_pages;
}

static char *folder_made(char folder[64])
{
	snprintf(folder, 64, "%s/segments-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	return mkdtemp(folder);
}

static void remove_folder(const char *folder)
{
	CLEANUP(free_ptr) char *command = xasprintf("rm -rf '%s'", folder);

	assert_int_equal(system(command), 0);
}

TEST(store_segments__every_word_and_beginning_is_found_as_fts5_finds_it)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(free_ptr) char *path = NULL;
	char folder[64];
	uint32_t n_found = 0;
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
		Str exact = arena_printf(&arena, "%c%c%uing", 'a' + (int)(word % 3), 'a' + (int)(word / 3 % 7), word);
		Str both[] = { exact, store_stem_term(str_slice(exact, 0, exact.len - 3), &arena) };

		n_found += check_same(finder, &exact, 1, false) > 0;
		check_same(finder, &both[1], 1, false);
		check_same(finder, both, 2, false);
		for (size_t n = 1; n <= exact.len; n++) {
			Str beginning = str_slice(exact, 0, n);

			check_same(finder, &beginning, 1, true);
		}
	}
	assert_true(n_found > N_WORDS / 2);
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
		Str exact = arena_printf(arena, "%c%c%uing", 'a' + (int)(word % 3), 'a' + (int)(word / 3 % 7), word);

		for (int way = 0; way < 2; way++) {
			CLEANUP(error_deinit) Error err = ERROR_INIT;
			CLEANUP(postings_deinit) Postings postings = { 0 };
			Str form = str_slice(exact, 0, way ? 2 : exact.len);
			PhraseTerm term = { &form, 1 };
			uint32_t counts[N_TEXT_FIELDS], last = 0;

			if (!finder_run(finder, &term, 1, way, 0, &postings, &err)) {
				assert_int_equal(err.code, ERROR_INDEX);
				continue;
			}
			for (uint32_t i = 0; i < postings.n_pages; i++) {
				assert_true(postings.pages[i] > last);
				last = postings.pages[i];
				postings_count(&postings, i, counts);
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
