/* A run of the indexer, told to people, to cron or to programs. */
#ifndef CLI_PRINT_REPORT_H
#define CLI_PRINT_REPORT_H

#include "blogsearch/indexer.h"
#include "command.h"

/* On standard output: a line a page that changes; one line for all; an object (a line of its own). */
MUST_CHECK bool print_index_changes(const IndexReport *report, Error *err);
MUST_CHECK bool print_index_summary(const Context *context, const IndexReport *report, bool is_dry, Error *err);
MUST_CHECK bool print_index_json(const IndexReport *report, Error *err);

#endif
