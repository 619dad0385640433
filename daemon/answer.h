/* From a request to its answer, without a socket. */
#ifndef DAEMON_ANSWER_H
#define DAEMON_ANSWER_H

#include "request.h"
#include "response.h"
#include "state.h"

/*
 * Answers @request: always, whatever came, and counts and logs it. request->arena and request->key are
 * set; the body is written to @out or is a reference of the response. Safe from any number of threads.
 */
Response answer(Request *request, Daemon *daemon, Buf *out);

/*
 * True with an answer that was kept ready for a request such as this one, counted and logged, as a reference for
 * prepared_unref(); *ret_is_not_modified where the visitor has its body. False: answer() it.
 */
MUST_CHECK bool answer_prepared(Request *request, Daemon *daemon, Prepared **ret_prepared, bool *ret_is_not_modified);
/* Keeps what was made of @response, which has .prepare_for. */
void answer_keep_prepared(const Request *request, Daemon *daemon, const Response *response, Prepared *prepared);

/*
 * What can be said of a request before its body is read: true, with *ret_response (which closes the
 * connection), where it must not be read any further.
 */
bool answer_early(Request *request, Daemon *daemon, Buf *out, Response *ret_response);

#endif
