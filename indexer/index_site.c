/*
 * From a site to its index. Read this first:
 *
 *	site_detect     what kind of site it is, and its configuration    site/detect.c, site/hugo_config.c, site/plain.c
 *	site list       which files may be pages                          site/hugo_content.c
 *	is_unchanged    which of them need not be read again              here
 *	build_document  bytes to a document                               build_document.c
 *	store_put       a document to rows                                core/store
 *	store_publish   the new file takes the old one's place            core/store/publish.c
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/hash.h"
#include "build_document.h"
#include "report.h"

#define PROGRESS_EVERY 64 /* files */

typedef struct Indexer {
	const IndexOptions *options;
	Site *site;
	StoreWriter *writer;
	Analyzer *analyzer;
	IndexReport *report;
	Problems problems;
	Map known;    /* file → number into @files, + 1 */
	Map urls;     /* URL → file, as a number into @sources, + 1 */
	const StoreFile *files;
	size_t n_files;
	SourceFiles sources;
	bool *is_kept; /* by number of a known file: it still has its place in the index */
	uint64_t site_fingerprint;
} Indexer;

char *index_default_path(const char *site)
{
	return xasprintf("%s/.blogsearch/index.db", site);
}

/* Of all that decides about every page: what the site's configuration says, our own options and rules. */
static uint64_t fingerprint_of(const Site *site)
{
	const IndexOptions *options = site->options;
	const char *const texts[] = { options->kind, options->content, options->base_url, options->permalink,
		                      options->hugo_version };
	uint64_t hash = hash_number(site->fingerprint, TEXT_VERSION);

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		hash = hash_more(hash, str_from_c(texts[i]));
	hash = hash_number(hash, options->drafts | options->future << 1 | options->expired << 2);
	for (size_t i = 0; i < options->n_exclude; i++)
		hash = hash_more(hash, str_from_c(options->exclude[i]));
	return hash;
}

/* --- Which files need not be read ------------------------------------------------------------------ */

static const StoreFile *known_file(const Indexer *indexer, Str file, size_t *ret_number)
{
	const MapEntry *entry = map_get(&indexer->known, file);

	if (!entry)
		return NULL;
	*ret_number = entry->value - 1;
	return &indexer->files[*ret_number];
}

static bool is_unchanged(const Indexer *indexer, const SourceFile *source, const StoreFile *known)
{
	const IndexOptions *options = indexer->options;

	return known && !options->full && store_writer_site_fingerprint(indexer->writer) == indexer->site_fingerprint &&
	       known->size == source->size && known->mtime_ns == source->mtime_ns &&
	       known->fingerprint == source->fingerprint &&
	       /* Its time may have come or gone since. */
	       (options->expired || known->expires == TIME_NONE || known->expires >= indexer->site->now);
}

/* --- One page ---------------------------------------------------------------------------------------- */

static void problem(Indexer *indexer, Str file, const Error *err)
{
	if (err->code != ERROR_NONE)
		problem_add(&indexer->problems, file, err);
}

/* Two pages of one URL: both stay, and the author is told. */
static void note_url(Indexer *indexer, const SourceFile *source, Str url)
{
	bool is_new;
	MapEntry *entry = map_put(&indexer->urls, url, &is_new);
	CLEANUP(error_deinit) Error why = ERROR_INIT;

	if (is_new) {
		entry->value = (uint64_t)(source - indexer->sources.items) + 1;
		return;
	}
	error_set(&why, ERROR_SYNTAX, "has the same URL (%.*s) as %.*s", STR_ARG(url),
	          STR_ARG(indexer->sources.items[entry->value - 1].file));
	error_hint(&why, "give one of them another slug or url");
	problem(indexer, source->file, &why);
}

static bool store_document(Indexer *indexer, const Document *document, bool is_known, Arena *arena, Error *err)
{
	if (!store_put(indexer->writer, store_prepare(indexer->analyzer, document, arena), err))
		return false;
	indexer->report->n_added += !is_known;
	indexer->report->n_changed += is_known;
	return true;
}

/* False only for what ends the run; a page that cannot be read keeps the row that it has, if any. */
static bool index_page(Indexer *indexer, const SourceFile *source, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	CLEANUP(error_deinit) Error warning = ERROR_INIT;
	Document *document = NULL;
	PageFate fate;
	size_t number = 0;
	const StoreFile *known = known_file(indexer, source->file, &number);
	bool is_built;

	if (is_unchanged(indexer, source, known)) {
		indexer->is_kept[number] = true;
		indexer->report->n_unchanged++;
		return true;
	}
	is_built = build_document(indexer->site, source, &arena, &document, &fate, &warning, &why);
	if (!is_built && known) {
		indexer->is_kept[number] = true;
		error_hint(&why, "what was indexed of it before stays until it can be read");
	}
	problem(indexer, source->file, is_built ? &warning : &why);
	if (!is_built)
		return true;
	if (fate == PAGE_LEFT_OUT) {
		indexer->report->n_left_out++;
		return true;
	}
	note_url(indexer, source, document->relurl);
	if (known)
		indexer->is_kept[number] = true;
	return indexer->options->dry_run || store_document(indexer, document, known != NULL, &arena, err);
}

/* --- All pages ------------------------------------------------------------------------------------------ */

static bool glob_matches(const char *pattern, Str file)
{
	size_t p = 0, s = 0, star = STR_NOT_FOUND, mark = 0;
	bool is_deep = false;

	while (s < file.len) {
		if (pattern[p] == '*') {
			is_deep = pattern[p + 1] == '*';
			p += 1 + is_deep;
			star = p;
			mark = s;
		} else if (pattern[p] && (pattern[p] == file.data[s] || pattern[p] == '?')) {
			p++;
			s++;
		} else if (star != STR_NOT_FOUND && (is_deep || file.data[mark] != '/')) {
			p = star;
			s = ++mark;
		} else {
			break;
		}
	}
	while (s == file.len && pattern[p] == '*')
		p++;
	/* A folder's pattern stands for all that is in it. */
	return !pattern[p] && (s == file.len || file.data[s] == '/' || (s && file.data[s - 1] == '/'));
}

static bool is_excluded(const Indexer *indexer, Str file)
{
	for (size_t i = 0; i < indexer->options->n_exclude; i++)
		if (glob_matches(indexer->options->exclude[i], file))
			return true;
	return false;
}

static bool index_pages(Indexer *indexer, Error *err)
{
	const IndexOptions *options = indexer->options;

	VEC_FOREACH (source, &indexer->sources) {
		uint32_t n_done = (uint32_t)(source - indexer->sources.items);

		if (options->progress && n_done % PROGRESS_EVERY == 0)
			options->progress(options->progress_context, n_done, (uint32_t)indexer->sources.n);
		if (is_excluded(indexer, source->file))
			continue;
		if (!index_page(indexer, source, err))
			return false;
	}
	if (options->progress)
		options->progress(options->progress_context, (uint32_t)indexer->sources.n, (uint32_t)indexer->sources.n);
	return true;
}

static bool remove_vanished(Indexer *indexer, Error *err)
{
	for (size_t i = 0; i < indexer->n_files; i++) {
		if (indexer->is_kept[i])
			continue;
		indexer->report->n_removed++;
		if (!indexer->options->dry_run && !store_remove(indexer->writer, indexer->files[i].file, err))
			return false;
	}
	return true;
}

static bool know_files(Indexer *indexer, Error *err)
{
	if (!store_writer_files(indexer->writer, &indexer->files, &indexer->n_files, err))
		return false;
	for (size_t i = 0; i < indexer->n_files; i++)
		map_put(&indexer->known, indexer->files[i].file, NULL)->value = i + 1;
	indexer->is_kept = xnew0_n(bool, indexer->n_files + 1);
	return true;
}

static bool find_sources(Indexer *indexer, Error *err)
{
	const Site *site = indexer->site;

	if (!site->type->list(indexer->site, &indexer->sources, &indexer->problems, err))
		return false;
	return indexer->sources.n ||
	       error_at(err, ERROR_SITE, site->root, 0, "has no pages: no Markdown file was found in its content",
	                "name the folder of your site, or its content folder with site.content");
}

static bool publish(Indexer *indexer, Error *err)
{
	const Site *site = indexer->site;
	const StoreSite facts = { site->title, site->base_url, site->default_lang, site->facets, site->n_facets,
	                          site->terms, site->n_terms };

	if (indexer->options->dry_run)
		return true;
	if (!store_set_site(indexer->writer, &facts, indexer->site_fingerprint, err))
		return false;
	indexer->report->was_published = store_writer_is_changed(indexer->writer);
	return store_writer_publish(indexer->writer, err);
}

/* The index is opened last: until then nothing is made that a site which cannot be read would leave behind. */
static bool run(Indexer *indexer, const char *path, bool full, Error *err)
{
	StoreOpening opening;

	if (!find_sources(indexer, err) ||
	    !store_writer_open(path, full, &indexer->writer, &opening, &indexer->report->rebuilt_because, err))
		return false;
	indexer->report->was_rebuilt = opening == STORE_REBUILT;
	return know_files(indexer, err) && index_pages(indexer, err) && remove_vanished(indexer, err) &&
	       publish(indexer, err);
}

static void finish(Indexer *indexer, const char *path)
{
	IndexReport *report = indexer->report;
	struct stat info;

	if (indexer->writer)
		report->n_pages = store_writer_n_pages(indexer->writer);
	if (stat(path, &info) == 0)
		report->index_bytes = (uint64_t)info.st_size;
	problems_move(&indexer->problems, report);
}

static void indexer_deinit(Indexer *indexer)
{
	indexer->writer = store_writer_free(indexer->writer);
	indexer->analyzer = analyzer_free(indexer->analyzer);
	map_deinit(&indexer->known);
	map_deinit(&indexer->urls);
	vec_deinit(&indexer->sources);
	free(indexer->is_kept);
}

static bool index_once(const IndexOptions *options, bool full, const char *path, IndexReport *report, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(indexer_deinit) Indexer indexer = { .options = options, .report = report, .analyzer = analyzer_new() };
	Site site;
	bool is_done;

	if (!site_detect(options, &arena, &site, err))
		return false;
	indexer.site = &site;
	indexer.site_fingerprint = fingerprint_of(&site);
	is_done = run(&indexer, path, full, err);
	finish(&indexer, path);
	return is_done;
}

bool index_site(const IndexOptions *options, IndexReport *report, Error *err)
{
	CLEANUP(free_ptr) char *path = options->index ? xstrdup(options->index) : index_default_path(options->site);
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	uint64_t start = monotonic_ns();
	bool is_done = index_once(options, options->full, path, report, &why);

	/* Damage that showed only while working on a copy: the index is made anew. */
	if (!is_done && why.code == ERROR_INDEX && !options->full && why.file &&
	    strstr(why.hint ? why.hint : "", "--full")) {
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
