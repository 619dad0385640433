/*
 * HTML to text: whatever comes in, text is UTF-8 and within its ceiling, and a text that is escaped
 * as HTML has it comes out again, word by word.
 */
#include "fuzz.h"

#include "blogsearch/limits.h"
#include "strip_html.h"

static Str stripped(Str html, Arena *arena)
{
	CLEANUP(blocks_deinit) Blocks blocks;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	Block *list;
	size_t n;

	blocks_init(&blocks, arena, LIMIT_PAGE_TEXT_BYTES(html.len));
	strip_html(html, &blocks);
	FUZZ_ASSERT(blocks.n_bytes <= blocks.max_bytes);
	n = blocks_finish(&blocks, &list);
	for (size_t i = 0; i < n; i++) {
		FUZZ_ASSERT(list[i].text.len > 0 && str_is_utf8(list[i].text));
		if (list[i].kind == BLOCK_HEADING)
			FUZZ_ASSERT(list[i].level >= 1 && list[i].level <= 6);
		if (out.len)
			buf_append_char(&out, ' ');
		buf_append(&out, list[i].text);
	}
	return arena_str_dup(arena, buf_str(&out));
}

/* White space as text has it once it is collapsed. */
static bool is_blank(uint32_t c)
{
	return c <= ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029 || c == 0x202f;
}

/* Addresses are no text, so they go. */
static bool has_address(Str text)
{
	return str_find(text, STR("://")) != STR_NOT_FOUND || str_find(text, STR("www.")) != STR_NOT_FOUND ||
	       str_find(text, STR("mailto:")) != STR_NOT_FOUND;
}

/* Words with one blank between them, as they should come out; *ret_html is what goes in. */
static Str escape(Str text, Arena *arena, Str *ret_html)
{
	CLEANUP(buf_deinit) Buf html = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf plain = BUF_INIT(BUF_NO_CEILING);
	bool wants_blank = false;

	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned n = str_decode(text, at, &c);

		if (c == '<')
			buf_append_c(&html, "&lt;");
		else if (c == '&')
			buf_append_c(&html, "&#38;");
		else
			buf_append(&html, str_slice(text, at, at + n));
		if (!is_blank(c)) {
			if (wants_blank && plain.len)
				buf_append_char(&plain, ' ');
			buf_append(&plain, str_slice(text, at, at + n));
		}
		wants_blank = is_blank(c);
		at += n;
	}
	*ret_html = arena_str_dup(arena, buf_str(&html));
	return arena_str_dup(arena, buf_str(&plain));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str text = fuzz_str(data, size), html, plain;

	if (!str_is_utf8(text))
		return 0;
	(void)stripped(text, &arena);
	if (has_address(text))
		return 0;
	plain = escape(text, &arena, &html);
	FUZZ_ASSERT(str_equal(stripped(html, &arena), plain));
	return 0;
}
