/* What is done where no page has all words, and in which order: core/search/relax.c. */
#include "harness/unit.h"
#include "harness/written_site.h"

#include "blogsearch/query.h"

static const WrittenPage pages[] = {
	{ .name = "compose", .title = "Compose", .text = "docker compose starts containers together" },
	{ .name = "volumes", .title = "Volumes", .text = "docker volumes keep what containers write" },
	{ .name = "podman", .title = "Podman", .text = "podman starts containers without a daemon" },
	{ .name = "garden", .title = "Garden", .text = "tomatoes and beans in the greenhouse" },
	{ .name = "slip", .title = "Slip", .text = "the greenhuose is cold" },
};

static Result *ask(const char *q, const char *match, const char *typo)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	FacetNames facets = engine_facets(site.engine);
	Query *query = query_new(&site.arena);
	Result *result;

	/* With a blank: a word that may go on is another matter. */
	assert_true(query_set(query, STR("q"), arena_printf(&site.arena, "%s ", q), facets, &site.arena, &err));
	assert_true(query_set(query, STR("match"), str_from_c(match), facets, &site.arena, &err));
	assert_true(query_set(query, STR("typo"), str_from_c(typo), facets, &site.arena, &err));
	assert_true(query_finish(query, facets, &site.arena, &err));
	assert_true(search_run(site.engine, query, &site.arena, &result, &err));
	return result;
}

static bool finds(const Result *result, const char *url)
{
	for (size_t i = 0; i < result->n_hits; i++)
		if (str_equal(result->hits[i].url, str_from_c(url)))
			return true;
	return false;
}

TEST(search_relax__pages_with_all_words_are_enough)
{
	Result *result = ask("docker containers", "auto", "auto");

	assert_int_equal(result->match, RESULT_ALL);
	assert_int_equal(result->total, 2);
	assert_false(finds(result, "/podman/"));
	assert_str(result->corrected, "");
}

TEST(search_relax__where_no_page_has_all_words_most_of_them_will_do)
{
	Result *result = ask("docker compose tomatoes", "auto", "auto");

	assert_int_equal(result->match, RESULT_RELAXED);
	assert_true(finds(result, "/compose/"));
	assert_false(finds(result, "/volumes/"));
}

TEST(search_relax__all_means_all)
{
	Result *result = ask("docker compose tomatoes", "all", "auto");

	assert_int_equal(result->match, RESULT_NONE);
	assert_int_equal(result->total, 0);
}

TEST(search_relax__any_finds_what_has_one_of_them)
{
	Result *result = ask("docker tomatoes", "any", "auto");

	assert_int_equal(result->match, RESULT_ANY);
	assert_int_equal(result->total, 3);
	assert_true(finds(result, "/garden/"));
}

TEST(search_relax__a_word_that_no_page_has_is_corrected_before_words_go)
{
	Result *result = ask("dokcer compose", "auto", "auto");

	assert_int_equal(result->match, RESULT_ALL);
	assert_true(result->is_corrected);
	assert_str(result->corrected, "docker compose");
	assert_int_equal(result->corrected_total, 1);
	assert_int_equal(result->total, 1);
}

TEST(search_relax__nothing_is_corrected_where_that_is_not_wanted)
{
	Result *result = ask("dokcer", "auto", "off");

	assert_int_equal(result->total, 0);
	assert_str(result->corrected, "");
}

TEST(search_relax__a_word_that_pages_have_stays_as_it_is)
{
	Result *result = ask("greenhuose", "auto", "auto");

	assert_int_equal(result->match, RESULT_ALL);
	assert_false(result->is_corrected);
	assert_int_equal(result->total, 1);
	assert_true(finds(result, "/slip/"));
}

TEST(search_relax__what_was_said_on_purpose_is_never_let_go)
{
	assert_int_equal(ask("\"compose docker\" tomatoes", "auto", "auto")->total, 0);
	assert_int_equal(ask("title:podman tomatoes", "auto", "auto")->total, 1);
	assert_true(finds(ask("title:podman tomatoes", "auto", "auto"), "/podman/"));
	assert_false(finds(ask("docker tomatoes -volumes", "auto", "auto"), "/volumes/"));
}

TEST(search_relax__nonsense_finds_nothing)
{
	Result *result = ask("sdafadsfasdf", "auto", "auto");

	assert_int_equal(result->match, RESULT_NONE);
	assert_int_equal(result->total, 0);
	assert_str(result->corrected, "");
}

RUN_TESTS_ON_SITE(search_relax, pages, UNIT(search_relax__pages_with_all_words_are_enough),
          UNIT(search_relax__where_no_page_has_all_words_most_of_them_will_do), UNIT(search_relax__all_means_all),
          UNIT(search_relax__any_finds_what_has_one_of_them),
          UNIT(search_relax__a_word_that_no_page_has_is_corrected_before_words_go),
          UNIT(search_relax__nothing_is_corrected_where_that_is_not_wanted),
          UNIT(search_relax__a_word_that_pages_have_stays_as_it_is),
          UNIT(search_relax__what_was_said_on_purpose_is_never_let_go),
          UNIT(search_relax__nonsense_finds_nothing))
