/* Line by line; code between fences passes untouched. */
#include "prepare_markdown.h"

#include "blogsearch/vec.h"
#include "table_rows.h"

#define LIMIT_NOTE_LABEL 200
#define LIMIT_ADDRESS    512

typedef struct Fence {
	char c; /* 0: not in one */
	size_t n;
} Fence;

/* What is known of the end of a formula: not to be looked for again. */
typedef struct MathEnd {
	bool has_none;     /* in what follows            */
	const char *until; /* there is none before this; NULL: unknown */
} MathEnd;

/* What the next line is to a table. */
typedef enum TablePlace {
	TABLE_NONE,
	TABLE_COLUMNS, /* it parts the header from the rows          */
	TABLE_MISFIT,  /* it looks like that, but makes no table     */
	TABLE_ROWS,
} TablePlace;

/* The text of a footnote, from @from up to the next one's in Preparation.note_text. */
typedef struct Note {
	uint64_t order; /* of the first reference to it */
	size_t from, len;
} Note;

typedef struct Preparation {
	const MarkdownOptions *options;
	Prepared *prepared;
	Buf *out;      /* the page's text, or that of the note at hand */
	Buf note_text; /* notes stand at the end, wherever they are written */
	VEC(Note) notes;
	Fence fence;
	bool is_in_note;  /* lines indented by four blanks go on with it */
	bool drops_note;  /* nobody refers to it */
	bool after_blank;
	bool is_in_list; /* what is indented is a part of an item, else code */
	bool is_in_math;
	TablePlace table;
	MathEnd dollars, bracket;
} Preparation;

/* --- Fences --------------------------------------------------------------------------------------- */

static size_t count_indent(Str line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.len && (line.data[i] == ' ' || line.data[i] == '\t'); i++)
		n = line.data[i] == '\t' ? n / 4 * 4 + 4 : n + 1;
	return n;
}

static bool is_blank_line(Str line)
{
	return str_trim(line).len == 0;
}

/* Quote and list marks before what a line begins with. */
static Str skip_containers(Str line)
{
	for (;;) {
		Str text = str_trim(line);
		size_t digits = 0;

		if (text.len && text.data[0] == '>') {
			line = str_from(text, 1);
			continue;
		}
		if (text.len > 1 && strchr("-*+", text.data[0]) && (text.data[1] == ' ' || text.data[1] == '\t')) {
			line = str_from(text, 2);
			continue;
		}
		while (digits < text.len && digits < 9 && text.data[digits] >= '0' && text.data[digits] <= '9')
			digits++;
		if (digits && digits + 1 < text.len && strchr(".)", text.data[digits]) && text.data[digits + 1] == ' ') {
			line = str_from(text, digits + 2);
			continue;
		}
		return line;
	}
}

/* Whether @line opens or closes a fence; *fence says in which one the lines after it stand. */
static bool is_fence(Str line, Fence *fence)
{
	Str text = str_trim(fence->c ? line : skip_containers(line));
	size_t n = 0;

	while (n < text.len && text.data[n] == text.data[0])
		n++;
	if (n < 3 || !strchr("`~", text.data[0]))
		return false;
	if (fence->c) {
		/* A quote's mark may stand before it. */
		if (text.data[0] != fence->c || n < fence->n || n < text.len)
			return false;
		*fence = (Fence){ 0 };
		return true;
	}
	if (text.data[0] == '`' && str_find_char(str_from(text, n), '`') != STR_NOT_FOUND)
		return false; /* code in the line */
	*fence = (Fence){ text.data[0], n };
	return true;
}

/* --- Footnotes -------------------------------------------------------------------------------------- */

/* "^note" of "[^note]" at the front of @text, without its brackets; empty for none. */
static Str note_label(Str text)
{
	size_t end;

	if (!str_starts_with(text, STR("[^")))
		return STR_EMPTY;
	end = str_find_char(str_slice(text, 0, LIMIT_NOTE_LABEL), ']');
	return end == STR_NOT_FOUND || end == 2 ? STR_EMPTY : str_slice(text, 1, end);
}

/* The label that a line defines ("[^note]: …"); *ret_text is what follows. In a note it may stand deeper. */
static Str note_defined(Str line, bool is_in_note, Str *ret_text)
{
	Str text = str_trim(line), label = count_indent(line) < (is_in_note ? 8 : 4) ? note_label(text) : STR_EMPTY;

	if (!label.len || !str_starts_with(str_from(text, label.len + 2), STR(":")))
		return STR_EMPTY;
	*ret_text = str_from(text, label.len + 3);
	return label;
}

static bool is_of_address(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c && strchr("-@:%_+.~#$!?&/=();,'\">^{}[]`", c));
}

/* The length of what a bare address begins with. */
static size_t address_start(Str text)
{
	static const char *const starts[] = { "http://", "https://", "ftp://", "www." };

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (str_starts_with(text, str_from_c(starts[i])))
			return strlen(starts[i]);
	return 0;
}

/* Not as the target of a link. */
static bool may_begin_address(Str text, size_t at)
{
	return at == 0 || (strchr(" \t\n*_~(", text.data[at - 1]) && (at == 1 || text.data[at - 2] != ']'));
}

/* Whether what stands at @at is in the path of a bare address: brackets are a part of that. */
static bool is_in_address(Str text, size_t at)
{
	size_t path = 0; /* where the last part of one begins */

	for (size_t from = at; from > 0 && at - from < LIMIT_ADDRESS && is_of_address(text.data[from - 1]);) {
		size_t n = address_start(str_slice(text, --from, at));

		if (!path && strchr("/#?", text.data[from]))
			path = from;
		if (n && path >= from + n && may_begin_address(text, from))
			return true;
	}
	return false;
}

/* What is known of a label; above these bits stands how many labels are referred to before it. */
enum { NOTE_DEFINED = 1, NOTE_USED = 2, NOTE_FLAGS = 3, NOTE_ORDER_SHIFT = 2 };

typedef struct NoteSearch {
	Map *notes;
	uint64_t n_used;
	bool has_addresses;
} NoteSearch;

static void use_note(NoteSearch *search, Str label)
{
	MapEntry *entry = map_put(search->notes, label, NULL);

	if (!(entry->value & NOTE_USED))
		entry->value |= NOTE_USED | search->n_used++ << NOTE_ORDER_SHIFT;
}

static void use_notes(NoteSearch *search, Str line)
{
	size_t at = 0, next;

	while ((next = str_find(str_from(line, at), STR("[^"))) != STR_NOT_FOUND) {
		Str label = note_label(str_from(line, at += next));

		if (label.len && !(search->has_addresses && is_in_address(line, at)))
			use_note(search, label);
		at += 2;
	}
}

/* "[label]: target" at the start of a paragraph, with a title behind it or without. */
static bool is_link_definition(Str line)
{
	Str text = str_trim(line), rest;
	size_t end = str_find_char(text, ']'), n = 0;

	if (count_indent(line) >= 4 || text.len < 2 || text.data[0] != '[' || text.data[1] == '^' ||
	    end == STR_NOT_FOUND || !str_starts_with(str_from(text, end + 1), STR(":")))
		return false;
	rest = str_trim(str_from(text, end + 2));
	while (n < rest.len && !strchr(" \t", rest.data[n]))
		n++;
	rest = str_trim(str_from(rest, n));
	return n && (!rest.len || (rest.len > 1 && strchr("\"'(", rest.data[0]) && strchr("\"')", rest.data[rest.len - 1])));
}

static void find_notes(Str markdown, bool has_addresses, Map *notes)
{
	Str rest = markdown, line, text;
	NoteSearch search = { .notes = notes, .has_addresses = has_addresses };
	Fence fence = { 0 };
	bool is_in_note = false, after_blank = true;

	if (str_find(markdown, STR("[^")) == STR_NOT_FOUND)
		return;
	while (str_next_line(&rest, &line)) {
		Str label = is_fence(line, &fence) || fence.c ? STR_EMPTY : note_defined(line, is_in_note, &text);

		if (label.len)
			map_put(notes, label, NULL)->value |= NOTE_DEFINED;
		if (after_blank && count_indent(line) < 4 && !is_blank_line(line))
			is_in_note = false;
		is_in_note = is_in_note || label.len;
		/* What stands in HTML is none, nor what stands in a link's target. */
		if (!fence.c && !str_starts_with(str_trim(line), STR("<!--")) && !(after_blank && is_link_definition(line)))
			use_notes(&search, label.len ? text : line);
		after_blank = is_blank_line(line);
	}
}

static bool is_note(const Map *notes, Str label)
{
	const MapEntry *entry = map_get(notes, label);

	return entry && (entry->value & NOTE_FLAGS) == (NOTE_DEFINED | NOTE_USED);
}

size_t note_reference(const Prepared *prepared, Str text, size_t at)
{
	Str label = prepared->notes.n ? note_label(str_from(text, at)) : STR_EMPTY;
	bool is_reference = label.len && is_note(&prepared->notes, label) &&
	                    !(prepared->has_addresses && is_in_address(text, at));

	return is_reference ? label.len + 2 : 0;
}

/* --- Single lines ------------------------------------------------------------------------------------ */

/* `{.class}` alone on a line belongs to the block above. */
static bool is_attributes(Str line, bool is_in_list)
{
	if (count_indent(line) >= 4 && !is_in_list)
		return false;
	line = str_trim(line);
	return line.len > 2 && line.data[0] == '{' && line.data[line.len - 1] == '}' &&
	       (strchr(".# ", line.data[1]) || str_find_char(line, '=') != STR_NOT_FOUND) && line.data[1] != '{';
}

/* ": what it is", below a term. */
static bool is_definition(Str line)
{
	Str text = str_trim(line);

	return count_indent(line) < 4 && text.len > 1 && text.data[0] == ':' && (text.data[1] == ' ' || text.data[1] == '\t');
}

/* Whether @rest has @end; once it has not, it is not looked for again. */
static bool has_end(Str rest, Str end, bool *has_none)
{
	*has_none = *has_none || str_find(rest, end) == STR_NOT_FOUND;
	return !*has_none;
}

/*
 * Whether a line with @end comes before the next fence: what is behind that is code. What a
 * browser sets as formulas is one paragraph; only Hugo's own formulas go on behind a blank line.
 */
static bool ends_in_time(Str rest, Str end, bool has_math, MathEnd *known)
{
	Fence fence = { 0 };
	Str line;

	if (!has_end(rest, end, &known->has_none) || (known->until && rest.data <= known->until))
		return false;
	while (str_next_line(&rest, &line)) {
		if (is_fence(line, &fence) || (!has_math && is_blank_line(line))) {
			known->until = line.data;
			return false;
		}
		if (str_find(line, end) != STR_NOT_FOUND)
			return true;
	}
	return false;
}

/* A formula set apart: lines of `$$`, or `\[` and `\]`. A line that has both its ends is one by itself. */
static bool takes_math(Preparation *preparation, Str line, Str rest)
{
	Str text = str_trim(line);

	if (preparation->is_in_math) {
		preparation->is_in_math = !str_ends_with(text, STR("$$")) && !str_ends_with(text, STR("\\]"));
		return true;
	}
	if (count_indent(line) >= 4 && !preparation->is_in_list)
		return false; /* code */
	if (str_equal(text, STR("\\[")))
		return preparation->is_in_math = ends_in_time(rest, STR("\\]"), preparation->options->has_math, &preparation->bracket);
	if (!str_starts_with(text, STR("$$")))
		return false;
	if (text.len > 4 && str_ends_with(text, STR("$$")))
		return true;
	if (str_find(str_from(text, 2), STR("$$")) != STR_NOT_FOUND)
		return false; /* text behind it */
	return preparation->is_in_math = ends_in_time(rest, STR("$$"), preparation->options->has_math, &preparation->dollars);
}

/* Formulas within a line, between \( and \), \[ and \], $$ and $$. */
static void append_without_math(Buf *out, Str line)
{
	static const struct {
		Str start, end;
	} signs[] = { { STR_INIT("\\("), STR_INIT("\\)") }, { STR_INIT("\\["), STR_INIT("\\]") },
		      { STR_INIT("$$"), STR_INIT("$$") } };
	bool has_none[ARRAY_SIZE(signs)] = { false };

	for (size_t at = 0; at < line.len;) {
		size_t n = 0;

		for (size_t i = 0; i < ARRAY_SIZE(signs) && !n; i++)
			if (str_starts_with(str_from(line, at), signs[i].start) &&
			    has_end(str_from(line, at + 2), signs[i].end, &has_none[i]))
				n = str_find(str_from(line, at + 2), signs[i].end) + 4;
		if (!n)
			buf_append_char(out, line.data[at]);
		at += n ? n : 1;
	}
}

/* Tags that begin a block of HTML and that md4c 0.4.8 forgets: the last of their letter in its table. */
static bool is_forgotten_tag(Str text)
{
	static const char *const names[] = { "basefont", "colgroup", "frameset", "h2", "h3", "h4", "h5", "h6", "header",
		                             "link", "menuitem", "param", "thead", "track" };
	size_t from = str_starts_with(text, STR("</")) ? 2 : 1, n = from;

	if (!str_starts_with(text, STR("<")))
		return false;
	while (n < text.len && (((text.data[n] | 0x20) >= 'a' && (text.data[n] | 0x20) <= 'z') ||
	                        (text.data[n] >= '0' && text.data[n] <= '9')))
		n++;
	if (n < text.len && !strchr(" \t>", text.data[n]) && !str_starts_with(str_from(text, n), STR("/>")))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_equal_nocase(str_slice(text, from, n), str_from_c(names[i])))
			return true;
	return false;
}

/* An empty paragraph before such a tag makes a block of it. */
static void append_block_mark(Buf *out, Str *line)
{
	Str text = str_trim(skip_containers(*line));
	size_t at;

	if (count_indent(*line) >= 4 || !is_forgotten_tag(text))
		return;
	at = (size_t)(text.data - line->data);
	buf_append(out, str_slice(*line, 0, at));
	buf_append_c(out, "<p></p>");
	*line = str_from(*line, at);
}

static void append_line(Preparation *preparation, Str line)
{
	append_block_mark(preparation->out, &line);
	if (preparation->options->has_math)
		append_without_math(preparation->out, line);
	else
		buf_append(preparation->out, line);
	buf_append_char(preparation->out, '\n');
}

static void end_note(Preparation *preparation)
{
	preparation->is_in_note = false;
	preparation->out = &preparation->prepared->text;
}

/* A header's next line has as many columns as it has cells. */
static TablePlace place_below(const Preparation *preparation, Str line, Str text, Str rest)
{
	Str next;
	size_t n_columns;

	if (preparation->table == TABLE_ROWS)
		return text.len && text.data[0] != '#' ? TABLE_ROWS : TABLE_NONE;
	if (preparation->table == TABLE_COLUMNS)
		return TABLE_ROWS;
	if (preparation->table == TABLE_MISFIT || !text.len || text.data[0] == '#' || !str_next_line(&rest, &next) ||
	    (count_indent(line) >= 4 && !preparation->is_in_list))
		return TABLE_NONE;
	n_columns = table_columns(skip_containers(next));
	return !n_columns ? TABLE_NONE : table_cells(text) == n_columns ? TABLE_COLUMNS : TABLE_MISFIT;
}

/* A line of text, which may be one of a table. */
static void append_text(Preparation *preparation, Str line, Str rest)
{
	CLEANUP(buf_deinit) Buf row = BUF_INIT(BUF_NO_CEILING);
	Str text = str_trim(skip_containers(line));
	TablePlace here = preparation->table, below = place_below(preparation, line, text, rest);

	preparation->table = below;
	if (!preparation->options->has_tables || (here == TABLE_NONE && below != TABLE_COLUMNS) ||
	    (here == TABLE_ROWS && below == TABLE_NONE)) {
		append_line(preparation, line);
		return;
	}
	buf_append(&row, str_slice(line, 0, (size_t)(text.data - line.data)));
	if (here == TABLE_COLUMNS)
		append_table_columns(text, &row);
	else if (here == TABLE_MISFIT)
		buf_printf(&row, "\\%.*s", STR_ARG(text));
	else
		append_table_row(text, &row);
	append_line(preparation, buf_str(&row));
}

/* A definition's text is a paragraph like others. */
static void begin_definition(Preparation *preparation, Str text)
{
	end_note(preparation);
	preparation->is_in_note = true;
	preparation->drops_note = false;
	buf_append_char(preparation->out, '\n');
	append_line(preparation, str_trim(text));
}

/* One that nobody refers to is dropped. */
static void begin_note(Preparation *preparation, Str label, Str text)
{
	const Map *notes = &preparation->prepared->notes;

	end_note(preparation);
	preparation->is_in_note = true;
	preparation->drops_note = !is_note(notes, label);
	buf_append_char(preparation->out, '\n'); /* it ends the paragraph before it */
	if (preparation->drops_note)
		return;
	vec_push(&preparation->notes, (Note){ map_get(notes, label)->value >> NOTE_ORDER_SHIFT, preparation->note_text.len });
	preparation->out = &preparation->note_text;
	append_line(preparation, str_trim(text));
}

static Str cut_indent(Str line, size_t n)
{
	size_t i = 0, width = 0;

	while (i < line.len && width < n && (line.data[i] == ' ' || line.data[i] == '\t'))
		width = line.data[i++] == '\t' ? width / 4 * 4 + 4 : width + 1;
	return str_from(line, i);
}

/* Where @line stands to the note above it, if there is one; what is left of the line when it is a part of it. */
static Str place_in_note(Preparation *preparation, Str line)
{
	if (!preparation->is_in_note || is_blank_line(line))
		return line;
	if (count_indent(line) >= 4)
		return cut_indent(line, 4);
	/* Without a blank line before it, it belongs to the note's paragraph. */
	if (preparation->after_blank || line.data[0] == '#')
		end_note(preparation);
	return line;
}

static void note_list(Preparation *preparation, Str line)
{
	if (is_blank_line(line) || count_indent(line) >= 4)
		return;
	preparation->is_in_list = (str_trim(line).data[0] != '>' && skip_containers(line).data != line.data) ||
	                          (preparation->is_in_list && (count_indent(line) || !preparation->after_blank));
}

static void prepare_line(Preparation *preparation, Str line, Str rest)
{
	const MarkdownOptions *options = preparation->options;
	Str text, label = options->has_footnotes ? note_defined(line, false, &text) : STR_EMPTY;

	if (label.len)
		begin_note(preparation, label, text);
	else if (options->has_definitions && is_definition(line))
		begin_definition(preparation, str_from(str_trim(line), 1));
	else if (!(preparation->is_in_note && preparation->drops_note) &&
	         !(options->has_block_attributes && is_attributes(line, preparation->is_in_list)) && !takes_math(preparation, line, rest))
		append_text(preparation, line, rest);
}

/* --- All of it ------------------------------------------------------------------------------------------ */

static void prepare_lines(Preparation *preparation, Str markdown)
{
	Str rest = markdown, line;

	while (str_next_line(&rest, &line)) {
		bool was_code = preparation->fence.c != 0;

		line = place_in_note(preparation, line);
		if (!was_code)
			note_list(preparation, line);
		if (is_fence(line, &preparation->fence) || was_code) {
			if (!(preparation->is_in_note && preparation->drops_note)) {
				buf_append(preparation->out, line);
				buf_append_char(preparation->out, '\n');
			}
		} else {
			prepare_line(preparation, line, rest);
		}
		preparation->after_blank = is_blank_line(line) && !was_code;
	}
}

static int compare_notes(const void *a, const void *b)
{
	const Note *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* In the order of what refers to them. */
static void append_notes(Preparation *preparation)
{
	Buf *out = &preparation->prepared->text;

	for (size_t i = 0; i < preparation->notes.n; i++)
		preparation->notes.items[i].len = (i + 1 < preparation->notes.n ? preparation->notes.items[i + 1].from
		                                                                : preparation->note_text.len) -
		                                  preparation->notes.items[i].from;
	if (preparation->notes.n)
		qsort(preparation->notes.items, preparation->notes.n, sizeof(Note), compare_notes);
	VEC_FOREACH (note, &preparation->notes) {
		buf_append_c(out, "\n\n");
		buf_append(out, str_slice(buf_str(&preparation->note_text), note->from, note->from + note->len));
	}
}

/* The first `<!--more-->` of the page is a block of its own, and takes the white space behind it along. */
static Str mark_divider(Str markdown, Buf *out)
{
	static const char divider[] = "<!--more-->";
	size_t at = str_find(markdown, str_from_c(divider));

	if (at == STR_NOT_FOUND)
		return markdown;
	buf_append(out, str_slice(markdown, 0, at));
	buf_append_c(out, "\n\n" DIVIDER_MARK "\n\n");
	markdown = str_from(markdown, at + sizeof(divider) - 1);
	while (markdown.len && strchr(" \t\r\n\f\v", markdown.data[0]))
		markdown = str_from(markdown, 1);
	buf_append(out, markdown);
	return buf_str(out);
}

void prepare_markdown(Str markdown, const MarkdownOptions *options, Prepared *ret_prepared)
{
	CLEANUP(buf_deinit) Buf marked = BUF_INIT(BUF_NO_CEILING);
	Preparation preparation = { .options = options, .prepared = ret_prepared, .out = &ret_prepared->text,
		                    .note_text = BUF_INIT(BUF_NO_CEILING) };

	*ret_prepared = (Prepared){ .text = BUF_INIT(BUF_NO_CEILING), .has_addresses = options->has_addresses };
	markdown = mark_divider(markdown, &marked);
	if (options->has_footnotes)
		find_notes(markdown, options->has_addresses, &ret_prepared->notes);
	prepare_lines(&preparation, markdown);
	append_notes(&preparation);
	vec_deinit(&preparation.notes);
	buf_deinit(&preparation.note_text);
}

void prepared_deinit(Prepared *prepared)
{
	buf_deinit(&prepared->text);
	map_deinit(&prepared->notes);
}
