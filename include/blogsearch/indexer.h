/* From a site to an index file, in one call. */
#ifndef BLOGSEARCH_INDEXER_H
#define BLOGSEARCH_INDEXER_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "str.h"

typedef struct IndexProblem {
	char *file;       /* below the site's root; owned by the report, like all of it */
	unsigned line, column; /* 0: unknown */
	char *message;    /* one line: what is wrong; what to do */
} IndexProblem;

/* What became of a file that may be a page. */
typedef enum PageFate {
	PAGE_PUBLISHED,
	PAGE_DRAFT,
	PAGE_FUTURE,
	PAGE_EXPIRED,
	PAGE_OPTED_OUT,    /* its author keeps it out of the search                           */
	PAGE_UNRENDERED,   /* its generator makes no page of it                               */
	PAGE_WITHOUT_TEXT, /* a list (home, section, term …) that says nothing of its own     */
	PAGE_OTHER_LANGUAGE, /* options->languages has not its language                       */
	N_PAGE_FATES,      /* kept in the index: new ones come last                           */
} PageFate;

typedef enum IndexAction { INDEX_ADDED, INDEX_CHANGED, INDEX_REMOVED } IndexAction;

typedef struct IndexChange {
	IndexAction action;
	char *file;      /* below the site's root; owned by the report */
	const char *why; /* one line */
} IndexChange;

/*
 * Where a run's time went, in seconds. Reading and preparing are done by several threads beside
 * the one that writes: theirs, and its, is the time that they worked, all together. Listing and
 * publishing are by the clock.
 */
typedef struct IndexTimes {
	double list;    /* the site's configuration, its folders, what cascades                    */
	double read;    /* bytes of files to documents                                             */
	double prepare; /* documents to rows: words, stems, compressed texts                       */
	double write;   /* rows into the index                                                     */
	double publish; /* the working copy, what is derived from all pages, checks, sync, rename  */
} IndexTimes;

typedef struct IndexReport {
	uint32_t n_pages;     /* in the index now */
	uint32_t n_added, n_changed, n_removed, n_unchanged;
	uint32_t n_left_out;  /* files that may be pages and are none in the index */
	uint32_t n_by_fate[N_PAGE_FATES]; /* of those left out, why */
	IndexProblem *problems; /* pages that could not be read, or only in part */
	size_t n_problems;
	IndexChange *changes; /* page by page, where options->lists_changes */
	size_t n_changes;
	bool was_published;   /* false: nothing had changed, nothing was written */
	bool was_rebuilt;     /* the old file was of another version or damaged */
	char *rebuilt_because; /* owned; NULL unless was_rebuilt */
	double seconds;
	IndexTimes times;
	uint64_t n_bytes_read; /* of sources */
	int64_t next_change_at; /* when a page becomes due or expires next; TIME_NONE: none does */
	uint64_t index_bytes;
} IndexReport;

#define INDEX_REPORT_INIT { 0 }
void index_report_deinit(IndexReport *report);

typedef struct IndexProgressed {
	uint32_t n_done, n_all; /* files that have to be read */
	uint64_t n_bytes;       /* of those done */
} IndexProgressed;

/* Told now and then from the thread that called; may be NULL. */
typedef void (*IndexProgress)(void *context, const IndexProgressed *progressed);

/* A facet whose values front matter has under @key ("params.platforms"). */
typedef struct IndexFacet {
	const char *name; /* singular: "platform" */
	const char *key;
} IndexFacet;

/* NULL or 0 everywhere: what the site itself says, or the default. Strings are borrowed for the call. */
typedef struct IndexOptions {
	const char *site;      /* root folder */
	const char *index;     /* file; NULL: SITE/.blogsearch/index.db */
	const char *kind;      /* "auto", "hugo", "plain" */
	const char *content;   /* content folder */
	const char *base_url;
	const char *permalink;
	const char *hugo_version; /* "0.111.3" */
	const char *const *exclude; /* globs below the site's root */
	size_t n_exclude;
	const char *const *languages; /* pages of others are left out; none: all are indexed */
	size_t n_languages;
	const IndexFacet *facets;   /* beside those that the site has */
	size_t n_facets;
	bool omits_code;       /* what stands in code blocks and backticks is not kept as code */
	bool drafts, future, expired;
	bool full;             /* read every file again, build anew */
	bool dry_run;          /* say what would change, write nothing, take no lock */
	bool lists_changes;    /* the report has a line for every page that changes */
	unsigned n_jobs;       /* threads that read; 0: as many as there are cores */
	int64_t now;           /* what "future" and "expired" are measured by; 0: the clock */
	IndexProgress progress;
	void *progress_context;
} IndexOptions;

/*
 * Brings the index up to date with the site and publishes it by rename; writes nothing when
 * nothing has changed. Pages that cannot be read are listed in the report and no error: the
 * call returns true with report->n_problems > 0. Failures: ERROR_SITE (no site), ERROR_BUSY
 * (another indexer holds the lock), ERROR_INDEX (the file there is no index of ours; it is
 * not touched), ERROR_IO; the old index then stays as it was.
 */
MUST_CHECK bool index_site(const IndexOptions *options, IndexReport *report, Error *err);

/*
 * Reads every page and lists what is wrong in report->problems, in the order of files: what
 * cannot be read, dates and links that mean nothing, addresses and terms that are double, series
 * with gaps. Writes nothing. report->n_pages: how many were looked at. ERROR_SITE as index_site.
 */
MUST_CHECK bool check_site(const IndexOptions *options, IndexReport *report, Error *err);

/* Where the index of @site lies, malloc'd: SITE/.blogsearch/index.db. */
char *index_default_path(const char *site);
/* Where the index is that @options tell of, malloc'd; links are followed, so that one stays what it is. */
char *index_path(const IndexOptions *options);

#endif
