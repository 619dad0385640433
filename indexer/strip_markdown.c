/*
 * md4c 0.4.8 reads up to some bytes past its input: it is given a copy, padded with a line end
 * and zeros. Its permissive autolinks, LaTeX and wiki links, which had memory errors, stay off;
 * definition lists, footnotes and attributes, which it does not know, are resolved before.
 */
#include "strip_markdown.h"

#include <md4c.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/text.h"
#include "expand_shortcodes.h"
#include "strip_html.h"

#define PADDING 64

typedef struct Stripper {
	const MarkdownOptions *options;
	Blocks *blocks;
	const Shortcodes *shortcodes;
	HeadingIds ids;
	Str source;       /* what md4c reads: headings' ids are made from it */
	const char *last; /* the last text in @source that the heading at hand gave */
	Str code_lang;
	unsigned image_depth; /* > 0: inside an image's alternative text */
	Buf html;             /* of the HTML block at hand */
	Buf span;             /* inline code, or an image's alternative text */
	bool is_code_span, is_code, is_diagram;
} Stripper;

/* --- What md4c does not know, resolved on lines before it reads them ------------------------------ */

/* "[^note]: " at the start of a line: the note is a paragraph like others. */
static size_t footnote_label(Str line)
{
	size_t end;

	if (!str_starts_with(line, STR("[^")))
		return 0;
	end = str_find(line, STR("]:"));
	return end == STR_NOT_FOUND || end < 3 ? 0 : end + 2;
}

/* `{.class}` alone on a line belongs to the block above. */
static bool is_attributes(Str line)
{
	line = str_trim(line);
	return line.len > 2 && line.data[0] == '{' && line.data[line.len - 1] == '}' && strchr(".#", line.data[1]);
}

static bool is_fence(Str line, char *fence, size_t *n)
{
	Str text = str_trim(line);
	size_t i = 0;

	if (line.len && (line.data[0] == '\t' || str_starts_with(line, STR("    "))) && !*fence)
		return false;
	while (i < text.len && text.data[i] == text.data[0])
		i++;
	if (i < 3 || !strchr("`~", text.data[0]))
		return false;
	if (*fence)
		return text.data[0] == *fence && i >= *n && i == text.len;
	*fence = text.data[0];
	*n = i;
	return true;
}

static void append_without_footnotes(Buf *out, Str line)
{
	for (size_t at = 0; at < line.len;) {
		Str rest = str_from(line, at);
		size_t end = str_starts_with(rest, STR("[^")) ? str_find_char(rest, ']') : STR_NOT_FOUND;

		if (end != STR_NOT_FOUND && end > 2 && end < 100) {
			at += end + 1;
			continue;
		}
		buf_append_char(out, line.data[at++]);
	}
}

static void prepare_line(Buf *out, Str line)
{
	size_t label = footnote_label(line);

	if (is_attributes(line))
		return;
	if (label) {
		buf_append_char(out, '\n');
		line = str_trim(str_from(line, label));
	} else if (str_starts_with(line, STR(": ")) || str_starts_with(line, STR(":\t"))) {
		buf_append_char(out, '\n'); /* a definition */
		line = str_trim(str_from(line, 1));
	}
	append_without_footnotes(out, line);
}

static bool is_math_fence(Str line)
{
	line = str_trim(line);
	return str_equal(line, STR("$$")) || str_equal(line, STR("\\[")) || str_equal(line, STR("\\]"));
}

/* Fenced code passes untouched; a formula set apart by lines of `$$` is left out. */
static void prepare(Str markdown, Buf *out)
{
	Str rest = markdown, line;
	char fence = 0;
	size_t n_fence = 0;
	bool is_math = false;

	while (str_next_line(&rest, &line)) {
		char before = fence;

		if (is_fence(line, &fence, &n_fence)) {
			fence = before ? 0 : fence;
			buf_append(out, line);
		} else if (before) {
			buf_append(out, line);
		} else if (is_math_fence(line)) {
			is_math = !is_math && !str_equal(str_trim(line), STR("\\]")) &&
			          str_find(rest, str_equal(str_trim(line), STR("\\[")) ? STR("\\]") : STR("$$")) !=
			                  STR_NOT_FOUND;
		} else if (!is_math) {
			prepare_line(out, line);
		}
		buf_append_char(out, '\n');
	}
}

/* --- Headings -------------------------------------------------------------------------------------- */

/* The source line that @at lies in, without `#`s, quote and list marks. */
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
	line = str_trim(str_slice(source, from, to));
	/* In a quote or list the heading starts behind their marks. */
	while (line.len && strchr("> \t", line.data[0]))
		line = str_from(line, 1);
	while (line.len > 1 && strchr("-*+", line.data[0]) && line.data[1] == ' ')
		line = str_trim(str_from(line, 1));
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

/* Up to 0.111 Hugo's own mark was known, and it shows; later ones cannot be told. */
static Str with_hugo_marks(Str source, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	for (size_t at = 0; at < source.len;) {
		Str rest = str_from(source, at);

		if (str_starts_with(rest, STR(SHORTCODE_MARK))) {
			buf_append_c(&out, "HAHAHUGOSHORTCODEs");
			at += 3;
		} else if (str_starts_with(rest, STR(SHORTCODE_MARK_END))) {
			buf_append_c(&out, "HBHB");
			at += 3;
		} else {
			buf_append_char(&out, source.data[at++]);
		}
	}
	return arena_str_dup(arena, buf_str(&out));
}

#define HUGO_KNOWN_MARKS 111003u /* 0.111.3 */

static void close_heading(Stripper *stripper, unsigned level)
{
	Str own, source = heading_cut_attributes(heading_source(stripper), &own), id;
	bool has_mark = str_find(source, STR(SHORTCODE_MARK)) != STR_NOT_FOUND;

	if (has_mark)
		source = with_hugo_marks(source, stripper->blocks->arena);
	if (own.len) {
		heading_id_reserve(&stripper->ids, own);
		id = own;
	} else {
		id = heading_id_make(&stripper->ids, source, stripper->blocks->arena);
		if (has_mark && stripper->options->hugo_version > HUGO_KNOWN_MARKS)
			id = STR_EMPTY;
	}
	/* The attributes came as text. */
	if (own.len || str_ends_with(str_trim(buf_str(&stripper->blocks->text)), STR("}"))) {
		Str unused, text = heading_cut_attributes(buf_str(&stripper->blocks->text), &unused);

		if (text.data == stripper->blocks->text.data)
			buf_truncate(&stripper->blocks->text, text.len);
	}
	blocks_close_heading(stripper->blocks, (uint8_t)level, id);
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

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	Stripper *stripper = context;

	switch (type) {
	case MD_BLOCK_CODE:
		blocks_close(stripper->blocks, BLOCK_PROSE, STR_EMPTY);
		stripper->is_code = true;
		stripper->code_lang = code_language(detail, stripper->blocks->arena);
		stripper->is_diagram = is_diagram(stripper->code_lang);
		break;
	case MD_BLOCK_H:
		blocks_close(stripper->blocks, BLOCK_PROSE, STR_EMPTY);
		stripper->last = NULL;
		break;
	case MD_BLOCK_TD:
	case MD_BLOCK_TH:
		blocks_part(stripper->blocks);
		break;
	case MD_BLOCK_HTML:
		blocks_close(stripper->blocks, BLOCK_PROSE, STR_EMPTY);
		buf_clear(&stripper->html);
		break;
	case MD_BLOCK_P:
	case MD_BLOCK_LI:
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
	case MD_BLOCK_QUOTE:
	case MD_BLOCK_TR:
		blocks_close(stripper->blocks, BLOCK_PROSE, STR_EMPTY);
		break;
	default:
		break;
	}
	return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	Stripper *stripper = context;

	switch (type) {
	case MD_BLOCK_CODE:
		blocks_close(stripper->blocks, BLOCK_CODE, stripper->code_lang);
		stripper->is_code = false;
		break;
	case MD_BLOCK_H:
		close_heading(stripper, ((const MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_HTML:
		if (stripper->options->keeps_html)
			strip_html(buf_str(&stripper->html), stripper->blocks);
		break;
	case MD_BLOCK_P:
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

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
	Stripper *stripper = context;

	(void)detail;
	if (type == MD_SPAN_IMG) {
		if (!stripper->image_depth++)
			buf_clear(&stripper->span);
	} else if (type == MD_SPAN_CODE && !stripper->image_depth) {
		stripper->is_code_span = true;
		buf_clear(&stripper->span);
	}
	return 0;
}

/* Alternative text, then the title where it says more. */
static void add_caption(Stripper *stripper, const MD_SPAN_IMG_DETAIL *image)
{
	Arena *arena = stripper->blocks->arena;
	Str alt = drop_shortcode_marks(arena_str_dup(arena, buf_str(&stripper->span)), arena);
	Str title = attribute_text(&image->title, arena);

	blocks_add(stripper->blocks, BLOCK_CAPTION, alt);
	if (!str_equal(title, alt))
		blocks_add(stripper->blocks, BLOCK_CAPTION, title);
	/* An image parts the words around it. */
	blocks_part(stripper->blocks);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
	Stripper *stripper = context;

	if (type == MD_SPAN_IMG && --stripper->image_depth == 0)
		add_caption(stripper, detail);
	if (type == MD_SPAN_CODE && stripper->is_code_span) {
		stripper->is_code_span = false;
		blocks_inline_code(stripper->blocks, buf_str(&stripper->span));
	}
	return 0;
}

/* Text with shortcode marks: these go, captions become blocks. */
static void put_text(Stripper *stripper, Str text)
{
	const Shortcodes *shortcodes = stripper->shortcodes;
	size_t at;

	while (shortcodes->n && (at = str_find(text, STR(SHORTCODE_MARK))) != STR_NOT_FOUND) {
		size_t end = str_find(str_from(text, at), STR(SHORTCODE_MARK_END));
		uint64_t number;

		if (end == STR_NOT_FOUND)
			break;
		blocks_text(stripper->blocks, str_slice(text, 0, at));
		if (str_to_u64(str_slice(text, at + 3, at + end), &number) && number < shortcodes->n &&
		    shortcodes->captions[number].len)
			blocks_add(stripper->blocks, BLOCK_CAPTION, shortcodes->captions[number]);
		text = str_from(text, at + end + 3);
	}
	blocks_text(stripper->blocks, text);
}

static void take_text(Stripper *stripper, Str text)
{
	if (stripper->image_depth || stripper->is_code_span)
		buf_append(&stripper->span, text);
	if (stripper->image_depth)
		return;
	if (stripper->is_code && !stripper->is_diagram)
		blocks_raw(stripper->blocks, drop_shortcode_marks(text, stripper->blocks->arena));
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

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
	Stripper *stripper = context;
	Str str = { text, size };

	if (text >= stripper->source.data && text < stripper->source.data + stripper->source.len)
		stripper->last = text;
	switch (type) {
	case MD_TEXT_ENTITY:
		take_entity(stripper, str);
		break;
	case MD_TEXT_BR:
	case MD_TEXT_SOFTBR:
		take_text(stripper, STR(" "));
		break;
	case MD_TEXT_HTML:
		/* Inside a block: kept until its end. Inline: a tag. */
		if (buf_reserve(&stripper->html, 0))
			buf_append(&stripper->html, str);
		if (size && text[0] == '<' && tag_parts_words(str))
			blocks_part(stripper->blocks);
		break;
	case MD_TEXT_NULLCHAR:
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
	MD_PARSER parser = {
		.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS,
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = enter_span, .leave_span = leave_span, .text = on_text,
	};

	return md_parse(padded.data, (MD_SIZE)padded.len, &parser, stripper) == 0 || stripper->blocks->is_cut;
}

bool strip_markdown(Str markdown, const MarkdownOptions *options, Blocks *blocks)
{
	CLEANUP(buf_deinit) Buf prepared = BUF_INIT(BUF_NO_CEILING);
	Shortcodes shortcodes = { .text = markdown };
	Stripper stripper = { .options = options, .blocks = blocks, .shortcodes = &shortcodes,
		              .ids = { .style = options->heading_ids },
		              .html = BUF_INIT(BUF_NO_CEILING), .span = BUF_INIT(BUF_NO_CEILING) };
	bool is_done;

	if (options->has_shortcodes)
		expand_shortcodes(markdown, blocks->arena, &shortcodes);
	prepare(shortcodes.text, &prepared);
	memset(buf_reserve(&prepared, PADDING), 0, PADDING);
	stripper.source = buf_str(&prepared);
	is_done = parse(&stripper, stripper.source);
	heading_ids_deinit(&stripper.ids);
	buf_deinit(&stripper.html);
	buf_deinit(&stripper.span);
	return is_done;
}
