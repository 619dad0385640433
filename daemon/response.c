/* See response.h. */
#include "response.h"

#include <stdlib.h>

Response response_new(Buf *out)
{
	buf_clear(out);
	return (Response){ .status = 200, .content_type = "application/json", .out = out };
}

void response_add_header(Response *response, const char *name, const char *value)
{
	if (response->n_headers == N_RESPONSE_HEADERS)
		abort(); /* a route with more headers than the struct has room for */
	response->headers[response->n_headers++] = (ResponseHeader){ name, value, false };
}

void response_add_body_header(Response *response, const char *name, const char *value)
{
	response_add_header(response, name, value);
	response->headers[response->n_headers - 1].is_of_body = true;
}

unsigned response_status(const Response *response)
{
	return response->is_not_modified ? 304 : response->status;
}

Str response_bytes(const Response *response)
{
	if (!response->content_type)
		return STR_EMPTY;
	if (response->body)
		return bytes_str(response->body);
	return response->fixed.len ? response->fixed : buf_str(response->out);
}
