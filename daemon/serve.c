/*
 * The daemon. Read this first, then routes.c: sockets are bound, rights given up, the index opened
 * and watched, threads started; from then on this thread accepts connections and waits for signals.
 */
#include "blogsearch/daemon.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "http.h"
#include "listen.h"
#include "lost_pages.h"
#include "privileges.h"
#include "refuse.h"
#include "sandbox.h"
#include "settings.h"
#include "state.h"
#include "systemd.h"

#define NS UINT64_C(1000000000)

/* Of serve.max_head_bytes. */
#define LEAST_HEAD_BYTES 4096
#define MOST_HEAD_BYTES  (1u << 20)
/* Of serve.threads: beyond the cores they only wait for each other. */
#define MOST_THREADS 1024

/* How often slow clients are looked for, and (while there are any) refused ones and reloads. */
#define TICK_MS      500
#define BUSY_TICK_MS 50
/* After a signal to stop, for all that are running. */
#define DRAINING_NS (10 * NS)
/* Who has not sent a whole request for that long makes room for somebody new. */
#define MAKE_ROOM_NS NS
/* Nobody is accepted for so long where the system has no descriptor or memory for one more. */
#define PAUSE_NS (50 * UINT64_C(1000000))
/* How often that is said. */
#define SAY_PAUSE_NS (60 * NS)

/*
 * Descriptors beside those of connections: listeners, those who are refused, overlapping ones, and a thread's readers of
 * an old and a new index, its epoll and its event descriptor.
 */
#define OTHER_DESCRIPTORS     192
#define DESCRIPTORS_OF_THREAD 4

typedef struct Server {
	Daemon daemon;
	ListenerVec listeners;
	HttpServer *http;
	Systemd systemd;
	Refused refused;
	sigset_t old_signals;
	int signal_fd;
	uint32_t most_connections; /* what the system allows, whatever the settings say */
	uint32_t overlap; /* connections above the limit while those that were shut down for them are still being closed */
	rlim_t most_descriptors;
	uint64_t paused_until_ns, said_pause_ns;
	uint32_t most_at_once;     /* connections, since memory was given back */
	bool is_reloading;
	uint64_t n_reloads; /* done when it was asked for the newest one */
} Server;

/* Sockets' names go now, or in the end by the helper. */
static void stop_listening(Server *server)
{
	if (server->daemon.helper.fd < 0)
		listeners_remove_sockets(&server->listeners);
	listeners_close(&server->listeners);
}

static void server_deinit(Server *server)
{
	Daemon *daemon = &server->daemon;

	refused_close_all(&server->refused);
	stop_listening(server);
	http_stop(server->http);
	snapshot_keeper_free(daemon->snapshots);
	access_log_free(daemon->access_log);
	cache_free(daemon->cache);
	gzip_pool_free(daemon->gzip);
	rate_limiter_free(daemon->rates);
	connections_free(daemon->connections);
	metrics_deinit(&daemon->metrics);
	process_deinit(&daemon->process);
	helper_stop(&daemon->helper);
	systemd_deinit(&server->systemd);
	close_fd(&server->signal_fd);
	pthread_sigmask(SIG_SETMASK, &server->old_signals, NULL);
}

/* --- Starting -------------------------------------------------------------------------------------------- */

static bool wrong(Error *err, const char *key, const char *value, const char *wanted)
{
	error_set(err, ERROR_USAGE, "%s cannot be \"%s\"", key, value);
	error_hint(err, "%s", wanted);
	return error_parameter(err, key);
}

static bool check_options(const DaemonOptions *options, SandboxMode *ret_sandbox, Error *err)
{
	static const char *const modes[] = { [SANDBOX_OFF] = "off", [SANDBOX_ON] = "on", [SANDBOX_STRICT] = "strict" };
	const char *base = options->base_path;
	size_t len = strlen(base), mode = 0;

	if (!options->n_listen)
		return error_set(err, ERROR_USAGE, "there is no address to listen on");
	if (len && (base[0] != '/' || base[len - 1] == '/'))
		return wrong(err, "serve.base_path", base, "it begins with a slash and ends without one, such as /search");
	if (options->max_head_bytes < LEAST_HEAD_BYTES || options->max_head_bytes > MOST_HEAD_BYTES) {
		error_set(err, ERROR_USAGE, "serve.max_head_bytes cannot be %llu", (unsigned long long)options->max_head_bytes);
		error_hint(err, "it is from %u to %u", LEAST_HEAD_BYTES, MOST_HEAD_BYTES);
		return error_parameter(err, "serve.max_head_bytes");
	}
	if (options->threads > MOST_THREADS) {
		error_set(err, ERROR_USAGE, "serve.threads cannot be %u", options->threads);
		error_hint(err, "it is up to %u; 0: one a core", MOST_THREADS);
		return error_parameter(err, "serve.threads");
	}
	while (mode < ARRAY_SIZE(modes) && strcmp(options->sandbox, modes[mode]) != 0)
		mode++;
	if (mode == ARRAY_SIZE(modes))
		return wrong(err, "serve.sandbox", options->sandbox, "it is on, off or strict");
	*ret_sandbox = (SandboxMode)mode;
	return true;
}

/* Threads that are started later inherit the mask, so that signals arrive at the descriptor alone. */
static bool catch_signals(Server *server, Error *err)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	server->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return server->signal_fd >= 0 || error_errno(err, errno, NULL, "signals cannot be waited for");
}

static uint32_t count_cores(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores > 0 ? (uint32_t)cores : 1;
}

/* More than cores, so that a slow question delays few others. */
static uint32_t count_threads(const DaemonOptions *options, uint32_t cores)
{
	if (options->threads)
		return options->threads;
	return cores > 4 ? cores : 4;
}

static void say_if_fewer(const Server *server, uint32_t wanted)
{
	if (server->most_connections < wanted)
		log_say(&server->daemon.log, "serve.max_connections is %u instead of %u: the limit of open files is %llu",
		        server->most_connections, wanted, (unsigned long long)server->most_descriptors);
}

/* As many descriptors as connections need, or as many connections as descriptors allow. */
static void settle_limits(Server *server)
{
	const DaemonOptions *options = server->daemon.options;
	uint32_t wanted = options->max_connections;
	rlim_t others = OTHER_DESCRIPTORS + (rlim_t)DESCRIPTORS_OF_THREAD * count_threads(options, count_cores());
	/* A reload may ask for more than it started with. */
	rlim_t needed = (rlim_t)wanted * 2 + others;
	struct rlimit limit = { needed, needed };

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < needed) {
		limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	server->most_descriptors = limit.rlim_cur < needed ? limit.rlim_cur : needed;
	/* With very few, most are for all the rest. */
	if (others > server->most_descriptors / 4 * 3)
		others = server->most_descriptors / 4 * 3;
	server->most_connections = (uint32_t)(server->most_descriptors - others);
	server->overlap = (uint32_t)others / 4;
	say_if_fewer(server, wanted);
	server->daemon.connections = connections_new((uint32_t)server->most_descriptors);
}

static bool listen_on_configured(Server *server, Error *err)
{
	const DaemonOptions *options = server->daemon.options;

	for (size_t i = 0; i < options->n_listen; i++)
		if (!listen_on(options->listen[i], false, &server->listeners, err))
			return error_parameter(err, "serve.listen");
	return !*options->metrics_listen || listen_on(options->metrics_listen, true, &server->listeners, err) ||
	       error_parameter(err, "serve.metrics_listen");
}

static bool listen_on_all(Server *server, Error *err)
{
	if (!systemd_sockets(&server->listeners, err) || (!server->listeners.n && !listen_on_configured(server, err)))
		return false;
	VEC_FOREACH (listener, &server->listeners)
		server->daemon.has_metrics_address |= listener->is_for_metrics;
	return true;
}

static void make_parts(Server *server, Settings *settings)
{
	Daemon *daemon = &server->daemon;

	daemon->cache = cache_new(settings->cache_bytes);
	daemon->gzip = gzip_pool_new();
	daemon->rates = rate_limiter_new();
	daemon->access_log = access_log_new(daemon->options->access_log_fd);
	metrics_init(&daemon->metrics);
	daemon->snapshots = snapshot_keeper_new(daemon->options, settings, &daemon->helper, &daemon->log);
}

static bool start_threads(Server *server, Error *err)
{
	Daemon *daemon = &server->daemon;
	uint32_t cores = count_cores();

	return access_log_start(daemon->access_log, err) && snapshot_keeper_watch(daemon->snapshots, err) &&
	       http_start(daemon, count_threads(daemon->options, cores), cores, server->most_connections + server->overlap,
	                  &server->http, err);
}

/* Without a sandbox the daemon does all of it itself. */
static bool start_helper(Server *server, SandboxMode sandbox, Error *err)
{
	Daemon *daemon = &server->daemon;
	bool has_work = daemon->options->config;

	VEC_FOREACH (listener, &server->listeners)
		has_work |= listener->is_made;
	return sandbox == SANDBOX_OFF || !has_work ||
	       helper_start(&daemon->helper, daemon->options->config, &server->listeners, err);
}

/* A slip in the site's name looks like an index that is still to come. */
static void say_if_no_index(const Server *server)
{
	CLEANUP(snapshot_unrefp) Snapshot *snapshot = snapshot_take(server->daemon.snapshots);

	if (!snapshot->engine && !snapshot->trouble.code)
		log_say(&server->daemon.log, "no index yet at %s: it is served as soon as `blogsearch index` has made it",
		        server->daemon.options->index);
}

static bool start(Server *server, Error *err)
{
	const DaemonOptions *options = server->daemon.options;
	CLEANUP(settings_unrefp) Settings *settings = NULL;
	SandboxMode sandbox = SANDBOX_ON;

	if (!check_options(options, &sandbox, err) || !settings_new(options, &settings, err) ||
	    !listen_on_all(server, err) || !become_user(options->user, options->index, err))
		return false;
	/* After the user has changed: what is opened here is looked at with its rights. */
	process_init(&server->daemon.process);
	systemd_init(&server->systemd);
	settle_limits(server);
	lost_pages_survive();
	if (!catch_signals(server, err) || !start_helper(server, sandbox, err) ||
	    !sandbox_enter(sandbox, options->index, &server->daemon.log, err))
		return false;
	make_parts(server, settings);
	say_if_no_index(server);
	return start_threads(server, err);
}

static void say_ready(const Server *server)
{
	const DaemonOptions *options = server->daemon.options;

	VEC_FOREACH (listener, &server->listeners) {
		CLEANUP(free_ptr) char *url = listener->is_unix ? xstrdup(listener->url) :
		                              listener->is_for_metrics ? xasprintf("%s/metrics", listener->url) :
		                                                  xasprintf("%s%s/", listener->url, options->base_path);

		if (options->on_ready)
			options->on_ready(options->context, url);
	}
	systemd_notify(&server->systemd, "READY=1");
}

/* --- Running ---------------------------------------------------------------------------------------------- */

/* A proxy speaks for many; who sits on this machine may be one that nobody told us of. */
static bool has_a_share(const Address *peer, const Settings *settings)
{
	static const Address loopback_4 = { { [10] = 0xff, 0xff, 127, 0, 0, 1 } }, loopback_6 = { { [15] = 1 } };

	for (size_t i = 0; i < settings->n_trusted_proxies; i++)
		if (address_is_within(peer, &settings->trusted_proxies[i]))
			return false;
	return settings->max_connections_per_address && !address_is_unix(peer) && !address_equal(peer, &loopback_4) &&
	       !address_equal(peer, &loopback_6);
}

/* Whether there is room for one more of @peer; else why not. */
static bool has_room(Server *server, const Settings *settings, const Address *peer, Error *err)
{
	Connections *connections = server->daemon.connections;
	Metrics *metrics = &server->daemon.metrics;
	uint32_t n = connections_count(connections), most = settings->max_connections;

	if (has_a_share(peer, settings) && connections_count_of(connections, peer) >= settings->max_connections_per_address) {
		metrics_count_limit(metrics, HIT_CONNECTIONS_PER_ADDRESS, 1);
		error_set(err, ERROR_RATE, "there are too many connections from this address");
		return error_hint(err, "close some, or use one for several requests");
	}
	if (most > server->most_connections)
		most = server->most_connections;
	if (n < most)
		return true;
	if (n < most + server->overlap && connections_make_room(connections, MAKE_ROOM_NS)) {
		metrics_count_limit(metrics, HIT_MADE_ROOM, 1);
		return true;
	}
	metrics_count_limit(metrics, HIT_CONNECTIONS, 1);
	error_set(err, ERROR_BUSY, "there are too many connections at the moment");
	return error_hint(err, "try again in a moment");
}

static void admit(Server *server, const Settings *settings, const Listener *listener, int fd,
                  const struct sockaddr *socket_address, socklen_t len)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Address peer = address_of(socket_address);

	metrics_count_connection(&server->daemon.metrics);
	if (!has_room(server, settings, &peer, &err))
		refuse(&server->refused, fd, &err);
	else if (connections_open(server->daemon.connections, fd, &peer, listener->is_for_metrics))
		http_add(server->http, fd, socket_address, len);
	else
		close(fd);
}

/* A share for each address, so that a flood at one does not keep signals and the others waiting. */
#define ACCEPTED_AT_ONCE 256

/* Else poll() would come back at once for who cannot be accepted. */
static void pause_accepting(Server *server, int errno_value)
{
	uint64_t now = monotonic_ns();

	server->paused_until_ns = now + PAUSE_NS;
	metrics_count_limit(&server->daemon.metrics, HIT_CONNECTIONS, 1);
	if (connections_make_room(server->daemon.connections, MAKE_ROOM_NS))
		metrics_count_limit(&server->daemon.metrics, HIT_MADE_ROOM, 1);
	if (server->said_pause_ns && now - server->said_pause_ns < SAY_PAUSE_NS)
		return;
	server->said_pause_ns = now;
	log_say(&server->daemon.log, "connections wait: none can be accepted at the moment (%s)", strerror(errno_value));
}

static void accept_some(Server *server, const Listener *listener)
{
	CLEANUP(snapshot_unrefp) Snapshot *snapshot = snapshot_take(server->daemon.snapshots);

	for (unsigned i = 0; i < ACCEPTED_AT_ONCE; i++) {
		struct sockaddr_storage address = { 0 };
		socklen_t len = sizeof(address);
		int fd = accept4(listener->fd, (struct sockaddr *)&address, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
				pause_accepting(server, errno);
			return;
		}
		admit(server, snapshot->settings, listener, fd, (struct sockaddr *)&address, len);
	}
}

static uint64_t count_reloads(const Server *server)
{
	SnapshotFigures figures = snapshot_figures(server->daemon.snapshots);

	return figures.n_reloads + figures.n_bad_reloads;
}

static void reload(Server *server)
{
	CLEANUP(free_ptr) char *news = xasprintf("RELOADING=1\nMONOTONIC_USEC=%llu",
	                                         (unsigned long long)(monotonic_ns() / 1000));

	systemd_notify(&server->systemd, news);
	server->is_reloading = true;
	server->n_reloads = count_reloads(server);
	snapshot_keeper_reload(server->daemon.snapshots);
}

static void notice_reload(Server *server)
{
	CLEANUP(snapshot_unrefp) Snapshot *snapshot = NULL;

	if (!server->is_reloading || count_reloads(server) == server->n_reloads)
		return;
	server->is_reloading = false;
	snapshot = snapshot_take(server->daemon.snapshots);
	say_if_fewer(server, snapshot->settings->max_connections);
	systemd_notify(&server->systemd, "READY=1");
}

/* Whether a signal to stop has come. */
static bool read_signals(Server *server)
{
	struct signalfd_siginfo signal;
	bool is_stop = false;

	while (read(server->signal_fd, &signal, sizeof(signal)) == sizeof(signal)) {
		is_stop |= signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGINT;
		if (signal.ssi_signo == SIGHUP)
			reload(server);
	}
	return is_stop;
}

/* From so many connections on, and once so few of them are left, that it pays. */
#define MANY_CONNECTIONS 64
#define FEW_OF_THEM      4

/* A flood of connections leaves its memory with malloc, in pieces of 32 KB. */
static void give_memory_back(Server *server)
{
	uint32_t n = connections_count(server->daemon.connections);

	if (n > server->most_at_once)
		server->most_at_once = n;
	if (server->most_at_once < MANY_CONNECTIONS || n > server->most_at_once / FEW_OF_THEM)
		return;
	malloc_trim(0);
	server->most_at_once = n;
}

static void tick(Server *server)
{
	Daemon *daemon = &server->daemon;
	CLEANUP(snapshot_unrefp) Snapshot *snapshot = snapshot_take(daemon->snapshots);
	const Settings *settings = snapshot->settings;
	Reaped reaped = connections_reap(daemon->connections, settings->head_timeout_ns, settings->answer_timeout_ns);

	metrics_count_limit(&daemon->metrics, HIT_HEAD_TIME, reaped.n_waiting);
	metrics_count_limit(&daemon->metrics, HIT_ANSWER_TIME, reaped.n_answering);
	cache_limit(daemon->cache, settings->cache_bytes);
	give_memory_back(server);
	systemd_keep_alive(&server->systemd, monotonic_ns());
}

/* A listener whose turn it is not has a negative descriptor, which poll() passes over. */
static void choose_listeners(const Server *server, bool is_paused, struct pollfd *fds)
{
	for (size_t i = 0; i < server->listeners.n; i++)
		fds[i] = (struct pollfd){ is_paused ? -1 : server->listeners.items[i].fd, POLLIN, 0 };
}

static void run(Server *server)
{
	size_t n = server->listeners.n + 1;
	CLEANUP(free_ptr) struct pollfd *fds = xnew0_n(struct pollfd, n);
	uint64_t ticked = 0;

	fds[0] = (struct pollfd){ server->signal_fd, POLLIN, 0 };
	for (;;) {
		uint64_t now = monotonic_ns();
		bool is_paused = now < server->paused_until_ns;
		bool is_busy = refused_tidy(&server->refused) || server->is_reloading || is_paused;

		notice_reload(server);
		if (now - ticked >= TICK_MS * UINT64_C(1000000)) {
			tick(server);
			ticked = now;
		}
		choose_listeners(server, is_paused, fds + 1);
		if (poll(fds, n, is_busy ? BUSY_TICK_MS : TICK_MS) < 0 && errno != EINTR)
			return;
		if (fds[0].revents && read_signals(server))
			return;
		for (size_t i = 1; i < n; i++)
			if (fds[i].revents)
				accept_some(server, &server->listeners.items[i - 1]);
	}
}

/* Nobody new; who is being answered is answered to the end. */
static void drain(Server *server)
{
	uint64_t end = monotonic_ns() + DRAINING_NS;

	log_detail(&server->daemon.log, "stopping");
	systemd_notify(&server->systemd, "STOPPING=1");
	stop_listening(server);
	http_drain(server->http);
	while (connections_count_answering(server->daemon.connections) && monotonic_ns() < end)
		poll(NULL, 0, 5);
}

bool daemon_serve(const DaemonOptions *options, Error *err)
{
	CLEANUP(server_deinit) Server server = {
		.daemon = {
			.options = options,
			.log = { options->log, options->context, options->verbose },
			.process = { 0, -1, -1 },
			.helper = HELPER_INIT,
		},
		.systemd = { .fd = -1 },
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
