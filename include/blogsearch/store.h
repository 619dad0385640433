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
#define STORE_FORMAT         7          /* bump: old files are rebuilt */

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

/* --- Sources ------------------------------------------------------------------------- */

/* A source file as it was when it was read last. */
typedef struct StoreFile {
	Str file;               /* below the site's root */
	uint32_t page;          /* number of its page; 0: it is left out (a draft, not yet due …) */
	uint64_t size;
	int64_t mtime_ns;       /* TIME_NONE: it may have changed within the same tick; its content decides */
	uint64_t content_hash;
	uint64_t fingerprint;   /* of what decided how it was read beside its content and the site */
	uint64_t document_hash; /* of all that is kept of it; where it is left out, the indexer's reason */
	int64_t changes_at;     /* when it is due or expires although nothing changes it; TIME_NONE: never */
} StoreFile;

typedef enum StoreOpening {
	STORE_UPDATED, /* goes on from the published file                        */
	STORE_CREATED, /* there was none                                         */
	STORE_REBUILT, /* there was one, damaged or of another version: see @why */
} StoreOpening;

/* Two pages of one URL. */
typedef struct StoreSameUrl {
	Str file, other; /* @other comes first by its name */
	Str relurl;
} StoreSameUrl;

/* What a published file knows of its sources; nothing where it cannot be gone on from. */
typedef struct StoreInventory {
	StoreOpening opening;
	char *why;            /* owned; why it has to be rebuilt; else NULL */
	StoreFile *files;     /* by name, in byte order */
	size_t n_files;
	uint64_t site_fingerprint; /* of what decided about every page; 0: nothing is known */
	int64_t built_at;          /* TIME_NONE: nothing is known */
	StoreSameUrl *same_urls;   /* after publishing those of the new file */
	size_t n_same_urls;
	Arena arena;
} StoreInventory;

/*
 * Looks at the file at @path, without a lock and without touching anything. ERROR_INDEX: it
 * is no index of ours; ERROR_IO.
 */
MUST_CHECK bool store_look(const char *path, StoreInventory *ret_inventory, Error *err);
void store_inventory_deinit(StoreInventory *inventory);

#define STORE_GLANCE_COUNTS 16

/* What tells that nothing has changed, without a look at what is known of each file. */
typedef struct StoreGlance {
	uint64_t stamp; /* of the site as it was found; there was nothing to be told of it */
	uint32_t n_pages;
	uint32_t n_left_out[STORE_GLANCE_COUNTS]; /* by reasons of the indexer's */
	int64_t built_at;
	int64_t next_change_at; /* when a page becomes due or expires although nothing changes it; TIME_NONE: none does */
} StoreGlance;

/* False where nothing is known, whatever the reason. */
MUST_CHECK bool store_glance(const char *path, StoreGlance *ret_glance);
/*
 * Takes the lock beside @path and gives it back: what killed indexers have left is gone then.
 * ERROR_BUSY while another one is at work; ERROR_IO.
 */
MUST_CHECK bool store_tidy(const char *path, Error *err);

/* Of all that is kept of @document, what is known of its source aside; never 0. */
uint64_t store_document_hash(const Document *document);
/* What is known of @document's source; strings are borrowed from it. */
StoreFile store_file_of(const Document *document, uint64_t document_hash);

/* --- Writing ------------------------------------------------------------------------- */

typedef struct StoreWriter StoreWriter;

typedef enum StoreIntent {
	STORE_GO_ON,
	STORE_CHANGE, /* the same, and something has changed: copying is begun beside what the caller does next */
	STORE_ANEW,   /* whatever is published */
} StoreIntent;

/*
 * Takes the lock beside @path; with the first change a working copy of the published file is
 * made (or an empty one: none there, STORE_ANEW, damaged or of another version). The folder is made
 * where it is missing. ERROR_BUSY: another indexer holds the lock (says which process);
 * ERROR_INDEX: the file at @path is no index of ours and is left alone; ERROR_IO.
 */
MUST_CHECK bool store_writer_open(const char *path, StoreIntent intent, StoreWriter **ret_writer, Error *err);
/* Without store_writer_publish: drops the working copy, the published file stays as it is. Releases the lock. */
StoreWriter *store_writer_free(StoreWriter *writer);
DEFINE_FREEP(StoreWriter, store_writer_free)

/* As long as the writer; empty with STORE_ANEW. */
const StoreInventory *store_writer_inventory(const StoreWriter *writer);

/* Holds what preparing needs again and again (stemmers, compression): one a thread. */
typedef struct Preparer Preparer;

Preparer *preparer_new(void);
Preparer *preparer_free(Preparer *preparer);
DEFINE_FREEP(Preparer, preparer_free)

/*
 * A document made ready for the writer: term streams, compressed texts. Preparing is pure and
 * runs in any thread; it is the expensive half. Lives in @arena, @document must live as long.
 */
typedef struct StoreRow StoreRow;
StoreRow *store_prepare(Preparer *preparer, const Document *document, Arena *arena);

/*
 * @known: what the inventory has of the same file; NULL where it has nothing. Fastest in the
 * order of pages' numbers, new pages last. Strings of a StoreFile must live until publishing.
 */

/* Adds the page, or replaces the one that is known. */
MUST_CHECK bool store_put(StoreWriter *writer, const StoreRow *row, const StoreFile *known, Error *err);
/* The file is read and gives no page (now); one that is known goes. */
MUST_CHECK bool store_leave_out(StoreWriter *writer, const StoreFile *file, const StoreFile *known, Error *err);
/* The file was read and gives what it gave before: kept in mind, but alone no reason to publish. */
void store_note(StoreWriter *writer, const StoreFile *file);
/* The file is gone, and its page with it. */
MUST_CHECK bool store_remove(StoreWriter *writer, const StoreFile *known, Error *err);
/* What @site points to is borrowed until the writer has published. */
MUST_CHECK bool store_set_site(StoreWriter *writer, const StoreSite *site, uint64_t site_fingerprint, Error *err);

/* What store_glance() shall find in the file that is published (its pages and time aside); without this nothing. */
void store_set_glance(StoreWriter *writer, const StoreGlance *glance);

/*
 * Whether anything that a reader can see was put, removed or set to another value since the
 * writer was opened, or so much was noted that it is worth publishing by itself.
 */
bool store_writer_is_changed(const StoreWriter *writer);
/* Commits, checks, syncs, renames into place. On failure the published file is what it was. */
MUST_CHECK bool store_writer_publish(StoreWriter *writer, Error *err);
uint32_t store_writer_n_pages(const StoreWriter *writer);

/* Where the time of publishing went, in seconds. */
typedef struct StoreTimes {
	double copy, write, derive, commit, check, put; /* check: with syncing, put: into place */
} StoreTimes;

StoreTimes store_writer_times(const StoreWriter *writer);

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
