/*
 * The index that is being served, replaced while requests run: each request holds the engine it
 * began with. A thread of its own notices a new file (inotify on its folder, a clock where that
 * does not tell), opens it and swaps it in; a bad one is logged once and the old one goes on.
 */
#ifndef DAEMON_SNAPSHOT_H
#define DAEMON_SNAPSHOT_H

#include "blogsearch/error.h"
#include "blogsearch/search.h"
#include "log.h"

typedef struct SnapshotKeeper SnapshotKeeper;

/*
 * Opens the index at @path (with @options, which must outlive the keeper; NULL: the default ones); its absence is no error (there is none yet). The thread starts with
 * snapshot_keeper_watch(), so that a program can give up rights in between.
 */
SnapshotKeeper *snapshot_keeper_new(const char *path, const EngineOptions *options, const Log *log);
MUST_CHECK bool snapshot_keeper_watch(SnapshotKeeper *keeper, Error *err);
/* Stops the thread; engines that requests hold live on. */
SnapshotKeeper *snapshot_keeper_free(SnapshotKeeper *keeper);
DEFINE_FREEP(SnapshotKeeper, snapshot_keeper_free)

/* A reference to the current engine, to be given back with engine_unref(); NULL while there is none. */
Engine *snapshot_take(SnapshotKeeper *keeper);
/* Why there is none, or why the newest file is not served; code ERROR_NONE where all is well. Copies into @ret. */
void snapshot_trouble(SnapshotKeeper *keeper, Error *ret);

#endif
