/* What the parameters of all questions have in common: how they are checked, and what is said of a wrong one. */
#ifndef SEARCH_PARAMETER_H
#define SEARCH_PARAMETER_H

#include <stdbool.h>
#include <stdint.h>

#include "blogsearch/arena.h"
#include "blogsearch/error.h"
#include "blogsearch/str.h"

/* "NAME @what", ERROR_USAGE, with a short @value (empty: none) as the hint. Returns false. */
bool parameter_wrong(Str name, Arena *arena, Error *err, const char *what, Str value);
/* What anybody may add to an address, and nobody would mean: it passes caches by. */
#define PARAMETER_PASSED_OVER STR("_")

/* There is no parameter @name; the nearest of @known is the hint, or all of them where none is near. Returns false. */
bool parameter_unknown(Str name, const Str *known, size_t n_known, Arena *arena, Error *err);

/* UTF-8 without control characters; tabs and ends of lines are blanks where @has_blanks. */
MUST_CHECK bool parameter_check_text(Str name, Str value, bool has_blanks, Arena *arena, Error *err);
MUST_CHECK bool parameter_check_name(Str name, Error *err);
MUST_CHECK bool parameter_number(Str name, Str value, uint32_t min, uint32_t max, uint32_t *ret_number, Arena *arena,
                                 Error *err);

#endif
