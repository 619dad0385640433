/*
 * What the daemon answers: one row a route. A handler is two steps, each of which may fail with an
 * Error that becomes a problem: `read` makes the question of the parameters (and its canonical form,
 * which is the key of caches and part of the ETag), `answer` writes the answer to it.
 */
#ifndef DAEMON_ROUTES_H
#define DAEMON_ROUTES_H

#include "request.h"
#include "response.h"
#include "state.h"

typedef enum RouteCaching {
	CACHE_NEVER,    /* no-store: what the process is doing                    */
	CACHE_BY_INDEX, /* the same question of the same index has the same answer */
	CACHE_ASSET,    /* compiled in; changes with the program                   */
} RouteCaching;

/* Who is answered. */
typedef enum RouteAudience {
	FOR_ALL,
	FOR_PROBES,    /* all, without a limit on how often; at the address for metrics as well */
	FOR_OPERATORS, /* where serve.metrics_listen says; otherwise peers on this machine      */
} RouteAudience;

typedef struct Route {
	const char *path; /* a last * stands for what follows: request->tail */
	RouteCaching caching;
	RouteAudience audience;
	bool needs_index; /* 503 while there is none; request->engine is set otherwise */
	const char *content_type; /* NULL: application/json, or what the answerer sets (never with CACHE_BY_INDEX) */
	bool (*read)(Request *request, const Daemon *daemon, Error *err);
	bool (*answer)(const Request *request, Daemon *daemon, Response *response, Error *err);
	/* For what is no JSON; each may be NULL. Headers that go with every answer, and how an Error is shown. */
	void (*add_headers)(const Request *request, Response *response);
	void (*show_problem)(const Request *request, Daemon *daemon, const Error *err, Response *response);
} Route;

extern const Route routes[];
extern const size_t n_routes;

/* NULL where nothing is at the request's path; sets request->tail. */
const Route *route_find(Request *request);

#endif
