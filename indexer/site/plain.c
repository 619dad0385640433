/*
 * A folder of Markdown without a generator: every Markdown file is a page, its URL its path
 * without the ending. Date and title from front matter, else the file's name and first heading.
 */
#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/text.h"
#include "parse_date.h"
#include "read_metadata.h"
#include "site.h"

typedef struct Listing {
	Site *site;
	Problems *problems;
	Str folder; /* of the content, below the root */
} Listing;

static bool is_markdown(Str extension)
{
	return str_equal_nocase(extension, STR("md")) || str_equal_nocase(extension, STR("markdown")) ||
	       str_equal_nocase(extension, STR("mdown"));
}

static void unreadable(void *context, Str path, bool is_folder, const Error *err)
{
	Listing *listing = context;

	if (is_folder || is_markdown(path_extension(path_base(path))))
		problem_add(listing->problems, path_join(listing->site->arena, listing->folder, path), err);
}

static bool plain_list(Site *site, SourceFiles *ret_files, Problems *problems, Error *err)
{
	Listing listing = { site, problems, site->options->content ? str_from_c(site->options->content) : STR_EMPTY };
	FileList list = { 0 };
	Str folder = path_join(site->arena, str_from_c(site->root), listing.folder);
	bool is_listed = list_files(arena_to_c(site->arena, folder), site->arena, unreadable, &listing, &list, err);

	for (size_t i = 0; is_listed && i < list.n; i++) {
		Str path = list.items[i].path, base = path_base(path), extension = path_extension(base);

		if (!is_markdown(extension))
			continue;
		vec_push(ret_files, (SourceFile){
			.file = path_join(site->arena, listing.folder, path), .path = path, .folder = path_folder(path),
			.stem = str_slice(base, 0, base.len - extension.len - 1), .extension = STR("md"),
			.lang = site->default_lang, .size = list.items[i].size, .mtime_ns = list.items[i].mtime_ns,
		});
	}
	vec_deinit(&list);
	return is_listed;
}

static bool is_index(const SourceFile *source)
{
	return str_equal_nocase(source->stem, STR("index")) || str_equal_nocase(source->stem, STR("_index")) ||
	       str_equal_nocase(source->stem, STR("README"));
}

static Str make_url(const SourceFile *source, Str base_url, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	size_t scheme = str_find(base_url, STR("://")), slash;
	Str base = scheme == STR_NOT_FOUND ? STR_EMPTY : str_from(base_url, scheme + 3);

	slash = str_find_char(base, '/');
	buf_append(&out, slash == STR_NOT_FOUND ? STR_EMPTY : str_from(base, slash));
	if (!str_ends_with(buf_str(&out), STR("/")))
		buf_append_char(&out, '/');
	buf_append_url(&out, source->folder, "/");
	if (source->folder.len)
		buf_append_char(&out, '/');
	if (!is_index(source)) {
		buf_append_url(&out, source->stem, NULL);
		buf_append_char(&out, '/');
	}
	return arena_str_dup(arena, buf_str(&out));
}

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

static Str title_of(const SourceFile *source, Str body, Str rest_of_name, Arena *arena)
{
	Str title = first_heading(body), name = rest_of_name.len ? rest_of_name : source->stem;
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

static void read_dates(const SourceFile *source, const Value *front, Document *document, Str *rest_of_name)
{
	static const char *const names[] = { "date", "pubDate", "publishDate", "published", "created" };
	ZonedTime time;

	document->published = document->updated = document->expires = TIME_NONE;
	if (parse_date_in_name(source->stem, false, NULL, &time, rest_of_name))
		document->published = time.utc;
	else
		*rest_of_name = STR_EMPTY;
	for (size_t i = ARRAY_SIZE(names); i > 0; i--)
		if (parse_date_value(value_get(front, str_from_c(names[i - 1])), NULL, &time))
			document->published = time.utc;
	if (parse_date_value(value_get(front, STR("lastmod")), NULL, &time) ||
	    parse_date_value(value_get(front, STR("updated")), NULL, &time))
		document->updated = time.utc;
	if (parse_date_value(value_get(front, STR("expiryDate")), NULL, &time))
		document->expires = time.utc;
}

static PageFate judge(const Site *site, const Value *front, const Document *document)
{
	const IndexOptions *options = site->options;

	if (!options->drafts && value_bool(value_get(front, STR("draft")), false))
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
	Str rest_of_name, own = value_text(value_get(page->front, STR("url")));

	(void)err;
	read_dates(source, page->front, document, &rest_of_name);
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
	document->relurl = is_safe_url(own) && own.data[0] == '/' ? own : make_url(source, site->base_url, arena);
	document->url = absolute_url(site->base_url, document->relurl, arena);
	read_metadata(page->front, document->relurl, site->base_url, STR_EMPTY, arena, document);
	if (!document->title.len)
		document->title = title_of(source, page->body, rest_of_name, arena);
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
	static const SiteType type = { plain_list, plain_describe };

	(void)err;
	site->type = &type;
	site->base_url = site->options->base_url ? str_from_c(site->options->base_url) : STR_EMPTY;
	site->default_lang = STR("en");
	site->fingerprint = hash_bytes(STR("plain"));
	return true;
}
