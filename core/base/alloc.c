/* Allocation that aborts when there is no memory, and the functions behind CLEANUP. */
#include "blogsearch/alloc.h"

#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "blogsearch/cleanup.h"

#define PAGE_OF_ITS_OWN (4u << 20) /* bytes; such a block can grow without being copied, and is given back at once */
#define LARGE_PAGE      (2u << 20)

static void *or_abort(void *pointer)
{
	if (!pointer) {
		fputs("blogsearch: out of memory\n", stderr);
		abort();
	}
	return pointer;
}

void *xmalloc(size_t size)
{
	return or_abort(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
	return or_abort(calloc(n ? n : 1, size ? size : 1));
}

void *xrealloc(void *pointer, size_t size)
{
	return or_abort(realloc(pointer, size ? size : 1));
}

void *xreallocarray(void *pointer, size_t n, size_t size)
{
	size_t n_bytes;

	if (__builtin_mul_overflow(n, size, &n_bytes))
		or_abort(NULL);
	return xrealloc(pointer, n_bytes);
}

char *xstrndup(const char *text, size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *xstrdup(const char *text)
{
	return xstrndup(text, strlen(text));
}

char *xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vasprintf(&text, format, arguments);
	va_end(arguments);
	return or_abort(n < 0 ? NULL : text);
}

void alloc_expect(size_t n_bytes)
{
#ifdef __GLIBC__
	uintptr_t before = (uintptr_t)sbrk(0), after;

	mallopt(M_MMAP_THRESHOLD, PAGE_OF_ITS_OWN);
	mallopt(M_TRIM_THRESHOLD, INT32_MAX);
	mallopt(M_TOP_PAD, (int)(n_bytes < INT32_MAX ? n_bytes : INT32_MAX));
	free(xmalloc(PAGE_OF_ITS_OWN / 2)); /* more than the heap has: it grows by all of it */
	mallopt(M_TOP_PAD, LARGE_PAGE);
	after = (uintptr_t)sbrk(0);
	before = (before + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
	if (after > before) /* not so where another allocator stands in its place */
		madvise((void *)before, after - before, MADV_HUGEPAGE);
#else
	(void)n_bytes;
#endif
}

void free_ptr(void *pointer_to_pointer)
{
	free(*(void **)pointer_to_pointer);
}

void close_fd(int *fd)
{
	int saved_errno = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved_errno;
}
