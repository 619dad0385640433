/*
 * What is counted while serving. Labels come from fixed tables: nothing that a visitor sends makes
 * a new one. Counting is a few relaxed additions; handlers/metrics.c writes them out.
 */
#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "blogsearch/cleanup.h"

#define METRICS_STATUSES(X) X(200) X(204) X(304) X(400) X(403) X(404) X(405) X(414) X(429) X(500) X(503)

/* Upper bounds of the latency histogram, in microseconds. */
#define METRICS_BUCKETS(X) X(100) X(250) X(500) X(1000) X(2500) X(5000) X(10000) X(50000) X(250000) X(1000000)

#define COUNT_ONE(x) +1
enum {
	N_METRIC_STATUSES = 0 METRICS_STATUSES(COUNT_ONE) + 1, /* the last one: any other */
	N_METRIC_BUCKETS = 0 METRICS_BUCKETS(COUNT_ONE) + 1,   /* the last one: beyond all */
};
#undef COUNT_ONE

/* Limits that somebody ran into; each with the name of its label. */
#define METRICS_LIMITS(X)                            \
	X(CONNECTIONS, "connections")                \
	X(CONNECTIONS_PER_ADDRESS, "connections_per_address") \
	X(MADE_ROOM, "idle_for_new")                 \
	X(HEAD_TIME, "head_timeout")                 \
	X(ANSWER_TIME, "answer_timeout")             \
	X(HEAD_REFUSED, "head_refused")                  \
	X(URL_BYTES, "url_bytes")                    \
	X(RATE, "rate")                              \
	X(QUERY_TIME, "query_timeout")

typedef enum MetricsLimit {
#define LIMIT_ENUM(name, label) HIT_##name,
	METRICS_LIMITS(LIMIT_ENUM)
#undef LIMIT_ENUM
	N_METRICS_LIMITS
} MetricsLimit;

typedef struct RouteMetrics {
	_Atomic uint64_t by_status[N_METRIC_STATUSES];
	_Atomic uint64_t by_bucket[N_METRIC_BUCKETS];
	_Atomic uint64_t spent_ns, n_bytes;
} RouteMetrics;

typedef struct Metrics {
	_Atomic uint64_t n_connections; /* accepted so far */
	_Atomic uint64_t limits[N_METRICS_LIMITS];
	RouteMetrics *routes; /* n_routes + 1; the last one: no route */
} Metrics;

void metrics_init(Metrics *metrics);
void metrics_deinit(Metrics *metrics);

/* @route: a number into routes[], or n_routes. */
void metrics_count_request(Metrics *metrics, size_t route, unsigned status, uint64_t n_bytes, uint64_t spent_ns);
void metrics_count_limit(Metrics *metrics, MetricsLimit limit, uint64_t n);

static inline void metrics_count_connection(Metrics *metrics)
{
	atomic_fetch_add_explicit(&metrics->n_connections, 1, memory_order_relaxed);
}

static inline uint64_t metrics_get(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

#endif
