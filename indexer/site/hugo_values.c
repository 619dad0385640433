/* See hugo_values.h. The scalars of YAML 1.1 as go-yaml v2 resolves them: resolve.go there. */
#include "hugo_values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void set_bool(Value *value, bool boolean)
{
	value->kind = VALUE_BOOL;
	value->boolean = boolean;
	value->text = boolean ? STR("true") : STR("false");
}

static void set_int(Value *value, int64_t integer, Arena *arena)
{
	value->kind = VALUE_INT;
	value->integer = integer;
	value->text = arena_printf(arena, "%lld", (long long)integer);
}

/* The shortest digits that mean the same number, without an exponent. */
static Str float_text(double number, Arena *arena)
{
	char digits[400];

	if (!isfinite(number))
		return isnan(number) ? STR("NaN") : number > 0 ? STR("+Inf") : STR("-Inf");
	for (int precision = 1; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, number);
		if (strtod(digits, NULL) == number)
			break;
	}
	if (strchr(digits, 'e')) {
		/* As many decimals as it takes, at most those of the smallest number there is. */
		for (int decimals = 0; decimals < 340; decimals++) {
			snprintf(digits, sizeof(digits), "%.*f", decimals, number);
			if (strtod(digits, NULL) == number)
				break;
		}
	}
	return arena_str_dup(arena, str_from_c(digits));
}

static bool yaml_bool(Str text, bool *ret)
{
	static const char *const yes[] = { "y", "Y", "yes", "Yes", "YES", "on", "On", "ON" };
	static const char *const no[] = { "n", "N", "no", "No", "NO", "off", "Off", "OFF" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		*ret = str_equal(text, str_from_c(yes[i]));
		if (*ret || str_equal(text, str_from_c(no[i])))
			return true;
	}
	return false;
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : 99;
}

/* Go's ParseInt with base 0, underscores gone: 0x1f, 0b11, 0o17, 017. */
static bool yaml_int(Str text, int64_t *ret)
{
	bool is_negative = str_starts_with(text, STR("-"));
	size_t at = is_negative || str_starts_with(text, STR("+"));
	unsigned base = 10, n_digits = 0;
	uint64_t value = 0;

	if (text.len > at + 1 && text.data[at] == '0') {
		char kind = text.data[at + 1] | 0x20;

		base = kind == 'x' ? 16 : kind == 'b' ? 2 : 8;
		at += kind == 'x' || kind == 'b' || kind == 'o' ? 2 : 1;
	}
	for (; at < text.len; at++) {
		unsigned digit = text.data[at] == '_' ? 100 : (unsigned)digit_of(text.data[at]);

		if (digit == 100)
			continue;
		if (digit >= base || value > ((uint64_t)INT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
		n_digits++;
	}
	*ret = is_negative ? -(int64_t)value : (int64_t)value;
	return n_digits > 0;
}

static void cast_scalar(Value *value, HugoScalars scalars, Arena *arena)
{
	bool is_yaml_1_1 = scalars == SCALARS_YAML_1_1;
	bool boolean;
	int64_t integer;

	if (is_yaml_1_1 && !value->is_quoted && value->kind != VALUE_NULL && value->text.len) {
		if (yaml_bool(value->text, &boolean)) {
			set_bool(value, boolean);
			return;
		}
		if (strchr("+-0123456789", value->text.data[0]) && yaml_int(value->text, &integer)) {
			set_int(value, integer, arena);
			return;
		}
	}
	if (value->kind == VALUE_INT && scalars == SCALARS_JSON) {
		value->kind = VALUE_FLOAT;
		value->number = (double)value->integer;
	}
	if (value->kind == VALUE_BOOL)
		set_bool(value, value->boolean);
	else if (value->kind == VALUE_INT && (is_yaml_1_1 || !str_starts_with(value->text, STR("0"))))
		set_int(value, value->integer, arena);
	else if (value->kind == VALUE_FLOAT)
		value->text = float_text(value->number, arena);
}

void hugo_cast_values(Value *value, HugoScalars scalars, Arena *arena)
{
	switch (value->kind) {
	case VALUE_LIST:
		for (size_t i = 0; i < value->list.n; i++)
			hugo_cast_values(value->list.items[i], scalars, arena);
		break;
	case VALUE_MAP:
		for (size_t i = 0; i < value->map.n; i++)
			hugo_cast_values(value->map.entries[i].value, scalars, arena);
		break;
	default:
		cast_scalar(value, scalars, arena);
		break;
	}
}
