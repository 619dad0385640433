/*
 * A hash map from byte strings to 64-bit numbers (or pointers cast to them). Keys are
 * copied into the map. Not thread-safe. Order of iteration: order of insertion.
 */
#ifndef BLOGSEARCH_MAP_H
#define BLOGSEARCH_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

typedef struct MapEntry {
	Str key; /* lives as long as the map */
	uint64_t value;
	uint64_t hash;
} MapEntry;

typedef struct Map {
	MapEntry *entries; /* in order of insertion */
	size_t n;
	size_t capacity;
	uint32_t *slots; /* entry number + 1; 0 is free */
	size_t n_slots;
	Arena keys;
} Map;

#define MAP_INIT { 0 }

void map_deinit(Map *map);
void map_clear(Map *map);
/* The entry of @key, made with value 0 where it was missing; valid until the next map_put. */
MapEntry *map_put(Map *map, Str key, bool *ret_is_new);
/* NULL where @key is missing. */
MapEntry *map_get(const Map *map, Str key);

#endif
