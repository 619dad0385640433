/* A connection to a published file, and what is read from it page by page. */
#include "reader.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/vec.h"
#include "catalog_format.h"
#include "database.h"
#include "find.h"
#include "meta.h"
#include "page_text.h"
#include "title_index.h"
#include "vocabulary.h"

enum { READ_META, READ_FILES, READ_TERM_IDS, READ_PAGE, READ_PAGE_OF_FILE, READ_PATHS, READ_TEXT, N_READER_STATEMENTS };

static const char *const reader_sql[N_READER_STATEMENTS] = {
	[READ_META] = "SELECT value FROM meta WHERE key = ?1",
	[READ_FILES] =
		("SELECT file, page_id, size, mtime_ns, content_hash, fingerprint, document_hash, changes_at FROM source"
		 " ORDER BY file"),
	[READ_TERM_IDS] =
		"SELECT term.id, facet.name, slug FROM term JOIN facet ON facet.id = facet_id ORDER BY facet.name, slug",
	[READ_PAGE] = "SELECT file, path, url_start || relurl, relurl, title, image, words, expires FROM page WHERE id = ?1",
	[READ_PAGE_OF_FILE] = "SELECT id FROM page WHERE file = ?1 OR path = ?1 LIMIT 1",
	[READ_PATHS] = "SELECT id, path FROM page",
	[READ_TEXT] = "SELECT piece FROM page_text WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
};

struct StoreReader {
	char *path;
	sqlite3 *db;
	sqlite3_stmt *stmts[N_READER_STATEMENTS];
	Finder *finder;
	ZSTD_DCtx *zstd;
};

sqlite3 *reader_database(StoreReader *reader)
{
	return reader->db;
}

const char *reader_path(const StoreReader *reader)
{
	return reader->path;
}

static bool refuse(DatabaseKind kind, const char *path, Error *err)
{
	switch (kind) {
	case DATABASE_OURS:
		return true;
	case DATABASE_ABSENT:
		return error_at(err, ERROR_INDEX, path, 0, "there is no index", "make one with blogsearch index SITE");
	case DATABASE_OTHER_VERSION:
		return error_at(err, ERROR_INDEX, path, 0, "was made by another version of blogsearch",
		                "run blogsearch index to make it anew");
	case DATABASE_DAMAGED:
		return error_at(err, ERROR_INDEX, path, 0, "is damaged: not as long as it says",
		                "run blogsearch index to make it anew");
	case DATABASE_FOREIGN:
		break;
	}
	return error_at(err, ERROR_INDEX, path, 0, "is no index of blogsearch", "name the right one with --index");
}

static bool check_text_version(StoreReader *reader, Error *err)
{
	uint64_t version;

	if (!reader_meta_int(reader, META_TEXT_VERSION, &version, err))
		return false;
	return version == TEXT_VERSION || refuse(DATABASE_OTHER_VERSION, reader->path, err);
}

bool store_reader_open(const char *path, StoreReader **ret_reader, Error *err)
{
	CLEANUP(store_reader_freep) StoreReader *reader = xnew0(StoreReader);
	DatabaseKind kind;

	reader->path = xstrdup(path);
	reader->zstd = ZSTD_createDCtx();
	if (!reader->zstd)
		abort(); /* out of memory */
	if (!database_look_at(path, &kind, err) || !refuse(kind, path, err) ||
	    !database_open_published(path, &reader->db, err) ||
	    !database_prepare(reader->db, path, reader_sql, N_READER_STATEMENTS, reader->stmts, err) ||
	    !check_text_version(reader, err) || !finder_new(reader->db, path, &reader->finder, err))
		return false;
	*ret_reader = TAKE(reader);
	return true;
}

StoreReader *store_reader_free(StoreReader *reader)
{
	if (!reader)
		return NULL;
	finder_free(reader->finder);
	ZSTD_freeDCtx(reader->zstd);
	database_finalize(reader->stmts, N_READER_STATEMENTS);
	database_close(reader->db);
	free(reader->path);
	free(reader);
	return NULL;
}

bool reader_meta_int(StoreReader *reader, const char *key, uint64_t *ret_value, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = reader->stmts[READ_META];

	bind_str(stmt, 1, str_from_c(key));
	switch (sqlite3_step(stmt)) {
	case SQLITE_ROW:
		*ret_value = (uint64_t)sqlite3_column_int64(stmt, 0);
		return true;
	case SQLITE_DONE:
		return error_damaged(err, reader->path, "lacks a fact that every index has");
	default:
		return database_error(err, reader->db, reader->path);
	}
}

bool reader_meta_bytes(StoreReader *reader, const char *key, Arena *arena, Str *ret_bytes, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = reader->stmts[READ_META];
	int status;

	bind_str(stmt, 1, str_from_c(key));
	status = sqlite3_step(stmt);
	*ret_bytes = status == SQLITE_ROW ? arena_str_dup(arena, column_blob(stmt, 0)) : STR_EMPTY;
	return status == SQLITE_ROW || status == SQLITE_DONE || database_error(err, reader->db, reader->path);
}

/* A number that is none becomes one that no page has. */
static uint32_t column_page(sqlite3_stmt *stmt, int column)
{
	int64_t page = sqlite3_column_int64(stmt, column);

	return page >= 0 && page < UINT32_MAX ? (uint32_t)page : UINT32_MAX;
}

static StoreFile file_of_row(sqlite3_stmt *stmt, Arena *arena)
{
	return (StoreFile){
		.file = arena_str_dup(arena, column_str(stmt, 0)),
		.page = column_page(stmt, 1),
		.size = (uint64_t)sqlite3_column_int64(stmt, 2),
		.mtime_ns = column_time(stmt, 3),
		.content_hash = (uint64_t)sqlite3_column_int64(stmt, 4),
		.fingerprint = (uint64_t)sqlite3_column_int64(stmt, 5),
		.document_hash = (uint64_t)sqlite3_column_int64(stmt, 6),
		.changes_at = column_time(stmt, 7),
	};
}

bool reader_files(StoreReader *reader, Arena *arena, StoreFile **ret_files, size_t *ret_n, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = reader->stmts[READ_FILES];
	VEC(StoreFile) files = { 0 };
	int status;

	while ((status = sqlite3_step(stmt)) == SQLITE_ROW)
		vec_push(&files, file_of_row(stmt, arena));
	*ret_n = files.n;
	*ret_files = arena_new_n(arena, StoreFile, files.n);
	if (files.n)
		memcpy(*ret_files, files.items, files.n * sizeof(StoreFile));
	vec_deinit(&files);
	return status == SQLITE_DONE || database_error(err, reader->db, reader->path);
}

static bool is_term(sqlite3_stmt *stmt, const Catalog *catalog, const CatalogTerm *term)
{
	int64_t id = sqlite3_column_int64(stmt, 0);

	return id > 0 && id <= STORE_TERM_ID_MOST && str_equal(column_str(stmt, 1), catalog->facets[term->facet].name) &&
	       str_equal(column_str(stmt, 2), term->slug);
}

bool reader_term_ids(StoreReader *reader, const Catalog *catalog, uint32_t **ret_ids, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = reader->stmts[READ_TERM_IDS];
	CLEANUP(free_ptr) uint32_t *ids = xnew0_n(uint32_t, catalog->n_terms + 1);
	uint32_t n = 0;
	int status;

	while ((status = sqlite3_step(stmt)) == SQLITE_ROW && n < catalog->n_terms && is_term(stmt, catalog, &catalog->terms[n]))
		ids[n++] = (uint32_t)sqlite3_column_int64(stmt, 0);
	if (status == SQLITE_ROW || (status == SQLITE_DONE && n != catalog->n_terms))
		return error_damaged(err, reader->path, "terms and catalog disagree");
	if (status != SQLITE_DONE)
		return database_error(err, reader->db, reader->path);
	*ret_ids = TAKE(ids);
	return true;
}

static bool no_such_page(StoreReader *reader, int status, Error *err)
{
	if (status != SQLITE_DONE)
		return database_error(err, reader->db, reader->path);
	return error_damaged(err, reader->path, "pages and catalog disagree");
}

bool store_page(StoreReader *reader, uint32_t id, Arena *arena, StorePage *ret_page, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = reader->stmts[READ_PAGE];
	int status;

	sqlite3_bind_int64(stmt, 1, id);
	status = sqlite3_step(stmt);
	if (status != SQLITE_ROW)
		return no_such_page(reader, status, err);
	*ret_page = (StorePage){
		.file = arena_str_dup(arena, column_str(stmt, 0)),
		.path = arena_str_dup(arena, column_str(stmt, 1)),
		.url = arena_str_dup(arena, column_str(stmt, 2)),
		.relurl = arena_str_dup(arena, column_str(stmt, 3)),
		.title = arena_str_dup(arena, column_str(stmt, 4)),
		.image = arena_str_dup(arena, column_str(stmt, 5)),
		.words = (uint32_t)sqlite3_column_int64(stmt, 6),
		.expires = column_time(stmt, 7),
	};
	return true;
}

bool store_find_page(StoreReader *reader, Str file_or_path, uint32_t *ret_id, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = reader->stmts[READ_PAGE_OF_FILE];
	int status;

	bind_str(stmt, 1, file_or_path);
	status = sqlite3_step(stmt);
	*ret_id = status == SQLITE_ROW ? (uint32_t)sqlite3_column_int64(stmt, 0) : PAGE_NONE;
	return status == SQLITE_ROW || status == SQLITE_DONE || database_error(err, reader->db, reader->path);
}

bool store_walk_paths(StoreReader *reader, PathSink sink, void *context, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = reader->stmts[READ_PATHS];
	CLEANUP(buf_deinit) Buf path = BUF_INIT(BUF_NO_CEILING);
	int status;

	while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
		buf_clear(&path);
		text_fold(column_str(stmt, 1), &path);
		if (!sink(context, (uint32_t)sqlite3_column_int64(stmt, 0), buf_str(&path), err))
			return false;
	}
	return status == SQLITE_DONE || database_error(err, reader->db, reader->path);
}

bool store_text(StoreReader *reader, uint32_t id, Arena *arena, StoreText **ret_text, Error *err)
{
	Str record;

	if (!page_text_read(reader->stmts[READ_TEXT], reader->path, id, arena, &record, err))
		return false;
	return record.len ? page_text_unpack(reader->zstd, reader->path, record, arena, ret_text, err)
	                  : no_such_page(reader, SQLITE_DONE, err);
}

bool store_find(StoreReader *reader, const PhraseTerm *phrase, size_t n_terms, bool is_prefix, uint64_t deadline_ns,
                Postings *ret_postings, Error *err)
{
	return finder_run(reader->finder, phrase, n_terms, is_prefix, deadline_ns, ret_postings, err);
}

bool store_has_stem(StoreReader *reader, Str stem_term, bool *ret_has, Error *err)
{
	return finder_has(reader->finder, stem_term, ret_has, err);
}

bool store_load_vocabulary(StoreReader *reader, Str *ret_vocabulary, Error *err)
{
	CLEANUP(free_ptr) char *bytes = NULL;
	size_t n;

	if (!reader_catalog_part(reader, CATALOG_PART_VOCABULARY, &bytes, &n, err))
		return false;
	if (n && !vocabulary_is_sound((Str){ bytes, n }))
		return error_damaged(err, reader->path, "the vocabulary is damaged");
	*ret_vocabulary = (Str){ TAKE(bytes), n };
	return true;
}

bool store_load_titles(StoreReader *reader, uint32_t n_slots, TitleIndex *ret_titles, Error *err)
{
	CLEANUP(free_ptr) char *bytes = NULL;
	TitleIndex titles = { 0 };
	size_t n;

	if (!reader_catalog_part(reader, CATALOG_PART_TITLES, &bytes, &n, err))
		return false;
	if (!title_index_place(&titles, (Str){ bytes, n }, n_slots))
		return error_damaged(err, reader->path, "the titles are damaged");
	titles.memory = TAKE(bytes);
	*ret_titles = titles;
	return true;
}
