/*
 * A folder of Markdown without a generator: every Markdown file is a page, its URL its path
 * without the ending. Date and title from front matter, else the file's name and first heading.
 */
#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/text.h"
#include "parse_date.h"
#include "permalink.h"
#include "read_metadata.h"
#include "site.h"

typedef struct Listing {
	Site *site;
	Problems *problems;
} Listing;

/* The content's, below the root. */
static Str content_folder(const Site *site)
{
	return site->options->content ? str_from_c(site->options->content) : STR_EMPTY;
}

static bool is_markdown(Str extension)
{
	return str_equal_nocase(extension, STR("md")) || str_equal_nocase(extension, STR("markdown")) ||
	       str_equal_nocase(extension, STR("mdown"));
}

static void unreadable(void *context, Str path, bool is_folder, const Error *err)
{
	Listing *listing = context;

	if (is_folder || is_markdown(path_extension(path_base(path))))
		problem_add(listing->problems, path_join(listing->site->arena, content_folder(listing->site), path), err);
}

static bool is_page(Str base)
{
	return is_markdown(path_extension(base));
}

static bool plain_walk(Site *site, Problems *problems, Error *err)
{
	Listing listing = { site, problems };
	Str folder = path_join(site->arena, str_from_c(site->root), content_folder(site));

	site_make_walked(site, 1);
	return list_files(arena_to_c(site->arena, folder), site->arena, is_page, unreadable, &listing, site->walked, err);
}

static bool plain_list(Site *site, SourceFiles *ret_files, Problems *problems, Error *err)
{
	(void)problems, (void)err;
	file_list_sort(site->walked);
	VEC_FOREACH (file, site->walked) {
		Str path = file->path, base = path_base(path), extension = path_extension(base);

		if (!is_markdown(extension))
			continue;
		vec_push(ret_files, (SourceFile){
			.file = path_join(site->arena, content_folder(site), path), .path = path, .folder = path_folder(path),
			.stem = str_slice(base, 0, base.len - extension.len - 1), .extension = STR("md"),
			.lang = site->default_lang, .size = file->size, .mtime_ns = file->mtime_ns,
		});
	}
	return true;
}

static bool is_index(const SourceFile *source)
{
	return str_equal_nocase(source->stem, STR("index")) || str_equal_nocase(source->stem, STR("_index")) ||
	       str_equal_nocase(source->stem, STR("README"));
}

/* --- Addresses ------------------------------------------------------------------------------------------ */

/* What a page's tokens stand for. */
typedef struct PlainLink {
	const SourceFile *source;
	const Value *front;
	ZonedTime date; /* ZONED_NONE: it has none */
	Str title, name; /* @name: of the file, without a date before it */
	Arena *arena;
	bool is_known; /* every token that was met is one, and has a value */
} PlainLink;

static bool section_token(const PlainLink *link, Str token, Str *ret_value)
{
	Str folder = link->source->folder;

	if (str_equal(token, STR("section")))
		*ret_value = str_slice(folder, 0, str_find_char(folder, '/'));
	else if (str_equal(token, STR("sections")))
		*ret_value = folder;
	else
		return false;
	return true;
}

static bool name_token(const PlainLink *link, Str token, Str *ret_value)
{
	Str slug = value_text(value_get(link->front, STR("slug")));

	if (str_equal(token, STR("title")))
		*ret_value = text_slug(link->title, link->arena);
	else if (str_equal(token, STR("slug")))
		*ret_value = text_slug(slug.len ? slug : link->name, link->arena);
	else if (str_equal(token, STR("filename")))
		*ret_value = link->source->stem;
	else
		return false;
	return true;
}

static bool date_token(const PlainLink *link, Str token, Str *ret_value)
{
	CivilTime civil = link->date.utc == TIME_NONE ? (CivilTime){ .year = 1, .month = 1, .day = 1 }
	                                              : time_to_civil(link->date.utc + link->date.zone_seconds);

	return permalink_date(token, civil, link->arena, ret_value);
}

static void append_token(void *context, Str token, Buf *out)
{
	PlainLink *link = context;
	Str value = STR_EMPTY;

	if (section_token(link, token, &value) || name_token(link, token, &value) ||
	    (date_token(link, token, &value) && link->date.utc != TIME_NONE))
		buf_append(out, value);
	else
		link->is_known = false;
}

/* By the pattern; empty where it asks for a date that the page has not. */
static Str make_permalink(PlainLink *link, Str pattern)
{
	CLEANUP(buf_deinit) Buf path = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	link->is_known = true;
	permalink_expand(pattern, append_token, link, &path);
	buf_append_url(&out, buf_str(&path), "/");
	return link->is_known ? arena_str_dup(link->arena, buf_str(&out)) : STR_EMPTY;
}

/* The path of the file without its ending; of an index its folder. */
static Str make_path(const SourceFile *source, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	buf_append_url(&out, source->folder, "/");
	buf_append_char(&out, '/');
	if (!is_index(source)) {
		buf_append_url(&out, source->stem, NULL);
		buf_append_char(&out, '/');
	}
	return arena_str_dup(arena, buf_str(&out));
}

/* "https://example.org/blog/" → "/blog/" */
static Str path_of(Str base_url)
{
	size_t scheme = str_find(base_url, STR("://"));
	Str base = scheme == STR_NOT_FOUND ? STR_EMPTY : str_from(base_url, scheme + 3);
	size_t slash = str_find_char(base, '/');

	return slash == STR_NOT_FOUND ? STR("/") : str_from(base, slash);
}

static Str make_url(const Site *site, PlainLink *link)
{
	const char *pattern = site->options->permalink;
	Str path = pattern && !is_index(link->source) ? make_permalink(link, str_from_c(pattern)) : STR_EMPTY;

	if (!path.len)
		path = make_path(link->source, link->arena);
	path = arena_concat(link->arena, arena_concat(link->arena, path_of(site->base_url), STR("/")), path);
	return permalink_join_slashes(path, link->arena);
}

/* Whether each token of the pattern is one. */
static bool check_pattern(const char *pattern, Arena *arena, Error *err)
{
	const SourceFile nothing = { 0 };
	PlainLink link = { .source = &nothing, .date = { 0, 0 }, .arena = arena, .is_known = true };
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	permalink_expand(str_from_c(pattern), append_token, &link, &out);
	if (link.is_known)
		return true;
	error_set(err, ERROR_USAGE, "site.permalink has a token that there is none of: %s", pattern);
	return error_hint(err, "there are :year, :month, :day, :section, :sections, :slug, :title and :filename");
}

/* --- Titles, dates, terms ----------------------------------------------------------------------------------- */

/* The first heading at the start of the text. */
static Str first_heading(Str body)
{
	Str rest = body, line;

	while (str_next_line(&rest, &line)) {
		line = str_trim(line);
		if (line.len > 1 && line.data[0] == '#') {
			while (line.len && line.data[0] == '#')
				line = str_from(line, 1);
			return str_trim(line);
		}
	}
	return STR_EMPTY;
}

static Str title_of(const SourceFile *source, Str body, Str name, Arena *arena)
{
	Str title = first_heading(body);
	char *text;

	if (title.len)
		return title;
	if (is_index(source) && source->folder.len)
		name = path_base(source->folder);
	text = arena_to_c(arena, name);
	for (size_t i = 0; i < name.len; i++)
		if (text[i] == '-' || text[i] == '_')
			text[i] = ' ';
	return (Str){ text, name.len };
}

static void add_terms(const Value *front, const char *key, const char *facet, TermList *list)
{
	Str *names;
	size_t n = value_texts(value_get(front, str_from_c(key)), list->arena, &names);

	for (size_t i = 0; i < n; i++)
		term_add(list, (DocumentTerm){ .facet = str_from_c(facet), .name = names[i],
		                               .slug = text_slug(names[i], list->arena) });
}

/* What front matter says, as a tag such as "de" or "pt-br"; else the site's. */
static Str lang_of(const SourceFile *source, const Value *front, Arena *arena)
{
	Str lang = value_text(value_get(front, STR("lang")));

	if (!lang.len)
		lang = value_text(value_get(front, STR("language")));
	for (size_t i = 0; i < lang.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", lang.data[i]))
			return source->lang;
	return lang.len >= 2 && lang.len <= 35 ? text_lower_dup(lang, arena) : source->lang;
}

/* *ret_name is the file's without a date before it. */
static ZonedTime read_dates(const SourceFile *source, const Value *front, Document *document, Str *ret_name)
{
	static const char *const names[] = { "date", "pubDate", "publishDate", "published", "created" };
	ZonedTime date = ZONED_NONE, time;

	document->updated = document->expires = TIME_NONE;
	if (!parse_date_in_name(source->stem, false, NULL, &date, ret_name) || !ret_name->len)
		*ret_name = source->stem;
	for (size_t i = ARRAY_SIZE(names); i > 0; i--)
		if (parse_date_value(value_get(front, str_from_c(names[i - 1])), NULL, &time))
			date = time;
	document->published = date.utc;
	if (parse_date_value(value_get(front, STR("lastmod")), NULL, &time) ||
	    parse_date_value(value_get(front, STR("updated")), NULL, &time))
		document->updated = time.utc;
	if (parse_date_value(value_get(front, STR("expiryDate")), NULL, &time))
		document->expires = time.utc;
	return date;
}

static PageFate judge(const Site *site, const Value *front, const Document *document)
{
	const IndexOptions *options = site->options;

	if (!options->drafts && (value_bool(value_get(front, STR("draft")), false) ||
	                         !value_bool(value_get(front, STR("published")), true)))
		return PAGE_DRAFT;
	if (!options->future && document->published != TIME_NONE && document->published > site->now)
		return PAGE_FUTURE;
	if (!options->expired && document->expires != TIME_NONE && document->expires < site->now)
		return PAGE_EXPIRED;
	return is_opted_out(front) ? PAGE_OPTED_OUT : PAGE_PUBLISHED;
}

static bool plain_describe(const Site *site, const SourceFile *source, const SplitPage *page, Arena *arena,
                           Document *document, PageReading *ret_reading, Error *err)
{
	const IndexOptions *options = site->options;
	TermList terms = { .arena = arena };
	Str own = value_text(value_get(page->front, STR("url")));
	PlainLink link = { .source = source, .front = page->front, .arena = arena };

	(void)err;
	document->lang = lang_of(source, page->front, arena);
	link.date = read_dates(source, page->front, document, &link.name);
	document->changes_at = page_changes_at(site->now, document->published, !options->future, document->expires,
	                                       !options->expired);
	ret_reading->fate = judge(site, page->front, document);
	if (ret_reading->fate != PAGE_PUBLISHED)
		return true;
	*ret_reading = (PageReading){
		.fate = PAGE_PUBLISHED, .format = TEXT_MARKDOWN, .summary = { .n_words = 70 },
		.markdown = { .heading_ids = HEADING_ID_GITHUB, .keeps_html = true, .has_tables = true,
		              .has_task_lists = true, .has_strikethrough = true, .has_single_tilde = true,
		              .has_footnotes = true, .has_addresses = true, .has_heading_attributes = true },
	};
	link.title = value_text(value_get(page->front, STR("title")));
	if (!str_trim(link.title).len)
		link.title = title_of(source, page->body, link.name, arena);
	document->relurl = str_is_safe_url(own) && own.data[0] == '/' ? own : make_url(site, &link);
	document->url = absolute_url(site->base_url, document->relurl, arena);
	read_metadata(page->front, document->relurl, site->base_url, STR_EMPTY, arena, document);
	if (!document->title.len)
		document->title = link.title;
	document->place = text_lower_dup(source->path, arena);
	document->section = str_slice(source->folder, 0, str_find_char(source->folder, '/'));
	document->type = STR("page");
	add_terms(page->front, "tags", "tag", &terms);
	add_terms(page->front, "categories", "category", &terms);
	add_terms(page->front, "category", "category", &terms);
	add_terms(page->front, "series", "series", &terms);
	add_terms(page->front, "authors", "author", &terms);
	add_terms(page->front, "author", "author", &terms);
	document->terms = terms.terms;
	document->n_terms = terms.n;
	return true;
}

bool site_open_plain(Site *site, Error *err)
{
	static const SiteType type = { .walk = plain_walk, .list = plain_list, .describe = plain_describe };

	if (site->options->permalink && !check_pattern(site->options->permalink, site->arena, err))
		return false;
	site->type = &type;
	site->base_url = base_url_of(str_from_c(site->options->base_url), site->arena);
	site->default_lang = site->options->n_languages ? str_from_c(site->options->languages[0]) : STR("en");
	site->fingerprint = hash_bytes(STR("plain"));
	return true;
}
