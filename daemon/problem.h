/* What went wrong as application/problem+json (RFC 9457): type, title, status, detail, parameter. */
#ifndef DAEMON_PROBLEM_H
#define DAEMON_PROBLEM_H

#include "blogsearch/buf.h"
#include "blogsearch/error.h"
#include "response.h"

/* "Not Found"; "Error" for a status that nothing here gives. */
const char *problem_title(unsigned status);

/* Makes @response the answer to @err: status by its code, Retry-After where one may come again. */
void problem_respond(const Error *err, Response *response);

#endif
