/* Pages of one URL: both stay, and the author is told at every run. Private to store/. */
#ifndef STORE_SAME_URLS_H
#define STORE_SAME_URLS_H

#include "writer.h"

/* Looks for them among all pages and puts them into table meta; writer->inventory has them then. */
MUST_CHECK bool settle_same_urls(StoreWriter *writer, Error *err);
/* What is in table meta, in @arena; a damaged list is an empty one. */
void same_urls_unpack(Str packed, Arena *arena, StoreSameUrl **ret_urls, size_t *ret_n);

#endif
