/* Questions to a running daemon (--url), by libcurl. */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include "blogsearch/arena.h"
#include "blogsearch/buf.h"
#include "blogsearch/error.h"
#include "command.h"

/*
 * A request of the API at @url ("http://127.0.0.1:8017", with or without a last slash and a base path;
 * "unix:/run/blogsearch.sock"): @path with what remote_add() has put behind it.
 */
typedef struct Remote {
	const char *url;
	Buf target; /* path and parameters, encoded */
} Remote;

void remote_init(Remote *remote, const char *url, const char *path);
void remote_deinit(Remote *remote);
/* One more segment of the path; before any parameter. */
void remote_add_segment(Remote *remote, Str segment);
void remote_add(Remote *remote, Str name, Str value);

/*
 * Asks, and appends the body to @out. A problem is an Error with its code, its words and its parameter;
 * ERROR_IO where nobody answers as the daemon does.
 */
MUST_CHECK bool remote_ask(const Remote *remote, Buf *out, Error *err);

#endif
