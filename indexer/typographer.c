/* The rules are goldmark's (extension/typographer.go): a quote opens or closes as emphasis would. */
#include "typographer.h"

#include "blogsearch/text.h"

static bool is_space(uint32_t c)
{
	return c == 0 || c <= ' ' || c == 0xa0 || c == 0x2028 || c == 0x2029 || (c >= 0x2000 && c <= 0x200a) || c == 0x3000;
}

static bool is_word(uint32_t c)
{
	return c < 0x80 ? (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
	                : text_is_letter(c) || text_is_digit(c) || text_is_mark(c);
}

static bool is_punctuation(uint32_t c)
{
	return !is_space(c) && !is_word(c);
}

static bool can_open(uint32_t before, uint32_t after)
{
	return !is_space(after) && (!is_punctuation(after) || is_space(before) || is_punctuation(before));
}

static bool can_close(uint32_t before, uint32_t after)
{
	return can_open(after, before);
}

static uint32_t single_quote(uint32_t before, uint32_t after, Str rest)
{
	bool opens = can_open(before, after), closes = can_close(before, after);

	/* '90s */
	if (opens && !closes && rest.len > 3 && rest.data[1] >= '0' && rest.data[1] <= '9' && rest.data[3] == 's')
		return 0x2019;
	if (is_word(before) && is_word(after))
		return 0x2019;
	if (opens && !closes)
		return 0x2018;
	return closes && !opens ? 0x2019 : '\'';
}

static uint32_t double_quote(uint32_t before, uint32_t after)
{
	bool opens = can_open(before, after), closes = can_close(before, after);

	return opens == closes ? '"' : opens ? 0x201c : 0x201d;
}

/* The sign for what is written at the front of @rest, and how many bytes that is; 0: nothing. */
static uint32_t written_sign(Str rest, size_t *ret_len)
{
	static const struct {
		Str text;
		uint32_t sign;
	} signs[] = { { STR_INIT("---"), 0x2014 }, { STR_INIT("--"), 0x2013 }, { STR_INIT("..."), 0x2026 },
		      { STR_INIT("<<"), 0xab },    { STR_INIT(">>"), 0xbb } };

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (str_starts_with(rest, signs[i].text)) {
			*ret_len = signs[i].text.len;
			return signs[i].sign;
		}
	return 0;
}

void typographer_append(Str text, uint32_t before, uint32_t after, Buf *out)
{
	for (size_t at = 0; at < text.len;) {
		Str rest = str_from(text, at);
		uint32_t c, next = after, sign;
		size_t n = str_decode(text, at, &c);

		if (at + n < text.len)
			(void)str_decode(text, at + n, &next);
		if (c == '"')
			sign = double_quote(before, next);
		else if (c == '\'')
			sign = single_quote(before, next, rest);
		else
			sign = strchr("-.<>", (int)(c < 0x80 && c ? c : 'x')) ? written_sign(rest, &n) : 0;
		if (sign)
			buf_append_code_point(out, sign);
		else
			buf_append(out, str_slice(text, at, at + n));
		before = c;
		at += n;
	}
}
