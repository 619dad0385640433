/*
 * Reads TZif (https://www.rfc-editor.org/rfc/rfc8536): the 64-bit block's transitions, and the
 * rule in the footer for what comes after them ("CET-1CEST,M3.5.0,M10.5.0/3").
 */
#include "time_zone.h"

#include <stdlib.h>

#include "blogsearch/clock.h"
#include "blogsearch/file.h"

#define ZONE_FOLDER      "/usr/share/zoneinfo/"
#define LIMIT_ZONE_BYTES (256u * 1024)
#define HEADER_BYTES     44

/* A day on which clocks change: M month.week.weekday, J day (no 29 February), or a day from 0. */
typedef struct ChangeDay {
	char kind; /* 'M', 'J', 'N' */
	unsigned month, week, weekday, day;
	int32_t seconds; /* after midnight, local */
} ChangeDay;

typedef struct Transition {
	int64_t at;
	int32_t offset; /* from then on */
} Transition;

struct TimeZone {
	Transition *transitions;
	size_t n;
	int32_t first_offset; /* before them */
	bool has_rule, has_summer;
	int32_t winter, summer; /* offsets of the rule */
	ChangeDay to_summer, to_winter;
};

/* --- The footer's rule ------------------------------------------------------------------------------ */

static bool take_char(Str *rest, char c)
{
	if (!rest->len || rest->data[0] != c)
		return false;
	*rest = str_from(*rest, 1);
	return true;
}

static bool take_name(Str *rest)
{
	size_t n = 0;

	if (take_char(rest, '<')) {
		n = str_find_char(*rest, '>');
		if (n == STR_NOT_FOUND)
			return false;
		*rest = str_from(*rest, n + 1);
		return true;
	}
	while (n < rest->len && ((rest->data[n] | 0x20) >= 'a' && (rest->data[n] | 0x20) <= 'z'))
		n++;
	*rest = str_from(*rest, n);
	return n >= 3;
}

static bool take_number(Str *rest, unsigned *ret)
{
	size_t n = 0;

	for (*ret = 0; n < rest->len && n < 4 && rest->data[n] >= '0' && rest->data[n] <= '9'; n++)
		*ret = *ret * 10 + (unsigned)(rest->data[n] - '0');
	*rest = str_from(*rest, n);
	return n > 0;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(Str *rest, int32_t *ret_seconds)
{
	int sign = 1;
	unsigned hours, minutes = 0, seconds = 0;

	if (take_char(rest, '-'))
		sign = -1;
	else
		(void)take_char(rest, '+');
	if (!take_number(rest, &hours) || hours > 167 || (take_char(rest, ':') && !take_number(rest, &minutes)) ||
	    (take_char(rest, ':') && !take_number(rest, &seconds)))
		return false;
	*ret_seconds = sign * (int32_t)(hours * 3600 + minutes * 60 + seconds);
	return true;
}

static bool take_day(Str *rest, ChangeDay *day)
{
	*day = (ChangeDay){ .kind = 'N', .seconds = 7200 };
	if (take_char(rest, 'M')) {
		day->kind = 'M';
		if (!take_number(rest, &day->month) || !take_char(rest, '.') || !take_number(rest, &day->week) ||
		    !take_char(rest, '.') || !take_number(rest, &day->weekday) || day->month < 1 || day->month > 12 ||
		    day->week < 1 || day->week > 5 || day->weekday > 6)
			return false;
	} else {
		day->kind = take_char(rest, 'J') ? 'J' : 'N';
		if (!take_number(rest, &day->day))
			return false;
	}
	return !take_char(rest, '/') || take_time(rest, &day->seconds);
}

static bool parse_rule(Str text, TimeZone *zone)
{
	int32_t west;

	if (!take_name(&text) || !take_time(&text, &west))
		return false;
	zone->winter = -west;
	zone->has_rule = true;
	if (!text.len)
		return true;
	if (!take_name(&text))
		return false;
	zone->summer = zone->winter + 3600;
	if (text.len && text.data[0] != ',') {
		if (!take_time(&text, &west))
			return false;
		zone->summer = -west;
	}
	zone->has_summer = take_char(&text, ',') && take_day(&text, &zone->to_summer) && take_char(&text, ',') &&
	                   take_day(&text, &zone->to_winter);
	return zone->has_summer;
}

static int64_t day_number(int64_t year, unsigned month, unsigned day)
{
	return time_from_civil((CivilTime){ .year = year, .month = month, .day = day }) / 86400;
}

/* Local seconds since 1970 at which clocks change in @year. */
static int64_t change_in(int64_t year, const ChangeDay *change)
{
	int64_t day;

	if (change->kind == 'M') {
		int64_t first = day_number(year, change->month, 1);
		unsigned weekday = (unsigned)(((first + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
		unsigned date = 1 + (change->weekday + 7 - weekday) % 7 + (change->week - 1) * 7;

		while (date > days_in_month(year, change->month))
			date -= 7;
		day = first + date - 1;
	} else {
		bool is_leap = days_in_month(year, 2) == 29;

		day = day_number(year, 1, 1) + change->day;
		if (change->kind == 'J')
			day += (is_leap && change->day >= 60) - 1;
	}
	return day * 86400 + change->seconds;
}

static int32_t offset_by_rule(const TimeZone *zone, int64_t utc)
{
	int64_t year, start, end;

	if (!zone->has_summer)
		return zone->winter;
	year = time_to_civil(utc + zone->winter).year;
	start = change_in(year, &zone->to_summer) - zone->winter;
	end = change_in(year, &zone->to_winter) - zone->summer;
	if (start < end)
		return utc >= start && utc < end ? zone->summer : zone->winter;
	return utc >= end && utc < start ? zone->winter : zone->summer;
}

/* --- The file ------------------------------------------------------------------------------------------ */

static int64_t big_endian(const char *bytes, unsigned n)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < n; i++)
		value = value << 8 | (unsigned char)bytes[i];
	return n == 4 ? (int32_t)(uint32_t)value : (int64_t)value;
}

typedef struct Counts {
	size_t isut, isstd, leap, time, type, chars;
} Counts;

static bool read_header(Str bytes, Counts *counts)
{
	size_t *const fields[] = { &counts->isut, &counts->isstd, &counts->leap, &counts->time, &counts->type,
		                   &counts->chars };

	if (bytes.len < HEADER_BYTES || !str_starts_with(bytes, STR("TZif")))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		int64_t n = big_endian(bytes.data + 20 + i * 4, 4);

		if (n < 0 || n > LIMIT_ZONE_BYTES)
			return false;
		*fields[i] = (size_t)n;
	}
	return true;
}

static size_t block_bytes(const Counts *counts, size_t time_bytes)
{
	return counts->time * time_bytes + counts->time + counts->type * 6 + counts->chars +
	       counts->leap * (time_bytes + 4) + counts->isstd + counts->isut;
}

static bool read_transitions(Str block, const Counts *counts, Arena *arena, TimeZone *zone)
{
	const char *types = block.data + counts->time * 8, *infos = types + counts->time;

	if (!counts->type)
		return false;
	zone->transitions = arena_new_n(arena, Transition, counts->time);
	zone->n = counts->time;
	for (size_t i = 0; i < counts->type; i++)
		if (!infos[i * 6 + 4]) { /* the first that is no summer time */
			zone->first_offset = (int32_t)big_endian(infos + i * 6, 4);
			break;
		}
	for (size_t i = 0; i < counts->time; i++) {
		unsigned type = (unsigned char)types[i];

		if (type >= counts->type)
			return false;
		zone->transitions[i] = (Transition){ big_endian(block.data + i * 8, 8),
			                             (int32_t)big_endian(infos + type * 6, 4) };
	}
	return true;
}

bool time_zone_parse(Str bytes, Arena *arena, const TimeZone **ret_zone)
{
	TimeZone *zone = arena_new(arena, TimeZone);
	Counts counts;
	Str rest, line;
	size_t n;

	/* The first block has 32-bit times and is for old readers. */
	if (!read_header(bytes, &counts) || bytes.data[4] < '2')
		return false;
	rest = str_from(bytes, HEADER_BYTES + block_bytes(&counts, 4));
	if (!read_header(rest, &counts))
		return false;
	rest = str_from(rest, HEADER_BYTES);
	n = block_bytes(&counts, 8);
	if (n > rest.len || !read_transitions(str_slice(rest, 0, n), &counts, arena, zone))
		return false;
	rest = str_from(rest, n);
	if (take_char(&rest, '\n') && str_next_line(&rest, &line) && line.len && !parse_rule(line, zone))
		return false;
	*ret_zone = zone;
	return true;
}

static bool is_zone_name(Str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!(((name.data[i] | 0x20) >= 'a' && (name.data[i] | 0x20) <= 'z') ||
		      (name.data[i] >= '0' && name.data[i] <= '9') || strchr("_+-/", name.data[i])))
			return false;
	return name.len && name.len < 100 && name.data[0] != '/';
}

bool time_zone_load(Str name, Arena *arena, const TimeZone **ret_zone, Error *err)
{
	Str path = arena_concat(arena, STR(ZONE_FOLDER), name), bytes;

	if (!name.len || str_equal(name, STR("UTC"))) {
		*ret_zone = NULL;
		return true;
	}
	if (is_zone_name(name) && file_read(arena_to_c(arena, path), LIMIT_ZONE_BYTES, arena, &bytes, NULL) &&
	    time_zone_parse(bytes, arena, ret_zone))
		return true;
	error_set(err, ERROR_NOT_FOUND, "there is no time zone \"%.*s\" on this system", STR_ARG(name));
	return error_hint(err, "write it like Europe/Berlin; the package tzdata has them");
}

int32_t time_zone_offset(const TimeZone *zone, int64_t utc)
{
	size_t from = 0, to;

	if (!zone)
		return 0;
	/* The number of transitions that are past. */
	for (to = zone->n; from < to;) {
		size_t middle = from + (to - from) / 2;

		if (zone->transitions[middle].at <= utc)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == zone->n && zone->has_rule)
		return offset_by_rule(zone, utc);
	return from ? zone->transitions[from - 1].offset : zone->first_offset;
}

int32_t time_zone_offset_of_local(const TimeZone *zone, int64_t local)
{
	int32_t offset = time_zone_offset(zone, local);

	/* Near a change the first guess lies on the wrong side of it. */
	return time_zone_offset(zone, local - offset);
}
