/*
 * One arena per unit of work (a page being indexed, a request being answered): what it
 * hands out lives until arena_deinit(). What must outlive it is copied by name
 * (arena_str_dup into another arena, str_dup onto the heap). Not thread-safe.
 */
#ifndef BLOGSEARCH_ARENA_H
#define BLOGSEARCH_ARENA_H

#include <stddef.h>

#include "cleanup.h"
#include "str.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
	ArenaBlock *block; /* the newest; linked to the older ones */
	size_t n_bytes;    /* handed out so far                     */
} Arena;

#define ARENA_INIT { 0 }

void arena_deinit(Arena *arena);
/* Forgets everything, keeps one block for the next unit of work. */
void arena_reset(Arena *arena);

/* Zeroed, aligned for any type. Never NULL. */
void *arena_alloc(Arena *arena, size_t size);
void *arena_alloc_array(Arena *arena, size_t n, size_t size);
#define arena_new(arena, T)      ((T *)arena_alloc((arena), sizeof(T)))
#define arena_new_n(arena, T, n) ((T *)arena_alloc_array((arena), (n), sizeof(T)))
void *arena_dup_array(Arena *arena, const void *items, size_t n, size_t size);
#define arena_dup_n(arena, T, items, n) ((T *)arena_dup_array((arena), (items), (n), sizeof(T)))

/* Copies; the bytes are followed by a NUL that is not counted. */
Str arena_str_dup(Arena *arena, Str str);
char *arena_to_c(Arena *arena, Str str);
Str arena_printf(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
/* @a and @b joined. */
Str arena_concat(Arena *arena, Str a, Str b);

#endif
