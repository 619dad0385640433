/* core/search/engine.c: readers are lent, and waited for no longer than a question may take. */
#include "harness/unit.h"
#include "harness/written_site.h"

#include "blogsearch/clock.h"
#include "blogsearch/question.h"
#include "engine.h"

#define LIMIT_MS 60

static const WrittenPage pages[] = {
	{ .name = "bread", .title = "Bread", .text = "Sourdough.", .tag = "baking", .series = "loaves" },
};

static bool search(uint32_t limit_ms, Error *err)
{
	FacetNames facets = engine_facets(site.engine);
	Query *query = query_new(&site.arena);
	Result *result;

	assert_true(query_set(query, STR("q"), STR("sourdough"), facets, &site.arena, err));
	assert_true(query_finish(query, facets, &site.arena, err));
	query->time_limit_ms = limit_ms;
	return search_run(site.engine, query, &site.arena, &result, err);
}

static void check_busy_in_time(bool is_done, uint64_t start, Error *err)
{
	double ms = (double)(monotonic_ns() - start) / 1e6;

	assert_false(is_done);
	assert_int_equal(err->code, ERROR_BUSY);
	/* A busy machine may be late, never early. */
	assert_true(ms >= LIMIT_MS && ms < 50 * LIMIT_MS);
	error_deinit(err);
	*err = (Error)ERROR_INIT;
}

TEST(search_engine__with_the_file_gone_and_its_reader_lent_questions_end_in_time)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(free_ptr) char *path = xasprintf("%s/index.db", site.folder);
	CLEANUP(free_ptr) char *aside = xasprintf("%s/aside.db", site.folder);
	Question question = { .kind = QUESTION_SUGGEST, .q = STR("br"), .limit = 5, .time_limit_ms = LIMIT_MS };
	Suggestions *suggestions;
	EngineWorker worker;
	uint64_t start;

	assert_true(engine_take_worker(site.engine, 0, &worker, &err));
	assert_int_equal(rename(path, aside), 0);
	start = monotonic_ns();
	check_busy_in_time(search(LIMIT_MS, &err), start, &err);
	start = monotonic_ns();
	check_busy_in_time(suggest_run(site.engine, &question, &site.arena, &suggestions, &err), start, &err);
	/* While the file is there another reader is opened. */
	assert_int_equal(rename(aside, path), 0);
	assert_true(search(LIMIT_MS, &err));
	engine_give_worker(site.engine, worker);
	assert_true(search(0, &err));
}

RUN_TESTS_ON_SITE(search_engine, pages,
                  UNIT(search_engine__with_the_file_gone_and_its_reader_lent_questions_end_in_time))
