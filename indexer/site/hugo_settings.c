/* What Hugo's configuration means: languages, folders of content, taxonomies, switches. docs/hugo.md, sections 1 and 2. */
#include <regex.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/text.h"
#include "hugo.h"
#include "read_metadata.h"

bool hugo_truth(const Value *config, const char *path)
{
	return value_bool(value_path(config, path), false);
}

/* --- Languages --------------------------------------------------------------------------------------- */

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
				(HugoTaxonomy){ text_lower_dup(declared->map.entries[i].key, arena), text_lower_dup(plural, arena) };
	}
}

/* "https://example.org/sub/" and "//example.org/sub/" → "/sub". */
static Str path_of_url(Str url)
{
	size_t scheme = str_find(url, STR("://"));
	Str rest = scheme != STR_NOT_FOUND ? str_from(url, scheme + 3) : url;
	size_t slash;

	if (str_starts_with(rest, STR("//")))
		rest = str_from(rest, 2);
	slash = str_find_char(rest, '/');

	rest = slash == STR_NOT_FOUND ? STR_EMPTY : str_from(rest, slash);
	while (rest.len && rest.data[rest.len - 1] == '/')
		rest.len--;
	return rest;
}

static bool read_zone(Site *site, HugoLanguage *language, Error *err)
{
	Str name = value_text(value_get(language->config, STR("timeZone")));

	if (time_zone_load(name, site->arena, &language->zone, err))
		return true;
	if (err)
		err->code = ERROR_SITE;
	return error_place(err, site->root, 0, 0);
}

/* As it stands there; a relative one (//host/sub/) has a path that counts all the same. */
static Str configured_base_url(const Site *site, const Hugo *hugo)
{
	if (site->options->base_url)
		return str_from_c(site->options->base_url);
	return value_text(value_get(hugo->config, STR("baseURL")));
}

static bool read_language(Site *site, Hugo *hugo, Str key, const Value *own, HugoLanguage *language, Error *err)
{
	Str base_url = site->options->base_url ? STR_EMPTY : value_text(value_get(own, STR("baseURL")));
	Str lower = text_lower_dup(key, site->arena);

	*language = (HugoLanguage){ .key = lower, .config = value_merge(site->arena, hugo->config, own) };
	language->title = value_text(value_get(language->config, STR("title")));
	language->is_disabled = hugo_truth(own, "disabled");
	base_url = base_url.len ? base_url : configured_base_url(site, hugo);
	language->base_url = base_url_of(base_url, site->arena);
	language->base_path = path_of_url(base_url);
	language->prefix = arena_concat(site->arena, STR("/"), lower);
	read_taxonomies(language->config, language, site->arena);
	return read_zone(site, language, err);
}

static bool is_in_list(const Value *list, Str text)
{
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.n; i++)
		if (str_equal_nocase(value_text(list->list.items[i]), text))
			return true;
	return false;
}

/* With a base URL of its own in every language none has a prefix, nor has the only language. */
static bool has_prefixes(const Hugo *hugo, const Value *declared)
{
	for (size_t i = 0; i < hugo->n_languages; i++)
		if (!value_get(value_get(declared, hugo->languages[i].key), STR("baseURL")))
			return hugo->n_languages > 1;
	return false;
}

static void settle_prefixes(const Site *site, Hugo *hugo, const Value *declared)
{
	bool has_all = hugo_truth(hugo->config, "defaultContentLanguageInSubdir");
	bool has_any = has_prefixes(hugo, declared);

	for (size_t i = 0; i < hugo->n_languages; i++)
		if (!has_any || (!has_all && str_equal(hugo->languages[i].key, site->default_lang)))
			hugo->languages[i].prefix = STR_EMPTY;
}

static bool read_languages(Site *site, Hugo *hugo, Error *err)
{
	const Value *declared = value_get(hugo->config, STR("languages"));
	size_t n = declared && declared->kind == VALUE_MAP ? declared->map.n : 0;

	hugo->languages = arena_new_n(site->arena, HugoLanguage, n + 1);
	for (size_t i = 0; i < n; i++) {
		Str key = declared->map.entries[i].key;
		HugoLanguage *language = &hugo->languages[hugo->n_languages++];

		if (!read_language(site, hugo, key, declared->map.entries[i].value, language, err))
			return false;
		language->is_disabled = language->is_disabled ||
		                        is_in_list(value_get(hugo->config, STR("disableLanguages")), key);
	}
	if (!hugo_language(hugo, site->default_lang) &&
	    !read_language(site, hugo, site->default_lang, value_new_map(site->arena),
	                   &hugo->languages[hugo->n_languages++], err))
		return false;
	settle_prefixes(site, hugo, declared);
	return true;
}

const HugoLanguage *hugo_language(const Hugo *hugo, Str key)
{
	for (size_t i = 0; i < hugo->n_languages; i++)
		if (str_equal_nocase(hugo->languages[i].key, key))
			return &hugo->languages[i];
	return NULL;
}

const HugoTaxonomy *hugo_taxonomy_of_folder(const HugoLanguage *language, Str folder, Str *ret_term)
{
	for (size_t i = 0; language && i < language->n_taxonomies; i++) {
		Str plural = language->taxonomies[i].plural;

		if (!str_starts_with_nocase(folder, plural) || (folder.len > plural.len && folder.data[plural.len] != '/'))
			continue;
		*ret_term = str_from(folder, plural.len + 1);
		return &language->taxonomies[i];
	}
	return NULL;
}

/* --- Folders of content -------------------------------------------------------------------------------- */

typedef VEC(HugoRoot) HugoRoots;

/* Without a slash at its end or `./` before it. */
static Str tidy_folder(Str folder)
{
	while (str_starts_with(folder, STR("./")))
		folder = str_from(folder, 2);
	while (folder.len > 1 && folder.data[folder.len - 1] == '/')
		folder.len--;
	return folder;
}

static void add_root(HugoRoots *roots, Str folder, Str target, Str lang, bool is_optional)
{
	vec_push(roots, (HugoRoot){ tidy_folder(folder), tidy_folder(target), lang, is_optional });
}

/* Mounts on `content` replace the folder of that name altogether. */
static void read_mounts(Site *site, const Value *mounts, HugoRoots *roots)
{
	for (size_t i = 0; mounts && mounts->kind == VALUE_LIST && i < mounts->list.n; i++) {
		const Value *mount = mounts->list.items[i];
		Str source = value_text(value_get(mount, STR("source")));
		Str target = tidy_folder(value_text(value_get(mount, STR("target"))));
		Str lang = text_lower_dup(value_text(value_get(mount, STR("lang"))), site->arena);

		if (str_equal(target, STR("content")))
			add_root(roots, source, STR_EMPTY, lang, true);
		else if (str_starts_with(target, STR("content/")))
			add_root(roots, source, str_from(target, 8), lang, true);
	}
}

static void read_content_folders(Site *site, const Hugo *hugo, HugoRoots *roots)
{
	Str folder = value_text(value_get(hugo->config, STR("contentDir")));
	bool has_default = false;

	for (size_t i = 0; i < hugo->n_languages; i++) {
		const Value *own = value_get(value_get(hugo->config, STR("languages")), hugo->languages[i].key);
		Str own_folder = value_text(value_get(own, STR("contentDir")));

		if (own_folder.len)
			add_root(roots, own_folder, STR_EMPTY, hugo->languages[i].key, true);
		has_default = has_default || !own_folder.len;
	}
	if (has_default)
		add_root(roots, folder.len ? folder : STR("content"), STR_EMPTY, STR_EMPTY, false);
}

static bool is_folder(const Site *site, Str folder)
{
	struct stat info;

	return stat(arena_to_c(site->arena, path_join(site->arena, str_from_c(site->root), folder)), &info) == 0 &&
	       S_ISDIR(info.st_mode);
}

/* A theme's or module's content lies under the project's, where it is in the site's folder. */
static void add_theme(Site *site, const Hugo *hugo, Str name, HugoRoots *roots)
{
	Arena *arena = site->arena;
	Str themes = value_text(value_get(hugo->config, STR("themesDir")));
	const Str places[] = { path_join(arena, themes.len ? themes : STR("themes"), name),
		               path_join(arena, STR("_vendor"), name) };

	for (size_t i = 0; name.len && i < ARRAY_SIZE(places); i++) {
		Str content = path_join(arena, places[i], STR("content"));

		if (!is_folder(site, content))
			continue;
		add_root(roots, content, STR_EMPTY, STR_EMPTY, true);
		return;
	}
}

static void read_themes(Site *site, const Hugo *hugo, HugoRoots *roots)
{
	const Value *themes = value_get(hugo->config, STR("theme")), *imports = value_path(hugo->config, "module.imports");

	add_theme(site, hugo, value_text(themes), roots);
	for (size_t i = 0; themes && themes->kind == VALUE_LIST && i < themes->list.n; i++)
		add_theme(site, hugo, value_text(themes->list.items[i]), roots);
	for (size_t i = 0; imports && imports->kind == VALUE_LIST && i < imports->list.n; i++)
		if (!hugo_truth(imports->list.items[i], "disable"))
			add_theme(site, hugo, value_text(value_get(imports->list.items[i], STR("path"))), roots);
}

static void read_roots(Site *site, Hugo *hugo)
{
	HugoRoots roots = { 0 };

	if (site->options->content) {
		add_root(&roots, str_from_c(site->options->content), STR_EMPTY, STR_EMPTY, false);
	} else {
		read_mounts(site, value_path(hugo->config, "module.mounts"), &roots);
		if (!roots.n)
			read_content_folders(site, hugo, &roots);
		read_themes(site, hugo, &roots);
	}
	hugo->n_roots = roots.n;
	hugo->roots = arena_new_n(site->arena, HugoRoot, roots.n);
	if (roots.n)
		memcpy(hugo->roots, roots.items, roots.n * sizeof(HugoRoot));
	vec_deinit(&roots);
}

/* --- The rest --------------------------------------------------------------------------------------------- */

/* Go's \d in POSIX's words; \w and \s are known to it. */
static Str posix_expression(Str pattern, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.data[i] == '\\' && i + 1 < pattern.len && pattern.data[i + 1] == 'd') {
			buf_append_c(&out, "[0-9]");
			i++;
		} else if (pattern.data[i] == '\\' && i + 1 < pattern.len) {
			buf_append(&out, str_slice(pattern, i, i + 2));
			i++;
		} else {
			buf_append_char(&out, pattern.data[i]);
		}
	}
	return arena_str_dup(arena, buf_str(&out));
}

static bool check_expression(const Site *site, Str pattern, Error *err)
{
	regex_t regex;

	if (regcomp(&regex, pattern.data, REG_EXTENDED | REG_NOSUB) == 0) {
		regfree(&regex);
		return true;
	}
	error_set(err, ERROR_SITE, "has an expression in ignoreFiles that is not understood: %.*s", STR_ARG(pattern));
	error_hint(err, "write it as a POSIX extended regular expression");
	return error_place(err, site->root, 0, 0);
}

static bool read_ignored(Site *site, Hugo *hugo, Error *err)
{
	const Value *list = value_get(hugo->config, STR("ignoreFiles"));
	Str *patterns;
	size_t n = 0;

	if (!list || (list->kind != VALUE_LIST && list->kind != VALUE_STRING))
		return true;
	hugo->ignored = arena_new_n(site->arena, Str, list->kind == VALUE_LIST ? list->list.n : 1);
	patterns = hugo->ignored;
	for (size_t i = 0; i < (list->kind == VALUE_LIST ? list->list.n : 1); i++) {
		Str pattern = value_text(list->kind == VALUE_LIST ? list->list.items[i] : list);

		if (!pattern.len)
			continue;
		patterns[n] = posix_expression(pattern, site->arena);
		if (!check_expression(site, patterns[n++], err))
			return false;
	}
	hugo->n_ignored = n;
	return true;
}

static bool value_contains(const Value *value, Str needle)
{
	if (!value)
		return false;
	for (size_t i = 0; value->kind == VALUE_LIST && i < value->list.n; i++)
		if (value_contains(value->list.items[i], needle))
			return true;
	for (size_t i = 0; value->kind == VALUE_MAP && i < value->map.n; i++)
		if (value_contains(value->map.entries[i].value, needle))
			return true;
	return str_find(value_text(value), needle) != STR_NOT_FOUND;
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
		if (i >= 3 || !str_to_u64(part, &numbers[i]) || numbers[i] > 999) {
			error_set(err, ERROR_USAGE, "\"%s\" is no version of Hugo's", text);
			return error_hint(err, "write it like 0.111.3");
		}
	*ret_version = (uint32_t)(numbers[0] * 1000000 + numbers[1] * 1000 + numbers[2]);
	return true;
}

bool hugo_read_settings(Site *site, Hugo *hugo, Error *err)
{
	const IndexOptions *options = site->options;
	const Value *config = hugo->config;
	Str lang = value_text(value_get(config, STR("defaultContentLanguage")));

	site->base_url = base_url_of(configured_base_url(site, hugo), site->arena);
	site->title = value_text(value_get(config, STR("title")));
	site->default_lang = text_lower_dup(lang.len ? lang : STR("en"), site->arena);
	/* Front matter in comments went with the new page parser. */
	site->reads_comments = hugo->version < HUGO_VERSION(123, 0);
	hugo->builds_drafts = options->drafts || hugo_truth(config, "buildDrafts");
	hugo->builds_future = options->future || hugo_truth(config, "buildFuture");
	hugo->builds_expired = options->expired || hugo_truth(config, "buildExpired");
	hugo->removes_accents = hugo_truth(config, "removePathAccents");
	hugo->keeps_case = hugo_truth(config, "disablePathToLower");
	hugo->has_section_slugs = value_contains(config, STR(":sectionslug"));
	if (!read_languages(site, hugo, err) || !read_ignored(site, hugo, err))
		return false;
	read_roots(site, hugo);
	read_facets(site, hugo);
	return true;
}

static void hugo_close(Site *site)
{
	Hugo *hugo = site->inside;

	if (!hugo)
		return;
	map_deinit(&hugo->sections);
	map_deinit(&hugo->hidden_terms);
}

bool site_open_hugo(Site *site, Error *err)
{
	static const SiteType type = { hugo_walk, hugo_list, hugo_describe, hugo_close };
	Hugo *hugo = arena_new(site->arena, Hugo);
	Value *config;
	uint64_t hash;

	site->type = &type;
	site->inside = hugo;
	if (!read_version(site->options->hugo_version, &hugo->version, err) ||
	    !hugo_read_config(site, hugo->version, &config, &hash, err))
		return false;
	hugo->config = config;
	site->fingerprint = hash_number(hash, hugo->version);
	if (!hugo_read_settings(site, hugo, err))
		return false;
	site->reads_file_times = hugo_reads_file_times(hugo);
	return true;
}

/* --- Sections ------------------------------------------------------------------------------------------------ */

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

/* --- Terms ------------------------------------------------------------------------------------------------ */

static Str hidden_key(Str lang, Str facet, Str key, Arena *arena)
{
	return arena_printf(arena, "%.*s\n%.*s\n%.*s", STR_ARG(lang), STR_ARG(facet), STR_ARG(key));
}

bool hugo_has_term_page(const Hugo *hugo, Str lang, Str facet, Str key)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	return !hugo->hidden_terms.n || (!map_get(&hugo->hidden_terms, hidden_key(lang, facet, key, &arena)) &&
	                                 !map_get(&hugo->hidden_terms, hidden_key(lang, facet, STR_EMPTY, &arena)));
}

void hugo_hide_term(Hugo *hugo, Str lang, Str facet, Str key, Arena *arena)
{
	map_put(&hugo->hidden_terms, hidden_key(lang, facet, key, arena), NULL);
}
