/* The index file's life: written, read, replaced, damaged. core/store/writer.c, publish.c, working_copy.c, reader.c. */
#include "harness/known_file.h"
#include "harness/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/store.h"
#include "blogsearch/store_read.h"
#include "database.h"

static char path[128], folder[96];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "%s/index-file-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/index.db", folder);
	return 0;
}

static int remove_folder(void **state)
{
	CLEANUP(free_ptr) char *command = xasprintf("rm -rf '%s'", folder);

	(void)state;
	return system(command);
}

/* --- Writing ------------------------------------------------------------------------------------- */

static void put(StoreWriter *writer, const char *file, const char *text, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(preparer_freep) Preparer *preparer = preparer_new();
	Block block = { .kind = BLOCK_PROSE, .text = arena_str_dup(arena, str_from_c(text)) };
	Document *document = arena_new(arena, Document);

	*document = (Document){ .file = str_from_c(file), .path = str_from_c(file), .lang = STR("en"), .boost = 1,
		                .published = TIME_NONE, .updated = TIME_NONE, .expires = TIME_NONE, .fingerprint = 1 };
	document->url = document->relurl = arena_printf(arena, "/%s/", file);
	document->title = arena_printf(arena, "Title of %s", file);
	document->blocks = arena_new(arena, Block);
	document->blocks[0] = block;
	document->n_blocks = 1;
	assert_true(store_put(writer, store_prepare(preparer, document, arena), known_file(writer, document->file), &err));
}

static StoreWriter *writer_opened(bool full)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	StoreWriter *writer = NULL;

	if (!store_writer_open(path, full ? STORE_ANEW : STORE_CHANGE, &writer, &err))
		fail_msg("%s", err.what);
	return writer;
}

static void publish(StoreWriter *writer)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	StoreSite site = { .base_url = STR("https://example.org/"), .default_lang = STR("en") };

	if (!store_set_site(writer, &site, 1, &err) || !store_writer_publish(writer, &err))
		fail_msg("%s", err.what);
}

/* A fresh index of pages a.md and b.md. */
static void write_two(void)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(store_writer_freep) StoreWriter *writer = writer_opened(true);

	put(writer, "a.md", "apples and walnuts", &arena);
	put(writer, "b.md", "bananas and walnuts", &arena);
	publish(writer);
}

/* --- Reading ---------------------------------------------------------------------------------------- */

static uint32_t pages_with(const char *word)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	CLEANUP(postings_deinit) Postings postings = { 0 };
	Str form = str_from_c(word);
	PhraseTerm term = { &form, 1 };

	if (!store_reader_open(path, &reader, &err) || !store_find(reader, &term, 1, false, 0, &postings, &err))
		fail_msg("%s", err.what);
	return postings.n_pages;
}

static uint64_t generation(uint32_t *ret_n_pages)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	Catalog catalog;
	uint64_t found;

	if (!store_reader_open(path, &reader, &err) || !store_load_catalog(reader, &catalog, &err))
		fail_msg("%s", err.what);
	found = catalog.generation;
	*ret_n_pages = catalog.n_pages;
	catalog_deinit(&catalog);
	return found;
}

/* As SQLite sees it; that FTS5 finds what it should is what the tests ask for. */
static void check_whole(void)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	assert_true(database_open_published(path, &db, &err));
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "ok");
	sqlite3_finalize(stmt);
	database_close(db);
}

/* --- Tests -------------------------------------------------------------------------------------------- */

TEST(store_index_file__what_is_written_is_read)
{
	uint32_t n_pages;

	write_two();
	generation(&n_pages);
	assert_int_equal(n_pages, 2);
	assert_int_equal(pages_with("walnuts"), 2);
	assert_int_equal(pages_with("apples"), 1);
	assert_int_equal(pages_with("cherries"), 0);
	check_whole();
}

TEST(store_index_file__a_replaced_pages_old_words_find_nothing)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	StoreWriter *writer;

	write_two();
	for (unsigned round = 0; round < 20; round++) {
		writer = writer_opened(false);
		put(writer, "a.md", round % 2 ? "apples again" : "cherries and walnuts", &arena);
		publish(writer);
		store_writer_free(writer);
		assert_int_equal(pages_with("apples"), round % 2);
		assert_int_equal(pages_with("cherries"), !(round % 2));
		assert_int_equal(pages_with("walnuts"), 1 + !(round % 2));
	}
	check_whole();
}

TEST(store_index_file__a_removed_page_is_found_by_nothing_and_its_number_is_used_again)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	StoreWriter *writer;
	uint32_t n_pages;

	write_two();
	writer = writer_opened(false);
	assert_true(store_remove(writer, known_file(writer, STR("b.md")), NULL));
	publish(writer);
	store_writer_free(writer);
	assert_int_equal(pages_with("bananas"), 0);
	assert_int_equal(pages_with("walnuts"), 1);
	writer = writer_opened(false);
	put(writer, "c.md", "cherries", &arena);
	publish(writer);
	store_writer_free(writer);
	assert_int_equal(pages_with("cherries"), 1);
	assert_int_equal(pages_with("bananas"), 0);
	generation(&n_pages);
	assert_int_equal(n_pages, 2);
	check_whole();
}

TEST(store_index_file__the_generation_grows_with_every_publishing_even_when_the_clock_stands)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	uint64_t before, after;
	uint32_t n_pages;

	setenv("BLOGSEARCH_NOW", "1000000000", 1);
	write_two();
	before = generation(&n_pages);
	for (unsigned round = 0; round < 3; round++) {
		StoreWriter *writer = writer_opened(false);

		/* It goes back as well. */
		setenv("BLOGSEARCH_NOW", "900000000", 1);
		put(writer, "a.md", round % 2 ? "apples" : "pears", &arena);
		publish(writer);
		store_writer_free(writer);
		after = generation(&n_pages);
		assert_true(after > before);
		before = after;
	}
	unsetenv("BLOGSEARCH_NOW");
}

TEST(store_index_file__publishing_replaces_the_file_and_writes_nothing_into_the_old_one)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(free_ptr) char *before = NULL, *after = NULL;
	CLEANUP(close_fd) int old = -1;
	StoreWriter *writer;
	struct stat info, now;

	write_two();
	old = open(path, O_RDONLY);
	assert_int_equal(fstat(old, &info), 0);
	before = xmalloc((size_t)info.st_size);
	after = xmalloc((size_t)info.st_size);
	assert_int_equal(pread(old, before, (size_t)info.st_size, 0), info.st_size);
	writer = writer_opened(false);
	put(writer, "a.md", "pears", &arena);
	publish(writer);
	store_writer_free(writer);
	assert_int_equal(pread(old, after, (size_t)info.st_size, 0), info.st_size);
	assert_memory_equal(before, after, (size_t)info.st_size);
	assert_int_equal(stat(path, &now), 0);
	assert_true(now.st_ino != info.st_ino);
}

TEST(store_index_file__without_publishing_nothing_is_left_behind)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(free_ptr) char *command = xasprintf("test -z \"$(find '%s' -name '*.tmp-*')\"", folder);
	StoreWriter *writer;

	write_two();
	writer = writer_opened(false);
	put(writer, "a.md", "pears", &arena);
	store_writer_free(writer);
	assert_int_equal(pages_with("pears"), 0);
	assert_int_equal(pages_with("apples"), 1);
	assert_int_equal(system(command), 0);
}

TEST(store_index_file__a_second_writer_finds_it_locked)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(store_writer_freep) StoreWriter *first = NULL;
	StoreWriter *second = NULL;

	write_two();
	first = writer_opened(false);
	assert_false(store_writer_open(path, STORE_GO_ON, &second, &err));
	assert_int_equal(err.code, ERROR_BUSY);
	assert_null(second);
}

static StoreOpening opening_of(Error *err)
{
	StoreInventory inventory = { 0 };
	StoreOpening opening;

	if (!store_look(path, &inventory, err))
		return STORE_CREATED;
	opening = inventory.opening;
	assert_true((opening == STORE_REBUILT) == (inventory.why != NULL));
	store_inventory_deinit(&inventory);
	return opening;
}

static void poke(off_t at, const void *bytes, size_t n)
{
	CLEANUP(close_fd) int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, bytes, n, at), (ssize_t)n);
}

TEST(store_index_file__damage_and_other_versions_are_refused_by_readers_and_to_be_rebuilt)
{
	CLEANUP(error_deinit) Error none = ERROR_INIT;
	CLEANUP(error_deinit) Error cut = ERROR_INIT;
	CLEANUP(error_deinit) Error other = ERROR_INIT;
	StoreReader *reader = NULL;
	struct stat info;

	write_two();
	assert_int_equal(opening_of(&none), STORE_UPDATED);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(truncate(path, info.st_size - 4096), 0);
	assert_int_equal(opening_of(&none), STORE_REBUILT);
	assert_false(store_reader_open(path, &reader, &cut));
	assert_int_equal(cut.code, ERROR_INDEX);
	write_two();
	poke(60, "\0\0\0\x63", 4);
	assert_int_equal(opening_of(&none), STORE_REBUILT);
	assert_false(store_reader_open(path, &reader, &other));
	assert_int_equal(other.code, ERROR_INDEX);
	assert_int_equal(none.code, ERROR_NONE);
}

TEST(store_index_file__what_is_none_of_ours_is_refused_and_left_alone)
{
	CLEANUP(error_deinit) Error looking = ERROR_INIT;
	CLEANUP(error_deinit) Error writing = ERROR_INIT;
	StoreWriter *writer = NULL;
	struct stat before, after;

	write_two();
	poke(68, "\0\0\0\0", 4);
	assert_int_equal(stat(path, &before), 0);
	opening_of(&looking);
	assert_int_equal(looking.code, ERROR_INDEX);
	assert_false(store_writer_open(path, STORE_ANEW, &writer, &writing));
	assert_int_equal(writing.code, ERROR_INDEX);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(store_index_file__what_is_written_is_read),
		UNIT(store_index_file__a_replaced_pages_old_words_find_nothing),
		UNIT(store_index_file__a_removed_page_is_found_by_nothing_and_its_number_is_used_again),
		UNIT(store_index_file__the_generation_grows_with_every_publishing_even_when_the_clock_stands),
		UNIT(store_index_file__publishing_replaces_the_file_and_writes_nothing_into_the_old_one),
		UNIT(store_index_file__without_publishing_nothing_is_left_behind),
		UNIT(store_index_file__a_second_writer_finds_it_locked),
		UNIT(store_index_file__damage_and_other_versions_are_refused_by_readers_and_to_be_rebuilt),
		UNIT(store_index_file__what_is_none_of_ours_is_refused_and_left_alone),
	};

	return cmocka_run_group_tests_name("store_index_file", tests, make_folder, remove_folder);
}
