/*
 * How fast questions are answered, kind by kind, in one process and one thread:
 *
 *	bench-speed INDEX [--json] [--kind NAME] [--no-peer]
 *
 * cold   the first time: a fresh engine for each question (the file is in the system's cache)
 * warm   the engine has answered it before
 * FTS5   the same question to plain FTS5, whose table is kept beside the index (INDEX.fts5)
 *
 * Milliseconds of CPU time, median and the 99th of 100. The factors say how many times longer FTS5 takes.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "blogsearch/alloc.h"
#include "blogsearch/search.h"
#include "blogsearch/vec.h"
#include "ask_other.h"
#include "fail.h"
#include "peer.h"
#include "questions.h"

#define N_WARM_ROUNDS 9
#define N_PEER_ROUNDS 3

typedef VEC(double) Times;

typedef struct Bench {
	const char *index;
	Catalog catalog;
	Peer *peer;
	bool is_json;
} Bench;

typedef struct Figures {
	double median, p99;
} Figures;

void fail(const Error *err)
{
	fprintf(stderr, "bench-speed: %s\n", err->what);
	exit(1);
}

void fail_because(const char *why)
{
	fprintf(stderr, "bench-speed: %s\n", why);
	exit(1);
}

/* --- Times --------------------------------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static Figures figures_of(Times *times)
{
	Figures figures = { 0 };

	if (times->n) {
		qsort(times->items, times->n, sizeof(double), compare_doubles);
		figures = (Figures){ times->items[times->n / 2], times->items[(times->n * 99 - 1) / 100] };
	}
	vec_deinit(times);
	return figures;
}

/* This thread's CPU time: nothing waits for a disk here, and other programs' share must not count. */
static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static double ms_since(uint64_t start)
{
	return (double)(now_ns() - start) / 1e6;
}

/* --- Asking us --------------------------------------------------------------------------------- */

static void set(Query *query, const char *name, Str value, FacetNames facets, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	if (!query_set(query, str_from_c(name), value, facets, arena, &err))
		fail(&err);
}

static Query *query_of(const Question *question, Extras extras, FacetNames facets, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Query *query = query_new(arena);

	set(query, "q", question->ours, facets, arena);
	if (question->filter.len)
		set(query, "tag", question->filter, facets, arena);
	if (extras == EXTRA_NOTHING || extras == EXTRA_FACETS) {
		set(query, "snippet", STR("0"), facets, arena);
		set(query, "sections", STR("0"), facets, arena);
		set(query, "fields", STR("id,url,title,score"), facets, arena);
	}
	if (extras == EXTRA_NOTHING || extras == EXTRA_SNIPPETS)
		set(query, "facets", STR(""), facets, arena);
	if (!query_finish(query, facets, arena, &err))
		fail(&err);
	return query;
}

/* From the text typed to the answer's value; *ret_total may be NULL. */
static double ask_search(Engine *engine, const Question *question, Extras extras, Arena *arena, uint32_t *ret_total)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	uint64_t start = now_ns();
	Query *query = query_of(question, extras, engine_facets(engine), arena);
	Result *result;
	double ms;

	if (!search_run(engine, query, arena, &result, &err))
		fail(&err);
	ms = ms_since(start);
	if (ret_total)
		*ret_total = result->total;
	arena_reset(arena);
	return ms;
}

static double ask(Engine *engine, const Question *question, Extras extras, Arena *arena, uint32_t *ret_total)
{
	uint64_t start = now_ns();
	double ms;

	if (extras != EXTRA_SUGGEST && extras != EXTRA_RELATED)
		return ask_search(engine, question, extras, arena, ret_total);
	ask_other(engine, extras == EXTRA_SUGGEST, question->ours, arena);
	ms = ms_since(start);
	if (ret_total)
		*ret_total = 0;
	arena_reset(arena);
	return ms;
}

/* A connection to SQLite reads its schema with the first question, whatever that is. */
static Engine *open_engine(const Bench *bench)
{
	static const Question first = { STR_INIT("zzzz "), STR_INIT(""), STR_INIT("") };
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Engine *engine;

	if (!engine_open(bench->index, NULL, &engine, &err))
		fail(&err);
	ask(engine, &first, EXTRA_NOTHING, &arena, NULL);
	return engine;
}

static Times ask_cold(const Bench *bench, const Kind *kind)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Times times = { 0 };

	for (size_t i = 0; i < kind->n; i++) {
		CLEANUP(engine_unrefp) Engine *engine = open_engine(bench);

		vec_push(&times, ask(engine, &kind->questions[i], kind->extras, &arena, NULL));
	}
	return times;
}

/* Every question in a row some times over, so that others come between. The first round warms. */
static Times ask_warm(const Bench *bench, const Kind *kind, double *ret_mean_total)
{
	CLEANUP(engine_unrefp) Engine *engine = open_engine(bench);
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Times times = { 0 };

	*ret_mean_total = 0;
	for (int round = 0; round <= N_WARM_ROUNDS; round++)
		for (size_t i = 0; i < kind->n; i++) {
			uint32_t total;
			double ms = ask(engine, &kind->questions[i], kind->extras, &arena, &total);

			if (round)
				vec_push(&times, ms);
			else
				*ret_mean_total += (double)total / (double)kind->n;
		}
	return times;
}

static Times ask_peer(const Bench *bench, const Kind *kind)
{
	Times times = { 0 };

	for (int round = 0; bench->peer && round <= N_PEER_ROUNDS; round++)
		for (size_t i = 0; i < kind->n; i++) {
			uint64_t start = now_ns();

			if (!kind->questions[i].fts5.len)
				continue;
			peer_ask(bench->peer, kind->questions[i].fts5, kind->extras != EXTRA_NOTHING);
			if (round)
				vec_push(&times, ms_since(start));
		}
	return times;
}

/* --- Telling ------------------------------------------------------------------------------------ */

static void tell(const Bench *bench, const Kind *kind, double total, Figures cold, Figures warm, Figures peer)
{
	if (bench->is_json) {
		printf("{\"pages\": %u, \"kind\": \"%s\", \"matches\": %.0f, \"cold\": %.4f, \"cold_p99\": %.4f, "
		       "\"warm\": %.4f, \"warm_p99\": %.4f, \"fts5\": %.4f}\n",
		       bench->catalog.n_pages, kind->name, total, cold.median, cold.p99, warm.median, warm.p99, peer.median);
		return;
	}
	printf("%-24s %8.0f | %8.3f %8.3f | %8.3f %8.3f |", kind->name, total, cold.median, cold.p99, warm.median, warm.p99);
	if (peer.median > 0)
		printf(" %8.3f %7.1f %7.1f", peer.median, peer.median / cold.median, peer.median / warm.median);
	printf("\n");
	fflush(stdout);
}

static void measure_kind(const Bench *bench, const Kind *kind)
{
	double total;
	Times cold = ask_cold(bench, kind), warm = ask_warm(bench, kind, &total), peer = ask_peer(bench, kind);

	tell(bench, kind, total, figures_of(&cold), figures_of(&warm), figures_of(&peer));
}

/* What an engine holds once it is open, and how long opening takes. */
static void measure_opening(const Bench *bench)
{
	Times times = { 0 };
	size_t before = mallinfo2().uordblks + mallinfo2().hblkhd, held = 0;
	double ms;

	for (int round = 0; round < 7; round++) {
		CLEANUP(error_deinit) Error err = ERROR_INIT;
		CLEANUP(engine_unrefp) Engine *engine = NULL;
		uint64_t start = now_ns();

		if (!engine_open(bench->index, NULL, &engine, &err))
			fail(&err);
		vec_push(&times, ms_since(start));
		held = mallinfo2().uordblks + mallinfo2().hblkhd - before;
	}
	ms = figures_of(&times).median;
	if (bench->is_json)
		printf("{\"pages\": %u, \"kind\": \"open\", \"ms\": %.3f, \"bytes\": %zu}\n", bench->catalog.n_pages, ms, held);
	else
		printf("%u pages: opened in %.2f ms, holding %.2f MB (%.1f KB for 1,000 pages)\n", bench->catalog.n_pages, ms,
		       (double)held / 1e6, (double)held / bench->catalog.n_pages);
}

int main(int argc, char **argv)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	CLEANUP(free_ptr) char *peer_path = NULL;
	const char *wanted = NULL;
	bool has_peer = true;
	Bench bench = { 0 };
	Kind *kinds;
	size_t n_kinds;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			bench.is_json = true;
		else if (!strcmp(argv[i], "--no-peer"))
			has_peer = false;
		else if (!strcmp(argv[i], "--kind") && i + 1 < argc)
			wanted = argv[++i];
		else
			bench.index = argv[i];
	}
	if (!bench.index)
		fail_because("usage: bench-speed INDEX [--json] [--kind NAME] [--no-peer]");
	if (!store_reader_open(bench.index, &reader, &err) || !store_load_catalog(reader, &bench.catalog, &err))
		fail(&err);
	kinds = make_questions(reader, &bench.catalog, &arena, &n_kinds);
	peer_path = xasprintf("%s.fts5", bench.index);
	if (has_peer)
		bench.peer = peer_open(peer_path, reader, &bench.catalog);
	measure_opening(&bench);
	if (!bench.is_json)
		printf("%-24s %8s | %8s %8s | %8s %8s | %8s %7s %7s\n", "", "matches", "cold", "p99", "warm", "p99", "FTS5",
		       "/cold", "/warm");
	for (size_t k = 0; k < n_kinds; k++)
		if (!wanted || !strcmp(wanted, kinds[k].name))
			measure_kind(&bench, &kinds[k]);
	if (bench.peer)
		peer_free(bench.peer);
	catalog_deinit(&bench.catalog);
	return 0;
}
