/* Reading postings out of FTS5. Private to store/; store_read.h has the contract of finding. */
#ifndef STORE_FIND_H
#define STORE_FIND_H

#include <sqlite3.h>

#include "blogsearch/store_read.h"

typedef struct Finder Finder;

/* Registers the auxiliary function on @db and prepares its statement. @path is borrowed, for messages. */
MUST_CHECK bool finder_new(sqlite3 *db, const char *path, Finder **ret_finder, Error *err);
Finder *finder_free(Finder *finder);
DEFINE_FREEP(Finder, finder_free)
MUST_CHECK bool finder_run(Finder *finder, const PhraseTerm *phrase, size_t n_terms, bool is_prefix,
                           uint64_t deadline_ns, Postings *ret_postings, Error *err);
/* See store_has_stem(). */
MUST_CHECK bool finder_has(Finder *finder, Str term, bool *ret_has, Error *err);
/* False where FTS5 keeps its segments in a way that is not known: then it is asked for all. */
bool finder_reads_segments(const Finder *finder);
/* The same by FTS5 itself, whatever is asked. A place at which a term stands twice may come once or twice. */
MUST_CHECK bool finder_ask_fts5(Finder *finder, const PhraseTerm *phrase, size_t n_terms, bool is_prefix,
                                uint64_t deadline_ns, Postings *ret_postings, Error *err);

#endif
