/*
 * The values of all facets in one row of numbers, made while an index is loaded, so that one
 * pass over a set of pages counts them all: the catalog's terms first (as the catalog numbers
 * them), then sections, languages, years and months, each facet's values in a row.
 */
#ifndef SEARCH_FACET_TABLE_H
#define SEARCH_FACET_TABLE_H

#include "blogsearch/store_read.h"
#include "page_set.h"

/* What can be asked for beside the catalog's facets: of each a page has one value, or none. */
typedef enum DerivedFacet { DERIVED_SECTION, DERIVED_LANG, DERIVED_YEAR, DERIVED_MONTH, N_DERIVED_FACETS } DerivedFacet;

typedef struct FacetRange {
	Str name, plural;
	uint32_t first, n; /* values [first, first + n) */
} FacetRange;

typedef struct FacetTable {
	const Catalog *catalog;
	FacetRange *facets; /* the catalog's, then the derived ones in the order of DerivedFacet */
	uint32_t n_facets, n_values;
	Str *derived_names; /* of values from catalog->n_terms on */
	uint16_t *derived[N_DERIVED_FACETS]; /* by page: its value, counted from the facet's first; DERIVED_NONE: none */
	uint32_t *totals;   /* by value: pages of the site that have it */
	PageSet all;        /* every page */
} FacetTable;

#define DERIVED_NONE UINT16_MAX

typedef struct ValueName {
	Str name, slug, url; /* url: site-relative; empty where the site has no page for it */
} ValueName;

/* Everything is made in @arena; the table points into @catalog. */
void facet_table_make(FacetTable *table, const Catalog *catalog, Arena *arena);

/* The facet of that singular name, or -1. */
int facet_table_find(const FacetTable *table, Str name);
ValueName facet_table_value(const FacetTable *table, uint32_t value);

/* How many pages of @set have each value: n_values numbers; those of derived facets mean something @with_derived only. */
uint32_t *facet_table_count(const FacetTable *table, PageSet set, bool with_derived, Arena *arena);

/* All values in the order of their names (then slugs), and the place of each among them. */
typedef struct FacetRanks {
	uint32_t *value; /* by rank */
	uint32_t *rank;  /* by value */
} FacetRanks;

FacetRanks facet_table_rank(const FacetTable *table, Arena *arena);

#endif
