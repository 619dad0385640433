/* A page's front matter: cascade, dates, published or not. docs/hugo.md, sections 3 to 6. */
#include "blogsearch/file.h"
#include "blogsearch/text.h"
#include "match_glob.h"
#include "hugo.h"

/* --- Cascade ------------------------------------------------------------------------------------------- */

/* One level of braces is written out. */
static bool pattern_matches(Str pattern, Str path, Arena *arena)
{
	size_t open = str_find_char(pattern, '{'), close = str_find_char(pattern, '}');
	Str choices, choice;

	if (open == STR_NOT_FOUND || close == STR_NOT_FOUND || close < open)
		return glob_matches(pattern, path);
	choices = str_slice(pattern, open + 1, close);
	while (str_split_next(&choices, ',', &choice))
		if (glob_matches(arena_printf(arena, "%.*s%.*s%.*s", STR_ARG(str_slice(pattern, 0, open)), STR_ARG(choice),
		                              STR_ARG(str_from(pattern, close + 1))), path))
			return true;
	return false;
}

/* The path by which pages are known in the content: with a leading slash, without ending. */
static Str logical_path(const Hugo *hugo, const SourceFile *source, Arena *arena)
{
	Str path = source->is_bundle || source->kind != PAGE_PAGE ? source->folder
	                                                          : path_join(arena, source->folder, source->stem);

	path = arena_concat(arena, STR("/"), path);
	return hugo->version < HUGO_VERSION(123, 0) ? path : hugo_make_path(hugo, path, arena);
}

/* The nearest folder with an _index, else the first one. */
static Str section_folder(const Hugo *hugo, const SourceFile *source)
{
	Str folder = source->is_bundle ? path_folder(source->folder) : source->folder;

	while (folder.len && !hugo_section(hugo, source->lang, folder)) {
		Str above = path_folder(folder);

		if (!above.len)
			break;
		folder = above;
	}
	return folder;
}

/*
 * Up to 0.122 by the keys of a tree in which a section ends in a slash, and its pages are marked:
 * folders without an _index are a part of a page's name, and a section named with a digit comes
 * before the pages beside it.
 */
Str hugo_place(const Hugo *hugo, const SourceFile *source, Arena *arena)
{
	CLEANUP(buf_deinit) Buf place = BUF_INIT(BUF_NO_CEILING);
	Str path = source->is_bundle ? source->folder : path_join(arena, source->folder, source->stem), section;

	if (hugo->version >= HUGO_VERSION(123, 0))
		return logical_path(hugo, source, arena);
	section = source->kind == PAGE_PAGE ? section_folder(hugo, source) : source->folder;
	text_lower_case(section, &place);
	if (section.len)
		buf_append_char(&place, '/');
	if (source->kind == PAGE_PAGE) {
		buf_append(&place, STR("__hb_"));
		text_lower_case(section.len ? str_from(path, section.len + 1) : path, &place);
		buf_append(&place, STR("__hl_"));
	}
	return arena_str_dup(arena, buf_str(&place));
}

/* Up to 0.122 a section's path had a slash at its end. */
static bool path_matches(const Hugo *hugo, Str pattern, const SourceFile *source, Arena *arena)
{
	Str path = logical_path(hugo, source, arena);

	return pattern_matches(pattern, path, arena) ||
	       (hugo->version < HUGO_VERSION(123, 0) && source->kind != PAGE_PAGE &&
	        pattern_matches(pattern, arena_concat(arena, path, STR("/")), arena));
}

static bool is_targeted(const Hugo *hugo, const Value *cascade, const SourceFile *source, Arena *arena)
{
	const Value *target = value_get(cascade, STR("_target"));
	Str path, kind, lang, environment;

	if (!target)
		target = value_get(cascade, STR("target"));
	path = value_text(value_get(target, STR("path")));
	kind = value_text(value_get(target, STR("kind")));
	lang = value_text(value_get(target, STR("lang")));
	environment = value_text(value_get(target, STR("environment")));
	return (!path.len || path_matches(hugo, path, source, arena)) &&
	       (!kind.len || pattern_matches(kind, page_kind_name(source->kind), arena)) &&
	       (!lang.len || pattern_matches(lang, source->lang, arena)) &&
	       (!environment.len || pattern_matches(environment, STR("production"), arena));
}

/* Key by key: what @over has replaces what @under has. */
static Value *overlay(Arena *arena, const Value *under, const Value *over)
{
	Value *merged = value_new_map(arena);

	for (size_t i = 0; i < under->map.n; i++)
		value_set(arena, merged, under->map.entries[i].key, under->map.entries[i].value);
	for (size_t i = 0; over && over->kind == VALUE_MAP && i < over->map.n; i++) {
		const ValueEntry *before = value_entry(merged, over->map.entries[i].key);

		value_set(arena, merged, before ? before->key : over->map.entries[i].key, over->map.entries[i].value);
	}
	return merged;
}

static const Value *apply_cascade(const Hugo *hugo, const Value *cascade, const SourceFile *source, const Value *under,
                                  Arena *arena)
{
	if (!cascade)
		return under;
	if (cascade->kind == VALUE_MAP) {
		/* A single map applied to all up to 0.122, whatever its target said. */
		bool applies = hugo->version < HUGO_VERSION(123, 0) || is_targeted(hugo, cascade, source, arena);

		return applies ? overlay(arena, under, cascade) : under;
	}
	for (size_t i = 0; cascade->kind == VALUE_LIST && i < cascade->list.n; i++)
		if (is_targeted(hugo, cascade->list.items[i], source, arena))
			under = overlay(arena, under, cascade->list.items[i]);
	return under;
}

const Value *hugo_front(const Hugo *hugo, const SourceFile *source, const SplitPage *page, Arena *arena)
{
	const HugoLanguage *language = hugo_language(hugo, source->lang);
	const Value *front = value_new_map(arena);
	Str folder = source->folder;

	hugo_cast_values(page->front, page->format == FRONT_JSON ? SCALARS_JSON
	                              : page->format == FRONT_YAML && hugo->version < HUGO_VERSION(152, 0) ? SCALARS_YAML_1_1
	                                                                                                  : SCALARS_PLAIN, arena);
	front = apply_cascade(hugo, value_get(language->config, STR("cascade")), source, front, arena);
	/* From the home page down to the nearest. */
	for (size_t len = 0; len <= folder.len; len++) {
		const HugoSection *section;

		if (len && len < folder.len && folder.data[len] != '/')
			continue;
		section = hugo_section(hugo, source->lang, str_slice(folder, 0, len));
		if (section)
			front = apply_cascade(hugo, value_get(section->front, STR("cascade")), source, front, arena);
	}
	return overlay(arena, front, page->front);
}

const Value *hugo_front_key(const Hugo *hugo, const Value *front, Str key)
{
	const Value *value = value_get(front, key);

	return value || hugo->version < HUGO_VERSION(123, 0) ? value : value_get(value_get(front, STR("params")), key);
}

/* --- Dates ---------------------------------------------------------------------------------------------- */

typedef enum DateKind { DATE_DATE, DATE_PUBLISH, DATE_LASTMOD, DATE_EXPIRY } DateKind;

static const char *const date_names[][8] = {
	[DATE_DATE] = { "date", "publishDate", "pubdate", "published", "lastmod", "modified" },
	[DATE_PUBLISH] = { "publishDate", "pubdate", "published", "date" },
	[DATE_LASTMOD] = { "lastmod", "modified", "date", "publishDate", "pubdate", "published" },
	[DATE_EXPIRY] = { "expiryDate", "unpublishdate" },
};
static const char *const date_keys[] = { [DATE_DATE] = "date", [DATE_PUBLISH] = "publishDate",
	                                 [DATE_LASTMOD] = "lastmod", [DATE_EXPIRY] = "expiryDate" };
/* Names that stand for one another where the configuration names one of them. */
static const char *const date_aliases[][3] = {
	{ "lastmod", "modified" }, { "publishDate", "pubdate", "published" }, { "expiryDate", "unpublishdate" },
};

typedef struct DateReader {
	const Hugo *hugo;
	const TimeZone *zone;
	const Value *front;
	Str name; /* of the file or its folder */
	int64_t mtime_ns;
} DateReader;

static bool read_named(const DateReader *reader, Str name, ZonedTime *ret_time)
{
	return parse_date_value(value_get(reader->front, name), reader->zone, ret_time);
}

static ZonedTime default_date(const DateReader *reader, DateKind kind)
{
	ZonedTime time;

	for (size_t i = 0; i < ARRAY_SIZE(date_names[kind]) && date_names[kind][i]; i++)
		if (read_named(reader, str_from_c(date_names[kind][i]), &time))
			return time;
	return ZONED_NONE;
}

static ZonedTime date_by_name(const DateReader *reader, Str name)
{
	ZonedTime time;

	if (read_named(reader, name, &time))
		return time;
	for (size_t i = 0; i < ARRAY_SIZE(date_aliases); i++) {
		if (!str_equal_nocase(name, str_from_c(date_aliases[i][0])))
			continue;
		for (size_t k = 1; k < ARRAY_SIZE(date_aliases[i]) && date_aliases[i][k]; k++)
			if (read_named(reader, str_from_c(date_aliases[i][k]), &time))
				return time;
	}
	return ZONED_NONE;
}

static ZonedTime configured_date(const DateReader *reader, DateKind kind, const Value *sources, Str *slug_of_name)
{
	for (size_t i = 0; i < sources->list.n; i++) {
		Str source = value_text(sources->list.items[i]), slug;
		ZonedTime time = ZONED_NONE;

		if (str_equal_nocase(source, STR(":default"))) {
			time = default_date(reader, kind);
		} else if (str_equal_nocase(source, STR(":filename"))) {
			if (parse_date_in_name(reader->name, reader->hugo->version >= HUGO_VERSION(148, 0), reader->zone, &time,
			                       &slug) && slug_of_name)
				*slug_of_name = slug;
		} else if (str_equal_nocase(source, STR(":fileModTime"))) {
			time = (ZonedTime){ reader->mtime_ns / 1000000000, 0 };
		} else {
			time = date_by_name(reader, source);
		}
		if (time.utc != TIME_NONE)
			return time;
	}
	return ZONED_NONE;
}

HugoDates hugo_dates(const Hugo *hugo, const HugoLanguage *language, const Value *front, Str name, int64_t mtime_ns)
{
	const Value *settings = value_get(language->config, STR("frontmatter"));
	const DateReader reader = { hugo, language->zone, front, name, mtime_ns };
	HugoDates dates = { ZONED_NONE, ZONED_NONE, ZONED_NONE, ZONED_NONE, STR_EMPTY };
	ZonedTime *const times[] = { &dates.date, &dates.publish, &dates.lastmod, &dates.expiry };

	for (DateKind kind = DATE_DATE; kind <= DATE_EXPIRY; kind++) {
		const Value *sources = value_get(settings, str_from_c(date_keys[kind]));

		*times[kind] = sources && sources->kind == VALUE_LIST
		                       ? configured_date(&reader, kind, sources, kind == DATE_DATE ? &dates.slug_of_name : NULL)
		                       : default_date(&reader, kind);
	}
	return dates;
}

static bool names_file_times(const Value *sources)
{
	for (size_t i = 0; sources && sources->kind == VALUE_LIST && i < sources->list.n; i++)
		if (str_equal_nocase(value_text(sources->list.items[i]), STR(":fileModTime")))
			return true;
	return false;
}

bool hugo_reads_file_times(const Hugo *hugo)
{
	for (size_t i = 0; i < hugo->n_languages; i++)
		for (DateKind kind = DATE_DATE; kind <= DATE_EXPIRY; kind++)
			if (names_file_times(value_get(value_get(hugo->languages[i].config, STR("frontmatter")),
			                               str_from_c(date_keys[kind]))))
				return true;
	return false;
}

/* --- Published or not ------------------------------------------------------------------------------------ */

static bool is_draft(const Value *front)
{
	const Value *draft = value_get(front, STR("draft")), *published = value_get(front, STR("published"));

	if (draft)
		return value_bool(draft, false);
	return published && published->kind == VALUE_BOOL && !published->boolean;
}

PageFate hugo_fate(const Site *site, const HugoLanguage *language, const Value *front, Str name)
{
	const Hugo *hugo = site->inside;
	HugoDates dates = hugo_dates(hugo, language, front, name, 0);

	if (!hugo->builds_drafts && is_draft(front))
		return PAGE_DRAFT;
	if (!hugo->builds_future && dates.publish.utc != TIME_NONE && dates.publish.utc > site->now)
		return PAGE_FUTURE;
	return !hugo->builds_expired && dates.expiry.utc != TIME_NONE && dates.expiry.utc < site->now ? PAGE_EXPIRED
	                                                                                              : PAGE_PUBLISHED;
}

bool hugo_is_rendered(const SourceFile *source, const Value *front)
{
	const Value *build = value_get(front, STR("build"));
	Str render;

	if (!build)
		build = value_get(front, STR("_build"));
	render = value_text(value_get(build, STR("render")));
	return !(str_equal_nocase(render, STR("never")) || str_equal_nocase(render, STR("false")) ||
	         str_equal_nocase(render, STR("link")) ||
	         (source->is_bundle && value_bool(value_get(front, STR("headless")), false)));
}
