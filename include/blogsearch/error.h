/*
 * Failures. An Error is filled once, where it happens, and forwarded untouched; what a
 * caller handles itself is an outcome (an enum of that function) and no Error.
 *
 * A message has two halves, each one line, lower case, without "error" or "failed to":
 * `what` says what is wrong, `hint` what to do (may be NULL). `file` and `line` say where
 * (line 0: the file as a whole; column 0: unknown). Only cli/ and the daemon's log print.
 *
 * The code decides the exit status and the HTTP status, so CLI and daemon cannot disagree.
 */
#ifndef BLOGSEARCH_ERROR_H
#define BLOGSEARCH_ERROR_H

#include <stdbool.h>

#include "cleanup.h"

#define ERROR_CODES(X)                                                                            \
	X(NONE,       0, 200) /* nothing is wrong                                              */ \
	X(NOT_FOUND,  1, 404) /* what was asked for is not there                               */ \
	X(USAGE,      2, 400) /* the caller asked for something we do not have                 */ \
	X(METHOD,     2, 405) /* not with this HTTP method                                     */ \
	X(URL_LENGTH, 2, 414) /* the URL is longer than we read                                */ \
	X(FORBIDDEN,  2, 403) /* not for this asker                                            */ \
	X(RATE,      75, 429) /* too much at once by one asker: try again later                */ \
	X(INDEX,      3, 503) /* index missing, damaged or of another version                  */ \
	X(SITE,       4, 500) /* the site could not be read at all                             */ \
	X(PAGES,      5, 500) /* indexed, but some pages could not be read                     */ \
	X(TOO_LARGE,  5, 500) /* over one of the ceilings of limits.h                          */ \
	X(SYNTAX,     5, 500) /* a file is not what its format asks for                        */ \
	X(IO,        74, 500) /* disk full, address in use, unreadable: the system said no     */ \
	X(BUSY,      75, 503) /* lock held, or a time limit hit: try again                     */

typedef enum ErrorCode {
#define ERROR_CODE_ENUM(name, exit_status, http_status) ERROR_##name,
	ERROR_CODES(ERROR_CODE_ENUM)
#undef ERROR_CODE_ENUM
	N_ERROR_CODES
} ErrorCode;

typedef struct Error {
	ErrorCode code;
	char *file;      /* owned; NULL: no file is to blame                    */
	unsigned line;   /* from 1; 0: unknown                                  */
	unsigned column; /* from 1; 0: unknown                                  */
	char *parameter; /* owned; the parameter, option or key to blame        */
	char *what;      /* owned                                               */
	char *hint;      /* owned; may be NULL                                  */
	bool is_damage;  /* of an index of ours: the indexer makes it anew      */
} Error;

#define ERROR_INIT { 0 }

void error_deinit(Error *err);

/*
 * Each fills @err (which must be empty; NULL: the caller does not want to know) and
 * returns false, so that `return error_set(…)` reads well. All strings are copied.
 */
bool error_set(Error *err, ErrorCode code, const char *what_format, ...) PRINTF_LIKE(3, 4);
bool error_at(Error *err, ErrorCode code, const char *file, unsigned line, const char *what, const char *hint);
/* An index file of ours, @file, is not as it was written: ERROR_INDEX, is_damage set, with what to do. */
bool error_damaged(Error *err, const char *file, const char *what);
/* "FILE: what: strerror(errno_value)"; code is ERROR_IO. */
bool error_errno(Error *err, int errno_value, const char *file, const char *what);
/* Adds to an Error just set; each returns false. */
bool error_hint(Error *err, const char *hint_format, ...) PRINTF_LIKE(2, 3);
bool error_parameter(Error *err, const char *parameter);
bool error_place(Error *err, const char *file, unsigned line, unsigned column);

/* Gives @from's content to @to (which must be empty) and leaves @from empty. */
void error_move(Error *to, Error *from);

/* "file:line:column: what; hint", malloc'd, for printing. Control characters of foreign names are escaped. */
char *error_to_text(const Error *err);

int error_exit_status(ErrorCode code);
int error_http_status(ErrorCode code);
const char *error_code_name(ErrorCode code); /* "NOT_FOUND" */

#endif
