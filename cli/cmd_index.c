/* blogsearch index: a run, or one after the other with --watch; the report to people, cron or programs. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/daemon.h"
#include "blogsearch/watch.h"
#include "print_report.h"
#include "progress.h"
#include "site_run.h"

#define MEMORY_OF_A_RUN (48u << 20) /* a cache of 32 MB, and what is known of some ten thousand files */

const Option index_options[] = {
	{ "full", OPTION_FLAG, 0, NULL, "read every file again and build the index anew" },
	{ "watch", OPTION_FLAG, 0, NULL, "stay, and index again whenever the site changes; ends with SIGINT or SIGTERM" },
	{ "dry-run", OPTION_FLAG, 0, NULL, "say page by page what would change and why, write nothing" },
	{ "jobs", OPTION_VALUE, 0, "N", "threads that read; as many as there are cores by default" },
	{ "drafts", OPTION_FLAG, 0, NULL, "index drafts as well" },
	{ "future", OPTION_FLAG, 0, NULL, "index pages whose date is still to come" },
	{ "expired", OPTION_FLAG, 0, NULL, "index pages whose expiry date has passed" },
	{ "progress", OPTION_VALUE, 0, "WHEN", "auto (on a terminal), always or never" },
	{ 0 },
};

static bool decide_progress(const Context *context, IndexProgress *ret_progress, Error *err)
{
	const char *when = option_value(context->arguments, "progress");
	bool is_wanted = isatty(STDERR_FILENO) && !context->output.is_quiet;

	if (when && strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 && strcmp(when, "never") != 0)
		return error_set(err, ERROR_USAGE, "--progress %s is none of auto, always, never", when);
	if (when && strcmp(when, "auto") != 0)
		is_wanted = strcmp(when, "always") == 0;
	*ret_progress = is_wanted ? progress_show : NULL;
	return true;
}

static bool decide_jobs(const Context *context, unsigned *ret_n_jobs, Error *err)
{
	const char *jobs = option_value(context->arguments, "jobs");
	uint64_t n;

	if (!jobs)
		return true;
	if (!str_to_u64(str_from_c(jobs), &n) || n < 1 || n > 1024)
		return error_set(err, ERROR_USAGE, "--jobs %s is no number from 1 to 1024", jobs);
	*ret_n_jobs = (unsigned)n;
	return true;
}

/* cron mails whatever is printed: on no terminal only what is wrong, or what was asked for. */
static bool is_talking(const Context *context, const IndexOptions *options)
{
	return !context->output.is_quiet &&
	       (isatty(STDOUT_FILENO) || context->output.is_verbose || options->dry_run);
}

static void print_rebuilt(const Context *context, const IndexReport *report)
{
	if (report->was_rebuilt && !context->output.is_json)
		output_note("%s: the index is built anew: %s", context->index,
		            report->rebuilt_because ? report->rebuilt_because : "it could not be read");
}

static bool print_report(const Context *context, const IndexOptions *options, const IndexReport *report, Error *err)
{
	print_rebuilt(context, report);
	if (context->output.is_json)
		return print_index_json(report, err);
	site_print_problems(report);
	return !is_talking(context, options) ||
	       ((!options->lists_changes || print_index_changes(report, err)) &&
	        print_index_summary(context, report, options->dry_run, err));
}

/* --- Watching -------------------------------------------------------------------------------------- */

/* What tells that a file is another one, or has been written. */
typedef struct FileStamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
} FileStamp;

typedef struct Watching {
	Context context; /* its configuration is the newest that could be read, and lives in @arena */
	Arena arena;
	IndexOptions options;
	FileStamp config;  /* as it was read last, whatever came of it */
	size_t n_problems; /* of the run before: they are told when there are others */
	bool has_run;
	char *failure; /* of the run before, owned; NULL: it went well */
} Watching;

/* What stays wrong is tried again every few seconds, and told once. */
static void tell_failure(Watching *watching, const Error *err)
{
	CLEANUP(free_ptr) char *text = error_to_text(err);

	/* The first run's is printed when the program ends of it. */
	if (watching->has_run && (!watching->failure || strcmp(watching->failure, text) != 0))
		output_error(err);
	free(watching->failure);
	watching->failure = TAKE(text);
}

static void tell_run(void *context, const IndexReport *report, const Error *err)
{
	Watching *watching = context;
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	bool is_news = report->was_published || report->n_problems != watching->n_problems || !watching->has_run;

	if (err->code != ERROR_NONE) {
		tell_failure(watching, err);
		return;
	}
	free(TAKE(watching->failure));
	watching->n_problems = report->n_problems;
	watching->has_run = true;
	if (is_news && !print_report(&watching->context, &watching->options, report, &why))
		output_error(&why);
	fflush(stdout);
}

static void tell_note(void *context, const char *note)
{
	(void)context;
	output_note("%s", note);
}

static FileStamp stamp_of(const char *path)
{
	struct stat info;

	if (stat(path, &info) < 0)
		return (FileStamp){ 0 };
	return (FileStamp){ info.st_dev, info.st_ino, info.st_size, info.st_mtim, info.st_ctim };
}

static bool is_same_stamp(const FileStamp *a, const FileStamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Where the configuration has been written and is wrong, that is told once, and the one before holds. */
static bool renew_options(void *context, IndexOptions *options)
{
	Watching *watching = context;
	FileStamp stamp = stamp_of(watching->context.config_path);
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	Context renewed = watching->context;
	IndexOptions fresh;

	if (is_same_stamp(&stamp, &watching->config))
		return false;
	watching->config = stamp;
	renewed.arena = &arena;
	if (!context_read_config(&renewed, CONFIG_BY_PATH, &why) || !site_options(&renewed, &fresh, &why)) {
		error_hint(&why, "it is indexed by the configuration as it was before");
		output_error(&why);
		return false;
	}
	fresh.n_jobs = watching->options.n_jobs;
	fresh.progress = watching->options.progress;
	fresh.progress_context = watching->options.progress_context;
	arena_deinit(&watching->arena);
	watching->arena = arena;
	arena = (Arena)ARENA_INIT;
	renewed.arena = &watching->arena;
	watching->context = renewed;
	watching->options = *options = fresh;
	return true;
}

/* A descriptor that becomes readable with SIGINT or SIGTERM, which do nothing else from now on. */
static bool open_stop(int *ret_fd, Error *err)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	*ret_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	return *ret_fd >= 0 || error_errno(err, errno, NULL, "signals cannot be waited for");
}

static void watching_deinit(Watching *watching)
{
	arena_deinit(&watching->arena);
	free(watching->failure);
}

static int watch(const Context *context, const IndexOptions *options, Error *err)
{
	CLEANUP(watching_deinit) Watching watching = { .context = *context, .arena = ARENA_INIT, .options = *options,
		                                       .config = stamp_of(context->config_path) };
	CLEANUP(close_fd) int stop_fd = -1;
	WatchHooks hooks = { tell_run, tell_note, renew_options, &watching, -1 };

	if (options->dry_run) {
		error_set(err, ERROR_USAGE, "--watch and --dry-run exclude each other");
		return -1;
	}
	if (!open_stop(&stop_fd, err))
		return -1;
	hooks.stop_fd = stop_fd;
	return watch_site(options, &hooks, err) ? 0 : -1;
}

/* --- The command ------------------------------------------------------------------------------------- */

static int run_once(const Context *context, const IndexOptions *options, Error *err)
{
	CLEANUP(index_report_deinit) IndexReport report = INDEX_REPORT_INIT;

	alloc_expect(MEMORY_OF_A_RUN);
	if (!index_site(options, &report, err)) {
		print_rebuilt(context, &report);
		site_print_problems(&report);
		return -1;
	}
	if (!print_report(context, options, &report, err))
		return -1;
	return report.n_problems ? error_exit_status(ERROR_PAGES) : 0;
}

int cmd_index(Context *context, Error *err)
{
	IndexOptions options;
	Progress progress = { 0 };

	if (!site_options(context, &options, err))
		return -1;
	options.progress_context = &progress;
	if (!decide_progress(context, &options.progress, err) || !decide_jobs(context, &options.n_jobs, err))
		return -1;
	return option_is_given(context->arguments, "watch") ? watch(context, &options, err)
	                                                    : run_once(context, &options, err);
}
