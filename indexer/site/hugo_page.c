/* One page by Hugo's rules: cascade, dates, published or not, terms. docs/hugo.md, sections 3 to 6 and 8. */
#include "hugo.h"

#include "blogsearch/file.h"
#include "read_metadata.h"

/* --- Cascade ------------------------------------------------------------------------------------------- */

/* `*` stands for anything but a slash, `**` for anything. */
static bool glob_matches(Str pattern, Str path)
{
	size_t p = 0, s = 0, star = STR_NOT_FOUND, mark = 0;
	bool is_deep = false;

	while (s < path.len) {
		if (p < pattern.len && pattern.data[p] == '*') {
			is_deep = p + 1 < pattern.len && pattern.data[p + 1] == '*';
			p += 1 + is_deep;
			star = p;
			mark = s;
		} else if (p < pattern.len && (pattern.data[p] == path.data[s] || pattern.data[p] == '?')) {
			p++;
			s++;
		} else if (star != STR_NOT_FOUND && (is_deep || path.data[mark] != '/')) {
			p = star;
			s = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.data[p] == '*')
		p++;
	return p == pattern.len;
}

static bool is_targeted(const Value *cascade, const SourceFile *source, Arena *arena)
{
	const Value *target = value_get(cascade, STR("_target"));
	Str path, kind, lang, own = source->is_bundle || source->kind != PAGE_PAGE
		                            ? source->folder
		                            : path_join(arena, source->folder, source->stem);

	if (!target)
		target = value_get(cascade, STR("target"));
	path = value_text(value_get(target, STR("path")));
	kind = value_text(value_get(target, STR("kind")));
	lang = value_text(value_get(target, STR("lang")));
	return (!path.len || glob_matches(path, arena_concat(arena, STR("/"), own))) &&
	       (!kind.len || glob_matches(kind, page_kind_name(source->kind))) &&
	       (!lang.len || glob_matches(lang, source->lang));
}

static const Value *apply_cascade(const Hugo *hugo, const Value *cascade, const SourceFile *source, const Value *under,
                                  Arena *arena)
{
	if (!cascade)
		return under;
	if (cascade->kind == VALUE_MAP) {
		/* A single map applied to all up to 0.122, whatever its target said. */
		bool applies = hugo->version < HUGO_VERSION(123, 0) || is_targeted(cascade, source, arena);

		return applies ? value_merge(arena, under, cascade) : under;
	}
	for (size_t i = 0; cascade->kind == VALUE_LIST && i < cascade->list.n; i++)
		if (is_targeted(cascade->list.items[i], source, arena))
			under = value_merge(arena, under, cascade->list.items[i]);
	return under;
}

const Value *hugo_front(const Hugo *hugo, const SourceFile *source, const Value *own, Arena *arena)
{
	const HugoLanguage *language = hugo_language(hugo, source->lang);
	const Value *front = value_new_map(arena);
	Str folder = source->folder;

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
	return value_merge(arena, front, own);
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

static ZonedTime default_date(const Value *front, DateKind kind)
{
	ZonedTime time;

	for (size_t i = 0; i < ARRAY_SIZE(date_names[kind]) && date_names[kind][i]; i++)
		if (parse_date_value(value_get(front, str_from_c(date_names[kind][i])), &time))
			return time;
	return ZONED_NONE;
}

static ZonedTime configured_date(const Value *front, DateKind kind, const Value *sources, Str name, int64_t mtime_ns,
                                 Str *slug_of_name)
{
	for (size_t i = 0; i < sources->list.n; i++) {
		Str source = value_text(sources->list.items[i]), slug;
		ZonedTime time = ZONED_NONE;

		if (str_equal_nocase(source, STR(":default"))) {
			time = default_date(front, kind);
		} else if (str_equal_nocase(source, STR(":filename"))) {
			if (parse_date_in_name(name, &time, &slug) && slug_of_name)
				*slug_of_name = slug;
		} else if (str_equal_nocase(source, STR(":fileModTime"))) {
			time = (ZonedTime){ mtime_ns / 1000000000, 0 };
		} else if (!parse_date_value(value_get(front, source), &time)) {
			time = ZONED_NONE;
		}
		if (time.utc != TIME_NONE)
			return time;
	}
	return ZONED_NONE;
}

HugoDates hugo_dates(const Hugo *hugo, const Value *front, Str name, int64_t mtime_ns)
{
	const Value *settings = value_get(hugo->config, STR("frontmatter"));
	HugoDates dates = { ZONED_NONE, ZONED_NONE, ZONED_NONE, ZONED_NONE, STR_EMPTY };
	ZonedTime *const times[] = { &dates.date, &dates.publish, &dates.lastmod, &dates.expiry };

	for (DateKind kind = DATE_DATE; kind <= DATE_EXPIRY; kind++) {
		const Value *sources = value_get(settings, str_from_c(date_keys[kind]));

		*times[kind] = sources && sources->kind == VALUE_LIST
		                       ? configured_date(front, kind, sources, name, mtime_ns,
		                                         kind == DATE_DATE ? &dates.slug_of_name : NULL)
		                       : default_date(front, kind);
	}
	/* `publishDate` falls back to `date`, wherever that came from. */
	if (dates.publish.utc == TIME_NONE)
		dates.publish = dates.date;
	if (dates.lastmod.utc == TIME_NONE)
		dates.lastmod = dates.date;
	return dates;
}

/* --- Published or not ------------------------------------------------------------------------------------ */

static bool is_yes(const Hugo *hugo, const Value *value)
{
	Str text = value_text(value);

	if (value && value->kind == VALUE_STRING && hugo->version < HUGO_VERSION(152, 0) && !value->is_quoted &&
	    (str_equal_nocase(text, STR("yes")) || str_equal_nocase(text, STR("on")) || str_equal_nocase(text, STR("y"))))
		return true;
	return value_bool(value, false);
}

static bool is_draft(const Hugo *hugo, const Value *front)
{
	const Value *draft = value_get(front, STR("draft")), *published = value_get(front, STR("published"));

	if (draft)
		return is_yes(hugo, draft);
	return published && published->kind == VALUE_BOOL && !published->boolean;
}

bool hugo_is_left_out(const Site *site, const Value *front, Str name)
{
	const Hugo *hugo = site->inside;
	HugoDates dates = hugo_dates(hugo, front, name, 0);

	return (!hugo->builds_drafts && is_draft(hugo, front)) ||
	       (!hugo->builds_future && dates.publish.utc != TIME_NONE && dates.publish.utc > site->now) ||
	       (!hugo->builds_expired && dates.expiry.utc != TIME_NONE && dates.expiry.utc < site->now);
}

/* `build: {render: never}` (once `_build`) and `headless: true` make no page. */
static bool is_not_rendered(const SourceFile *source, const Value *front)
{
	const Value *build = value_get(front, STR("build"));
	Str render;

	if (!build)
		build = value_get(front, STR("_build"));
	render = value_text(value_get(build, STR("render")));
	return str_equal_nocase(render, STR("never")) || str_equal_nocase(render, STR("false")) ||
	       str_equal_nocase(render, STR("link")) ||
	       (source->is_bundle && value_bool(value_get(front, STR("headless")), false));
}

/* Up to 0.122 a section that is left out took everything below with it. */
static bool is_below_left_out(const Hugo *hugo, const SourceFile *source)
{
	Str folder = source->folder;

	if (hugo->version >= HUGO_VERSION(123, 0))
		return false;
	for (;;) {
		const HugoSection *section = hugo_section(hugo, source->lang, folder);

		if (section && section->is_left_out)
			return true;
		if (!folder.len)
			return false;
		folder = path_folder(folder);
	}
}

static bool is_disabled_kind(const Hugo *hugo, PageKind kind)
{
	const Value *kinds = value_get(hugo->config, STR("disableKinds"));

	for (size_t i = 0; kinds && kinds->kind == VALUE_LIST && i < kinds->list.n; i++)
		if (str_equal_nocase(value_text(kinds->list.items[i]), page_kind_name(kind)))
			return true;
	return false;
}

/* --- Terms ------------------------------------------------------------------------------------------------ */

/* From 0.123 on a user's own keys may stand below `params`. */
static const Value *front_key(const Hugo *hugo, const Value *front, Str key)
{
	const Value *value = value_get(front, key);

	return value || hugo->version < HUGO_VERSION(123, 0) ? value : value_get(value_get(front, STR("params")), key);
}

static void add_terms(const Site *site, const Value *values, const HugoTaxonomy *taxonomy, bool is_declared,
                      const HugoLanguage *language, TermList *list)
{
	const Hugo *hugo = site->inside;
	Str *names;
	size_t n = value_texts(values, list->arena, &names);

	for (size_t i = 0; i < n; i++) {
		Str key = hugo_make_path(hugo, names[i], list->arena);

		term_add(list, (DocumentTerm){
			.facet = taxonomy->singular, .name = names[i], .slug = key,
			.relurl = is_declared && key.len ? hugo_term_url(site, language, taxonomy, key, list->arena) : STR_EMPTY,
		});
	}
}

static bool is_declared(const HugoLanguage *language, Str plural)
{
	for (size_t i = 0; i < language->n_taxonomies; i++)
		if (str_equal(language->taxonomies[i].plural, plural))
			return true;
	return false;
}

/* The site's taxonomies, then `series` and `author`, which are facets whether declared or not. */
static void read_terms(const Site *site, const SourceFile *source, const Value *front, Arena *arena, Document *document)
{
	static const HugoTaxonomy series = { STR_INIT("series"), STR_INIT("series") };
	static const HugoTaxonomy authors = { STR_INIT("author"), STR_INIT("authors") };
	const Hugo *hugo = site->inside;
	const HugoLanguage *language = hugo_language(hugo, source->lang);
	TermList list = { .arena = arena };

	for (size_t i = 0; i < language->n_taxonomies; i++)
		add_terms(site, front_key(hugo, front, language->taxonomies[i].plural), &language->taxonomies[i], true,
		          language, &list);
	if (!is_declared(language, series.plural))
		add_terms(site, front_key(hugo, front, series.plural), &series, false, language, &list);
	if (!is_declared(language, authors.plural)) {
		add_terms(site, front_key(hugo, front, authors.plural), &authors, false, language, &list);
		add_terms(site, front_key(hugo, front, authors.singular), &authors, false, language, &list);
	}
	document->terms = list.terms;
	document->n_terms = list.n;
}

/* --- The page ----------------------------------------------------------------------------------------------- */

/* `_index.md` without a title: the site's, the folder's or the term's name. */
static Str list_title(const Site *site, const SourceFile *source)
{
	const HugoLanguage *language = hugo_language(site->inside, source->lang);

	return source->kind == PAGE_HOME ? (language->title.len ? language->title : site->title) : path_base(source->folder);
}

bool hugo_describe(const Site *site, const SourceFile *source, const SplitPage *page, Arena *arena, Document *document,
                   PageFate *ret_fate, Error *err)
{
	const Hugo *hugo = site->inside;
	const Value *front = hugo_front(hugo, source, page->front, arena);
	Str name = source->is_bundle ? path_base(source->folder) : source->stem, type;
	HugoDates dates = hugo_dates(hugo, front, name, source->mtime_ns);
	Str folder = source->is_bundle ? path_folder(source->folder) : source->folder;

	(void)err;
	*ret_fate = PAGE_LEFT_OUT;
	if (hugo_is_left_out(site, front, name) || is_not_rendered(source, front) || is_below_left_out(hugo, source) ||
	    is_disabled_kind(hugo, source->kind) || is_opted_out(front))
		return true;
	*ret_fate = PAGE_PUBLISHED;
	document->title = value_text(value_get(front, STR("title")));
	document->relurl = hugo_page_url(site, source, front, &dates, document->title, arena);
	document->url = absolute_url(site->base_url, document->relurl, arena);
	read_metadata(front, document->relurl, site->base_url, source->image, arena, document);
	if (!document->title.len && source->kind != PAGE_PAGE)
		document->title = list_title(site, source);
	document->published = dates.date.utc;
	document->updated = dates.lastmod.utc != dates.date.utc ? dates.lastmod.utc : TIME_NONE;
	document->expires = dates.expiry.utc;
	document->section = str_slice(folder, 0, str_find_char(folder, '/'));
	type = value_text(value_get(front, STR("type")));
	document->type = type.len ? type : document->section.len ? document->section : STR("page");
	read_terms(site, source, front, arena, document);
	return true;
}
