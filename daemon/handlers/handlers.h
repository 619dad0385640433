/* The handlers, for the rows of routes.c; routes.h says what each step is. */
#ifndef DAEMON_HANDLERS_H
#define DAEMON_HANDLERS_H

#include "routes.h"

/* For routes without parameters. */
bool read_nothing(Request *request, const Daemon *daemon, Error *err);

/* search.c: request->question is a finished Query. */
bool read_search(Request *request, const Daemon *daemon, Error *err);
bool answer_search(const Request *request, Daemon *daemon, Response *response, Error *err);

/* question.c: request->question is a finished Question. */
bool read_suggest(Request *request, const Daemon *daemon, Error *err);
bool read_related(Request *request, const Daemon *daemon, Error *err);
bool read_series(Request *request, const Daemon *daemon, Error *err);
bool read_facets(Request *request, const Daemon *daemon, Error *err);
bool answer_question(const Request *request, Daemon *daemon, Response *response, Error *err);

/* page.c: the search page; request->question is its Page (write_page.h). */
bool read_page(Request *request, const Daemon *daemon, Error *err);
bool answer_page(const Request *request, Daemon *daemon, Response *response, Error *err);
void add_page_headers(const Request *request, Response *response);
void show_page_problem(const Request *request, Daemon *daemon, const Error *err, Response *response);

/* asset.c: what web/ has compiled in. Parameters are let through: they are for passing caches by. */
bool read_asset(Request *request, const Daemon *daemon, Error *err);
bool answer_asset(const Request *request, Daemon *daemon, Response *response, Error *err);

/* status.c */
bool answer_status(const Request *request, Daemon *daemon, Response *response, Error *err);

/* health.c */
bool answer_healthz(const Request *request, Daemon *daemon, Response *response, Error *err);
bool answer_readyz(const Request *request, Daemon *daemon, Response *response, Error *err);

/* openapi.c */
bool read_openapi(Request *request, const Daemon *daemon, Error *err);
bool answer_openapi(const Request *request, Daemon *daemon, Response *response, Error *err);

/* metrics.c */
bool answer_metrics(const Request *request, Daemon *daemon, Response *response, Error *err);

#endif
