/*
 * Cleanup by attribute, and ownership handed over in the last line. GNU C that gcc
 * and clang share.
 *
 *	CLEANUP(buf_deinit) Buf out = BUF_INIT(LIMIT);
 *	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
 *	...
 *	*ret_reader = TAKE(reader);
 */
#ifndef BLOGSEARCH_CLEANUP_H
#define BLOGSEARCH_CLEANUP_H

#include <stddef.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define MUST_CHECK  __attribute__((warn_unused_result))
#define UNUSED      __attribute__((unused))
#define PRINTF_LIKE(text, first) __attribute__((__format__(__printf__, text, first)))

/* The pointer, and NULL left in its place. */
#define TAKE(p)                         \
	({                              \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;             \
		taken_;                 \
	})

/* Makes fn##p(T **), for CLEANUP, from `T *fn(T *)`. */
#define DEFINE_FREEP(T, fn)                      \
	static inline UNUSED void fn##p(T **pp)  \
	{                                        \
		if (*pp)                         \
			*pp = fn(*pp);           \
	}

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* For CLEANUP(free_ptr) on any pointer from malloc's family. */
void free_ptr(void *pointer_to_pointer);
/* For CLEANUP(close_fd) on an int: closes it unless negative. */
void close_fd(int *fd);

#endif
