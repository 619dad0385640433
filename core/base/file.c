/* See file.h. */
#include "blogsearch/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "blogsearch/alloc.h"

#define LINKS_AT_MOST 40 /* as many as Linux follows */

bool file_read_fd(int fd, const char *name, size_t limit, Arena *arena, Str *ret_bytes, Error *err)
{
	struct stat info;
	size_t n_read = 0, n_wanted;
	char *bytes;

	if (fstat(fd, &info) < 0)
		return error_errno(err, errno, name, "cannot be looked at");
	if (!S_ISREG(info.st_mode))
		return error_at(err, ERROR_IO, name, 0, S_ISDIR(info.st_mode) ? "is a folder" : "is no regular file", NULL);
	if ((uint64_t)info.st_size > limit) {
		error_set(err, ERROR_TOO_LARGE, "is larger than %zu bytes", limit);
		return error_place(err, name, 0, 0);
	}
	/* What it was when it was looked at: a file that grows meanwhile is read up to there. */
	n_wanted = (size_t)info.st_size;
	bytes = arena_alloc(arena, n_wanted + 1);
	while (n_read < n_wanted) {
		ssize_t n = pread(fd, bytes + n_read, n_wanted - n_read, (off_t)n_read);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, errno, name, "cannot be read");
		if (n == 0)
			break;
		n_read += (size_t)n;
	}
	bytes[n_read] = '\0';
	*ret_bytes = (Str){ bytes, n_read };
	return true;
}

bool file_read(const char *path, size_t limit, Arena *arena, Str *ret_bytes, Error *err)
{
	/* Without O_NONBLOCK opening a FIFO would wait for a writer. */
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return error_at(err, ERROR_NOT_FOUND, path, 0, "is not there", NULL);
	if (fd < 0)
		return error_errno(err, errno, path, "cannot be opened");
	return file_read_fd(fd, path, limit, arena, ret_bytes, err);
}

bool fd_write_all(int fd, Str bytes, const char *name, Error *err)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.data, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, errno, name, "cannot be written");
		bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

bool folder_sync(const char *path, Error *err)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, errno, path, "cannot be opened");
	/* Some file systems do not sync folders: nothing more can be done there. */
	return fsync(fd) == 0 || errno == EINVAL || error_errno(err, errno, path, "cannot be written to the disk");
}

static bool make_one(const char *path, Error *err)
{
	struct stat info;

	if (mkdir(path, 0755) == 0)
		return true;
	if (errno == EEXIST && stat(path, &info) == 0) {
		if (S_ISDIR(info.st_mode))
			return true;
		errno = ENOTDIR;
	}
	return error_errno(err, errno, path, "cannot be made");
}

bool folder_make(const char *path, Error *err)
{
	CLEANUP(free_ptr) char *copy = xstrdup(path);
	struct stat info;

	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
		return true;
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!make_one(copy, err))
			return false;
		*slash = '/';
	}
	return make_one(copy, err);
}

Str path_join(Arena *arena, Str folder, Str name)
{
	char *path;

	if (!folder.len || (name.len && name.data[0] == '/'))
		return arena_str_dup(arena, name);
	if (!name.len)
		return arena_str_dup(arena, folder);
	if (folder.data[folder.len - 1] == '/')
		return arena_concat(arena, folder, name);
	path = arena_new_n(arena, char, folder.len + name.len + 2);
	memcpy(path, folder.data, folder.len);
	path[folder.len] = '/';
	memcpy(path + folder.len + 1, name.data, name.len);
	return (Str){ path, folder.len + 1 + name.len };
}

char *path_follow(const char *path)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	const char *followed = path;

	for (int n = 0; n < LINKS_AT_MOST; n++) {
		char target[PATH_MAX];
		ssize_t n_bytes = readlink(followed, target, sizeof(target));
		Str folder;

		if (n_bytes < 0 || (size_t)n_bytes == sizeof(target))
			return xstrdup(followed);
		folder = path_folder(str_from_c(followed));
		if (!folder.len && followed[0] == '/')
			folder = STR("/");
		followed = arena_to_c(&arena, path_join(&arena, folder, (Str){ target, (size_t)n_bytes }));
	}
	return xstrdup(path);
}

Str path_folder(Str path)
{
	size_t slash = str_rfind_char(path, '/');

	return slash == STR_NOT_FOUND ? STR_EMPTY : str_slice(path, 0, slash);
}

Str path_base(Str path)
{
	size_t slash = str_rfind_char(path, '/');

	return slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);
}

Str path_extension(Str base)
{
	size_t dot = str_rfind_char(base, '.');

	return dot == STR_NOT_FOUND || dot == 0 ? STR_EMPTY : str_from(base, dot + 1);
}
