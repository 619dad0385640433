/*
 * Unit tests: one group a program, each test named after its file and the behaviour.
 *
 *	TEST(base_str__an_empty_part_is_a_part) { assert_true(…); }
 *	RUN_TESTS(base_str, UNIT(base_str__an_empty_part_is_a_part))
 *
 * cmocka prints TAP (CMOCKA_MESSAGE_OUTPUT=TAP, set by tests/unit/meson.build), so that Meson
 * lists each test. No skip(): cmocka 1.1.5's TAP makes a failure of it.
 */
#ifndef HARNESS_UNIT_H
#define HARNESS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "blogsearch/str.h"

#define TEST(name) static void name(UNUSED void **state)
#define UNIT(name) cmocka_unit_test(name)
#define RUN_TESTS(group, ...)                                                     \
	int main(void)                                                            \
	{                                                                         \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };                \
		return cmocka_run_group_tests_name(#group, tests, NULL, NULL);    \
	}

/* Says both texts when they differ. */
#define assert_str(got, expected)                                                                     \
	do {                                                                                          \
		Str got_ = (got), expected_ = str_from_c(expected);                                   \
		if (!str_equal(got_, expected_))                                                      \
			fail_msg("got \"%.*s\", expected \"%.*s\"", STR_ARG(got_), STR_ARG(expected_)); \
	} while (0)

#endif
