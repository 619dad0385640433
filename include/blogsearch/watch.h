/* Keeping an index up to date while its site is being written. */
#ifndef BLOGSEARCH_WATCH_H
#define BLOGSEARCH_WATCH_H

#include "indexer.h"

typedef struct WatchHooks {
	/* After each run: @err is filled where it failed; the watching goes on, unless it was the first. */
	void (*on_run)(void *context, const IndexReport *report, const Error *err);
	/* One line that an owner wants to know: the system's limits are reached, the site is looked at by the clock. */
	void (*on_note)(void *context, const char *note);
	/* Before each run but the first: whether *options are others now, what they borrow must stay; may be NULL. */
	bool (*on_options)(void *context, IndexOptions *options);
	void *context;
	int stop_fd; /* readable: it is time to end; -1: never */
} WatchHooks;

/*
 * Indexes the site, and again whenever something in it has changed and then been quiet for a
 * moment, or a page's time comes, until hooks->stop_fd says so. Where the system cannot tell
 * of changes (limits of inotify, a network file system) the site is looked at every few
 * seconds. options->full holds for the first run that is done. False only where the first run fails.
 */
MUST_CHECK bool watch_site(const IndexOptions *options, const WatchHooks *hooks, Error *err);

#endif
