/*
 * Folding: NFKC with case folded and accents stripped, by utf8proc's tables.
 *
 * Marks are not stripped wholesale: in Indic scripts, Thai and Japanese they are letters or
 * make other letters. Stripped are the combining diacritics of Latin, Greek and Cyrillic,
 * Hebrew points and Arabic vowel signs; kept are й, ї and ў, which are letters of their own.
 */
#include "fold.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "blogsearch/alloc.h"
#include "blogsearch/text.h"

bool str_is_ascii(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return false;
	return true;
}

static void fold_ascii(Str text, Buf *out)
{
	char *to = buf_reserve(out, text.len);

	if (!to)
		return;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		to[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	out->len += text.len;
}

static bool is_accent(int32_t c)
{
	return (c >= 0x0300 && c <= 0x036f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) ||
	       (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe20 && c <= 0xfe2f) || (c >= 0x0591 && c <= 0x05bd) ||
	       c == 0x05bf || c == 0x05c1 || c == 0x05c2 || c == 0x05c4 || c == 0x05c5 || c == 0x05c7 ||
	       (c >= 0x064b && c <= 0x065f) || c == 0x0670 || c == 0x0640;
}

/* Letters that Unicode does not take apart, but that people type without their stroke. */
static const char *plain_letters(int32_t c)
{
	switch (c) {
	case 0x00df: return "ss";
	case 0x00e6: return "ae";
	case 0x00f0: return "d";
	case 0x00f8: return "o";
	case 0x00fe: return "th";
	case 0x0111: return "d";
	case 0x0127: return "h";
	case 0x0131: return "i";
	case 0x0142: return "l";
	case 0x0153: return "oe";
	case 0x0167: return "t";
	default:     return NULL;
	}
}

static bool is_letter_with_mark(int32_t base, int32_t mark)
{
	return (mark == 0x0306 && (base == 0x0438 || base == 0x0443)) || (mark == 0x0308 && base == 0x0456);
}

typedef struct CodePoints {
	int32_t *items;
	size_t n, capacity;
	int32_t small[256];
} CodePoints;

static void code_points_init(CodePoints *points)
{
	points->items = points->small;
	points->n = 0;
	points->capacity = ARRAY_SIZE(points->small);
}

static void code_points_deinit(CodePoints *points)
{
	if (points->items != points->small)
		free(points->items);
}

static void code_points_reserve(CodePoints *points, size_t n)
{
	int32_t *items;

	if (points->n + n <= points->capacity)
		return;
	points->capacity = (points->n + n) * 2;
	items = xnew_n(int32_t, points->capacity);
	memcpy(items, points->items, points->n * sizeof(*items));
	code_points_deinit(points);
	points->items = items;
}

/* utf8proc writes at most 18 code points for one (U+FDFA). */
#define MOST_OF_ONE 24

static void decompose(Str text, CodePoints *points)
{
	utf8proc_option_t options = UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	int boundary = 0;

	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned n = str_decode(text, at, &c);
		utf8proc_ssize_t n_written;

		at += n;
		if (n == 1 && c == 0xfffd)
			continue; /* no UTF-8 */
		code_points_reserve(points, MOST_OF_ONE);
		n_written = utf8proc_decompose_char((int32_t)c, points->items + points->n, MOST_OF_ONE, options,
		                                    &boundary);
		if (n_written > 0 && n_written <= MOST_OF_ONE)
			points->n += (size_t)n_written;
	}
}

static void strip_accents(CodePoints *points)
{
	CodePoints kept;

	code_points_init(&kept);
	for (size_t i = 0; i < points->n; i++) {
		int32_t c = points->items[i];
		const char *plain = plain_letters(c);

		code_points_reserve(&kept, 2);
		if (plain) {
			for (; *plain; plain++)
				kept.items[kept.n++] = *plain;
		} else if (!is_accent(c) || (kept.n && is_letter_with_mark(kept.items[kept.n - 1], c))) {
			kept.items[kept.n++] = c;
		}
	}
	points->n = 0;
	code_points_reserve(points, kept.n);
	memcpy(points->items, kept.items, kept.n * sizeof(*kept.items));
	points->n = kept.n;
	code_points_deinit(&kept);
}

static void compose(CodePoints *points, Buf *out)
{
	utf8proc_ssize_t n = utf8proc_normalize_utf32(points->items, (utf8proc_ssize_t)points->n,
	                                              UTF8PROC_COMPOSE | UTF8PROC_STABLE);

	for (utf8proc_ssize_t i = 0; i < n; i++)
		buf_append_code_point(out, (uint32_t)points->items[i]);
}

static void fold_once(Str text, bool keep_accents, Buf *out)
{
	CodePoints points;

	code_points_init(&points);
	decompose(text, &points);
	if (!keep_accents)
		strip_accents(&points);
	compose(&points, out);
	code_points_deinit(&points);
}

void fold_case(Str text, Buf *out)
{
	if (str_is_ascii(text))
		fold_ascii(text, out);
	else
		fold_once(text, true, out);
}

/*
 * One pass is not always enough: a character may fold to one that folds further (some Greek
 * with iota, Cherokee). Few passes reach the fixed point; the bound is for safety.
 */
void text_fold(Str text, Buf *out)
{
	size_t start = out->len;

	if (str_is_ascii(text)) {
		fold_ascii(text, out);
		return;
	}
	fold_once(text, false, out);
	for (int pass = 0; pass < 3; pass++) {
		CLEANUP(buf_deinit) Buf again = BUF_INIT(BUF_NO_CEILING);
		Str folded = str_from(buf_str(out), start);

		if (str_is_ascii(folded))
			return;
		fold_once(folded, false, &again);
		if (str_equal(folded, buf_str(&again)))
			return;
		buf_truncate(out, start);
		buf_append(out, buf_str(&again));
	}
}

Str text_fold_dup(Str text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	text_fold(text, &out);
	return arena_str_dup(arena, buf_str(&out));
}
