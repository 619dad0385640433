/*
 * The catalog while an index is being written: what is known of every page by its number,
 * changed in memory, laid out as bytes when the index is published.
 */
#ifndef STORE_CATALOG_WRITE_H
#define STORE_CATALOG_WRITE_H

#include "blogsearch/buf.h"
#include "blogsearch/map.h"
#include "blogsearch/store_read.h"
#include "blogsearch/vec.h"

typedef struct CatalogRow {
	uint8_t flags, kind; /* flags 0: the number is free */
	uint16_t lang, section; /* numbers into the draft's names */
	int32_t series_order;
	float boost;
	int64_t published, updated;
	uint32_t lengths[N_TEXT_FIELDS];
	uint32_t title_rank, file_rank; /* set before laying out, unless they are as they were */
	uint32_t url_hash;
	uint32_t *terms; /* owned: ids of table term, in the page's order */
	uint32_t n_terms;
} CatalogRow;

typedef struct CatalogDraft {
	VEC(CatalogRow) rows; /* by page number; row 0 stays free */
	uint32_t first_free;  /* no number below it is free (but 0) */
	uint32_t n_pages;
	Map langs, sections;  /* name → number */
} CatalogDraft;

void catalog_draft_init(CatalogDraft *draft);
void catalog_draft_deinit(CatalogDraft *draft);

/* Takes over a loaded catalog; @term_ids gives table term's id for each of its terms' numbers. */
void catalog_draft_load(CatalogDraft *draft, const Catalog *catalog, const uint32_t *term_ids);

/* The smallest free number. */
uint32_t catalog_draft_new_page(CatalogDraft *draft);
/* Sets page @id; @row's terms are taken over. */
void catalog_draft_set(CatalogDraft *draft, uint32_t id, CatalogRow row);
void catalog_draft_remove(CatalogDraft *draft, uint32_t id);
uint16_t catalog_draft_name(Map *names, Str name);

#define CATALOG_NO_TERM UINT32_MAX

/* Lays out part 'pages'; @term_numbers maps table term's ids to numbers. False where a page has a term without one. */
MUST_CHECK bool catalog_draft_write(const CatalogDraft *draft, const uint32_t *term_numbers, size_t n_term_numbers,
                                    Buf *out);

#endif
