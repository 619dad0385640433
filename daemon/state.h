/* What all requests share. */
#ifndef DAEMON_STATE_H
#define DAEMON_STATE_H

#include "blogsearch/daemon.h"
#include "log.h"
#include "snapshot.h"

typedef struct Daemon {
	const DaemonOptions *options;
	Log log;
	SnapshotKeeper *snapshots;
} Daemon;

#endif
