/*
 * See http.h. A request passes here in four calls, all in its connection's one thread:
 * begin_request (the raw target, before anything decodes it), handle_request with the head read,
 * handle_request again where its body would be, end_request.
 */
#include "http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>

#include "answer.h"
#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/limits.h"
#include "blogsearch/vec.h"

/* Seconds without a byte, at the most; connections.h knows the time of the whole, which decides. */
#define IDLE_TIMEOUT 600
/* A buffer that has grown beyond is not kept for the next request. */
#define KEEP_BYTES (256u << 10)

/* What a request needs, lent to one after another of the same thread. */
typedef struct Exchange {
	Arena arena;
	Buf out, key;
	Request request;
	Connection *connection;
	bool has_head; /* the first call of handle_request is over */
} Exchange;

typedef struct Worker {
	HttpServer *server;
	struct MHD_Daemon *mhd;
	atomic_uint n_connections;
	_Atomic uint64_t asked_ns; /* since when it has been at the question that it is at; 0: at none */
	VEC(Exchange *) idle; /* of this thread */
} Worker;

struct HttpServer {
	Daemon *daemon;
	atomic_bool is_draining;
	uint32_t n_workers, n_cores;
	Worker workers[];
};

/* --- Exchanges --------------------------------------------------------------------------------------- */

static Exchange *take_exchange(Worker *worker)
{
	Exchange *exchange = worker->idle.n ? worker->idle.items[--worker->idle.n] : NULL;

	if (!exchange) {
		exchange = xnew(Exchange);
		*exchange = (Exchange){ .out = BUF_INIT(LIMIT_RESPONSE_BYTES), .key = BUF_INIT(BUF_NO_CEILING) };
	}
	exchange->request = (Request){ .arena = &exchange->arena, .key = &exchange->key };
	exchange->has_head = false;
	return exchange;
}

static void free_exchange(Exchange *exchange)
{
	arena_deinit(&exchange->arena);
	buf_deinit(&exchange->out);
	buf_deinit(&exchange->key);
	free(exchange);
}

static void give_exchange(Worker *worker, Exchange *exchange)
{
	if (exchange->out.capacity > KEEP_BYTES)
		buf_deinit(&exchange->out);
	buf_clear(&exchange->out);
	buf_clear(&exchange->key);
	arena_reset(&exchange->arena);
	vec_push(&worker->idle, exchange);
}

/* --- A request in -------------------------------------------------------------------------------------- */

static Connection *connection_of(struct MHD_Connection *mhd)
{
	return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/*
 * Ends the target behind its question mark. libmicrohttpd would go on to make a list of parameters in the
 * connection's memory; where thousands of them do not fit it never answers. The text is in that
 * memory, its own and writable; a version that looks at it earlier only goes on as before.
 */
static void hide_parameters(const char *target)
{
	char *question = target ? strchr(target, '?') : NULL;

	if (question && question[1])
		question[1] = '\0';
}

static void *begin_request(void *context, const char *target, struct MHD_Connection *mhd)
{
	Exchange *exchange = take_exchange(context);

	exchange->connection = connection_of(mhd);
	exchange->request.peer = exchange->connection->peer;
	exchange->request.is_for_metrics = exchange->connection->is_for_metrics;
	exchange->request.target = arena_str_dup(&exchange->arena, str_from_c(target ? target : ""));
	hide_parameters(target);
	return exchange;
}

/*
 * Whether a header went on in a next line that begins with a blank (RFC 9112, 5.2). libmicrohttpd 0.9.75 appends
 * such a line to the header's NAME ("Content-Length" and "36" become "Content-Length36"), for which it copies the
 * name; its value stays where it was read. Only so do not the colon and blanks alone part the two.
 */
static bool is_folded(const char *name, size_t name_len, const char *value)
{
	uintptr_t end = (uintptr_t)name + name_len;

	if ((uintptr_t)value <= end)
		return true;
	for (const char *c = name + name_len; c < value; c++)
		if (*c != '\0' && *c != ':' && *c != ' ' && *c != '\t')
			return true;
	return false;
}

static enum MHD_Result add_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                  const char *value, size_t value_len)
{
	Request *request = context;

	(void)kind;
	request->has_fold |= is_folded(name, name_len, value);
	request_add_header(request, (Str){ name, name_len }, (Str){ value, value_len });
	return MHD_YES;
}

static void read_head(Exchange *exchange, struct MHD_Connection *mhd, const char *method, const char *version)
{
	Request *request = &exchange->request;

	exchange->has_head = true;
	request->method = str_from_c(method);
	request->version = str_from_c(version);
	MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, add_header, request);
	connection_is(exchange->connection, CONNECTION_ANSWERING);
}

/* --- An answer out ------------------------------------------------------------------------------------- */

static void release_bytes(void *bytes)
{
	bytes_unref(bytes);
}

static struct MHD_Response *body_of(const Response *response)
{
	Str bytes = response_bytes(response);
	Bytes *body;

	if (!response->body && (!bytes.len || response->fixed.len))
		return MHD_create_response_from_buffer(bytes.len, (void *)bytes.data, MHD_RESPMEM_PERSISTENT);
	body = response->body ? bytes_ref(response->body) : bytes_new(bytes);
	return MHD_create_response_from_buffer_with_free_callback_cls(bytes.len, body->data, release_bytes, body);
}

/* NULL: out of memory. */
static struct MHD_Response *make_response(const Response *response, bool is_not_modified)
{
	struct MHD_Response *made =
		is_not_modified ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT) : body_of(response);

	if (!made)
		return NULL;
	if (response->content_type && !is_not_modified)
		MHD_add_response_header(made, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type);
	for (size_t i = 0; i < response->n_headers; i++)
		if (!is_not_modified || !response->headers[i].is_of_body)
			MHD_add_response_header(made, response->headers[i].name, response->headers[i].value);
	if (response->closes)
		MHD_add_response_header(made, MHD_HTTP_HEADER_CONNECTION, "close");
	return made;
}

/* Owns @response's body from here on. */
static enum MHD_Result send_response(struct MHD_Connection *mhd, Response *response)
{
	struct MHD_Response *sent = make_response(response, response->is_not_modified);
	enum MHD_Result result;

	response->body = bytes_unref(response->body);
	if (!sent)
		return MHD_NO; /* the connection ends */
	result = MHD_queue_response(mhd, response_status(response), sent);
	MHD_destroy_response(sent);
	return result;
}

/* --- Kept as it went out --------------------------------------------------------------------------------- */

/* Both may be sent by any thread at any time, and as often as one likes. */
typedef struct HttpPrepared {
	Prepared base;
	struct MHD_Response *whole, *not_modified;
	char etag[];
} HttpPrepared;

static void release_prepared(Prepared *base)
{
	HttpPrepared *prepared = (HttpPrepared *)(void *)base;

	if (prepared->whole)
		MHD_destroy_response(prepared->whole);
	if (prepared->not_modified)
		MHD_destroy_response(prepared->not_modified);
	free(prepared);
}

static void keep_prepared(const Request *request, Daemon *daemon, const Response *response)
{
	HttpPrepared *prepared = xcalloc(1, sizeof(HttpPrepared) + response->etag.len);

	memcpy(prepared->etag, response->etag.data, response->etag.len);
	prepared->base = (Prepared){ 1, release_prepared, { prepared->etag, response->etag.len }, response->route,
		                     response_bytes(response).len };
	prepared->whole = make_response(response, false);
	prepared->not_modified = make_response(response, true);
	if (prepared->whole && prepared->not_modified)
		answer_keep_prepared(request, daemon, response, &prepared->base);
	prepared_unref(&prepared->base);
}

static bool send_prepared(Request *request, Daemon *daemon, struct MHD_Connection *mhd, enum MHD_Result *ret_result)
{
	CLEANUP(prepared_unrefp) Prepared *base = NULL;
	const HttpPrepared *prepared;
	bool is_not_modified;

	if (!answer_prepared(request, daemon, &base, &is_not_modified))
		return false;
	prepared = (const HttpPrepared *)(const void *)base;
	*ret_result = is_not_modified ? MHD_queue_response(mhd, MHD_HTTP_NOT_MODIFIED, prepared->not_modified) :
	                                MHD_queue_response(mhd, MHD_HTTP_OK, prepared->whole);
	return true;
}

/* --- A request from its head to its end ------------------------------------------------------------------- */

static enum MHD_Result answer_whole(Worker *worker, Exchange *exchange, struct MHD_Connection *mhd)
{
	Daemon *daemon = worker->server->daemon;
	Request *request = &exchange->request;
	bool is_draining = atomic_load_explicit(&worker->server->is_draining, memory_order_relaxed);
	enum MHD_Result result;
	Response response;

	/* What is kept says nothing of closing. */
	if (!is_draining && send_prepared(request, daemon, mhd, &result))
		return result;
	atomic_store_explicit(&worker->asked_ns, monotonic_ns(), memory_order_relaxed);
	response = answer(request, daemon, &exchange->out);
	atomic_store_explicit(&worker->asked_ns, 0, memory_order_relaxed);
	if (response.prepare_for)
		keep_prepared(request, daemon, &response);
	response.closes |= is_draining;
	return send_response(mhd, &response);
}

static enum MHD_Result handle_request(void *context, struct MHD_Connection *mhd, const char *url, const char *method,
                                      const char *version, const char *body, size_t *body_len, void **exchange_of_it)
{
	Worker *worker = context;
	Exchange *exchange = *exchange_of_it;
	Response response;

	(void)url, (void)body, (void)body_len;
	if (!exchange)
		return MHD_NO;
	if (!exchange->has_head) {
		read_head(exchange, mhd, method, version);
		/* An answer at this point discards what follows and closes: right for all that is refused early. */
		return answer_early(&exchange->request, worker->server->daemon, &exchange->out, &response) ?
		               send_response(mhd, &response) : MHD_YES;
	}
	return answer_whole(worker, exchange, mhd);
}

static void end_request(void *context, struct MHD_Connection *mhd, void **exchange_of_it,
                        enum MHD_RequestTerminationCode why)
{
	Worker *worker = context;
	Exchange *exchange = *exchange_of_it;

	(void)mhd;
	if (!exchange)
		return;
	/* Answered by libmicrohttpd itself: too large a head, or a malformed one. */
	if (!exchange->has_head && why == MHD_REQUEST_TERMINATED_WITH_ERROR)
		metrics_count_limit(&worker->server->daemon->metrics, HIT_HEAD_REFUSED, 1);
	connection_is(exchange->connection, CONNECTION_WAITING);
	give_exchange(worker, exchange);
	*exchange_of_it = NULL;
}

/* --- Connections ---------------------------------------------------------------------------------------- */

static void notice_connection(void *context, struct MHD_Connection *mhd, void **socket_context,
                              enum MHD_ConnectionNotificationCode what)
{
	Worker *worker = context;
	int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_context = connections_get(worker->server->daemon->connections, fd);
		return;
	}
	connections_close(worker->server->daemon->connections, fd);
	atomic_fetch_sub(&worker->n_connections, 1);
}

/*
 * As good as so many connections. There are more threads than cores so that one slow question keeps few waiting;
 * but each thread that is woken for a single request costs a third of what a kept answer does. So the
 * spare ones are for many connections, and for new ones while others are held up.
 */
#define IS_SPARE   16
#define IS_HELD_UP (1u << 20)
/* At one question for so long. */
#define HELD_UP_NS UINT64_C(5000000)

static uint32_t how_busy(const HttpServer *server, uint32_t number, uint64_t now)
{
	const Worker *worker = &server->workers[number];
	uint64_t asked = atomic_load_explicit(&worker->asked_ns, memory_order_relaxed);
	bool is_held_up = asked && now > asked && now - asked >= HELD_UP_NS;

	return atomic_load(&worker->n_connections) + (number >= server->n_cores ? IS_SPARE : 0) +
	       (is_held_up ? IS_HELD_UP : 0);
}

static Worker *least_busy(HttpServer *server)
{
	uint64_t now = monotonic_ns();
	uint32_t best = 0, least = UINT32_MAX;

	for (uint32_t i = 0; i < server->n_workers; i++) {
		uint32_t busy = how_busy(server, i, now);

		if (busy < least) {
			best = i;
			least = busy;
		}
	}
	return &server->workers[best];
}

void http_add(HttpServer *server, int fd, const struct sockaddr *address, socklen_t address_len)
{
	Worker *worker = least_busy(server);

	atomic_fetch_add(&worker->n_connections, 1);
	if (MHD_add_connection(worker->mhd, fd, address, address_len) == MHD_YES)
		return;
	/* It has closed the socket, without a word to notice_connection(). */
	connections_close(server->daemon->connections, fd);
	atomic_fetch_sub(&worker->n_connections, 1);
}

static bool start_worker(HttpServer *server, Worker *worker, uint32_t max_connections, Error *err)
{
	worker->server = server;
	worker->mhd = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC, 0, NULL, NULL, handle_request,
		worker, MHD_OPTION_URI_LOG_CALLBACK, begin_request, worker, MHD_OPTION_NOTIFY_COMPLETED, end_request,
		worker, MHD_OPTION_NOTIFY_CONNECTION, notice_connection, worker, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)server->daemon->options->max_head_bytes, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)max_connections, MHD_OPTION_END);
	return worker->mhd || error_errno(err, errno, NULL, "no thread that answers can be started");
}

bool http_start(Daemon *daemon, uint32_t n_threads, uint32_t n_cores, uint32_t max_connections,
                HttpServer **ret_server, Error *err)
{
	CLEANUP(http_stopp) HttpServer *server = xcalloc(1, sizeof(HttpServer) + n_threads * sizeof(Worker));

	server->daemon = daemon;
	server->n_cores = n_cores;
	for (; server->n_workers < n_threads; server->n_workers++)
		if (!start_worker(server, &server->workers[server->n_workers], max_connections, err))
			return false;
	*ret_server = TAKE(server);
	return true;
}

void http_drain(HttpServer *server)
{
	atomic_store(&server->is_draining, true);
}

HttpServer *http_stop(HttpServer *server)
{
	if (!server)
		return NULL;
	for (uint32_t i = 0; i < server->n_workers; i++) {
		Worker *worker = &server->workers[i];

		MHD_stop_daemon(worker->mhd);
		VEC_FOREACH (exchange, &worker->idle)
			free_exchange(*exchange);
		vec_deinit(&worker->idle);
	}
	free(server);
	return NULL;
}
