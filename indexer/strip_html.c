/*
 * A tolerant scanner for HTML, in the spirit of the standard's tokenizer
 * (https://html.spec.whatwg.org/multipage/parsing.html#tokenization): enough of it to tell
 * text from tags, whatever is written.
 */
#include "strip_html.h"

#include <stdlib.h>

typedef struct Entity {
	Str name, text;
} Entity;

static const Entity entities[] = {
#include "entity_table.h"
};

/* --- Entities -------------------------------------------------------------------------------- */

static bool resolve_number(Str digits, bool is_hex, Buf *out)
{
	uint32_t c = 0;

	for (size_t i = 0; i < digits.len; i++) {
		char d = digits.data[i];
		int value = d >= '0' && d <= '9' ? d - '0' : !is_hex ? -1
		            : d >= 'a' && d <= 'f' ? d - 'a' + 10 : d >= 'A' && d <= 'F' ? d - 'A' + 10 : -1;

		if (value < 0)
			return false;
		c = c > 0x10ffff ? c : c * (is_hex ? 16 : 10) + (uint32_t)value;
	}
	if (!digits.len)
		return false;
	buf_append_code_point(out, c ? c : 0xfffd);
	return true;
}

static int compare_entity(const void *key, const void *entity)
{
	return str_compare(*(const Str *)key, ((const Entity *)entity)->name);
}

bool resolve_entity(Str entity, Buf *out)
{
	Str name = entity;
	const Entity *found;

	if (!str_starts_with(name, STR("&")))
		return false;
	name = str_from(name, 1);
	if (str_ends_with(name, STR(";")))
		name.len--;
	if (str_starts_with_nocase(name, STR("#x")))
		return resolve_number(str_from(name, 2), true, out);
	if (str_starts_with(name, STR("#")))
		return resolve_number(str_from(name, 1), false, out);
	found = bsearch(&name, entities, ARRAY_SIZE(entities), sizeof(*entities), compare_entity);
	if (found)
		buf_append(out, found->text);
	return found != NULL;
}

/* The length of what may be an entity at the front of @text, with its semicolon; 0 for none. */
static size_t entity_length(Str text)
{
	for (size_t i = 1; i < text.len && i < 34; i++) {
		char c = text.data[i];

		if (c == ';')
			return i > 1 ? i + 1 : 0;
		if (!(c == '#' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			return 0;
	}
	return 0;
}

static void append_resolved(Str text, Buf *out)
{
	for (size_t at = 0; at < text.len;) {
		size_t n = text.data[at] == '&' ? entity_length(str_from(text, at)) : 0;

		if (n && resolve_entity(str_slice(text, at, at + n), out)) {
			at += n;
			continue;
		}
		buf_append_char(out, text.data[at++]);
	}
}

Str resolve_entities(Str text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	if (str_find_char(text, '&') == STR_NOT_FOUND)
		return text;
	append_resolved(text, &out);
	return arena_str_dup(arena, buf_str(&out));
}

/* --- Tags -------------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
}

/* "div" of "<div class=x>" and of "</div>". */
static Str tag_name(Str tag)
{
	size_t from = str_starts_with(tag, STR("</")) ? 2 : 1, to = from;

	while (to < tag.len && is_name_char(tag.data[to]))
		to++;
	return str_slice(tag, from, to);
}

static bool is_one_of(Str name, const char *const *names)
{
	for (; *names; names++)
		if (str_equal_nocase(name, str_from_c(*names)))
			return true;
	return false;
}

static bool is_block_tag(Str name)
{
	static const char *const names[] = {
		"address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt",
		"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
		"html", "iframe", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table",
		"tbody", "tfoot", "thead", "tr", "ul", "video", "audio", "title", "head", NULL,
	};

	return is_one_of(name, names);
}

bool tag_parts_words(Str tag)
{
	static const char *const names[] = { "br", "td", "th", "img", "option", "button", "input", "select", NULL };
	Str name = tag_name(tag);

	return is_block_tag(name) || is_one_of(name, names);
}

bool tag_is_silent(Str tag)
{
	static const char *const names[] = { "script", "style", "template", "noscript", "svg", "math", "iframe", "object",
		                             "textarea", NULL };

	return is_one_of(tag_name(tag), names);
}

bool tag_is_end(Str tag)
{
	return str_starts_with(tag, STR("</"));
}

static bool is_html_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

Str tag_attribute(Str tag, Str name, Arena *arena)
{
	size_t at = 1 + tag_name(tag).len;

	while (at < tag.len) {
		size_t start, end, value, value_end;

		while (at < tag.len && (is_html_blank(tag.data[at]) || tag.data[at] == '/'))
			at++;
		for (start = at; at < tag.len && !is_html_blank(tag.data[at]) && !strchr("=>/", tag.data[at]);)
			at++;
		end = at;
		while (at < tag.len && is_html_blank(tag.data[at]))
			at++;
		if (at >= tag.len || tag.data[at] != '=') {
			at += end == start; /* what is no attribute */
			continue;
		}
		for (at++; at < tag.len && is_html_blank(tag.data[at]);)
			at++;
		if (at < tag.len && (tag.data[at] == '"' || tag.data[at] == '\'')) {
			char quote = tag.data[at];

			for (value = ++at; at < tag.len && tag.data[at] != quote;)
				at++;
			value_end = at++;
		} else {
			for (value = at; at < tag.len && !is_html_blank(tag.data[at]) && tag.data[at] != '>';)
				at++;
			value_end = at;
		}
		if (str_equal_nocase(str_slice(tag, start, end), name))
			return resolve_entities(str_slice(tag, value, value_end), arena);
	}
	return STR_EMPTY;
}

/* --- Comments ------------------------------------------------------------------------------------ */

void take_comment(Str comment, Blocks *blocks)
{
	Str inside;

	if (!str_starts_with(comment, STR("<!--")) || !str_ends_with(comment, STR("-->")) || comment.len < 7)
		return;
	inside = str_trim(str_slice(comment, 4, comment.len - 3));
	if (str_equal_nocase(inside, STR("search:off")))
		blocks->is_hidden = true;
	else if (str_equal_nocase(inside, STR("search:on")))
		blocks->is_hidden = false;
}

void take_comments(Str html, Blocks *blocks)
{
	size_t at, n;

	while ((at = str_find(html, STR("<!--"))) != STR_NOT_FOUND) {
		html = str_from(html, at);
		n = str_find(html, STR("-->"));
		if (n == STR_NOT_FOUND)
			return;
		take_comment(str_slice(html, 0, n + 3), blocks);
		html = str_from(html, n + 3);
	}
}

/* --- Scanning ------------------------------------------------------------------------------------ */

typedef struct Scanner {
	Str rest;
	Blocks *blocks;
	Str heading_id;
	uint8_t heading_level; /* 0: not in a heading */
	bool is_caption, is_pre;
	unsigned n_broken;
	PutText put; /* NULL: straight to @blocks */
	void *context;
} Scanner;

/* A '<' whose '>' is not found within so many bytes is text; after so many of these none is looked for. */
#define LIMIT_TAG_BYTES 16384
#define LIMIT_BROKEN    1000

/* The end of a tag: its '>' that stands in no quotes; 0 for none. */
static size_t tag_end(Str text)
{
	char quote = 0;

	text = str_slice(text, 0, LIMIT_TAG_BYTES);
	for (size_t i = 1; i < text.len; i++) {
		char c = text.data[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if ((c == '"' || c == '\'') && text.data[i - 1] == '=')
			quote = c;
		else if (c == '>')
			return i + 1;
	}
	return 0;
}

static void skip_past(Scanner *scanner, Str end)
{
	size_t at = 0;

	while (at < scanner->rest.len && !str_starts_with_nocase(str_from(scanner->rest, at), end))
		at++;
	scanner->rest = str_from(scanner->rest, at + end.len);
}

static void close_block(Scanner *scanner)
{
	if (scanner->heading_level)
		blocks_close_heading(scanner->blocks, scanner->heading_level, scanner->heading_id);
	else
		blocks_close(scanner->blocks,
		             scanner->is_caption ? BLOCK_CAPTION : scanner->is_pre ? BLOCK_CODE : BLOCK_PROSE, STR_EMPTY);
}

static void take_block_tag(Scanner *scanner, Str tag, Str name, bool is_end)
{
	close_block(scanner);
	scanner->heading_level = 0;
	if (name.len == 2 && (name.data[0] | 0x20) == 'h' && name.data[1] >= '1' && name.data[1] <= '6' && !is_end) {
		scanner->heading_level = (uint8_t)(name.data[1] - '0');
		scanner->heading_id = tag_attribute(tag, STR("id"), scanner->blocks->arena);
	}
	if (str_equal_nocase(name, STR("figcaption")))
		scanner->is_caption = !is_end;
	if (str_equal_nocase(name, STR("pre")))
		scanner->is_pre = !is_end;
}

static void take_tag(Scanner *scanner, Str tag)
{
	Str name = tag_name(tag);
	bool is_end = tag_is_end(tag);

	if (str_equal_nocase(name, STR("br")))
		blocks_break(scanner->blocks);
	if (str_equal_nocase(name, STR("p")) && is_end && !scanner->heading_level && !scanner->is_caption)
		blocks_close_paragraph(scanner->blocks);
	if (is_block_tag(name))
		take_block_tag(scanner, tag, name, is_end);
	else if (tag_parts_words(tag))
		blocks_part(scanner->blocks);
	if (!is_end && tag_is_silent(tag)) {
		skip_past(scanner, arena_printf(scanner->blocks->arena, "</%.*s", STR_ARG(name)));
		skip_past(scanner, STR(">"));
	}
	if (!is_end && str_equal_nocase(name, STR("img")))
		blocks_add(scanner->blocks, BLOCK_CAPTION, tag_attribute(tag, STR("alt"), scanner->blocks->arena));
}

/* A comment, declaration or tag at the front of the rest; false where the '<' is text. */
static bool take_markup(Scanner *scanner)
{
	Str rest = scanner->rest;
	size_t n;

	if (str_starts_with(rest, STR("<!--"))) {
		scanner->rest = str_from(rest, 4);
		skip_past(scanner, STR("-->"));
		take_comment(str_slice(rest, 0, rest.len - scanner->rest.len), scanner->blocks);
		return true;
	}
	if (rest.len < 2 || !(rest.data[1] == '/' || rest.data[1] == '!' || rest.data[1] == '?' ||
	                      (unsigned)(rest.data[1] | 0x20) - 'a' < 26u))
		return false;
	n = scanner->n_broken < LIMIT_BROKEN ? tag_end(rest) : 0;
	if (!n) {
		scanner->n_broken++;
		return false;
	}
	scanner->rest = str_from(rest, n);
	take_tag(scanner, str_slice(rest, 0, n));
	return true;
}

static void take_text(Scanner *scanner, size_t n)
{
	Str text = resolve_entities(str_slice(scanner->rest, 0, n), scanner->blocks->arena);

	if (scanner->is_pre)
		blocks_raw(scanner->blocks, text);
	else if (scanner->put)
		scanner->put(scanner->context, text);
	else
		blocks_text(scanner->blocks, text);
	scanner->rest = str_from(scanner->rest, n);
}

void strip_html(Str html, Blocks *blocks)
{
	strip_html_with(html, blocks, NULL, NULL);
}

void strip_html_with(Str html, Blocks *blocks, PutText put, void *context)
{
	Scanner scanner = { .rest = html, .blocks = blocks, .put = put, .context = context };

	while (scanner.rest.len) {
		size_t n = str_find_char(scanner.rest, '<');

		if (n == 0 && take_markup(&scanner))
			continue;
		if (n == 0) {
			size_t next = str_find_char(str_from(scanner.rest, 1), '<');

			n = next == STR_NOT_FOUND ? scanner.rest.len : next + 1;
		}
		take_text(&scanner, n == STR_NOT_FOUND ? scanner.rest.len : n);
	}
	close_block(&scanner);
}
