/* Addresses to listening sockets. */
#ifndef DAEMON_LISTEN_H
#define DAEMON_LISTEN_H

#include "blogsearch/error.h"
#include "blogsearch/vec.h"

typedef struct Listener {
	int fd;
	char *url; /* owned; what to open: "http://127.0.0.1:8017"; of a Unix socket "unix:/run/x.sock" */
	bool is_unix;
	bool is_for_metrics;
} Listener;

typedef VEC(Listener) ListenerVec;

/*
 * Binds "HOST:PORT", "[IPv6]:PORT", ":PORT" (all addresses) or "unix:PATH" and adds the sockets (a
 * name may have several). ERROR_USAGE for what is no address, ERROR_IO where it cannot be bound.
 */
MUST_CHECK bool listen_on(const char *address, bool is_for_metrics, ListenerVec *listeners, Error *err);
/* Takes a socket that listens already; ERROR_USAGE for what is none. */
MUST_CHECK bool listen_with(int fd, bool is_for_metrics, ListenerVec *listeners, Error *err);
void listeners_close(ListenerVec *listeners);

#endif
