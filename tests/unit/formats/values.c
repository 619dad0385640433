/* Bytes to values in each format, and back as JSON: core/formats. */
#include "harness/unit.h"

#include <stdlib.h>

#include "blogsearch/clock.h"
#include "blogsearch/json.h"
#include "blogsearch/limits.h"
#include "blogsearch/value.h"

typedef bool (*Parse)(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err);

static Value *parsed(Parse parse, const char *text, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Value *value = NULL;

	if (!parse(str_from_c(text), "file", 1, arena, &value, &err))
		fail_msg("%s: %s", text, err.what);
	return value;
}

static void check_refused(Parse parse, const char *text, unsigned line)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Value *value = NULL;

	if (parse(str_from_c(text), "file", 10, &arena, &value, &err))
		fail_msg("was taken: %s", text);
	assert_true(err.code == ERROR_SYNTAX || err.code == ERROR_TOO_LARGE);
	assert_string_equal(err.file, "file");
	assert_int_equal(err.line, line);
}

TEST(formats_values__the_same_document_in_each_format_is_the_same_tree)
{
	static const struct {
		Parse parse;
		const char *text;
	} documents[] = {
		{ yaml_parse, "title: Container\ndraft: true\nweight: 7\ntags: [a, b]\ncover: {image: x.png}\n" },
		{ toml_parse, "title = 'Container'\ndraft = true\nweight = 7\ntags = ['a', 'b']\n[cover]\nimage = 'x.png'\n" },
		{ json_parse, "{\"title\":\"Container\",\"draft\":true,\"weight\":7,\"tags\":[\"a\",\"b\"],"
		              "\"cover\":{\"image\":\"x.png\"}}" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
		Value *value = parsed(documents[i].parse, documents[i].text, &arena);
		const Value *tags = value_get(value, STR("tags"));

		assert_int_equal(value->map.n, 5);
		assert_str(value_text(value_get(value, STR("TITLE"))), "Container");
		assert_true(value_bool(value_get(value, STR("draft")), false));
		assert_int_equal(value_int(value_get(value, STR("weight")), 0), 7);
		assert_int_equal(tags->list.n, 2);
		assert_str(value_text(tags->list.items[1]), "b");
		assert_str(value_text(value_path(value, "cover.image")), "x.png");
		assert_null(value_path(value, "cover.image.x"));
	}
}

TEST(formats_values__an_empty_document_is_an_empty_map)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	assert_int_equal(parsed(yaml_parse, "", &arena)->kind, VALUE_MAP);
	assert_int_equal(parsed(yaml_parse, "# only a comment\n", &arena)->map.n, 0);
	assert_int_equal(parsed(toml_parse, "", &arena)->map.n, 0);
}

TEST(formats_values__a_mistake_names_its_line_in_the_file)
{
	check_refused(yaml_parse, "a: 1\nb: [1, 2\nc: 3\n", 12);
	check_refused(toml_parse, "a = 1\nb = \n", 11);
	check_refused(json_parse, "{\n\"a\": 1,\n\"b\" 2}", 12);
}

static void check_deep(Parse parse, const char *opening, const char *closing, const char *before)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);
	Value *value = NULL;

	buf_append_c(&text, before);
	for (unsigned i = 0; i < 10000; i++)
		buf_append_c(&text, opening);
	for (unsigned i = 0; i < 10000; i++)
		buf_append_c(&text, closing);
	assert_false(parse(buf_str(&text), "file", 1, &arena, &value, &err));
	assert_true(err.code == ERROR_SYNTAX || err.code == ERROR_TOO_LARGE);
}

TEST(formats_values__nesting_has_an_end_in_each_format)
{
	check_deep(yaml_parse, "[", "]", "a: ");
	check_deep(json_parse, "[", "]", "");
	check_deep(toml_parse, "[", "]", "a = ");
	check_deep(toml_parse, "a.", "", "");
}

TEST(formats_values__yaml_that_multiplies_itself_is_refused)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);
	Value *value = NULL;

	buf_append_c(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (unsigned i = 1; i < 9; i++) {
		buf_printf(&text, "a%u: &a%u [", i, i);
		for (unsigned j = 0; j < 10; j++)
			buf_printf(&text, "%s*a%u", j ? "," : "", i - 1);
		buf_append_c(&text, "]\n");
	}
	assert_false(yaml_parse(buf_str(&text), "file", 1, &arena, &value, &err));
	assert_true(arena.n_bytes < 64u * 1024 * 1024);
}

TEST(formats_values__a_scalar_keeps_its_text_for_who_reads_it_otherwise)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Value *value = parsed(yaml_parse, "a: 010\nb: 3.10\nc: \"yes\"\nd: ~\n", &arena);

	assert_str(value_get(value, STR("a"))->text, "010");
	assert_str(value_get(value, STR("b"))->text, "3.10");
	assert_true(value_get(value, STR("c"))->is_quoted);
	assert_str(value_text(value_get(value, STR("d"))), "");
	assert_int_equal(value_get(value, STR("c"))->line, 3);
}

TEST(formats_values__merging_goes_deep_and_changes_neither)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Value *under = parsed(json_parse, "{\"a\":{\"x\":1,\"y\":2},\"l\":[1,2]}", &arena);
	Value *over = parsed(json_parse, "{\"a\":{\"y\":3},\"l\":[9],\"b\":4}", &arena);
	Value *merged = value_merge(&arena, under, over);

	assert_int_equal(value_int(value_path(merged, "a.x"), 0), 1);
	assert_int_equal(value_int(value_path(merged, "a.y"), 0), 3);
	assert_int_equal(value_get(merged, STR("l"))->list.n, 1);
	assert_int_equal(value_int(value_path(merged, "b"), 0), 4);
	assert_int_equal(value_int(value_path(under, "a.y"), 0), 2);
	assert_null(value_get(over, STR("x")));
}

static void check_number(double number, int decimals, const char *wanted)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	JsonWriter json = json_writer(&out);

	json_number(&json, number, decimals);
	assert_str(buf_str(&out), wanted);
}

TEST(formats_json_writer__numbers_are_rounded_and_have_no_zeros_at_the_end)
{
	check_number(0, 4, "0");
	check_number(-0.00001, 4, "0");
	check_number(12.5, 4, "12.5");
	check_number(1.00004, 4, "1");
	check_number(0.99996, 4, "1");
	check_number(-7.0305, 3, "-7.03");
	check_number(0.0625, 3, "0.062");
	check_number(1e12, 6, "1000000000000");
	check_number(2e12, 4, "null");
}

TEST(formats_json_writer__each_character_is_escaped_wherever_it_stands)
{
	for (unsigned c = 1; c < 256; c++)
		for (size_t at = 0; at < 20; at++) {
			CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
			CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
			JsonWriter json = json_writer(&out);
			bool is_plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\';
			char text[] = "abcdefghijklmnopqrst";
			Value *value;

			text[at] = (char)c;
			json_begin_object(&json);
			json_key(&json, STR("v"));
			json_string(&json, (Str){ text, 20 });
			json_end_object(&json);
			assert_true((out.len == 28) == is_plain);
			value = parsed(json_parse, arena_to_c(&arena, buf_str(&out)), &arena);
			if (c < 0x80)
				assert_str(value_get(value, STR("v"))->text, text);
		}
}

TEST(formats_json_writer__what_it_writes_is_json_for_any_bytes)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	JsonWriter json = json_writer(&out);
	char bytes[256];
	Value *value;

	for (unsigned i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	json_begin_array(&json);
	json_string(&json, (Str){ bytes, 255 });
	json_number(&json, 0.0 / 0.0, 3);
	json_number(&json, 1.5, 3);
	json_int(&json, INT64_MIN);
	json_string_or_null(&json, STR_EMPTY);
	json_end_array(&json);
	value = parsed(json_parse, arena_to_c(&arena, arena_concat(&arena, STR("{\"v\":"), arena_concat(&arena, buf_str(&out), STR("}")))), &arena);
	value = (Value *)value_get(value, STR("v"));
	assert_int_equal(value->list.n, 5);
	assert_true(str_is_utf8(value->list.items[0]->text));
	assert_true(str_starts_with(value->list.items[0]->text, STR("\x01\x02\x03")));
	assert_int_equal(value->list.items[1]->kind, VALUE_NULL);
	assert_str(value->list.items[2]->text, "1.5");
	assert_str(value->list.items[3]->text, "-9223372036854775808");
	assert_int_equal(value->list.items[4]->kind, VALUE_NULL);
}

TEST(formats_json_writer__puts_commas_where_they_belong)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	JsonWriter json = json_writer(&out);

	json_begin_object(&json);
	json_key(&json, STR("a"));
	json_begin_array(&json);
	json_end_array(&json);
	json_key(&json, STR("b"));
	json_begin_array(&json);
	json_uint(&json, 1);
	json_begin_object(&json);
	json_end_object(&json);
	json_bool(&json, true);
	json_end_array(&json);
	json_key(&json, STR("c"));
	json_time(&json, TIME_NONE);
	json_end_object(&json);
	assert_str(buf_str(&out), "{\"a\":[],\"b\":[1,{},true],\"c\":null}");
}

RUN_TESTS(formats_values, UNIT(formats_values__the_same_document_in_each_format_is_the_same_tree),
          UNIT(formats_values__an_empty_document_is_an_empty_map), UNIT(formats_values__a_mistake_names_its_line_in_the_file),
          UNIT(formats_values__nesting_has_an_end_in_each_format),
          UNIT(formats_values__yaml_that_multiplies_itself_is_refused),
          UNIT(formats_values__a_scalar_keeps_its_text_for_who_reads_it_otherwise),
          UNIT(formats_values__merging_goes_deep_and_changes_neither),
          UNIT(formats_json_writer__what_it_writes_is_json_for_any_bytes),
          UNIT(formats_json_writer__numbers_are_rounded_and_have_no_zeros_at_the_end),
          UNIT(formats_json_writer__each_character_is_escaped_wherever_it_stands),
          UNIT(formats_json_writer__puts_commas_where_they_belong))
