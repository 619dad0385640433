/* Problems of single files, collected while the rest goes on. */
#ifndef INDEXER_REPORT_H
#define INDEXER_REPORT_H

#include "site/site.h"

struct Problems {
	VEC(IndexProblem) list;
	const IndexOptions *options; /* what is excluded is none */
};

/* Where @options wants it. */
void report_change(IndexReport *report, const IndexOptions *options, IndexAction action, Str file, const char *why);

/* Hands the list over to @report. */
void problems_move(Problems *problems, IndexReport *report);

#endif
