/* See permalink.h. */
#include "permalink.h"

#include <string.h>

/* --- Dates: names of our own, and Go's layouts ------------------------------------------------------- */

static const char *const month_names[] = { "January", "February", "March", "April", "May", "June", "July", "August",
	                                   "September", "October", "November", "December" };
static const char *const day_names[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };

static unsigned weekday(CivilTime civil)
{
	int64_t days = time_from_civil((CivilTime){ civil.year, civil.month, civil.day, 0, 0, 0 }) / 86400;

	return (unsigned)(((days + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

static unsigned yearday(CivilTime civil)
{
	return (unsigned)((time_from_civil((CivilTime){ civil.year, civil.month, civil.day, 0, 0, 0 }) -
	                   time_from_civil((CivilTime){ civil.year, 1, 1, 0, 0, 0 })) / 86400) + 1;
}

typedef struct LayoutPart {
	const char *text; /* as in Go's reference time; a longer one before those that it begins with */
	char field;
	unsigned digits; /* of numbers: filled up with zeros */
} LayoutPart;

static const LayoutPart layout_parts[] = {
	{ "2006", 'Y', 4 }, { "January", 'B', 0 }, { "Monday", 'A', 0 }, { "Jan", 'b', 0 }, { "Mon", 'a', 0 },
	{ "002", 'j', 3 },  { "01", 'm', 2 },      { "02", 'd', 2 },     { "03", 'I', 2 },  { "04", 'M', 2 },
	{ "05", 'S', 2 },   { "06", 'y', 2 },      { "15", 'H', 2 },     { "PM", 'p', 0 },  { "pm", 'P', 0 },
	{ "1", 'm', 1 },    { "2", 'd', 1 },       { "3", 'I', 1 },      { "4", 'M', 1 },   { "5", 'S', 1 },
};

static int64_t layout_number(const LayoutPart *part, CivilTime civil)
{
	switch (part->field) {
	case 'Y': return civil.year;
	case 'y': return civil.year % 100;
	case 'm': return civil.month;
	case 'd': return civil.day;
	case 'j': return yearday(civil);
	case 'H': return civil.hour;
	case 'I': return civil.hour % 12 ? civil.hour % 12 : 12;
	case 'M': return civil.minute;
	default: return civil.second;
	}
}

static void append_layout_part(const LayoutPart *part, CivilTime civil, Buf *out)
{
	switch (part->field) {
	case 'B':
		buf_append_c(out, month_names[civil.month - 1]);
		break;
	case 'b':
		buf_append(out, str_slice(str_from_c(month_names[civil.month - 1]), 0, 3));
		break;
	case 'A':
		buf_append_c(out, day_names[weekday(civil)]);
		break;
	case 'a':
		buf_append(out, str_slice(str_from_c(day_names[weekday(civil)]), 0, 3));
		break;
	case 'p':
		buf_append_c(out, civil.hour < 12 ? "AM" : "PM");
		break;
	case 'P':
		buf_append_c(out, civil.hour < 12 ? "am" : "pm");
		break;
	default:
		buf_printf(out, "%0*lld", (int)part->digits, (long long)layout_number(part, civil));
		break;
	}
}

/* A layout as Go's time package has them ("2006", "Jan02"); false for a word that has nothing of a date. */
static bool format_layout(Str layout, CivilTime civil, Arena *arena, Str *ret)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	bool is_layout = false;

	for (size_t at = 0; at < layout.len;) {
		const LayoutPart *found = NULL;

		for (size_t i = 0; i < ARRAY_SIZE(layout_parts) && !found; i++)
			if (str_starts_with(str_from(layout, at), str_from_c(layout_parts[i].text)))
				found = &layout_parts[i];
		if (found)
			append_layout_part(found, civil, &out);
		else
			buf_append_char(&out, layout.data[at]);
		is_layout = is_layout || found;
		at += found ? strlen(found->text) : 1;
	}
	*ret = arena_str_dup(arena, buf_str(&out));
	return is_layout;
}

/* --- Patterns ------------------------------------------------------------------------------------------- */

bool permalink_date(Str token, CivilTime civil, Arena *arena, Str *ret_value)
{
	if (str_equal(token, STR("year")))
		*ret_value = arena_printf(arena, "%lld", (long long)civil.year);
	else if (str_equal(token, STR("month")))
		*ret_value = arena_printf(arena, "%02u", civil.month);
	else if (str_equal(token, STR("day")))
		*ret_value = arena_printf(arena, "%02u", civil.day);
	else if (str_equal(token, STR("monthname")))
		*ret_value = str_from_c(month_names[civil.month - 1]);
	else if (str_equal(token, STR("weekday")))
		*ret_value = arena_printf(arena, "%u", weekday(civil));
	else if (str_equal(token, STR("weekdayname")))
		*ret_value = str_from_c(day_names[weekday(civil)]);
	else if (str_equal(token, STR("yearday")))
		*ret_value = arena_printf(arena, "%u", yearday(civil));
	else
		return format_layout(token, civil, arena, ret_value);
	return true;
}

static bool is_token_char(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

void permalink_expand(Str pattern, AppendToken append, void *context, Buf *out)
{
	for (size_t at = 0; at < pattern.len;) {
		size_t end = at + 1;

		if (pattern.data[at] != ':') {
			buf_append_char(out, pattern.data[at++]);
			continue;
		}
		while (end < pattern.len && is_token_char(pattern.data[end]))
			end++;
		if (end < pattern.len && pattern.data[end] == '[') {
			size_t close = str_find_char(str_from(pattern, end), ']');

			end = close == STR_NOT_FOUND ? end : end + close + 1;
		}
		append(context, str_slice(pattern, at + 1, end), out);
		at = end;
	}
}

Str permalink_join_slashes(Str path, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	buf_append_char(&out, '/');
	for (size_t i = 0; i < path.len; i++)
		if (path.data[i] != '/' || out.data[out.len - 1] != '/')
			buf_append_char(&out, path.data[i]);
	return arena_str_dup(arena, buf_str(&out));
}
