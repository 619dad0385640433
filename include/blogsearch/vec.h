/*
 * Growing arrays on the heap: `typedef VEC(Page) PageVec;`. Zeroed is empty. Items move when it grows.
 */
#ifndef BLOGSEARCH_VEC_H
#define BLOGSEARCH_VEC_H

#include <stddef.h>
#include <stdlib.h>

#include "alloc.h"

#define VEC(T)              \
	struct {            \
		T *items;   \
		size_t n;   \
		size_t capacity; \
	}

#define vec_reserve(v, wanted)                                                                       \
	do {                                                                                         \
		if ((v)->capacity < (size_t)(wanted)) {                                              \
			size_t new_ = (v)->capacity ? (v)->capacity * 2 : 8;                         \
			if (new_ < (size_t)(wanted))                                                 \
				new_ = (wanted);                                                     \
			(v)->items = xreallocarray((v)->items, new_, sizeof(*(v)->items));           \
			(v)->capacity = new_;                                                        \
		}                                                                                    \
	} while (0)

/* vec_push(&v, item): @item may be a compound literal. */
#define vec_push(v, ...)                                \
	do {                                            \
		vec_reserve((v), (v)->n + 1);           \
		(v)->items[(v)->n++] = (__VA_ARGS__);   \
	} while (0)

#define vec_deinit(v)                    \
	do {                             \
		free((v)->items);        \
		(v)->items = NULL;       \
		(v)->n = (v)->capacity = 0; \
	} while (0)

#define VEC_FOREACH(item, v) \
	for (__typeof__((v)->items + 0) item = (v)->items; item && item < (v)->items + (v)->n; item++)

#endif
