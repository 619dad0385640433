/* Walking a folder: every regular file below it. */
#ifndef INDEXER_LIST_FILES_H
#define INDEXER_LIST_FILES_H

#include <stdint.h>

#include "blogsearch/arena.h"
#include "blogsearch/error.h"
#include "blogsearch/vec.h"

typedef struct FileEntry {
	Str path; /* below the folder */
	uint64_t size;    /* 0 for what is no content */
	int64_t mtime_ns; /* likewise */
} FileEntry;

typedef VEC(FileEntry) FileList;

/* Told of folders that are not walked and of what is no regular file, with the reason; the walk goes on. */
typedef void (*OnUnreadable)(void *context, Str path, bool is_folder, const Error *err);

/* Whether a file of that name may be content; of others only that they are there matters. */
typedef bool (*IsContent)(Str base);

/*
 * Lists what is below @folder, in no order. @is_content NULL: nothing is. Names that start with a dot are left out with all below, so is
 * `node_modules`. Symbolic links, anything else that is no regular file and folders deeper than
 * LIMIT_FOLDER_DEPTH are told of and left out. Paths live in @arena. ERROR_SITE where @folder itself cannot be read.
 */
MUST_CHECK bool list_files(const char *folder, Arena *arena, IsContent is_content, OnUnreadable on_unreadable,
                           void *context, FileList *ret_files, Error *err);

/* Into the order of paths. */
void file_list_sort(FileList *files);
/* Of all that is said of the files, in whatever order they come; @seed tells one folder's from another's. */
uint64_t file_list_stamp(const FileList *files, uint64_t seed);

#endif
