/*
 * What is known of a site before its pages are read: the small interface that every kind of
 * site has. A kind says which files are pages, in which language and with what URL; all that
 * comes after is the same for all.
 */
#ifndef INDEXER_SITE_SITE_H
#define INDEXER_SITE_SITE_H

#include "blogsearch/document.h"
#include "blogsearch/indexer.h"
#include "blogsearch/map.h"
#include "blogsearch/store.h"
#include "blogsearch/vec.h"
#include "list_files.h"
#include "make_summary.h"
#include "split_front_matter.h"
#include "strip_markdown.h"

/* A file that may be a page. */
typedef struct SourceFile {
	Str file;      /* below the site's root */
	Str path;      /* below its content folder */
	Str folder;    /* of path */
	Str stem;      /* base name without language and extension */
	Str extension; /* lower case */
	Str lang;
	PageKind kind;
	bool is_bundle; /* a leaf bundle's index: its URL is its folder's */
	Str image;      /* the bundle's picture: a file name beside it; empty: none */
	uint64_t size;
	int64_t mtime_ns;
	uint64_t fingerprint; /* of what decides about it beside its own content and the site's configuration */
} SourceFile;

typedef VEC(SourceFile) SourceFiles;

typedef enum TextFormat { TEXT_MARKDOWN, TEXT_HTML, TEXT_ORG } TextFormat;

/* How a page's text is to be read, once its front matter is. */
typedef struct PageReading {
	PageFate fate;
	TextFormat format;
	MarkdownOptions markdown;
	SummaryRules summary;
} PageReading;

/*
 * The moment at which a page that is judged at @now becomes due or has expired, whichever comes
 * first and only as far as it counts; TIME_NONE: neither. Expired is what expires before now.
 */
static inline int64_t page_changes_at(int64_t now, int64_t due, bool due_counts, int64_t expires, bool expiry_counts)
{
	int64_t at = due_counts && due != TIME_NONE && due > now ? due : TIME_NONE;

	if (!expiry_counts || expires == TIME_NONE || expires < now || (at != TIME_NONE && at <= expires))
		return at;
	return expires + 1;
}

/* Problems of single files: listed, and the rest goes on. */
typedef struct Problems Problems;
void problem_add(Problems *problems, Str file, const Error *err);

typedef struct Site Site;

typedef struct SiteType {
	/* Looks at the folders of content, once, for list() and for site_stamp(). */
	bool (*walk)(Site *site, Problems *problems, Error *err);
	/* Finds every file that may be a page in what was walked. */
	bool (*list)(Site *site, SourceFiles *ret_files, Problems *problems, Error *err);
	/* Fills what decides about @document but its text: URL, title, dates, terms. In @arena. */
	bool (*describe)(const Site *site, const SourceFile *source, const SplitPage *page, Arena *arena,
	                 Document *document, PageReading *ret_reading, Error *err);
	/* Frees what the kind keeps beside the arena; NULL: nothing. */
	void (*close)(Site *site);
} SiteType;

struct Site {
	const SiteType *type;
	const IndexOptions *options;
	Arena *arena; /* of the site, as long as the run */
	const char *root;
	int64_t now;
	Str title, base_url, default_lang;
	StoreFacet *facets;
	size_t n_facets;
	StoreTerm *terms; /* that have a page of their own; known once the files are listed */
	size_t n_terms;
	SourceFiles unknowable; /* files that templates make pages of */
	bool reads_comments; /* front matter inside of an HTML comment is some */
	bool reads_file_times; /* a file's time of change is a date of its page */
	uint64_t fingerprint; /* of its configuration, and of what the list of files says for all pages */
	FileList *walked;     /* of each folder of content, in the kind's own order; filled by walk() */
	size_t n_walked;
	void *inside;         /* the kind's own */
};

/*
 * Looks at @options->site and says what it is. ERROR_SITE where there is no such folder, or
 * where it is not of the kind asked for; ERROR_SYNTAX where its configuration cannot be read.
 */
MUST_CHECK bool site_detect(const IndexOptions *options, Arena *arena, Site *ret_site, Error *err);
/* Makes room for the files of @n folders. */
void site_make_walked(Site *site, size_t n);
/* Once it is listed. */
void site_drop_walked(Site *site);
/* ERROR_SITE where @files is empty. */
MUST_CHECK bool site_has_pages(const Site *site, const SourceFiles *files, Error *err);
/* Of all that walk() found: while it stays the same so does what list() gives. */
uint64_t site_stamp(const Site *site);
/* To be called before the arena goes; a zeroed one, or one that was not detected, is fine. */
void site_deinit(Site *site);

/* hugo_config.c, plain.c: each fills @site; site_detect() calls them. */
MUST_CHECK bool site_open_hugo(Site *site, Error *err);
MUST_CHECK bool site_open_plain(Site *site, Error *err);
/* Whether there is a configuration of Hugo's in @root. */
bool site_is_hugo(const char *root, Arena *arena);

#endif
