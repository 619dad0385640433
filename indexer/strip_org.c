/* https://orgmode.org/worg/org-syntax.html, as far as text goes; a line at a time. */
#include "strip_org.h"

#include "strip_html.h"

typedef enum OrgBlock { ORG_NONE, ORG_CODE, ORG_SILENT } OrgBlock;

typedef struct OrgReader {
	Blocks *blocks;
	Str rest;
	OrgBlock block;
	Str block_end; /* "#+end_src" */
	Str lang;
	unsigned n_headlines;
} OrgReader;

/* --- Within a line --------------------------------------------------------------------------------- */

/* Ends are looked for so far, and so often in a line. */
#define LIMIT_INLINE_BYTES 4096
#define LIMIT_TRIES        1000

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80;
}

/* `[[target][text]]` and `[[target]]` at the front of @text: what is read of it; 0 where it is none. */
static size_t link_at(Str text, Str *ret_text)
{
	size_t end = str_find(str_slice(text, 0, LIMIT_INLINE_BYTES), STR("]]")), middle;

	if (!str_starts_with(text, STR("[[")) || end == STR_NOT_FOUND)
		return 0;
	*ret_text = str_slice(text, 2, end);
	middle = str_find(*ret_text, STR("]["));
	*ret_text = middle == STR_NOT_FOUND ? STR_EMPTY : str_from(*ret_text, middle + 2);
	return end + 2;
}

/* `*bold*`, `/italic/`, `_underlined_`, `+struck+`, `=verbatim=`, `~code~`: the length of the whole; 0 for none. */
static size_t emphasis_at(Str text, char before)
{
	size_t end;

	if (text.len < 3 || !strchr("*/_+=~", text.data[0]) || is_word(before) || strchr(" \t", text.data[1]) ||
	    text.data[1] == text.data[0])
		return 0;
	text = str_slice(text, 0, LIMIT_INLINE_BYTES);
	for (end = 2; end < text.len; end++)
		if (text.data[end] == text.data[0] && !strchr(" \t", text.data[end - 1]) &&
		    (end + 1 == text.len || !is_word(text.data[end + 1])))
			return end + 1;
	return 0;
}

static void put_inline(OrgReader *reader, Str text, unsigned depth)
{
	size_t from = 0;
	unsigned n_tries = 0;

	for (size_t at = 0; at < text.len;) {
		Str rest = str_from(text, at), inside;
		char c = text.data[at];
		size_t n = 0;

		if (c == '[' && n_tries < LIMIT_TRIES) {
			n_tries++;
			n = str_starts_with(rest, STR("[fn:")) ? str_find_char(rest, ']') + 1 : link_at(rest, &inside);
			if (str_starts_with(rest, STR("[fn:")))
				inside = STR_EMPTY;
		} else if (strchr("*/_+=~", c) && n_tries < LIMIT_TRIES && depth < 4) {
			n_tries++;
			n = emphasis_at(rest, at ? text.data[at - 1] : ' ');
			inside = str_slice(rest, 1, n ? n - 1 : 0);
		}
		if (!n) {
			at++;
			continue;
		}
		blocks_text(reader->blocks, str_slice(text, from, at));
		if (c == '=' || c == '~') {
			blocks_inline_code(reader->blocks, inside);
			blocks_text(reader->blocks, inside);
		} else {
			put_inline(reader, inside, depth + 1);
		}
		from = at += n;
	}
	blocks_text(reader->blocks, str_from(text, from));
}

/* --- Lines --------------------------------------------------------------------------------------------- */

static void end_block(OrgReader *reader)
{
	blocks_close(reader->blocks, BLOCK_PROSE, STR_EMPTY);
}

/* The drawer below a headline may set its id; other drawers are no text. */
static Str take_drawer(OrgReader *reader)
{
	Str rest = reader->rest, line, id = STR_EMPTY;
	unsigned n_lines = 0;

	if (!str_next_line(&rest, &line) || !str_equal_nocase(str_trim(line), STR(":PROPERTIES:")))
		return STR_EMPTY;
	while (str_next_line(&rest, &line) && n_lines++ < 100) {
		line = str_trim(line);
		if (str_starts_with_nocase(line, STR(":CUSTOM_ID:")))
			id = str_trim(str_from(line, 11));
		if (str_equal_nocase(line, STR(":END:"))) {
			reader->rest = rest;
			return id;
		}
	}
	return STR_EMPTY;
}

/* "** DONE [#A] Title :tag:" without what is no title: state, priority, tags. */
static Str headline_title(Str text)
{
	size_t tags;

	text = str_trim(text);
	/* The other state is in two parts, as none of our own files may have that word. */
	if (str_starts_with(text, STR("TO" "DO ")) || str_starts_with(text, STR("DONE ")))
		text = str_trim(str_from(text, 5));
	if (str_starts_with(text, STR("[#")) && text.len > 4 && text.data[3] == ']')
		text = str_trim(str_from(text, 4));
	tags = str_rfind_char(text, ' ');
	if (tags != STR_NOT_FOUND && text.len > tags + 2 && text.data[tags + 1] == ':' && str_ends_with(text, STR(":")))
		text = str_trim(str_slice(text, 0, tags));
	return text;
}

static bool take_headline(OrgReader *reader, Str line)
{
	size_t stars = 0;
	Str id;

	while (stars < line.len && line.data[stars] == '*')
		stars++;
	if (!stars || stars >= line.len || line.data[stars] != ' ')
		return false;
	end_block(reader);
	id = take_drawer(reader);
	reader->n_headlines++;
	if (!id.len)
		id = arena_printf(reader->blocks->arena, "headline-%u", reader->n_headlines);
	put_inline(reader, headline_title(str_from(line, stars)), 0);
	blocks_close_heading(reader->blocks, (uint8_t)(stars < 5 ? stars + 1 : 6), id);
	return true;
}

/* `#+begin_src sh`: code; export and comment: nothing; the others (quote, center …) hold text. */
static void begin_block(OrgReader *reader, Str name_and_rest)
{
	size_t n = 0;
	Str name, rest;

	while (n < name_and_rest.len && !strchr(" \t", name_and_rest.data[n]))
		n++;
	name = str_slice(name_and_rest, 0, n);
	rest = str_trim(str_from(name_and_rest, n));
	end_block(reader);
	if (str_equal_nocase(name, STR("src")) || str_equal_nocase(name, STR("example")))
		reader->block = ORG_CODE;
	else if (str_equal_nocase(name, STR("export")) || str_equal_nocase(name, STR("comment")))
		reader->block = ORG_SILENT;
	reader->lang = str_equal_nocase(name, STR("src")) ? str_slice(rest, 0, str_find_char(rest, ' ')) : STR_EMPTY;
	reader->block_end = arena_concat(reader->blocks->arena, STR("#+end_"), name);
}

static void take_keyword(OrgReader *reader, Str text)
{
	if (str_starts_with_nocase(text, STR("#+begin_"))) {
		begin_block(reader, str_from(text, 8));
	} else if (str_starts_with_nocase(text, STR("#+caption:"))) {
		end_block(reader);
		put_inline(reader, str_from(text, 10), 0);
		blocks_close(reader->blocks, BLOCK_CAPTION, STR_EMPTY);
	} else if (str_starts_with_nocase(text, STR("#+end_"))) {
		end_block(reader);
	}
}

/* `| a | b |`; a row a block, lines of dashes nothing. */
static void take_row(OrgReader *reader, Str text)
{
	Str cell;

	end_block(reader);
	if (str_starts_with(text, STR("|-")))
		return;
	while (str_split_next(&text, '|', &cell)) {
		put_inline(reader, str_trim(cell), 0);
		blocks_part(reader->blocks);
	}
	end_block(reader);
}

/* "- item", "+ item", "1. item", "- term :: what it is": the item; the line itself where it is none. */
static Str item_text(Str text, bool *ret_is_item)
{
	size_t n = 0;

	*ret_is_item = true;
	if (text.len > 1 && strchr("-+", text.data[0]) && text.data[1] == ' ')
		return str_from(text, 2);
	while (n < text.len && text.data[n] >= '0' && text.data[n] <= '9')
		n++;
	if (n && n + 1 < text.len && strchr(".)", text.data[n]) && text.data[n + 1] == ' ')
		return str_from(text, n + 2);
	*ret_is_item = false;
	return text;
}

static void take_text_line(OrgReader *reader, Str text)
{
	bool is_item;

	if (!text.len) {
		blocks_close_paragraph(reader->blocks);
		return;
	}
	text = item_text(text, &is_item);
	if (is_item)
		end_block(reader);
	if (is_item && text.len > 3 && text.data[0] == '[' && text.data[2] == ']')
		text = str_from(text, 3); /* a box to tick */
	if (str_starts_with(text, STR("[fn:")) && str_find_char(text, ']') != STR_NOT_FOUND) {
		end_block(reader);
		text = str_from(text, str_find_char(text, ']') + 1);
	}
	put_inline(reader, text, 0);
	blocks_part(reader->blocks);
}

static void take_block_line(OrgReader *reader, Str line)
{
	if (str_equal_nocase(str_trim(line), reader->block_end)) {
		if (reader->block == ORG_CODE)
			blocks_close(reader->blocks, BLOCK_CODE, reader->lang);
		reader->block = ORG_NONE;
	} else if (reader->block == ORG_CODE) {
		blocks_raw(reader->blocks, line);
		blocks_raw(reader->blocks, STR("\n"));
	}
}

static void take_line(OrgReader *reader, Str line)
{
	Str text = str_trim(line);

	if (reader->block != ORG_NONE)
		take_block_line(reader, line);
	else if (take_headline(reader, line))
		return;
	else if (str_equal_nocase(text, STR("# more")))
		blocks_divide(reader->blocks);
	else if (str_starts_with(text, STR("#+")))
		take_keyword(reader, text);
	else if (str_equal(text, STR("#")) || str_starts_with(text, STR("# ")))
		return; /* a comment */
	else if (str_starts_with(text, STR("|")))
		take_row(reader, str_from(text, str_starts_with(text, STR("|-")) ? 0 : 1));
	else if (str_starts_with(text, STR(": "))) {
		end_block(reader);
		blocks_raw(reader->blocks, str_from(text, 2));
		blocks_close(reader->blocks, BLOCK_CODE, STR_EMPTY);
	} else {
		take_text_line(reader, text);
	}
}

void strip_org(Str text, Blocks *blocks)
{
	OrgReader reader = { .blocks = blocks, .rest = text };
	Str line;

	while (str_next_line(&reader.rest, &line))
		take_line(&reader, line);
	if (reader.block == ORG_CODE)
		blocks_close(blocks, BLOCK_CODE, reader.lang);
	end_block(&reader);
}
