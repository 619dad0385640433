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
#include "lost_pages.h"
#include "negotiate.h"

/* How often the file is looked at where inotify says nothing (network file systems, a folder that is not there yet). */
#define LOOK_EVERY_MS 1000

struct SnapshotKeeper {
	const DaemonOptions *options; /* the newest; only the thread looks at them */
	char *path, *folder;
	Helper *helper;
	const Log *log;
	pthread_mutex_t lock;
	Snapshot *now;           /* with lock */
	SnapshotFigures figures; /* with lock */
	uint64_t told_damage;    /* with lock: the generation whose damage was logged */
	bool has_told_damage;    /* with lock */
	struct stat served;      /* the file that the engine reads */
	bool is_outdated;        /* the engine was opened with older options: it is to be opened anew */
	struct stat refused;     /* the file that could not be opened: not tried again until it changes */
	struct stat first_folder; /* the one of the beginning, which a sandbox keeps to; zeroed: none was there */
	atomic_bool is_stopping, wants_reload;
	pthread_t thread;
	bool is_running;
	int wake_fd, inotify_fd, watch; /* -1: none */
};

/* --- Snapshots ----------------------------------------------------------------------------------------- */

/* What came before an engine is opened, by which its answers are told from others'. */
typedef struct Before {
	uint64_t engine_salt;
	unsigned n_lost;
} Before;

/* Takes the references. */
static Snapshot *snapshot_new(Engine *engine, Settings *settings, Before before)
{
	Snapshot *snapshot = xnew0(Snapshot);

	atomic_init(&snapshot->n_references, 1);
	snapshot->engine = engine;
	snapshot->settings = settings;
	snapshot->engine_salt = before.engine_salt;
	snapshot->n_lost = before.n_lost;
	if (engine) {
		const EngineInfo *info = engine_info(engine);

		snapshot->tag = hash_number(hash_number(settings->salt, before.engine_salt), info->generation);
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

/*
 * Whether the engine's file (@file, or whatever has its name now) is no longer what it was, as only one is that was
 * written in place, or that the disk cannot read any more: nothing that the engine says can be believed.
 */
static bool is_spoilt(const SnapshotKeeper *keeper, const struct stat *file)
{
	const struct stat *served = &keeper->served;

	if (!keeper->now->engine)
		return false;
	return keeper->now->n_lost != lost_pages_count() ||
	       (file->st_dev == served->st_dev && file->st_ino == served->st_ino && !same_file(file, served));
}

/* What cannot be served is said once; where nothing can be served, visitors are told as well. */
static void refuse(SnapshotKeeper *keeper, const struct stat *file, Error *err)
{
	const Snapshot *now = keeper->now;
	bool has_spoilt_one = is_spoilt(keeper, file);

	keeper->refused = *file;
	explain_sandbox(keeper, err);
	count(keeper, &keeper->figures.n_refused);
	log_error(keeper->log, has_spoilt_one ? "the index was changed in place while it was served, and cannot be served any "
	                                        "more; copy one under another name and rename it" :
	                       now->engine ? "the new index is not taken, the old one goes on being served" :
	                                     "the index cannot be served", err);
	if (!now->engine || has_spoilt_one) {
		Snapshot *fresh = snapshot_new(NULL, settings_ref(now->settings), (Before){ 0 });

		error_move(&fresh->trouble, err);
		swap(keeper, fresh);
	}
}

static void take_over(SnapshotKeeper *keeper, Engine *engine, const struct stat *file, unsigned n_lost)
{
	const EngineInfo *info = engine_info(engine);
	Settings *settings = settings_ref(keeper->now->settings);

	log_detail(keeper->log, "serving generation %016llx: %u pages", (unsigned long long)info->generation,
	           info->n_pages);
	keeper->served = *file;
	keeper->is_outdated = false;
	swap(keeper, snapshot_new(engine, settings, (Before){ settings->engine_salt, n_lost }));
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
	unsigned n_lost = lost_pages_count();
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
	if ((engine && !keeper->is_outdated && keeper->now->n_lost == n_lost && engine_is_current(engine, keeper->path)) ||
	    same_file(&file, &keeper->refused))
		return;
	if (engine_open(keeper->path, keeper->options->engine, &fresh, &err))
		take_over(keeper, fresh, &file, n_lost);
	else if (err.code != ERROR_NOT_FOUND && is_still(keeper, &file))
		refuse(keeper, &file, &err);
}

/* --- New settings ---------------------------------------------------------------------------------------- */

/*
 * The engine once more, because how it understands and ranks is among the settings. Where its file is missing or damaged
 * just now the old one goes on with the rest of the settings, until look() can open one.
 */
static Snapshot *renew(SnapshotKeeper *keeper, const DaemonOptions *options, Settings *settings)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	const Snapshot *now = keeper->now;
	Before before = { settings->engine_salt, lost_pages_count() };
	struct stat file = { 0 };
	Engine *engine;

	if (!now->engine)
		return snapshot_new(NULL, settings, before);
	(void)!stat(keeper->path, &file);
	if (engine_open(keeper->path, options->engine, &engine, &err)) {
		keeper->served = file;
		keeper->is_outdated = false;
		return snapshot_new(engine, settings, before);
	}
	log_error(keeper->log, "the index cannot be opened anew: the old one goes on being served, with its ranking, synonyms "
	                       "and facets as they were", &err);
	keeper->is_outdated = true;
	return snapshot_new(engine_ref(now->engine), settings, (Before){ now->engine_salt, now->n_lost });
}

/* Why there is no index is as true with other settings. */
static void carry_trouble(const Snapshot *from, Snapshot *to)
{
	if (to->engine || !from->trouble.code)
		return;
	error_at(&to->trouble, from->trouble.code, from->trouble.file, from->trouble.line, from->trouble.what,
	         from->trouble.hint);
}

static bool read_again(SnapshotKeeper *keeper, Error *err)
{
	const DaemonOptions *options;
	CLEANUP(settings_unrefp) Settings *settings = NULL;
	CLEANUP(close_fd) int config = CONFIG_BY_PATH;
	Snapshot *fresh;

	if (!keeper->options->reload)
		return error_set(err, ERROR_USAGE, "there is no configuration to read again");
	if (keeper->helper->has_config && !helper_open_config(keeper->helper, &config, err))
		return false;
	if (!keeper->options->reload(keeper->options->context, config, keeper->options, &options, err))
		return false;
	if (!settings_new(options, &settings, err)) {
		if (options->place)
			options->place(options->context, options, err);
		return false;
	}
	fresh = renew(keeper, options, TAKE(settings));
	carry_trouble(keeper->now, fresh);
	swap(keeper, fresh);
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

SnapshotKeeper *snapshot_keeper_new(const DaemonOptions *options, Settings *settings, Helper *helper, const Log *log)
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
	swap(keeper, snapshot_new(NULL, settings_ref(settings), (Before){ 0 }));
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

void snapshot_tell_damage(SnapshotKeeper *keeper, const Snapshot *snapshot, const Error *err)
{
	uint64_t generation = engine_info(snapshot->engine)->generation;
	bool is_told;

	pthread_mutex_lock(&keeper->lock);
	keeper->figures.n_damaged++;
	is_told = keeper->has_told_damage && keeper->told_damage == generation;
	keeper->has_told_damage = true;
	keeper->told_damage = generation;
	pthread_mutex_unlock(&keeper->lock);
	if (!is_told)
		log_error(keeper->log, "the index is damaged: questions about what cannot be read of it are not answered", err);
}
