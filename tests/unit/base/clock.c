/* Points in time: core/base/clock.c. */
#include "harness/unit.h"

#include <stdlib.h>
#include <time.h>

#include "blogsearch/clock.h"

/* The C library counts days too. */
TEST(base_clock__every_day_of_eight_centuries_is_the_c_librarys)
{
	for (int64_t day = -135000; day < 165000; day++) {
		time_t seconds = (time_t)(day * 86400 + 3661);
		CivilTime civil = time_to_civil(seconds);
		struct tm tm;

		gmtime_r(&seconds, &tm);
		if (civil.year != tm.tm_year + 1900 || civil.month != (unsigned)tm.tm_mon + 1 ||
		    civil.day != (unsigned)tm.tm_mday || civil.hour != 1 || civil.minute != 1 || civil.second != 1)
			fail_msg("day %lld is %lld-%u-%u", (long long)day, (long long)civil.year, civil.month, civil.day);
		if (time_from_civil(civil) != seconds)
			fail_msg("day %lld does not come back", (long long)day);
	}
}

static void check_rfc3339(int64_t seconds, const char *expected)
{
	char text[TIME_TEXT_SIZE];

	assert_string_equal(time_to_rfc3339(seconds, text), expected);
}

TEST(base_clock__rfc3339_in_utc)
{
	check_rfc3339(0, "1970-01-01T00:00:00Z");
	check_rfc3339(-1, "1969-12-31T23:59:59Z");
	check_rfc3339(1709210096, "2024-02-29T12:34:56Z");
	check_rfc3339(-62135596800, "0001-01-01T00:00:00Z");
	check_rfc3339(253402300799, "9999-12-31T23:59:59Z");
}

TEST(base_clock__only_days_of_the_calendar_are_valid)
{
	assert_true(civil_is_valid((CivilTime){ .year = 2024, .month = 2, .day = 29 }));
	assert_false(civil_is_valid((CivilTime){ .year = 2023, .month = 2, .day = 29 }));
	assert_false(civil_is_valid((CivilTime){ .year = 1900, .month = 2, .day = 29 }));
	assert_true(civil_is_valid((CivilTime){ .year = 2000, .month = 2, .day = 29 }));
	assert_false(civil_is_valid((CivilTime){ .year = 2024, .month = 0, .day = 1 }));
	assert_false(civil_is_valid((CivilTime){ .year = 2024, .month = 13, .day = 1 }));
	assert_false(civil_is_valid((CivilTime){ .year = 2024, .month = 4, .day = 31 }));
	assert_false(civil_is_valid((CivilTime){ .year = 2024, .month = 4, .day = 30, .hour = 24 }));
}

TEST(base_clock__the_environment_stands_in_for_it)
{
	setenv("BLOGSEARCH_NOW", "1767225600", 1);
	assert_int_equal(time_now(), 1767225600);
	setenv("BLOGSEARCH_NOW", "soon", 1);
	assert_true(time_now() > 1767225600 - 86400 * 3650);
	unsetenv("BLOGSEARCH_NOW");
}

TEST(base_clock__the_monotonic_one_does_not_go_back)
{
	uint64_t before = monotonic_ns();

	for (unsigned i = 0; i < 1000; i++) {
		uint64_t now = monotonic_ns();

		assert_true(now >= before);
		before = now;
	}
}

RUN_TESTS(base_clock, UNIT(base_clock__every_day_of_eight_centuries_is_the_c_librarys), UNIT(base_clock__rfc3339_in_utc),
          UNIT(base_clock__only_days_of_the_calendar_are_valid), UNIT(base_clock__the_environment_stands_in_for_it),
          UNIT(base_clock__the_monotonic_one_does_not_go_back))
