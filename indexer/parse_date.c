/*
 * The layouts that Hugo tries (github.com/spf13/cast), as patterns of one letter a field:
 *
 *	Y year (4)   m month (2)   B month's name   d day (2)   e day (1 or 2)   H M S time (2)
 *	f fraction, if there is one   z ±hh:mm or Z   Z ±hhmm   T letters of a zone   A weekday
 *	y year (2)   anything else stands for itself
 */
#include "parse_date.h"

static const char *const layouts[] = {
	"Y-m-d'T'H:M:Sfz", "Y-m-d'T'H:M:Sf", "Y-m-d'T'H:M:SfZ", "A, d B Y H:M:S Z", "A, d B Y H:M:S T",
	"d B y H:M Z", "d B y H:M T", "A, d-B-y H:M:S T", "A B e H:M:S Y", "A B e H:M:S T Y", "A B d H:M:S Z Y",
	"Y-m-d H:M:Sf Z T", "Y-m-d H:M:SfZ", "Y-m-d H:M:Sfz", "Y-m-d H:M:Sf Z", "Y-m-d H:M:Sf z", "Y-m-d H:M:Sf",
	"Y-m-d", "d B Y", "Y-m-d'T'H:M:SfT",
};

typedef struct Fields {
	CivilTime civil;
	int32_t zone;
	bool has_zone;
} Fields;

static bool number(Str *rest, size_t min, size_t max, unsigned *ret)
{
	size_t n = 0;
	unsigned value = 0;

	while (n < rest->len && n < max && rest->data[n] >= '0' && rest->data[n] <= '9')
		value = value * 10 + (unsigned)(rest->data[n++] - '0');
	if (n < min)
		return false;
	*rest = str_from(*rest, n);
	*ret = value;
	return true;
}

static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August",
	                              "September", "October", "November", "December" };

static bool month_name(Str *rest, unsigned *ret)
{
	for (unsigned i = 0; i < 12; i++) {
		Str name = str_from_c(months[i]);
		size_t n = str_starts_with_nocase(*rest, name) ? name.len
		           : str_starts_with_nocase(*rest, str_slice(name, 0, 3)) ? 3 : 0;

		if (n) {
			*rest = str_from(*rest, n);
			*ret = i + 1;
			return true;
		}
	}
	return false;
}

static bool letters(Str *rest)
{
	size_t n = 0;

	while (n < rest->len && ((rest->data[n] | 0x20) >= 'a' && (rest->data[n] | 0x20) <= 'z'))
		n++;
	*rest = str_from(*rest, n);
	return n > 0;
}

static bool zone(Str *rest, bool with_colon, int32_t *ret)
{
	unsigned hours, minutes;
	int sign;

	if (with_colon && str_starts_with(*rest, STR("Z"))) {
		*rest = str_from(*rest, 1);
		*ret = 0;
		return true;
	}
	if (!rest->len || !strchr("+-", rest->data[0]))
		return false;
	sign = rest->data[0] == '-' ? -1 : 1;
	*rest = str_from(*rest, 1);
	if (!number(rest, 2, 2, &hours))
		return false;
	if (with_colon) {
		if (!str_starts_with(*rest, STR(":")))
			return false;
		*rest = str_from(*rest, 1);
	}
	if (!number(rest, 2, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret = sign * (int32_t)(hours * 3600 + minutes * 60);
	return true;
}

static void fraction(Str *rest)
{
	unsigned unused;

	if (rest->len > 1 && strchr(".,", rest->data[0]) && rest->data[1] >= '0' && rest->data[1] <= '9') {
		*rest = str_from(*rest, 1);
		while (number(rest, 1, 1, &unused))
			;
	}
}

static bool field(char kind, Str *rest, Fields *fields)
{
	unsigned value;

	switch (kind) {
	case 'Y':
		if (!number(rest, 4, 4, &value))
			return false;
		fields->civil.year = value;
		return true;
	case 'y':
		if (!number(rest, 2, 2, &value))
			return false;
		fields->civil.year = value < 69 ? 2000 + value : 1900 + value;
		return true;
	case 'm': return number(rest, 2, 2, &fields->civil.month);
	case 'B': return month_name(rest, &fields->civil.month);
	case 'd': return number(rest, 2, 2, &fields->civil.day);
	case 'e':
		*rest = str_trim(*rest);
		return number(rest, 1, 2, &fields->civil.day);
	case 'H': return number(rest, 2, 2, &fields->civil.hour);
	case 'M': return number(rest, 2, 2, &fields->civil.minute);
	case 'S': return number(rest, 2, 2, &fields->civil.second);
	case 'f': fraction(rest); return true;
	case 'z':
	case 'Z':
		fields->has_zone = true;
		return zone(rest, kind == 'z', &fields->zone);
	case 'T': /* a name says nothing: the date is one of the site's zone */
	case 'A': return letters(rest);
	case '\'': return true;
	default: return false;
	}
}

static bool matches(Str text, const char *layout, Fields *fields)
{
	bool is_literal = false;

	for (const char *at = layout; *at; at++) {
		if (*at == '\'') {
			is_literal = !is_literal;
			continue;
		}
		if (!is_literal && ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z')) {
			if (!field(*at, &text, fields))
				return false;
			continue;
		}
		if (!text.len || text.data[0] != *at)
			return false;
		text = str_from(text, 1);
	}
	return text.len == 0 && civil_is_valid(fields->civil);
}

bool parse_date(Str text, const TimeZone *time_zone, ZonedTime *ret_time)
{
	text = str_trim(text);
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		Fields fields = { .civil = { .year = 1, .month = 1, .day = 1 } };

		if (!matches(text, layouts[i], &fields))
			continue;
		if (!fields.has_zone)
			fields.zone = time_zone_offset_of_local(time_zone, time_from_civil(fields.civil));
		*ret_time = (ZonedTime){ time_from_civil(fields.civil) - fields.zone, fields.zone };
		return true;
	}
	return false;
}

bool parse_date_value(const Value *value, const TimeZone *time_zone, ZonedTime *ret_time)
{
	if (!value)
		return false;
	if (value->kind == VALUE_INT) {
		/* Up to the year 9999: a year alone is no date, but 2021 seconds are one. */
		if (value->integer < -62135596800 || value->integer > 253402300799)
			return false;
		*ret_time = (ZonedTime){ value->integer, 0 };
		return true;
	}
	return (value->kind == VALUE_STRING || value->kind == VALUE_TIME) && parse_date(value->text, time_zone, ret_time);
}

/* "2021-05-04-10-20-30" as a date is written. */
static bool parse_date_time_in_name(Str name, const TimeZone *time_zone, ZonedTime *ret_time)
{
	char text[20] = { 0 };

	if (name.len < 19)
		return false;
	memcpy(text, name.data, 19);
	if (text[10] != '-' || text[13] != '-' || text[16] != '-')
		return false;
	text[10] = 'T';
	text[13] = text[16] = ':';
	return parse_date((Str){ text, 19 }, time_zone, ret_time);
}

bool parse_date_in_name(Str name, bool with_time, const TimeZone *time_zone, ZonedTime *ret_time, Str *ret_rest)
{
	size_t dot = str_rfind_char(name, '.');

	/* What looks like one more ending is taken for one. */
	name = str_slice(name, 0, dot);
	if (with_time && parse_date_time_in_name(name, time_zone, ret_time))
		name = str_from(name, 19);
	else if (name.len >= 10 && parse_date(str_slice(name, 0, 10), time_zone, ret_time))
		name = str_from(name, 10);
	else
		return false;
	while (name.len && strchr("-_ ", name.data[0]))
		name = str_from(name, 1);
	while (name.len && strchr("-_ ", name.data[name.len - 1]))
		name.len--;
	*ret_rest = name;
	return true;
}
