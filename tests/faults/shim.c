/*
 * To be preloaded into the program under test: lets the n-th call of a kind on files below a
 * folder fail, and leaves word that it did.
 *
 *	FAULT_CALL    open, write, sync, rename, truncate, copy or read
 *	FAULT_AT      which of them, from 1
 *	FAULT_ERROR   errno to fail with; 0: half of the bytes are taken (write, copy, read);
 *	              -1: the folder vanishes (its name gets ".gone") and the call goes on
 *	FAULT_FOLDER  whose files count, no link in its path
 *	FAULT_MARK    file that is made when the fault has happened
 */
/* The names of libc that programs call: those with and those without 64. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_long n_calls;

static bool is_below(const char *path)
{
	const char *folder = getenv("FAULT_FOLDER");

	return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static bool counts(int fd)
{
	char link[64], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return is_below(path);
}

static void leave_mark(void)
{
	int fd = NEXT(open)(getenv("FAULT_MARK"), O_WRONLY | O_CREAT, 0600);

	if (fd >= 0)
		close(fd);
}

static void let_vanish(void)
{
	char gone[4096];

	snprintf(gone, sizeof(gone), "%s.gone", getenv("FAULT_FOLDER"));
	NEXT(rename)(getenv("FAULT_FOLDER"), gone);
}

/* Whether this call is the one: then errno is set, unless half of it is to be done. */
static bool fails(const char *call, bool is_counted, bool *ret_by_half)
{
	const char *wanted = getenv("FAULT_CALL");
	int error;

	*ret_by_half = false;
	if (!wanted || strcmp(wanted, call) != 0 || !is_counted ||
	    atomic_fetch_add(&n_calls, 1) + 1 != atol(getenv("FAULT_AT")))
		return false;
	leave_mark();
	error = atoi(getenv("FAULT_ERROR"));
	if (error < 0)
		let_vanish();
	*ret_by_half = error == 0;
	errno = error;
	return error > 0;
}

static size_t half(size_t n, bool by_half)
{
	return by_half && n > 1 ? n / 2 : n;
}

#define WRITER(name, call, extra_parameter, extra_argument)                       \
	ssize_t name(int fd, const void *bytes, size_t n extra_parameter)         \
	{                                                                         \
		bool by_half;                                                     \
                                                                                  \
		if (fails(call, counts(fd), &by_half))                            \
			return -1;                                                \
		return NEXT(name)(fd, bytes, half(n, by_half) extra_argument);    \
	}

#define COMMA ,
WRITER(write, "write", , )
WRITER(pwrite, "write", COMMA off_t at, COMMA at)
WRITER(pwrite64, "write", COMMA off64_t at, COMMA at)

#define READER(name)                                                              \
	ssize_t name(int fd, void *bytes, size_t n, off_t at)                     \
	{                                                                         \
		bool by_half;                                                     \
                                                                                  \
		if (fails("read", counts(fd), &by_half))                          \
			return -1;                                                \
		return NEXT(name)(fd, bytes, half(n, by_half), at);               \
	}

READER(pread)
READER(pread64)

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t n, unsigned flags)
{
	bool by_half;

	if (fails("copy", counts(to), &by_half))
		return -1;
	return NEXT(copy_file_range)(from, from_at, to, to_at, by_half ? 4096 : n, flags);
}

#define ON_FD(name, call)                                   \
	int name(int fd)                                    \
	{                                                   \
		bool by_half;                               \
                                                            \
		if (fails(call, counts(fd), &by_half))      \
			return -1;                          \
		return NEXT(name)(fd);                      \
	}

ON_FD(fsync, "sync")
ON_FD(fdatasync, "sync")

#define TRUNCATER(name)                                        \
	int name(int fd, off_t n)                              \
	{                                                      \
		bool by_half;                                  \
                                                               \
		if (fails("truncate", counts(fd), &by_half))   \
			return -1;                             \
		return NEXT(name)(fd, n);                      \
	}

TRUNCATER(ftruncate)
TRUNCATER(ftruncate64)

int rename(const char *from, const char *to)
{
	bool by_half;

	if (fails("rename", is_below(to), &by_half))
		return -1;
	return NEXT(rename)(from, to);
}

#define OPENER(name)                                                          \
	int name(const char *path, int flags, ...)                            \
	{                                                                     \
		va_list arguments;                                            \
		mode_t mode = 0;                                              \
		bool by_half;                                                 \
                                                                              \
		va_start(arguments, flags);                                   \
		if (flags & (O_CREAT | O_TMPFILE))                            \
			mode = va_arg(arguments, mode_t);                     \
		va_end(arguments);                                            \
		if (fails("open", is_below(path), &by_half))                  \
			return -1;                                            \
		return NEXT(name)(path, flags, mode);                         \
	}

OPENER(open)
OPENER(open64)
