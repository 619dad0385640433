/* The rows of config_keys.def at work: defaults, types, values, and the nearest key to a wrong one. */
#include "config.h"

#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"
#include "blogsearch/value.h"

typedef enum ConfigType { CONFIG_TEXT, CONFIG_FLAG, CONFIG_COUNT, CONFIG_NUMBER, CONFIG_BYTES, CONFIG_LIST, CONFIG_URL } ConfigType;

typedef struct ConfigKey {
	const char *name, *default_text;
	ConfigType type;
	size_t offset;
} ConfigKey;

static const ConfigKey keys[] = {
#define KEY(field, key, type, default_text, manual) { key, default_text, CONFIG_##type, offsetof(Config, field) },
#include "config_keys.def"
#undef KEY
};

static bool set_flag(bool *flag, Str text)
{
	if (str_equal(text, STR("true")) || str_equal(text, STR("yes")) || str_equal(text, STR("on")))
		*flag = true;
	else if (str_equal(text, STR("false")) || str_equal(text, STR("no")) || str_equal(text, STR("off")))
		*flag = false;
	else
		return false;
	return true;
}

/* "8388608", "8M", "64 KB" */
static bool set_bytes(uint64_t *bytes, Str text)
{
	static const struct {
		Str unit;
		unsigned shift;
	} units[] = { { STR_INIT("KB"), 10 }, { STR_INIT("MB"), 20 }, { STR_INIT("GB"), 30 },
		      { STR_INIT("K"), 10 },  { STR_INIT("M"), 20 },  { STR_INIT("G"), 30 } };
	unsigned shift = 0;
	uint64_t number;

	for (size_t i = 0; i < ARRAY_SIZE(units) && !shift; i++)
		if (str_ends_with(text, units[i].unit)) {
			text = str_trim(str_slice(text, 0, text.len - units[i].unit.len));
			shift = units[i].shift;
		}
	if (!str_to_u64(text, &number) || number > UINT64_MAX >> 31)
		return false;
	*bytes = number << shift;
	return true;
}

static bool set_count(uint32_t *count, Str text)
{
	uint64_t number;

	if (!str_to_u64(text, &number) || number > INT32_MAX)
		return false;
	*count = (uint32_t)number;
	return true;
}

/* Digits and a point, as YAML writes a number; at most a million. */
static bool set_number(double *number, Str text)
{
	uint64_t whole, parts = 0;
	size_t point = str_find_char(text, '.');
	Str behind = point == STR_NOT_FOUND ? STR_EMPTY : str_from(text, point + 1);
	double value, scale = 1;

	if (!str_to_u64(str_slice(text, 0, point), &whole) || whole > 1000000 || behind.len > 9 ||
	    (point != STR_NOT_FOUND && !str_to_u64(behind, &parts)))
		return false;
	for (size_t i = 0; i < behind.len; i++)
		scale *= 10;
	value = (double)whole + (double)parts / scale;
	*number = value;
	return true;
}

static void list_add(ConfigList *list, Str text, Arena *arena)
{
	const char **items = arena_new_n(arena, const char *, list->n + 1);

	if (list->n)
		memcpy(items, list->items, list->n * sizeof(*items));
	items[list->n] = arena_to_c(arena, text);
	list->items = items;
	list->n++;
}

bool config_wrong_item(const char *key, const ConfigList *list, size_t i, const char *hint, Error *err)
{
	error_set(err, ERROR_USAGE, "%s has an item that cannot be: \"%s\"", key, list->items[i]);
	if (list->path)
		error_place(err, list->path, list->lines[i], 0);
	return error_hint(err, "%s", hint);
}

static void set_list(ConfigList *list, Str text, Arena *arena)
{
	Str part;

	*list = (ConfigList){ 0 };
	while (str_split_next(&text, ',', &part))
		if (str_trim(part).len)
			list_add(list, str_trim(part), arena);
}

static const char *const type_names[] = {
	[CONFIG_TEXT] = "a text", [CONFIG_FLAG] = "true or false", [CONFIG_COUNT] = "a whole number",
	[CONFIG_NUMBER] = "a number, such as 1.5",
	[CONFIG_BYTES] = "a number of bytes, such as 8388608 or 8M", [CONFIG_LIST] = "a list of texts",
	[CONFIG_URL] = "an address such as https://example.org/",
};

static bool set_text(Config *config, const ConfigKey *key, Str text, Arena *arena)
{
	void *field = (char *)config + key->offset;

	switch (key->type) {
	case CONFIG_URL:
		if (text.len && !str_is_safe_url(text))
			return false;
		*(const char **)field = arena_to_c(arena, text);
		return true;
	case CONFIG_TEXT:
		*(const char **)field = arena_to_c(arena, text);
		return !memchr(text.data ? text.data : "", '\0', text.len);
	case CONFIG_FLAG:
		return set_flag(field, text);
	case CONFIG_COUNT:
		return set_count(field, text);
	case CONFIG_NUMBER:
		return set_number(field, text);
	case CONFIG_BYTES:
		return set_bytes(field, text);
	case CONFIG_LIST:
		set_list(field, text, arena);
		return true;
	}
	return false;
}

void config_init(Config *config, Arena *arena)
{
	*config = (Config){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		(void)set_text(config, &keys[i], str_from_c(keys[i].default_text), arena);
}

static const ConfigKey *find_key(Str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (str_equal_nocase(name, str_from_c(keys[i].name)))
			return &keys[i];
	return NULL;
}

static bool unknown_key(Str name, Error *err)
{
	Str names[ARRAY_SIZE(keys)], nearest;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		names[i] = str_from_c(keys[i].name);
	nearest = str_nearest(name, names, ARRAY_SIZE(keys));
	error_set(err, ERROR_USAGE, "there is no key \"%.*s\"", STR_ARG(name));
	return nearest.len ? error_hint(err, "the nearest is \"%.*s\"", STR_ARG(nearest)) :
	                     error_hint(err, "blogsearch help config lists them all");
}

static bool wrong_value(const ConfigKey *key, Str text, Error *err)
{
	error_set(err, ERROR_USAGE, "%s must be %s", key->name, type_names[key->type]);
	if (text.len && text.len < 80)
		error_hint(err, "it is \"%.*s\"", STR_ARG(text));
	return false;
}

/* --- The file -------------------------------------------------------------------------------------- */

typedef struct Reading {
	Config *config;
	const char *path;
	Arena *arena;
} Reading;

static bool read_list(const Reading *reading, const ConfigKey *key, const Value *value)
{
	ConfigList *list = (ConfigList *)((char *)reading->config + key->offset);

	*list = (ConfigList){ .path = reading->path, .lines = arena_new_n(reading->arena, unsigned, value->list.n) };
	for (size_t i = 0; i < value->list.n; i++) {
		Str text = value_text(value->list.items[i]);

		if (!text.len)
			return false;
		list->lines[i] = value->list.items[i]->line;
		list_add(list, text, reading->arena);
	}
	return true;
}

static bool read_value(const Reading *reading, const ConfigKey *key, const ValueEntry *entry, Error *err)
{
	const Value *value = entry->value;
	bool is_list = value->kind == VALUE_LIST, is_set = false;

	if (is_list && key->type == CONFIG_LIST)
		is_set = read_list(reading, key, value);
	else if (value->kind == VALUE_NULL)
		is_set = set_text(reading->config, key, str_from_c(key->default_text), reading->arena);
	else if (!is_list && value->kind != VALUE_MAP)
		is_set = set_text(reading->config, key, value_text(value), reading->arena);
	reading->config->lines[key - keys] = entry->line;
	if (is_set)
		return true;
	wrong_value(key, value_text(value), err);
	return error_place(err, reading->path, entry->line, 0);
}

/* Nested maps and dotted keys mean the same. */
static bool read_map(const Reading *reading, Str prefix, const Value *map, Error *err)
{
	for (size_t i = 0; i < map->map.n; i++) {
		const ValueEntry *entry = &map->map.entries[i];
		Str name = prefix.len ? arena_printf(reading->arena, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(entry->key)) :
		                        entry->key;
		const ConfigKey *key = find_key(name);

		if (!key && entry->value->kind == VALUE_MAP) {
			if (!read_map(reading, name, entry->value, err))
				return false;
		} else if (!key) {
			unknown_key(name, err);
			return error_place(err, reading->path, entry->line, 0);
		} else if (!read_value(reading, key, entry, err)) {
			return false;
		}
	}
	return true;
}

static bool read_text(Config *config, Str text, const char *path, Arena *arena, Error *err)
{
	const Reading reading = { config, path, arena };
	Value *value;

	if (!yaml_parse(text, path, 1, arena, &value, err))
		return false;
	if (value->kind != VALUE_MAP)
		return error_at(err, ERROR_USAGE, path, value->line, "must be a map of keys and values",
		                "for example `serve:` and, indented below it, `listen: 127.0.0.1:8017`");
	config->file = path;
	return read_map(&reading, STR_EMPTY, value, err);
}

bool config_read(Config *config, const char *path, Arena *arena, Error *err)
{
	Str text;

	return file_read(path, LIMIT_CONFIG_BYTES, arena, &text, err) && read_text(config, text, path, arena, err);
}

bool config_read_fd(Config *config, int fd, const char *path, Arena *arena, Error *err)
{
	Str text;

	return file_read_fd(fd, path, LIMIT_CONFIG_BYTES, arena, &text, err) && read_text(config, text, path, arena, err);
}

bool config_set(Config *config, const char *assignment, Arena *arena, Error *err)
{
	Str text = str_from_c(assignment);
	size_t equals = str_find_char(text, '=');
	Str name = str_trim(str_slice(text, 0, equals)), value = equals == STR_NOT_FOUND ? STR_EMPTY : str_from(text, equals + 1);
	const ConfigKey *key = find_key(name);

	if (equals == STR_NOT_FOUND) {
		error_set(err, ERROR_USAGE, "--set %s has no value", assignment);
		return error_hint(err, "write --set KEY=VALUE");
	}
	if (!key)
		return unknown_key(name, err);
	config->lines[key - keys] = 0;
	return set_text(config, key, str_trim(value), arena) || wrong_value(key, value, err);
}

void config_place(const Config *config, Error *err)
{
	const ConfigKey *key = err->parameter ? find_key(str_from_c(err->parameter)) : NULL;

	if (err->code == ERROR_USAGE && !err->file && key && config->lines[key - keys])
		error_place(err, config->file, config->lines[key - keys], 0);
}

/* --- Hash ------------------------------------------------------------------------------------------ */

static uint64_t hash_field(uint64_t hash, const ConfigKey *key, const Config *config)
{
	const void *field = (const char *)config + key->offset;
	const ConfigList *list = field;

	switch (key->type) {
	case CONFIG_TEXT:
	case CONFIG_URL:
		return hash_more(hash, str_from_c(*(const char *const *)field));
	case CONFIG_FLAG:
		return hash_number(hash, *(const bool *)field);
	case CONFIG_COUNT:
		return hash_number(hash, *(const uint32_t *)field);
	case CONFIG_NUMBER:
		return hash_more(hash, (Str){ field, sizeof(double) });
	case CONFIG_BYTES:
		return hash_number(hash, *(const uint64_t *)field);
	case CONFIG_LIST:
		for (size_t i = 0; i < list->n; i++)
			hash = hash_more(hash, str_from_c(list->items[i]));
		return hash_number(hash, list->n);
	}
	return hash;
}

uint64_t config_hash(const Config *config, const char *prefix)
{
	uint64_t hash = hash_bytes(str_from_c(prefix));

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (str_starts_with(str_from_c(keys[i].name), str_from_c(prefix)))
			hash = hash_field(hash, &keys[i], config);
	return hash;
}
