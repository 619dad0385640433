/* See listen.h. */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/str.h"

#define BACKLOG 1024

static bool no_address(const char *address, Error *err)
{
	error_set(err, ERROR_USAGE, "\"%s\" is no address to listen on", address);
	return error_hint(err, "write HOST:PORT, [IPv6]:PORT or unix:/PATH");
}

static bool cannot_bind(const char *address, int errno_value, Error *err)
{
	char reason[256];

	if (errno_value == EADDRINUSE) {
		error_set(err, ERROR_IO, "%s is in use by another program", address);
		return error_hint(err, "stop that one, or choose another address with --listen");
	}
	if (errno_value == EADDRNOTAVAIL) {
		error_set(err, ERROR_IO, "%s is no address of this machine", address);
		return error_hint(err, "choose one of its own with --listen");
	}
	error_set(err, ERROR_IO, "%s cannot be listened on: %s", address,
	          strerror_r(errno_value, reason, sizeof(reason)));
	return errno_value == EACCES ? error_hint(err, "ports below 1024 are root's") : false;
}

/* --- Internet ------------------------------------------------------------------------------------------ */

/* Where somebody on this machine finds it. */
static char *url_of(int fd)
{
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	char host[INET6_ADDRSTRLEN] = "";

	if (getsockname(fd, (struct sockaddr *)&bound, &len) < 0)
		return xstrdup("http://?");
	if (bound.ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)&bound;
		bool is_any = IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr);

		inet_ntop(AF_INET6, is_any ? &in6addr_loopback : &in6->sin6_addr, host, sizeof(host));
		return xasprintf("http://[%s]:%u", host, ntohs(in6->sin6_port));
	}
	const struct sockaddr_in *in = (const void *)&bound;
	struct in_addr shown = in->sin_addr;

	if (shown.s_addr == htonl(INADDR_ANY))
		shown.s_addr = htonl(INADDR_LOOPBACK);
	inet_ntop(AF_INET, &shown, host, sizeof(host));
	return xasprintf("http://%s:%u", host, ntohs(in->sin_port));
}

static bool listen_internet(const struct addrinfo *info, const char *address, bool is_for_metrics,
                            ListenerVec *listeners, Error *err)
{
	CLEANUP(close_fd) int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int on = 1;

	if (fd < 0)
		return cannot_bind(address, errno, err);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* So that [::]:80 and 0.0.0.0:80 stand beside each other. */
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, info->ai_addr, info->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0)
		return cannot_bind(address, errno, err);
	vec_push(listeners, (Listener){ fd, url_of(fd), false, is_for_metrics, false, { 0 } });
	fd = -1;
	return true;
}

static void free_infos(struct addrinfo **infos)
{
	if (*infos)
		freeaddrinfo(*infos);
}

/* "[::1]:80" to "::1" and "80"; false for what has not that shape. */
static bool split(Str address, Str *ret_host, Str *ret_port)
{
	size_t colon = str_rfind_char(address, ':');
	uint64_t number;

	if (colon == STR_NOT_FOUND)
		return false;
	*ret_host = str_slice(address, 0, colon);
	*ret_port = str_from(address, colon + 1);
	if (!str_to_u64(*ret_port, &number) || number > UINT16_MAX)
		return false;
	if (str_starts_with(*ret_host, STR("["))) {
		if (!str_ends_with(*ret_host, STR("]")))
			return false;
		*ret_host = str_slice(*ret_host, 1, ret_host->len - 1);
		return ret_host->len > 0;
	}
	return str_find_char(*ret_host, ':') == STR_NOT_FOUND;
}

static bool resolve_and_listen(const char *address, bool is_for_metrics, ListenerVec *listeners, Error *err)
{
	struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM };
	CLEANUP(free_infos) struct addrinfo *infos = NULL;
	CLEANUP(free_ptr) char *host_name = NULL;
	CLEANUP(free_ptr) char *port_name = NULL;
	Str host, port;
	int failed;

	if (!split(str_from_c(address), &host, &port))
		return no_address(address, err);
	host_name = host.len && !str_equal(host, STR("*")) ? str_dup(host) : NULL;
	port_name = str_dup(port);
	failed = getaddrinfo(host_name, port_name, &hints, &infos);
	if (failed) {
		error_set(err, ERROR_IO, "%s cannot be listened on: %s", address, gai_strerror(failed));
		return error_hint(err, "name an address of this machine");
	}
	for (const struct addrinfo *info = infos; info; info = info->ai_next)
		if (!listen_internet(info, address, is_for_metrics, listeners, err))
			return false;
	return true;
}

/* --- Unix ------------------------------------------------------------------------------------------------ */

/* A socket that a process left behind: its name is free again. One that answers is in use. */
static bool remove_stale(const struct sockaddr_un *name)
{
	CLEANUP(close_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat info;

	if (lstat(name->sun_path, &info) < 0 || !S_ISSOCK(info.st_mode))
		return false;
	return connect(fd, (const struct sockaddr *)name, sizeof(*name)) < 0 && errno == ECONNREFUSED &&
	       unlink(name->sun_path) == 0;
}

static bool listen_unix(const char *address, const char *path, bool is_for_metrics, ListenerVec *listeners, Error *err)
{
	CLEANUP(close_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct stat made = { 0 };
	bool is_bound;

	if (!*path)
		return no_address(address, err);
	if (strlen(path) >= sizeof(name.sun_path)) {
		error_set(err, ERROR_USAGE, "%s is too long for a socket's path", address);
		return error_hint(err, "it may have %zu bytes", sizeof(name.sun_path) - 1);
	}
	if (fd < 0)
		return cannot_bind(address, errno, err);
	strcpy(name.sun_path, path);
	is_bound = bind(fd, (const struct sockaddr *)&name, sizeof(name)) == 0;
	if (!is_bound && errno == EADDRINUSE) {
		is_bound = remove_stale(&name) && bind(fd, (const struct sockaddr *)&name, sizeof(name)) == 0;
		errno = EADDRINUSE;
	}
	/* Whoever may enter the folder may ask: a proxy runs as another user. */
	if (!is_bound || chmod(path, 0666) < 0 || listen(fd, BACKLOG) < 0)
		return cannot_bind(address, errno, err);
	vec_push(listeners, (Listener){ fd, xstrdup(address), true, is_for_metrics, lstat(path, &made) == 0, made });
	fd = -1;
	return true;
}

bool listen_on(const char *address, bool is_for_metrics, ListenerVec *listeners, Error *err)
{
	if (strncmp(address, "unix:", 5) == 0)
		return listen_unix(address, address + 5, is_for_metrics, listeners, err);
	return resolve_and_listen(address, is_for_metrics, listeners, err);
}

/* --- Handed over ------------------------------------------------------------------------------------------ */

bool listen_with(int fd, bool is_for_metrics, ListenerVec *listeners, Error *err)
{
	struct sockaddr_un name = { 0 };
	socklen_t len = sizeof(name), flag_len = sizeof(int);
	int is_listening = 0;
	bool is_unix;

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &flag_len) < 0 || !is_listening) {
		error_set(err, ERROR_USAGE, "descriptor %d, which was handed over, is no listening socket", fd);
		return error_hint(err, "the socket unit needs ListenStream= and Accept=no");
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	is_unix = getsockname(fd, (struct sockaddr *)&name, &len) == 0 && name.sun_family == AF_UNIX;
	vec_push(listeners, (Listener){ fd, is_unix ? xasprintf("unix:%s", name.sun_path) : url_of(fd), is_unix,
		                        is_for_metrics, false, { 0 } });
	return true;
}

void listeners_remove_sockets(const ListenerVec *listeners)
{
	VEC_FOREACH (listener, listeners) {
		const char *path = listener->url + strlen("unix:");
		struct stat now;

		/* Another daemon may have put its own there meanwhile. */
		if (listener->is_made && lstat(path, &now) == 0 && now.st_ino == listener->made.st_ino &&
		    now.st_dev == listener->made.st_dev)
			unlink(path);
	}
}

void listeners_close(ListenerVec *listeners)
{
	VEC_FOREACH (listener, listeners) {
		close_fd(&listener->fd);
		free(listener->url);
	}
	vec_deinit(listeners);
}
