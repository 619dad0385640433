/* Open addressing with linear probing over entry numbers; entries lie in the order of insertion. */
#include "blogsearch/map.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"

void map_deinit(Map *map)
{
	free(map->entries);
	free(map->slots);
	arena_deinit(&map->keys);
	*map = (Map)MAP_INIT;
}

void map_clear(Map *map)
{
	if (map->n_slots)
		memset(map->slots, 0, map->n_slots * sizeof(*map->slots));
	map->n = 0;
	arena_reset(&map->keys);
}

/* The slot of @key: its own, or the free one where it belongs. */
static size_t find_slot(const Map *map, Str key, uint64_t hash)
{
	size_t at = hash & (map->n_slots - 1);

	while (map->slots[at]) {
		const MapEntry *entry = &map->entries[map->slots[at] - 1];

		if (entry->hash == hash && str_equal(entry->key, key))
			break;
		at = (at + 1) & (map->n_slots - 1);
	}
	return at;
}

static void grow(Map *map)
{
	size_t n_slots = map->n_slots ? map->n_slots * 2 : 16;

	free(map->slots);
	map->slots = xcalloc(n_slots, sizeof(*map->slots));
	map->n_slots = n_slots;
	map->capacity = n_slots / 2;
	map->entries = xreallocarray(map->entries, map->capacity, sizeof(*map->entries));
	for (size_t i = 0; i < map->n; i++)
		map->slots[find_slot(map, map->entries[i].key, map->entries[i].hash)] = (uint32_t)i + 1;
}

MapEntry *map_put(Map *map, Str key, bool *ret_is_new)
{
	uint64_t hash = hash_bytes(key);
	size_t slot;
	bool is_new;

	if (map->n == map->capacity)
		grow(map);
	slot = find_slot(map, key, hash);
	is_new = !map->slots[slot];
	if (is_new) {
		map->entries[map->n++] = (MapEntry){ arena_str_dup(&map->keys, key), 0, hash };
		map->slots[slot] = (uint32_t)map->n;
	}
	if (ret_is_new)
		*ret_is_new = is_new;
	return &map->entries[map->slots[slot] - 1];
}

MapEntry *map_get(const Map *map, Str key)
{
	size_t slot;

	if (!map->n)
		return NULL;
	slot = find_slot(map, key, hash_bytes(key));
	return map->slots[slot] ? &map->entries[map->slots[slot] - 1] : NULL;
}
