/*
 * What a request begins with and ends with: the index and the settings of that moment. A thread
 * of its own notices a new index file (inotify on its folder, a clock where that does not tell) and
 * the wish for new settings, makes a new snapshot and swaps it in; what is bad is logged once, and
 * the old goes on.
 */
#ifndef DAEMON_SNAPSHOT_H
#define DAEMON_SNAPSHOT_H

#include <stdatomic.h>

#include "blogsearch/daemon.h"
#include "blogsearch/error.h"
#include "blogsearch/search.h"
#include "helper.h"
#include "log.h"
#include "settings.h"

typedef struct Snapshot {
	atomic_uint n_references;
	uint64_t serial; /* counts up with every swap */
	Engine *engine;  /* NULL: there is no index yet */
	Error trouble;   /* why there is none, if it is known */
	Settings *settings;
	uint64_t engine_salt; /* of the settings that the engine was opened with: older than @settings where it could not be anew */
	unsigned n_lost; /* pages of index files that were lost (lost_pages.h) before the engine was opened */
	uint64_t tag;    /* of index and settings: the same question has the same answer where it is the same */
	Str origin;      /* the site's own, of its base URL; in the engine's or its own memory */
	Arena arena;
} Snapshot;

typedef struct SnapshotFigures {
	uint64_t n_taken, n_refused; /* index files */
	uint64_t n_reloads, n_bad_reloads; /* of the configuration */
	uint64_t n_damaged; /* answers that damage of an index prevented */
} SnapshotFigures;

typedef struct SnapshotKeeper SnapshotKeeper;

/*
 * The first snapshot: with @settings (a reference is taken) and the index at options->index, whose
 * absence is no error. The thread starts with snapshot_keeper_watch(), so that a program can give
 * up rights in between. @options lives as long as the keeper, as do @helper, by which the configuration
 * is read again if it has one, and @log.
 */
SnapshotKeeper *snapshot_keeper_new(const DaemonOptions *options, Settings *settings, Helper *helper, const Log *log);
MUST_CHECK bool snapshot_keeper_watch(SnapshotKeeper *keeper, Error *err);
/* Asks the thread to have the configuration read again; from any thread. */
void snapshot_keeper_reload(SnapshotKeeper *keeper);
/* Stops the thread; snapshots that requests hold live on. */
SnapshotKeeper *snapshot_keeper_free(SnapshotKeeper *keeper);
DEFINE_FREEP(SnapshotKeeper, snapshot_keeper_free)

SnapshotFigures snapshot_figures(SnapshotKeeper *keeper);

/* @snapshot's index turned out damaged while a request was answered: counted, and logged once a generation. From any thread. */
void snapshot_tell_damage(SnapshotKeeper *keeper, const Snapshot *snapshot, const Error *err);

/* The current one, never NULL, to be given back. */
Snapshot *snapshot_take(SnapshotKeeper *keeper);
Snapshot *snapshot_unref(Snapshot *snapshot);
DEFINE_FREEP(Snapshot, snapshot_unref)

#endif
