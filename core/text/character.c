/* Classes of characters: a table for ASCII, Unicode's general category (utf8proc) and block ranges for the rest. */
#include "character.h"

#include <stdbool.h>
#include <stddef.h>
#include <utf8proc.h>

#include "blogsearch/cleanup.h"
#include "blogsearch/text.h"

typedef struct Range {
	uint32_t first, last;
} Range;

/*
 * Scripts that do not put spaces between words. Hangul is spaced, but its words carry
 * particles that no stemmer of ours knows: pairs of syllables find them.
 */
static const Range unspaced[] = {
	{ 0x0e01, 0x0e3a }, { 0x0e40, 0x0e4e },   /* Thai           */
	{ 0x0e81, 0x0ece }, { 0x0edc, 0x0edf },   /* Lao            */
	{ 0x1000, 0x103f }, { 0x1050, 0x108f },   /* Myanmar        */
	{ 0x1100, 0x11ff },                       /* Hangul Jamo    */
	{ 0x1780, 0x17d3 },                       /* Khmer          */
	{ 0x2e80, 0x2fdf }, { 0x3005, 0x3007 },   /* Han radicals   */
	{ 0x3021, 0x3029 }, { 0x3031, 0x3035 },
	{ 0x3041, 0x309f }, { 0x30a1, 0x30fa },   /* Kana           */
	{ 0x30fc, 0x30ff }, { 0x3105, 0x312f },
	{ 0x3131, 0x318e }, { 0x31a0, 0x31bf }, { 0x31f0, 0x31ff },
	{ 0x3400, 0x4dbf }, { 0x4e00, 0x9fff },   /* Han            */
	{ 0xa960, 0xa97f }, { 0xac00, 0xd7ff },   /* Hangul         */
	{ 0xf900, 0xfaff },
	{ 0xff66, 0xff9f }, { 0xffa0, 0xffdc },   /* half-width     */
	{ 0x1b000, 0x1b16f }, { 0x20000, 0x323af },
};

bool text_is_unspaced(uint32_t code_point)
{
	size_t low = 0, high = ARRAY_SIZE(unspaced);

	if (code_point < unspaced[0].first)
		return false;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code_point > unspaced[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ARRAY_SIZE(unspaced) && code_point >= unspaced[low].first;
}

const uint8_t char_ascii_classes[128] = {
	['a' ... 'z'] = CHAR_LOWER, ['A' ... 'Z'] = CHAR_UPPER, ['0' ... '9'] = CHAR_DIGIT,
	['.'] = CHAR_JOINER, ['-'] = CHAR_JOINER, ['_'] = CHAR_JOINER, ['/'] = CHAR_JOINER, ['+'] = CHAR_JOINER,
	['#'] = CHAR_JOINER, ['@'] = CHAR_JOINER, [':'] = CHAR_JOINER, ['\''] = CHAR_JOINER, ['&'] = CHAR_JOINER,
	['\\'] = CHAR_JOINER,
};

char char_joiner_ascii(uint32_t c)
{
	switch (c) {
	case '.': case '-': case '_': case '/': case '+': case '#':
	case '@': case ':': case '\'': case '&': case '\\':
		return (char)c;
	case 0x2010: case 0x2011: /* hyphen, non-breaking hyphen */
		return '-';
	case 0x2019: case 0x02bc: case 0xff07: /* apostrophes */
		return '\'';
	default:
		return 0;
	}
}

CharClass char_class(uint32_t c)
{
	if (c < 0x80)
		return (CharClass)char_ascii_classes[c];
	if (c == 0x00ad || (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff)
		return CHAR_MARK; /* soft hyphen and zero widths stand inside words and fold to nothing */
	if (c == 0xff9e || c == 0xff9f)
		return CHAR_MARK; /* half-width (semi-)voiced sound marks fold to the combining ones */
	if (char_joiner_ascii(c))
		return CHAR_JOINER;
	if (text_is_unspaced(c))
		return CHAR_UNSPACED;
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LT:
		return CHAR_UPPER;
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_NL:
		return CHAR_LOWER;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NO:
		return CHAR_DIGIT;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return CHAR_MARK;
	default:
		return CHAR_OTHER;
	}
}

/* --- For generators' rules ------------------------------------------------------------------ */

bool text_is_letter(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return true;
	default:
		return false;
	}
}

bool text_is_digit(uint32_t c)
{
	return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_ND;
}

bool text_is_number(uint32_t c)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);

	return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_NO;
}

bool text_is_mark(uint32_t c)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

uint32_t text_lower(uint32_t c)
{
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
}

uint32_t text_title(uint32_t c)
{
	return (uint32_t)utf8proc_totitle((utf8proc_int32_t)c);
}

void text_lower_case(Str text, Buf *out)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned n = str_decode(text, at, &c);

		at += n;
		if (n > 1 || c != 0xfffd)
			buf_append_code_point(out, text_lower(c));
	}
}

Str text_lower_dup(Str text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	text_lower_case(text, &out);
	return arena_str_dup(arena, buf_str(&out));
}

void text_strip_marks(Str text, Buf *out)
{
	for (size_t at = 0; at < text.len;) {
		utf8proc_int32_t parts[8];
		uint32_t c;
		unsigned n = str_decode(text, at, &c);
		int boundary = 0;
		utf8proc_ssize_t n_parts =
			utf8proc_decompose_char((utf8proc_int32_t)c, parts, ARRAY_SIZE(parts), UTF8PROC_DECOMPOSE, &boundary);

		at += n;
		/* Hangul is taken apart into letters, not into a letter and marks. */
		if (c >= 0xac00 && c <= 0xd7a3)
			buf_append_code_point(out, c);
		for (utf8proc_ssize_t i = 0; !(c >= 0xac00 && c <= 0xd7a3) && i < n_parts; i++)
			if (utf8proc_category(parts[i]) != UTF8PROC_CATEGORY_MN)
				buf_append_code_point(out, (uint32_t)parts[i]);
	}
}
