/* What Hugo's rules need of its configuration. Private to site/hugo*.c; docs/hugo.md has the rules. */
#ifndef INDEXER_SITE_HUGO_H
#define INDEXER_SITE_HUGO_H

#include "parse_date.h"
#include "site.h"

#define HUGO_VERSION(minor, patch) ((minor) * 1000u + (patch)) /* 0.minor.patch */
#define HUGO_NEWEST                UINT32_MAX

typedef struct HugoTaxonomy {
	Str singular, plural;
} HugoTaxonomy;

typedef struct HugoLanguage {
	Str key;    /* lower case */
	Str title;
	Str prefix; /* of URLs: "/de", or "" */
	const Value *config; /* the language's own keys over the site's */
	HugoTaxonomy *taxonomies;
	size_t n_taxonomies;
	bool is_disabled;
} HugoLanguage;

/* A folder of content: contentDir, a language's, a mount. */
typedef struct HugoRoot {
	Str folder; /* below the site's root */
	Str target; /* where its files stand in the content */
	Str lang;   /* of its files; empty: by their names */
} HugoRoot;

/* A branch's front matter, which decides about what is below. */
typedef struct HugoSection {
	const Value *front;
	bool is_left_out; /* draft, future, expired */
} HugoSection;

typedef struct Hugo {
	uint32_t version;
	const Value *config;
	HugoLanguage *languages; /* the default one first */
	size_t n_languages;
	HugoRoot *roots;
	size_t n_roots;
	Str base_path; /* of the base URL: "/sub", or "" */
	bool builds_drafts, builds_future, builds_expired;
	bool removes_accents, keeps_case;
	Map sections; /* language, newline, folder → HugoSection * */
} Hugo;

const HugoLanguage *hugo_language(const Hugo *hugo, Str key);
const HugoSection *hugo_section(const Hugo *hugo, Str lang, Str folder);
void hugo_set_section(Hugo *hugo, Str lang, Str folder, const HugoSection *section, Arena *arena);

/* hugo_content.c */
bool hugo_list(Site *site, SourceFiles *ret_files, Problems *problems, Error *err);

/* hugo_page.c */
bool hugo_describe(const Site *site, const SourceFile *source, const SplitPage *page, Arena *arena, Document *document,
                   PageFate *ret_fate, Error *err);
/* The page's front matter over what cascades down on it. */
const Value *hugo_front(const Hugo *hugo, const SourceFile *source, const Value *own, Arena *arena);
bool hugo_is_left_out(const Site *site, const Value *front, Str stem);

/* All that Hugo derives from front matter's dates; the zones are kept for permalinks. */
typedef struct HugoDates {
	ZonedTime date, publish, lastmod, expiry;
	Str slug_of_name; /* what :filename leaves of the name; empty: it gave no date */
} HugoDates;

HugoDates hugo_dates(const Hugo *hugo, const Value *front, Str stem, int64_t mtime_ns);

/* hugo_urls.c: paths of sites and terms. */
Str hugo_make_path(const Hugo *hugo, Str text, Arena *arena);
Str hugo_escape_path(Str path, Arena *arena);
/* Site-relative, with base path and language prefix, escaped. */
Str hugo_page_url(const Site *site, const SourceFile *source, const Value *front, const HugoDates *dates, Str title,
                  Arena *arena);
Str hugo_term_url(const Site *site, const HugoLanguage *language, const HugoTaxonomy *taxonomy, Str key, Arena *arena);

#endif
