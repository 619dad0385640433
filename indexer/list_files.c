/* Folders are opened one below the other by openat with O_NOFOLLOW: no link leads out of the site. */
#include "list_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"

typedef struct Walk {
	Arena *arena;
	FileList *files;
	IsContent is_content;
	OnUnreadable on_unreadable;
	void *context;
} Walk;

static void walk_folder(Walk *walk, int fd, Str path, unsigned depth);

static void report(Walk *walk, Str path, int errno_value)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	error_errno(&err, errno_value, NULL, "cannot be read");
	if (walk->on_unreadable)
		walk->on_unreadable(walk->context, path, true, &err);
}

static void report_left_out(Walk *walk, Str path, bool is_folder, const char *what, const char *hint)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	error_at(&err, ERROR_SITE, NULL, 0, what, hint);
	if (walk->on_unreadable)
		walk->on_unreadable(walk->context, path, is_folder, &err);
}

static bool leads_to_folder(int folder, const char *name)
{
	struct stat info;

	return fstatat(folder, name, &info, 0) == 0 && S_ISDIR(info.st_mode);
}

static bool is_left_out(const char *name)
{
	return name[0] == '.' || strcmp(name, "node_modules") == 0;
}

/* What the folder itself tells need not be asked for; a size and a time only content has. */
static bool look_at(const Walk *walk, int folder, const struct dirent *entry, struct stat *info)
{
	bool is_content = walk->is_content && walk->is_content(str_from_c(entry->d_name));

	if (entry->d_type != DT_DIR && (is_content || entry->d_type != DT_REG))
		return fstatat(folder, entry->d_name, info, AT_SYMLINK_NOFOLLOW) == 0;
	*info = (struct stat){ .st_mode = entry->d_type == DT_DIR ? S_IFDIR : S_IFREG };
	return true;
}

static void take_entry(Walk *walk, int folder, const struct dirent *entry, Str path, unsigned depth)
{
	const char *name = entry->d_name;
	struct stat info;

	if (!look_at(walk, folder, entry, &info)) {
		if (errno != ENOENT)
			report(walk, path, errno);
		return;
	}
	if (S_ISREG(info.st_mode)) {
		vec_push(walk->files, (FileEntry){ path, (uint64_t)info.st_size,
		                                   (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec });
	} else if (S_ISLNK(info.st_mode)) {
		report_left_out(walk, path, leads_to_folder(folder, name), "is a symbolic link, which is not followed",
		                "put what it leads to in its place");
	} else if (!S_ISDIR(info.st_mode)) {
		report_left_out(walk, path, false, "is no regular file", NULL);
	} else if (depth >= LIMIT_FOLDER_DEPTH) {
		report_left_out(walk, path, true, "lies too deep", "at most 64 folders, one in the other, are looked into");
	} else {
		int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd < 0)
			report(walk, path, errno);
		else
			walk_folder(walk, fd, path, depth + 1);
	}
}

/* Takes @fd over. */
static void walk_folder(Walk *walk, int fd, Str path, unsigned depth)
{
	DIR *dir = fdopendir(fd);

	if (!dir) {
		report(walk, path, errno);
		close(fd);
		return;
	}
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
		if (!is_left_out(entry->d_name))
			take_entry(walk, dirfd(dir), entry, path_join(walk->arena, path, str_from_c(entry->d_name)), depth);
	closedir(dir);
}

static int compare_files(const void *a, const void *b)
{
	return str_compare(((const FileEntry *)a)->path, ((const FileEntry *)b)->path);
}

void file_list_sort(FileList *files)
{
	if (files->n)
		qsort(files->items, files->n, sizeof(FileEntry), compare_files);
}

uint64_t file_list_stamp(const FileList *files, uint64_t seed)
{
	uint64_t sum = 0;

	VEC_FOREACH (file, files)
		sum += hash_more(hash_number(hash_number(seed, file->size), (uint64_t)file->mtime_ns), file->path);
	return hash_number(sum, files->n);
}

bool list_files(const char *folder, Arena *arena, IsContent is_content, OnUnreadable on_unreadable, void *context,
                FileList *ret_files, Error *err)
{
	Walk walk = { arena, ret_files, is_content, on_unreadable, context };
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		error_errno(err, errno, folder, "cannot be read");
		if (err)
			err->code = ERROR_SITE;
		return false;
	}
	walk_folder(&walk, fd, STR_EMPTY, 0);
	return true;
}
