/*
 * YAML by libyaml's events: its document API expands nothing but is quadratic in anchors, and
 * our own tree of aliases would be the bomb that it avoids. So: depth and nodes are counted
 * as events come, aliases are followed within the same count of nodes.
 *
 * Scalars are read as YAML 1.2's core schema has them; what a generator reads otherwise
 * (`yes`, `010`) it finds in Value.text.
 */
#include <stdlib.h>
#include <yaml.h>

#include "blogsearch/limits.h"
#include "blogsearch/map.h"
#include "blogsearch/value.h"

typedef struct Reader {
	yaml_parser_t parser;
	Arena *arena;
	const char *name;
	unsigned first_line;
	unsigned n_nodes;
	Map anchors; /* name → Value * */
	Error *err;
} Reader;

static unsigned line_of(const Reader *reader, yaml_mark_t mark)
{
	return reader->first_line + (unsigned)mark.line;
}

static bool fail_at(Reader *reader, ErrorCode code, yaml_mark_t mark, const char *what, const char *hint)
{
	error_at(reader->err, code, reader->name, 0, what, hint);
	return error_place(reader->err, reader->name, line_of(reader, mark), (unsigned)mark.column + 1);
}

static bool parser_failed(Reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	const char *problem = parser->problem ? parser->problem : "cannot be read";

	if (parser->error == YAML_MEMORY_ERROR)
		abort();
	if (parser->error == YAML_READER_ERROR) {
		/* There are no lines yet: only an offset. */
		error_set(reader->err, ERROR_SYNTAX, "is no YAML: %s at byte %zu", problem, parser->problem_offset);
		return error_place(reader->err, reader->name, reader->first_line, 0);
	}
	error_set(reader->err, ERROR_SYNTAX, "is no YAML: %s%s%s", parser->context ? parser->context : "",
	          parser->context ? ", " : "", problem);
	return error_place(reader->err, reader->name, line_of(reader, parser->problem_mark),
	                   (unsigned)parser->problem_mark.column + 1);
}

static bool next_event(Reader *reader, yaml_event_t *event)
{
	return yaml_parser_parse(&reader->parser, event) || parser_failed(reader);
}

/* --- Scalars -------------------------------------------------------------------------------------- */

static bool is_word(Str text, const char *lower)
{
	return str_equal_nocase(text, str_from_c(lower));
}

static size_t count_digits(Str text, size_t at)
{
	size_t n = 0;

	while (at + n < text.len && text.data[at + n] >= '0' && text.data[at + n] <= '9')
		n++;
	return n;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? : versions like 1.2.3 are none. */
static bool looks_like_number(Str text)
{
	size_t at = text.len && strchr("+-", text.data[0]), n = count_digits(text, at), n_decimals = 0;

	at += n;
	if (at < text.len && text.data[at] == '.') {
		n_decimals = count_digits(text, ++at);
		at += n_decimals;
	}
	if (!n && !n_decimals)
		return false;
	if (at < text.len && (text.data[at] | 0x20) == 'e') {
		at++;
		at += at < text.len && strchr("+-", text.data[at]);
		n = count_digits(text, at);
		at += n;
		if (!n)
			return false;
	}
	return at == text.len;
}

static void read_plain(Value *value, Arena *arena)
{
	Str text = value->text;
	int64_t integer;

	if (!text.len || str_equal(text, STR("~")) || is_word(text, "null")) {
		value->kind = VALUE_NULL;
	} else if (is_word(text, "true") || is_word(text, "false")) {
		value->kind = VALUE_BOOL;
		value->boolean = (text.data[0] | 0x20) == 't';
	} else if (str_to_i64(text, &integer)) {
		value->kind = VALUE_INT;
		value->integer = integer;
	} else if (looks_like_number(text)) {
		value->kind = VALUE_FLOAT;
		value->number = strtod(arena_to_c(arena, text), NULL);
	}
}

static Value *scalar(Reader *reader, const yaml_event_t *event)
{
	Value *value = arena_new(reader->arena, Value);

	value->kind = VALUE_STRING;
	value->line = line_of(reader, event->start_mark);
	value->text = arena_str_dup(reader->arena, (Str){ (const char *)event->data.scalar.value,
	                                                  event->data.scalar.length });
	value->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (!value->is_quoted && !(event->data.scalar.tag && strcmp((const char *)event->data.scalar.tag, YAML_STR_TAG) == 0))
		read_plain(value, reader->arena);
	return value;
}

/* --- Nodes ---------------------------------------------------------------------------------------- */

static bool read_node(Reader *reader, yaml_event_t *event, unsigned depth, Value **ret_value);

static bool count_nodes(Reader *reader, unsigned n, yaml_mark_t mark)
{
	if (n <= LIMIT_VALUE_NODES - reader->n_nodes) {
		reader->n_nodes += n;
		return true;
	}
	return fail_at(reader, ERROR_TOO_LARGE, mark, "has too many values", "at most 20,000 are read, aliases counted");
}

static unsigned size_of(const Value *value)
{
	unsigned n = 1;

	if (value->kind == VALUE_LIST)
		for (size_t i = 0; i < value->list.n && n < LIMIT_VALUE_NODES; i++)
			n += size_of(value->list.items[i]);
	if (value->kind == VALUE_MAP)
		for (size_t i = 0; i < value->map.n && n < LIMIT_VALUE_NODES; i++)
			n += size_of(value->map.entries[i].value);
	return n;
}

static void keep_anchor(Reader *reader, const yaml_char_t *anchor, Value *value)
{
	if (anchor)
		map_put(&reader->anchors, str_from_c((const char *)anchor), NULL)->value = (uintptr_t)value;
}

/* The value itself, shared; it counts as if it were written again. Not yet known inside of itself: no cycles. */
static bool read_alias(Reader *reader, const yaml_event_t *event, Value **ret_value)
{
	MapEntry *entry = map_get(&reader->anchors, str_from_c((const char *)event->data.alias.anchor));

	if (!entry)
		return fail_at(reader, ERROR_SYNTAX, event->start_mark, "refers to an anchor that is not there",
		               "an alias (*name) needs its anchor (&name) before it");
	*ret_value = (Value *)(uintptr_t)entry->value;
	return count_nodes(reader, size_of(*ret_value), event->start_mark);
}

static bool read_list(Reader *reader, const yaml_event_t *start, unsigned depth, Value **ret_value)
{
	Value *list = value_new_list(reader->arena);

	list->line = line_of(reader, start->start_mark);
	for (;;) {
		yaml_event_t event;
		Value *item = NULL;
		bool is_end, is_read;

		if (!next_event(reader, &event))
			return false;
		is_end = event.type == YAML_SEQUENCE_END_EVENT;
		is_read = is_end || read_node(reader, &event, depth + 1, &item);
		yaml_event_delete(&event);
		if (!is_read)
			return false;
		if (is_end)
			break;
		value_push(reader->arena, list, item);
	}
	keep_anchor(reader, start->data.sequence_start.anchor, list);
	*ret_value = list;
	return true;
}

/* `<<: *defaults`: the keys of another map, or of several, below the map's own. */
static Value *merge_defaults(Reader *reader, Value *map)
{
	const Value *defaults = value_get(map, STR("<<"));
	Value *merged = value_new_map(reader->arena);

	if (!defaults)
		return map;
	merged->line = map->line;
	for (size_t i = 0; defaults->kind == VALUE_LIST && i < defaults->list.n; i++)
		merged = value_merge(reader->arena, defaults->list.items[i], merged);
	if (defaults->kind == VALUE_MAP)
		merged = value_merge(reader->arena, merged, defaults);
	for (size_t i = 0; i < map->map.n; i++)
		if (!str_equal(map->map.entries[i].key, STR("<<")))
			value_set(reader->arena, merged, map->map.entries[i].key, map->map.entries[i].value);
	return merged;
}

/* Reads the value of @key_event and puts it into @map. */
static bool read_entry(Reader *reader, Value *map, yaml_event_t *key_event, unsigned depth)
{
	yaml_mark_t mark = key_event->start_mark;
	yaml_event_t event;
	Value *key, *value = NULL;
	bool is_read;

	if (!read_node(reader, key_event, depth + 1, &key))
		return false;
	if (key->kind == VALUE_LIST || key->kind == VALUE_MAP)
		return fail_at(reader, ERROR_SYNTAX, mark, "has a list or map as a key", "a key is a plain word");
	if (!next_event(reader, &event))
		return false;
	is_read = read_node(reader, &event, depth + 1, &value);
	yaml_event_delete(&event);
	if (!is_read)
		return false;
	for (size_t i = 0; i < map->map.n; i++)
		if (str_equal(map->map.entries[i].key, key->text)) {
			error_set(reader->err, ERROR_SYNTAX, "has the key \"%.*s\" twice", STR_ARG(key->text));
			error_hint(reader->err, "the first is in line %u; keep one of them", map->map.entries[i].line);
			return error_place(reader->err, reader->name, line_of(reader, mark), (unsigned)mark.column + 1);
		}
	value_set(reader->arena, map, key->text, value);
	map->map.entries[map->map.n - 1].line = line_of(reader, mark);
	return true;
}

static bool read_map(Reader *reader, const yaml_event_t *start, unsigned depth, Value **ret_value)
{
	Value *map = value_new_map(reader->arena);

	map->line = line_of(reader, start->start_mark);
	for (;;) {
		yaml_event_t event;
		bool is_end, is_read;

		if (!next_event(reader, &event))
			return false;
		is_end = event.type == YAML_MAPPING_END_EVENT;
		is_read = is_end || read_entry(reader, map, &event, depth);
		yaml_event_delete(&event);
		if (!is_read)
			return false;
		if (is_end)
			break;
	}
	map = merge_defaults(reader, map);
	keep_anchor(reader, start->data.mapping_start.anchor, map);
	*ret_value = map;
	return true;
}

static bool read_node(Reader *reader, yaml_event_t *event, unsigned depth, Value **ret_value)
{
	if (depth > LIMIT_VALUE_DEPTH)
		return fail_at(reader, ERROR_TOO_LARGE, event->start_mark, "is nested too deeply", "at most 32 levels are read");
	if (!count_nodes(reader, 1, event->start_mark))
		return false;
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		*ret_value = scalar(reader, event);
		keep_anchor(reader, event->data.scalar.anchor, *ret_value);
		return true;
	case YAML_ALIAS_EVENT:
		return read_alias(reader, event, ret_value);
	case YAML_SEQUENCE_START_EVENT:
		return read_list(reader, event, depth, ret_value);
	case YAML_MAPPING_START_EVENT:
		return read_map(reader, event, depth, ret_value);
	default:
		return fail_at(reader, ERROR_SYNTAX, event->start_mark, "is no YAML: a value was expected", NULL);
	}
}

/* The first document; what comes behind it is none of ours. */
static bool read_document(Reader *reader, Value **ret_value)
{
	for (;;) {
		yaml_event_t event;
		bool is_node, is_end, is_read = true;

		if (!next_event(reader, &event))
			return false;
		is_end = event.type == YAML_STREAM_END_EVENT;
		is_node = !is_end && event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT;
		if (is_node)
			is_read = read_node(reader, &event, 0, ret_value);
		yaml_event_delete(&event);
		if (is_end)
			*ret_value = value_new_map(reader->arena);
		if (is_end || is_node)
			return is_read;
	}
}

bool yaml_parse(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err)
{
	Reader reader = { .arena = arena, .name = name, .first_line = first_line, .err = err };
	bool is_read;

	if (!yaml_parser_initialize(&reader.parser))
		abort();
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)(text.data ? text.data : ""), text.len);
	is_read = read_document(&reader, ret_value);
	yaml_parser_delete(&reader.parser);
	map_deinit(&reader.anchors);
	/* An empty document, or one of comments alone, is no values. */
	if (is_read && (*ret_value)->kind == VALUE_NULL)
		*ret_value = value_new_map(arena);
	return is_read;
}
