/* See json.h. RFC 8259: what must be escaped is. */
#include <math.h>
#include <stdio.h>

#include "blogsearch/clock.h"
#include "blogsearch/each_byte.h"
#include "blogsearch/json.h"

#define MOST_DECIMALS 6

static void before_value(JsonWriter *json)
{
	if (json->needs_comma)
		buf_append_char(json->out, ',');
	json->needs_comma = true;
}

static void begin(JsonWriter *json, char bracket)
{
	before_value(json);
	buf_append_char(json->out, bracket);
	json->needs_comma = false;
}

static void end(JsonWriter *json, char bracket)
{
	buf_append_char(json->out, bracket);
	json->needs_comma = true;
}

void json_begin_object(JsonWriter *json)
{
	begin(json, '{');
}

void json_end_object(JsonWriter *json)
{
	end(json, '}');
}

void json_begin_array(JsonWriter *json)
{
	begin(json, '[');
}

void json_end_array(JsonWriter *json)
{
	end(json, ']');
}

static void append_escaped(Buf *out, uint32_t c)
{
	switch (c) {
	case '"': buf_append_c(out, "\\\""); return;
	case '\\': buf_append_c(out, "\\\\"); return;
	case '\n': buf_append_c(out, "\\n"); return;
	case '\r': buf_append_c(out, "\\r"); return;
	case '\t': buf_append_c(out, "\\t"); return;
	default: break;
	}
	/* U+2028 and U+2029 end a line in a script that the JSON may be pasted into. */
	if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029)
		buf_printf(out, "\\u%04x", c);
	else
		buf_append_code_point(out, c);
}

/* Bytes that stand for themselves: nearly all of a text. */
static const bool is_copied[256] = {
	[' '] = true, ['!'] = true, ['#' ... '['] = true, [']' ... '~'] = true,
};

/* Whether one of eight bytes may be none of is_copied: some are meant that are not, none is missed. */
static bool may_have_others(uint64_t bytes)
{
	uint64_t quotes = bytes ^ EACH_BYTE('"'), backslashes = bytes ^ EACH_BYTE('\\'), deletes = bytes ^ EACH_BYTE(0x7f);

	return (((bytes - EACH_BYTE(0x20)) | (quotes - EACH_BYTE(1)) | (backslashes - EACH_BYTE(1)) |
	         (deletes - EACH_BYTE(1)) | bytes) & EACH_BYTE(0x80)) != 0;
}

/* Copies as far as the text stands for itself; says how far that is. */
static size_t copy_plain(Str text, char *to)
{
	size_t n = 0;

	for (uint64_t bytes; n + sizeof(bytes) <= text.len; n += sizeof(bytes)) {
		bytes = eight_bytes(text.data + n);
		if (may_have_others(bytes))
			break;
		memcpy(to + n, &bytes, sizeof(bytes));
	}
	for (; n < text.len && is_copied[(unsigned char)text.data[n]]; n++)
		to[n] = text.data[n];
	return n;
}

static void append_string(Buf *out, Str text)
{
	buf_append_char(out, '"');
	while (text.len) {
		char *to = buf_reserve(out, text.len);
		size_t n;
		uint32_t c;

		if (!to)
			return;
		n = copy_plain(text, to);
		out->len += n;
		text = str_from(text, n);
		while (text.len && !is_copied[(unsigned char)text.data[0]]) {
			text = str_from(text, str_decode(text, 0, &c));
			append_escaped(out, c);
		}
	}
	buf_append_char(out, '"');
}

void json_key(JsonWriter *json, Str key)
{
	before_value(json);
	append_string(json->out, key);
	buf_append_char(json->out, ':');
	json->needs_comma = false;
}

void json_string(JsonWriter *json, Str text)
{
	before_value(json);
	append_string(json->out, text);
}

void json_null(JsonWriter *json)
{
	before_value(json);
	buf_append_c(json->out, "null");
}

void json_string_or_null(JsonWriter *json, Str text)
{
	if (text.len)
		json_string(json, text);
	else
		json_null(json);
}

void json_int(JsonWriter *json, int64_t number)
{
	before_value(json);
	if (number < 0)
		buf_append_char(json->out, '-');
	buf_append_uint(json->out, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void json_uint(JsonWriter *json, uint64_t number)
{
	before_value(json);
	buf_append_uint(json->out, number);
}

/* Of a fraction in units of 10^-@decimals, without the zeros at its end. */
static void append_fraction(Buf *out, uint64_t fraction, int decimals)
{
	char digits[MOST_DECIMALS];

	for (int i = decimals; i-- > 0; fraction /= 10)
		digits[i] = (char)('0' + fraction % 10);
	while (decimals > 0 && digits[decimals - 1] == '0')
		decimals--;
	if (decimals)
		buf_append_char(out, '.');
	buf_append_bytes(out, digits, (size_t)decimals);
}

void json_number(JsonWriter *json, double number, int decimals)
{
	uint64_t unit = 1, scaled;

	if (!isfinite(number) || fabs(number) > 1e12 || decimals > MOST_DECIMALS) {
		json_null(json);
		return;
	}
	for (int i = 0; i < decimals; i++)
		unit *= 10;
	scaled = (uint64_t)nearbyint(fabs(number) * (double)unit);
	before_value(json);
	if (number < 0 && scaled)
		buf_append_char(json->out, '-');
	buf_append_uint(json->out, scaled / unit);
	append_fraction(json->out, scaled % unit, decimals);
}

void json_bool(JsonWriter *json, bool value)
{
	before_value(json);
	buf_append_c(json->out, value ? "true" : "false");
}

void json_time(JsonWriter *json, int64_t seconds)
{
	char text[TIME_TEXT_SIZE];

	if (seconds == TIME_NONE)
		json_null(json);
	else
		json_string(json, str_from_c(time_to_rfc3339(seconds, text)));
}
