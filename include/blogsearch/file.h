/* Whole files, paths and durable renames. Paths are bytes; printing escapes them (error.h). */
#ifndef BLOGSEARCH_FILE_H
#define BLOGSEARCH_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "arena.h"
#include "buf.h"
#include "error.h"
#include "str.h"

/*
 * Reads the regular file @path into @arena, followed by a NUL that is not counted.
 * ERROR_NOT_FOUND where it is missing, ERROR_TOO_LARGE above @limit bytes, ERROR_IO otherwise
 * (no regular file among them). Symbolic links are followed.
 */
MUST_CHECK bool file_read(const char *path, size_t limit, Arena *arena, Str *ret_bytes, Error *err);
/* The same for an open descriptor; @name is for messages. The descriptor stays open. */
MUST_CHECK bool file_read_fd(int fd, const char *name, size_t limit, Arena *arena, Str *ret_bytes, Error *err);

/* Writes all of @bytes, whatever write() does in one go. */
MUST_CHECK bool fd_write_all(int fd, Str bytes, const char *name, Error *err);
/* fsync of a folder, so that a rename in it lasts. */
MUST_CHECK bool folder_sync(const char *path, Error *err);
/* mkdir -p; what is there already is fine. */
MUST_CHECK bool folder_make(const char *path, Error *err);

/* "a" and "b/c" give "a/b/c"; an absolute @name is returned as it is. */
Str path_join(Arena *arena, Str folder, Str name);
/*
 * What @path leads to, malloc'd: where its last part is a symbolic link, that link's target, which need not be
 * there. A link that leads in a circle stays: whoever opens it is told so.
 */
char *path_follow(const char *path);
Str path_folder(Str path);    /* "a/b.md" → "a"; "b.md" → ""            */
Str path_base(Str path);      /* "a/b.md" → "b.md"                      */
Str path_extension(Str base); /* "b.en.md" → "md"; ".x" and "x" → ""    */

#endif
