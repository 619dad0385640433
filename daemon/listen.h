/* Addresses to listening sockets. */
#ifndef DAEMON_LISTEN_H
#define DAEMON_LISTEN_H

#include <sys/stat.h>

#include "blogsearch/error.h"
#include "blogsearch/vec.h"

typedef struct Listener {
	int fd;
	char *url; /* owned; what to open: "http://127.0.0.1:8017"; of a Unix socket "unix:/run/x.sock" */
	bool is_unix;
	bool is_for_metrics;
	bool is_made; /* a Unix socket whose name was made here, not handed over */
	struct stat made;
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
/* Removes the names of Unix sockets that were made here and are still theirs, where that is allowed. */
void listeners_remove_sockets(const ListenerVec *listeners);

#endif
