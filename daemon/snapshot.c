/* See snapshot.h. */
#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "negotiate.h"

/* How often the file is looked at where inotify says nothing (network file systems, a folder that is not there yet). */
#define LOOK_EVERY_MS 1000

struct SnapshotKeeper {
	const DaemonOptions *options; /* the newest; only the thread looks at them */
	char *path, *folder;
	const Helper *helper;
	const Log *log;
	pthread_mutex_t lock;
	Snapshot *now;           /* with lock */
	SnapshotFigures figures; /* with lock */
	struct stat refused;     /* the file that could not be opened: not tried again until it changes */
	struct stat first_folder; /* the one of the beginning, which a sandbox keeps to; zeroed: none was there */
	atomic_bool is_stopping, wants_reload;
	pthread_t thread;
	bool is_running;
	int wake_fd, inotify_fd, watch; /* -1: none */
};

/* --- Snapshots ----------------------------------------------------------------------------------------- */

/* Takes the references. */
static Snapshot *snapshot_new(Engine *engine, Settings *settings)
{
	Snapshot *snapshot = xnew0(Snapshot);

	atomic_init(&snapshot->n_references, 1);
	snapshot->engine = engine;
	snapshot->settings = settings;
	if (engine) {
		const EngineInfo *info = engine_info(engine);

		snapshot->tag = hash_number(settings->salt, info->generation);
		snapshot->origin = origin_of_url(info->base_url, &snapshot->arena);
	}
	return snapshot;
}

Snapshot *snapshot_unref(Snapshot *snapshot)
{
	if (!snapshot || atomic_fetch_sub(&snapshot->n_references, 1) != 1)
		return NULL;
	engine_unref(snapshot->engine);
	settings_unref(snapshot->settings);
	error_deinit(&snapshot->trouble);
	arena_deinit(&snapshot->arena);
	free(snapshot);
	return NULL;
}

Snapshot *snapshot_take(SnapshotKeeper *keeper)
{
	Snapshot *snapshot;

	pthread_mutex_lock(&keeper->lock);
	snapshot = keeper->now;
	atomic_fetch_add(&snapshot->n_references, 1);
	pthread_mutex_unlock(&keeper->lock);
	return snapshot;
}

static void swap(SnapshotKeeper *keeper, Snapshot *fresh)
{
	Snapshot *old;

	pthread_mutex_lock(&keeper->lock);
	old = keeper->now;
	fresh->serial = old ? old->serial + 1 : 1;
	keeper->now = fresh;
	pthread_mutex_unlock(&keeper->lock);
	snapshot_unref(old);
}

static void count(SnapshotKeeper *keeper, uint64_t *figure)
{
	pthread_mutex_lock(&keeper->lock);
	(*figure)++;
	pthread_mutex_unlock(&keeper->lock);
}

/* --- A new index --------------------------------------------------------------------------------------- */

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Landlock's rules hold for folders, whatever their names are now. */
static void explain_sandbox(const SnapshotKeeper *keeper, Error *err)
{
	CLEANUP(close_fd) int fd = open(keeper->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const struct stat *first = &keeper->first_folder;
	struct stat folder;

	if (fd < 0 && errno == EACCES && first->st_ino && stat(keeper->folder, &folder) == 0 &&
	    (folder.st_ino != first->st_ino || folder.st_dev != first->st_dev))
		error_hint(err, "%s is another folder than at the start, to which serve.sandbox keeps: start the daemon again",
		           keeper->folder);
}

/* What cannot be served is said once; where nothing is served yet, visitors are told as well. */
static void refuse(SnapshotKeeper *keeper, const struct stat *file, Error *err)
{
	const Snapshot *now = keeper->now;

	keeper->refused = *file;
	explain_sandbox(keeper, err);
	count(keeper, &keeper->figures.n_refused);
	log_error(keeper->log, now->engine ? "the new index is not taken, the old one goes on being served" :
	                                     "the index cannot be served", err);
	if (!now->engine) {
		Snapshot *fresh = snapshot_new(NULL, settings_ref(now->settings));

		error_move(&fresh->trouble, err);
		swap(keeper, fresh);
	}
}

static void take_over(SnapshotKeeper *keeper, Engine *engine)
{
	const EngineInfo *info = engine_info(engine);

	log_detail(keeper->log, "serving generation %016llx: %u pages", (unsigned long long)info->generation,
	           info->n_pages);
	swap(keeper, snapshot_new(engine, settings_ref(keeper->now->settings)));
	count(keeper, &keeper->figures.n_taken);
}

/* One that took its place while it was looked at has its own turn: inotify has told of it by then. */
static bool is_still(const SnapshotKeeper *keeper, const struct stat *file)
{
	struct stat now;

	return stat(keeper->path, &now) == 0 && same_file(&now, file);
}

/* Looks whether the file is another one than is being served. Only one thread at a time calls it, and only that one swaps. */
static void look(SnapshotKeeper *keeper)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	const Engine *engine = keeper->now->engine;
	struct stat file;
	Engine *fresh;

	if (stat(keeper->path, &file) < 0) {
		/* What vanished goes on being served; what was never there is said when a visitor asks. */
		if (!engine && errno != ENOENT && errno != ENOTDIR && !keeper->now->trouble.code) {
			error_errno(&err, errno, keeper->path, "cannot be looked at");
			refuse(keeper, &(struct stat){ 0 }, &err);
		}
		return;
	}
	if ((engine && engine_is_current(engine, keeper->path)) || same_file(&file, &keeper->refused))
		return;
	if (engine_open(keeper->path, keeper->options->engine, &fresh, &err))
		take_over(keeper, fresh);
	else if (err.code != ERROR_NOT_FOUND && is_still(keeper, &file))
		refuse(keeper, &file, &err);
}

/* --- New settings ---------------------------------------------------------------------------------------- */

/* The engine once more, because how it understands and ranks is among the settings. */
static bool reopen(SnapshotKeeper *keeper, const DaemonOptions *options, Engine **ret_engine, Error *err)
{
	*ret_engine = NULL;
	return !keeper->now->engine || engine_open(keeper->path, options->engine, ret_engine, err);
}

static bool read_again(SnapshotKeeper *keeper, Error *err)
{
	const DaemonOptions *options;
	CLEANUP(settings_unrefp) Settings *settings = NULL;
	CLEANUP(close_fd) int config = CONFIG_BY_PATH;
	Engine *engine;

	if (!keeper->options->reload)
		return error_set(err, ERROR_USAGE, "there is no configuration to read again");
	if (keeper->helper->has_config && !helper_open_config(keeper->helper, &config, err))
		return false;
	if (!keeper->options->reload(keeper->options->context, config, keeper->options, &options, err) ||
	    !settings_new(options, &settings, err) || !reopen(keeper, options, &engine, err))
		return false;
	swap(keeper, snapshot_new(engine, TAKE(settings)));
	keeper->options = options;
	return true;
}

static void reload(SnapshotKeeper *keeper)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	if (read_again(keeper, &err)) {
		count(keeper, &keeper->figures.n_reloads);
		log_say(keeper->log, "the configuration was read again");
	} else {
		count(keeper, &keeper->figures.n_bad_reloads);
		log_error(keeper->log, "the configuration stays as it was", &err);
	}
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
	struct pollfd fds[] = { { keeper->wake_fd, POLLIN, 0 }, { keeper->inotify_fd, POLLIN, 0 } };
	eventfd_t n;

	while (!atomic_load(&keeper->is_stopping)) {
		watch_folder(keeper);
		look(keeper);
		if (atomic_exchange(&keeper->wants_reload, false))
			reload(keeper);
		if (poll(fds, ARRAY_SIZE(fds), LOOK_EVERY_MS) < 0 && errno != EINTR)
			break;
		if (fds[0].revents & POLLIN)
			eventfd_read(keeper->wake_fd, &n);
		if (fds[1].revents & POLLIN)
			read_events(keeper);
	}
	return NULL;
}

/* --- From outside ---------------------------------------------------------------------------------------- */

SnapshotKeeper *snapshot_keeper_new(const DaemonOptions *options, Settings *settings, const Helper *helper,
                                    const Log *log)
{
	SnapshotKeeper *keeper = xnew0(SnapshotKeeper);
	Str folder = path_folder(str_from_c(options->index));

	keeper->options = options;
	keeper->path = xstrdup(options->index);
	keeper->folder = str_dup(folder.len ? folder : options->index[0] == '/' ? STR("/") : STR("."));
	if (stat(keeper->folder, &keeper->first_folder) < 0)
		keeper->first_folder = (struct stat){ 0 };
	keeper->helper = helper;
	keeper->log = log;
	keeper->wake_fd = keeper->inotify_fd = keeper->watch = -1;
	pthread_mutex_init(&keeper->lock, NULL);
	swap(keeper, snapshot_new(NULL, settings_ref(settings)));
	look(keeper);
	return keeper;
}

bool snapshot_keeper_watch(SnapshotKeeper *keeper, Error *err)
{
	int failed;

	keeper->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (keeper->wake_fd < 0)
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

static void wake(SnapshotKeeper *keeper, atomic_bool *wish)
{
	atomic_store(wish, true);
	eventfd_write(keeper->wake_fd, 1);
}

void snapshot_keeper_reload(SnapshotKeeper *keeper)
{
	wake(keeper, &keeper->wants_reload);
}

SnapshotKeeper *snapshot_keeper_free(SnapshotKeeper *keeper)
{
	if (!keeper)
		return NULL;
	if (keeper->is_running) {
		wake(keeper, &keeper->is_stopping);
		pthread_join(keeper->thread, NULL);
	}
	close_fd(&keeper->wake_fd);
	close_fd(&keeper->inotify_fd);
	snapshot_unref(keeper->now);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper->path);
	free(keeper->folder);
	free(keeper);
	return NULL;
}

SnapshotFigures snapshot_figures(SnapshotKeeper *keeper)
{
	SnapshotFigures figures;

	pthread_mutex_lock(&keeper->lock);
	figures = keeper->figures;
	pthread_mutex_unlock(&keeper->lock);
	return figures;
}
