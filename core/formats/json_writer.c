/* See json.h. RFC 8259: what must be escaped is. */
#include <math.h>
#include <stdio.h>

#include "blogsearch/clock.h"
#include "blogsearch/json.h"

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

/* Nearly all of a text is copied as it stands. */
static bool is_copied(unsigned char byte)
{
	return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f && byte < 0x80;
}

static void append_string(Buf *out, Str text)
{
	size_t start = 0;

	buf_append_char(out, '"');
	for (size_t at = 0; at < text.len;) {
		unsigned char byte = (unsigned char)text.data[at];
		uint32_t c;
		unsigned n;

		if (is_copied(byte)) {
			at++;
			continue;
		}
		buf_append(out, str_slice(text, start, at));
		n = str_decode(text, at, &c);
		append_escaped(out, c);
		at += n;
		start = at;
	}
	buf_append(out, str_from(text, start));
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

void json_number(JsonWriter *json, double number, int decimals)
{
	char text[64];
	int n;

	if (!isfinite(number) || fabs(number) > 1e15) {
		json_null(json);
		return;
	}
	n = snprintf(text, sizeof(text), "%.*f", decimals, number);
	if (memchr(text, '.', (size_t)n)) {
		while (text[n - 1] == '0')
			n--;
		n -= text[n - 1] == '.';
	}
	before_value(json);
	buf_append(json->out, str_equal((Str){ text, (size_t)n }, STR("-0")) ? STR("0") : (Str){ text, (size_t)n });
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
