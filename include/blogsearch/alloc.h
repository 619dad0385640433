/*
 * Allocation that does not fail: out of memory aborts the process (what strangers can make
 * grow has a ceiling in limits.h). Free with free().
 */
#ifndef BLOGSEARCH_ALLOC_H
#define BLOGSEARCH_ALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *pointer, size_t size);
/* Grows to @n items of @size; aborts when the product overflows. */
void *xreallocarray(void *pointer, size_t n, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The process is about to use and give back up to @n_bytes, and to end: where the system can,
 * memory comes in large pages from now on, and what is freed is kept. Nothing is taken before it
 * is used. With small pages each first use of 4 KB is a trap into the kernel, which on rented
 * virtual machines may take as long as writing the page ten times over.
 */
void alloc_expect(size_t n_bytes);

#define xnew(T)     ((T *)xmalloc(sizeof(T)))
#define xnew0(T)    ((T *)xcalloc(1, sizeof(T)))
#define xnew_n(T, n)  ((T *)xreallocarray(NULL, (n), sizeof(T)))
#define xnew0_n(T, n) ((T *)xcalloc((n), sizeof(T)))

#endif
