/*
 * md4c 0.4.8 reads up to some bytes past its input: it is given a copy, padded with a line end
 * and zeros. Its permissive autolinks, LaTeX and wiki links, which had memory errors, stay off;
 * definition lists, footnotes and attributes, which it does not know, are resolved before
 * (prepare_markdown.c).
 */
#include "strip_markdown.h"

#include <md4c.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/limits.h"
#include "blogsearch/text.h"
#include "emoji.h"
#include "prepare_markdown.h"
#include "strip_html.h"
#include "typographer.h"

#define PADDING 64
/* Shortcodes that enclose shortcodes: deeper ones give no text. */
#define LIMIT_SHORTCODE_DEPTH 8

typedef struct Stripper {
	const MarkdownOptions *options;
	Blocks *blocks;
	Shortcodes shortcodes;
	const Prepared *prepared;
	HeadingIds ids;
	Str source;       /* what md4c reads: headings' ids are made from it */
	const char *last; /* the last text in @source that the heading at hand gave */
	Str code_lang;
	unsigned image_depth;  /* > 0: inside an image's alternative text */
	unsigned depth;        /* of shortcodes around */
	size_t n_target_bytes; /* of the links' and images' targets and titles so far */
	Buf html;              /* of the HTML block at hand */
	Buf span;              /* inline code, or an image's alternative text */
	Str silent;            /* the tag of inline HTML whose content is no text (<script>) */
	bool is_inline;        /* text in the middle of a paragraph: it closes no block */
	bool has_block;        /* of such a text one has begun */
	bool is_code_span, is_code, is_diagram, is_html, is_heading;
	bool is_struck, wants_tilde; /* ~one tilde~ that strikes nothing */
} Stripper;

static void strip_part(Str markdown, const MarkdownOptions *options, Blocks *blocks, unsigned depth, bool is_inline,
                       bool *ret_is_done);

/* --- Headings -------------------------------------------------------------------------------------- */

/* "> ", "- ", "1. " before what stands in a quote or list. */
static Str skip_marks(Str line)
{
	for (;;) {
		size_t digits = 0;

		line = str_trim(line);
		while (digits < line.len && line.data[digits] >= '0' && line.data[digits] <= '9')
			digits++;
		if (line.len && line.data[0] == '>')
			line = str_from(line, 1);
		else if (line.len > 1 && strchr("-*+", line.data[0]) && strchr(" \t", line.data[1]))
			line = str_from(line, 1);
		else if (digits && digits < 10 && digits + 1 < line.len && strchr(".)", line.data[digits]) &&
		         line.data[digits + 1] == ' ' && str_find_char(line, '#') != STR_NOT_FOUND)
			line = str_from(line, digits + 1);
		else
			return line;
	}
}

/* The source line that the heading's last text lies in, without `#`s, quote and list marks. */
static Str heading_source(const Stripper *stripper)
{
	Str source = stripper->source, line;
	size_t at, from, to;

	if (!stripper->last)
		return STR_EMPTY;
	at = (size_t)(stripper->last - source.data);
	for (from = at; from > 0 && source.data[from - 1] != '\n';)
		from--;
	for (to = at; to < source.len && source.data[to] != '\n';)
		to++;
	line = skip_marks(str_slice(source, from, to));
	if (line.len && line.data[0] == '#') {
		while (line.len && line.data[0] == '#')
			line = str_from(line, 1);
		to = line.len;
		while (to > 0 && line.data[to - 1] == '#')
			to--;
		/* Closing marks stand behind a blank. */
		if (to < line.len && (to == 0 || line.data[to - 1] == ' ' || line.data[to - 1] == '\t'))
			line.len = to;
	}
	return str_trim(line);
}

/* Hugo 0.111's own mark for each of ours. */
static Str with_hugo_marks(const Stripper *stripper, Str source, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	size_t at, n;

	while ((at = str_find(source, STR(SHORTCODE_MARK))) != STR_NOT_FOUND) {
		const Shortcode *shortcode = shortcode_at_mark(&stripper->shortcodes, str_from(source, at), &n);

		buf_append(&out, str_slice(source, 0, at));
		if (shortcode)
			buf_printf(&out, "HAHAHUGOSHORTCODEs%uHBHB", shortcode->ordinal);
		source = str_from(source, at + n);
	}
	buf_append(&out, source);
	return arena_str_dup(arena, buf_str(&out));
}

static void close_heading(Stripper *stripper, unsigned level)
{
	const MarkdownOptions *options = stripper->options;
	Arena *arena = stripper->blocks->arena;
	Str own = STR_EMPTY, source = heading_source(stripper), id = STR_EMPTY;
	bool has_mark;

	if (options->has_heading_attributes)
		source = heading_cut_attributes(source, &own);
	has_mark = str_find(source, STR(SHORTCODE_MARK)) != STR_NOT_FOUND;
	if (own.len) {
		heading_id_reserve(&stripper->ids, own);
		id = own;
	} else if (stripper->blocks->n_headings < LIMIT_PAGE_HEADINGS) { /* nothing leads to those behind */
		id = heading_id_make(&stripper->ids, has_mark ? with_hugo_marks(stripper, source, arena) : source, arena);
		if (has_mark && !options->knows_marks)
			id = STR_EMPTY;
	}
	/* The attributes came as text. */
	if (options->has_heading_attributes) {
		Str unused, text = heading_cut_attributes(buf_str(&stripper->blocks->text), &unused);

		if (text.data == stripper->blocks->text.data)
			blocks_cut(stripper->blocks, text.len);
	}
	blocks_close_heading(stripper->blocks, (uint8_t)level, id);
}

/* --- Shortcodes and HTML ------------------------------------------------------------------------------ */

/* What a shortcode encloses is Markdown by itself: its headings have no ids of this page. */
static void put_inner(Stripper *stripper, Str inner)
{
	MarkdownOptions options = *stripper->options;
	bool is_inline = stripper->is_inline || stripper->is_heading || str_find_char(str_trim(inner), '\n') == STR_NOT_FOUND;
	bool is_done;

	if (stripper->depth >= LIMIT_SHORTCODE_DEPTH)
		return;
	options.heading_ids = HEADING_ID_NONE;
	if (!is_inline)
		blocks_close(stripper->blocks, BLOCK_PROSE, STR_EMPTY);
	strip_part(inner, &options, stripper->blocks, stripper->depth + 1, is_inline, &is_done);
}

/* Lines of code; in the middle of a paragraph they are words of it. */
static void put_code_text(Stripper *stripper, Str text)
{
	if (stripper->is_inline)
		blocks_text(stripper->blocks, text);
	else
		blocks_raw(stripper->blocks, text);
}

static void put_shortcode(Stripper *stripper, const Shortcode *shortcode)
{
	Blocks *blocks = stripper->blocks;
	Arena *arena = blocks->arena;

	if (shortcode->caption.len)
		blocks_add(blocks, BLOCK_CAPTION, shortcode->caption);
	if (shortcode->code.len) {
		if (!stripper->is_inline)
			blocks_close(blocks, BLOCK_PROSE, STR_EMPTY);
		put_code_text(stripper, str_trim(shortcode->code));
		if (!stripper->is_inline)
			blocks_close(blocks, BLOCK_CODE, shortcode->lang);
	}
	blocks_text(blocks, resolve_entities(shortcode->value, arena));
	if (shortcode->inner.len)
		put_inner(stripper, shortcode->inner);
}

/* Text with marks: of shortcodes, of the summary's end. */
static void put_text(void *context, Str text)
{
	Stripper *stripper = context;
	size_t from = 0;

	for (size_t at = 0; at + 3 <= text.len;) {
		Str rest = str_from(text, at);
		const Shortcode *shortcode = NULL;
		size_t n = 0;

		if (text.data[at] == SHORTCODE_MARK[0]) {
			if (str_starts_with(rest, STR(SHORTCODE_MARK)))
				shortcode = shortcode_at_mark(&stripper->shortcodes, rest, &n);
			else if (str_starts_with(rest, STR(DIVIDER_MARK)))
				n = 3;
		}
		if (!n) {
			at++;
			continue;
		}
		blocks_text(stripper->blocks, str_slice(text, from, at));
		if (shortcode)
			put_shortcode(stripper, shortcode);
		else if (str_starts_with(rest, STR(DIVIDER_MARK)))
			blocks_divide(stripper->blocks);
		from = at += n;
	}
	blocks_text(stripper->blocks, str_from(text, from));
}

/* --- md4c's callbacks -------------------------------------------------------------------------------- */

static Str attribute_text(const MD_ATTRIBUTE *attribute, Arena *arena)
{
	return resolve_entities((Str){ attribute->text, attribute->size }, arena);
}

static bool is_diagram(Str lang)
{
	static const char *const langs[] = { "mermaid", "plantuml", "goat", "graphviz", "dot", "math", "katex", "latex-math" };

	for (size_t i = 0; i < ARRAY_SIZE(langs); i++)
		if (str_equal_nocase(lang, str_from_c(langs[i])))
			return true;
	return false;
}

/* "go {linenos=true}" and "go{hl_lines=[1]}" are go. */
static Str code_language(const MD_BLOCK_CODE_DETAIL *detail, Arena *arena)
{
	CLEANUP(buf_deinit) Buf lang = BUF_INIT(64);
	Str info = attribute_text(&detail->lang, arena);
	size_t brace = str_find_char(info, '{');

	text_lower_case(str_slice(info, 0, brace), &lang);
	return arena_str_dup(arena, buf_str(&lang));
}

/* What a shortcode encloses is a part of the word around it where it is one paragraph; others are parted. */
static void part_inline(Stripper *stripper, MD_BLOCKTYPE type)
{
	if (type == MD_BLOCK_DOC)
		return;
	if (type != MD_BLOCK_P || stripper->has_block)
		blocks_part(stripper->blocks);
	stripper->has_block = true;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	Stripper *stripper = context;

	if (type == MD_BLOCK_CODE) {
		if (!stripper->is_inline)
			blocks_close(stripper->blocks, BLOCK_PROSE, STR_EMPTY);
		stripper->is_code = true;
		stripper->code_lang = code_language(detail, stripper->blocks->arena);
		stripper->is_diagram = is_diagram(stripper->code_lang);
		return 0;
	}
	stripper->silent = STR_EMPTY;
	if (type == MD_BLOCK_H) {
		stripper->last = NULL;
		stripper->is_heading = true;
	} else if (type == MD_BLOCK_HTML) {
		stripper->is_html = true;
		buf_clear(&stripper->html);
	}
	if (stripper->is_inline)
		part_inline(stripper, type);
	else if (type == MD_BLOCK_TD || type == MD_BLOCK_TH)
		blocks_part(stripper->blocks);
	else if (type != MD_BLOCK_DOC)
		blocks_close(stripper->blocks, BLOCK_PROSE, STR_EMPTY);
	return 0;
}

static void leave_html(Stripper *stripper)
{
	stripper->is_html = false;
	if (stripper->options->keeps_html)
		strip_html_with(buf_str(&stripper->html), stripper->blocks, put_text, stripper);
	else if (str_find(buf_str(&stripper->html), STR(DIVIDER_MARK)) != STR_NOT_FOUND)
		blocks_divide(stripper->blocks);
	if (!stripper->options->keeps_html)
		take_comments(buf_str(&stripper->html), stripper->blocks);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	Stripper *stripper = context;

	if (type == MD_BLOCK_CODE)
		stripper->is_code = false;
	if (type == MD_BLOCK_H)
		stripper->is_heading = false;
	if (type == MD_BLOCK_HTML)
		leave_html(stripper);
	if (stripper->is_inline)
		return 0;
	switch (type) {
	case MD_BLOCK_CODE:
		blocks_close(stripper->blocks, BLOCK_CODE, stripper->code_lang);
		break;
	case MD_BLOCK_H:
		close_heading(stripper, ((const MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_P:
		blocks_close_paragraph(stripper->blocks);
		break;
	case MD_BLOCK_LI:
	case MD_BLOCK_QUOTE:
	case MD_BLOCK_TR:
	case MD_BLOCK_DOC:
		blocks_close(stripper->blocks, BLOCK_PROSE, STR_EMPTY);
		break;
	default:
		break;
	}
	return 0;
}

static size_t target_bytes(MD_SPANTYPE type, const void *detail)
{
	const MD_SPAN_A_DETAIL *link = detail;
	const MD_SPAN_IMG_DETAIL *image = detail;

	if (type == MD_SPAN_A)
		return (size_t)link->href.size + link->title.size;
	return type == MD_SPAN_IMG ? (size_t)image->src.size + image->title.size : 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
	Stripper *stripper = context;

	/* A definition costs its length at each use: a long one that is used often, minutes. */
	stripper->n_target_bytes += target_bytes(type, detail);
	if (stripper->n_target_bytes > stripper->blocks->max_bytes)
		stripper->blocks->is_cut = true;
	if (stripper->blocks->is_cut)
		return -1;
	if (type == MD_SPAN_IMG) {
		if (!stripper->image_depth++)
			buf_clear(&stripper->span);
	} else if (type == MD_SPAN_CODE && !stripper->image_depth) {
		stripper->is_code_span = true;
		buf_clear(&stripper->span);
	} else if (type == MD_SPAN_DEL) {
		stripper->wants_tilde = !stripper->options->has_single_tilde;
	}
	return 0;
}

/* Alternative text, then the title where it says more. */
static void add_caption(Stripper *stripper, const MD_SPAN_IMG_DETAIL *image)
{
	Arena *arena = stripper->blocks->arena;
	Str alt = drop_shortcode_marks(arena_str_dup(arena, buf_str(&stripper->span)), arena);
	Str title = drop_shortcode_marks(attribute_text(&image->title, arena), arena);

	blocks_add(stripper->blocks, BLOCK_CAPTION, alt);
	if (!str_equal(title, alt))
		blocks_add(stripper->blocks, BLOCK_CAPTION, title);
	/* An image parts the words around it. */
	blocks_part(stripper->blocks);
}

static void take_text(Stripper *stripper, Str text);

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
	Stripper *stripper = context;

	if (type == MD_SPAN_IMG && --stripper->image_depth == 0)
		add_caption(stripper, detail);
	if (type == MD_SPAN_CODE && stripper->is_code_span) {
		stripper->is_code_span = false;
		blocks_inline_code(stripper->blocks, drop_shortcode_marks(buf_str(&stripper->span), stripper->blocks->arena));
	}
	if (type == MD_SPAN_DEL && stripper->is_struck) {
		stripper->is_struck = false;
		take_text(stripper, STR("~"));
	}
	return 0;
}

/* What a shortcode prints stands in code as it is. */
static Str text_in_code(const Stripper *stripper, const Shortcode *shortcode)
{
	Arena *arena = stripper->blocks->arena;
	Shortcodes inside;

	if (!shortcode->inner.len)
		return shortcode->code.len ? shortcode->code : shortcode->value;
	expand_shortcodes(shortcode->inner, stripper->options->params, arena, &inside);
	return drop_shortcode_marks(inside.text, arena);
}

static void put_code(Stripper *stripper, Str text)
{
	size_t at, n;

	while ((at = str_find(text, STR(SHORTCODE_MARK))) != STR_NOT_FOUND) {
		const Shortcode *shortcode = shortcode_at_mark(&stripper->shortcodes, str_from(text, at), &n);

		put_code_text(stripper, str_slice(text, 0, at));
		if (shortcode)
			put_code_text(stripper, text_in_code(stripper, shortcode));
		text = str_from(text, at + n);
	}
	put_code_text(stripper, text);
}

static void take_text(Stripper *stripper, Str text)
{
	if (stripper->silent.len)
		return;
	if (stripper->image_depth || stripper->is_code_span)
		buf_append(&stripper->span, text);
	if (stripper->image_depth)
		return;
	if (stripper->is_code && !stripper->is_diagram)
		put_code(stripper, text);
	else if (!stripper->is_code)
		put_text(stripper, text);
}

static void take_entity(Stripper *stripper, Str entity)
{
	CLEANUP(buf_deinit) Buf resolved = BUF_INIT(64);

	if (!resolve_entity(entity, &resolved))
		buf_append(&resolved, entity);
	take_text(stripper, buf_str(&resolved));
}

/* Whether @text is a piece of the source, so that its neighbours can be looked at. */
static bool is_in_source(const Stripper *stripper, Str text)
{
	return text.data >= stripper->source.data && text.data < stripper->source.data + stripper->source.len;
}

static uint32_t character_before(const Stripper *stripper, Str text)
{
	size_t at = (size_t)(text.data - stripper->source.data), start = at;
	uint32_t c = 0;

	if (!is_in_source(stripper, text) || !at)
		return 0;
	do
		start--;
	while (start > 0 && at - start < 4 && ((unsigned char)stripper->source.data[start] & 0xc0) == 0x80);
	(void)str_decode(stripper->source, start, &c);
	return c;
}

static uint32_t character_after(const Stripper *stripper, Str text)
{
	size_t at = (size_t)(text.data - stripper->source.data) + text.len;
	uint32_t c = 0;

	if (is_in_source(stripper, text) && at < stripper->source.len)
		(void)str_decode(stripper->source, at, &c);
	return c;
}

static void put_typography(Stripper *stripper, Str text)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	uint32_t before = character_before(stripper, text);

	/* What is escaped stays as it is. */
	if (before == '\\' && text.len) {
		take_text(stripper, str_slice(text, 0, 1));
		text = str_from(text, 1);
		before = 'x';
	}
	typographer_append(text, before, character_after(stripper, text), &out);
	take_text(stripper, buf_str(&out));
}

/* The length of a reference to a footnote at @at of @text. */
static size_t reference_at(const Stripper *stripper, Str text, size_t at)
{
	Str source = stripper->source;

	if (!is_in_source(stripper, text))
		return note_reference(stripper->prepared, text, at);
	return note_reference(stripper->prepared, source, (size_t)(text.data - source.data) + at);
}

/* References to footnotes go. */
static void take_normal(Stripper *stripper, Str text)
{
	bool is_plain = stripper->is_code || stripper->is_code_span || !stripper->options->has_typographer;

	while (text.len) {
		size_t n = str_find(text, STR("[^")), len = 0;
		Str piece;

		while (n != STR_NOT_FOUND && !(len = reference_at(stripper, text, n))) {
			size_t next = str_find(str_from(text, n + 2), STR("[^"));

			n = next == STR_NOT_FOUND ? next : n + 2 + next;
		}
		piece = str_slice(text, 0, n);
		if (is_plain)
			take_text(stripper, piece);
		else
			put_typography(stripper, piece);
		text = n == STR_NOT_FOUND ? STR_EMPTY : str_from(text, n + len);
	}
}

/* Inside a block: kept until its end. Inline: a tag, or a comment. */
static void take_html(Stripper *stripper, Str html)
{
	if (stripper->is_html) {
		buf_append(&stripper->html, html);
		return;
	}
	take_comment(html, stripper->blocks);
	if (str_starts_with(html, STR("<")) && tag_parts_words(html))
		blocks_part(stripper->blocks);
	if (!stripper->options->keeps_html || !tag_is_silent(html))
		return;
	stripper->silent = tag_is_end(html) ? STR_EMPTY : html;
}

/* ~One~ tilde: text where two are needed. */
static void check_tilde(Stripper *stripper, Str text)
{
	stripper->wants_tilde = false;
	if (character_before(stripper, text) != '~' ||
	    (text.data - stripper->source.data > 1 && text.data[-2] == '~'))
		return;
	stripper->is_struck = true;
	take_text(stripper, STR("~"));
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
	Stripper *stripper = context;
	Str str = { text, size };

	if (is_in_source(stripper, str)) {
		stripper->last = text;
		if (stripper->wants_tilde)
			check_tilde(stripper, str);
	}
	switch (type) {
	case MD_TEXT_ENTITY:
		take_entity(stripper, str);
		break;
	case MD_TEXT_BR:
		blocks_break(stripper->blocks);
		take_text(stripper, STR(" "));
		break;
	case MD_TEXT_SOFTBR:
		take_text(stripper, STR(" "));
		break;
	case MD_TEXT_HTML:
		take_html(stripper, str);
		break;
	case MD_TEXT_NULLCHAR:
		break;
	case MD_TEXT_NORMAL:
		take_normal(stripper, str);
		break;
	default:
		take_text(stripper, str);
		break;
	}
	/* md4c 0.4.8 stops for negative values only. */
	return stripper->blocks->is_cut ? -1 : 0;
}

static bool parse(Stripper *stripper, Str padded)
{
	const MarkdownOptions *options = stripper->options;
	MD_PARSER parser = {
		.flags = (options->has_tables ? MD_FLAG_TABLES : 0) | (options->has_task_lists ? MD_FLAG_TASKLISTS : 0) |
		         (options->has_strikethrough ? MD_FLAG_STRIKETHROUGH : 0),
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = enter_span, .leave_span = leave_span, .text = on_text,
	};

	return md_parse(padded.data, (MD_SIZE)padded.len, &parser, stripper) == 0 || stripper->blocks->is_cut;
}

static void strip_part(Str markdown, const MarkdownOptions *options, Blocks *blocks, unsigned depth, bool is_inline,
                       bool *ret_is_done)
{
	Arena *arena = blocks->arena;
	Prepared prepared;
	Stripper stripper = { .options = options, .blocks = blocks, .shortcodes = { .text = markdown },
		              .prepared = &prepared, .ids = { .style = options->heading_ids }, .depth = depth,
		              .is_inline = is_inline, .html = BUF_INIT(BUF_NO_CEILING), .span = BUF_INIT(BUF_NO_CEILING) };

	if (options->has_shortcodes)
		expand_shortcodes(markdown, options->params, arena, &stripper.shortcodes);
	prepare_markdown(options->has_emoji ? replace_emoji(stripper.shortcodes.text, arena) : stripper.shortcodes.text,
	                 options, &prepared);
	stripper.source = buf_str(&prepared.text);
	memset(buf_reserve(&prepared.text, PADDING), 0, PADDING);
	stripper.source.data = prepared.text.data;
	*ret_is_done = parse(&stripper, stripper.source);
	heading_ids_deinit(&stripper.ids);
	prepared_deinit(&prepared);
	buf_deinit(&stripper.html);
	buf_deinit(&stripper.span);
}

bool strip_markdown(Str markdown, const MarkdownOptions *options, Blocks *blocks)
{
	bool is_done;

	strip_part(markdown, options, blocks, 0, false, &is_done);
	return is_done;
}

void strip_html_page(Str html, const MarkdownOptions *options, Blocks *blocks)
{
	Prepared nothing = { 0 };
	Stripper stripper = { .options = options, .blocks = blocks, .shortcodes = { .text = html }, .prepared = &nothing,
		              .html = BUF_INIT(BUF_NO_CEILING), .span = BUF_INIT(BUF_NO_CEILING) };

	if (options->has_shortcodes)
		expand_shortcodes(html, options->params, blocks->arena, &stripper.shortcodes);
	strip_html_with(stripper.shortcodes.text, blocks, put_text, &stripper);
}
