/* GET /metrics: what is counted, in Prometheus' text format (version 0.0.4). */
#include "handlers.h"

#include <sys/resource.h>

#include "blogsearch/clock.h"

static void family(Buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_one(Buf *out, const char *name, const char *type, const char *help, double value)
{
	family(out, name, type, help);
	buf_printf(out, "%s %.15g\n", name, value);
}

/* --- Requests -------------------------------------------------------------------------------------------- */

static const char *const status_labels[] = {
#define STATUS_LABEL(status) #status,
	METRICS_STATUSES(STATUS_LABEL)
#undef STATUS_LABEL
	"other",
};

static const double bucket_seconds[] = {
#define BUCKET_SECONDS(us) us / 1e6,
	METRICS_BUCKETS(BUCKET_SECONDS)
#undef BUCKET_SECONDS
};

static const char *route_label(size_t route)
{
	return route < n_routes ? routes[route].path : "none";
}

static void put_requests(const Metrics *metrics, Buf *out)
{
	family(out, "blogsearch_http_requests_total", "counter", "Requests by route and status.");
	for (size_t r = 0; r <= n_routes; r++)
		for (size_t s = 0; s < N_METRIC_STATUSES; s++) {
			uint64_t n = metrics_get(&metrics->routes[r].by_status[s]);

			if (n)
				buf_printf(out, "blogsearch_http_requests_total{route=\"%s\",status=\"%s\"} %llu\n",
				           route_label(r), status_labels[s], (unsigned long long)n);
		}
}

static void put_histogram(const RouteMetrics *route, const char *label, Buf *out)
{
	static const char name[] = "blogsearch_http_request_duration_seconds";
	uint64_t n = 0;

	for (size_t b = 0; b < N_METRIC_BUCKETS; b++) {
		n += metrics_get(&route->by_bucket[b]);
		if (b < ARRAY_SIZE(bucket_seconds))
			buf_printf(out, "%s_bucket{route=\"%s\",le=\"%g\"} %llu\n", name, label, bucket_seconds[b],
			           (unsigned long long)n);
		else
			buf_printf(out, "%s_bucket{route=\"%s\",le=\"+Inf\"} %llu\n", name, label, (unsigned long long)n);
	}
	buf_printf(out, "%s_sum{route=\"%s\"} %.9f\n", name, label, (double)metrics_get(&route->spent_ns) / 1e9);
	buf_printf(out, "%s_count{route=\"%s\"} %llu\n", name, label, (unsigned long long)n);
}

static void put_latency(const Metrics *metrics, Buf *out)
{
	family(out, "blogsearch_http_request_duration_seconds", "histogram", "Time to make an answer, without sending it.");
	for (size_t r = 0; r <= n_routes; r++)
		put_histogram(&metrics->routes[r], route_label(r), out);
	family(out, "blogsearch_http_response_body_bytes_total", "counter", "Bytes of bodies by route, as they go out.");
	for (size_t r = 0; r <= n_routes; r++)
		buf_printf(out, "blogsearch_http_response_body_bytes_total{route=\"%s\"} %llu\n", route_label(r),
		           (unsigned long long)metrics_get(&metrics->routes[r].n_bytes));
}

/* --- Limits, cache, index, process ----------------------------------------------------------------------- */

static void put_limits(const Daemon *daemon, Buf *out)
{
	static const char *const labels[] = {
#define LIMIT_LABEL(name, label) [HIT_##name] = label,
		METRICS_LIMITS(LIMIT_LABEL)
#undef LIMIT_LABEL
	};

	put_one(out, "blogsearch_connections", "gauge", "Open connections.", connections_count(daemon->connections));
	put_one(out, "blogsearch_connections_total", "counter", "Connections accepted.",
	        (double)metrics_get(&daemon->metrics.n_connections));
	family(out, "blogsearch_limits_hit_total", "counter", "Times that somebody ran into a limit.");
	for (size_t i = 0; i < N_METRICS_LIMITS; i++)
		buf_printf(out, "blogsearch_limits_hit_total{limit=\"%s\"} %llu\n", labels[i],
		           (unsigned long long)metrics_get(&daemon->metrics.limits[i]));
	put_one(out, "blogsearch_access_log_dropped_total", "counter", "Lines of the access log that nobody took in time.",
	        (double)access_log_dropped(daemon->access_log));
}

static void put_cache(const Daemon *daemon, const Settings *settings, Buf *out)
{
	CacheFigures figures = cache_figures(daemon->cache);

	put_one(out, "blogsearch_cache_hits_total", "counter", "Answers taken from the cache.", (double)figures.n_hits);
	put_one(out, "blogsearch_cache_misses_total", "counter", "Answers that were not in it.", (double)figures.n_misses);
	put_one(out, "blogsearch_cache_evictions_total", "counter", "Answers pushed out by newer ones.",
	        (double)figures.n_evicted);
	put_one(out, "blogsearch_cache_answers", "gauge", "Answers kept.", (double)figures.n_answers);
	put_one(out, "blogsearch_cache_bytes", "gauge", "Bytes that they take.", (double)figures.n_bytes);
	put_one(out, "blogsearch_cache_limit_bytes", "gauge", "Bytes that they may take.", (double)settings->cache_bytes);
}

static void put_index(const Daemon *daemon, const Snapshot *snapshot, Buf *out)
{
	SnapshotFigures figures = snapshot_figures(daemon->snapshots);

	put_one(out, "blogsearch_index_loaded", "gauge", "1 while an index is being served.", snapshot->engine ? 1 : 0);
	if (snapshot->engine) {
		const EngineInfo *info = engine_info(snapshot->engine);

		put_one(out, "blogsearch_index_pages", "gauge", "Pages in it.", info->n_pages);
		family(out, "blogsearch_index_info", "gauge", "Its generation.");
		buf_printf(out, "blogsearch_index_info{generation=\"%016llx\"} 1\n", (unsigned long long)info->generation);
		put_one(out, "blogsearch_index_built_timestamp_seconds", "gauge", "When it was made.",
		        (double)info->built_at);
		put_one(out, "blogsearch_index_age_seconds", "gauge", "How long ago that was.",
		        (double)(time_now() - info->built_at));
	}
	put_one(out, "blogsearch_index_taken_total", "counter", "Index files taken over.", (double)figures.n_taken);
	put_one(out, "blogsearch_index_refused_total", "counter", "Index files that could not be served.",
	        (double)figures.n_refused);
	put_one(out, "blogsearch_index_damage_total", "counter", "Answers that damage of the index being served prevented.",
	        (double)figures.n_damaged);
	put_one(out, "blogsearch_config_reloads_total", "counter", "Times that the configuration was read again.",
	        (double)figures.n_reloads);
	put_one(out, "blogsearch_config_reloads_failed_total", "counter", "Times that it was found wrong and stayed as it was.",
	        (double)figures.n_bad_reloads);
}

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void put_process(const Daemon *daemon, Buf *out)
{
	ProcessFigures figures = process_figures(&daemon->process);
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	family(out, "blogsearch_build_info", "gauge", "The program's version.");
	buf_printf(out, "blogsearch_build_info{version=\"%s\"} 1\n", BLOGSEARCH_VERSION);
	put_one(out, "process_cpu_seconds_total", "counter", "CPU time spent.",
	        seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
	put_one(out, "process_resident_memory_bytes", "gauge", "Memory in use, mapped files included.",
	        (double)figures.resident_bytes);
	put_one(out, "process_private_memory_bytes", "gauge", "Memory in use, mapped files aside.",
	        (double)figures.private_bytes);
	put_one(out, "process_open_fds", "gauge", "Open descriptors.", figures.n_descriptors);
	put_one(out, "process_start_time_seconds", "gauge", "When it started.", (double)daemon->process.started_at);
}

bool answer_metrics(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	(void)err;
	put_process(daemon, response->out);
	put_index(daemon, request->snapshot, response->out);
	put_requests(&daemon->metrics, response->out);
	put_latency(&daemon->metrics, response->out);
	put_limits(daemon, response->out);
	put_cache(daemon, request->snapshot->settings, response->out);
	return true;
}
