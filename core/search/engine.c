/* An opened index: the catalog, indexes over it that are made while loading, readers to lend. */
#include "engine.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "blogsearch/alloc.h"
#include "blogsearch/vec.h"

/* Of postings that are kept: a frequent word takes some 10 bytes a page, as much again where its stem is another word's too. */
#define POSTINGS_BYTES_LEAST   (8u << 20)
#define POSTINGS_BYTES_OF_PAGE 1024
#define POSTINGS_BYTES_MOST    (96u << 20)
/* Of pages that were shown: one takes about three times as much as its text. */
#define PAGES_BYTES (8u << 20)

struct Engine {
	atomic_uint n_references;
	char *path;
	struct stat file;
	Catalog catalog;
	TermPages term_pages;
	FacetTable facet_table;
	Str vocabulary; /* owned */
	TitleIndex titles;
	CompletionLists completion_lists; /* with lock, as the arena: made when first asked for */
	bool has_completion_lists;
	FacetRanks facet_ranks; /* likewise */
	bool has_facet_ranks;
	TermKey *term_keys; /* by facet, then key */
	uint32_t *facet_keys; /* n_facets + 1: where each facet's keys start */
	Str *facet_names;
	EngineInfo info;
	EngineOptions options;
	SynonymTable synonyms;
	float *page_factors; /* by page number */
	PostingCache *postings;
	PageCache *pages;
	Arena arena;
	pthread_mutex_t lock; /* of the workers */
	pthread_cond_t given;
	VEC(EngineWorker) workers; /* not lent; one at least there is always, lent or not */
};

/* --- Made while loading ---------------------------------------------------------------------- */

/* Turns "terms of a page" round into "pages of a term", by counting. */
static void make_term_pages(Engine *engine)
{
	const Catalog *catalog = &engine->catalog;
	uint32_t n_ids = catalog->term_start[catalog->n_slots];
	uint32_t *start = arena_new_n(&engine->arena, uint32_t, (size_t)catalog->n_terms + 2);
	uint32_t *pages = arena_new_n(&engine->arena, uint32_t, n_ids);

	for (uint32_t i = 0; i < n_ids; i++)
		start[catalog->term_ids[i] + 2]++;
	for (uint32_t t = 2; t < catalog->n_terms + 2; t++)
		start[t] += start[t - 1];
	/* start[t + 1] is where term t's next page goes; it ends up as where term t + 1 starts. */
	for (uint32_t page = 0; page < catalog->n_slots; page++)
		for (uint32_t i = catalog->term_start[page]; i < catalog->term_start[page + 1]; i++)
			pages[start[catalog->term_ids[i] + 1]++] = page;
	engine->term_pages = (TermPages){ start, pages };
}

static int compare_keys(const void *a, const void *b)
{
	return str_compare(((const TermKey *)a)->key, ((const TermKey *)b)->key);
}

/* A value is a term's slug or its name, whatever its case or accents. */
static void make_term_keys(Engine *engine)
{
	const Catalog *catalog = &engine->catalog;
	uint32_t n = 0;

	engine->term_keys = arena_new_n(&engine->arena, TermKey, 2 * (size_t)catalog->n_terms);
	engine->facet_keys = arena_new_n(&engine->arena, uint32_t, (size_t)catalog->n_facets + 1);
	for (uint32_t f = 0; f < catalog->n_facets; f++) {
		const CatalogFacet *facet = &catalog->facets[f];

		engine->facet_keys[f] = n;
		for (uint32_t t = facet->first_term; t < facet->first_term + facet->n_terms; t++) {
			Str slug = text_fold_dup(catalog->terms[t].slug, &engine->arena);
			Str name = text_fold_dup(catalog->terms[t].name, &engine->arena);

			engine->term_keys[n++] = (TermKey){ slug, t };
			if (!str_equal(slug, name))
				engine->term_keys[n++] = (TermKey){ name, t };
		}
		if (n > engine->facet_keys[f])
			qsort(engine->term_keys + engine->facet_keys[f], n - engine->facet_keys[f], sizeof(TermKey),
			      compare_keys);
	}
	engine->facet_keys[catalog->n_facets] = n;
}

static void make_info(Engine *engine)
{
	const Catalog *catalog = &engine->catalog;

	engine->facet_names = arena_new_n(&engine->arena, Str, engine->facet_table.n_facets);
	for (uint32_t f = 0; f < engine->facet_table.n_facets; f++)
		engine->facet_names[f] = engine->facet_table.facets[f].name;
	engine->info = (EngineInfo){
		.generation = catalog->generation, .built_at = catalog->built_at, .n_pages = catalog->n_pages,
		.site_title = catalog->site_title, .base_url = catalog->base_url,
		.default_lang = catalog->default_lang, .languages = catalog->langs, .n_languages = catalog->n_langs,
	};
}

/* --- Opening and closing ---------------------------------------------------------------------- */

static size_t postings_bytes(uint32_t n_pages)
{
	size_t n = POSTINGS_BYTES_LEAST + (size_t)n_pages * POSTINGS_BYTES_OF_PAGE;

	return n < POSTINGS_BYTES_MOST ? n : POSTINGS_BYTES_MOST;
}

static void make_scratch(const Engine *engine, EngineWorker *worker)
{
	worker->scores = xnew0_n(float, engine->catalog.n_slots);
	worker->tf = xnew0_n(float, engine->catalog.n_slots);
}

static void destroy(Engine *engine)
{
	VEC_FOREACH (worker, &engine->workers) {
		store_reader_free(worker->reader);
		analyzer_free(worker->analyzer);
		free(worker->scores);
		free(worker->tf);
	}
	vec_deinit(&engine->workers);
	lru_cache_free(engine->postings);
	lru_cache_free(engine->pages);
	free((char *)engine->vocabulary.data);
	title_index_deinit(&engine->titles);
	catalog_deinit(&engine->catalog);
	arena_deinit(&engine->arena);
	pthread_cond_destroy(&engine->given);
	pthread_mutex_destroy(&engine->lock);
	free(engine->path);
	free(engine);
}

/* Clocks that are set do not make anybody wait. */
static void init_given(pthread_cond_t *given)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(given, &attributes);
	pthread_condattr_destroy(&attributes);
}

bool engine_open(const char *path, const EngineOptions *options, Engine **ret_engine, Error *err)
{
	CLEANUP(engine_unrefp) Engine *engine = xnew0(Engine);
	StoreReader *reader;

	atomic_init(&engine->n_references, 1);
	pthread_mutex_init(&engine->lock, NULL);
	init_given(&engine->given);
	engine->path = xstrdup(path);
	/* Before it is opened: should another file take its place meanwhile, it is opened once more for nothing. */
	if (stat(path, &engine->file) < 0 && errno != ENOENT)
		return error_errno(err, errno, path, "cannot be looked at");
	if (!store_reader_open(path, &reader, err))
		return false;
	vec_push(&engine->workers, (EngineWorker){ .reader = reader, .analyzer = analyzer_new() });
	if (!store_load_catalog(reader, &engine->catalog, err) ||
	    !store_load_vocabulary(reader, &engine->vocabulary, err) ||
	    !store_load_titles(reader, engine->catalog.n_slots, &engine->titles, err))
		return false;
	engine->postings = posting_cache_new(postings_bytes(engine->catalog.n_pages));
	engine->pages = page_cache_new(PAGES_BYTES);
	make_term_pages(engine);
	make_term_keys(engine);
	facet_table_make(&engine->facet_table, &engine->catalog, &engine->arena);
	make_info(engine);
	engine->options = options ? engine_options_copy(options, &engine->arena) : engine_options_default();
	engine->synonyms = make_synonym_table(&engine->options, &engine->arena);
	engine->page_factors = make_page_factors(engine, &engine->arena);
	make_scratch(engine, &engine->workers.items[0]);
	*ret_engine = TAKE(engine);
	return true;
}

Engine *engine_ref(Engine *engine)
{
	atomic_fetch_add(&engine->n_references, 1);
	return engine;
}

Engine *engine_unref(Engine *engine)
{
	if (engine && atomic_fetch_sub(&engine->n_references, 1) == 1)
		destroy(engine);
	return NULL;
}

bool engine_is_current(const Engine *engine, const char *path)
{
	struct stat now;

	return stat(path, &now) == 0 && now.st_dev == engine->file.st_dev && now.st_ino == engine->file.st_ino &&
	       now.st_size == engine->file.st_size && now.st_mtim.tv_sec == engine->file.st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == engine->file.st_mtim.tv_nsec;
}

/* A further reader opens the file by its name: false where another file has taken that name since. */
static bool open_another(Engine *engine, EngineWorker *worker)
{
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;

	if (!store_reader_open(engine->path, &reader, NULL) || !engine_is_current(engine, engine->path))
		return false;
	*worker = (EngineWorker){ .reader = TAKE(reader), .analyzer = analyzer_new() };
	make_scratch(engine, worker);
	return true;
}

static struct timespec time_in_ms(uint32_t ms)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += ms / 1000;
	time.tv_nsec += (long)(ms % 1000) * 1000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	return time;
}

/* With the lock; whether there is one now. */
static bool wait_for_worker(Engine *engine, uint32_t time_limit_ms)
{
	const struct timespec end = time_in_ms(time_limit_ms);
	int failed = 0;

	while (!engine->workers.n && !failed)
		failed = time_limit_ms ? pthread_cond_timedwait(&engine->given, &engine->lock, &end) :
		                         pthread_cond_wait(&engine->given, &engine->lock);
	return engine->workers.n;
}

bool engine_take_worker(Engine *engine, uint32_t time_limit_ms, EngineWorker *ret_worker, Error *err)
{
	bool is_there;

	pthread_mutex_lock(&engine->lock);
	is_there = engine->workers.n;
	if (!is_there) {
		pthread_mutex_unlock(&engine->lock);
		if (open_another(engine, ret_worker))
			return true;
		pthread_mutex_lock(&engine->lock);
		is_there = wait_for_worker(engine, time_limit_ms);
	}
	if (is_there)
		*ret_worker = engine->workers.items[--engine->workers.n];
	pthread_mutex_unlock(&engine->lock);
	return is_there || error_set(err, ERROR_BUSY, "the query took longer than it may");
}

void engine_give_worker(Engine *engine, EngineWorker worker)
{
	pthread_mutex_lock(&engine->lock);
	vec_push(&engine->workers, worker);
	pthread_cond_signal(&engine->given);
	pthread_mutex_unlock(&engine->lock);
}

/* --- Asking -------------------------------------------------------------------------------------- */

const EngineInfo *engine_info(const Engine *engine)
{
	return &engine->info;
}

FacetNames engine_facets(const Engine *engine)
{
	return (FacetNames){ engine->facet_names, engine->facet_table.n_facets, engine->options.facets,
		             engine->options.n_facets };
}

const Catalog *engine_catalog(const Engine *engine)
{
	return &engine->catalog;
}

const EngineOptions *engine_options(const Engine *engine)
{
	return &engine->options;
}

const TermPages *engine_term_pages(const Engine *engine)
{
	return &engine->term_pages;
}

Str engine_vocabulary(const Engine *engine)
{
	return engine->vocabulary;
}

const float *engine_page_factors(const Engine *engine)
{
	return engine->page_factors;
}

const SynonymPair *engine_find_synonyms(const Engine *engine, Str key, size_t *ret_n)
{
	const SynonymTable *table = &engine->synonyms;
	size_t low = 0, high = table->n, end;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (str_compare(table->pairs[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < table->n && str_equal(table->pairs[end].key, key); end++)
		;
	*ret_n = end - low;
	return table->pairs + low;
}

const TitleIndex *engine_titles(const Engine *engine)
{
	return &engine->titles;
}

const CompletionLists *engine_completion_lists(Engine *engine)
{
	pthread_mutex_lock(&engine->lock);
	if (!engine->has_completion_lists)
		completion_lists_make(&engine->completion_lists, &engine->catalog, engine->vocabulary, &engine->arena);
	engine->has_completion_lists = true;
	pthread_mutex_unlock(&engine->lock);
	return &engine->completion_lists;
}

const FacetRanks *engine_facet_ranks(Engine *engine)
{
	pthread_mutex_lock(&engine->lock);
	if (!engine->has_facet_ranks)
		engine->facet_ranks = facet_table_rank(&engine->facet_table, &engine->arena);
	engine->has_facet_ranks = true;
	pthread_mutex_unlock(&engine->lock);
	return &engine->facet_ranks;
}

PostingCache *engine_postings(Engine *engine)
{
	return engine->postings;
}

PageCache *engine_pages(Engine *engine)
{
	return engine->pages;
}

const FacetTable *engine_facet_table(const Engine *engine)
{
	return &engine->facet_table;
}

int engine_find_facet(const Engine *engine, Str name)
{
	return facet_table_find(&engine->facet_table, name);
}

void engine_find_terms(const Engine *engine, uint32_t facet, Str value, void (*on_term)(void *, uint32_t), void *context)
{
	uint32_t low = engine->facet_keys[facet], end = engine->facet_keys[facet + 1], high = end;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (str_compare(engine->term_keys[middle].key, value) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < end && str_equal(engine->term_keys[low].key, value); low++)
		on_term(context, engine->term_keys[low].term);
}
