/* See read_source.h. */
#include "read_source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"

#define SECOND_NS 1000000000ll
/*
 * A file system's clock ticks with the kernel's timer at best; some count whole seconds only,
 * FAT counts pairs of them. What was written in the tick in which it is read may be written
 * once more in the same tick.
 */
#define TICK_NS        (20 * 1000000ll)
#define COARSE_TICK_NS (2 * SECOND_NS)
#define READS_AT_MOST  3 /* of a file that changes while it is read */

static int64_t mtime_ns(const struct stat *info)
{
	return (int64_t)info->st_mtim.tv_sec * SECOND_NS + info->st_mtim.tv_nsec;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && mtime_ns(a) == mtime_ns(b) && a->st_ino == b->st_ino;
}

/* A time to come (clocks that differ, a clock set back) does not settle either. */
static bool is_settled(const struct stat *info, int64_t now_ns)
{
	int64_t tick = info->st_mtim.tv_nsec ? TICK_NS : COARSE_TICK_NS;

	return mtime_ns(info) < now_ns - tick;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

static bool stat_open(int fd, const char *name, struct stat *info, Error *err)
{
	return fstat(fd, info) == 0 || error_errno(err, errno, name, "cannot be looked at");
}

bool read_source(const Site *site, const SourceFile *source, Arena *arena, SourceBytes *ret_bytes, Error *err)
{
	const char *path = arena_to_c(arena, path_join(arena, str_from_c(site->root), source->file));
	const char *name = arena_to_c(arena, source->file);
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct stat before, after;
	int64_t start_ns = now_ns();

	if (fd < 0 && errno == ENOENT)
		return error_at(err, ERROR_NOT_FOUND, name, 0, "is not there any more", NULL);
	if (fd < 0)
		return error_errno(err, errno, name, "cannot be opened");
	if (!stat_open(fd, name, &after, err))
		return false;
	for (unsigned n = 0; n < READS_AT_MOST; n++) {
		before = after;
		if (!file_read_fd(fd, name, LIMIT_PAGE_BYTES, arena, &ret_bytes->text, err) ||
		    !stat_open(fd, name, &after, err))
			return false;
		if (is_same_file(&before, &after))
			break;
	}
	ret_bytes->hash = hash_bytes(ret_bytes->text);
	ret_bytes->size = ret_bytes->text.len;
	ret_bytes->mtime_ns = mtime_ns(&after);
	ret_bytes->is_settled = is_same_file(&before, &after) && is_settled(&after, start_ns);
	return true;
}
