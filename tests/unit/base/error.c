/* Failures, filled once and printed on one line: core/base/error.c. */
#include "harness/unit.h"

#include <errno.h>
#include <stdlib.h>

#include "blogsearch/error.h"

static void check_text(const Error *err, const char *expected)
{
	CLEANUP(free_ptr) char *text = error_to_text(err);

	assert_string_equal(text, expected);
}

TEST(base_error__where_what_and_what_to_do_on_one_line)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	assert_false(error_at(&err, ERROR_SYNTAX, "a/b.md", 3, "has no end", "close it"));
	check_text(&err, "a/b.md:3: has no end; close it");
	error_place(&err, "a/b.md", 3, 14);
	check_text(&err, "a/b.md:3:14: has no end; close it");
	error_place(&err, "a/b.md", 0, 0);
	check_text(&err, "a/b.md: has no end; close it");
}

TEST(base_error__without_file_and_hint_it_is_what_is_wrong)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	assert_false(error_set(&err, ERROR_USAGE, "there is no %s", "option"));
	check_text(&err, "there is no option");
}

TEST(base_error__the_systems_reason_is_in_words)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	assert_false(error_errno(&err, ENOSPC, "x", "cannot be written"));
	check_text(&err, "x: cannot be written: No space left on device");
	assert_int_equal(err.code, ERROR_IO);
}

TEST(base_error__foreign_names_stay_on_their_line)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	error_at(&err, ERROR_IO, "a\nb\033.md", 0, "is \x07 bad", NULL);
	check_text(&err, "a\\x0ab\\x1b.md: is \\x07 bad");
}

TEST(base_error__who_does_not_want_to_know_passes_null)
{
	assert_false(error_set(NULL, ERROR_USAGE, "x"));
	assert_false(error_at(NULL, ERROR_USAGE, "f", 1, "x", "y"));
	assert_false(error_errno(NULL, EIO, "f", "x"));
	assert_false(error_hint(NULL, "x"));
	assert_false(error_parameter(NULL, "x"));
}

TEST(base_error__moved_it_leaves_nothing_behind)
{
	CLEANUP(error_deinit) Error from = ERROR_INIT;
	CLEANUP(error_deinit) Error to = ERROR_INIT;

	error_set(&from, ERROR_BUSY, "busy");
	error_parameter(&from, "q");
	error_move(&to, &from);
	assert_int_equal(from.code, ERROR_NONE);
	assert_null(from.what);
	assert_int_equal(to.code, ERROR_BUSY);
	assert_string_equal(to.parameter, "q");
}

TEST(base_error__exit_and_http_status_are_those_of_the_contract)
{
	assert_int_equal(error_exit_status(ERROR_NONE), 0);
	assert_int_equal(error_exit_status(ERROR_NOT_FOUND), 1);
	assert_int_equal(error_exit_status(ERROR_USAGE), 2);
	assert_int_equal(error_exit_status(ERROR_INDEX), 3);
	assert_int_equal(error_exit_status(ERROR_SITE), 4);
	assert_int_equal(error_exit_status(ERROR_PAGES), 5);
	assert_int_equal(error_exit_status(ERROR_IO), 74);
	assert_int_equal(error_exit_status(ERROR_BUSY), 75);
	assert_int_equal(error_http_status(ERROR_USAGE), 400);
	assert_int_equal(error_http_status(ERROR_BUSY), 503);
	assert_int_equal(error_http_status(ERROR_METHOD), 405);
}

RUN_TESTS(base_error, UNIT(base_error__where_what_and_what_to_do_on_one_line),
          UNIT(base_error__without_file_and_hint_it_is_what_is_wrong), UNIT(base_error__the_systems_reason_is_in_words),
          UNIT(base_error__foreign_names_stay_on_their_line), UNIT(base_error__who_does_not_want_to_know_passes_null),
          UNIT(base_error__moved_it_leaves_nothing_behind),
          UNIT(base_error__exit_and_http_status_are_those_of_the_contract))
