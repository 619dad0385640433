/* The writer's inside, shared by writer.c (pages), write_terms.c (facets and terms) and publish.c. */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include <sqlite3.h>
#include <zstd.h>

#include "blogsearch/background.h"
#include "blogsearch/map.h"
#include "blogsearch/store.h"
#include "blogsearch/vec.h"
#include "catalog_write.h"
#include "prepare.h"
#include "reader.h"
#include "term_lists.h"

/* Each statement stands in the file that uses it. */
typedef enum WriterStatement {
	/* writer.c */
	WRITE_PAGE_ADD, WRITE_PAGE_PLACE, WRITE_PAGE_IS_LISTED, WRITE_PAGE_HAS_TERMS, WRITE_PAGE_REMOVE, WRITE_TEXT_GET,
	WRITE_TEXT_ADD, WRITE_TEXT_REMOVE, WRITE_FTS_ADD, WRITE_FTS_DELETE, WRITE_META_PUT, WRITE_SOURCE_ADD,
	WRITE_SOURCE_REMOVE,
	/* write_terms.c */
	WRITE_FACET_ADD, WRITE_FACET_SET, WRITE_FACET_FIND, WRITE_TERM_FIND, WRITE_TERM_ADD, WRITE_TERM_REMOVE, WRITE_TERM_OWN_ADD,
	WRITE_TERM_LANG_ADD, WRITE_TERM_LANG_NAME, WRITE_TERM_LANG_REMOVE, WRITE_PAGE_TERMS,
	/* publish.c */
	WRITE_CATALOG_PUT, WRITE_CATALOG_GET, WRITE_IDS_BY_FILE, WRITE_TITLES, WRITE_PAGE_ADDRESS, WRITE_TERMS, WRITE_FACETS,
	N_WRITER_STATEMENTS,
} WriterStatement;

/* A term in a language. */
typedef struct TermLang {
	uint32_t term;
	uint16_t lang; /* number of the draft's names */
} TermLang;

struct StoreWriter {
	char *path;    /* of the published file */
	char *working; /* of the copy; NULL until something changes */
	int lock_fd;
	Background copying, writing_early, syncing; /* of the working copy */
	StoreInventory inventory;
	StoreReader *published; /* what is gone on from, until it is copied; NULL: nothing */
	bool has_begun;    /* the draft knows the pages, not the inventory */
	bool starts_empty; /* created or rebuilt: the published file is not gone on from */
	bool is_changed;
	bool order_is_changed; /* a page came or went, or has another title, address, language or date: see settle_order() */
	sqlite3 *db; /* the working copy's; NULL until something changes */
	sqlite3_stmt *stmts[N_WRITER_STATEMENTS];
	StoreTimes times;

	uint64_t site_fingerprint, own_terms_hash;
	bool own_terms_are_changed;
	const StoreFacet *facets; /* borrowed: of store_set_site() */
	size_t n_facets;
	uint64_t generation; /* of the published file */

	CatalogDraft draft;
	uint32_t *term_numbers; /* by id of table term: its number in the catalog, or CATALOG_NO_TERM */
	size_t n_term_numbers;
	StoreGlance glance; /* to be kept, where @has_glance */
	bool has_glance;

	TermLists *lists; /* of an index that is made anew: its postings, until all pages are there */
	uint64_t n_places[N_TEXT_FIELDS]; /* in them */
	Map words;    /* word → change of its number of pages; of a copy only: see put_vocabulary() */
	Map term_ids; /* facet, language, slug → id, of terms that need no look at the tables any more */
	VEC(TermLang) touched_terms; /* whose pages have changed: their name may be another page's now */
	VEC(StoreFile) notes; /* rows of table source that wait for a reason to publish */
	VEC(Str) gone;        /* files likewise whose row goes */
	Analyzer *analyzer;
	ZSTD_DCtx *zstd;
};

/* The statements of write_terms.c and publish.c, for writer_begin() to prepare. */
extern const char *const writer_sql[N_WRITER_STATEMENTS];

/* What the file tells does not fit together: it is made anew. */
bool writer_damaged(const StoreWriter *writer, const char *what, Error *err);
/* What the draft has of page @id, as a table says it; NULL where there is no such page. */
CatalogRow *writer_row(StoreWriter *writer, int64_t id);

/* Makes the working copy and opens it, unless that is done. */
MUST_CHECK bool writer_begin(StoreWriter *writer, Error *err);

MUST_CHECK bool writer_put_source(StoreWriter *writer, const StoreFile *file, Error *err);
MUST_CHECK bool writer_remove_source(StoreWriter *writer, Str file, Error *err);

/*
 * write_terms.c: notes the terms of a page that is written, packed for table page into @packed;
 * @row->terms gets their ids. Unless the page had the same they are touched, and those that it had.
 */
MUST_CHECK bool write_page_terms(StoreWriter *writer, const Document *document, CatalogRow *row, Buf *packed, Error *err);
void touch_terms(StoreWriter *writer, const CatalogRow *row);
void writer_number_term(StoreWriter *writer, int64_t id, uint32_t number);
/* Those of the site and those that terms have; to be called when the terms are settled. */
MUST_CHECK bool write_facets(StoreWriter *writer, Error *err);
/* Table term_own, anew. */
MUST_CHECK bool write_own_terms(StoreWriter *writer, const StoreSite *site, Error *err);
/* Drops terms that no page has, and gives each touched one the name that its first page by file writes. */
MUST_CHECK bool settle_terms(StoreWriter *writer, Error *err);

/* glance.c */
MUST_CHECK bool writer_put_glance(StoreWriter *writer, Error *err);

MUST_CHECK bool writer_put_meta_text(StoreWriter *writer, const char *key, Str value, Error *err);
MUST_CHECK bool writer_put_meta_int(StoreWriter *writer, const char *key, int64_t value, Error *err);

#endif
