/*
 * TOML by toml++, behind one C function; the only C++ of the project. Nesting and dots in a
 * key are counted on the text before: toml++ recurses for each without a bound of its own
 * that a thread's stack could rely on.
 */
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <cstdlib>
#include <sstream>
#include <string>

extern "C" {
#include "blogsearch/limits.h"
#include "blogsearch/value.h"
}

namespace {

struct Conversion {
	Arena *arena;
	unsigned first_line;
	unsigned n_nodes;
	unsigned depth;
	unsigned too_deep_line; /* 0: nothing is nested too deeply: each key of a table within a table may have dots */
};

Str copy(Conversion &conversion, std::string_view text)
{
	return arena_str_dup(conversion.arena, Str{ text.data(), text.size() });
}

Str written(Conversion &conversion, const toml::node &node)
{
	std::ostringstream out;

	node.visit([&](const auto &item) { out << item; });
	return copy(conversion, out.str());
}

Value *convert(Conversion &conversion, const toml::node &node);

void convert_table(Conversion &conversion, const toml::table &table, Value *value)
{
	value->kind = VALUE_MAP;
	for (auto &&[key, item] : table) {
		Value *converted = convert(conversion, item);

		if (converted)
			value_set(conversion.arena, value, copy(conversion, key.str()), converted);
	}
}

void convert_array(Conversion &conversion, const toml::array &array, Value *value)
{
	value->kind = VALUE_LIST;
	for (auto &&item : array) {
		Value *converted = convert(conversion, item);

		if (converted)
			value_push(conversion.arena, value, converted);
	}
}

void convert_scalar(Conversion &conversion, const toml::node &node, Value *value)
{
	if (auto string = node.as_string()) {
		value->kind = VALUE_STRING;
		value->is_quoted = true;
		value->text = copy(conversion, string->get());
		return;
	}
	value->text = written(conversion, node);
	if (auto boolean = node.as_boolean()) {
		value->kind = VALUE_BOOL;
		value->boolean = boolean->get();
	} else if (auto integer = node.as_integer()) {
		value->kind = VALUE_INT;
		value->integer = integer->get();
	} else if (auto number = node.as_floating_point()) {
		value->kind = VALUE_FLOAT;
		value->number = number->get();
	} else {
		value->kind = VALUE_TIME;
	}
}

/* NULL past a ceiling; the caller sees it by the count or the line. */
Value *convert(Conversion &conversion, const toml::node &node)
{
	if (++conversion.n_nodes > LIMIT_VALUE_NODES)
		return nullptr;
	Value *value = static_cast<Value *>(arena_alloc(conversion.arena, sizeof(Value)));
	value->line = conversion.first_line + (node.source().begin.line ? node.source().begin.line - 1 : 0);
	if (conversion.depth > LIMIT_VALUE_DEPTH) {
		conversion.too_deep_line = value->line;
		return nullptr;
	}
	conversion.depth++;
	if (auto table = node.as_table())
		convert_table(conversion, *table, value);
	else if (auto array = node.as_array())
		convert_array(conversion, *array, value);
	else
		convert_scalar(conversion, node, value);
	conversion.depth--;
	return value;
}

bool is_tripled(Str text, size_t at)
{
	return at + 2 < text.len && text.data[at + 1] == text.data[at] && text.data[at + 2] == text.data[at];
}

/* Where the string that begins at @at has its last quote; the line's or the text's end where it has none. */
size_t string_end(Str text, size_t at)
{
	char quote = text.data[at];
	bool is_long = is_tripled(text, at);

	for (size_t i = at + (is_long ? 3 : 1); i < text.len; i++) {
		char c = text.data[i];

		if (c == '\\' && quote == '"') {
			i++;
		} else if (c == '\n' && !is_long) {
			return i;
		} else if (c == quote && !is_long) {
			return i;
		} else if (c == quote && is_tripled(text, i)) {
			/* One or two quotes more are the string's own last characters. */
			for (i += 2, at = i; i + 1 < text.len && i < at + 2 && text.data[i + 1] == quote;)
				i++;
			return i;
		}
	}
	return text.len;
}

/* Brackets and braces outside of strings, and dots in a line before its `=`: the line that has too many; 0: none. */
unsigned too_deep_line(Str text)
{
	unsigned depth = 0, dots = 0, line = 1;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == '"' || c == '\'') {
			size_t end = string_end(text, i);

			for (; i < end; i++)
				line += text.data[i] == '\n';
			c = i < text.len ? text.data[i] : '\n';
		} else if (c == '#') {
			while (i < text.len && text.data[i] != '\n')
				i++;
			c = '\n';
		} else if (c == '[' || c == '{') {
			depth++;
		} else if ((c == ']' || c == '}') && depth) {
			depth--;
		} else if (c == '.') {
			dots++;
		}
		if (depth > LIMIT_VALUE_DEPTH || dots > LIMIT_VALUE_DEPTH)
			return line;
		line += c == '\n';
		if (c == '\n' || c == '=' || c == ',')
			dots = 0;
	}
	return 0;
}

bool too_deep(const char *name, unsigned line, Error *err)
{
	return error_at(err, ERROR_TOO_LARGE, name, line, "is nested too deeply", "at most 32 levels are read");
}

bool parse(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err)
{
	Conversion conversion{ arena, first_line, 0, 0, 0 };
	toml::table table = toml::parse(std::string_view(text.data ? text.data : "", text.len));
	Value *value = convert(conversion, table);

	if (conversion.n_nodes > LIMIT_VALUE_NODES)
		return error_at(err, ERROR_TOO_LARGE, name, first_line, "has too many values", "at most 20,000 are read");
	if (conversion.too_deep_line)
		return too_deep(name, conversion.too_deep_line, err);
	*ret_value = value;
	return true;
}

} // namespace

extern "C" bool toml_parse(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err)
{
	unsigned deep_line = too_deep_line(text);

	if (deep_line)
		return too_deep(name, first_line + deep_line - 1, err);
	try {
		return parse(text, name, first_line, arena, ret_value, err);
	} catch (const toml::parse_error &error) {
		auto &where = error.source().begin;

		error_set(err, ERROR_SYNTAX, "is no TOML: %s", std::string(error.description()).c_str());
		return error_place(err, name, first_line + (where.line ? where.line - 1 : 0), where.column);
	} catch (const std::exception &error) {
		std::abort(); /* out of memory */
	}
}
