/*
 * A parsed tree: what YAML, TOML and JSON all give (front matter, generators' configs, our
 * own configuration). Values and their strings live in the arena they were parsed into.
 * Parsers never recurse without a bound (LIMIT_VALUE_DEPTH, LIMIT_VALUE_NODES).
 */
#ifndef BLOGSEARCH_VALUE_H
#define BLOGSEARCH_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "error.h"
#include "str.h"

typedef enum ValueKind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_STRING,
	VALUE_TIME, /* TOML's bare dates, kept as written in .text: whoever reads it knows the generator's rules */
	VALUE_LIST,
	VALUE_MAP,
} ValueKind;

typedef struct Value Value;
typedef struct ValueEntry ValueEntry;

struct Value {
	ValueKind kind;
	bool is_quoted; /* a YAML scalar in quotes: a string whatever it looks like */
	unsigned line;  /* in the parsed text, from 1; 0: unknown */
	Str text;       /* scalars: as written (strings: unescaped). Always set, so that `010` or `3.10` can be read otherwise */
	union {
		bool boolean;
		int64_t integer;
		double number;
		struct {
			Value **items;
			size_t n;
		} list;
		struct {
			ValueEntry *entries; /* in order; a key stands once (the last wins) */
			size_t n;
		} map;
	};
};

struct ValueEntry {
	Str key;
	unsigned line;
	Value *value;
};

/*
 * Each parses the whole of @text. @name is for messages, @first_line the line of @text's
 * first line in its file (1 for a whole file). *ret_value is never NULL on success: an empty
 * document is an empty map. A syntax error names line, column and what was expected
 * (ERROR_SYNTAX); a ceiling is ERROR_TOO_LARGE.
 */
MUST_CHECK bool yaml_parse(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value,
                           Error *err);
MUST_CHECK bool toml_parse(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value,
                           Error *err);
MUST_CHECK bool json_parse(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value,
                           Error *err);

/* The entry of @key (ASCII case ignored), or NULL; also NULL where @value is NULL or no map. */
const Value *value_get(const Value *value, Str key);
const ValueEntry *value_entry(const Value *value, Str key);
/* value_get() along "a.b.c". */
const Value *value_path(const Value *value, const char *dotted);

/* Casts as generators do: a number or boolean is its text; STR_EMPTY for NULL, null, lists and maps. */
Str value_text(const Value *value);
/* true/false; texts "true", "false" too; @otherwise for what is neither. */
bool value_bool(const Value *value, bool otherwise);
int64_t value_int(const Value *value, int64_t otherwise);
double value_number(const Value *value, double otherwise);

/* Makes values for merging and for defaults. */
Value *value_new_map(Arena *arena);
Value *value_new_list(Arena *arena);
Value *value_new_string(Arena *arena, Str text);
void value_set(Arena *arena, Value *map, Str key, Value *value);
void value_push(Arena *arena, Value *list, Value *value);
/* Deep: maps are merged, anything else in @over replaces what @under has. Neither is changed. */
Value *value_merge(Arena *arena, const Value *under, const Value *over);

#endif
