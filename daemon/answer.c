/*
 * What happens to every request around its handler: method, target, route, rate, index, question,
 * ETag, cache, answer, gzip; then the headers that all answers have, counting and logging. A request that is
 * alike to one before to the byte goes past most of it (answer_prepared).
 */
#include "answer.h"

#include "blogsearch/clock.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"
#include "lost_pages.h"
#include "negotiate.h"
#include "problem.h"
#include "routes.h"

#define METHODS "GET, HEAD, OPTIONS"
/* Seconds that browsers and proxies keep scripts and styles; then they ask whether they are still the same. */
#define ASSET_CACHE_CONTROL "public, max-age=3600"
/* Headers that a page's own code may send along; none of them decides anything here. */
#define ALLOWED_HEADERS "Accept, Accept-Language, Cache-Control, Content-Type, If-None-Match, X-Requested-With"

/* A request on its way through here. */
typedef struct Visit {
	Request *request;
	Daemon *daemon;
	const Settings *settings;
	const Route *route; /* NULL: none */
	Address client;
	Response response;
} Visit;

static bool is_head_or_get(const Request *request)
{
	return request_is(request, STR("GET")) || request_is(request, STR("HEAD"));
}

/* --- Problems ------------------------------------------------------------------------------------------ */

/* When it makes sense to ask again, in seconds; 0: never. */
static uint32_t retry_after(const Error *err)
{
	return err->code == ERROR_INDEX ? 5 : err->code == ERROR_BUSY ? 1 : 0;
}

/* What is wrong inside a file that is being served is the operator's to know. */
static void hide_damage(Visit *visit, const Error **err, Error *neutral)
{
	if ((*err)->code != ERROR_INDEX || !visit->request->engine)
		return;
	snapshot_tell_damage(visit->daemon->snapshots, visit->request->snapshot, *err);
	error_set(neutral, ERROR_INDEX, "the index cannot answer this at the moment");
	error_hint(neutral, "try again later");
	*err = neutral;
}

/* Nobody may keep what is true of this moment only. */
static void problem(Visit *visit, const Error *err)
{
	CLEANUP(error_deinit) Error neutral = ERROR_INIT;
	const Route *route = visit->route;
	Response *response = &visit->response;
	uint32_t seconds = retry_after(err);

	hide_damage(visit, &err, &neutral);
	/* A page is for who looks at it; what asks whether it may ask is a program. */
	if (route && route->show_problem && is_head_or_get(visit->request))
		route->show_problem(visit->request, visit->daemon, err, response);
	else
		problem_respond(err, response);
	response_add_header(response, "Cache-Control", "no-store");
	if (seconds)
		response_add_header(response, "Retry-After",
		                    arena_printf(visit->request->arena, "%u", seconds).data);
	if (err->code == ERROR_BUSY)
		metrics_count_limit(&visit->daemon->metrics, HIT_QUERY_TIME, 1);
	if (err->code == ERROR_URL_LENGTH)
		metrics_count_limit(&visit->daemon->metrics, HIT_URL_BYTES, 1);
	if (response->status == 500)
		log_error(&visit->daemon->log, "a request could not be answered", err);
}

/* --- Other origins --------------------------------------------------------------------------------------- */

/* What Access-Control-Allow-Origin says, of our own list and never of what was sent; STR_EMPTY: nothing. */
static Str allowed_origin(const Visit *visit)
{
	const Settings *settings = visit->settings;
	Str origin = visit->request->headers[HEADER_ORIGIN].value;

	if (settings->takes_any_origin || (visit->route && visit->route->caching == CACHE_ASSET))
		return STR("*");
	if (!origin.len)
		return STR_EMPTY;
	for (size_t i = 0; i < settings->n_origins; i++)
		if (str_equal(settings->origins[i], origin))
			return settings->origins[i];
	if (!settings->n_origins && str_equal(visit->request->snapshot->origin, origin))
		return visit->request->snapshot->origin;
	return STR_EMPTY;
}

static void allow_origin(Visit *visit)
{
	Response *response = &visit->response;
	Str allowed = allowed_origin(visit);

	if (!allowed.len || !visit->request->headers[HEADER_ORIGIN].n)
		return;
	allowed = arena_str_dup(visit->request->arena, allowed);
	response_add_header(response, "Access-Control-Allow-Origin", allowed.data);
	response_add_header(response, "Access-Control-Expose-Headers", "ETag, Retry-After, Server-Timing");
	response_add_header(response, "Timing-Allow-Origin", allowed.data);
}

static void options(Visit *visit)
{
	const Request *request = visit->request;
	Response *response = &visit->response;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	bool is_preflight = request->headers[HEADER_ORIGIN].n && request->headers[HEADER_REQUEST_METHOD].n;

	if (is_preflight && !allowed_origin(visit).len) {
		error_set(&err, ERROR_FORBIDDEN, "pages of this origin may not ask here");
		error_hint(&err, "the operator allows origins with serve.cors_origins");
		problem(visit, &err);
		return;
	}
	response->status = 204;
	response->content_type = NULL;
	response_add_header(response, "Allow", METHODS);
	if (!is_preflight)
		return;
	response_add_header(response, "Access-Control-Allow-Methods", METHODS);
	response_add_header(response, "Access-Control-Allow-Headers", ALLOWED_HEADERS);
	response_add_header(response, "Access-Control-Max-Age", "86400");
}

/* --- Answers --------------------------------------------------------------------------------------------- */

static bool take_engine(Visit *visit, Error *err)
{
	const Snapshot *snapshot = visit->request->snapshot;

	if (snapshot->engine || !visit->route->needs_index)
		return true;
	if (snapshot->trouble.code) {
		error_set(err, ERROR_INDEX, "the index cannot be served: %s", snapshot->trouble.what);
		return snapshot->trouble.hint ? error_hint(err, "%s", snapshot->trouble.hint) : false;
	}
	error_set(err, ERROR_INDEX, "there is no index yet");
	return error_hint(err, "it is served as soon as `blogsearch index` has made it");
}

static bool read_question(Visit *visit, Error *err)
{
	Request *request = visit->request;
	uint64_t start = monotonic_ns();

	buf_append_c(request->key, visit->route->path);
	buf_append(request->key, request->tail);
	buf_append_char(request->key, '\n');
	if (!visit->route->read(request, visit->daemon, err))
		return false;
	request->parse_ns = monotonic_ns() - start;
	return true;
}

static bool make_answer(Visit *visit, Error *err)
{
	Response *response = &visit->response;

	if (!visit->route->answer(visit->request, visit->daemon, response, err))
		return false;
	if (visit->route->needs_index && visit->request->snapshot->n_lost != lost_pages_count())
		return error_at(err, ERROR_INDEX, visit->daemon->options->index, 0, "pages of the file were lost while it was served",
		                "never write an index in place: copy it under another name and rename it");
	if (!buf_failed(response->out))
		return true;
	error_set(err, ERROR_USAGE, "the answer would be larger than %u bytes", LIMIT_RESPONSE_BYTES);
	return error_hint(err, "ask for less with per_page, facet_limit, snippet or fields");
}

/* Equal for equal answers but for `took_ms`, and so a weak one. */
static Str etag_of(const Visit *visit)
{
	const Request *request = visit->request;
	uint64_t tag = visit->route->caching == CACHE_ASSET ? 0 : request->snapshot->tag;

	return arena_printf(request->arena, "W/\"%016llx-%016llx\"", (unsigned long long)tag,
	                    (unsigned long long)hash_bytes(buf_str(request->key)));
}

/*
 * The bodies, from the cache or made now; *ret_is_new where they are not in the cache as they are here. False without
 * an error where they would have to be made for a 304.
 */
static bool get_bodies(Visit *visit, CachedAnswer *ret_bodies, bool *ret_is_new, Error *err)
{
	const Request *request = visit->request;

	*ret_is_new = false;
	if (visit->settings->cache_bytes &&
	    cache_take(visit->daemon->cache, request->snapshot->serial, buf_str(request->key), ret_bodies)) {
		response_add_body_header(&visit->response, "Server-Timing", "cache;desc=hit");
		visit->response.prepare_for = request->snapshot->serial;
		return true;
	}
	if (visit->response.is_not_modified || !make_answer(visit, err))
		return false;
	*ret_bodies = (CachedAnswer){ bytes_new(response_bytes(&visit->response)), NULL };
	*ret_is_new = visit->settings->cache_bytes;
	return true;
}

static void send_bodies(Visit *visit, CachedAnswer bodies, bool is_new)
{
	const Request *request = visit->request;
	Response *response = &visit->response;
	bool is_packed = bodies.plain->len >= GZIP_FROM_BYTES &&
	                 accepts_gzip(request->headers[HEADER_ACCEPT_ENCODING].value);

	if (is_packed && !bodies.packed) {
		bodies.packed = gzip_bytes(visit->daemon->gzip, bytes_str(bodies.plain));
		is_new = bodies.packed && visit->settings->cache_bytes;
	}
	if (is_new)
		cache_keep(visit->daemon->cache, request->snapshot->serial, buf_str(request->key), bodies);
	if (is_packed && bodies.packed) {
		response_add_body_header(response, "Content-Encoding", "gzip");
		response->body = TAKE(bodies.packed);
	} else {
		response->body = TAKE(bodies.plain);
	}
	bytes_unref(bodies.plain);
	bytes_unref(bodies.packed);
}

static bool answer_kept(Visit *visit, Error *err)
{
	const Request *request = visit->request;
	Str known = request->headers[HEADER_IF_NONE_MATCH].value;
	Response *response = &visit->response;
	CachedAnswer bodies;
	bool is_new;

	response->etag = etag_of(visit);
	response->route = (size_t)(visit->route - routes);
	/* Whoever has "*" has not said that there is anything: what is not found stays so (RFC 9110, 13.2.1). */
	response->is_not_modified = !etag_is_any(known) && etag_is_listed(known, response->etag);
	/* No body is made for who has it; one that is there is made ready for all who ask the same. */
	if (get_bodies(visit, &bodies, &is_new, err))
		send_bodies(visit, bodies, is_new);
	else if (!response->is_not_modified)
		return false;
	response->is_not_modified |= etag_is_any(known);
	response_add_header(response, "ETag", response->etag.data);
	/* Copied: SIGHUP may put other settings in place before the answer is sent. */
	response_add_header(response, "Cache-Control",
	                    visit->route->caching == CACHE_ASSET ?
	                            ASSET_CACHE_CONTROL :
	                            arena_to_c(visit->request->arena, str_from_c(visit->settings->cache_control)));
	return true;
}

static bool answer_now(Visit *visit, Error *err)
{
	if (!make_answer(visit, err))
		return false;
	response_add_header(&visit->response, "Cache-Control", "no-store");
	return true;
}

static void answer_route(Visit *visit)
{
	const Route *route = visit->route;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	bool is_done;

	if (route->content_type)
		visit->response.content_type = route->content_type;
	is_done = take_engine(visit, &err) && read_question(visit, &err) &&
	          (route->caching == CACHE_NEVER ? answer_now(visit, &err) : answer_kept(visit, &err));
	if (!is_done) {
		/* Headers of an answer that came to nothing. */
		visit->response.n_headers = 0;
		visit->response.prepare_for = 0;
		problem(visit, &err);
	}
}

/* --- Ways to it ------------------------------------------------------------------------------------------ */

static bool may_ask(const Visit *visit, const Route *route)
{
	const Request *request = visit->request;

	if (request->is_for_metrics)
		return route->audience != FOR_ALL;
	if (route->audience != FOR_OPERATORS)
		return true;
	return !visit->daemon->has_metrics_address && address_is_local(&request->peer) &&
	       !request_is_forwarded(request);
}

static bool is_within_rate(Visit *visit)
{
	const Settings *settings = visit->settings;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	uint32_t seconds;

	if (!settings->rate_limit || visit->route->audience != FOR_ALL ||
	    rate_limiter_admit(visit->daemon->rates, &visit->client, settings->rate_limit, settings->rate_burst,
	                       monotonic_ns(), &seconds))
		return true;
	metrics_count_limit(&visit->daemon->metrics, HIT_RATE, 1);
	error_set(&err, ERROR_RATE, "more than %u requests a second came from this address", settings->rate_limit);
	error_hint(&err, "ask again in %u s", seconds);
	problem(visit, &err);
	response_add_header(&visit->response, "Retry-After", arena_printf(visit->request->arena, "%u", seconds).data);
	return false;
}

static bool find_route(Visit *visit, Error *err)
{
	Request *request = visit->request;
	Str base = request->is_for_metrics ? STR_EMPTY : str_from_c(visit->daemon->options->base_path);
	const Route *route;

	if (!request_read_path(request, base, visit->settings->max_url_bytes, err))
		return false;
	route = route_find(request);
	if (!route || !may_ask(visit, route))
		return error_set(err, ERROR_NOT_FOUND, "there is nothing at this path");
	visit->route = route;
	return request_read_params(request, visit->settings->max_url_bytes, err);
}

static void answer_target(Visit *visit)
{
	const Request *request = visit->request;
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	if (request_is(request, STR("OPTIONS")) && str_equal(request->target, STR("*")))
		options(visit);
	else if (!find_route(visit, &err))
		problem(visit, &err);
	else if (!is_within_rate(visit))
		return;
	else if (is_head_or_get(request))
		answer_route(visit);
	else
		options(visit);
}

/* --- Around -------------------------------------------------------------------------------------------------- */

/* @out may be NULL where there is no response to be made. */
static void begin(Visit *visit, Request *request, Daemon *daemon, Buf *out)
{
	const Snapshot *snapshot = snapshot_take(daemon->snapshots);
	const Settings *settings = snapshot->settings;

	request->snapshot = snapshot;
	request->engine = snapshot->engine;
	*visit = (Visit){
		.request = request, .daemon = daemon, .settings = settings,
		.response = out ? response_new(out) : (Response){ 0 },
		.client = address_of_client(&request->peer, request->headers[HEADER_FORWARDED_FOR].value,
		                            settings->trusted_proxies, settings->n_trusted_proxies),
	};
}

static void log_access(const Visit *visit, unsigned status, uint64_t n_bytes, uint64_t spent_ns)
{
	CLEANUP(buf_deinit) Buf line = BUF_INIT(BUF_NO_CEILING);
	const AccessEntry entry = { visit->request, visit->client, status, n_bytes, spent_ns, time_now() };

	access_log_format(&entry, visit->settings->access_log, visit->settings->access_log_addresses, &line);
	access_log_add(visit->daemon->access_log, buf_str(&line));
}

/* Counts and logs what goes out: a body of @n_bytes, if the method and the status have one. */
static void account(const Visit *visit, unsigned status, uint64_t n_bytes, uint64_t start_ns)
{
	uint64_t spent_ns = monotonic_ns() - start_ns;

	if (status == 304 || request_is(visit->request, STR("HEAD")))
		n_bytes = 0;
	metrics_count_request(&visit->daemon->metrics, visit->route ? (size_t)(visit->route - routes) : n_routes, status,
	                      n_bytes, spent_ns);
	if (visit->settings->access_log != ACCESS_LOG_OFF)
		log_access(visit, status, n_bytes, spent_ns);
}

static Response finish(Visit *visit, uint64_t start_ns)
{
	const Request *request = visit->request;
	Response *response = &visit->response;

	if (visit->route && visit->route->add_headers)
		visit->route->add_headers(request, response);
	response_add_header(response, "X-Content-Type-Options", "nosniff");
	response_add_header(response, "Vary", "Accept-Encoding, Origin");
	allow_origin(visit);
	account(visit, response_status(response), response_bytes(response).len, start_ns);
	snapshot_unref((Snapshot *)request->snapshot);
	return *response;
}

Response answer(Request *request, Daemon *daemon, Buf *out)
{
	uint64_t start_ns = monotonic_ns();
	Visit visit;

	begin(&visit, request, daemon, out);
	answer_target(&visit);
	return finish(&visit, start_ns);
}

bool answer_early(Request *request, Daemon *daemon, Buf *out, Response *ret_response)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	bool is_known = is_head_or_get(request) || request_is(request, STR("OPTIONS"));
	Visit visit;

	if (is_known && request_check(request, &err))
		return false;
	if (!is_known)
		error_set(&err, ERROR_METHOD, "this server only answers " METHODS);
	begin(&visit, request, daemon, out);
	problem(&visit, &err);
	if (!is_known)
		response_add_header(&visit.response, "Allow", METHODS);
	visit.response.closes = true;
	*ret_response = finish(&visit, monotonic_ns());
	return true;
}

/* --- Kept as it went out ------------------------------------------------------------------------------------- */

/* Longer requests are answered the long way. */
#define LONGEST_KEY 4096

/* All that an answer depends on beside index and settings; STR_EMPTY for a request that is not answered so. */
static Str prepared_key(const Request *request)
{
	Str target = request->target, origin = request->headers[HEADER_ORIGIN].value;
	bool has_origin = request->headers[HEADER_ORIGIN].n;
	size_t len = 1 + target.len + has_origin + origin.len;
	char *key;

	if (!is_head_or_get(request) || request->is_for_metrics || len > LONGEST_KEY)
		return STR_EMPTY;
	key = arena_alloc(request->arena, len);
	key[0] = accepts_gzip(request->headers[HEADER_ACCEPT_ENCODING].value) ? 'z' : 'p';
	memcpy(key + 1, target.data, target.len);
	/* Neither can have a line feed. */
	if (has_origin) {
		key[1 + target.len] = '\n';
		memcpy(key + 2 + target.len, origin.data, origin.len);
	}
	return (Str){ key, len };
}

/* Where it may not ask now, the long way says so. */
static bool take_prepared(Visit *visit, Str key, Prepared **ret_prepared)
{
	const Request *request = visit->request;
	const Settings *settings = visit->settings;
	uint32_t seconds;

	return key.len && settings->cache_bytes &&
	       cache_take_prepared(visit->daemon->cache, request->snapshot->serial, key, ret_prepared) &&
	       (!settings->rate_limit ||
	        rate_limiter_admit(visit->daemon->rates, &visit->client, settings->rate_limit, settings->rate_burst,
	                           monotonic_ns(), &seconds));
}

bool answer_prepared(Request *request, Daemon *daemon, Prepared **ret_prepared, bool *ret_is_not_modified)
{
	uint64_t start_ns = monotonic_ns();
	CLEANUP(prepared_unrefp) Prepared *prepared = NULL;
	Visit visit;
	bool is_taken;

	begin(&visit, request, daemon, NULL);
	is_taken = take_prepared(&visit, prepared_key(request), &prepared);
	if (is_taken) {
		visit.route = &routes[prepared->route];
		*ret_is_not_modified = etag_is_listed(request->headers[HEADER_IF_NONE_MATCH].value, prepared->etag);
		account(&visit, *ret_is_not_modified ? 304 : 200, prepared->n_bytes, start_ns);
		*ret_prepared = TAKE(prepared);
	}
	snapshot_unref((Snapshot *)request->snapshot);
	request->snapshot = NULL;
	return is_taken;
}

void answer_keep_prepared(const Request *request, Daemon *daemon, const Response *response, Prepared *prepared)
{
	Str key = prepared_key(request);

	if (key.len)
		cache_keep_prepared(daemon->cache, response->prepare_for, key, prepared);
}
