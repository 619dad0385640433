/*
 * The JSON writer: whatever bytes go in, what comes out is JSON, valid UTF-8, and reads back as the text
 * that went in (with U+FFFD for what was no UTF-8).
 */
#include "fuzz.h"

#include "blogsearch/json.h"
#include "blogsearch/value.h"

/* The text as JSON can hold it. */
static Str as_utf8(Str text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned n = str_decode(text, at, &c);

		buf_append_code_point(&out, c);
		at += n;
	}
	return arena_str_dup(arena, buf_str(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	Str text = { (const char *)data, size };
	JsonWriter json = json_writer(&out);
	double number = 0;
	Value *value;

	if (size >= sizeof(number))
		memcpy(&number, data, sizeof(number));
	json_begin_object(&json);
	json_key(&json, STR("text"));
	json_string(&json, text);
	json_key(&json, STR("list"));
	json_begin_array(&json);
	json_number(&json, number, 3);
	json_int(&json, (int64_t)size * -1);
	json_string_or_null(&json, text);
	json_end_array(&json);
	json_end_object(&json);
	FUZZ_ASSERT(!buf_failed(&out) && str_is_utf8(buf_str(&out)));
	/* NUL is written as \u0000, which jansson does not take by itself. */
	if (memchr(data, '\0', size))
		return 0;
	FUZZ_ASSERT(json_parse(buf_str(&out), "written", 1, &arena, &value, NULL));
	FUZZ_ASSERT(str_equal(value_text(value_get(value, STR("text"))), as_utf8(text, &arena)));
	return 0;
}
