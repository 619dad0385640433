/* See buf.h. */
#include "blogsearch/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/each_byte.h"

#define FIRST_CAPACITY 256

void buf_deinit(Buf *buf)
{
	free(buf->data);
	*buf = (Buf)BUF_INIT(buf->ceiling);
}

void buf_clear(Buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

char *buf_reserve(Buf *buf, size_t n)
{
	size_t capacity = buf->capacity ? buf->capacity : FIRST_CAPACITY, wanted;

	if (buf->failed || __builtin_add_overflow(buf->len, n, &wanted) || wanted > buf->ceiling) {
		buf->failed = true;
		return NULL;
	}
	if (wanted > buf->capacity || !buf->data) {
		while (capacity < wanted)
			capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
		buf->data = xrealloc(buf->data, capacity);
		buf->capacity = capacity;
	}
	return buf->data + buf->len;
}

void buf_append_more(Buf *buf, const void *bytes, size_t n)
{
	char *to = buf_reserve(buf, n);

	if (!to)
		return;
	memcpy(to, bytes, n);
	buf->len += n;
}

void buf_append_code_point(Buf *buf, uint32_t code_point)
{
	char bytes[4];

	buf_append_bytes(buf, bytes, utf8_encode(code_point, bytes));
}

void buf_append_uint(Buf *buf, uint64_t number)
{
	char digits[20];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	buf_append_bytes(buf, digits + first, sizeof(digits) - first);
}

void buf_printf(Buf *buf, const char *format, ...)
{
	va_list arguments, again;
	char *to;
	int n;

	va_start(arguments, format);
	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	/* One more for the NUL that vsnprintf writes and nobody counts. */
	to = n < 0 ? NULL : buf_reserve(buf, (size_t)n + 1);
	if (to) {
		vsnprintf(to, (size_t)n + 1, format, again);
		buf->len += (size_t)n;
	} else {
		buf->failed = true;
	}
	va_end(again);
}

void buf_append_varint(Buf *buf, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		buf_append_char(buf, (char)(value | 0x80));
	buf_append_char(buf, (char)value);
}

bool varint_next(Str *rest, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (size_t i = 0; i < rest->len && i < 10; i++) {
		unsigned char byte = (unsigned char)rest->data[i];

		if (i == 9 && byte > 1)
			return false; /* more than 64 bits */
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80)) {
			*rest = str_from(*rest, i + 1);
			*ret_value = value;
			return true;
		}
	}
	return false;
}

void buf_truncate(Buf *buf, size_t len)
{
	if (len < buf->len)
		buf->len = len;
}

static const char *html_entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return "";
	}
}

/* Where the first byte to be escaped stands; the text's length where there is none. */
static size_t find_escaped(Str text, size_t from)
{
	static const bool is_escaped[256] = { ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true };

	for (; from + 8 <= text.len; from += 8) {
		uint64_t bytes = eight_bytes(text.data + from);

		/* '&' and '\'' differ in their last bit, '<' and '>' in the one before it. */
		if (bytes_that_are(bytes, '"') | bytes_that_are(bytes | EACH_BYTE(1), '\'') |
		    bytes_that_are(bytes | EACH_BYTE(2), '>'))
			break;
	}
	while (from < text.len && !is_escaped[(unsigned char)text.data[from]])
		from++;
	return from;
}

void buf_append_html(Buf *buf, Str text)
{
	for (size_t at = 0; at < text.len;) {
		size_t end = find_escaped(text, at);

		buf_append(buf, str_slice(text, at, end));
		if (end < text.len)
			buf_append_c(buf, html_entity(text.data[end]));
		at = end + 1;
	}
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_' || c == '~';
}

void buf_append_percent(Buf *buf, unsigned char byte)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_append_bytes(buf, (char[]){ '%', digits[byte >> 4], digits[byte & 15] }, 3);
}

void buf_append_url(Buf *buf, Str text, const char *keep)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (is_unreserved(c) || (keep && c && strchr(keep, c)))
			buf_append_char(buf, c);
		else
			buf_append_percent(buf, (unsigned char)c);
	}
}

void buf_append_escaped(Buf *out, Str text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned n = str_decode(text, at, &c);
		bool is_bidi = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;

		if (c < 0x20 || c == 0x7f || (n == 1 && c == 0xfffd))
			buf_printf(out, "\\x%02x", (unsigned char)text.data[at]);
		else if ((c >= 0x80 && c < 0xa0) || is_bidi || c == 0x2028 || c == 0x2029)
			buf_printf(out, "\\u%04x", c);
		else
			buf_append(out, str_slice(text, at, at + n));
		at += n;
	}
}
