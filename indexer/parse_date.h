/* Dates as Hugo reads them in front matter. */
#ifndef INDEXER_PARSE_DATE_H
#define INDEXER_PARSE_DATE_H

#include "blogsearch/clock.h"
#include "blogsearch/value.h"
#include "time_zone.h"

/* A date with the zone that it is written in: permalinks take year, month and day of that zone. */
typedef struct ZonedTime {
	int64_t utc;         /* TIME_NONE: no date */
	int32_t zone_seconds; /* east of UTC */
} ZonedTime;

#define ZONED_NONE ((ZonedTime){ TIME_NONE, 0 })

/*
 * False for what Hugo does not take for a date (`2021-5-4`, `2021/05/04`, `2021-05-04 10:20`).
 * A date without a zone is one of @zone (NULL: UTC). Numbers are seconds since 1970.
 */
MUST_CHECK bool parse_date(Str text, const TimeZone *zone, ZonedTime *ret_time);
MUST_CHECK bool parse_date_value(const Value *value, const TimeZone *zone, ZonedTime *ret_time);

/*
 * "2021-05-04" at the start of a file's name, @with_time "2021-05-04-10-20-30" as well; *ret_rest
 * is the name without it and without `-`, `_`, blanks.
 */
MUST_CHECK bool parse_date_in_name(Str name, bool with_time, const TimeZone *zone, ZonedTime *ret_time, Str *ret_rest);

#endif
