/*
 * See blogsearch/watch.h. Every folder of the site has an inotify watch (inotify(7)); which
 * file it was does not matter, a run finds that out itself and faster than events can be
 * followed through renames. So a burst (an editor's, git's) becomes one run, and a lost event
 * costs nothing that the next look by the clock does not mend.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/file.h"
#include "blogsearch/limits.h"
#include "blogsearch/vec.h"
#include "blogsearch/watch.h"

#define QUIET_MS       150    /* nothing may have happened for so long before a run   */
#define QUIET_MOST_MS  2000   /* but a burst that does not end is not waited for       */
#define LOOK_MS        300000 /* by the clock, for what nobody tells of                */
#define POLL_MS        2000   /* where nobody tells of anything                        */
#define BUSY_MS        1000   /* another indexer is at work                            */

#ifndef SMB2_SUPER_MAGIC
#define SMB2_SUPER_MAGIC 0xfe534d42
#endif
#define CIFS_MAGIC 0xff534d42
#define FUSE_MAGIC 0x65735546

#define EVENTS (IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | \
	        IN_MOVE_SELF)

typedef struct Watcher {
	IndexOptions options;
	const WatchHooks *hooks;
	int fd; /* of inotify; -1: the site is looked at by the clock alone */
	char *index_name; /* files that begin so are our own */
	bool has_new_folders;
	bool is_told; /* that it goes by the clock */
} Watcher;

/* --- Which folders are watched ------------------------------------------------------------------- */

static bool watch_below(Watcher *watcher, int folder, const char *path, unsigned depth);

/* What no site keeps its pages in; the last two are Hugo's output. */
static bool is_left_out(const char *name, unsigned depth)
{
	return name[0] == '.' || strcmp(name, "node_modules") == 0 ||
	       (depth == 0 && (strcmp(name, "public") == 0 || strcmp(name, "resources") == 0));
}

static bool is_folder(const struct dirent *entry, int folder)
{
	struct stat info;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(folder, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

static bool watch_entries(Watcher *watcher, DIR *dir, const char *path, unsigned depth)
{
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		CLEANUP(free_ptr) char *below = NULL;
		int fd;

		if (is_left_out(entry->d_name, depth) || !is_folder(entry, dirfd(dir)))
			continue;
		below = xasprintf("%s/%s", path, entry->d_name);
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && !watch_below(watcher, fd, below, depth + 1))
			return false;
	}
	return true;
}

/* Takes @folder over. False where the system gives no more watches; what vanishes meanwhile is not missed. */
static bool watch_below(Watcher *watcher, int folder, const char *path, unsigned depth)
{
	DIR *dir = fdopendir(folder);
	bool is_watched;

	if (!dir) {
		close(folder);
		return true;
	}
	is_watched = inotify_add_watch(watcher->fd, path, EVENTS | IN_ONLYDIR | IN_DONT_FOLLOW) >= 0 || errno == ENOENT ||
	             errno == ENOTDIR || errno == EACCES;
	if (is_watched && depth < LIMIT_FOLDER_DEPTH)
		is_watched = watch_entries(watcher, dir, path, depth);
	closedir(dir);
	return is_watched;
}

/* File systems of other machines do not tell of what happens there. */
static bool tells_of_changes(const char *site)
{
	struct statfs info;

	if (statfs(site, &info) < 0)
		return false;
	switch ((unsigned long)info.f_type) {
	case NFS_SUPER_MAGIC:
	case SMB_SUPER_MAGIC:
	case SMB2_SUPER_MAGIC:
	case CIFS_MAGIC:
	case FUSE_MAGIC:
	case V9FS_MAGIC:
		return false;
	default:
		return true;
	}
}

static void stop_listening(Watcher *watcher)
{
	if (watcher->fd >= 0)
		close(watcher->fd);
	watcher->fd = -1;
}

static void go_by_the_clock(Watcher *watcher, const char *why)
{
	CLEANUP(free_ptr) char *note = xasprintf("%s; the site is looked at every %d seconds instead", why, POLL_MS / 1000);

	stop_listening(watcher);
	if (!watcher->is_told)
		watcher->hooks->on_note(watcher->hooks->context, note);
	watcher->is_told = true;
}

/* Watches every folder there is; those that are watched already stay so. */
static void watch_folders(Watcher *watcher)
{
	const char *site = watcher->options.site;
	int folder = open(site, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	watcher->has_new_folders = false;
	if (folder < 0) {
		stop_listening(watcher); /* until it is there again */
		return;
	}
	if (!tells_of_changes(site)) {
		close(folder);
		go_by_the_clock(watcher, "the file system does not tell of changes");
		return;
	}
	if (watcher->fd < 0)
		watcher->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watcher->fd < 0) {
		close(folder);
		go_by_the_clock(watcher, "the system gives no more watchers (fs.inotify.max_user_instances)");
	} else if (!watch_below(watcher, folder, site, 0)) {
		go_by_the_clock(watcher, "the system gives no more watches (fs.inotify.max_user_watches)");
	} else {
		watcher->is_told = false;
	}
}

/* --- Events ------------------------------------------------------------------------------------------ */

/* Our own files, if the index lies within the site, and what editors leave beside what they write. */
static bool is_of_no_interest(const Watcher *watcher, const struct inotify_event *event)
{
	Str name = event->len ? str_from_c(event->name) : STR_EMPTY;

	return name.len && (name.data[0] == '.' || name.data[name.len - 1] == '~' ||
	                    str_starts_with(name, str_from_c(watcher->index_name)));
}

/* Reads what has been told; whether any of it may matter. */
static bool read_events(Watcher *watcher)
{
	_Alignas(struct inotify_event) char events[16384];
	bool matters = false;
	ssize_t n;

	while ((n = read(watcher->fd, events, sizeof(events))) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *event = (const struct inotify_event *)(const void *)(events + at);

			at += (ssize_t)(sizeof(*event) + event->len);
			if (event->mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF) ||
			    (event->mask & IN_ISDIR && event->mask & (IN_CREATE | IN_MOVED_TO)))
				watcher->has_new_folders = true;
			matters = matters || !is_of_no_interest(watcher, event);
		}
	}
	return matters;
}

typedef enum Waking { WOKEN_BY_CHANGE, WOKEN_BY_CLOCK, WOKEN_TO_STOP } Waking;

/* Waits for something to happen; @timeout_ms at most. */
static Waking wait_once(Watcher *watcher, int timeout_ms)
{
	struct pollfd fds[] = { { .fd = watcher->hooks->stop_fd, .events = POLLIN },
		                { .fd = watcher->fd, .events = POLLIN } };

	if (poll(fds, ARRAY_SIZE(fds), timeout_ms) <= 0)
		return WOKEN_BY_CLOCK;
	if (fds[0].revents)
		return WOKEN_TO_STOP;
	return WOKEN_BY_CHANGE;
}

/* Waits for a change that matters and for the quiet after it. */
static Waking wait_for_change(Watcher *watcher, int timeout_ms)
{
	uint64_t end_ns = monotonic_ns() + (uint64_t)timeout_ms * 1000000;
	uint64_t burst_ns = 0; /* when it began; 0: it has not */

	for (;;) {
		uint64_t now_ns = monotonic_ns();
		int left_ms = now_ns < end_ns ? (int)((end_ns - now_ns) / 1000000) : 0;
		Waking waking = wait_once(watcher, burst_ns ? QUIET_MS : left_ms);

		if (waking == WOKEN_TO_STOP)
			return waking;
		if (waking == WOKEN_BY_CLOCK)
			return burst_ns ? WOKEN_BY_CHANGE : waking;
		if (read_events(watcher) && !burst_ns)
			burst_ns = monotonic_ns();
		if (burst_ns && monotonic_ns() - burst_ns > QUIET_MOST_MS * 1000000ull)
			return WOKEN_BY_CHANGE;
	}
}

/* --- Runs ---------------------------------------------------------------------------------------------- */

/* Until a page is due or has expired, if that comes before the next look by the clock. */
static int time_to_next(const Watcher *watcher, const IndexReport *report)
{
	int most_ms = watcher->fd >= 0 ? LOOK_MS : POLL_MS;
	int64_t now = time_now();

	if (report->next_change_at == TIME_NONE || report->next_change_at - now > most_ms / 1000)
		return most_ms;
	return report->next_change_at > now ? (int)(report->next_change_at - now) * 1000 : most_ms;
}

/* *ret_wait_ms: how long to wait for the next run unless something happens. False where the run failed. */
static bool run_once(Watcher *watcher, int *ret_wait_ms, Error *err)
{
	CLEANUP(index_report_deinit) IndexReport report = INDEX_REPORT_INIT;
	bool is_done;

	if (watcher->fd < 0 || watcher->has_new_folders)
		watch_folders(watcher);
	is_done = index_site(&watcher->options, &report, err);
	watcher->options.full = watcher->options.full && !is_done;
	*ret_wait_ms = is_done ? time_to_next(watcher, &report) : err->code == ERROR_BUSY ? BUSY_MS : POLL_MS;
	if (is_done || err->code != ERROR_BUSY)
		watcher->hooks->on_run(watcher->hooks->context, &report, err);
	return is_done;
}

static void take_options(Watcher *watcher)
{
	bool full = watcher->options.full;

	if (watcher->hooks->on_options && watcher->hooks->on_options(watcher->hooks->context, &watcher->options))
		watcher->options.full = full;
}

static void watcher_deinit(Watcher *watcher)
{
	stop_listening(watcher);
	free(watcher->index_name);
}

bool watch_site(const IndexOptions *options, const WatchHooks *hooks, Error *err)
{
	CLEANUP(free_ptr) char *index = index_path(options);
	CLEANUP(watcher_deinit) Watcher watcher = { .options = *options, .hooks = hooks, .fd = -1,
		                                    .index_name = str_dup(path_base(str_from_c(index))) };
	int wait_ms;

	/* What is wrong from the start will not mend itself. */
	if (!run_once(&watcher, &wait_ms, err) && err->code != ERROR_BUSY)
		return false;
	error_deinit(err);
	while (wait_for_change(&watcher, wait_ms) != WOKEN_TO_STOP) {
		CLEANUP(error_deinit) Error why = ERROR_INIT;

		take_options(&watcher);
		(void)!run_once(&watcher, &wait_ms, &why);
	}
	return true;
}
