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

/* Between two lines that begin with @marker; what stands behind the second one is text. */
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
		page->body = str_from((Str){ at, (size_t)(source.data + source.len - at) },
		                      str_trim(current).len > marker.len ? marker.len : current.len);
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

/* --- Org ------------------------------------------------------------------------------------------- */

/* "KEY" and "value" of "#+KEY: value"; false for any other line. */
static bool org_keyword(Str line, Str *ret_key, Str *ret_value)
{
	size_t colon = str_find_char(line, ':');

	if (!str_starts_with(line, STR("#+")) || colon == STR_NOT_FOUND || colon == 2)
		return false;
	*ret_key = str_slice(line, 2, colon);
	*ret_value = str_trim(str_from(line, colon + 1));
	return str_find_char(*ret_key, ' ') == STR_NOT_FOUND && !str_starts_with_nocase(*ret_key, STR("begin_"));
}

static void push_words(Value *list, Str text, const char *separators, unsigned line, Arena *arena)
{
	while (text.len) {
		size_t n = 0;

		while (n < text.len && !strchr(separators, text.data[n]))
			n++;
		if (n) {
			Value *word = value_new_string(arena, str_slice(text, 0, n));

			word->line = line;
			value_push(arena, list, word);
		}
		text = str_from(text, n + 1);
	}
}

/* "<2021-05-04 Tue>" and "[2021-05-04]" are 2021-05-04. */
static Str org_date(Str text)
{
	if (text.len < 12 || (text.data[0] != '<' && text.data[0] != '['))
		return text;
	for (size_t i = 1; i < 11; i++)
		if (text.data[i] != '-' && (text.data[i] < '0' || text.data[i] > '9'))
			return text;
	return str_slice(text, 1, 11);
}

/* `KEY[]` is a list of words, and so are tags, categories and aliases; FILETAGS are tags, `:a:b:`. */
static void set_org_key(Value *front, Str key, Str text, unsigned line, Arena *arena)
{
	bool is_tags = str_equal_nocase(key, STR("filetags"));
	bool is_list = str_ends_with(key, STR("[]")) || is_tags || str_equal_nocase(key, STR("tags")) ||
	               str_equal_nocase(key, STR("categories")) || str_equal_nocase(key, STR("aliases"));
	const ValueEntry *before;
	Value *value;

	if (str_ends_with(key, STR("[]")))
		key.len -= 2;
	if (is_tags)
		key = STR("tags");
	before = value_entry(front, key);
	value = is_list ? before && before->value->kind == VALUE_LIST ? before->value : value_new_list(arena)
	                : value_new_string(arena, org_date(text));
	value->line = line;
	if (is_list)
		push_words(value, text, is_tags ? ": " : " ", line, arena);
	value_set(arena, front, before ? before->key : key, value);
}

static bool split_org(Str source, const char *name, unsigned line, Arena *arena, SplitPage *page, Error *err)
{
	Str rest = source, text, key, value;

	page->format = FRONT_ORG;
	page->body = source;
	while (str_next_line(&rest, &text)) {
		bool is_keyword = org_keyword(text, &key, &value);

		if (!is_keyword && str_trim(text).len)
			break;
		if (is_keyword && page->front->map.n < LIMIT_VALUE_DEPTH * 8)
			set_org_key(page->front, key, value, line, arena);
		page->body = rest;
		line++;
	}
	if (source.len - page->body.len > LIMIT_FRONT_MATTER_BYTES)
		return too_large(name, 1, err);
	return true;
}

/* --- All of them -------------------------------------------------------------------------------------- */

/* Up to 0.122 lines that begin with an HTML comment are passed over, wherever that ends. */
static Str skip_comment_lines(Str text, unsigned *line)
{
	Str skipped;

	while (str_starts_with(text, STR("<!--"))) {
		str_next_line(&text, &skipped);
		++*line;
		text = skip_mark_and_blanks(text, line);
	}
	return text;
}

/* The first end of a comment that follows is that of the one before, whatever stands between them. */
static bool skip_comment_end(Str *text)
{
	size_t end = str_find(*text, STR("-->"));

	if (end == STR_NOT_FOUND)
		return false; /* Hugo builds no such page */
	*text = str_from(*text, end + 3);
	return true;
}

/* @text begins with front matter, if it has any. */
static bool split_any(Str text, const char *name, unsigned line, Arena *arena, SplitPage *page, Error *err)
{
	Str key, value;

	if (str_starts_with(text, STR("---"))) {
		page->format = FRONT_YAML;
		return split_marked(text, STR("---"), yaml_parse, name, line, arena, page, err);
	}
	if (str_starts_with(text, STR("+++"))) {
		page->format = FRONT_TOML;
		return split_marked(text, STR("+++"), toml_parse, name, line, arena, page, err);
	}
	if (starts_json(text)) {
		page->format = FRONT_JSON;
		return split_json(text, name, line, arena, page, err);
	}
	return !org_keyword(str_slice(text, 0, str_find_char(text, '\n')), &key, &value) ||
	       split_org(text, name, line, arena, page, err);
}

bool split_front_matter(Str source, const char *name, bool in_comment, Arena *arena, SplitPage *ret_page, Error *err)
{
	SplitPage page = { value_new_map(arena), FRONT_NONE, source };
	unsigned line = 1;
	Str text = skip_mark_and_blanks(source, &line), start = in_comment ? skip_comment_lines(text, &line) : text;

	page.body = start;
	if (!split_any(start, name, line, arena, &page, err))
		return false;
	if (start.data != text.data && !skip_comment_end(&page.body) && page.format == FRONT_NONE)
		page.body = text;
	if (page.front->kind != VALUE_MAP)
		return error_at(err, ERROR_SYNTAX, name, line, "has front matter that is no list of keys and values",
		                "write it as `key: value`");
	page.source = source;
	*ret_page = page;
	return true;
}
