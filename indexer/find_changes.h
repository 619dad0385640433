/*
 * What of a site has to be read again: its files now against what the index knows of them.
 * Pure; docs/indexing.md tells the owner of a site why it is safe.
 */
#ifndef INDEXER_FIND_CHANGES_H
#define INDEXER_FIND_CHANGES_H

#include "site/site.h"

/* Why a file is read. */
typedef enum ReadingReason {
	READ_NEW,
	READ_STAMP,   /* size or time differ, or the time alone cannot tell: the bytes decide */
	READ_DUE,     /* its time has come or gone                                            */
	READ_RULES,   /* something beside it decides otherwise: a cascade above, its bundle   */
	READ_SITE,    /* the site's configuration or our options differ                       */
	READ_CLOCK,   /* the clock was set back behind the last run                           */
	READ_ALL,     /* everything was asked for                                             */
} ReadingReason;

typedef struct ReadingTask {
	const SourceFile *source;
	const StoreFile *known; /* NULL: nothing is known of it */
	ReadingReason reason;
} ReadingTask;

typedef struct Changes {
	VEC(ReadingTask) tasks;      /* pages that are known by their numbers, then the others by file */
	VEC(const StoreFile *) gone; /* files that are no sources any more, by their pages' numbers */
	uint32_t n_unchanged;        /* pages */
	uint32_t n_left_out;         /* files that are left out as before */
} Changes;

typedef struct ChangeRules {
	uint64_t site_fingerprint;
	int64_t now;
	bool all; /* read every file */
} ChangeRules;

/* @sources is brought into the order of file names; of a file named twice the first one counts. */
void find_changes(SourceFiles *sources, const StoreInventory *inventory, const ChangeRules *rules, Changes *ret_changes);
void changes_deinit(Changes *changes);

#endif
