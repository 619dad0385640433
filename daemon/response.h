/* An answer as a plain value; http.c puts it on the wire. */
#ifndef DAEMON_RESPONSE_H
#define DAEMON_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

#include "blogsearch/buf.h"
#include "blogsearch/error.h"
#include "blogsearch/str.h"
#include "bytes.h"

#define N_RESPONSE_HEADERS 16

/* Both texts are literals or live in the request's arena. Never made of what a visitor sent. */
typedef struct ResponseHeader {
	const char *name, *value;
	bool is_of_body; /* left out where the body is: 304 */
} ResponseHeader;

typedef struct Response {
	unsigned status;
	const char *content_type; /* NULL: no body */
	Buf *out;    /* where the body is written: the request's, with a ceiling of LIMIT_RESPONSE_BYTES */
	Bytes *body; /* owned; instead of .out: a body that is kept */
	Str fixed;   /* instead of both: bytes that live as long as the program */
	ResponseHeader headers[N_RESPONSE_HEADERS];
	size_t n_headers;
	bool closes; /* the connection ends with this answer */

	/* What the visitor has already: 304 goes out instead, without what belongs to the body. */
	bool is_not_modified;
	/* Worth being kept as it goes out (prepared.h), under the index and settings that are counted so; 0: not. */
	uint64_t prepare_for;
	Str etag;     /* of an answer that is to be kept so */
	size_t route; /* of it, a number into routes[] */
} Response;

/* 200, application/json, an empty body to be written to @out. */
Response response_new(Buf *out);
void response_add_header(Response *response, const char *name, const char *value);
/* One that says something of the body, which a 304 does not have. */
void response_add_body_header(Response *response, const char *name, const char *value);
/* As it goes out. */
unsigned response_status(const Response *response);
/* The bytes of the body, whichever of the three holds them. */
Str response_bytes(const Response *response);

#endif
