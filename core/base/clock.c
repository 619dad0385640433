/*
 * Dates by counting days: H. Hinnant, chrono-Compatible Low-Level Date Algorithms
 * (https://howardhinnant.github.io/date_algorithms.html), eras of 400 years from March on.
 */
#include "blogsearch/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SECONDS_A_DAY 86400

int64_t time_now(void)
{
	const char *instead = getenv("BLOGSEARCH_NOW");
	int64_t seconds;

	if (instead && str_to_i64(str_from_c(instead), &seconds))
		return seconds;
	return (int64_t)time(NULL);
}

static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

int64_t time_from_civil(CivilTime civil)
{
	return days_from_civil(civil.year, civil.month, civil.day) * SECONDS_A_DAY + (int64_t)civil.hour * 3600 +
	       (int64_t)civil.minute * 60 + civil.second;
}

CivilTime time_to_civil(int64_t seconds)
{
	int64_t days = seconds / SECONDS_A_DAY, rest = seconds % SECONDS_A_DAY;
	int64_t era, day_of_era, year_of_era, day_of_year, month;

	if (rest < 0) {
		rest += SECONDS_A_DAY;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = days - era * 146097;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * day_of_year + 2) / 153;
	return (CivilTime){
		.year = year_of_era + era * 400 + (month >= 10),
		.month = (unsigned)(month < 10 ? month + 3 : month - 9),
		.day = (unsigned)(day_of_year - (153 * month + 2) / 5 + 1),
		.hour = (unsigned)(rest / 3600), .minute = (unsigned)(rest / 60 % 60), .second = (unsigned)(rest % 60),
	};
}

unsigned days_in_month(int64_t year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month < 1 || month > 12 ? 0 : days[month - 1] + (month == 2 && is_leap);
}

bool civil_is_valid(CivilTime civil)
{
	return civil.month >= 1 && civil.month <= 12 && civil.day >= 1 &&
	       civil.day <= days_in_month(civil.year, civil.month) && civil.hour < 24 && civil.minute < 60 &&
	       civil.second < 60;
}

static void put_two_digits(char *text, unsigned number)
{
	text[0] = (char)('0' + number / 10);
	text[1] = (char)('0' + number % 10);
}

const char *time_to_rfc3339(int64_t seconds, char text[TIME_TEXT_SIZE])
{
	CivilTime civil = time_to_civil(seconds);

	if (civil.year < 0 || civil.year > 9999) {
		snprintf(text, TIME_TEXT_SIZE, "%04lld-%02u-%02uT%02u:%02u:%02uZ", (long long)civil.year, civil.month,
		         civil.day, civil.hour, civil.minute, civil.second);
		return text;
	}
	memcpy(text, "0000-00-00T00:00:00Z", sizeof("0000-00-00T00:00:00Z"));
	put_two_digits(text, (unsigned)civil.year / 100);
	put_two_digits(text + 2, (unsigned)civil.year % 100);
	put_two_digits(text + 5, civil.month);
	put_two_digits(text + 8, civil.day);
	put_two_digits(text + 11, civil.hour);
	put_two_digits(text + 14, civil.minute);
	put_two_digits(text + 17, civil.second);
	return text;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t monotonic_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t thread_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}
