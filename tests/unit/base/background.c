/* Work beside the caller's: core/base/background.c. */
#include "harness/unit.h"

#include "blogsearch/background.h"

typedef struct Work {
	pthread_t caller;
	bool is_beside;
	bool fails;
} Work;

static bool do_work(void *context, Error *err)
{
	Work *work = context;

	work->is_beside = !pthread_equal(pthread_self(), work->caller);
	return !work->fails || error_set(err, ERROR_IO, "it went wrong");
}

TEST(base_background__work_is_done_in_another_thread_before_its_end_is_told)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Work work = { .caller = pthread_self() };
	Background background = { 0 };

	background_begin(&background, do_work, &work);
	assert_true(background_end(&background, &err));
	assert_true(work.is_beside);
	assert_int_equal(err.code, ERROR_NONE);
}

TEST(base_background__a_failure_comes_with_its_error)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Work work = { .caller = pthread_self(), .fails = true };
	Background background = { 0 };

	background_begin(&background, do_work, &work);
	assert_false(background_end(&background, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_string_equal(err.what, "it went wrong");
}

TEST(base_background__what_is_waited_for_anyhow_has_ended_and_leaves_nothing)
{
	Work work = { .caller = pthread_self(), .fails = true };
	Background background = { 0 };

	background_begin(&background, do_work, &work);
	background_deinit(&background);
	assert_true(work.is_beside);
	assert_true(background_end(&background, NULL)); /* nothing is begun any more */
}

RUN_TESTS(base_background, UNIT(base_background__work_is_done_in_another_thread_before_its_end_is_told),
          UNIT(base_background__a_failure_comes_with_its_error),
          UNIT(base_background__what_is_waited_for_anyhow_has_ended_and_leaves_nothing))
