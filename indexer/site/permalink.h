/*
 * Patterns of addresses ("/:year/:slug/"): what is the same for every kind of site. The tokens of
 * pages are the kind's own.
 */
#ifndef INDEXER_SITE_PERMALINK_H
#define INDEXER_SITE_PERMALINK_H

#include "blogsearch/arena.h"
#include "blogsearch/buf.h"
#include "blogsearch/clock.h"

/* Appends what @token stands for: what followed the colon, brackets included ("sections[1:]"). */
typedef void (*AppendToken)(void *context, Str token, Buf *out);

void permalink_expand(Str pattern, AppendToken append, void *context, Buf *out);

/*
 * A date's token: year, month, day, monthname, weekday, weekdayname, yearday, or a layout as Go's
 * time package has them ("2006", "Jan02"). False for what is none.
 */
bool permalink_date(Str token, CivilTime civil, Arena *arena, Str *ret_value);

/* @path with a slash in front and none twice. */
Str permalink_join_slashes(Str path, Arena *arena);

#endif
