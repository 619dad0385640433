/* See parameter.h. */
#include "parameter.h"

#include "blogsearch/buf.h"

#define NAME_BYTES  64 /* of an unknown name that are repeated */
#define VALUE_BYTES 40 /* of a wrong value */

bool parameter_wrong(Str name, Arena *arena, Error *err, const char *what, Str value)
{
	error_set(err, ERROR_USAGE, "%.*s %s", STR_ARG(name), what);
	if (value.len && value.len <= VALUE_BYTES)
		error_hint(err, "it is \"%.*s\"", STR_ARG(value));
	return error_parameter(err, arena_to_c(arena, name));
}

/* "q, limit"; nothing where there is none. */
static Str list_of(const Str *names, size_t n, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
	return arena_str_dup(arena, buf_str(&out));
}

bool parameter_unknown(Str name, const Str *known, size_t n_known, Arena *arena, Error *err)
{
	Str *names = arena_new_n(arena, Str, n_known), beginning = str_slice(name, 0, NAME_BYTES), nearest;
	size_t n = 0;

	for (size_t i = 0; i < n_known; i++)
		if (known[i].len && !str_equal(known[i], PARAMETER_PASSED_OVER))
			names[n++] = known[i];
	nearest = str_nearest(name, names, n);
	error_set(err, ERROR_USAGE, "there is no parameter \"%.*s\"", STR_ARG(beginning));
	if (nearest.len)
		error_hint(err, "the nearest is \"%.*s\"", STR_ARG(nearest));
	else if (n)
		error_hint(err, "there are %.*s", STR_ARG(list_of(names, n, arena)));
	else
		error_hint(err, "there are none here");
	return error_parameter(err, arena_to_c(arena, beginning));
}

static bool has_controls(Str value, bool has_blanks)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.data[i];

		if ((c < ' ' || c == 0x7f) && !(has_blanks && c && strchr("\t\n\r", c)))
			return true;
	}
	return false;
}

bool parameter_check_text(Str name, Str value, bool has_blanks, Arena *arena, Error *err)
{
	return (str_is_utf8(value) && !has_controls(value, has_blanks)) ||
	       parameter_wrong(name, arena, err, "is no UTF-8 text, or has control characters", STR_EMPTY);
}

bool parameter_check_name(Str name, Error *err)
{
	return (str_is_utf8(name) && !has_controls(name, false)) ||
	       error_set(err, ERROR_USAGE, "a parameter's name is no UTF-8 text");
}

bool parameter_number(Str name, Str value, uint32_t min, uint32_t max, uint32_t *ret_number, Arena *arena, Error *err)
{
	uint64_t number;

	if (!str_to_u64(value, &number) || number < min || number > max)
		return parameter_wrong(name, arena, err,
		                       arena_to_c(arena, arena_printf(arena, "must be a whole number from %u to %u", min,
		                                                      max)),
		                       value);
	*ret_number = (uint32_t)number;
	return true;
}
