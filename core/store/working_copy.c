/* See working_copy.h, and docs/design.md, decision 1: why a published file is replaced and never written. */
#include "working_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/arena.h"
#include "blogsearch/clock.h"
#include "blogsearch/file.h"

#define LOCK_SUFFIX    ".lock"
#define WORKING_SUFFIX ".tmp-"

char *working_copy_path(const char *path)
{
	return xasprintf("%s" WORKING_SUFFIX "%ld", path, (long)getpid());
}

/* --- The lock ------------------------------------------------------------------------ */

static bool busy(const char *lock_path, int fd, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str holder = STR_EMPTY;

	if (!file_read_fd(fd, lock_path, 200, &arena, &holder, NULL) || !str_trim(holder).len)
		holder = STR("another process");
	error_set(err, ERROR_BUSY, "the index is being written by %.*s", STR_ARG(str_trim(holder)));
	error_place(err, lock_path, 0, 0);
	return error_hint(err, "wait until it is done and run this again");
}

static bool write_holder(int fd, const char *lock_path, Error *err)
{
	char time[TIME_TEXT_SIZE];
	CLEANUP(free_ptr) char *text = xasprintf("process %ld, since %s\n", (long)getpid(),
	                                         time_to_rfc3339(time_now(), time));

	if (ftruncate(fd, 0) < 0)
		return error_errno(err, errno, lock_path, "cannot be written");
	return fd_write_all(fd, str_from_c(text), lock_path, err);
}

/* Working copies of runs that were killed: nobody else can have one, the lock is ours. */
static void remove_leftovers(const char *path, Str folder)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str prefix = arena_printf(&arena, "%.*s" WORKING_SUFFIX, STR_ARG(path_base(str_from_c(path))));
	DIR *dir = opendir(arena_to_c(&arena, folder));

	if (!dir)
		return;
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
		if (str_starts_with(str_from_c(entry->d_name), prefix))
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

bool index_lock(const char *path, int *ret_fd, Error *err)
{
	CLEANUP(free_ptr) char *lock_path = xasprintf("%s" LOCK_SUFFIX, path);
	CLEANUP(close_fd) int fd = -1;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str folder = path_folder(str_from_c(path));

	if (!folder.len)
		folder = path[0] == '/' ? STR("/") : STR(".");
	if (!folder_make(arena_to_c(&arena, folder), err))
		return false;
	fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return error_errno(err, errno, lock_path, "cannot be opened");
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			return busy(lock_path, fd, err);
		return error_errno(err, errno, lock_path, "cannot be locked");
	}
	if (!write_holder(fd, lock_path, err))
		return false;
	remove_leftovers(path, folder);
	*ret_fd = fd;
	fd = -1;
	return true;
}

/* --- The copy ------------------------------------------------------------------------ */

/* For file systems and kernels whose copy_file_range cannot. */
static bool copy_by_hand(int from, int to, const char *working, Error *err)
{
	static const size_t n_chunk = 1 << 18;
	CLEANUP(free_ptr) char *chunk = xmalloc(n_chunk);

	for (;;) {
		ssize_t n = read(from, chunk, n_chunk);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, errno, working, "cannot be copied");
		if (n == 0)
			return true;
		if (!fd_write_all(to, (Str){ chunk, (size_t)n }, working, err))
			return false;
	}
}

static bool copy_content(int from, int to, const char *working, Error *err)
{
	if (ioctl(to, FICLONE, from) == 0)
		return true;
	for (;;) {
		ssize_t n = copy_file_range(from, NULL, to, NULL, 1 << 30, 0);

		if (n == 0)
			return true;
		if (n < 0 && (errno == ENOSYS || errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP))
			return copy_by_hand(from, to, working, err);
		if (n < 0 && errno != EINTR)
			return error_errno(err, errno, working, "cannot be copied");
	}
}

bool working_copy_make(const char *working, const char *published, Error *err)
{
	CLEANUP(close_fd) int to = -1;
	CLEANUP(close_fd) int from = -1;

	to = open(working, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (to < 0)
		return error_errno(err, errno, working, "cannot be made");
	if (!published)
		return true;
	from = open(published, O_RDONLY | O_CLOEXEC);
	if (from < 0)
		return error_errno(err, errno, published, "cannot be opened");
	return copy_content(from, to, working, err);
}

void working_copy_write_early(const char *working)
{
	CLEANUP(close_fd) int fd = open(working, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		(void)!sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

bool working_copy_sync(const char *working, Error *err)
{
	CLEANUP(close_fd) int fd = open(working, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, errno, working, "cannot be opened");
	/* After a failed fsync the pages are gone: the copy is thrown away, never synced again. */
	return fsync(fd) == 0 || error_errno(err, errno, working, "cannot be written to the disk");
}

bool working_copy_put(const char *working, const char *path, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str folder = path_folder(str_from_c(path));

	if (!folder.len)
		folder = path[0] == '/' ? STR("/") : STR(".");
	if (rename(working, path) < 0)
		return error_errno(err, errno, path, "cannot be put in place");
	return folder_sync(arena_to_c(&arena, folder), err);
}
