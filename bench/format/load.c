/*
 * What opening an index costs, as parts that are laid out ready to load and as rows that would
 * have to be read: `bench-format-load INDEX`. Best of several runs, the file warm in memory.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "blogsearch/store_read.h"
#include "catalog_format.h"
#include "fts5_tokenizer.h"
#include "measure.h"
#include "reader.h"

#define RUNS 5

typedef struct Opened {
	StoreReader *reader;
	sqlite3 *db; /* a connection of its own, with FTS5's view of its words */
	uint64_t n;  /* rows or bytes that the last measurement met */
} Opened;

/* --- Ready parts --------------------------------------------------------------------------- */

static void load_catalog(Opened *opened)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Catalog catalog;

	if (!store_load_catalog(opened->reader, &catalog, &err))
		die(&err);
	opened->n = catalog.n_pages;
	catalog_deinit(&catalog);
}

static void load_vocabulary(Opened *opened)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(free_ptr) char *bytes = NULL;
	size_t n;

	if (!reader_catalog_part(opened->reader, CATALOG_PART_VOCABULARY, &bytes, &n, &err))
		die(&err);
	opened->n = n;
}

/* --- Rows ------------------------------------------------------------------------------------ */

static void step_all(Opened *opened, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int status;

	if (sqlite3_prepare_v2(opened->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		die_of("%s: %s", sql, sqlite3_errmsg(opened->db));
	opened->n = 0;
	while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			(void)sqlite3_column_blob(stmt, i);
		opened->n++;
	}
	if (status != SQLITE_DONE)
		die_of("%s: %s", sql, sqlite3_errmsg(opened->db));
	sqlite3_finalize(stmt);
}

static void read_rows(Opened *opened)
{
	step_all(opened, "SELECT id, file, title, lang, section, published, updated, words, series_order, is_evergreen,"
	                 " boost, terms FROM page ORDER BY title, file");
}

static void scan_vocabulary(Opened *opened)
{
	step_all(opened, "SELECT term, doc FROM words");
}

/* --- Measuring --------------------------------------------------------------------------------- */

static double measure(const char *name, const char *unit, void (*load)(Opened *), Opened *opened)
{
	double best = 0;

	for (int i = 0; i < RUNS; i++) {
		double start = cpu_seconds(), spent;

		load(opened);
		spent = cpu_seconds() - start;
		best = i == 0 || spent < best ? spent : best;
	}
	printf("%-36s %9.2f ms  %10llu %s\n", name, best * 1e3, (unsigned long long)opened->n, unit);
	return best;
}

static void open_index(Opened *opened, const char *path)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	if (!store_reader_open(path, &opened->reader, &err))
		die(&err);
	if (sqlite3_open_v2(path, &opened->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		die_of("%s: %s", path, sqlite3_errmsg(opened->db));
	if (!fts5_tokenizer_register(opened->db, &err))
		die(&err);
	if (sqlite3_exec(opened->db, "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, page_fts, row)", NULL, NULL,
	                 NULL) != SQLITE_OK)
		die_of("%s: %s", path, sqlite3_errmsg(opened->db));
}

int main(int argc, char **argv)
{
	Opened opened = { 0 };
	double ready, rows;

	if (argc != 2)
		die_of("usage: %s INDEX", argv[0]);
	open_index(&opened, argv[1]);
	ready = measure("catalog, ready to load", "pages", load_catalog, &opened);
	rows = measure("  its pages as rows, in order", "pages", read_rows, &opened);
	printf("  rows cost %.1f times as much\n", rows / ready);
	ready = measure("vocabulary, ready to load", "bytes", load_vocabulary, &opened);
	rows = measure("  fts5vocab over the postings", "terms", scan_vocabulary, &opened);
	printf("  the scan costs %.0f times as much\n", rows / ready);
	store_reader_free(opened.reader);
	sqlite3_close(opened.db);
	return 0;
}
