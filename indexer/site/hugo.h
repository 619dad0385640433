/* What Hugo's rules need of its configuration. Private to site/hugo*.c; docs/hugo.md has the rules. */
#ifndef INDEXER_SITE_HUGO_H
#define INDEXER_SITE_HUGO_H

#include "hugo_values.h"
#include "parse_date.h"
#include "site.h"

#define HUGO_VERSION(minor, patch) ((minor) * 1000u + (patch)) /* 0.minor.patch */
#define HUGO_NEWEST                UINT32_MAX

typedef struct HugoTaxonomy {
	Str singular, plural; /* lower case */
} HugoTaxonomy;

typedef struct HugoLanguage {
	Str key;    /* lower case */
	Str title;
	Str base_url;
	Str base_path; /* of the base URL: "/sub", or "" */
	Str prefix; /* of URLs: "/de", or "" */
	const Value *config; /* the language's own keys over the site's */
	const TimeZone *zone;
	HugoTaxonomy *taxonomies;
	size_t n_taxonomies;
	bool is_disabled;
} HugoLanguage;

/* A folder of content: contentDir, a language's, a mount, a theme's. */
typedef struct HugoRoot {
	Str folder; /* below the site's root */
	Str target; /* where its files stand in the content */
	Str lang;   /* of its files; empty: by their names */
	bool is_optional; /* nothing is wrong where it is missing */
} HugoRoot;

/* A branch's front matter, which decides about what is below. */
typedef struct HugoSection {
	const Value *front;
	bool is_left_out; /* draft, future, expired */
} HugoSection;

typedef struct Hugo {
	uint32_t version;
	const Value *config;
	HugoLanguage *languages; /* in the order of the configuration */
	size_t n_languages;
	HugoRoot *roots;
	size_t n_roots;
	Str *ignored; /* regular expressions (POSIX extended) of files that are no content */
	size_t n_ignored;
	bool builds_drafts, builds_future, builds_expired;
	bool removes_accents, keeps_case;
	bool has_section_slugs; /* a permalink depends on its sections' titles and slugs */
	Map sections; /* language, newline, folder → HugoSection * */
	Map hidden_terms; /* language, newline, facet, newline, key: no page is made of these; key "": of none of the facet's */
} Hugo;

const HugoLanguage *hugo_language(const Hugo *hugo, Str key);
const HugoSection *hugo_section(const Hugo *hugo, Str lang, Str folder);
void hugo_set_section(Hugo *hugo, Str lang, Str folder, const HugoSection *section, Arena *arena);
/* Whether the site has a page of the term @key. */
bool hugo_has_term_page(const Hugo *hugo, Str lang, Str facet, Str key);
void hugo_hide_term(Hugo *hugo, Str lang, Str facet, Str key, Arena *arena);
/* The taxonomy whose list page is in @folder, or NULL; *ret_term is what lies below it: "a/b" of "tags/a/b". */
const HugoTaxonomy *hugo_taxonomy_of_folder(const HugoLanguage *language, Str folder, Str *ret_term);

/* hugo_config.c: the site's configuration files, merged; *ret_hash is of all that was read. */
MUST_CHECK bool hugo_read_config(Site *site, uint32_t version, Value **ret_config, uint64_t *ret_hash, Error *err);

/* hugo_settings.c: what the configuration means. */
MUST_CHECK bool hugo_read_settings(Site *site, Hugo *hugo, Error *err);
/* YAML's or TOML's true; false for what is missing. */
bool hugo_truth(const Value *config, const char *path);

/* hugo_content.c */
MUST_CHECK bool hugo_walk(Site *site, Problems *problems, Error *err);
MUST_CHECK bool hugo_list(Site *site, SourceFiles *ret_files, Problems *problems, Error *err);

/* hugo_front.c: a page's front matter as Hugo works with it. */
/* Scalars cast, own keys over what cascades down. */
const Value *hugo_front(const Hugo *hugo, const SourceFile *source, const SplitPage *page, Arena *arena);
/* What orders pages byte for byte: of those that have a term, the first one's spelling counts. */
Str hugo_place(const Hugo *hugo, const SourceFile *source, Arena *arena);
/* A key of the page: from 0.123 on it may stand below `params` as well. */
const Value *hugo_front_key(const Hugo *hugo, const Value *front, Str key);
/* Whether it is a draft, still to come or expired, and for that no page; else PAGE_PUBLISHED. */
PageFate hugo_fate(const Site *site, const HugoLanguage *language, const Value *front, Str stem);
/* Whether the page itself is written, whatever lists have it. */
bool hugo_is_rendered(const SourceFile *source, const Value *front);

/* All that Hugo derives from front matter's dates; the zones are kept for permalinks. */
typedef struct HugoDates {
	ZonedTime date, publish, lastmod, expiry;
	Str slug_of_name; /* what :filename leaves of the name; empty: it gave no date */
} HugoDates;

HugoDates hugo_dates(const Hugo *hugo, const HugoLanguage *language, const Value *front, Str stem, int64_t mtime_ns);
/* Whether @mtime_ns counts for any of them. */
bool hugo_reads_file_times(const Hugo *hugo);

/* hugo_page.c */
/* Whether the site makes no pages of @kind. */
bool hugo_disables(const HugoLanguage *language, PageKind kind);
MUST_CHECK bool hugo_describe(const Site *site, const SourceFile *source, const SplitPage *page, Arena *arena,
                              Document *document, PageReading *ret_reading, Error *err);

/* hugo_urls.c: paths of sites and terms. */
Str hugo_make_path(const Hugo *hugo, Str text, Arena *arena);
/* A term's key: names that are alike but for it are one term. */
Str hugo_term_key(const Hugo *hugo, Str name, Arena *arena);
/* The section that a page is in: the first folder of its path, from 0.123 on as it stands in addresses. */
Str hugo_first_folder(const Hugo *hugo, const SourceFile *source, Arena *arena);
/* Site-relative, with base path and language prefix, escaped. */
Str hugo_page_url(const Site *site, const SourceFile *source, const Value *front, const HugoDates *dates, Str title,
                  Arena *arena);
Str hugo_term_url(const Site *site, const HugoLanguage *language, const HugoTaxonomy *taxonomy, Str name, Arena *arena);

#endif
