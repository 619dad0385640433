/* A set of pages: one bit a page number. */
#ifndef SEARCH_PAGE_SET_H
#define SEARCH_PAGE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "blogsearch/arena.h"

typedef struct PageSet {
	uint64_t *bits;
	uint32_t n_words; /* of 64 bits */
} PageSet;

/* Empty. */
static inline PageSet page_set_new(uint32_t n_slots, Arena *arena)
{
	uint32_t n_words = (n_slots + 63) / 64;

	return (PageSet){ arena_new_n(arena, uint64_t, n_words), n_words };
}

static inline PageSet page_set_copy(PageSet set, Arena *arena)
{
	PageSet copy = page_set_new(set.n_words * 64, arena);

	if (set.n_words)
		memcpy(copy.bits, set.bits, set.n_words * sizeof(uint64_t));
	return copy;
}

static inline void page_set_add(PageSet set, uint32_t page)
{
	set.bits[page / 64] |= UINT64_C(1) << (page % 64);
}

static inline void page_set_remove(PageSet set, uint32_t page)
{
	set.bits[page / 64] &= ~(UINT64_C(1) << (page % 64));
}

static inline bool page_set_has(PageSet set, uint32_t page)
{
	return set.bits[page / 64] >> (page % 64) & 1;
}

static inline void page_set_and(PageSet set, PageSet other)
{
	for (uint32_t i = 0; i < set.n_words; i++)
		set.bits[i] &= other.bits[i];
}

/* @other may be shorter or longer. */
static inline void page_set_or(PageSet set, PageSet other)
{
	for (uint32_t i = 0; i < set.n_words && i < other.n_words; i++)
		set.bits[i] |= other.bits[i];
}

static inline void page_set_and_not(PageSet set, PageSet other)
{
	for (uint32_t i = 0; i < set.n_words; i++)
		set.bits[i] &= ~other.bits[i];
}

static inline uint32_t page_set_count(PageSet set)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < set.n_words; i++)
		n += (uint32_t)__builtin_popcountll(set.bits[i]);
	return n;
}

/* The next page of @set that is at least *page; false behind the last. for (p = 0; page_set_next(set, &p); p++) */
static inline bool page_set_next(PageSet set, uint32_t *page)
{
	uint32_t i = *page / 64;
	uint64_t word;

	if (i >= set.n_words)
		return false;
	word = set.bits[i] >> (*page % 64) << (*page % 64);
	while (!word) {
		if (++i >= set.n_words)
			return false;
		word = set.bits[i];
	}
	*page = i * 64 + (uint32_t)__builtin_ctzll(word);
	return true;
}

#endif
