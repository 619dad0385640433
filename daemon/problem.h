/* What went wrong as application/problem+json (RFC 9457): type, title, status, detail, parameter. */
#ifndef DAEMON_PROBLEM_H
#define DAEMON_PROBLEM_H

#include "blogsearch/buf.h"
#include "blogsearch/error.h"
#include "response.h"

/* "Not Found"; "Error" for a status that nothing here gives. */
const char *problem_title(unsigned status);

/* The JSON of it. */
void problem_write(const Error *err, unsigned status, Buf *out);

/* Makes @response the answer to @err, with the status of its code. Headers stay. */
void problem_respond(const Error *err, Response *response);

#endif
