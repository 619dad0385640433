/*
 * Pages' terms turned into terms' lists of pages, whatever there is of them in bounded memory:
 * what is gathered is written in the order of terms to a file without a name, run after run,
 * and the runs are joined while they are read. Private to store/.
 */
#ifndef STORE_TERM_LISTS_H
#define STORE_TERM_LISTS_H

#include "blogsearch/error.h"
#include "page_terms.h"

typedef struct TermLists TermLists;

#define TERM_LISTS_RUN_BYTES (8u << 20) /* more make fewer runs to be joined */

/* The file lies where @path does, and is written whenever @run_bytes are gathered. */
TermLists *term_lists_new(const char *path, size_t run_bytes);
TermLists *term_lists_free(TermLists *lists);
DEFINE_FREEP(TermLists, term_lists_free)

/* @page is greater than any before. ERROR_IO. */
MUST_CHECK bool term_lists_add(TermLists *lists, uint32_t page, const PageTerms *terms, Error *err);

/* Nothing is added any more, and reading begins. ERROR_IO. */
MUST_CHECK bool term_lists_begin(TermLists *lists, Error *err);
/* Goes to the next term, in byte order, all pages of the one before being read; empty at the end. Valid until the next one. ERROR_IO. */
MUST_CHECK bool term_lists_next(TermLists *lists, Str *ret_term, Error *err);
/* The next page of the term at hand, ascending; 0: there is none. *ret_places is valid until the next call. ERROR_IO. */
MUST_CHECK bool term_lists_next_page(TermLists *lists, uint32_t *ret_page, Str *ret_places, Error *err);

#endif
