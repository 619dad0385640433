/*
 * https://gohugo.io/content-management/shortcodes/: `{{< name … >}}` and `{{% name … %}}`, closed by
 * `{{< /name >}}` or not: only the template knows whether a closing tag is expected, so a
 * closing tag further on decides. In code fences they are executed as well.
 */
#include "expand_shortcodes.h"

#include "blogsearch/buf.h"
#include "blogsearch/vec.h"

/*
 * What one page can make us look for: a tag's end within so many bytes, so many times; beyond
 * that braces are text. Without it a page of openings alone takes quadratic time.
 */
#define LIMIT_TAG_BYTES  16384
#define LIMIT_TAGS       10000
#define LIMIT_ENCLOSURES 200

typedef struct Tag {
	Str whole; /* with its braces */
	Str name, arguments;
	bool is_markdown; /* {{% %}} */
	bool is_closing, is_self_closed, is_escaped;
} Tag;

typedef struct Expansion {
	Arena *arena;
	Buf out;
	VEC(Str) captions;
	unsigned n_tags, n_enclosures;
} Expansion;

/* --- Tags ------------------------------------------------------------------------------------- */

/* The end of a tag's inside: its `>}}` or `%}}` that stands in no quotes. STR_NOT_FOUND for none. */
static size_t find_end(Str rest, Str end)
{
	char quote = 0;

	rest = str_slice(rest, 0, LIMIT_TAG_BYTES);
	for (size_t i = 0; i < rest.len; i++) {
		char c = rest.data[i];

		if (!quote && str_starts_with(str_from(rest, i), end))
			return i;
		if (quote == '"' && c == '\\')
			i++;
		else if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '`')
			quote = c;
	}
	/* A quote that is never closed: the first end there is. */
	return str_find(rest, end);
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_/.", c);
}

static void split_inside(Str inside, Tag *tag)
{
	size_t n = 0;

	inside = str_trim(inside);
	if (inside.len && inside.data[0] == '/') {
		tag->is_closing = true;
		inside = str_trim(str_from(inside, 1));
	}
	if (!tag->is_closing && inside.len && inside.data[inside.len - 1] == '/') {
		tag->is_self_closed = true;
		inside.len--;
	}
	while (n < inside.len && inside.data[n] && is_name_char(inside.data[n]))
		n++;
	tag->name = str_slice(inside, 0, n);
	tag->arguments = str_trim(str_from(inside, n));
}

/* The tag at the front of @text, which starts with "{{<" or "{{%"; false where it is none. */
static bool read_tag(Str text, Tag *tag)
{
	bool is_markdown = text.data[2] == '%';
	Str inside = str_from(text, 3);
	size_t end;

	*tag = (Tag){ .is_markdown = is_markdown };
	if (str_starts_with(inside, STR("/*"))) {
		end = str_find(str_slice(inside, 0, LIMIT_TAG_BYTES), is_markdown ? STR("*/%}}") : STR("*/>}}"));
		if (end == STR_NOT_FOUND)
			return false;
		tag->is_escaped = true;
		tag->arguments = str_slice(inside, 2, end);
		tag->whole = str_slice(text, 0, 3 + end + 5);
		return true;
	}
	end = find_end(inside, is_markdown ? STR("%}}") : STR(">}}"));
	if (end == STR_NOT_FOUND)
		return false;
	tag->whole = str_slice(text, 0, 3 + end + 3);
	split_inside(str_slice(inside, 0, end), tag);
	return tag->name.len > 0 || tag->is_closing;
}

/* The value of parameter @name, or where it is NULL the first positional one. */
static Str argument(Str arguments, const char *name, Arena *arena)
{
	while ((arguments = str_trim(arguments)).len) {
		size_t n = 0;
		Str key = STR_EMPTY, value;

		while (n < arguments.len && arguments.data[n] && is_name_char(arguments.data[n]))
			n++;
		if (n && n < arguments.len && arguments.data[n] == '=') {
			key = str_slice(arguments, 0, n);
			arguments = str_from(arguments, n + 1);
		}
		if (arguments.len && (arguments.data[0] == '"' || arguments.data[0] == '`')) {
			char quote = arguments.data[0];

			for (n = 1; n < arguments.len && arguments.data[n] != quote; n++)
				n += quote == '"' && arguments.data[n] == '\\';
			value = str_slice(arguments, 1, n);
			arguments = str_from(arguments, n + 1);
		} else {
			for (n = 0; n < arguments.len && arguments.data[n] != ' ' && arguments.data[n] != '\n';)
				n++;
			value = str_slice(arguments, 0, n);
			arguments = str_from(arguments, n);
		}
		if (name ? str_equal(key, str_from_c(name)) : !key.len)
			return arena_str_dup(arena, value);
		if (!n)
			arguments = str_from(arguments, 1);
	}
	return STR_EMPTY;
}

/* --- What shortcodes say ---------------------------------------------------------------------------- */

/* Their inside is source of a diagram, a formula or data, and no prose. */
static bool has_no_text(Str name)
{
	static const char *const names[] = { "mermaid", "katex", "math", "chart", "plantuml", "graphviz", "goat", "comment",
		                             "swagger", "tikz", "vega", "echarts" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_equal(name, str_from_c(names[i])))
			return true;
	return false;
}

/* The closing tag of @name in @rest, same kind of braces; its place, and its length. */
static size_t find_closing(Str rest, Str name, size_t *ret_len)
{
	for (size_t at = 0; at < rest.len;) {
		size_t next = str_find(str_from(rest, at), STR("{{"));
		Tag tag;

		if (next == STR_NOT_FOUND)
			break;
		at += next;
		if (at + 3 < rest.len && strchr("<%", rest.data[at + 2]) && read_tag(str_from(rest, at), &tag)) {
			if (tag.is_closing && str_equal(tag.name, name)) {
				*ret_len = tag.whole.len;
				return at;
			}
			at += tag.whole.len;
		} else {
			at += 2;
		}
	}
	return STR_NOT_FOUND;
}

static Str figure_caption(const Tag *tag, Arena *arena)
{
	static const char *const names[] = { "title", "caption", "alt", "attr" };
	CLEANUP(buf_deinit) Buf caption = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		Str value = argument(tag->arguments, names[i], arena);

		if (!value.len || str_find(buf_str(&caption), value) != STR_NOT_FOUND)
			continue;
		if (caption.len)
			buf_append_c(&caption, ". ");
		buf_append(&caption, value);
	}
	return arena_str_dup(arena, buf_str(&caption));
}

/* A fence longer than any in the code. */
static void append_fenced(Expansion *expansion, Str lang, Str code)
{
	size_t longest = 2, run = 0;

	for (size_t i = 0; i < code.len; i++) {
		run = code.data[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	buf_append_c(&expansion->out, "\n");
	for (size_t i = 0; i <= longest; i++)
		buf_append_char(&expansion->out, '`');
	buf_append(&expansion->out, lang);
	buf_append_char(&expansion->out, '\n');
	buf_append(&expansion->out, code);
	if (!str_ends_with(code, STR("\n")))
		buf_append_char(&expansion->out, '\n');
	for (size_t i = 0; i <= longest; i++)
		buf_append_char(&expansion->out, '`');
	buf_append_char(&expansion->out, '\n');
}

static void append_mark(Expansion *expansion, Str caption)
{
	buf_printf(&expansion->out, SHORTCODE_MARK "%zu" SHORTCODE_MARK_END, expansion->captions.n);
	vec_push(&expansion->captions, caption);
}

/* Handles the tag at the front of *rest, and what it encloses where that is no prose. */
static void expand_tag(Expansion *expansion, const Tag *tag, Str *rest)
{
	size_t n_closing = 0;
	size_t closing;

	*rest = str_from(*rest, tag->whole.len);
	if (tag->is_escaped) {
		buf_printf(&expansion->out, tag->is_markdown ? "{{%%%.*s%%}}" : "{{<%.*s>}}", STR_ARG(tag->arguments));
		return;
	}
	if (tag->is_closing)
		return;
	if (str_equal(tag->name, STR("figure"))) {
		append_mark(expansion, figure_caption(tag, expansion->arena));
		return;
	}
	if (!str_equal(tag->name, STR("highlight")) && !has_no_text(tag->name) && !str_ends_with(tag->name, STR(".inline"))) {
		if (str_equal(tag->name, STR("details")) || str_equal(tag->name, STR("expand")))
			append_mark(expansion, argument(tag->arguments, "summary", expansion->arena));
		else
			append_mark(expansion, STR_EMPTY);
		return;
	}
	closing = tag->is_self_closed || expansion->n_enclosures++ > LIMIT_ENCLOSURES ? STR_NOT_FOUND : find_closing(*rest, tag->name, &n_closing);
	if (str_equal(tag->name, STR("highlight")) && closing != STR_NOT_FOUND)
		append_fenced(expansion, argument(tag->arguments, NULL, expansion->arena), str_slice(*rest, 0, closing));
	else
		append_mark(expansion, STR_EMPTY);
	if (closing != STR_NOT_FOUND)
		*rest = str_from(*rest, closing + n_closing);
}

void expand_shortcodes(Str markdown, Arena *arena, Shortcodes *ret_shortcodes)
{
	Expansion expansion = { .arena = arena, .out = BUF_INIT(BUF_NO_CEILING) };
	Str rest = markdown;

	while (rest.len) {
		size_t at = str_find(rest, STR("{{"));
		Tag tag;

		buf_append(&expansion.out, str_slice(rest, 0, at));
		if (at == STR_NOT_FOUND)
			break;
		rest = str_from(rest, at);
		if (rest.len > 3 && (rest.data[2] == '<' || rest.data[2] == '%') && expansion.n_tags++ < LIMIT_TAGS &&
		    read_tag(rest, &tag)) {
			expand_tag(&expansion, &tag, &rest);
			continue;
		}
		buf_append(&expansion.out, str_slice(rest, 0, 2));
		rest = str_from(rest, 2);
	}
	ret_shortcodes->text = arena_str_dup(arena, buf_str(&expansion.out));
	ret_shortcodes->n = expansion.captions.n;
	ret_shortcodes->captions = arena_new_n(arena, Str, expansion.captions.n);
	if (expansion.captions.n)
		memcpy(ret_shortcodes->captions, expansion.captions.items, expansion.captions.n * sizeof(Str));
	vec_deinit(&expansion.captions);
	buf_deinit(&expansion.out);
}

Str drop_shortcode_marks(Str text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	size_t at;

	if (str_find(text, STR(SHORTCODE_MARK)) == STR_NOT_FOUND)
		return text;
	while ((at = str_find(text, STR(SHORTCODE_MARK))) != STR_NOT_FOUND) {
		size_t end = str_find(str_from(text, at), STR(SHORTCODE_MARK_END));

		buf_append(&out, str_slice(text, 0, at));
		if (end == STR_NOT_FOUND)
			end = 0;
		text = str_from(text, at + end + 3);
	}
	buf_append(&out, text);
	return arena_str_dup(arena, buf_str(&out));
}
