/* The growing buffer with its ceiling, and what is escaped on its way in: core/base/buf.c. */
#include "harness/unit.h"

#include "blogsearch/buf.h"

TEST(base_buf__past_its_ceiling_it_fails_and_stays_so)
{
	CLEANUP(buf_deinit) Buf buf = BUF_INIT(8);

	buf_append(&buf, STR("12345678"));
	assert_false(buf_failed(&buf));
	buf_append_char(&buf, '9');
	assert_true(buf_failed(&buf));
	assert_str(buf_str(&buf), "12345678");
	buf_truncate(&buf, 0);
	buf_append_c(&buf, "x");
	assert_true(buf_failed(&buf));
	buf_clear(&buf);
	assert_false(buf_failed(&buf));
	buf_printf(&buf, "%d", 123456789);
	assert_true(buf_failed(&buf));
	assert_true(buf.len <= 8);
}

TEST(base_buf__grows_over_a_million_bytes)
{
	CLEANUP(buf_deinit) Buf buf = BUF_INIT(BUF_NO_CEILING);

	for (unsigned i = 0; i < 1000000; i++)
		buf_append_char(&buf, (char)('a' + i % 26));
	assert_int_equal(buf.len, 1000000);
	assert_int_equal(buf.data[999999], 'a' + 999999 % 26);
}

TEST(base_buf__printf_writes_more_than_any_first_guess)
{
	CLEANUP(buf_deinit) Buf buf = BUF_INIT(BUF_NO_CEILING);

	buf_append_c(&buf, "<");
	buf_printf(&buf, "%05000d", 7);
	buf_append_c(&buf, ">");
	assert_int_equal(buf.len, 5002);
	assert_int_equal(buf.data[5000], '7');
}

TEST(base_buf__varints_come_back_as_they_were)
{
	static const uint64_t numbers[] = { 0, 1, 127, 128, 16383, 16384, UINT32_MAX, (uint64_t)1 << 63, UINT64_MAX };
	CLEANUP(buf_deinit) Buf buf = BUF_INIT(BUF_NO_CEILING);
	uint64_t number;
	Str rest;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		buf_append_varint(&buf, numbers[i]);
	rest = buf_str(&buf);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		assert_true(varint_next(&rest, &number));
		assert_true(number == numbers[i]);
	}
	assert_false(varint_next(&rest, &number));
}

TEST(base_buf__a_broken_varint_is_refused)
{
	Str cut = STR("\x80"), endless = STR("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
	    large = STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
	uint64_t number;

	assert_false(varint_next(&cut, &number));
	assert_false(varint_next(&endless, &number));
	assert_false(varint_next(&large, &number));
}

static void check_escaped(Str text, const char *expected)
{
	CLEANUP(buf_deinit) Buf buf = BUF_INIT(BUF_NO_CEILING);

	buf_append_escaped(&buf, text);
	assert_str(buf_str(&buf), expected);
}

TEST(base_buf__foreign_text_cannot_act_on_a_terminal)
{
	check_escaped(STR("plain é 東京 😀"), "plain é 東京 😀");
	check_escaped(STR("\033[31m\r\n\t\a"), "\\x1b[31m\\x0d\\x0a\\x09\\x07");
	check_escaped(STR("\x7f\xff\xc3"), "\\x7f\\xff\\xc3");
	check_escaped(STR("\xc2\x9b\x31m"), "\\u009b1m");
	check_escaped(STR("a\xe2\x80\xae" "b\xe2\x81\xa6"), "a\\u202eb\\u2066");
	check_escaped((Str){ "a\0b", 3 }, "a\\x00b");
}

TEST(base_buf__html_is_escaped_for_text_and_quoted_attributes)
{
	CLEANUP(buf_deinit) Buf buf = BUF_INIT(BUF_NO_CEILING);

	buf_append_html(&buf, STR("<a href=\"x\">'&amp;'</a>"));
	assert_str(buf_str(&buf), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;");
}

TEST(base_buf__urls_keep_what_is_unreserved_and_what_they_are_told_to)
{
	CLEANUP(buf_deinit) Buf buf = BUF_INIT(BUF_NO_CEILING);

	buf_append_url(&buf, STR("a-b_c.d~e/é ?%"), "/");
	assert_str(buf_str(&buf), "a-b_c.d~e/%C3%A9%20%3F%25");
	buf_clear(&buf);
	buf_append_url(&buf, (Str){ "\0/", 2 }, NULL);
	assert_str(buf_str(&buf), "%00%2F");
}

RUN_TESTS(base_buf, UNIT(base_buf__past_its_ceiling_it_fails_and_stays_so), UNIT(base_buf__grows_over_a_million_bytes),
          UNIT(base_buf__printf_writes_more_than_any_first_guess), UNIT(base_buf__varints_come_back_as_they_were),
          UNIT(base_buf__a_broken_varint_is_refused), UNIT(base_buf__foreign_text_cannot_act_on_a_terminal),
          UNIT(base_buf__html_is_escaped_for_text_and_quoted_attributes),
          UNIT(base_buf__urls_keep_what_is_unreserved_and_what_they_are_told_to))
