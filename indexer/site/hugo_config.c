/* Hugo's configuration: one root file, the folders of config/ over it, keys whatever their case. */
#include <sys/stat.h>

#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"
#include "hugo.h"

typedef bool (*Parse)(Str text, const char *name, unsigned first_line, Arena *arena, Value **ret_value, Error *err);

typedef struct ConfigReader {
	Site *site;
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
	reader->hash = hash_more(reader->hash, text);
	return true;
}

/* --- Folders of configuration ------------------------------------------------------------------ */

/* Where the keys of a file belong: `params.yaml` below `params`, `languages.de.toml` below `languages.de`. */
static Value *place(Str file, Value *value, Arena *arena)
{
	Str base = path_base(file), name = str_slice(base, 0, base.len - path_extension(base).len - 1), key = name, lang;
	size_t dot = str_find_char(name, '.');
	Value *outer = value_new_map(arena), *inner;

	lang = dot == STR_NOT_FOUND ? STR_EMPTY : str_from(name, dot + 1);
	key = str_slice(name, 0, dot);
	if (str_equal_nocase(key, STR("menu")))
		key = STR("menus");
	inner = value;
	if (!str_equal_nocase(key, STR("hugo")) && !str_equal_nocase(key, STR("config")) &&
	    !(lang.len && str_equal_nocase(key, STR("languages")))) {
		inner = value_new_map(arena);
		value_set(arena, inner, key, value);
	}
	if (!lang.len)
		return inner;
	if (!str_equal_nocase(key, STR("params")) && !str_equal_nocase(key, STR("menus")))
		inner = value;
	else
		inner = value_new_map(arena), value_set(arena, inner, key, value);
	value_set(arena, outer, lang, inner);
	inner = outer;
	outer = value_new_map(arena);
	value_set(arena, outer, STR("languages"), inner);
	return outer;
}

static bool read_folder(ConfigReader *reader, const char *name, Value **config, Error *err)
{
	Arena *arena = reader->site->arena;
	Str folder = path_join(arena, path_join(arena, str_from_c(reader->site->root), STR("config")), str_from_c(name));
	FileList files = { 0 };
	bool is_read = true;

	if (!is_there(folder, arena))
		return true;
	is_read = list_files(arena_to_c(arena, folder), arena, NULL, NULL, &files, err);
	for (size_t i = 0; is_read && i < files.n; i++) {
		Value *value;

		if (!parser_of(path_extension(path_base(files.items[i].path))))
			continue;
		is_read = read_file(reader, path_join(arena, folder, files.items[i].path), &value, err);
		if (is_read)
			*config = value_merge(arena, *config, place(files.items[i].path, value, arena));
	}
	vec_deinit(&files);
	return is_read;
}

static bool read_config(ConfigReader *reader, Value **ret_config, Error *err)
{
	Arena *arena = reader->site->arena;
	Value *config = value_new_map(arena);

	for (size_t i = 0; i < ARRAY_SIZE(root_names); i++) {
		Str path = path_join(arena, str_from_c(reader->site->root), str_from_c(root_names[i]));

		if (!is_there(path, arena))
			continue;
		if (!read_file(reader, path, &config, err))
			return false;
		break;
	}
	*ret_config = config;
	return read_folder(reader, "_default", ret_config, err) && read_folder(reader, "production", ret_config, err);
}

/* --- What it says --------------------------------------------------------------------------------- */

/* YAML 1.1's booleans, as Hugo read them up to 0.151. */
static bool truth(const Hugo *hugo, const Value *value)
{
	static const char *const words[] = { "yes", "on", "y" };
	Str text = value_text(value);

	for (size_t i = 0; value && value->kind == VALUE_STRING && !value->is_quoted &&
	                   hugo->version < HUGO_VERSION(152, 0) && i < ARRAY_SIZE(words); i++)
		if (str_equal_nocase(text, str_from_c(words[i])))
			return true;
	return value_bool(value, false);
}

static void read_taxonomies(const Value *config, HugoLanguage *language, Arena *arena)
{
	static const HugoTaxonomy defaults[] = { { STR_INIT("tag"), STR_INIT("tags") },
		                                 { STR_INIT("category"), STR_INIT("categories") } };
	const Value *declared = value_get(config, STR("taxonomies"));
	size_t n = declared && declared->kind == VALUE_MAP ? declared->map.n : 0;

	language->taxonomies = arena_new_n(arena, HugoTaxonomy, n + ARRAY_SIZE(defaults));
	if (!declared) {
		memcpy(language->taxonomies, defaults, sizeof(defaults));
		language->n_taxonomies = ARRAY_SIZE(defaults);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		Str plural = value_text(declared->map.entries[i].value);

		if (plural.len)
			language->taxonomies[language->n_taxonomies++] =
				(HugoTaxonomy){ text_fold_dup(declared->map.entries[i].key, arena),
				                text_fold_dup(plural, arena) };
	}
}

static void read_language(Site *site, Hugo *hugo, Str key, const Value *own, HugoLanguage *language)
{
	Arena *arena = site->arena;
	Str default_key = site->default_lang;
	bool in_subdir = truth(hugo, value_get(hugo->config, STR("defaultContentLanguageInSubdir")));
	Str lower = text_fold_dup(key, arena), title;

	*language = (HugoLanguage){ .key = lower, .config = value_merge(arena, hugo->config, own) };
	title = value_text(value_get(language->config, STR("title")));
	language->title = title;
	language->is_disabled = truth(hugo, value_get(own, STR("disabled")));
	if (!str_equal(lower, default_key) || in_subdir)
		language->prefix = arena_concat(arena, STR("/"), lower);
	read_taxonomies(language->config, language, arena);
}

static bool is_in_list(const Value *list, Str text)
{
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.n; i++)
		if (str_equal_nocase(value_text(list->list.items[i]), text))
			return true;
	return false;
}

static void read_languages(Site *site, Hugo *hugo)
{
	const Value *declared = value_get(hugo->config, STR("languages"));
	size_t n = declared && declared->kind == VALUE_MAP ? declared->map.n : 0;

	hugo->languages = arena_new_n(site->arena, HugoLanguage, n + 1);
	for (size_t i = 0; i < n; i++) {
		Str key = declared->map.entries[i].key;
		HugoLanguage *language = &hugo->languages[hugo->n_languages++];

		read_language(site, hugo, key, declared->map.entries[i].value, language);
		language->is_disabled = language->is_disabled ||
		                        is_in_list(value_get(hugo->config, STR("disableLanguages")), key);
	}
	if (!hugo_language(hugo, site->default_lang))
		read_language(site, hugo, site->default_lang, value_new_map(site->arena),
		              &hugo->languages[hugo->n_languages++]);
}

static void add_root(Hugo *hugo, Str folder, Str target, Str lang)
{
	hugo->roots[hugo->n_roots++] = (HugoRoot){ folder, target, lang };
}

/* Mounts on `content` replace the folder of that name altogether. */
static void read_mounts(Site *site, Hugo *hugo, const Value *mounts)
{
	for (size_t i = 0; i < mounts->list.n; i++) {
		const Value *mount = mounts->list.items[i];
		Str source = value_text(value_get(mount, STR("source")));
		Str target = value_text(value_get(mount, STR("target")));
		Str lang = value_text(value_get(mount, STR("lang")));

		if (str_equal(target, STR("content")))
			add_root(hugo, source, STR_EMPTY, text_fold_dup(lang, site->arena));
		else if (str_starts_with(target, STR("content/")))
			add_root(hugo, source, str_from(target, 8), text_fold_dup(lang, site->arena));
	}
}

static void read_roots(Site *site, Hugo *hugo)
{
	const Value *mounts = value_path(hugo->config, "module.mounts");
	Str folder = site->options->content ? str_from_c(site->options->content)
	                                    : value_text(value_get(hugo->config, STR("contentDir")));
	bool has_default = false;

	hugo->roots = arena_new_n(site->arena, HugoRoot,
	                          (mounts && mounts->kind == VALUE_LIST ? mounts->list.n : 0) + hugo->n_languages + 1);
	if (mounts && mounts->kind == VALUE_LIST && !site->options->content)
		read_mounts(site, hugo, mounts);
	if (hugo->n_roots)
		return;
	for (size_t i = 0; i < hugo->n_languages; i++) {
		const Value *own = value_get(value_get(hugo->config, STR("languages")), hugo->languages[i].key);
		Str own_folder = value_text(value_get(own, STR("contentDir")));

		if (own_folder.len)
			add_root(hugo, own_folder, STR_EMPTY, hugo->languages[i].key);
		has_default = has_default || !own_folder.len;
	}
	if (has_default)
		add_root(hugo, folder.len ? folder : STR("content"), STR_EMPTY, STR_EMPTY);
}

/* "https://example.org/sub/" → "/sub". */
static Str path_of_url(Str url)
{
	size_t scheme = str_find(url, STR("://"));
	Str rest = scheme == STR_NOT_FOUND ? url : str_from(url, scheme + 3);
	size_t slash = str_find_char(rest, '/');

	rest = slash == STR_NOT_FOUND ? STR_EMPTY : str_from(rest, slash);
	while (rest.len && rest.data[rest.len - 1] == '/')
		rest.len--;
	return rest;
}

static void read_facets(Site *site, const Hugo *hugo)
{
	size_t n = 0;

	for (size_t i = 0; i < hugo->n_languages; i++)
		n += hugo->languages[i].n_taxonomies;
	site->facets = arena_new_n(site->arena, StoreFacet, n);
	for (size_t i = 0; i < hugo->n_languages; i++)
		for (size_t j = 0; j < hugo->languages[i].n_taxonomies; j++) {
			const HugoTaxonomy *taxonomy = &hugo->languages[i].taxonomies[j];
			bool is_known = false;

			for (size_t k = 0; k < site->n_facets; k++)
				is_known = is_known || str_equal(site->facets[k].name, taxonomy->singular);
			if (!is_known)
				site->facets[site->n_facets++] = (StoreFacet){ taxonomy->singular, taxonomy->plural };
		}
}

/* "0.111.3" → HUGO_VERSION(111, 3). */
static bool read_version(const char *text, uint32_t *ret_version, Error *err)
{
	Str rest = str_from_c(text), part;
	uint64_t numbers[3] = { 0 };

	if (!text || str_equal(rest, STR("newest"))) {
		*ret_version = HUGO_NEWEST;
		return true;
	}
	for (size_t i = 0; str_split_next(&rest, '.', &part); i++)
		if (i >= 3 || !str_to_u64(part, &numbers[i]) || numbers[i] > 9999) {
			error_set(err, ERROR_USAGE, "\"%s\" is no version of Hugo's", text);
			return error_hint(err, "write it like 0.111.3");
		}
	*ret_version = (uint32_t)(numbers[0] * 1000000 + numbers[1] * 1000 + numbers[2]);
	return true;
}

static MarkdownOptions hugo_markdown(const Site *site, const SourceFile *source)
{
	const Hugo *hugo = site->inside;
	Str style = value_text(value_path(hugo->config, "markup.goldmark.parser.autoHeadingIDType"));
	const Value *enabled = value_path(hugo->config, "markup.goldmark.parser.autoHeadingID");
	MarkdownOptions options = {
		.keeps_html = value_bool(value_path(hugo->config, "markup.goldmark.renderer.unsafe"), false),
		.has_shortcodes = true, .hugo_version = hugo->version,
	};

	(void)source;
	options.heading_ids = str_equal_nocase(style, STR("github-ascii")) ? HEADING_ID_GITHUB_ASCII
	                      : str_equal_nocase(style, STR("blackfriday")) ? HEADING_ID_BLACKFRIDAY : HEADING_ID_GITHUB;
	if (!value_bool(enabled, true))
		options.heading_ids = HEADING_ID_NONE;
	return options;
}

bool site_open_hugo(Site *site, Error *err)
{
	static const SiteType type = { hugo_list, hugo_describe, hugo_markdown };
	Hugo *hugo = arena_new(site->arena, Hugo);
	ConfigReader reader = { site, 0 };
	const IndexOptions *options = site->options;
	Value *config;
	Str lang;

	site->type = &type;
	site->inside = hugo;
	if (!read_version(options->hugo_version, &hugo->version, err) || !read_config(&reader, &config, err))
		return false;
	hugo->config = config;
	site->base_url = options->base_url ? str_from_c(options->base_url) : value_text(value_get(config, STR("baseURL")));
	site->title = value_text(value_get(config, STR("title")));
	lang = value_text(value_get(config, STR("defaultContentLanguage")));
	site->default_lang = text_fold_dup(lang.len ? lang : STR("en"), site->arena);
	hugo->base_path = path_of_url(site->base_url);
	hugo->builds_drafts = options->drafts || truth(hugo, value_get(config, STR("buildDrafts")));
	hugo->builds_future = options->future || truth(hugo, value_get(config, STR("buildFuture")));
	hugo->builds_expired = options->expired || truth(hugo, value_get(config, STR("buildExpired")));
	hugo->removes_accents = truth(hugo, value_get(config, STR("removePathAccents")));
	hugo->keeps_case = truth(hugo, value_get(config, STR("disablePathToLower")));
	read_languages(site, hugo);
	read_roots(site, hugo);
	read_facets(site, hugo);
	site->fingerprint = hash_number(reader.hash, hugo->version);
	return true;
}

const HugoLanguage *hugo_language(const Hugo *hugo, Str key)
{
	for (size_t i = 0; i < hugo->n_languages; i++)
		if (str_equal_nocase(hugo->languages[i].key, key))
			return &hugo->languages[i];
	return NULL;
}

static Str section_key(Str lang, Str folder, Arena *arena)
{
	return arena_printf(arena, "%.*s\n%.*s", STR_ARG(lang), STR_ARG(folder));
}

const HugoSection *hugo_section(const Hugo *hugo, Str lang, Str folder)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	const MapEntry *entry = map_get(&hugo->sections, section_key(lang, folder, &arena));

	return entry ? (const HugoSection *)(uintptr_t)entry->value : NULL;
}

void hugo_set_section(Hugo *hugo, Str lang, Str folder, const HugoSection *section, Arena *arena)
{
	map_put(&hugo->sections, section_key(lang, folder, arena), NULL)->value = (uintptr_t)section;
}
