/* What all requests share. */
#ifndef DAEMON_STATE_H
#define DAEMON_STATE_H

#include "access_log.h"
#include "blogsearch/daemon.h"
#include "cache.h"
#include "helper.h"
#include "connections.h"
#include "gzip.h"
#include "limit_rate.h"
#include "log.h"
#include "metrics.h"
#include "process.h"
#include "snapshot.h"

typedef struct Daemon {
	const DaemonOptions *options; /* those that are fixed when it starts; the others are in the snapshot */
	bool has_metrics_address;     /* metrics are told there alone */
	Log log;
	SnapshotKeeper *snapshots;
	Connections *connections;
	Cache *cache;
	GzipPool *gzip;
	RateLimiter *rates;
	AccessLog *access_log;
	Metrics metrics;
	Process process;
	Helper helper;
} Daemon;

#endif
