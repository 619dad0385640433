/*
 * From a site to its index. Read this first:
 *
 *	site_detect     what kind of site it is, and its configuration    site/detect.c, site/hugo_config.c, site/plain.c
 *	site walk       what files there are; often that is all           list_files.c
 *	site list       which files may be pages                          site/hugo_content.c
 *	find_changes    which of them have to be read                     find_changes.c
 *	read_pages      bytes to rows, in several threads                 read_pages.c, read_source.c, build_document.c
 *	store_put       rows into the index, in this one                  core/store
 *	store_publish   the new file takes the old one's place            core/store/publish.c
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/background.h"
#include "blogsearch/clock.h"
#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "exclude.h"
#include "read_pages.h"
#include "report.h"

#define READING_VERSION 1 /* bump where a file gives another document than before: all are read again */
#define PROGRESS_EVERY 64 /* files */
#define JOBS_AT_MOST   16 /* one thread writes; more than these only wait for it */

typedef struct Indexer {
	const IndexOptions *options;
	Site *site;
	StoreWriter *writer;       /* NULL for a dry run */
	StoreInventory looked_at;  /* for a dry run */
	const StoreInventory *inventory;
	const char *path; /* of the index */
	bool full;        /* it is made anew */
	Background opening;
	SourceFiles sources;
	Changes changes;
	IndexReport *report;
	Problems problems;
	uint64_t site_fingerprint;
	uint64_t stamp; /* of the configuration and of what files there are, before any is read */
	uint64_t start_ns;
	uint32_t n_read;
	bool has_doubts; /* something has to be looked at again with the next run, whether or not it changes */
} Indexer;

char *index_default_path(const char *site)
{
	return xasprintf("%s/.blogsearch/index.db", site);
}

char *index_path(const IndexOptions *options)
{
	CLEANUP(free_ptr) char *path = options->index ? xstrdup(options->index) : index_default_path(options->site);

	return path_follow(path);
}

/*
 * Of all that decides about every page: what the site's configuration says, our own options and
 * rules. Which files are sources at all (index.exclude) is seen by their being there or not.
 */
static uint64_t fingerprint_of(const Site *site)
{
	const IndexOptions *options = site->options;
	const char *const texts[] = { options->kind, options->content, options->base_url, options->permalink,
		                      options->hugo_version };
	uint64_t hash = hash_number(hash_number(site->fingerprint, TEXT_VERSION), READING_VERSION);

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		hash = hash_more(hash, str_from_c(texts[i]));
	for (size_t i = 0; i < options->n_languages; i++)
		hash = hash_more(hash, str_from_c(options->languages[i]));
	for (size_t i = 0; i < options->n_facets; i++)
		hash = hash_more(hash_more(hash, str_from_c(options->facets[i].name)), str_from_c(options->facets[i].key));
	return hash_number(hash, options->drafts | options->future << 1 | options->expired << 2 | options->omits_code << 3);
}

/* --- Which files are sources -------------------------------------------------------------------------- */

/* Of all that is known of a site before any of its files is read. */
static uint64_t stamp_of(const Indexer *indexer)
{
	const IndexOptions *options = indexer->options;
	uint64_t stamp = hash_number(hash_number(site_stamp(indexer->site), fingerprint_of(indexer->site)), options->n_exclude);

	for (size_t i = 0; i < options->n_exclude; i++)
		stamp = hash_more(stamp, str_from_c(options->exclude[i]));
	return stamp;
}

static bool find_sources(Indexer *indexer, Error *err)
{
	const Site *site = indexer->site;

	if (!site->type->list(indexer->site, &indexer->sources, &indexer->problems, err))
		return false;
	site_drop_walked(indexer->site);
	drop_excluded(indexer->options, &indexer->sources);
	return site_has_pages(site, &indexer->sources, err);
}

static bool open_index(Indexer *indexer, StoreIntent intent, Error *err)
{
	IndexReport *report = indexer->report;

	if (indexer->options->dry_run) {
		if (!store_look(indexer->path, &indexer->looked_at, err))
			return false;
		indexer->inventory = &indexer->looked_at;
	} else {
		if (!store_writer_open(indexer->path, intent, &indexer->writer, err))
			return false;
		indexer->inventory = store_writer_inventory(indexer->writer);
	}
	report->was_rebuilt = indexer->inventory->opening == STORE_REBUILT;
	report->rebuilt_because = indexer->inventory->why ? xstrdup(indexer->inventory->why) : NULL;
	return true;
}

static bool open_published(void *context, Error *err)
{
	return open_index(context, STORE_CHANGE, err);
}

/*
 * The index is opened last: until then nothing is made that a site which cannot be read would leave
 * behind. One that is there already, and that something has changed for, is opened beside listing.
 */
static bool find_and_open(Indexer *indexer, bool is_published, Error *err)
{
	bool is_found, is_open;

	if (!is_published)
		return find_sources(indexer, err) &&
		       open_index(indexer, indexer->full ? STORE_ANEW : STORE_GO_ON, err);
	background_begin(&indexer->opening, open_published, indexer);
	is_found = find_sources(indexer, err);
	is_open = background_end(&indexer->opening, is_found ? err : NULL);
	return is_found && is_open;
}

/* --- One page ---------------------------------------------------------------------------------------- */

static const char *reason_text(const ReadingTask *task)
{
	switch (task->reason) {
	case READ_NEW:
		return "new";
	case READ_STAMP:
		return "its file has changed";
	case READ_DUE:
		return "its time has come";
	case READ_RULES:
		return "what decides about it has changed: a section above, its bundle";
	case READ_SITE:
		return "the site's configuration has changed";
	case READ_CLOCK:
		return "the clock was set back";
	case READ_ALL:
		break;
	}
	return "everything is read";
}

static void progress(Indexer *indexer, uint64_t n_bytes)
{
	const IndexOptions *options = indexer->options;
	IndexProgressed done = { .n_done = ++indexer->n_read, .n_all = (uint32_t)indexer->changes.tasks.n };

	indexer->report->n_bytes_read += n_bytes;
	done.n_bytes = indexer->report->n_bytes_read;
	if (options->progress && (done.n_done % PROGRESS_EVERY == 0 || done.n_done == done.n_all))
		options->progress(options->progress_context, &done);
}

static void note_next_change(Indexer *indexer, int64_t at)
{
	IndexReport *report = indexer->report;

	if (at != TIME_NONE && at > indexer->site->now &&
	    (report->next_change_at == TIME_NONE || at < report->next_change_at))
		report->next_change_at = at;
}

static void problem(Indexer *indexer, Str file, const Error *err)
{
	if (err->code != ERROR_NONE)
		problem_add(&indexer->problems, file, err);
}

static void remove_known(Indexer *indexer, const StoreFile *known, const char *why)
{
	if (!known->page)
		return;
	indexer->report->n_removed++;
	report_change(indexer->report, indexer->options, INDEX_REMOVED, known->file, why);
}

/* A page that cannot be read keeps the row that it has. */
static bool take_unread(Indexer *indexer, PageRead *page, Error *err)
{
	const StoreFile *known = page->task->known;

	if (page->problem.code == ERROR_NOT_FOUND) { /* it has gone since it was listed */
		if (!known)
			return true;
		remove_known(indexer, known, "its file is gone");
		return indexer->options->dry_run || store_remove(indexer->writer, known, err);
	}
	if (known && known->page) {
		error_hint(&page->problem, "what was indexed of it before stays until it can be read");
		indexer->report->n_unchanged++;
	}
	problem(indexer, page->task->source->file, &page->problem);
	return true;
}

static void count_left_out(Indexer *indexer, PageFate fate, uint32_t n)
{
	indexer->report->n_left_out += n;
	indexer->report->n_by_fate[fate] += n;
}

static bool take_left_out(Indexer *indexer, const PageRead *page, Error *err)
{
	static const char *const reasons[N_PAGE_FATES] = {
		[PAGE_DRAFT] = "it is a draft now",
		[PAGE_FUTURE] = "its date is still to come",
		[PAGE_EXPIRED] = "it has expired",
		[PAGE_OPTED_OUT] = "its author keeps it out of the search",
		[PAGE_UNRENDERED] = "the site makes no page of it any more",
		[PAGE_WITHOUT_TEXT] = "it has no text of its own any more",
		[PAGE_OTHER_LANGUAGE] = "its language is not to be indexed",
	};
	const StoreFile *known = page->task->known;

	count_left_out(indexer, page->fate, 1);
	if (known)
		remove_known(indexer, known, reasons[page->fate]);
	return indexer->options->dry_run || store_leave_out(indexer->writer, &page->file, known, err);
}

static bool take_same(Indexer *indexer, const PageRead *page)
{
	if (page->file.page)
		indexer->report->n_unchanged++;
	else
		count_left_out(indexer, page->fate, 1);
	if (!indexer->options->dry_run)
		store_note(indexer->writer, &page->file);
	return true;
}

static bool take_changed(Indexer *indexer, const PageRead *page, Error *err)
{
	const StoreFile *known = page->task->known;
	bool is_new = !known || !known->page;

	indexer->report->n_added += is_new;
	indexer->report->n_changed += !is_new;
	report_change(indexer->report, indexer->options, is_new ? INDEX_ADDED : INDEX_CHANGED, page->task->source->file,
	              reason_text(page->task));
	return indexer->options->dry_run || store_put(indexer->writer, page->row, known, err);
}

static bool take_read(Indexer *indexer, PageRead *page, Error *err)
{
	progress(indexer, page->task->source->size);
	indexer->report->times.read += (double)page->read_ns / 1e9;
	indexer->report->times.prepare += (double)page->prepare_ns / 1e9;
	indexer->has_doubts = indexer->has_doubts || !page->is_read || page->file.mtime_ns == TIME_NONE;
	if (!page->is_read)
		return take_unread(indexer, page, err);
	problem(indexer, page->task->source->file, &page->warning);
	note_next_change(indexer, page->file.changes_at);
	if (page->is_same)
		return take_same(indexer, page);
	return page->fate == PAGE_PUBLISHED ? take_changed(indexer, page, err) : take_left_out(indexer, page, err);
}

/* False only for what ends the run. */
static bool take_page(void *context, PageRead *page, Error *err)
{
	Indexer *indexer = context;
	uint64_t start = thread_ns();
	bool goes_on = take_read(indexer, page, err);

	indexer->report->times.write += (double)(thread_ns() - start) / 1e9;
	return goes_on;
}

/* --- All pages ------------------------------------------------------------------------------------------ */

static bool is_there(const Site *site, Str file)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	return faccessat(AT_FDCWD, arena_to_c(&arena, path_join(&arena, str_from_c(site->root), file)), F_OK,
	                 AT_SYMLINK_NOFOLLOW) == 0;
}

/* First, so that their numbers are free for new pages. */
static bool remove_gone(Indexer *indexer, Error *err)
{
	VEC_FOREACH (gone, &indexer->changes.gone) {
		const StoreFile *known = *gone;

		remove_known(indexer, known, is_there(indexer->site, known->file) ? "its file is no page any more"
		                                                                   : "its file is gone");
		if (!indexer->options->dry_run && !store_remove(indexer->writer, known, err))
			return false;
	}
	return true;
}

static unsigned count_cores(void)
{
	cpu_set_t cores;

	return sched_getaffinity(0, sizeof(cores), &cores) == 0 ? (unsigned)CPU_COUNT(&cores) : 1;
}

static unsigned count_jobs(const IndexOptions *options)
{
	unsigned n = options->n_jobs ? options->n_jobs : count_cores();

	return n < JOBS_AT_MOST ? n : JOBS_AT_MOST;
}

static bool read_changed(Indexer *indexer, Error *err)
{
	const IndexOptions *options = indexer->options;
	const ReadingOptions reading = { indexer->site, count_jobs(options), options->dry_run };
	const IndexProgressed none = { .n_all = (uint32_t)indexer->changes.tasks.n };

	if (options->progress && none.n_all)
		options->progress(options->progress_context, &none);
	return read_pages(&reading, indexer->changes.tasks.items, indexer->changes.tasks.n, take_page, indexer, err);
}

static void look_for_changes(Indexer *indexer)
{
	const ChangeRules rules = { indexer->site_fingerprint, indexer->site->now, indexer->options->full };

	find_changes(&indexer->sources, indexer->inventory, &rules, &indexer->changes);
	indexer->report->n_unchanged = indexer->changes.n_as_before[PAGE_PUBLISHED];
	for (PageFate fate = PAGE_PUBLISHED + 1; fate < N_PAGE_FATES; fate++)
		count_left_out(indexer, fate, indexer->changes.n_as_before[fate]);
	indexer->report->next_change_at = indexer->changes.next_change_at;
}

/* For has_seen_all(), of a run after which nothing has to be looked at or said again. */
static void keep_glance(Indexer *indexer)
{
	StoreGlance glance = { .stamp = indexer->stamp, .next_change_at = indexer->report->next_change_at };

	_Static_assert(N_PAGE_FATES <= STORE_GLANCE_COUNTS, "every reason has its count");
	if (indexer->has_doubts || indexer->problems.list.n)
		return;
	memcpy(glance.n_left_out, indexer->report->n_by_fate, sizeof(indexer->report->n_by_fate));
	store_set_glance(indexer->writer, &glance);
}

/* Their strings stay; what lies in them takes as much memory as publishing does. */
static void drop_lists(Indexer *indexer)
{
	vec_deinit(&indexer->sources);
	changes_deinit(&indexer->changes);
}

static bool publish(Indexer *indexer, Error *err)
{
	const Site *site = indexer->site;
	const StoreSite facts = { site->title, site->base_url, site->default_lang, site->facets, site->n_facets,
	                          site->terms, site->n_terms };

	if (indexer->options->dry_run)
		return true;
	keep_glance(indexer);
	drop_lists(indexer);
	if (!store_set_site(indexer->writer, &facts, indexer->site_fingerprint, err))
		return false;
	indexer->report->was_published = store_writer_is_changed(indexer->writer);
	return store_writer_publish(indexer->writer, err);
}

/*
 * The index was published from these very files by these very rules, with nothing to be told of any
 * of them, and nothing is due: what find_changes() would say is known without it.
 */
static bool has_seen_all(const Indexer *indexer, const StoreGlance *glance)
{
	const IndexOptions *options = indexer->options;
	int64_t now = indexer->site->now;

	return !options->lists_changes && !indexer->problems.list.n && glance->stamp == indexer->stamp &&
	       glance->built_at <= now && (glance->next_change_at == TIME_NONE || glance->next_change_at > now);
}

static bool report_nothing(Indexer *indexer, const StoreGlance *glance, Error *err)
{
	indexer->report->n_unchanged = glance->n_pages;
	for (PageFate fate = PAGE_PUBLISHED + 1; fate < N_PAGE_FATES; fate++)
		count_left_out(indexer, fate, glance->n_left_out[fate]);
	indexer->report->next_change_at = glance->next_change_at;
	return indexer->options->dry_run || store_tidy(indexer->path, err);
}

static bool run(Indexer *indexer, Error *err)
{
	StoreGlance glance;
	bool is_published;

	if (!indexer->site->type->walk(indexer->site, &indexer->problems, err))
		return false;
	indexer->stamp = stamp_of(indexer);
	is_published = !indexer->full && store_glance(indexer->path, &glance);
	if (is_published && has_seen_all(indexer, &glance))
		return report_nothing(indexer, &glance, err);
	if (!find_and_open(indexer, is_published, err))
		return false;
	indexer->site_fingerprint = fingerprint_of(indexer->site); /* listing the sources has a part in it */
	look_for_changes(indexer);
	indexer->report->times.list = (double)(monotonic_ns() - indexer->start_ns) / 1e9;
	return remove_gone(indexer, err) && read_changed(indexer, err) && publish(indexer, err);
}

/* Both stay, and their author is told at every run until one of them has another address. */
static void report_same_urls(Indexer *indexer)
{
	for (size_t i = 0; indexer->inventory && i < indexer->inventory->n_same_urls; i++) {
		const StoreSameUrl *same = &indexer->inventory->same_urls[i];
		CLEANUP(error_deinit) Error why = ERROR_INIT;

		error_set(&why, ERROR_SYNTAX, "has the same URL (%.*s) as %.*s", STR_ARG(same->relurl), STR_ARG(same->other));
		error_hint(&why, "give one of them another slug or url");
		problem(indexer, same->file, &why);
	}
}

static void note_times(const StoreWriter *writer, IndexTimes *times)
{
	StoreTimes parts = store_writer_times(writer);

	times->publish = parts.copy + parts.derive + parts.commit + parts.check + parts.put;
}

static void finish(Indexer *indexer)
{
	IndexReport *report = indexer->report;
	struct stat info;

	report_same_urls(indexer);
	if (indexer->writer)
		note_times(indexer->writer, &report->times);
	if (indexer->writer)
		report->n_pages = store_writer_n_pages(indexer->writer);
	else
		report->n_pages = report->n_added + report->n_changed + report->n_unchanged;
	if (stat(indexer->path, &info) == 0)
		report->index_bytes = (uint64_t)info.st_size;
	problems_move(&indexer->problems, report);
}

static void indexer_deinit(Indexer *indexer)
{
	indexer->writer = store_writer_free(indexer->writer);
	store_inventory_deinit(&indexer->looked_at);
	changes_deinit(&indexer->changes);
	vec_deinit(&indexer->sources);
}

static bool index_once(const IndexOptions *options, bool full, const char *path, IndexReport *report, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(site_deinit) Site site = { 0 };
	CLEANUP(indexer_deinit) Indexer indexer = { .options = options, .path = path, .full = full, .report = report,
		                                    .start_ns = monotonic_ns(), .problems = { .options = options } };
	bool is_done;

	if (!site_detect(options, &arena, &site, err))
		return false;
	indexer.site = &site;
	is_done = run(&indexer, err);
	finish(&indexer);
	return is_done;
}

bool index_site(const IndexOptions *options, IndexReport *report, Error *err)
{
	CLEANUP(free_ptr) char *path = index_path(options);
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	uint64_t start = monotonic_ns();
	bool is_done = index_once(options, options->full, path, report, &why);

	/* Damage that showed only while working on a copy: the index is made anew. */
	if (!is_done && why.is_damage && !options->full) {
		index_report_deinit(report);
		error_deinit(&why);
		is_done = index_once(options, true, path, report, &why);
		report->was_rebuilt = true;
		free(report->rebuilt_because);
		report->rebuilt_because = xstrdup("it was damaged");
	}
	report->seconds = (double)(monotonic_ns() - start) / 1e9;
	if (!is_done)
		error_move(err, &why);
	return is_done;
}
