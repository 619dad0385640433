/* What the commands that read a site share: its options, and telling of its problems. */
#ifndef CLI_SITE_RUN_H
#define CLI_SITE_RUN_H

#include "blogsearch/indexer.h"
#include "blogsearch/json.h"
#include "command.h"

/* The configuration, and the options --drafts, --future, --expired, --full, --dry-run over it. */
MUST_CHECK bool site_options(const Context *context, IndexOptions *ret_options, Error *err);

/* A line each on standard error. */
void site_print_problems(const IndexReport *report);
/* The key `problems` with its list. */
void site_put_problems(JsonWriter *json, const IndexReport *report);

#endif
