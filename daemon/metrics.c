/* See metrics.h. */
#include "metrics.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "routes.h"

static const unsigned statuses[] = {
#define STATUS_ROW(status) status,
	METRICS_STATUSES(STATUS_ROW)
#undef STATUS_ROW
};

static const uint32_t buckets_us[] = {
#define BUCKET_ROW(us) us,
	METRICS_BUCKETS(BUCKET_ROW)
#undef BUCKET_ROW
};

void metrics_init(Metrics *metrics)
{
	*metrics = (Metrics){ .routes = xnew0_n(RouteMetrics, n_routes + 1) };
}

void metrics_deinit(Metrics *metrics)
{
	free(metrics->routes);
	metrics->routes = NULL;
}

static void add(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void metrics_count_request(Metrics *metrics, size_t route, unsigned status, uint64_t n_bytes, uint64_t spent_ns)
{
	RouteMetrics *counted = &metrics->routes[route];
	size_t s = 0, b = 0;

	while (s < ARRAY_SIZE(statuses) && statuses[s] != status)
		s++;
	while (b < ARRAY_SIZE(buckets_us) && spent_ns > buckets_us[b] * UINT64_C(1000))
		b++;
	add(&counted->by_status[s], 1);
	add(&counted->by_bucket[b], 1);
	add(&counted->spent_ns, spent_ns);
	add(&counted->n_bytes, n_bytes);
}

void metrics_count_limit(Metrics *metrics, MetricsLimit limit, uint64_t n)
{
	if (n)
		add(&metrics->limits[limit], n);
}
