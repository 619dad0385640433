/* See snapshot.h. */
#include "snapshot.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/file.h"

/* How often the file is looked at where inotify says nothing (network file systems, a folder that is not there yet). */
#define LOOK_EVERY_MS 1000

struct SnapshotKeeper {
	char *path, *folder;
	const EngineOptions *options; /* borrowed; NULL: the default */
	const Log *log;
	pthread_mutex_t lock;
	Engine *engine;  /* with lock */
	Error trouble;   /* with lock */
	struct stat refused; /* the file that could not be opened: not tried again until it changes */
	pthread_t thread;
	bool is_running;
	int stop_fd, inotify_fd, watch; /* -1: none */
};

/* --- Taking over --------------------------------------------------------------------------------------- */

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void set_trouble(SnapshotKeeper *keeper, Error *err)
{
	pthread_mutex_lock(&keeper->lock);
	error_deinit(&keeper->trouble);
	error_move(&keeper->trouble, err);
	pthread_mutex_unlock(&keeper->lock);
}

static void refuse(SnapshotKeeper *keeper, const struct stat *file, Error *err)
{
	bool is_served = keeper->engine;

	keeper->refused = *file;
	log_error(keeper->log, is_served ? "the new index is not taken, the old one goes on being served" :
	                                   "the index cannot be served", err);
	set_trouble(keeper, err);
}

static void swap(SnapshotKeeper *keeper, Engine *fresh)
{
	const EngineInfo *info = engine_info(fresh);
	Engine *old;

	log_detail(keeper->log, "serving generation %016llx: %u pages", (unsigned long long)info->generation,
	           info->n_pages);
	pthread_mutex_lock(&keeper->lock);
	old = keeper->engine;
	keeper->engine = fresh;
	error_deinit(&keeper->trouble);
	pthread_mutex_unlock(&keeper->lock);
	engine_unref(old);
}

/* Looks whether the file is another one than is being served, and takes it over. Only one thread at a time calls it. */
static void look(SnapshotKeeper *keeper)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	struct stat now;
	Engine *fresh;

	if (stat(keeper->path, &now) < 0) {
		/* What vanished goes on being served; what was never there is said when a visitor asks. */
		if (!keeper->engine && errno != ENOENT && errno != ENOTDIR && !keeper->trouble.code) {
			error_errno(&err, errno, keeper->path, "cannot be looked at");
			refuse(keeper, &(struct stat){ 0 }, &err);
		}
		return;
	}
	if ((keeper->engine && engine_is_current(keeper->engine, keeper->path)) || same_file(&now, &keeper->refused))
		return;
	if (engine_open(keeper->path, keeper->options, &fresh, &err))
		swap(keeper, fresh);
	else if (err.code != ERROR_NOT_FOUND)
		refuse(keeper, &now, &err);
}

/* --- Noticing ------------------------------------------------------------------------------------------ */

static void watch_folder(SnapshotKeeper *keeper)
{
	if (keeper->inotify_fd >= 0 && keeper->watch < 0)
		keeper->watch = inotify_add_watch(keeper->inotify_fd, keeper->folder,
		                                  IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

/* The folder itself was removed or replaced: it is watched anew when it is there again. */
static void read_events(SnapshotKeeper *keeper)
{
	_Alignas(struct inotify_event) char events[4096];
	ssize_t n;

	while ((n = read(keeper->inotify_fd, events, sizeof(events))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *event = (const void *)(events + at);

			if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) {
				if (event->mask & IN_MOVE_SELF)
					inotify_rm_watch(keeper->inotify_fd, keeper->watch);
				keeper->watch = -1;
			}
			at += (ssize_t)(sizeof(*event) + event->len);
		}
}

static void *watch(void *context)
{
	SnapshotKeeper *keeper = context;
	struct pollfd fds[] = { { keeper->stop_fd, POLLIN, 0 }, { keeper->inotify_fd, POLLIN, 0 } };

	for (;;) {
		watch_folder(keeper);
		look(keeper);
		if (poll(fds, ARRAY_SIZE(fds), LOOK_EVERY_MS) < 0 && errno != EINTR)
			break;
		if (fds[0].revents)
			break;
		if (fds[1].revents & POLLIN)
			read_events(keeper);
	}
	return NULL;
}

/* --- From outside ---------------------------------------------------------------------------------------- */

SnapshotKeeper *snapshot_keeper_new(const char *path, const EngineOptions *options, const Log *log)
{
	SnapshotKeeper *keeper = xnew0(SnapshotKeeper);
	Str folder = path_folder(str_from_c(path));

	keeper->path = xstrdup(path);
	keeper->folder = str_dup(folder.len ? folder : path[0] == '/' ? STR("/") : STR("."));
	keeper->options = options;
	keeper->log = log;
	keeper->stop_fd = keeper->inotify_fd = keeper->watch = -1;
	pthread_mutex_init(&keeper->lock, NULL);
	look(keeper);
	return keeper;
}

bool snapshot_keeper_watch(SnapshotKeeper *keeper, Error *err)
{
	int failed;

	keeper->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (keeper->stop_fd < 0)
		return error_errno(err, errno, NULL, "no event descriptor can be made");
	keeper->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (keeper->inotify_fd < 0)
		log_say(keeper->log, "the index is looked at once a second: inotify says no (%s)", strerror(errno));
	failed = pthread_create(&keeper->thread, NULL, watch, keeper);
	if (failed)
		return error_errno(err, failed, NULL, "no thread can be started");
	keeper->is_running = true;
	return true;
}

SnapshotKeeper *snapshot_keeper_free(SnapshotKeeper *keeper)
{
	if (!keeper)
		return NULL;
	if (keeper->is_running) {
		eventfd_write(keeper->stop_fd, 1);
		pthread_join(keeper->thread, NULL);
	}
	close_fd(&keeper->stop_fd);
	close_fd(&keeper->inotify_fd);
	engine_unref(keeper->engine);
	error_deinit(&keeper->trouble);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper->path);
	free(keeper->folder);
	free(keeper);
	return NULL;
}

Engine *snapshot_take(SnapshotKeeper *keeper)
{
	Engine *engine;

	pthread_mutex_lock(&keeper->lock);
	engine = keeper->engine ? engine_ref(keeper->engine) : NULL;
	pthread_mutex_unlock(&keeper->lock);
	return engine;
}

void snapshot_trouble(SnapshotKeeper *keeper, Error *ret)
{
	pthread_mutex_lock(&keeper->lock);
	error_deinit(ret);
	if (keeper->trouble.code) {
		error_set(ret, keeper->trouble.code, "%s", keeper->trouble.what);
		if (keeper->trouble.hint)
			error_hint(ret, "%s", keeper->trouble.hint);
	}
	pthread_mutex_unlock(&keeper->lock);
}
