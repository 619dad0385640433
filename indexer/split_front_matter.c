/* Where front matter starts and ends is Hugo's rule: at the first non-blank character; a line that begins with its marker ends it. */
#include "split_front_matter.h"

#include "blogsearch/limits.h"

typedef bool (*Parse)(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err);

static Str skip_mark_and_blanks(Str source, unsigned *line)
{
	if (str_starts_with(source, STR("\xef\xbb\xbf")))
		source = str_from(source, 3);
	while (source.len && strchr(" \t\r\n", source.data[0])) {
		*line += source.data[0] == '\n';
		source = str_from(source, 1);
	}
	return source;
}

static bool too_large(const char *name, unsigned line, Error *err)
{
	return error_at(err, ERROR_TOO_LARGE, name, line, "has front matter of more than 64 KB",
	                "move what is no metadata into the text");
}

/* Between two lines that begin with @marker. */
static bool split_marked(Str source, Str marker, Parse parse, const char *name, unsigned line, Arena *arena,
                         SplitPage *page, Error *err)
{
	Str rest = source, start, current, text;

	str_next_line(&rest, &start);
	text = rest;
	while (rest.len) {
		const char *at = rest.data;

		str_next_line(&rest, &current);
		if (!str_starts_with(current, marker))
			continue;
		text.len = (size_t)(at - text.data);
		if (text.len > LIMIT_FRONT_MATTER_BYTES)
			return too_large(name, line, err);
		page->body = rest;
		return parse(text, name, line + 1, arena, &page->front, err);
	}
	error_set(err, ERROR_SYNTAX, "has front matter that never ends");
	error_hint(err, "close it with a line of %.*s", STR_ARG(marker));
	return error_place(err, name, line, 1);
}

/* The length of the JSON object at the front; 0 where its brace is never closed. */
static size_t json_length(Str source)
{
	unsigned depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < source.len; i++) {
		char c = source.data[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && c == '{')
			depth++;
		else if (!in_string && c == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

static bool split_json(Str source, const char *name, unsigned line, Arena *arena, SplitPage *page, Error *err)
{
	size_t n = json_length(source);

	if (!n) {
		error_at(err, ERROR_SYNTAX, name, line, "has front matter that never ends", "close its brace");
		return error_place(err, name, line, 1);
	}
	if (n > LIMIT_FRONT_MATTER_BYTES)
		return too_large(name, line, err);
	page->body = str_from(source, n);
	return json_parse(str_slice(source, 0, n), name, line, arena, &page->front, err);
}

/* `{{< … >}}` and `{% … %}` begin a text; a JSON object begins with a name or ends at once. */
static bool starts_json(Str source)
{
	size_t i = 1;

	if (!str_starts_with(source, STR("{")))
		return false;
	while (i < source.len && strchr(" \t\r\n", source.data[i]))
		i++;
	return i < source.len && (source.data[i] == '"' || source.data[i] == '}');
}

bool split_front_matter(Str source, const char *name, Arena *arena, SplitPage *ret_page, Error *err)
{
	SplitPage page = { value_new_map(arena), source };
	unsigned line = 1;
	Str text = skip_mark_and_blanks(source, &line);
	bool is_split = true;

	if (str_starts_with(text, STR("---")))
		is_split = split_marked(text, STR("---"), yaml_parse, name, line, arena, &page, err);
	else if (str_starts_with(text, STR("+++")))
		is_split = split_marked(text, STR("+++"), toml_parse, name, line, arena, &page, err);
	else if (starts_json(text))
		is_split = split_json(text, name, line, arena, &page, err);
	else
		page.body = text;
	if (!is_split)
		return false;
	if (page.front->kind != VALUE_MAP)
		return error_at(err, ERROR_SYNTAX, name, line, "has front matter that is no list of keys and values",
		                "write it as `key: value`");
	*ret_page = page;
	return true;
}
