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

/* What became of @known's file; why it is left out stands where a page has the hash of what is kept of it. */
static inline PageFate known_fate(const StoreFile *known)
{
	if (known->page)
		return PAGE_PUBLISHED;
	return known->document_hash > PAGE_PUBLISHED && known->document_hash < N_PAGE_FATES
	               ? (PageFate)known->document_hash : PAGE_UNRENDERED;
}

typedef struct Changes {
	VEC(ReadingTask) tasks;      /* pages that are known by their numbers, then the others by file */
	VEC(const StoreFile *) gone; /* files that are no sources any more, by their pages' numbers */
	uint32_t n_as_before[N_PAGE_FATES]; /* files that need not be read, by what became of them */
	int64_t next_change_at;      /* of all these; TIME_NONE: none changes by itself */
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
