/*
 * How the parts of table catalog are laid out: shared by catalog_write.c and catalog_read.c.
 *
 * 'pages': CatalogHeader, then the arrays in the order of CATALOG_ARRAYS, each aligned to 8
 * bytes, little-endian, n_slots items each (those of CatalogHeader where they differ); then
 * the names of languages and sections as strings (varint length, bytes).
 * 'terms': varint n_facets; each: name, plural, varint n_terms; each: slug, name, url,
 * varint n_others; each: lang, name, url in another language.
 */
#ifndef STORE_CATALOG_FORMAT_H
#define STORE_CATALOG_FORMAT_H

#include <stdint.h>

#include "blogsearch/store.h"

#define CATALOG_MAGIC 0x31746163 /* "cat1" */

#define CATALOG_PART_PAGES      "pages"
#define CATALOG_PART_TERMS      "terms"
#define CATALOG_PART_VOCABULARY "vocabulary"
#define CATALOG_PART_TITLES     "titles" /* title_index.h */

typedef struct CatalogHeader {
	uint32_t magic;
	uint32_t n_slots;
	uint32_t n_pages;
	uint32_t n_term_ids;
	uint32_t n_langs;
	uint32_t n_sections;
	uint64_t length_sum[N_TEXT_FIELDS];
} CatalogHeader;

/* name, type, number of items */
#define CATALOG_ARRAYS(X, header)                                  \
	X(published,    int64_t,  (header)->n_slots)               \
	X(updated,      int64_t,  (header)->n_slots)               \
	X(lengths,      uint32_t, (header)->n_slots * (size_t)N_TEXT_FIELDS) \
	X(boost,        float,    (header)->n_slots)               \
	X(series_order, int32_t,  (header)->n_slots)               \
	X(title_rank,   uint32_t, (header)->n_slots)               \
	X(file_rank,    uint32_t, (header)->n_slots)               \
	X(url_hash,     uint32_t, (header)->n_slots)               \
	X(term_start,   uint32_t, (header)->n_slots + (size_t)1)   \
	X(term_ids,     uint32_t, (header)->n_term_ids)            \
	X(lang,         uint16_t, (header)->n_slots)               \
	X(section,      uint16_t, (header)->n_slots)               \
	X(flags,        uint8_t,  (header)->n_slots)               \
	X(kind,         uint8_t,  (header)->n_slots)

#define CATALOG_ALIGN(n) (((size_t)(n) + 7) & ~(size_t)7)

#endif
