/*
 * From query to result. Read this first: each step is a file of its own.
 *
 *	match_words    the words' tree becomes a set of pages     relax.c, cut_runs.c, plan_match.c, match_pages.c, correct.c
 *	filter_pages   facets and dates narrow it                 filter_pages.c
 *	rank_hits      the best of them, in order                 rank_hits.c, score_pages.c, page_factors.c
 *	count_facets   how many pages each value would give       count_facets.c
 *	build_hits     what is shown of the hits on this page     build_hits.c, make_snippets.c, find_sections.c
 */
#include "steps.h"

#include "blogsearch/clock.h"

static uint64_t lap(uint64_t *since)
{
	uint64_t now = monotonic_ns(), spent = now - *since;

	*since = now;
	return spent;
}

/* The correction, and how many pages it finds with the filters that are set: where there are none it is not offered. */
static void describe_correction(const Search *search, Result *result)
{
	uint32_t n_pages;

	if (!search->corrected.len)
		return;
	n_pages = page_set_count(narrow_pages(search, search->corrected_words));
	if (!n_pages && !search->is_corrected)
		return;
	result->corrected = search->corrected;
	result->is_corrected = search->is_corrected;
	result->corrected_total = n_pages;
}

static void describe(const Search *search, Result *result)
{
	const Query *query = search->query;

	result->q = query->text;
	result->match = search->n_pages ? search->match : RESULT_NONE;
	describe_correction(search, result);
	result->total = search->n_pages;
	result->page = query->page;
	result->per_page = query->per_page;
	result->pages = query->per_page ? (search->n_pages + query->per_page - 1) / query->per_page : 0;
	result->generation = search->catalog->generation;
}

static bool run(Search *search, Result *result, Error *err)
{
	uint64_t since = monotonic_ns();

	if (!match_words(search, err))
		return false;
	filter_pages(search);
	result->timing.match = lap(&since);
	if (!rank_hits(search, err))
		return false;
	result->timing.rank = lap(&since);
	count_facets(search, result);
	result->timing.facets = lap(&since);
	if (!build_hits(search, result, err))
		return false;
	result->timing.snippets = lap(&since);
	describe(search, result);
	return true;
}

bool search_run(Engine *engine, const Query *query, Arena *arena, Result **ret_result, Error *err)
{
	uint64_t start = monotonic_ns();
	Result *result = arena_new(arena, Result);
	EngineWorker worker;
	Search search = {
		.engine = engine, .catalog = engine_catalog(engine), .query = query, .arena = arena,
		.deadline_ns = query->time_limit_ms ? start + query->time_limit_ms * UINT64_C(1000000) : 0,
	};
	bool is_done;

	if (!engine_take_worker(engine, query->time_limit_ms, &worker, err))
		return false;
	search.worker = worker;
	search.reader = worker.reader;
	search.analyzer = worker.analyzer;
	is_done = run(&search, result, err);
	release_leaves(&search);
	engine_give_worker(engine, worker);
	if (!is_done)
		return false;
	result->took_ms = (double)(monotonic_ns() - start) / 1e6;
	*ret_result = result;
	return true;
}
