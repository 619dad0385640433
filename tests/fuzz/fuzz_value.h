/* What holds for every parsed tree, whichever format it came from. */
#ifndef FUZZ_VALUE_H
#define FUZZ_VALUE_H

#include "fuzz.h"

#include "blogsearch/json.h"
#include "blogsearch/limits.h"
#include "blogsearch/value.h"

/* Keys stand once, nothing lies too deep, what is text is UTF-8; the number of values. */
static unsigned check_value(const Value *value, unsigned depth)
{
	unsigned n = 1;

	FUZZ_ASSERT(depth <= LIMIT_VALUE_DEPTH + 1 && str_is_utf8(value->text));
	if (value->kind == VALUE_LIST)
		for (size_t i = 0; i < value->list.n; i++)
			n += check_value(value->list.items[i], depth + 1);
	for (size_t i = 0; value->kind == VALUE_MAP && i < value->map.n; i++) {
		FUZZ_ASSERT(str_is_utf8(value->map.entries[i].key));
		for (size_t k = 0; k < i; k++)
			FUZZ_ASSERT(!str_equal(value->map.entries[k].key, value->map.entries[i].key));
		n += check_value(value->map.entries[i].value, depth + 1);
	}
	return n;
}

static UNUSED unsigned depth_of(const Value *value)
{
	unsigned deepest = 0, n = value->kind == VALUE_LIST ? value->list.n : value->kind == VALUE_MAP ? value->map.n : 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned depth = depth_of(value->kind == VALUE_LIST ? value->list.items[i] : value->map.entries[i].value);

		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + (value->kind == VALUE_LIST || value->kind == VALUE_MAP);
}

static UNUSED void write_value(JsonWriter *json, const Value *value)
{
	switch (value->kind) {
	case VALUE_NULL:
		json_null(json);
		break;
	case VALUE_BOOL:
		json_bool(json, value->boolean);
		break;
	case VALUE_INT:
		json_int(json, value->integer);
		break;
	case VALUE_LIST:
		json_begin_array(json);
		for (size_t i = 0; i < value->list.n; i++)
			write_value(json, value->list.items[i]);
		json_end_array(json);
		break;
	case VALUE_MAP:
		json_begin_object(json);
		for (size_t i = 0; i < value->map.n; i++) {
			json_key(json, value->map.entries[i].key);
			write_value(json, value->map.entries[i].value);
		}
		json_end_object(json);
		break;
	default:
		json_string(json, value->text);
		break;
	}
}

/* The same kinds, keys and texts; what was written as a string is one. */
static UNUSED void check_same(const Value *a, const Value *b)
{
	bool is_text = a->kind == VALUE_FLOAT || a->kind == VALUE_TIME || a->kind == VALUE_STRING;

	FUZZ_ASSERT(is_text ? b->kind == VALUE_STRING && str_equal(a->text, b->text) : a->kind == b->kind);
	if (a->kind == VALUE_BOOL)
		FUZZ_ASSERT(a->boolean == b->boolean);
	if (a->kind == VALUE_INT)
		FUZZ_ASSERT(a->integer == b->integer);
	if (a->kind == VALUE_LIST) {
		FUZZ_ASSERT(a->list.n == b->list.n);
		for (size_t i = 0; i < a->list.n; i++)
			check_same(a->list.items[i], b->list.items[i]);
	}
	if (a->kind == VALUE_MAP) {
		FUZZ_ASSERT(a->map.n == b->map.n);
		for (size_t i = 0; i < a->map.n; i++) {
			FUZZ_ASSERT(str_equal(a->map.entries[i].key, b->map.entries[i].key));
			check_same(a->map.entries[i].value, b->map.entries[i].value);
		}
	}
}

typedef bool (*ParseValue)(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err);

/*
 * What cannot be read says so, with a line that the text has; what is read is bounded, and
 * written as JSON and read again it is the same.
 */
static UNUSED void check_parser(ParseValue parse, Str text)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(buf_deinit) Buf written = BUF_INIT(BUF_NO_CEILING);
	JsonWriter json = json_writer(&written);
	Value *value, *again;

	/* As everywhere: what is no text is refused before. */
	if (!str_is_utf8(text) || str_find_char(text, '\0') != STR_NOT_FOUND)
		return;
	if (!parse(text, "page.md", 1, &arena, &value, &err)) {
		FUZZ_ASSERT((err.code == ERROR_SYNTAX || err.code == ERROR_TOO_LARGE) && err.what && err.file);
		FUZZ_ASSERT(err.line <= text.len + 2);
		return;
	}
	FUZZ_ASSERT(check_value(value, 0) <= 2 * LIMIT_VALUE_NODES);
	if ((value->kind != VALUE_MAP && value->kind != VALUE_LIST) || depth_of(value) > LIMIT_VALUE_DEPTH)
		return;
	write_value(&json, value);
	/* NUL is written as \u0000, which jansson does not take by itself. */
	if (buf_failed(&written) || str_find(buf_str(&written), STR("\\u0000")) != STR_NOT_FOUND)
		return;
	FUZZ_ASSERT(json_parse(buf_str(&written), "written", 1, &arena, &again, NULL));
	check_same(value, again);
}

#endif
