/*
 * A view of bytes (UTF-8 unless said): pointer and length, not owned, not terminated by
 * NUL. The zeroed Str is the empty one; absent and empty are the same.
 */
#ifndef BLOGSEARCH_STR_H
#define BLOGSEARCH_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cleanup.h"

typedef struct Str {
	const char *data;
	size_t len;
} Str;

#define STR(literal)      ((Str){ "" literal, sizeof(literal) - 1 })
#define STR_INIT(literal) { "" literal, sizeof(literal) - 1 }
#define STR_EMPTY         ((Str){ NULL, 0 })
/* printf("%.*s", STR_ARG(str)) */
#define STR_ARG(str) (int)(str).len, (str).data ? (str).data : ""

static inline Str str_from_c(const char *text)
{
	return (Str){ text, text ? strlen(text) : 0 };
}

/* Bytes [from, to) of @str; both are cut to its length. */
static inline Str str_slice(Str str, size_t from, size_t to)
{
	to = to < str.len ? to : str.len;
	from = from < to ? from : to;
	return (Str){ str.data ? str.data + from : NULL, to - from };
}

static inline Str str_from(Str str, size_t from)
{
	return str_slice(str, from, str.len);
}

static inline bool str_equal(Str a, Str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* How many bytes both begin with. */
static inline size_t str_shared_bytes(Str a, Str b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.data[n] == b.data[n])
		n++;
	return n;
}

static inline bool str_starts_with(Str str, Str prefix)
{
	return str.len >= prefix.len && (prefix.len == 0 || memcmp(str.data, prefix.data, prefix.len) == 0);
}

static inline bool str_ends_with(Str str, Str suffix)
{
	return str.len >= suffix.len &&
	       (suffix.len == 0 || memcmp(str.data + str.len - suffix.len, suffix.data, suffix.len) == 0);
}

#define STR_NOT_FOUND ((size_t)-1)

int str_compare(Str a, Str b);             /* byte order, as memcmp; shorter first  */
bool str_equal_nocase(Str a, Str b);       /* ASCII letters of either case are equal */
bool str_starts_with_nocase(Str str, Str prefix);
size_t str_find(Str str, Str needle);      /* first place, or STR_NOT_FOUND          */
size_t str_find_char(Str str, char c);
size_t str_rfind_char(Str str, char c);
Str str_trim(Str str);                     /* ASCII white space at both ends         */
/* Cuts the part before @separator off the front of *rest; false when *rest is used up. */
bool str_split_next(Str *rest, char separator, Str *ret_part);
/* The next line without its end (LF, CRLF or CR) off the front of *rest. */
bool str_next_line(Str *rest, Str *ret_line);

char *str_dup(Str str);                    /* malloc'd, NUL-terminated               */

/* Unsigned decimal of ASCII digits only, the whole of @str, no sign; false otherwise or on overflow. */
MUST_CHECK bool str_to_u64(Str str, uint64_t *ret_value);
MUST_CHECK bool str_to_i64(Str str, int64_t *ret_value);

/* Whether the bytes are valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). */
bool str_is_utf8(Str str);
/* Decodes the code point at @at (< str.len); returns its length in bytes (1 for an invalid byte, code point U+FFFD). */
unsigned str_decode(Str str, size_t at, uint32_t *ret_code_point);
/* Writes 1 to 4 bytes; returns how many. Surrogates and what lies above U+10FFFF become U+FFFD. */
unsigned utf8_encode(uint32_t code_point, char bytes[4]);

/*
 * Whether it leads a browser to the site itself or to a page of the web: http(s), or a path. Not //host and what browsers
 * read as that (a backslash is a slash to them, and some blanks are nothing), nor any other scheme.
 */
bool str_is_safe_url(Str url);

/* Of a list of names, the one nearest to @name by edits; STR_EMPTY if none is near enough to be meant. */
Str str_nearest(Str name, const Str *names, size_t n_names);

#endif
