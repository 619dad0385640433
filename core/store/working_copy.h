/*
 * The lock beside the index, and the file in the making: copied from the published one,
 * synced, renamed into its place. Knows nothing of SQLite.
 */
#ifndef STORE_WORKING_COPY_H
#define STORE_WORKING_COPY_H

#include <stdbool.h>

#include "blogsearch/error.h"

/*
 * Takes the lock of the index at @path (a file beside it; the kernel releases it when the
 * process ends, however it ends), makes the folder where it is missing, and removes what
 * earlier runs left behind. *ret_fd is the lock's descriptor: closing it releases the lock.
 * ERROR_BUSY when it is held, with who holds it.
 */
MUST_CHECK bool index_lock(const char *path, int *ret_fd, Error *err);

/* Where the working copy of @path lies, malloc'd; in the same folder, so that rename is atomic. */
char *working_copy_path(const char *path);
/* Makes @working: a copy of @published (reflinked where the file system can), or empty if @published is NULL. */
MUST_CHECK bool working_copy_make(const char *working, const char *published, Error *err);
/* Has the kernel begin to write @working to the disk, so that less is left to be synced. Nothing depends on it. */
void working_copy_write_early(const char *working);
MUST_CHECK bool working_copy_sync(const char *working, Error *err);
/* Renames @working, which is synced, to @path and syncs the folder. After a failure @path is what it was. */
MUST_CHECK bool working_copy_put(const char *working, const char *path, Error *err);

#endif
