/* Blocks in a list, the newest first, each twice as large as the one before up to a bound. */
#include "blogsearch/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"

#define FIRST_BLOCK   4096
#define LARGEST_BLOCK (1u << 20)

struct ArenaBlock {
	ArenaBlock *older;
	size_t size, used;
	_Alignas(max_align_t) char bytes[];
};

static void free_blocks(ArenaBlock *block)
{
	while (block) {
		ArenaBlock *older = block->older;

		free(block);
		block = older;
	}
}

void arena_deinit(Arena *arena)
{
	free_blocks(arena->block);
	*arena = (Arena)ARENA_INIT;
}

void arena_reset(Arena *arena)
{
	if (!arena->block)
		return;
	free_blocks(arena->block->older);
	arena->block->older = NULL;
	arena->block->used = 0;
	arena->n_bytes = 0;
}

static ArenaBlock *add_block(Arena *arena, size_t wanted)
{
	size_t size = arena->block ? arena->block->size * 2 : FIRST_BLOCK;
	ArenaBlock *block;

	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	if (size < wanted)
		size = wanted;
	block = xmalloc(sizeof(ArenaBlock) + size);
	block->size = size;
	block->used = 0;
	block->older = arena->block;
	arena->block = block;
	return block;
}

/* Not zeroed. */
static void *take(Arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	size_t wanted;
	ArenaBlock *block = arena->block;
	void *memory;

	if (__builtin_add_overflow(size ? size : 1, align - 1, &wanted))
		abort();
	wanted &= ~(align - 1);
	if (!block || block->size - block->used < wanted)
		block = add_block(arena, wanted);
	memory = block->bytes + block->used;
	block->used += wanted;
	arena->n_bytes += wanted;
	return memory;
}

void *arena_alloc(Arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

void *arena_alloc_array(Arena *arena, size_t n, size_t size)
{
	size_t n_bytes;

	if (__builtin_mul_overflow(n, size, &n_bytes))
		abort();
	return arena_alloc(arena, n_bytes);
}

void *arena_dup_array(Arena *arena, const void *items, size_t n, size_t size)
{
	size_t n_bytes;
	void *copy;

	if (__builtin_mul_overflow(n, size, &n_bytes))
		abort();
	copy = take(arena, n_bytes);
	return n_bytes ? memcpy(copy, items, n_bytes) : copy;
}

char *arena_to_c(Arena *arena, Str str)
{
	char *copy = take(arena, str.len + 1);

	if (str.len)
		memcpy(copy, str.data, str.len);
	copy[str.len] = '\0';
	return copy;
}

Str arena_str_dup(Arena *arena, Str str)
{
	return (Str){ arena_to_c(arena, str), str.len };
}

Str arena_concat(Arena *arena, Str a, Str b)
{
	char *joined = take(arena, a.len + b.len + 1);

	if (a.len)
		memcpy(joined, a.data, a.len);
	if (b.len)
		memcpy(joined + a.len, b.data, b.len);
	joined[a.len + b.len] = '\0';
	return (Str){ joined, a.len + b.len };
}

Str arena_printf(Arena *arena, const char *format, ...)
{
	va_list arguments, again;
	char *text;
	int n;

	va_start(arguments, format);
	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (n < 0)
		abort(); /* a format that cannot be */
	text = arena_alloc(arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return (Str){ text, (size_t)n };
}
