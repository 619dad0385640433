/* See blocks.h. */
#include "blocks.h"

#include "blogsearch/limits.h"

void blocks_init(Blocks *blocks, Arena *arena, size_t max_bytes)
{
	*blocks = (Blocks){ .arena = arena, .text = BUF_INIT(BUF_NO_CEILING),
		            .inline_code = BUF_INIT(LIMIT_PAGE_BYTES), .plain = BUF_INIT(LIMIT_PLAIN_BYTES),
		            .max_bytes = max_bytes, .divider = SIZE_MAX };
}

void blocks_deinit(Blocks *blocks)
{
	vec_deinit(&blocks->list);
	buf_deinit(&blocks->text);
	buf_deinit(&blocks->inline_code);
	buf_deinit(&blocks->plain);
}

static bool is_blank(uint32_t c)
{
	return c <= 0x20 || c == 0x7f || (c >= 0x80 && c <= 0xa0) || c == 0x2028 || c == 0x2029 || c == 0x202f;
}

/*
 * The bytes of the next character at @at, or of as many as are printed ASCII and no blanks: most of
 * most texts, taken at once. @ret_c: the character, or 'x' for all of those.
 */
static size_t next_characters(Str text, size_t at, uint32_t *ret_c)
{
	size_t end = at;

	while (end < text.len && text.data[end] > ' ' && text.data[end] < 0x7f)
		end++;
	if (end == at)
		return str_decode(text, at, ret_c);
	*ret_c = 'x';
	return end - at;
}

static bool has_room(Blocks *blocks, size_t n)
{
	if (n <= blocks->max_bytes - blocks->n_bytes)
		return true;
	blocks->is_cut = true;
	return false;
}

/* Past its ceiling nothing more is needed of it. */
static void add_plain(Blocks *blocks, Str text)
{
	bool wants_blank = blocks->plain_wants_blank && blocks->plain.len &&
	                   !strchr("\n\v", blocks->plain.data[blocks->plain.len - 1]);

	if (blocks->is_aside)
		return;
	if (wants_blank)
		buf_append_char(&blocks->plain, ' ');
	blocks->plain_wants_blank = false;
	buf_append(&blocks->plain, text);
}

/* As HTML's white space is collapsed: of a blank and a line end the first counts. */
static void end_plain(Blocks *blocks, char end)
{
	if (!blocks->is_aside && blocks->plain.len && !blocks->plain_wants_blank &&
	    !strchr("\n\v", blocks->plain.data[blocks->plain.len - 1]))
		buf_append_char(&blocks->plain, end);
}

void blocks_text(Blocks *blocks, Str text)
{
	if (blocks->is_hidden || !has_room(blocks, text.len))
		return;
	blocks->n_bytes += text.len;
	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		size_t n = next_characters(text, at, &c);

		at += n;
		if (is_blank(c) || (n == 1 && c == 0xfffd)) {
			blocks_part(blocks);
			continue;
		}
		if (blocks->wants_blank && blocks->text.len)
			buf_append_char(&blocks->text, ' ');
		blocks->wants_blank = false;
		buf_append(&blocks->text, str_slice(text, at - n, at));
		add_plain(blocks, str_slice(text, at - n, at));
	}
}

void blocks_raw(Blocks *blocks, Str text)
{
	if (blocks->is_hidden || !has_room(blocks, text.len))
		return;
	blocks->n_bytes += text.len;
	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		size_t n = next_characters(text, at, &c);

		if ((c >= 0x20 && c != 0x7f && !(n == 1 && c == 0xfffd)) || c == '\n' || c == '\t')
			buf_append(&blocks->text, str_slice(text, at, at + n));
		if (is_blank(c))
			blocks->plain_wants_blank = true;
		else if (!(n == 1 && c == 0xfffd))
			add_plain(blocks, str_slice(text, at, at + n));
		at += n;
	}
}

void blocks_part(Blocks *blocks)
{
	blocks->wants_blank = blocks->plain_wants_blank = true;
}

void blocks_break(Blocks *blocks)
{
	blocks->wants_blank = true;
	end_plain(blocks, PLAIN_BREAK);
}

void blocks_divide(Blocks *blocks)
{
	if (blocks->divider == SIZE_MAX)
		blocks->divider = blocks->plain.len;
}

void blocks_cut(Blocks *blocks, size_t len)
{
	Str cut = str_from(buf_str(&blocks->text), len), plain = buf_str(&blocks->plain);

	if (cut.len && str_ends_with(plain, cut)) {
		buf_truncate(&blocks->plain, plain.len - cut.len);
		while (blocks->plain.len && blocks->plain.data[blocks->plain.len - 1] == ' ')
			buf_truncate(&blocks->plain, blocks->plain.len - 1);
	}
	buf_truncate(&blocks->text, len);
}

static bool is_url_start(Str text, size_t at)
{
	Str rest = str_from(text, at);

	return str_starts_with_nocase(rest, STR("http://")) || str_starts_with_nocase(rest, STR("https://")) ||
	       str_starts_with_nocase(rest, STR("ftp://")) || str_starts_with_nocase(rest, STR("mailto:")) ||
	       str_starts_with_nocase(rest, STR("www."));
}

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

Str drop_urls(Str text, Arena *arena)
{
	char *out;
	size_t n = 0;

	if (str_find(text, STR("://")) == STR_NOT_FOUND && str_find(text, STR("www.")) == STR_NOT_FOUND &&
	    str_find(text, STR("mailto:")) == STR_NOT_FOUND)
		return text;
	out = arena_to_c(arena, text);
	for (size_t at = 0; at < text.len;) {
		if ((at == 0 || !is_word_byte(text.data[at - 1])) && is_url_start(text, at)) {
			while (at < text.len && !strchr(" <>\"|`", text.data[at]))
				at++;
			continue;
		}
		/* What a URL leaves between two blanks. */
		if (text.data[at] == ' ' && n && out[n - 1] == ' ')
			at++;
		else
			out[n++] = text.data[at++];
	}
	return str_trim((Str){ out, n });
}

static void push(Blocks *blocks, Block block)
{
	if (block.text.len)
		vec_push(&blocks->list, block);
}

static Str take_text(Blocks *blocks, bool is_code)
{
	Str text = arena_str_dup(blocks->arena, buf_str(&blocks->text));

	buf_clear(&blocks->text);
	blocks->wants_blank = false;
	if (is_code) {
		while (text.len && text.data[text.len - 1] == '\n')
			text.len--;
		return text;
	}
	return str_trim(text);
}

void blocks_close_paragraph(Blocks *blocks)
{
	end_plain(blocks, PLAIN_PARAGRAPH);
	blocks_close(blocks, BLOCK_PROSE, STR_EMPTY);
}

void blocks_close(Blocks *blocks, BlockKind kind, Str lang)
{
	Str text = take_text(blocks, kind == BLOCK_CODE);

	blocks->plain_wants_blank = true;

	if (kind == BLOCK_PROSE || kind == BLOCK_CAPTION)
		text = drop_urls(text, blocks->arena);
	push(blocks, (Block){ .kind = kind, .lang = arena_str_dup(blocks->arena, lang), .text = text });
}

void blocks_close_heading(Blocks *blocks, uint8_t level, Str anchor)
{
	Str text = take_text(blocks, false);

	blocks->plain_wants_blank = true;
	if (++blocks->n_headings > LIMIT_PAGE_HEADINGS) {
		/* Found all the same, but nothing leads to it. */
		push(blocks, (Block){ .kind = BLOCK_PROSE, .text = text });
		return;
	}
	push(blocks, (Block){ .kind = BLOCK_HEADING, .level = level, .anchor = arena_str_dup(blocks->arena, anchor),
	                      .text = text });
}

void blocks_add(Blocks *blocks, BlockKind kind, Str text)
{
	Blocks aside = *blocks;

	aside.text = (Buf)BUF_INIT(BUF_NO_CEILING);
	aside.wants_blank = false;
	aside.is_aside = true;
	blocks_text(&aside, text);
	blocks_close(&aside, kind, STR_EMPTY);
	blocks->list.items = aside.list.items;
	blocks->list.n = aside.list.n;
	blocks->list.capacity = aside.list.capacity;
	blocks->n_bytes = aside.n_bytes;
	blocks->is_cut = aside.is_cut;
	buf_deinit(&aside.text);
}

void blocks_inline_code(Blocks *blocks, Str text)
{
	if (blocks->is_hidden)
		return;
	if (blocks->inline_code.len)
		buf_append_char(&blocks->inline_code, '\n');
	buf_append(&blocks->inline_code, text);
}

size_t blocks_finish(Blocks *blocks, Block **ret_blocks)
{
	Str code = buf_str(&blocks->inline_code);

	blocks_close(blocks, BLOCK_PROSE, STR_EMPTY);
	blocks->is_hidden = false;
	blocks->is_aside = true; /* its words are in the text already */
	blocks_raw(blocks, code);
	push(blocks, (Block){ .kind = BLOCK_INLINE_CODE, .text = take_text(blocks, true) });
	*ret_blocks = arena_new_n(blocks->arena, Block, blocks->list.n);
	if (blocks->list.n)
		memcpy(*ret_blocks, blocks->list.items, blocks->list.n * sizeof(Block));
	return blocks->list.n;
}
