/*
 * The index file: writer and reader, and the version of its format. core/store/schema.sql
 * and docs/index-format.md describe what is inside. Writer and reader are different types:
 * a bug in serving cannot write.
 */
#ifndef BLOGSEARCH_STORE_H
#define BLOGSEARCH_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "document.h"
#include "error.h"
#include "str.h"
#include "text.h"

#define STORE_APPLICATION_ID 0x626c6f67 /* "blog" */
#define STORE_FORMAT         4          /* bump: old files are rebuilt */

/*
 * Columns of the full-text table, and the order of lengths in the catalog. Prose comes first:
 * in FTS5's lists the first column needs no mark, every other one costs a word two bytes a page.
 */
typedef enum TextField {
	FIELD_PROSE,   /* description first, then the text in reading order */
	FIELD_TITLE,
	FIELD_HEADINGS,
	FIELD_CODE,
	FIELD_CAPTIONS,
	FIELD_TERMS,   /* names of tags, categories, series … */
	N_TEXT_FIELDS,
} TextField;

/* A facet that the site has, whether or not a page has a value of it yet. */
typedef struct StoreFacet {
	Str name;   /* singular: "tag" */
	Str plural; /* "tags" */
} StoreFacet;

/* What a term's own page says of it, whatever the pages call it that have it. Empty: nothing. */
typedef struct StoreTerm {
	Str facet; /* singular */
	Str slug, lang;
	Str name, relurl;
} StoreTerm;

/* What holds for the whole site. */
typedef struct StoreSite {
	Str title;
	Str base_url;
	Str default_lang;
	const StoreFacet *facets; /* taxonomies; `series` and `author` are added where missing */
	size_t n_facets;
	const StoreTerm *terms; /* that have a page of their own */
	size_t n_terms;
} StoreSite;

/* --- Writing ------------------------------------------------------------------------- */

typedef struct StoreWriter StoreWriter;

typedef enum StoreOpening {
	STORE_UPDATED, /* goes on from the published file                        */
	STORE_CREATED, /* there was none                                         */
	STORE_REBUILT, /* there was one, damaged or of another version: see *ret_why */
} StoreOpening;

/*
 * Takes the lock beside @path and makes a working copy of the published file (or an empty
 * one: none there, @full, damaged or of another version). The folder is made where it is
 * missing. ERROR_BUSY: another indexer holds the lock (says which process); ERROR_INDEX: the
 * file at @path is no index of ours and is left alone; ERROR_IO.
 * *ret_why (malloc'd, may be NULL) says why a file was rebuilt.
 */
MUST_CHECK bool store_writer_open(const char *path, bool full, StoreWriter **ret_writer, StoreOpening *ret_opening,
                                  char **ret_why, Error *err);
/* Without store_writer_publish: drops the working copy, the published file stays as it is. Releases the lock. */
StoreWriter *store_writer_free(StoreWriter *writer);
DEFINE_FREEP(StoreWriter, store_writer_free)

/* What the published file knows of a source file; @file lives as long as the writer. */
typedef struct StoreFile {
	Str file;
	uint64_t size;
	int64_t mtime_ns;
	uint64_t fingerprint;
	int64_t published, expires;
} StoreFile;

/* Every page in the index, in the order of file names. Valid as long as the writer. */
MUST_CHECK bool store_writer_files(StoreWriter *writer, const StoreFile **ret_files, size_t *ret_n, Error *err);

/* The fingerprint of what decides about every page (configuration, our version); 0 in a new file. */
uint64_t store_writer_site_fingerprint(const StoreWriter *writer);

/*
 * A document made ready for the writer: term streams, compressed texts. Preparing is pure and
 * runs in any thread; it is the expensive half. Lives in @arena.
 */
typedef struct StoreRow StoreRow;
StoreRow *store_prepare(Analyzer *analyzer, const Document *document, Arena *arena);

/* Adds the page, or replaces the one of the same file. */
MUST_CHECK bool store_put(StoreWriter *writer, const StoreRow *row, Error *err);
/* Removes the page of @file; what is not there is fine. */
MUST_CHECK bool store_remove(StoreWriter *writer, Str file, Error *err);
MUST_CHECK bool store_set_site(StoreWriter *writer, const StoreSite *site, uint64_t site_fingerprint, Error *err);

/* Whether anything was put, removed or set to another value since the writer was opened. */
bool store_writer_is_changed(const StoreWriter *writer);
/* Commits, checks, syncs, renames into place. On failure the published file is what it was. */
MUST_CHECK bool store_writer_publish(StoreWriter *writer, Error *err);
uint32_t store_writer_n_pages(const StoreWriter *writer);

/* --- Reading ------------------------------------------------------------------------- */

typedef struct StoreReader StoreReader;

/*
 * Opens read-only and immutable, checks application id, format and the catalog's presence:
 * ERROR_INDEX otherwise. One reader a thread.
 */
MUST_CHECK bool store_reader_open(const char *path, StoreReader **ret_reader, Error *err);
StoreReader *store_reader_free(StoreReader *reader);
DEFINE_FREEP(StoreReader, store_reader_free)

/* The parts of core/store that search uses in detail (catalog, postings, texts) are in store_read.h. */

#endif
