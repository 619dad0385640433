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

typedef struct Route {
	const char *path; /* a last segment of * stands for one segment: request->tail */
	RouteCaching caching;
	bool needs_index; /* 503 while there is none; request->engine is set otherwise */
	bool (*read)(Request *request, const Daemon *daemon, Error *err);
	bool (*answer)(const Request *request, Daemon *daemon, Response *response, Error *err);
	/* How an Error is shown; NULL: as application/problem+json. */
	void (*show_problem)(const Request *request, Daemon *daemon, const Error *err, Response *response);
} Route;

extern const Route routes[];
extern const size_t n_routes;

/* NULL where nothing is at the request's path; sets request->tail. */
const Route *route_find(Request *request);

#endif
