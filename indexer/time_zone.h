/* Zones of the system's time zone database (RFC 8536), for dates that are written without one. */
#ifndef INDEXER_TIME_ZONE_H
#define INDEXER_TIME_ZONE_H

#include <stdint.h>

#include "blogsearch/arena.h"
#include "blogsearch/error.h"

typedef struct TimeZone TimeZone;

/* "Europe/Berlin", "UTC". ERROR_NOT_FOUND where the system knows no such zone. Lives in @arena; any thread may ask it. */
MUST_CHECK bool time_zone_load(Str name, Arena *arena, const TimeZone **ret_zone, Error *err);
/* The same from the bytes of a file of the database; false where they are none. */
MUST_CHECK bool time_zone_parse(Str bytes, Arena *arena, const TimeZone **ret_zone);

/* Seconds east of UTC at @utc; @zone NULL is UTC. */
int32_t time_zone_offset(const TimeZone *zone, int64_t utc);
/* The offset when clocks there show @local (seconds since 1970 as if it were UTC). */
int32_t time_zone_offset_of_local(const TimeZone *zone, int64_t local);

#endif
