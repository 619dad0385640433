/*
 * The daemon. Read this first, then routes.c: sockets are bound, rights given up, the index opened
 * and watched, threads started; from then on this thread accepts connections and waits for signals.
 */
#include "blogsearch/daemon.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "connections.h"
#include "http.h"
#include "listen.h"
#include "privileges.h"
#include "state.h"

/* For a request's whole head, and for an answer to be fetched; after a signal to stop, for all that are running. */
#define WAITING_SECONDS   10
#define ANSWERING_SECONDS 30
#define DRAINING_SECONDS  10

#define TICK_MS 1000
#define NS      UINT64_C(1000000000)

/* Descriptors beside those of connections: listeners, index readers, epoll and event descriptors. */
#define OTHER_DESCRIPTORS 256

typedef struct Server {
	Daemon daemon;
	ListenerVec listeners;
	Connections *connections;
	HttpServer *http;
	sigset_t old_signals;
	int signal_fd;
	uint32_t max_connections;
} Server;

static void server_deinit(Server *server)
{
	listeners_close(&server->listeners);
	http_stop(server->http);
	snapshot_keeper_free(server->daemon.snapshots);
	connections_free(server->connections);
	close_fd(&server->signal_fd);
	pthread_sigmask(SIG_SETMASK, &server->old_signals, NULL);
}

/* --- Starting -------------------------------------------------------------------------------------------- */

static bool check_options(const DaemonOptions *options, Error *err)
{
	const char *base = options->base_path;
	size_t len = strlen(base);

	if (!options->n_listen)
		return error_set(err, ERROR_USAGE, "there is no address to listen on");
	if (len && (base[0] != '/' || base[len - 1] == '/')) {
		error_set(err, ERROR_USAGE, "serve.base_path is \"%s\"", base);
		return error_hint(err, "it begins with a slash and ends without one, such as /search");
	}
	return true;
}

/* Threads that are started later inherit the mask, so that signals arrive at the descriptor alone. */
static bool catch_signals(Server *server, Error *err)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &signals, &server->old_signals);
	server->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return server->signal_fd >= 0 || error_errno(err, errno, NULL, "signals cannot be waited for");
}

/* As many descriptors as connections need, or as many connections as descriptors allow. */
static void settle_limits(Server *server)
{
	uint32_t wanted = server->daemon.options->max_connections;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		rlim_t needed = (rlim_t)wanted * 2 + OTHER_DESCRIPTORS;

		if (limit.rlim_cur < needed) {
			limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
			setrlimit(RLIMIT_NOFILE, &limit);
		}
		if (limit.rlim_cur < wanted + OTHER_DESCRIPTORS) {
			server->max_connections = limit.rlim_cur > 2 * OTHER_DESCRIPTORS ?
			                                  (uint32_t)limit.rlim_cur - OTHER_DESCRIPTORS : OTHER_DESCRIPTORS / 2;
			log_say(&server->daemon.log, "serve.max_connections is %u instead of %u: the limit of open files is %llu",
			        server->max_connections, wanted, (unsigned long long)limit.rlim_cur);
			wanted = server->max_connections;
		}
	}
	server->max_connections = wanted;
	server->connections = connections_new(wanted * 2 + OTHER_DESCRIPTORS);
}

static uint32_t count_threads(const DaemonOptions *options)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (options->threads)
		return options->threads;
	return cores > 2 ? (uint32_t)cores : 2;
}

static bool listen_on_all(Server *server, Error *err)
{
	const DaemonOptions *options = server->daemon.options;

	for (size_t i = 0; i < options->n_listen; i++)
		if (!listen_on(options->listen[i], &server->listeners, err))
			return false;
	return true;
}

static bool start(Server *server, Error *err)
{
	const DaemonOptions *options = server->daemon.options;

	if (!check_options(options, err) || !listen_on_all(server, err) || !become_user(options->user, options->index, err))
		return false;
	settle_limits(server);
	server->daemon.snapshots = snapshot_keeper_new(options->index, options->engine, &server->daemon.log);
	return catch_signals(server, err) && snapshot_keeper_watch(server->daemon.snapshots, err) &&
	       http_start(&server->daemon, count_threads(options), server->max_connections * 2, server->connections,
	                  &server->http, err);
}

static void say_ready(const Server *server)
{
	const DaemonOptions *options = server->daemon.options;

	VEC_FOREACH (listener, &server->listeners) {
		CLEANUP(free_ptr) char *url = listener->is_unix ? xstrdup(listener->url) :
		                                                  xasprintf("%s%s/", listener->url, options->base_path);

		if (options->on_ready)
			options->on_ready(options->context, url);
	}
}

/* --- Running ---------------------------------------------------------------------------------------------- */

static void accept_all(Server *server, int listener)
{
	for (;;) {
		struct sockaddr_storage address = { 0 };
		socklen_t len = sizeof(address);
		int fd = accept4(listener, (struct sockaddr *)&address, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			return;
		if (connections_count(server->connections) < server->max_connections &&
		    connections_open(server->connections, fd))
			http_add(server->http, fd, (struct sockaddr *)&address, len);
		else
			close(fd);
	}
}

/* Whether a signal to stop has come. */
static bool read_signals(const Server *server)
{
	struct signalfd_siginfo signal;
	bool is_stop = false;

	while (read(server->signal_fd, &signal, sizeof(signal)) == sizeof(signal))
		is_stop |= signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGINT;
	return is_stop;
}

static void run(Server *server)
{
	size_t n = server->listeners.n + 1;
	CLEANUP(free_ptr) struct pollfd *fds = xnew0_n(struct pollfd, n);

	fds[0] = (struct pollfd){ server->signal_fd, POLLIN, 0 };
	for (size_t i = 1; i < n; i++)
		fds[i] = (struct pollfd){ server->listeners.items[i - 1].fd, POLLIN, 0 };
	for (;;) {
		if (poll(fds, n, TICK_MS) < 0 && errno != EINTR)
			return;
		if (fds[0].revents && read_signals(server))
			return;
		for (size_t i = 1; i < n; i++)
			if (fds[i].revents)
				accept_all(server, fds[i].fd);
		connections_reap(server->connections, WAITING_SECONDS * NS, ANSWERING_SECONDS * NS);
	}
}

/* Nobody new; who is being answered is answered to the end. */
static void drain(Server *server)
{
	uint64_t end = monotonic_ns() + DRAINING_SECONDS * NS;

	log_detail(&server->daemon.log, "stopping");
	listeners_close(&server->listeners);
	http_drain(server->http);
	while (connections_count_answering(server->connections) && monotonic_ns() < end)
		poll(NULL, 0, 5);
}

bool daemon_serve(const DaemonOptions *options, Error *err)
{
	CLEANUP(server_deinit) Server server = {
		.daemon = { .options = options, .log = { options->log, options->context, options->verbose } },
		.signal_fd = -1,
	};

	pthread_sigmask(SIG_SETMASK, NULL, &server.old_signals);
	if (!start(&server, err))
		return false;
	say_ready(&server);
	run(&server);
	drain(&server);
	return true;
}
