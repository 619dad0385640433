/* See database.h. What a reader is denied follows https://sqlite.org/security.html. */
#include "database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"
#include "blogsearch/clock.h"
#include "blogsearch/store.h"
#include "fts5_tokenizer.h"
#include "schema_sql.h"

/* https://sqlite.org/fileformat.html#the_database_header: big-endian numbers in the first 100 bytes. */
#define HEADER_BYTES          100
#define HEADER_PAGE_SIZE      16
#define HEADER_N_PAGES        28
#define HEADER_USER_VERSION   60
#define HEADER_APPLICATION_ID 68

#define MMAP_BYTES       (1ll << 31) /* a published file is never written again, so mapping it is safe */
#define READER_CACHE_KIB 256         /* pages that are not mapped; the mapping does the rest           */
#define WRITER_CACHE_KIB (32 * 1024)

static uint32_t big_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint64_t bytes_by_header(const unsigned char *header)
{
	uint32_t page_size = (uint32_t)header[HEADER_PAGE_SIZE] << 8 | header[HEADER_PAGE_SIZE + 1];

	return (uint64_t)(page_size == 1 ? 65536 : page_size) * big_endian(header + HEADER_N_PAGES);
}

static DatabaseKind kind_of_header(const unsigned char *header, ssize_t n, off_t file_size)
{
	if (n < HEADER_BYTES || memcmp(header, "SQLite format 3", 16) != 0 ||
	    big_endian(header + HEADER_APPLICATION_ID) != STORE_APPLICATION_ID)
		return DATABASE_FOREIGN;
	if (big_endian(header + HEADER_USER_VERSION) != STORE_FORMAT)
		return DATABASE_OTHER_VERSION;
	return (uint64_t)file_size == bytes_by_header(header) ? DATABASE_OURS : DATABASE_DAMAGED;
}

/* An index that cannot be read is as good as none, whatever the system's reason. */
static bool unreadable(Error *err, const char *path, const char *what)
{
	error_errno(err, errno, path, what);
	if (err)
		err->code = ERROR_INDEX;
	return false;
}

bool database_look_at(const char *path, DatabaseKind *ret_kind, Error *err)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	unsigned char header[HEADER_BYTES];
	struct stat info;
	ssize_t n;

	if (fd < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			return unreadable(err, path, "cannot be opened");
		*ret_kind = DATABASE_ABSENT;
		return true;
	}
	if (fstat(fd, &info) < 0)
		return unreadable(err, path, "cannot be looked at");
	if (!S_ISREG(info.st_mode)) {
		*ret_kind = DATABASE_FOREIGN;
		return true;
	}
	n = pread(fd, header, sizeof(header), 0);
	if (n < 0)
		return unreadable(err, path, "cannot be read");
	*ret_kind = kind_of_header(header, n, info.st_size);
	return true;
}

bool database_error(Error *err, sqlite3 *db, const char *path)
{
	int code = sqlite3_extended_errcode(db);

	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_SCHEMA:
	case SQLITE_ERROR:
	case SQLITE_CONSTRAINT: /* no rows of ours ever clash */
	case SQLITE_MISMATCH:
		return error_damaged(err, path, sqlite3_errmsg(db));
	case SQLITE_FULL:
		return error_at(err, ERROR_IO, path, 0, "the disk is full", "make room and run it again");
	case SQLITE_INTERRUPT:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_at(err, ERROR_BUSY, path, 0, "took longer than it may", NULL);
	case SQLITE_NOMEM:
		abort(); /* as our own allocators do */
	default:
		return error_at(err, ERROR_IO, path, 0, sqlite3_errmsg(db), NULL);
	}
}

sqlite3 *database_close(sqlite3 *db)
{
	sqlite3_close(db);
	return NULL;
}

void database_closep(sqlite3 **db)
{
	*db = database_close(*db);
}

void statement_reset(sqlite3_stmt **stmt)
{
	sqlite3_reset(*stmt);
	sqlite3_clear_bindings(*stmt);
}

/* SQLITE_USE_URI is compiled into Debian's SQLite: paths always go in as URIs, everything odd in them encoded. */
static char *uri_of(const char *path, const char *parameters)
{
	CLEANUP(buf_deinit) Buf uri = BUF_INIT(BUF_NO_CEILING);

	buf_append_c(&uri, "file:");
	if (path[0] != '/')
		buf_append_c(&uri, "./");
	buf_append_url(&uri, str_from_c(path), "/");
	buf_append_c(&uri, parameters);
	return str_dup(buf_str(&uri));
}

static bool open_uri(const char *path, const char *parameters, int flags, sqlite3 **ret_db, Error *err)
{
	CLEANUP(free_ptr) char *uri = uri_of(path, parameters);
	CLEANUP(database_closep) sqlite3 *db = NULL;

	if (sqlite3_open_v2(uri, &db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		if (sqlite3_errcode(db) == SQLITE_CANTOPEN)
			return error_at(err, ERROR_IO, path, 0, "cannot be opened", "look at its permissions");
		return database_error(err, db, path);
	}
	sqlite3_extended_result_codes(db, 1);
	*ret_db = TAKE(db);
	return true;
}

static void configure(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
}

static void limit_reader(sqlite3 *db)
{
	sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 64 * 1024);
	sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 50);
	sqlite3_limit(db, SQLITE_LIMIT_VARIABLE_NUMBER, 1000);
	sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 8);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
}

bool database_open_published(const char *path, sqlite3 **ret_db, Error *err)
{
	CLEANUP(database_closep) sqlite3 *db = NULL;
	CLEANUP(free_ptr) char *pragmas = xasprintf(
		"PRAGMA query_only = 1; PRAGMA cell_size_check = 1; PRAGMA temp_store = MEMORY;"
		"PRAGMA cache_size = -%d", READER_CACHE_KIB);

	if (!open_uri(path, "?mode=ro&immutable=1", SQLITE_OPEN_READONLY, &db, err))
		return false;
	configure(db);
	limit_reader(db);
	if (!fts5_tokenizer_register(db, err) || !database_exec(db, path, pragmas, err) || !database_map(db, true, path, err))
		return false;
	*ret_db = TAKE(db);
	return true;
}

bool database_map(sqlite3 *db, bool is_mapped, const char *path, Error *err)
{
	CLEANUP(free_ptr) char *pragma = xasprintf("PRAGMA mmap_size = %lld", is_mapped ? MMAP_BYTES : 0ll);

	return database_exec(db, path, pragma, err);
}

static bool make_schema(sqlite3 *db, const char *path, Error *err)
{
	CLEANUP(free_ptr) char *marks = xasprintf("PRAGMA application_id = %d; PRAGMA user_version = %d",
	                                          STORE_APPLICATION_ID, STORE_FORMAT);

	return database_exec(db, path, marks, err) && database_exec(db, path, schema_sql, err);
}

bool database_open_working(const char *path, sqlite3 **ret_db, Error *err)
{
	CLEANUP(database_closep) sqlite3 *db = NULL;
	CLEANUP(free_ptr) char *pragmas = xasprintf(
		"PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
		"PRAGMA temp_store = MEMORY; PRAGMA cache_size = -%d", WRITER_CACHE_KIB);
	struct stat info;

	if (stat(path, &info) < 0)
		return error_errno(err, errno, path, "cannot be looked at");
	if (!open_uri(path, "?mode=rw", SQLITE_OPEN_READWRITE, &db, err))
		return false;
	configure(db);
	if (!fts5_tokenizer_register(db, err) || !database_exec(db, path, pragmas, err))
		return false;
	if (info.st_size == 0 && !make_schema(db, path, err))
		return false;
	*ret_db = TAKE(db);
	return true;
}

bool database_copy_compacted(sqlite3 *db, const char *path, const char *to, Error *err)
{
	CLEANUP(free_ptr) char *uri = uri_of(to, "");
	sqlite3_stmt *stmt = NULL;
	bool is_done = false;

	if (sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &stmt, NULL) == SQLITE_OK) {
		bind_str(stmt, 1, str_from_c(uri));
		is_done = sqlite3_step(stmt) == SQLITE_DONE;
	}
	if (!is_done)
		database_error(err, db, path);
	sqlite3_finalize(stmt);
	return is_done;
}

bool database_prepare(sqlite3 *db, const char *path, const char *const *sql, size_t n, sqlite3_stmt **stmts,
                      Error *err)
{
	for (size_t i = 0; i < n; i++)
		if (sqlite3_prepare_v3(db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &stmts[i], NULL) != SQLITE_OK)
			return database_error(err, db, path);
	return true;
}

void database_finalize(sqlite3_stmt **stmts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		sqlite3_finalize(stmts[i]);
		stmts[i] = NULL;
	}
}

bool database_exec(sqlite3 *db, const char *path, const char *sql, Error *err)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || database_error(err, db, path);
}

void bind_str(sqlite3_stmt *stmt, int index, Str str)
{
	sqlite3_bind_text64(stmt, index, str.data ? str.data : "", str.len, SQLITE_STATIC, SQLITE_UTF8);
}

void bind_blob(sqlite3_stmt *stmt, int index, Str bytes)
{
	sqlite3_bind_blob64(stmt, index, bytes.data ? bytes.data : "", bytes.len, SQLITE_STATIC);
}

void bind_time(sqlite3_stmt *stmt, int index, int64_t seconds)
{
	if (seconds == TIME_NONE)
		sqlite3_bind_null(stmt, index);
	else
		sqlite3_bind_int64(stmt, index, seconds);
}

Str column_str(sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	return (Str){ text, text ? (size_t)sqlite3_column_bytes(stmt, column) : 0 };
}

Str column_blob(sqlite3_stmt *stmt, int column)
{
	const char *bytes = sqlite3_column_blob(stmt, column);

	return (Str){ bytes, bytes ? (size_t)sqlite3_column_bytes(stmt, column) : 0 };
}

int64_t column_time(sqlite3_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt, column) == SQLITE_NULL ? TIME_NONE : sqlite3_column_int64(stmt, column);
}

bool statement_run(sqlite3_stmt *stmt, const char *path, Error *err)
{
	int status = sqlite3_step(stmt);
	bool is_done = status == SQLITE_DONE || status == SQLITE_ROW;

	if (!is_done)
		database_error(err, sqlite3_db_handle(stmt), path);
	statement_reset(&stmt);
	return is_done;
}
