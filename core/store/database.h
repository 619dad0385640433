/* Opening an index file with SQLite, statements, and SQLite's errors as ours. Private to store/. */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "blogsearch/arena.h"
#include "blogsearch/error.h"
#include "blogsearch/str.h"

typedef enum DatabaseKind {
	DATABASE_OURS,    /* application id and format are this program's      */
	DATABASE_ABSENT,  /* there is no file                                   */
	DATABASE_OTHER_VERSION, /* ours, of another format                      */
	DATABASE_DAMAGED, /* ours by its application id, but cut short          */
	DATABASE_FOREIGN, /* anything else: never to be touched                 */
} DatabaseKind;

/* Looks at the header of @path only; a file that cannot be read is an ERROR_IO. */
MUST_CHECK bool database_look_at(const char *path, DatabaseKind *ret_kind, Error *err);

/* Opens read-only, immutable and as defensive as a reader can be. */
MUST_CHECK bool database_open_published(const char *path, sqlite3 **ret_db, Error *err);
/* Whether it is read through a mapping, as it is after opening; only while no statement is being stepped. */
MUST_CHECK bool database_map(sqlite3 *db, bool is_mapped, const char *path, Error *err);
/* Opens a working copy (made anew with the schema where it is empty) for writing. */
MUST_CHECK bool database_open_working(const char *path, sqlite3 **ret_db, Error *err);
/* Copies what is in use of @db (@path: for messages), no transaction being open, to the file @to, made anew. */
MUST_CHECK bool database_copy_compacted(sqlite3 *db, const char *path, const char *to, Error *err);
sqlite3 *database_close(sqlite3 *db); /* finalizes nothing; returns NULL */

/* For CLEANUP: closes, resets. */
void database_closep(sqlite3 **db);
void statement_reset(sqlite3_stmt **stmt);

/* @path is for the message. Damage is ERROR_INDEX, a full disk or I/O error ERROR_IO, an interrupt ERROR_BUSY. */
bool database_error(Error *err, sqlite3 *db, const char *path);

/* Prepares @n statements of @sql into @stmts (NULL-initialised); database_finalize frees them. */
MUST_CHECK bool database_prepare(sqlite3 *db, const char *path, const char *const *sql, size_t n,
                                 sqlite3_stmt **stmts, Error *err);
void database_finalize(sqlite3_stmt **stmts, size_t n);
MUST_CHECK bool database_exec(sqlite3 *db, const char *path, const char *sql, Error *err);

/* Binding and reading. Text is bound without a copy: it must live until the statement is stepped. */
void bind_str(sqlite3_stmt *stmt, int index, Str str);
void bind_blob(sqlite3_stmt *stmt, int index, Str bytes);
void bind_time(sqlite3_stmt *stmt, int index, int64_t seconds); /* TIME_NONE is NULL */
Str column_str(sqlite3_stmt *stmt, int column);                 /* valid until the next step */
Str column_blob(sqlite3_stmt *stmt, int column);
int64_t column_time(sqlite3_stmt *stmt, int column);

/* Steps a statement that gives no rows, and resets it. */
MUST_CHECK bool statement_run(sqlite3_stmt *stmt, const char *path, Error *err);

#endif
