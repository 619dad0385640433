/*
 * https://gohugo.io/content-management/shortcodes/: `{{< name … >}}` and `{{% name … %}}`, closed by
 * `{{< /name >}}` or not: only the template knows whether a closing tag is expected, so a
 * closing tag further on decides. In code fences they are executed as well.
 *
 * Two passes: all tags of the page are found and paired, then the text is written anew.
 */
#include "expand_shortcodes.h"

#include "blogsearch/buf.h"
#include "blogsearch/vec.h"

/*
 * What one page can make us look for: a tag's end within so many bytes, so many times; an open
 * tag so many levels up. Without it a page of openings alone takes quadratic time.
 */
#define LIMIT_TAG_BYTES 16384
#define LIMIT_TAGS      10000
#define LIMIT_OPEN      200

#define NO_TAG ((size_t)-1)

typedef struct Tag {
	Str whole; /* with its braces */
	Str name, arguments;
	bool is_markdown; /* {{% %}} */
	bool is_closing, is_self_closed, is_escaped;
	size_t pair;  /* the tag that closes it, or that it closes; NO_TAG: none */
	bool is_inner; /* inside of another pair */
} Tag;

typedef struct Expansion {
	Arena *arena;
	ShortcodeParams params;
	Str source;
	VEC(Tag) tags;
	Buf out;
	VEC(Shortcode) list;
	unsigned n_ordinals;
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

	*tag = (Tag){ .is_markdown = is_markdown, .pair = NO_TAG };
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

/* `\"` is `"` in double quotes. */
static Str unescape(Str value, Arena *arena)
{
	char *text = arena_to_c(arena, value);
	size_t n = 0;

	for (size_t i = 0; i < value.len; i++) {
		i += value.data[i] == '\\' && i + 1 < value.len && strchr("\"\\", value.data[i + 1]);
		text[n++] = value.data[i];
	}
	return (Str){ text, n };
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
			value = quote == '"' ? unescape(str_slice(arguments, 1, n), arena) : str_slice(arguments, 1, n);
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

/* {{< param a.b >}}: of the page, else of the site. */
static Str param_value(const Expansion *expansion, const Tag *tag)
{
	const char *name = arena_to_c(expansion->arena, argument(tag->arguments, NULL, expansion->arena));
	const Value *value = value_path(expansion->params.page, name);

	if (!value)
		value = value_path(value_get(expansion->params.page, STR("params")), name);
	return value_text(value ? value : value_path(expansion->params.site, name));
}

/* What stands between the tag and the one that closes it. */
static Str inner_text(const Expansion *expansion, const Tag *tag)
{
	const char *from = tag->whole.data + tag->whole.len;

	return tag->pair == NO_TAG ? STR_EMPTY
	                           : (Str){ from, (size_t)(expansion->tags.items[tag->pair].whole.data - from) };
}

/* What stands for the tag in the HTML; *ret_takes_inner: what it encloses is none of the page's Markdown. */
static Shortcode understand(const Expansion *expansion, const Tag *tag, bool *ret_takes_inner)
{
	Shortcode shortcode = { 0 };

	*ret_takes_inner = true;
	if (str_equal(tag->name, STR("figure"))) {
		shortcode.caption = figure_caption(tag, expansion->arena);
	} else if (str_equal(tag->name, STR("highlight"))) {
		shortcode.code = inner_text(expansion, tag);
		shortcode.lang = argument(tag->arguments, NULL, expansion->arena);
	} else if (str_equal(tag->name, STR("param"))) {
		shortcode.value = param_value(expansion, tag);
	} else if (str_equal(tag->name, STR("details"))) {
		shortcode.inner = arena_printf(expansion->arena, "%.*s\n\n%.*s",
		                               STR_ARG(argument(tag->arguments, "summary", expansion->arena)),
		                               STR_ARG(inner_text(expansion, tag)));
	} else if (!has_no_text(tag->name) && !str_ends_with(tag->name, STR(".inline"))) {
		*ret_takes_inner = !tag->is_markdown;
		shortcode.inner = tag->is_markdown ? STR_EMPTY : inner_text(expansion, tag);
	}
	return shortcode;
}

/* --- Finding and pairing tags ------------------------------------------------------------------------ */

static void find_tags(Expansion *expansion)
{
	Str source = expansion->source;
	unsigned n_tried = 0;

	for (size_t at = 0; n_tried < LIMIT_TAGS;) {
		size_t next = str_find(str_from(source, at), STR("{{"));
		Tag tag;

		if (next == STR_NOT_FOUND)
			return;
		at += next;
		if (at + 3 < source.len && (source.data[at + 2] == '<' || source.data[at + 2] == '%')) {
			n_tried++;
			if (read_tag(str_from(source, at), &tag)) {
				vec_push(&expansion->tags, tag);
				at += tag.whole.len;
				continue;
			}
		}
		at += 2;
	}
}

/* A closing tag closes the nearest open one of its name; what was opened since has no closing tag. */
static void pair_tags(Expansion *expansion)
{
	VEC(size_t) open = { 0 };

	for (size_t i = 0; i < expansion->tags.n; i++) {
		Tag *tag = &expansion->tags.items[i];

		if (tag->is_escaped || tag->is_self_closed)
			continue;
		if (!tag->is_closing) {
			vec_push(&open, i);
			continue;
		}
		for (size_t k = open.n; k > 0 && open.n - k < LIMIT_OPEN; k--) {
			Tag *opening = &expansion->tags.items[open.items[k - 1]];

			if (!str_equal(opening->name, tag->name))
				continue;
			opening->pair = i;
			tag->pair = open.items[k - 1];
			open.n = k - 1;
			break;
		}
	}
	vec_deinit(&open);
	for (size_t i = 0, end = 0; i < expansion->tags.n; i++) {
		Tag *tag = &expansion->tags.items[i];

		tag->is_inner = i < end;
		if (!tag->is_closing && tag->pair != NO_TAG && tag->pair > end)
			end = tag->pair;
	}
}

/* --- Writing the text anew ----------------------------------------------------------------------------- */

static void append_mark(Expansion *expansion, Shortcode shortcode)
{
	buf_printf(&expansion->out, SHORTCODE_MARK "%zu" SHORTCODE_MARK_END, expansion->list.n);
	vec_push(&expansion->list, shortcode);
}

/* The number of the tag after those that are done with. */
static size_t expand_tag(Expansion *expansion, size_t number)
{
	const Tag *tag = &expansion->tags.items[number];
	bool takes_inner;
	Shortcode shortcode;

	if (tag->is_escaped) {
		buf_printf(&expansion->out, tag->is_markdown ? "{{%%%.*s%%}}" : "{{<%.*s>}}", STR_ARG(tag->arguments));
		return number + 1;
	}
	if (tag->is_closing)
		return number + 1;
	shortcode = understand(expansion, tag, &takes_inner);
	shortcode.ordinal = tag->is_inner ? 0 : expansion->n_ordinals++;
	/* What {{% %}} gives is there before Markdown is read. */
	if (!tag->is_markdown || shortcode.code.len || shortcode.caption.len || str_equal(tag->name, STR("details")))
		append_mark(expansion, shortcode);
	else
		buf_append(&expansion->out, shortcode.value);
	return takes_inner && tag->pair != NO_TAG ? tag->pair + 1 : number + 1;
}

static void write_text(Expansion *expansion)
{
	const char *at = expansion->source.data, *end = at + expansion->source.len;

	for (size_t i = 0; i < expansion->tags.n;) {
		const Tag *tag = &expansion->tags.items[i], *last;

		buf_append(&expansion->out, (Str){ at, (size_t)(tag->whole.data - at) });
		i = expand_tag(expansion, i);
		last = &expansion->tags.items[i - 1];
		at = last->whole.data + last->whole.len;
	}
	buf_append(&expansion->out, (Str){ at, (size_t)(end - at) });
}

void expand_shortcodes(Str markdown, ShortcodeParams params, Arena *arena, Shortcodes *ret_shortcodes)
{
	Expansion expansion = { .arena = arena, .params = params, .source = markdown, .out = BUF_INIT(BUF_NO_CEILING) };

	*ret_shortcodes = (Shortcodes){ .text = markdown };
	find_tags(&expansion);
	if (expansion.tags.n) {
		pair_tags(&expansion);
		write_text(&expansion);
		ret_shortcodes->text = arena_str_dup(arena, buf_str(&expansion.out));
	}
	ret_shortcodes->n = expansion.list.n;
	ret_shortcodes->list = arena_new_n(arena, Shortcode, expansion.list.n);
	if (expansion.list.n)
		memcpy(ret_shortcodes->list, expansion.list.items, expansion.list.n * sizeof(Shortcode));
	vec_deinit(&expansion.tags);
	vec_deinit(&expansion.list);
	buf_deinit(&expansion.out);
}

/* --- Marks ---------------------------------------------------------------------------------------------- */

/* The length of the mark that starts @text, with its end; just the first character where it has none. */
static size_t mark_length(Str text)
{
	size_t at = sizeof(SHORTCODE_MARK) - 1;

	while (at < text.len && text.data[at] >= '0' && text.data[at] <= '9')
		at++;
	return str_starts_with(str_from(text, at), STR(SHORTCODE_MARK_END)) ? at + sizeof(SHORTCODE_MARK_END) - 1
	                                                                    : sizeof(SHORTCODE_MARK) - 1;
}

const Shortcode *shortcode_at_mark(const Shortcodes *shortcodes, Str text, size_t *ret_len)
{
	size_t n = mark_length(text), digits = sizeof(SHORTCODE_MARK) - 1;
	uint64_t number;

	*ret_len = n;
	return n > digits && str_to_u64(str_slice(text, digits, n - digits), &number) && number < shortcodes->n
	               ? &shortcodes->list[number]
	               : NULL;
}

Str drop_shortcode_marks(Str text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	size_t at;

	if (str_find(text, STR(SHORTCODE_MARK)) == STR_NOT_FOUND)
		return text;
	while ((at = str_find(text, STR(SHORTCODE_MARK))) != STR_NOT_FOUND) {
		buf_append(&out, str_slice(text, 0, at));
		text = str_from(text, at + mark_length(str_from(text, at)));
	}
	buf_append(&out, text);
	return arena_str_dup(arena, buf_str(&out));
}
