/*
 * Points in time: seconds since 1970-01-01T00:00:00Z in an int64_t (proleptic Gregorian
 * calendar, no leap seconds). TIME_NONE where there is none. Which texts a generator takes
 * for a date is the indexer's business.
 */
#ifndef BLOGSEARCH_CLOCK_H
#define BLOGSEARCH_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

#define TIME_NONE INT64_MIN

typedef struct CivilTime {
	int64_t year;
	unsigned month;  /* 1..12 */
	unsigned day;    /* 1..31 */
	unsigned hour, minute, second;
} CivilTime;

/* The wall clock. BLOGSEARCH_NOW (seconds since 1970) in the environment stands in for it, for tests. */
int64_t time_now(void);

int64_t time_from_civil(CivilTime civil);
CivilTime time_to_civil(int64_t seconds);
bool civil_is_valid(CivilTime civil);
unsigned days_in_month(int64_t year, unsigned month);

/* "2019-08-05T00:00:00Z" (20 characters and NUL for the years 0 to 9999). */
#define TIME_TEXT_SIZE 40
const char *time_to_rfc3339(int64_t seconds, char text[TIME_TEXT_SIZE]);

/* Nanoseconds of the monotonic clock, for deadlines and durations. */
uint64_t monotonic_ns(void);
/* Nanoseconds that the calling thread has worked, whatever else the machine does. */
uint64_t thread_ns(void);

#endif
