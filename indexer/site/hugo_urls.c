/* Paths as Hugo makes them: sanitised, escaped, by permalink patterns. docs/hugo.md, section 7. */
#include "blogsearch/file.h"
#include "blogsearch/text.h"
#include "hugo.h"
#include "permalink.h"

/* --- Sanitising ("MakePath") ----------------------------------------------------------------------- */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_white(uint32_t c)
{
	return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool is_kept(Str text, size_t at, uint32_t c)
{
	if (c == '%')
		return at + 2 < text.len && is_hex(text.data[at + 1]) && is_hex(text.data[at + 2]);
	if (c < 0x80)
		return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
		       (c && strchr("./\\_#+~-@", (int)c));
	return text_is_letter(c) || text_is_digit(c) || text_is_mark(c);
}

Str hugo_make_path(const Hugo *hugo, Str text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf plain = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	bool wants_hyphen = false;

	if (hugo->removes_accents) {
		text_strip_marks(text, &plain);
		text = buf_str(&plain);
	}
	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned n = str_decode(text, at, &c);

		if (is_kept(text, at, c)) {
			if (wants_hyphen && out.len && out.data[out.len - 1] != '-' && c != '-')
				buf_append_char(&out, '-');
			wants_hyphen = false;
			buf_append_code_point(&out, hugo->keeps_case ? c : text_lower(c));
		} else if (is_white(c)) {
			wants_hyphen = true;
		}
		at += n;
	}
	return arena_str_dup(arena, buf_str(&out));
}

Str hugo_term_key(const Hugo *hugo, Str name, Arena *arena)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);

	text_lower_case(hugo_make_path(hugo, name, arena), &key);
	return arena_str_dup(arena, buf_str(&key));
}

static char hex_value(char c)
{
	return (char)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static bool is_escape(Str text, size_t at)
{
	return text.data[at] == '%' && at + 2 < text.len && is_hex(text.data[at + 1]) && is_hex(text.data[at + 2]);
}

/* Whether @path may stand in an address as it is. */
static bool is_valid_path(Str path)
{
	for (size_t i = 0; i < path.len; i++) {
		char c = path.data[i];

		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || is_escape(path, i) ||
		      (c && strchr("-_.~!$&'()*+,;=:@[]/", c))))
			return false;
	}
	return true;
}

/* One that is not valid is escaped wholly, brackets and apostrophes too; what was escaped is no exception. */
static void append_path(Str path, Buf *out)
{
	if (is_valid_path(path)) {
		buf_append(out, path);
		return;
	}
	for (size_t i = 0; i < path.len; i++) {
		bool is_escaped = is_escape(path, i);
		char c = is_escaped ? (char)(hex_value(path.data[i + 1]) << 4 | hex_value(path.data[i + 2])) : path.data[i];

		/* A slash that was escaped must not become the second of two, which would name a host. */
		buf_append_url(out, (Str){ &c, 1 }, is_escaped ? "$&+,:;=@" : "/$&+,:;=@");
		i += is_escaped ? 2 : 0;
	}
}

/*
 * As Go's net/url prints an address. What is behind a question mark is a query, and up to 0.124
 * a `#` began a fragment: the first one stayed as it is.
 */
static Str escape_path(const Hugo *hugo, Str path, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	bool has_fragments = hugo->version < HUGO_VERSION(125, 0);
	size_t end = 0;

	while (end < path.len && path.data[end] != '?' && !(path.data[end] == '#' && has_fragments))
		end++;
	append_path(str_slice(path, 0, end), &out);
	if (end < path.len)
		buf_append_char(&out, path.data[end]);
	for (size_t at = end + 1; at < path.len; at++) {
		if (is_escape(path, at))
			buf_append_char(&out, '%');
		else
			buf_append_url(&out, str_slice(path, at, at + 1), "/$&+,:;=@()!*'?");
	}
	return arena_str_dup(arena, buf_str(&out));
}

/* From 0.123 on a file's path is lower case with a hyphen for each blank before anything else. */
static Str normalize_path(const Hugo *hugo, Str path, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	if (hugo->version < HUGO_VERSION(123, 0))
		return path;
	for (size_t i = 0; i < path.len; i++)
		buf_append_char(&out, path.data[i] == ' ' ? '-' : path.data[i]);
	return arena_str_dup(arena, buf_str(&out));
}

/* --- Permalink patterns ------------------------------------------------------------------------------ */

typedef struct Permalink {
	const Site *site;
	const Hugo *hugo;
	const SourceFile *source;
	const Value *front;
	const HugoDates *dates;
	Str title;
	Arena *arena;
} Permalink;

static CivilTime civil_of(const Permalink *link)
{
	ZonedTime date = link->dates->date;

	/* No date is the year 1. */
	return date.utc == TIME_NONE ? (CivilTime){ .year = 1, .month = 1, .day = 1 }
	                             : time_to_civil(date.utc + date.zone_seconds);
}

/* The name that stands for the file: of a bundle its folder's. */
static Str content_name(const SourceFile *source)
{
	return source->is_bundle ? path_base(source->folder) : source->stem;
}

static Str slug_of(const Permalink *link)
{
	Str slug = value_text(value_get(link->front, STR("slug")));

	if (!slug.len)
		slug = link->dates->slug_of_name;
	while (slug.len && slug.data[0] == '-')
		slug = str_from(slug, 1);
	while (slug.len && slug.data[slug.len - 1] == '-')
		slug.len--;
	return slug;
}

#define LIMIT_SECTIONS_IN_PATH 64

/* The path of the nearest real section, one with an _index; without any, the first folder. */
static size_t sections_of(const Permalink *link, Str sections[LIMIT_SECTIONS_IN_PATH])
{
	Str folder = link->source->is_bundle ? path_folder(link->source->folder) : link->source->folder, part;
	size_t n = 0;

	while (str_find_char(folder, '/') != STR_NOT_FOUND && !hugo_section(link->hugo, link->source->lang, folder))
		folder = path_folder(folder);
	for (Str rest = folder; rest.len && str_split_next(&rest, '/', &part) && n < LIMIT_SECTIONS_IN_PATH - 1;)
		sections[n++] = part;
	/* Up to 0.122 a first folder without an _index counted as two, the second without a name. */
	if (n == 1 && link->hugo->version < HUGO_VERSION(123, 0) &&
	    !hugo_section(link->hugo, link->source->lang, sections[0]))
		sections[n++] = STR_EMPTY;
	return n;
}

/* A number in brackets; "last" is the last one's. What is no number is 0. */
static size_t section_number(Str text, size_t n, size_t otherwise)
{
	uint64_t number;

	if (!text.len)
		return otherwise;
	if (str_equal_nocase(text, STR("last")))
		return n ? n - 1 : 0;
	return str_to_u64(text, &number) ? (number < n ? (size_t)number : n) : 0;
}

/* A section's title or slug, for :sectionslugs. */
static Str section_slug(const Permalink *link, Str folder)
{
	const HugoSection *section = hugo_section(link->hugo, link->source->lang, folder);
	Str slug = section ? value_text(value_get(section->front, STR("slug"))) : STR_EMPTY;

	if (!slug.len && section)
		slug = value_text(value_get(section->front, STR("title")));
	return hugo_make_path(link->hugo, slug.len ? slug : path_base(folder), link->arena);
}

/* ":sections", ":sections[1:]", ":sections[last]": what is out of range is empty. */
static Str sections_token(const Permalink *link, Str range, bool by_slug)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf folder = BUF_INIT(BUF_NO_CEILING);
	Str sections[LIMIT_SECTIONS_IN_PATH];
	size_t n = sections_of(link, sections), colon = str_find_char(range, ':');
	size_t from = section_number(str_slice(range, 0, colon), n, 0), to = n;

	if (colon != STR_NOT_FOUND)
		to = section_number(str_from(range, colon + 1), n, n);
	else if (range.len)
		to = from + 1;
	for (size_t i = 0; i < n && i < to; i++) {
		if (folder.len)
			buf_append_char(&folder, '/');
		buf_append(&folder, sections[i]);
		if (i < from || !sections[i].len)
			continue;
		if (out.len)
			buf_append_char(&out, '/');
		buf_append(&out, by_slug ? section_slug(link, buf_str(&folder))
		                         : hugo_make_path(link->hugo, sections[i], link->arena));
	}
	return arena_str_dup(link->arena, buf_str(&out));
}

/* --- Tokens -------------------------------------------------------------------------------------------- */

/* A token's value before it is sanitised; false for what is none. */
static bool token_value(const Permalink *link, Str token, Str *ret)
{
	Str slug = slug_of(link);

	if (str_equal(token, STR("title")))
		*ret = link->title;
	else if (str_equal(token, STR("slug")))
		*ret = slug.len ? slug : link->title;
	else if (str_equal(token, STR("slugorfilename")) || str_equal(token, STR("slugorcontentbasename")))
		*ret = slug.len ? slug : content_name(link->source);
	else if (str_equal(token, STR("filename")) || str_equal(token, STR("contentbasename")))
		*ret = content_name(link->source);
	else
		return permalink_date(token, civil_of(link), link->arena, ret);
	return true;
}

static void append_token(void *context, Str token, Buf *out)
{
	const Permalink *link = context;
	Str value = STR_EMPTY;
	size_t bracket = str_find_char(token, '[');

	Str name = str_slice(token, 0, bracket);
	Str range = bracket == STR_NOT_FOUND ? STR_EMPTY : str_slice(token, bracket + 1, token.len - 1);

	if (str_equal(name, STR("section")) || str_equal(name, STR("sectionslug")))
		value = sections_token(link, STR("0"), name.len > 7);
	else if (str_equal(name, STR("sections")) || str_equal(name, STR("sectionslugs")))
		value = sections_token(link, range, name.len > 8);
	else if (token_value(link, token, &value))
		value = hugo_make_path(link->hugo, value, link->arena);
	buf_append(out, value);
}

/* In place, as in a query: a plus is a blank. */
static void query_unescape(Buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++) {
		char c = text->data[i];

		if (is_escape(buf_str(text), i)) {
			c = (char)(hex_value(text->data[i + 1]) << 4 | hex_value(text->data[i + 2]));
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		text->data[n++] = c;
	}
	buf_truncate(text, n);
}

/* What comes of all tokens is unescaped as a query is, and sanitised once more. */
static Str expand_pattern(Permalink *link, Str pattern)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	permalink_expand(pattern, append_token, link, &out);
	query_unescape(&out);
	return hugo_make_path(link->hugo, buf_str(&out), link->arena);
}

/* Keys of the configuration are lower case, whatever was written; sections' names are as they are. */
static const Value *get_of_section(const Value *map, Str section)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; map && map->kind == VALUE_MAP && i < map->map.n; i++) {
		buf_clear(&key);
		text_lower_case(map->map.entries[i].key, &key);
		if (str_equal(buf_str(&key), section))
			return map->map.entries[i].value;
	}
	return NULL;
}

/* The root's key may be empty or a slash. */
static const Value *get_pattern(const Value *patterns, Str section)
{
	const Value *pattern = get_of_section(patterns, section);

	return pattern || section.len ? pattern : get_of_section(patterns, STR("/"));
}

/* `permalinks.KIND.KEY` */
static Str kind_pattern(const Hugo *hugo, const Value *config, const char *kind, Str key)
{
	const Value *patterns = value_get(value_get(config, STR("permalinks")), str_from_c(kind));

	return hugo->version < HUGO_VERSION(115, 0) ? STR_EMPTY : value_text(get_pattern(patterns, key));
}

/* For pages or terms of @key: `permalinks.KIND.KEY`, else `permalinks.KEY`. */
static Str pattern_of(const Hugo *hugo, const Value *config, const char *kind, Str key)
{
	Str pattern = kind_pattern(hugo, config, kind, key);

	return pattern.len ? pattern : value_text(get_pattern(value_get(config, STR("permalinks")), key));
}

/* --- Putting it together ------------------------------------------------------------------------------- */

static bool is_ugly(const Value *config, Str section)
{
	const Value *ugly = value_get(config, STR("uglyURLs"));

	return ugly && ugly->kind == VALUE_MAP ? value_bool(get_of_section(ugly, section), false) : value_bool(ugly, false);
}

/* @path without a slash at its end becomes a folder or, where URLs are ugly, a file. */
static Str finish(const Permalink *link, const HugoLanguage *language, Str path, bool is_ugly_url)
{
	Arena *arena = link->arena;

	path = permalink_join_slashes(path, arena);
	if (is_ugly_url && path.len > 1)
		path = arena_concat(arena, str_ends_with(path, STR("/")) ? str_slice(path, 0, path.len - 1) : path,
		                    STR(".html"));
	else if (!str_ends_with(path, STR("/")))
		path = arena_concat(arena, path, STR("/"));
	path = arena_concat(arena, language->prefix, path);
	return escape_path(link->hugo, arena_concat(arena, language->base_path, path), arena);
}

/* `url` is taken as written. */
static Str own_url(Permalink *link, const HugoLanguage *language, Str url)
{
	Arena *arena = link->arena;
	bool is_absolute = str_starts_with(url, STR("/"));
	bool has_file = str_find_char(url, '.') != STR_NOT_FOUND; /* wherever it stands */

	if (link->hugo->version >= HUGO_VERSION(131, 0) && str_find_char(url, ':') != STR_NOT_FOUND)
		url = expand_pattern(link, url);
	/* Up to 0.135 those of lists were sanitised. */
	if (link->source->kind != PAGE_PAGE && link->hugo->version < HUGO_VERSION(136, 0))
		url = hugo_make_path(link->hugo, url, arena);
	if (!has_file && !str_ends_with(url, STR("/")))
		url = arena_concat(arena, url, STR("/"));
	url = permalink_join_slashes(url, arena);
	if (!is_absolute)
		url = arena_concat(arena, language->prefix, url);
	return escape_path(link->hugo, arena_concat(arena, language->base_path, url), arena);
}

/* Folder of the file and slug or name; of a bundle the folder's own name is what a slug replaces. */
static Str plain_path(const Permalink *link)
{
	const SourceFile *source = link->source;
	Str folder = source->is_bundle ? path_folder(source->folder) : source->folder;
	Str slug = slug_of(link), name = content_name(source), path;

	if (source->kind != PAGE_PAGE)
		return hugo_make_path(link->hugo, normalize_path(link->hugo, source->folder, link->arena), link->arena);
	path = path_join(link->arena, normalize_path(link->hugo, folder, link->arena),
	                 slug.len ? slug : normalize_path(link->hugo, name, link->arena));
	return hugo_make_path(link->hugo, path, link->arena);
}

/* The pattern that a page's kind and first folder ask for; from 0.115 on lists have patterns too. */
static Str page_pattern(const Permalink *link, const HugoLanguage *language, Str section)
{
	const Hugo *hugo = link->hugo;
	Str term;
	const HugoTaxonomy *taxonomy = hugo_taxonomy_of_folder(language, link->source->folder, &term);

	switch (link->source->kind) {
	case PAGE_PAGE:
		return link->site->options->permalink ? str_from_c(link->site->options->permalink)
		                                      : pattern_of(hugo, language->config, "page", section);
	case PAGE_TERM:
		return pattern_of(hugo, language->config, "term", taxonomy ? taxonomy->plural : section);
	case PAGE_SECTION:
		return kind_pattern(hugo, language->config, "section", section);
	case PAGE_TAXONOMY:
		return kind_pattern(hugo, language->config, "taxonomy", section);
	case PAGE_HOME:
		break;
	}
	return STR_EMPTY;
}

/* A bundle's own folder is none that it is in. */
Str hugo_first_folder(const Hugo *hugo, const SourceFile *source, Arena *arena)
{
	Str folder = source->is_bundle ? path_folder(source->folder) : source->folder;

	folder = str_slice(folder, 0, str_find_char(folder, '/'));
	return hugo->version < HUGO_VERSION(123, 0) ? folder
	                                            : hugo_make_path(hugo, normalize_path(hugo, folder, arena), arena);
}

Str hugo_page_url(const Site *site, const SourceFile *source, const Value *front, const HugoDates *dates, Str title,
                  Arena *arena)
{
	const Hugo *hugo = site->inside;
	const HugoLanguage *language = hugo_language(hugo, source->lang);
	Permalink link = { site, hugo, source, front, dates, title, arena };
	Str url = value_text(value_get(front, STR("url"))), pattern;
	Str section = hugo_first_folder(hugo, source, arena);

	/* The home page stays where it is. */
	if (url.len && source->kind != PAGE_HOME)
		return own_url(&link, language, url);
	pattern = page_pattern(&link, language, section);
	if (pattern.len)
		return finish(&link, language, expand_pattern(&link, pattern), is_ugly(language->config, section));
	return finish(&link, language, plain_path(&link),
	              source->kind != PAGE_HOME && is_ugly(language->config, section) &&
	                      (source->kind == PAGE_PAGE || hugo->version < HUGO_VERSION(148, 0)));
}

Str hugo_term_url(const Site *site, const HugoLanguage *language, const HugoTaxonomy *taxonomy, Str name, Arena *arena)
{
	const Hugo *hugo = site->inside;
	const SourceFile source = { .folder = path_join(arena, taxonomy->plural, hugo_make_path(hugo, name, arena)),
		                    .stem = STR("_index"), .lang = language->key, .kind = PAGE_TERM };
	HugoDates dates = { ZONED_NONE, ZONED_NONE, ZONED_NONE, ZONED_NONE, STR_EMPTY };

	return hugo_page_url(site, &source, NULL, &dates, name, arena);
}
