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

/* status.c */
bool answer_status(const Request *request, Daemon *daemon, Response *response, Error *err);

/* health.c */
bool answer_healthz(const Request *request, Daemon *daemon, Response *response, Error *err);
bool answer_readyz(const Request *request, Daemon *daemon, Response *response, Error *err);

/* metrics.c */
bool answer_metrics(const Request *request, Daemon *daemon, Response *response, Error *err);

#endif
