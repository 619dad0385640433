/* What the writer needs of the published file beyond store_read.h. Private to store/. */
#ifndef STORE_READER_H
#define STORE_READER_H

#include <sqlite3.h>

#include "blogsearch/store_read.h"

/* Table source, by file name; strings live in @arena, the array too. */
MUST_CHECK bool reader_files(StoreReader *reader, Arena *arena, StoreFile **ret_files, size_t *ret_n, Error *err);
#define STORE_TERM_ID_MOST (1 << 24) /* arrays are indexed by it; a site that comes so far by adding is made anew */

/* Table term's id for each term of the catalog, in its order; malloc'd. */
MUST_CHECK bool reader_term_ids(StoreReader *reader, const Catalog *catalog, uint32_t **ret_ids, Error *err);
/* Empty where there is none. In @arena. */
MUST_CHECK bool reader_meta_bytes(StoreReader *reader, const char *key, Arena *arena, Str *ret_bytes, Error *err);
MUST_CHECK bool reader_meta_int(StoreReader *reader, const char *key, uint64_t *ret_value, Error *err);

sqlite3 *reader_database(StoreReader *reader);
const char *reader_path(const StoreReader *reader);

/* catalog_read.c: the bytes of a part, checked against their hash; malloc'd. */
MUST_CHECK bool reader_catalog_part(StoreReader *reader, const char *part, char **ret_bytes, size_t *ret_n, Error *err);

#endif
