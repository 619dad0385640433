/* A page by its address, and as lists show it. */
#ifndef SEARCH_PAGES_H
#define SEARCH_PAGES_H

#include "blogsearch/question.h"
#include "engine.h"

/* @url with the site's origin in front where it is site-relative ("/tags/x/"). */
Str catalog_absolute_url(const Catalog *catalog, Str url, Arena *arena);

/*
 * The page that @address means: see related_run(). ERROR_NOT_FOUND on parameter "url" where
 * there is none.
 */
MUST_CHECK bool find_page(const Catalog *catalog, StoreReader *reader, Str address, Arena *arena, uint32_t *ret_page,
                          Error *err);

MUST_CHECK bool list_page(const Catalog *catalog, StoreReader *reader, uint32_t page, Arena *arena,
                          ListedPage *ret_page, Error *err);

/* A term as pages in @lang call it and link it; its URL absolute. */
ResultTerm result_term(const Catalog *catalog, uint32_t term, Str lang, Arena *arena);

#endif
