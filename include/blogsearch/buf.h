/*
 * A growing byte buffer with a ceiling and a sticky failure: write straight through, check
 * buf_failed() once at the end. Past the ceiling nothing more is written. Out of memory aborts.
 */
#ifndef BLOGSEARCH_BUF_H
#define BLOGSEARCH_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "str.h"

typedef struct Buf {
	char *data; /* owned */
	size_t len;
	size_t capacity;
	size_t ceiling; /* bytes it may hold */
	bool failed;
} Buf;

#define BUF_INIT(ceiling_bytes) { NULL, 0, 0, (ceiling_bytes), false }
#define BUF_NO_CEILING          ((size_t)-1)

void buf_deinit(Buf *buf);
void buf_clear(Buf *buf); /* keeps the memory; forgets a failure */

void buf_append_more(Buf *buf, const void *bytes, size_t n); /* as buf_append_bytes(), where the buffer has to grow */
void buf_append_uint(Buf *buf, uint64_t number); /* decimal */
void buf_append_code_point(Buf *buf, uint32_t code_point);
void buf_printf(Buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* LEB128: seven bits a byte, least first. */
void buf_append_varint(Buf *buf, uint64_t value);
void buf_truncate(Buf *buf, size_t len);
/* Room for @n more bytes at buf->data + buf->len, for a writer that sets len itself; NULL past the ceiling. */
char *buf_reserve(Buf *buf, size_t n);

/* The text with & < > " ' escaped for HTML text and quoted attributes. */
void buf_append_html(Buf *buf, Str text);
/*
 * Foreign text (names of files, titles) for a terminal or a log: what would act on it or break
 * the line (control and bidi characters, bytes that are no UTF-8) is shown as it would be typed in C.
 */
void buf_append_escaped(Buf *buf, Str text);
void buf_append_percent(Buf *buf, unsigned char byte); /* "%2F" */
/* Percent-encodes everything but unreserved characters (RFC 3986) and those in @keep (may be NULL). */
void buf_append_url(Buf *buf, Str text, const char *keep);

static inline void buf_append_bytes(Buf *buf, const void *bytes, size_t n)
{
	if (!n)
		return;
	if (buf->failed || n > buf->capacity - buf->len || n > buf->ceiling - buf->len) {
		buf_append_more(buf, bytes, n);
		return;
	}
	memcpy(buf->data + buf->len, bytes, n);
	buf->len += n;
}

static inline void buf_append(Buf *buf, Str str)
{
	buf_append_bytes(buf, str.data, str.len);
}

static inline void buf_append_c(Buf *buf, const char *text)
{
	buf_append_bytes(buf, text, strlen(text));
}

static inline void buf_append_char(Buf *buf, char c)
{
	if (buf->len < buf->capacity && buf->len < buf->ceiling && !buf->failed)
		buf->data[buf->len++] = c;
	else
		buf_append_more(buf, &c, 1);
}

static inline bool buf_failed(const Buf *buf)
{
	return buf->failed;
}

/* A view, valid until the next write. */
static inline Str buf_str(const Buf *buf)
{
	return (Str){ buf->data, buf->len };
}

/* Reads what buf_append_varint wrote from the front of *rest; false at the end or when malformed. */
MUST_CHECK bool varint_next(Str *rest, uint64_t *ret_value);

#endif
