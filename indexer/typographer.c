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

static bool may_start_sign(char c)
{
	return c == '"' || c == '\'' || c == '-' || c == '.' || c == '<' || c == '>';
}

/* The last character of @text, which is not empty. */
static uint32_t last_character(Str text)
{
	size_t start = text.len - 1;
	uint32_t c;

	while (start > 0 && text.len - start < 4 && ((unsigned char)text.data[start] & 0xc0) == 0x80)
		start--;
	/* A byte that is none of a character stands for itself. */
	return start + str_decode(text, start, &c) == text.len ? c : 0xfffd;
}

/* What stands at @at, where a sign may start, between @before and @after; returns how many bytes it is. */
static size_t append_sign(Str text, size_t at, uint32_t before, uint32_t after, Buf *out)
{
	Str rest = str_from(text, at);
	uint32_t next = after, sign;
	size_t n = 1;

	if (rest.len > 1)
		(void)str_decode(rest, 1, &next);
	if (rest.data[0] == '"')
		sign = double_quote(before, next);
	else if (rest.data[0] == '\'')
		sign = single_quote(before, next, rest);
	else
		sign = written_sign(rest, &n);
	if (sign)
		buf_append_code_point(out, sign);
	else
		buf_append(out, str_slice(rest, 0, n));
	return n;
}

void typographer_append(Str text, uint32_t before, uint32_t after, Buf *out)
{
	for (size_t at = 0; at < text.len;) {
		size_t start = at;

		while (at < text.len && !may_start_sign(text.data[at]))
			at++;
		if (at > start) {
			buf_append(out, str_slice(text, start, at));
			before = last_character(str_slice(text, start, at));
			continue;
		}
		at += append_sign(text, at, before, after, out);
		before = (unsigned char)text.data[start];
	}
}
