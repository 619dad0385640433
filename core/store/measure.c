/* How large the parts of an index file are, by SQLite's own count of pages (https://sqlite.org/dbstat.html). */
#include <sys/stat.h>

#include "blogsearch/alloc.h"
#include "blogsearch/store_check.h"
#include "catalog_format.h"
#include "database.h"
#include "reader.h"

Str store_part_name(StorePart part)
{
	static const char *const names[] = {
		[STORE_POSTINGS] = "postings", [STORE_TEXTS] = "texts", [STORE_PAGES] = "pages",
		[STORE_SOURCES] = "sources", [STORE_TERMS] = "terms", [STORE_VOCABULARY] = "vocabulary",
		[STORE_CATALOG] = "catalog", [STORE_OTHER] = "other", [STORE_FREE] = "free",
	};

	return str_from_c(names[part]);
}

static StorePart part_of_table(Str name)
{
	static const struct {
		const char *start;
		StorePart part;
	} tables[] = {
		{ "page_fts", STORE_POSTINGS }, { "page_text", STORE_TEXTS }, { "page", STORE_PAGES },
		{ "source", STORE_SOURCES }, { "facet", STORE_TERMS }, { "term", STORE_TERMS },
		{ "sqlite_autoindex_term", STORE_TERMS }, { "sqlite_autoindex_facet", STORE_TERMS },
		{ "catalog", STORE_CATALOG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (str_starts_with(name, str_from_c(tables[i].start)))
			return tables[i].part;
	return STORE_OTHER;
}

static bool read_number(sqlite3 *db, const char *path, const char *sql, uint64_t *ret_number, Error *err)
{
	sqlite3_stmt *stmt = NULL;
	bool is_read = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW;

	if (is_read)
		*ret_number = (uint64_t)sqlite3_column_int64(stmt, 0);
	else
		database_error(err, db, path);
	sqlite3_finalize(stmt);
	return is_read;
}

static void measure_tables(sqlite3 *db, StoreSizes *sizes)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, "SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE", -1, &stmt, NULL) == SQLITE_OK)
		while (sqlite3_step(stmt) == SQLITE_ROW)
			sizes->n_bytes[part_of_table(column_str(stmt, 0))] += (uint64_t)sqlite3_column_int64(stmt, 1);
	sqlite3_finalize(stmt);
}

bool store_measure(const char *path, StoreSizes *ret_sizes, Error *err)
{
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	StoreSizes sizes = { 0 };
	uint64_t n_free, n_segments, n_words;
	struct stat info;
	sqlite3 *db;

	if (!store_reader_open(path, &reader, err))
		return false;
	db = reader_database(reader);
	if (!read_number(db, path, "SELECT coalesce(sum(size), 0) FROM source WHERE page_id > 0", &sizes.n_source_bytes, err) ||
	    !read_number(db, path, "SELECT count(DISTINCT segid) FROM page_fts_idx", &n_segments, err) ||
	    !read_number(db, path, "SELECT coalesce(max(length(bytes)), 0) FROM catalog WHERE part = '" CATALOG_PART_VOCABULARY "'",
	                 &n_words, err) ||
	    !read_number(db, path, "SELECT (SELECT * FROM pragma_freelist_count) * (SELECT * FROM pragma_page_size)", &n_free, err))
		return false;
	measure_tables(db, &sizes);
	sizes.n_segments = (uint32_t)n_segments;
	if (sizes.n_bytes[STORE_CATALOG] > n_words) {
		sizes.n_bytes[STORE_VOCABULARY] = n_words;
		sizes.n_bytes[STORE_CATALOG] -= n_words;
		sizes.n_bytes[STORE_FREE] = n_free;
	}
	sizes.n_file_bytes = stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
	*ret_sizes = sizes;
	return true;
}
