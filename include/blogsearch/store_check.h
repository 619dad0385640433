/* Looking at an index file as a whole. */
#ifndef BLOGSEARCH_STORE_CHECK_H
#define BLOGSEARCH_STORE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "error.h"
#include "str.h"

/* One line about what is wrong; foreign text in it is escaped. */
typedef void (*OnFinding)(void *context, const char *what);

/*
 * Checks the file at @path wholly: SQLite's and FTS5's own checks, and that postings, lengths,
 * vocabulary, catalog and rows are those of the texts. Takes a few seconds for 10,000 pages and
 * needs room for a copy where temporary files go. Findings are no error: false only where the
 * file cannot be checked (missing, foreign, of another version, unreadable).
 */
MUST_CHECK bool store_check_integrity(const char *path, OnFinding on_finding, void *context, size_t *ret_n_findings,
                                      Error *err);

/* What takes the bytes of an index file. */
typedef enum StorePart {
	STORE_POSTINGS,
	STORE_TEXTS,
	STORE_PAGES,      /* their rows              */
	STORE_SOURCES,    /* what is known of files  */
	STORE_TERMS,      /* facets and their values */
	STORE_VOCABULARY,
	STORE_CATALOG,
	STORE_OTHER,
	STORE_FREE,       /* room for changes        */
	N_STORE_PARTS,
} StorePart;

typedef struct StoreSizes {
	uint64_t n_file_bytes;
	uint64_t n_source_bytes;           /* of the files behind the pages */
	uint64_t n_bytes[N_STORE_PARTS];   /* all 0 where this SQLite cannot tell (no dbstat) */
	uint32_t n_segments;               /* of the postings */
} StoreSizes;

/* "postings", "texts" … */
Str store_part_name(StorePart part);
/* Sizes of the parts of the file at @path. ERROR_INDEX, ERROR_IO. */
MUST_CHECK bool store_measure(const char *path, StoreSizes *ret_sizes, Error *err);

#endif
