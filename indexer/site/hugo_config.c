/* Hugo's configuration: one root file, the folders of config/ over it, keys whatever their case. */
#include <sys/stat.h>

#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"
#include "hugo.h"

typedef bool (*Parse)(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err);

typedef struct ConfigReader {
	Site *site;
	uint32_t version;
	uint64_t hash; /* of all that was read */
} ConfigReader;

static Parse parser_of(Str extension)
{
	if (str_equal_nocase(extension, STR("toml")))
		return toml_parse;
	if (str_equal_nocase(extension, STR("yaml")) || str_equal_nocase(extension, STR("yml")))
		return yaml_parse;
	return str_equal_nocase(extension, STR("json")) ? json_parse : NULL;
}

static const char *const root_names[] = { "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json",
	                                  "config.toml", "config.yaml", "config.yml", "config.json" };

static bool is_there(Str path, Arena *arena)
{
	struct stat info;

	return stat(arena_to_c(arena, path), &info) == 0;
}

bool site_is_hugo(const char *root, Arena *arena)
{
	Str folder = str_from_c(root);

	for (size_t i = 0; i < ARRAY_SIZE(root_names); i++)
		if (is_there(path_join(arena, folder, str_from_c(root_names[i])), arena))
			return true;
	return is_there(path_join(arena, folder, STR("config/_default")), arena);
}

/* The same site is the same however its root is named. */
static Str below_root(const Site *site, Str path)
{
	path = str_from(path, strlen(site->root));
	return str_starts_with(path, STR("/")) ? str_from(path, 1) : path;
}

static bool read_file(ConfigReader *reader, Str path, Value **ret_value, Error *err)
{
	Arena *arena = reader->site->arena;
	const char *name = arena_to_c(arena, path);
	Parse parse = parser_of(path_extension(path_base(path)));
	Str text;

	if (!file_read(name, LIMIT_CONFIG_BYTES, arena, &text, err) || !parse(text, name, 1, arena, ret_value, err)) {
		if (err && err->code != ERROR_IO)
			err->code = ERROR_SITE;
		return false;
	}
	if ((*ret_value)->kind != VALUE_MAP)
		return error_at(err, ERROR_SITE, name, 1, "is no map of keys and values", "write it as `key: value`");
	hugo_cast_values(*ret_value, parse == json_parse ? SCALARS_JSON
	                             : parse == yaml_parse && reader->version < HUGO_VERSION(152, 0) ? SCALARS_YAML_1_1
	                                                                                            : SCALARS_PLAIN, arena);
	reader->hash = hash_more(hash_more(reader->hash, below_root(reader->site, path)), text);
	return true;
}

/* --- Folders of configuration ------------------------------------------------------------------ */

static Value *below(Str key, Value *value, Arena *arena)
{
	Value *map = value_new_map(arena);

	value_set(arena, map, key, value);
	return map;
}

/* From 0.162 on `params.yaml` may have all its keys below `params`. */
static Value *unwrap(const ConfigReader *reader, Value *value, Str key)
{
	bool is_wrapped = reader->version >= HUGO_VERSION(162, 0) && value->map.n == 1 &&
	                  str_equal_nocase(value->map.entries[0].key, key) &&
	                  value->map.entries[0].value->kind == VALUE_MAP;

	return is_wrapped ? value->map.entries[0].value : value;
}

/*
 * Where the keys of a file belong: `params.yaml` below `params`, `params.de.yaml` below
 * `languages.de.params`, `languages.de.toml` below `languages.de`; `hugo.toml` where they are.
 */
static Value *place(const ConfigReader *reader, Str file, Value *value)
{
	Arena *arena = reader->site->arena;
	Str base = path_base(file), name = str_slice(base, 0, base.len - path_extension(base).len - 1);
	size_t dot = str_find_char(name, '.');
	Str key = str_slice(name, 0, dot), lang = dot == STR_NOT_FOUND ? STR_EMPTY : str_from(name, dot + 1);
	bool is_root = str_equal_nocase(key, STR("hugo")) || str_equal_nocase(key, STR("config"));
	bool is_part = str_equal_nocase(key, STR("params")) || str_equal_nocase(key, STR("menu")) ||
	               str_equal_nocase(key, STR("menus"));

	if (str_equal_nocase(key, STR("menu")))
		key = STR("menus");
	if (!is_root)
		value = unwrap(reader, value, key);
	if (lang.len ? is_part : !is_root)
		value = below(key, value, arena);
	return lang.len ? below(STR("languages"), below(lang, value, arena), arena) : value;
}

static bool read_folder(ConfigReader *reader, const char *name, Value **config, Error *err)
{
	Arena *arena = reader->site->arena;
	Str folder = path_join(arena, path_join(arena, str_from_c(reader->site->root), STR("config")), str_from_c(name));
	FileList files = { 0 };
	bool is_read = true;

	if (!is_there(folder, arena))
		return true;
	is_read = list_files(arena_to_c(arena, folder), arena, NULL, NULL, NULL, &files, err);
	file_list_sort(&files);
	for (size_t i = 0; is_read && i < files.n; i++) {
		Value *value;

		if (!parser_of(path_extension(path_base(files.items[i].path))))
			continue;
		is_read = read_file(reader, path_join(arena, folder, files.items[i].path), &value, err);
		if (is_read)
			*config = value_merge(arena, *config, place(reader, files.items[i].path, value));
	}
	vec_deinit(&files);
	return is_read;
}

static bool read_root_file(ConfigReader *reader, Value **config, Error *err)
{
	Arena *arena = reader->site->arena;

	for (size_t i = 0; i < ARRAY_SIZE(root_names); i++) {
		Str path = path_join(arena, str_from_c(reader->site->root), str_from_c(root_names[i]));

		if (is_there(path, arena))
			return read_file(reader, path, config, err);
	}
	return true;
}

bool hugo_read_config(Site *site, uint32_t version, Value **ret_config, uint64_t *ret_hash, Error *err)
{
	ConfigReader reader = { site, version, 0 };
	Value *config = value_new_map(site->arena);

	if (!read_root_file(&reader, &config, err) || !read_folder(&reader, "_default", &config, err) ||
	    !read_folder(&reader, "production", &config, err))
		return false;
	*ret_config = config;
	*ret_hash = reader.hash;
	return true;
}
