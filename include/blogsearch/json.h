/*
 * The JSON writer: writes straight into a Buf, puts the commas itself. Strings are escaped;
 * invalid UTF-8 becomes U+FFFD. Compact, no white space. Check buf_failed() at the end.
 */
#ifndef BLOGSEARCH_JSON_H
#define BLOGSEARCH_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "str.h"

typedef struct JsonWriter {
	Buf *out;
	bool needs_comma;
} JsonWriter;

static inline JsonWriter json_writer(Buf *out)
{
	return (JsonWriter){ out, false };
}

void json_begin_object(JsonWriter *json);
void json_end_object(JsonWriter *json);
void json_begin_array(JsonWriter *json);
void json_end_array(JsonWriter *json);
void json_key(JsonWriter *json, Str key);
/* A key that stands in the program and needs no escape: JSON_KEY(json, "title"). */
#define JSON_KEY(json, literal) json_plain_key((json), STR("\"" literal "\":"))

static inline void json_plain_key(JsonWriter *json, Str quoted)
{
	if (json->needs_comma)
		buf_append_char(json->out, ',');
	json->needs_comma = false;
	buf_append(json->out, quoted);
}

/* Members of the object at hand that a writer has made before, without the brackets. */
static inline void json_members(JsonWriter *json, Str members)
{
	json_plain_key(json, members);
	json->needs_comma = true;
}

void json_string(JsonWriter *json, Str text);
void json_string_or_null(JsonWriter *json, Str text); /* null where empty */
void json_int(JsonWriter *json, int64_t number);
void json_uint(JsonWriter *json, uint64_t number);
/* At most @decimals (up to 6) behind the point, no trailing zeros; what is no number or over 10^12 is null. */
void json_number(JsonWriter *json, double number, int decimals);
void json_bool(JsonWriter *json, bool value);
void json_null(JsonWriter *json);
/* RFC 3339 in UTC, null for TIME_NONE. */
void json_time(JsonWriter *json, int64_t seconds);

#endif
