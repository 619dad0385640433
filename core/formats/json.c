/* JSON by jansson, which bounds its own depth (2048): ours is checked before, on the text. */
#include <jansson.h>

#include "blogsearch/limits.h"
#include "blogsearch/value.h"

/* Brackets outside of strings; true where they nest deeper than @limit. */
static bool is_too_deep(Str text, unsigned limit)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '[') && ++depth > limit)
			return true;
		else if (!in_string && (c == '}' || c == ']') && depth)
			depth--;
	}
	return false;
}

static Value *convert(json_t *json, Arena *arena, unsigned *n_nodes)
{
	Value *value = arena_new(arena, Value), *item;
	const char *key;
	size_t i;
	json_t *child;

	if (++*n_nodes > LIMIT_VALUE_NODES)
		return NULL;
	switch (json_typeof(json)) {
	case JSON_NULL:
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		value->kind = VALUE_BOOL;
		value->boolean = json_is_true(json);
		value->text = value->boolean ? STR("true") : STR("false");
		break;
	case JSON_INTEGER:
		value->kind = VALUE_INT;
		value->integer = json_integer_value(json);
		value->text = arena_printf(arena, "%lld", (long long)value->integer);
		break;
	case JSON_REAL:
		value->kind = VALUE_FLOAT;
		value->number = json_real_value(json);
		value->text = arena_printf(arena, "%.17g", value->number);
		break;
	case JSON_STRING:
		value->kind = VALUE_STRING;
		value->is_quoted = true;
		value->text = arena_str_dup(arena, (Str){ json_string_value(json), json_string_length(json) });
		break;
	case JSON_ARRAY:
		value->kind = VALUE_LIST;
		json_array_foreach(json, i, child) {
			item = convert(child, arena, n_nodes);
			if (!item)
				return NULL;
			value_push(arena, value, item);
		}
		break;
	case JSON_OBJECT:
		value->kind = VALUE_MAP;
		json_object_foreach(json, key, child) {
			item = convert(child, arena, n_nodes);
			if (!item)
				return NULL;
			value_set(arena, value, arena_str_dup(arena, str_from_c(key)), item);
		}
		break;
	}
	return value;
}

bool json_parse(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err)
{
	json_error_t why;
	unsigned n_nodes = 0;
	json_t *json;

	if (is_too_deep(text, LIMIT_VALUE_DEPTH))
		return error_at(err, ERROR_TOO_LARGE, name, first_line, "is nested too deeply", "at most 32 levels are read");
	if (!str_trim(text).len) {
		*ret_value = value_new_map(arena);
		return true;
	}
	json = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!json) {
		error_set(err, ERROR_SYNTAX, "is no JSON: %s", why.text);
		return error_place(err, name, first_line + (why.line > 0 ? (unsigned)why.line - 1 : 0),
		                   why.column > 0 ? (unsigned)why.column : 0);
	}
	*ret_value = convert(json, arena, &n_nodes);
	json_decref(json);
	return *ret_value || error_at(err, ERROR_TOO_LARGE, name, first_line, "has too many values",
	                              "at most 20,000 are read");
}
