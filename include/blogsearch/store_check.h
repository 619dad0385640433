/* Looking at an index file as a whole. */
#ifndef BLOGSEARCH_STORE_CHECK_H
#define BLOGSEARCH_STORE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

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

#endif
