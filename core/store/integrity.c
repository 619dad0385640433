/*
 * Whether an index file is whole, and whether its parts say the same: the tables by SQLite, the
 * postings by FTS5, then each part against the texts that all of it is made from. The first two
 * need a connection that could write: they get a copy, without a name, where temporary files go.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"
#include "blogsearch/map.h"
#include "blogsearch/store_check.h"
#include "blogsearch/vocabulary.h"
#include "database.h"
#include "fts5_tokenizer.h"
#include "reader.h"
#include "term_stream.h"
#include "working_copy.h"

#define FINDINGS_AT_MOST 100 /* that are told; a damaged file may have one a page */

typedef struct Checker {
	StoreReader *reader;
	sqlite3 *db; /* of the copy */
	Catalog catalog;
	Analyzer *analyzer;
	Map words;        /* word → pages, by the texts */
	uint64_t postings; /* sum of the hashes of all, by the texts: their order does not matter */
	OnFinding on_finding;
	void *context;
	size_t n_findings;
} Checker;

static void finding(Checker *checker, const char *format, ...) PRINTF_LIKE(2, 3);

static void finding(Checker *checker, const char *format, ...)
{
	CLEANUP(buf_deinit) Buf what = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		abort(); /* out of memory */
	va_end(arguments);
	buf_append_escaped(&what, str_from_c(text));
	free(text);
	if (checker->n_findings++ < FINDINGS_AT_MOST)
		checker->on_finding(checker->context, arena_to_c(&arena, buf_str(&what)));
}

/* --- What SQLite and FTS5 find ------------------------------------------------------------- */

static bool open_copy(const char *path, sqlite3 **ret_db, Error *err)
{
	const char *folder = getenv("TMPDIR");
	CLEANUP(free_ptr) char *copy = xasprintf("%s/blogsearch-check-%ld", folder && *folder ? folder : "/tmp", (long)getpid());
	bool is_open = working_copy_make(copy, path, err) && database_open_working(copy, ret_db, err);

	unlink(copy);
	return is_open;
}

static bool check_tables(Checker *checker, Error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = SQLITE_ERROR;

	if (sqlite3_prepare_v2(checker->db, "PRAGMA integrity_check", -1, &stmt, NULL) == SQLITE_OK)
		while ((status = sqlite3_step(stmt)) == SQLITE_ROW)
			if (!str_equal(column_str(stmt, 0), STR("ok")))
				finding(checker, "tables: %.*s", STR_ARG(column_str(stmt, 0)));
	sqlite3_finalize(stmt);
	return status == SQLITE_DONE || database_error(err, checker->db, reader_path(checker->reader));
}

static void check_segments(Checker *checker)
{
	static const char sql[] = "INSERT INTO page_fts (page_fts) VALUES ('integrity-check')";

	if (sqlite3_exec(checker->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		finding(checker, "postings: %s", sqlite3_errmsg(checker->db));
}

/* --- The postings against the texts ------------------------------------------------------------ */

/* Of one term at one place of a page. */
static uint64_t hash_posting(Str term, uint32_t page, TextField field, uint64_t place)
{
	return hash_number(hash_bytes(term), (uint64_t)page << 35 ^ (uint64_t)field << 32 ^ place);
}

typedef struct Counting {
	Checker *checker;
	uint32_t page;
	TextField field;
	int64_t place;
} Counting;

/* As the tokenizer gives them to FTS5. */
static int count_term(void *context, int flags, const char *term, int n_bytes, int start, int end)
{
	Counting *counting = context;

	(void)start;
	(void)end;
	if (!(flags & FTS5_TOKEN_COLOCATED))
		counting->place++;
	counting->checker->postings += hash_posting((Str){ term, (size_t)n_bytes }, counting->page, counting->field,
	                                            (uint64_t)(counting->place > 0 ? counting->place : 0));
	return SQLITE_OK;
}

static void count_streams(Checker *checker, uint32_t page, const TermStreams *streams)
{
	CLEANUP(map_deinit) Map words = MAP_INIT;

	for (TextField field = 0; field < N_TEXT_FIELDS; field++) {
		Counting counting = { checker, page, field, -1 };

		(void)term_stream_split(streams->columns[field], count_term, &counting);
		if (streams->lengths[field] != checker->catalog.lengths[field][page])
			finding(checker, "page %u: the catalog has another length of field %d", page, (int)field);
	}
	term_streams_words(streams, &words);
	for (size_t i = 0; i < words.n; i++)
		map_put(&checker->words, words.entries[i].key, NULL)->value++;
}

static bool check_text(Checker *checker, uint32_t page, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	StoreText *text;
	TermStreams streams;

	if (!store_text(checker->reader, page, &arena, &text, &why)) {
		if (why.code != ERROR_INDEX) {
			error_move(err, &why);
			return false;
		}
		finding(checker, "page %u: %s", page, why.what);
		return true;
	}
	make_term_streams(checker->analyzer, text, &arena, &streams);
	count_streams(checker, page, &streams);
	return true;
}

static bool check_texts(Checker *checker, Error *err)
{
	for (uint32_t page = 1; page < checker->catalog.n_slots; page++)
		if ((checker->catalog.flags[page] & CATALOG_PRESENT) && !check_text(checker, page, err))
			return false;
	return true;
}

static TextField field_of_column(Str name)
{
	static const char *const names[] = {
		[FIELD_PROSE] = "prose", [FIELD_TITLE] = "title", [FIELD_HEADINGS] = "headings",
		[FIELD_CODE] = "code", [FIELD_CAPTIONS] = "captions", [FIELD_TERMS] = "terms",
	};

	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		if (str_equal(name, str_from_c(names[field])))
			return field;
	return N_TEXT_FIELDS;
}

static bool check_postings(Checker *checker, Error *err)
{
	static const char sql[] = "SELECT term, doc, col, offset FROM temp.posting";
	sqlite3_stmt *stmt = NULL;
	uint64_t sum = 0;
	int status = SQLITE_ERROR;

	if (!database_exec(checker->db, reader_path(checker->reader),
	                   "CREATE VIRTUAL TABLE temp.posting USING fts5vocab ('main', 'page_fts', 'instance')", err))
		return false;
	if (sqlite3_prepare_v2(checker->db, sql, -1, &stmt, NULL) == SQLITE_OK)
		while ((status = sqlite3_step(stmt)) == SQLITE_ROW)
			sum += hash_posting(column_str(stmt, 0), (uint32_t)sqlite3_column_int64(stmt, 1),
			                    field_of_column(column_str(stmt, 2)), (uint64_t)sqlite3_column_int64(stmt, 3));
	sqlite3_finalize(stmt);
	if (status != SQLITE_DONE)
		finding(checker, "postings: %s", sqlite3_errmsg(checker->db));
	else if (sum != checker->postings)
		finding(checker, "postings: they are not those of the texts");
	return true;
}

/* --- The vocabulary ------------------------------------------------------------------------------ */

static bool check_vocabulary(Checker *checker, Error *err)
{
	VocabularyCursor cursor;
	Str vocabulary;
	size_t n = 0;

	if (!store_load_vocabulary(checker->reader, &vocabulary, err))
		return false;
	vocabulary_begin(&cursor, vocabulary);
	for (; vocabulary_next(&cursor); n++) {
		const MapEntry *counted = map_get(&checker->words, vocabulary_word(&cursor));

		if (!counted || counted->value != cursor.n_pages)
			finding(checker, "vocabulary: %.*s is on %u pages, not on %u", STR_ARG(vocabulary_word(&cursor)),
			        counted ? (unsigned)counted->value : 0, (unsigned)cursor.n_pages);
	}
	if (cursor.is_damaged || n != checker->words.n)
		finding(checker, "vocabulary: it has %zu words of %zu", n, checker->words.n);
	free((char *)vocabulary.data);
	return true;
}

/* --- Rows against the catalog ---------------------------------------------------------------------- */

/* Every statement gives rows where something is wrong: a word about it and a number or name. */
static const char *const rules[] = {
	"SELECT 'source without its page: ' || file FROM source WHERE page_id > 0 AND NOT EXISTS"
	" (SELECT 1 FROM page WHERE id = page_id AND page.file = source.file)",
	"SELECT 'page without its source: ' || file FROM page WHERE NOT EXISTS"
	" (SELECT 1 FROM source WHERE page_id = id AND source.file = page.file)",
	"SELECT 'text without its page: ' || (id / 64) FROM page_text WHERE NOT EXISTS (SELECT 1 FROM page WHERE page.id = page_text.id / 64)",
	"SELECT 'term without a name: ' || slug FROM term WHERE NOT EXISTS (SELECT 1 FROM term_lang WHERE term_id = id)",
	"SELECT 'name without its term: ' || name FROM term_lang WHERE NOT EXISTS (SELECT 1 FROM term WHERE id = term_id)",
	"SELECT 'term without its facet: ' || slug FROM term WHERE NOT EXISTS (SELECT 1 FROM facet WHERE facet.id = facet_id)",
};

static bool check_rules(Checker *checker, Error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		sqlite3_stmt *stmt = NULL;
		int status = SQLITE_ERROR;

		if (sqlite3_prepare_v2(checker->db, rules[i], -1, &stmt, NULL) == SQLITE_OK)
			while ((status = sqlite3_step(stmt)) == SQLITE_ROW)
				finding(checker, "%.*s", STR_ARG(column_str(stmt, 0)));
		sqlite3_finalize(stmt);
		if (status != SQLITE_DONE)
			return database_error(err, checker->db, reader_path(checker->reader));
	}
	return true;
}

static void check_row(Checker *checker, sqlite3_stmt *stmt)
{
	const Catalog *catalog = &checker->catalog;
	uint32_t page = (uint32_t)sqlite3_column_int64(stmt, 0);

	if (page >= catalog->n_slots || !(catalog->flags[page] & CATALOG_PRESENT)) {
		finding(checker, "page %u: the catalog lacks it", page);
		return;
	}
	if (column_time(stmt, 1) != catalog->published[page] || column_time(stmt, 2) != catalog->updated[page] ||
	    !str_equal(column_str(stmt, 3), catalog->langs[catalog->lang[page]]) ||
	    !str_equal(column_str(stmt, 4), catalog->sections[catalog->section[page]]) ||
	    catalog_url_hash(column_str(stmt, 5)) != catalog->url_hash[page])
		finding(checker, "page %u: row and catalog disagree", page);
}

static bool check_rows(Checker *checker, Error *err)
{
	static const char sql[] = "SELECT id, published, updated, lang, section, relurl FROM page";
	sqlite3_stmt *stmt = NULL;
	uint32_t n = 0;
	int status = SQLITE_ERROR;

	if (sqlite3_prepare_v2(checker->db, sql, -1, &stmt, NULL) == SQLITE_OK)
		for (; (status = sqlite3_step(stmt)) == SQLITE_ROW; n++)
			check_row(checker, stmt);
	sqlite3_finalize(stmt);
	if (status != SQLITE_DONE)
		return database_error(err, checker->db, reader_path(checker->reader));
	if (n != checker->catalog.n_pages)
		finding(checker, "the catalog has %u pages, the table %u", checker->catalog.n_pages, n);
	return true;
}

/* --- All of it ---------------------------------------------------------------------------------------- */

static void checker_deinit(Checker *checker)
{
	database_close(checker->db);
	catalog_deinit(&checker->catalog);
	store_reader_free(checker->reader);
	analyzer_free(checker->analyzer);
	map_deinit(&checker->words);
}

bool store_check_integrity(const char *path, OnFinding on_finding, void *context, size_t *ret_n_findings, Error *err)
{
	CLEANUP(checker_deinit) Checker checker = { .on_finding = on_finding, .context = context };

	checker.analyzer = analyzer_new();
	if (!store_reader_open(path, &checker.reader, err) || !open_copy(path, &checker.db, err) ||
	    !check_tables(&checker, err))
		return false;
	if (!checker.n_findings) { /* nothing more is to be learnt from tables that are damaged */
		check_segments(&checker);
		if (!store_load_catalog(checker.reader, &checker.catalog, err) || !check_rows(&checker, err) ||
		    !check_rules(&checker, err) || !check_texts(&checker, err) || !check_postings(&checker, err) ||
		    !check_vocabulary(&checker, err))
			return false;
	}
	*ret_n_findings = checker.n_findings;
	return true;
}
