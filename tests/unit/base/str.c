/* Views of bytes: core/base/str.c. */
#include "harness/unit.h"

TEST(base_str__slices_are_cut_to_what_there_is)
{
	assert_str(str_slice(STR("abcdef"), 1, 3), "bc");
	assert_str(str_slice(STR("abc"), 1, 99), "bc");
	assert_str(str_slice(STR("abc"), 5, 2), "");
	assert_str(str_from(STR_EMPTY, 3), "");
}

TEST(base_str__absent_and_empty_are_the_same)
{
	assert_true(str_equal(STR_EMPTY, STR("")));
	assert_true(str_starts_with(STR_EMPTY, STR("")));
	assert_true(str_ends_with(STR_EMPTY, STR_EMPTY));
	assert_int_equal(str_compare(STR_EMPTY, STR("")), 0);
}

TEST(base_str__order_is_that_of_bytes_the_shorter_first)
{
	assert_true(str_compare(STR("ab"), STR("abc")) < 0);
	assert_true(str_compare(STR("b"), STR("abc")) > 0);
	assert_true(str_compare(STR("\xff"), STR("a")) > 0);
}

TEST(base_str__find_sees_the_first_place_and_bytes_of_zero)
{
	assert_int_equal(str_find(STR("a-b-c"), STR("-")), 1);
	assert_int_equal(str_find(STR("abc"), STR("abcd")), STR_NOT_FOUND);
	assert_int_equal(str_find((Str){ "a\0b", 3 }, (Str){ "\0b", 2 }), 1);
	assert_int_equal(str_rfind_char(STR("a/b/c"), '/'), 3);
	assert_int_equal(str_find_char(STR_EMPTY, 'x'), STR_NOT_FOUND);
}

static void check_parts(const char *text, const char *joined)
{
	Str rest = str_from_c(text), part;
	char got[64] = "";

	while (str_split_next(&rest, ',', &part))
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "[%.*s]", STR_ARG(part));
	assert_string_equal(got, joined);
}

TEST(base_str__an_empty_part_between_separators_is_a_part)
{
	check_parts("a,b", "[a][b]");
	check_parts("a,,b", "[a][][b]");
	check_parts(",a", "[][a]");
	check_parts("a,", "[a][]");
}

TEST(base_str__lines_end_in_lf_crlf_or_cr)
{
	Str rest = STR("a\r\nb\rc\n\nd"), line;
	const char *expected[] = { "a", "b", "c", "", "d" };

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		assert_true(str_next_line(&rest, &line));
		assert_str(line, expected[i]);
	}
	assert_false(str_next_line(&rest, &line));
}

TEST(base_str__a_number_is_ascii_digits_and_nothing_else)
{
	static const char *const none[] = { "", " 1", "1 ", "+1", "-1", "1.0", "0x1", "1e3", "١٢", "18446744073709551616" };
	uint64_t n;
	int64_t i;

	assert_true(str_to_u64(STR("18446744073709551615"), &n));
	assert_true(n == UINT64_MAX);
	assert_true(str_to_u64(STR("007"), &n));
	assert_int_equal(n, 7);
	for (size_t at = 0; at < ARRAY_SIZE(none); at++)
		if (str_to_u64(str_from_c(none[at]), &n))
			fail_msg("\"%s\" was taken for a number", none[at]);
	assert_true(str_to_i64(STR("-9223372036854775808"), &i));
	assert_true(i == INT64_MIN);
	assert_true(str_to_i64(STR("9223372036854775807"), &i));
	assert_false(str_to_i64(STR("9223372036854775808"), &i));
	assert_false(str_to_i64(STR("-"), &i));
}

TEST(base_str__utf8_refuses_overlong_forms_surrogates_and_what_lies_beyond)
{
	assert_true(str_is_utf8(STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")));
	assert_true(str_is_utf8(STR("\xf4\x8f\xbf\xbf")));
	assert_false(str_is_utf8(STR("\xc0\xaf")));
	assert_false(str_is_utf8(STR("\xe0\x80\xaf")));
	assert_false(str_is_utf8(STR("\xed\xa0\x80")));
	assert_false(str_is_utf8(STR("\xf4\x90\x80\x80")));
	assert_false(str_is_utf8(STR("\xe2\x82")));
	assert_false(str_is_utf8(STR("\x80")));
}

TEST(base_str__every_code_point_survives_encoding_and_decoding)
{
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[4];
		uint32_t back;
		unsigned n = utf8_encode(c, bytes);
		bool is_surrogate = c >= 0xd800 && c <= 0xdfff;

		if (str_decode((Str){ bytes, n }, 0, &back) != n || back != (is_surrogate ? 0xfffd : c))
			fail_msg("U+%04X became U+%04X", c, back);
	}
}

TEST(base_str__the_nearest_name_is_near_enough_to_be_meant)
{
	const Str names[] = { STR_INIT("full"), STR_INIT("future"), STR_INIT("progress") };

	assert_str(str_nearest(STR("ful"), names, 3), "full");
	assert_str(str_nearest(STR("progres"), names, 3), "progress");
	assert_str(str_nearest(STR("zebra"), names, 3), "");
	assert_str(str_nearest(STR("x"), names, 0), "");
	/* Half of it would have to be another. */
	assert_str(str_nearest(STR("search"), &(Str)STR_INIT("match"), 1), "");
	assert_str(str_nearest(STR("x"), &(Str)STR_INIT("q"), 1), "");
	assert_str(str_nearest(STR("Q"), &(Str)STR_INIT("q"), 1), "q");
	assert_str(str_nearest(STR("pge"), &(Str)STR_INIT("page"), 1), "page");
}

RUN_TESTS(base_str, UNIT(base_str__slices_are_cut_to_what_there_is), UNIT(base_str__absent_and_empty_are_the_same),
          UNIT(base_str__order_is_that_of_bytes_the_shorter_first),
          UNIT(base_str__find_sees_the_first_place_and_bytes_of_zero),
          UNIT(base_str__an_empty_part_between_separators_is_a_part), UNIT(base_str__lines_end_in_lf_crlf_or_cr),
          UNIT(base_str__a_number_is_ascii_digits_and_nothing_else),
          UNIT(base_str__utf8_refuses_overlong_forms_surrogates_and_what_lies_beyond),
          UNIT(base_str__every_code_point_survives_encoding_and_decoding),
          UNIT(base_str__the_nearest_name_is_near_enough_to_be_meant))
