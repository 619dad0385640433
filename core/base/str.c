/* See str.h. */
#include "blogsearch/str.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"

int str_compare(Str a, Str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.data, b.data, n) : 0;

	return order ? order : a.len < b.len ? -1 : a.len > b.len;
}

static char to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_starts_with_nocase(Str str, Str prefix)
{
	if (str.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++)
		if (to_lower(str.data[i]) != to_lower(prefix.data[i]))
			return false;
	return true;
}

bool str_equal_nocase(Str a, Str b)
{
	return a.len == b.len && str_starts_with_nocase(a, b);
}

size_t str_find(Str str, Str needle)
{
	const char *found;

	if (!needle.len)
		return 0;
	if (needle.len > str.len)
		return STR_NOT_FOUND;
	found = memmem(str.data, str.len, needle.data, needle.len);
	return found ? (size_t)(found - str.data) : STR_NOT_FOUND;
}

size_t str_find_char(Str str, char c)
{
	const char *found = str.len ? memchr(str.data, c, str.len) : NULL;

	return found ? (size_t)(found - str.data) : STR_NOT_FOUND;
}

size_t str_rfind_char(Str str, char c)
{
	const char *found = str.len ? memrchr(str.data, c, str.len) : NULL;

	return found ? (size_t)(found - str.data) : STR_NOT_FOUND;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str str)
{
	size_t from = 0, to = str.len;

	while (from < to && is_blank(str.data[from]))
		from++;
	while (to > from && is_blank(str.data[to - 1]))
		to--;
	return str_slice(str, from, to);
}

bool str_split_next(Str *rest, char separator, Str *ret_part)
{
	size_t at;

	if (!rest->data)
		return false;
	at = str_find_char(*rest, separator);
	*ret_part = str_slice(*rest, 0, at);
	*rest = at == STR_NOT_FOUND ? STR_EMPTY : (Str){ rest->data + at + 1, rest->len - at - 1 };
	return true;
}

bool str_next_line(Str *rest, Str *ret_line)
{
	size_t end = 0, next;

	if (!rest->len)
		return false;
	while (end < rest->len && rest->data[end] != '\n' && rest->data[end] != '\r')
		end++;
	next = end < rest->len ? end + 1 : end;
	if (next < rest->len && rest->data[end] == '\r' && rest->data[next] == '\n')
		next++;
	*ret_line = str_slice(*rest, 0, end);
	*rest = str_from(*rest, next);
	return true;
}

char *str_dup(Str str)
{
	return xstrndup(str.data, str.len);
}

bool str_to_u64(Str str, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (size_t i = 0; i < str.len; i++) {
		unsigned digit = (unsigned char)str.data[i] - (unsigned)'0';

		if (digit > 9 || __builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, digit, &value))
			return false;
	}
	if (!str.len)
		return false;
	*ret_value = value;
	return true;
}

bool str_to_i64(Str str, int64_t *ret_value)
{
	bool is_negative = str.len && str.data[0] == '-';
	uint64_t value;

	if (!str_to_u64(str_from(str, is_negative || (str.len && str.data[0] == '+')), &value))
		return false;
	if (value > (uint64_t)INT64_MAX + is_negative)
		return false;
	*ret_value = is_negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

/* --- UTF-8 (RFC 3629) ---------------------------------------------------------------------- */

/* The length of the sequence at @bytes and its code point; 0 where it is none. */
static unsigned decode(const unsigned char *bytes, size_t n, uint32_t *ret_code_point)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned len = bytes[0] < 0x80 ? 1 : bytes[0] < 0xc2 ? 0 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3
	                                                                       : bytes[0] < 0xf5 ? 4 : 0;
	uint32_t c;

	if (len == 1) {
		*ret_code_point = bytes[0];
		return 1;
	}
	if (!len || len > n)
		return 0;
	c = bytes[0] & (0x7fu >> len);
	for (unsigned i = 1; i < len; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (bytes[i] & 0x3f);
	}
	if (c < smallest[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret_code_point = c;
	return len;
}

bool str_is_utf8(Str str)
{
	for (size_t at = 0; at < str.len;) {
		uint32_t c;
		unsigned n = decode((const unsigned char *)str.data + at, str.len - at, &c);

		if (!n)
			return false;
		at += n;
	}
	return true;
}

unsigned str_decode(Str str, size_t at, uint32_t *ret_code_point)
{
	unsigned n = decode((const unsigned char *)str.data + at, str.len - at, ret_code_point);

	if (n)
		return n;
	*ret_code_point = 0xfffd;
	return 1;
}

unsigned utf8_encode(uint32_t c, char bytes[4])
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	if (c < 0x80) {
		bytes[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		bytes[0] = (char)(0xc0 | c >> 6);
		bytes[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		bytes[0] = (char)(0xe0 | c >> 12);
		bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | c >> 18);
	bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* --- The nearest name ----------------------------------------------------------------------- */

#define LONGEST_NAME 64

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Edits (insert, delete, replace, swap of neighbours) from @a to @b, case ignored; both at most LONGEST_NAME. */
static unsigned edits(Str a, Str b)
{
	unsigned rows[3][LONGEST_NAME + 1];

	for (unsigned j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			unsigned cost = to_lower(a.data[i - 1]) != to_lower(b.data[j - 1]);

			row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost);
			if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1] &&
			    second[j - 2] + 1 < row[j])
				row[j] = second[j - 2] + 1;
		}
	}
	return rows[a.len % 3][b.len];
}

bool str_is_safe_url(Str url)
{
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.data[i] <= ' ' || url.data[i] == '\\' || url.data[i] == 0x7f)
			return false;
	if (str_starts_with_nocase(url, STR("http://")) || str_starts_with_nocase(url, STR("https://")))
		return true;
	return str_starts_with(url, STR("/")) && !str_starts_with(url, STR("//"));
}

Str str_nearest(Str name, const Str *names, size_t n_names)
{
	/* A third of it may be wrong, or one of two letters: more is another word. */
	unsigned best = name.len == 2 ? 1 : (unsigned)name.len / 3;
	Str nearest = STR_EMPTY;

	for (size_t i = 0; i < n_names && name.len <= LONGEST_NAME; i++) {
		unsigned distance = names[i].len <= LONGEST_NAME ? edits(name, names[i]) : best + 1;

		if (distance < best || (distance == best && !nearest.len)) {
			best = distance;
			nearest = names[i];
		}
	}
	return nearest;
}
