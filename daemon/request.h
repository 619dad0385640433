/*
 * A request as a plain value. http.c fills in what came over the wire; request_check() and
 * request_read_…() are pure, need no socket, and are the only ones that interpret it.
 */
#ifndef DAEMON_REQUEST_H
#define DAEMON_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "blogsearch/arena.h"
#include "blogsearch/buf.h"
#include "blogsearch/error.h"
#include "blogsearch/str.h"
#include "snapshot.h"

/* The headers that anything here looks at. Each decision that rests on one is also in Vary. */
typedef enum RequestHeader {
	HEADER_HOST,
	HEADER_CONTENT_LENGTH,
	HEADER_TRANSFER_ENCODING,
	HEADER_ORIGIN,
	HEADER_ACCEPT_ENCODING,
	HEADER_IF_NONE_MATCH,
	HEADER_REQUEST_METHOD, /* Access-Control-Request-Method: a preflight */
	HEADER_FORWARDED_FOR, /* all lines, joined by commas: proxies append lines as well as parts */
	HEADER_FORWARDED,
	HEADER_REAL_IP,
	HEADER_VIA,
	HEADER_REFERER,
	HEADER_USER_AGENT,
	N_REQUEST_HEADERS
} RequestHeader;

typedef struct RequestParam {
	Str name, value; /* decoded once, valid UTF-8 */
} RequestParam;

typedef struct Request {
	Arena *arena; /* of this request alone */

	/* As it came; the bytes are http.c's and live as long as the request. */
	Str method, target, version;
	struct {
		Str value;  /* the first one */
		unsigned n; /* how often it stands there */
	} headers[N_REQUEST_HEADERS];
	bool has_bad_name;   /* of a header: no token, such as "Content-Length " */
	bool has_fold;       /* a header went on in the next line */
	Address peer;        /* the other end of the connection */
	bool is_for_metrics; /* it came by the address for them */

	/* Filled by request_read_path() and request_read_params(). */
	Str path; /* decoded, below the base path: "/v1/search" */
	RequestParam *params; /* in order */
	size_t n_params;

	/* Filled while it is being answered. */
	const Snapshot *snapshot; /* held for the request */
	Engine *engine;           /* the snapshot's; never NULL where the route needs one */
	Str tail;          /* what the * of the route's path stands for */
	uint64_t parse_ns; /* spent on reading the question */
	void *question; /* what the route's reader made of the parameters; its answerer knows the type */
	Buf *key;       /* the question in canonical form: what the answer depends on beside the index */
} Request;

/* Keeps what the table knows, counts doubles; others are passed over. */
void request_add_header(Request *request, Str name, Str value);

/*
 * Whether the message is one that no two programs in a row could understand differently: one Host,
 * no body, one length, HTTP/1.0 or 1.1. ERROR_USAGE otherwise: answer and close the connection.
 */
MUST_CHECK bool request_check(const Request *request, Error *err);

/*
 * Decodes the path of the target. ERROR_URL_LENGTH where the path alone is longer than @max_bytes;
 * ERROR_USAGE for what is no path in percent-encoded UTF-8 without NUL; ERROR_NOT_FOUND for one
 * outside @base_path ("" or "/search").
 */
MUST_CHECK bool request_read_path(Request *request, Str base_path, size_t max_bytes, Error *err);

/*
 * Splits and decodes the parameters of the target. ERROR_URL_LENGTH where that is longer than @max_bytes;
 * ERROR_USAGE, with the parameter where there is one, for what is no percent-encoding of UTF-8
 * without NUL, or too many. Those before the wrong one are there even then.
 */
MUST_CHECK bool request_read_params(Request *request, size_t max_bytes, Error *err);

/* Whether a proxy says that it passed the request on. */
bool request_is_forwarded(const Request *request);

/* ERROR_USAGE where there is a parameter other than "_", which passes caches by. */
MUST_CHECK bool request_takes_no_params(const Request *request, Error *err);

static inline bool request_is(const Request *request, Str method)
{
	return str_equal(request->method, method);
}

#endif
