/* Looking into parsed trees, casting, merging. */
#include "blogsearch/value.h"

#include <stdlib.h>

const ValueEntry *value_entry(const Value *value, Str key)
{
	if (!value || value->kind != VALUE_MAP)
		return NULL;
	for (size_t i = 0; i < value->map.n; i++)
		if (str_equal_nocase(value->map.entries[i].key, key))
			return &value->map.entries[i];
	return NULL;
}

const Value *value_get(const Value *value, Str key)
{
	const ValueEntry *entry = value_entry(value, key);

	return entry ? entry->value : NULL;
}

const Value *value_path(const Value *value, const char *dotted)
{
	Str rest = str_from_c(dotted), key;

	while (value && str_split_next(&rest, '.', &key))
		value = value_get(value, key);
	return value;
}

Str value_text(const Value *value)
{
	if (!value || value->kind == VALUE_NULL || value->kind == VALUE_LIST || value->kind == VALUE_MAP)
		return STR_EMPTY;
	return value->text;
}

bool value_bool(const Value *value, bool otherwise)
{
	if (!value)
		return otherwise;
	if (value->kind == VALUE_BOOL)
		return value->boolean;
	if (value->kind == VALUE_STRING && str_equal_nocase(value->text, STR("true")))
		return true;
	if (value->kind == VALUE_STRING && str_equal_nocase(value->text, STR("false")))
		return false;
	return otherwise;
}

int64_t value_int(const Value *value, int64_t otherwise)
{
	int64_t number;

	if (value && value->kind == VALUE_INT)
		return value->integer;
	if (value && value->kind == VALUE_FLOAT && value->number > -9e18 && value->number < 9e18)
		return (int64_t)value->number;
	if (value && value->kind == VALUE_STRING && str_to_i64(str_trim(value->text), &number))
		return number;
	return otherwise;
}

double value_number(const Value *value, double otherwise)
{
	if (value && value->kind == VALUE_INT)
		return (double)value->integer;
	if (value && value->kind == VALUE_FLOAT)
		return value->number;
	return otherwise;
}

Value *value_new_map(Arena *arena)
{
	Value *value = arena_new(arena, Value);

	value->kind = VALUE_MAP;
	return value;
}

Value *value_new_list(Arena *arena)
{
	Value *value = arena_new(arena, Value);

	value->kind = VALUE_LIST;
	return value;
}

Value *value_new_string(Arena *arena, Str text)
{
	Value *value = arena_new(arena, Value);

	value->kind = VALUE_STRING;
	value->text = text;
	return value;
}

/* Whether an array of @n items, grown by doubling, is full. */
static bool is_full(size_t n)
{
	return (n & (n - 1)) == 0;
}

static void *grow(Arena *arena, const void *items, size_t n, size_t size)
{
	void *grown;

	if (!is_full(n))
		return (void *)items;
	grown = arena_alloc_array(arena, n ? n * 2 : 1, size);
	if (n)
		memcpy(grown, items, n * size);
	return grown;
}

void value_set(Arena *arena, Value *map, Str key, Value *value)
{
	for (size_t i = 0; i < map->map.n; i++)
		if (str_equal(map->map.entries[i].key, key)) {
			map->map.entries[i].value = value;
			return;
		}
	map->map.entries = grow(arena, map->map.entries, map->map.n, sizeof(ValueEntry));
	map->map.entries[map->map.n++] = (ValueEntry){ key, value->line, value };
}

void value_push(Arena *arena, Value *list, Value *value)
{
	list->list.items = grow(arena, list->list.items, list->list.n, sizeof(Value *));
	list->list.items[list->list.n++] = value;
}

Value *value_merge(Arena *arena, const Value *under, const Value *over)
{
	Value *merged;

	if (!under || !over || under->kind != VALUE_MAP || over->kind != VALUE_MAP)
		return (Value *)(over ? over : under);
	merged = value_new_map(arena);
	merged->line = over->line;
	for (size_t i = 0; i < under->map.n; i++)
		value_set(arena, merged, under->map.entries[i].key, under->map.entries[i].value);
	for (size_t i = 0; i < over->map.n; i++) {
		const ValueEntry *entry = &over->map.entries[i];
		const ValueEntry *before = value_entry(merged, entry->key);

		/* Keys differ in case where one file writes them so and another otherwise. */
		value_set(arena, merged, before ? before->key : entry->key,
		          value_merge(arena, before ? before->value : NULL, entry->value));
	}
	return merged;
}
