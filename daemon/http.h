/*
 * HTTP on sockets that are accepted elsewhere. The only file that sees libmicrohttpd; what it knows of
 * the daemon is answer() and answer_early().
 *
 * Several of its daemons with one thread each, and connections handed round: its own thread pool may
 * put all of them on one thread (epoll), and one slow answer would then delay all others.
 */
#ifndef DAEMON_HTTP_H
#define DAEMON_HTTP_H

#include <stdint.h>
#include <sys/socket.h>

#include "blogsearch/error.h"
#include "state.h"

typedef struct HttpServer HttpServer;

/* daemon->connections gets told of each connection's states. @n_threads beyond @n_cores are spare. */
MUST_CHECK bool http_start(Daemon *daemon, uint32_t n_threads, uint32_t n_cores, uint32_t max_connections,
                           HttpServer **ret_server, Error *err);
/* Takes the connected socket @fd over, which is open in daemon->connections, and closes it in the end. */
void http_add(HttpServer *server, int fd, const struct sockaddr *address, socklen_t address_len);
/* From now on each answer closes its connection. */
void http_drain(HttpServer *server);
/* Ends the threads and closes what is still connected. */
HttpServer *http_stop(HttpServer *server);
DEFINE_FREEP(HttpServer, http_stop)

#endif
