/* Pages like a page: what is shared counts by how rare it is, and is named: core/search/related.c. */
#include "harness/unit.h"
#include "harness/written_site.h"

#include "blogsearch/question.h"

static const WrittenPage pages[] = {
	{ .name = "asked", .title = "Sourdough", .text = "Sourdough bread with rye flour and a starter from the oven.",
	  .tag = "baking", .series = "bread" },
	{ .name = "rye", .title = "Rye", .text = "A rye flour for sourdough, which the starter likes." },
	{ .name = "oven", .title = "Heat", .text = "How hot an oven gets, and how it stays so." },
	{ .name = "part-two", .title = "Shaping", .text = "Shaping a loaf by hand.", .series = "bread" },
	{ .name = "tagged", .title = "Cake", .text = "Whisk eggs until they are stiff.", .tag = "baking" },
	{ .name = "other", .title = "Kernel", .text = "Scheduling of threads on many cores." },
	{ .name = "german", .title = "Sourdough", .text = "Sourdough rye flour starter oven", .lang = "de" },
	{ .name = "list", .title = "Sourdough", .text = "Sourdough rye flour starter oven", .is_list = true },
};

static Related *ask(const char *url, uint32_t limit)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Question question = question_new(QUESTION_RELATED, STR_EMPTY);
	Related *related;

	question.url = str_from_c(url);
	question.limit = limit;
	assert_true(related_run(site.engine, &question, &site.arena, &related, &err));
	return related;
}

static const RelatedPage *find(const Related *related, const char *url)
{
	for (size_t i = 0; i < related->n; i++)
		if (str_equal(related->items[i].page.url, str_from_c(url)))
			return &related->items[i];
	return NULL;
}

static bool names_word(const RelatedPage *page, const char *word)
{
	for (size_t i = 0; i < page->n_words; i++)
		if (str_equal(page->words[i], str_from_c(word)))
			return true;
	return false;
}

TEST(search_related__what_shares_nothing_is_not_related)
{
	Related *related = ask("/asked/", 10);

	assert_str(related->page.url, "/asked/");
	assert_int_equal(related->n, 4);
	assert_null(find(related, "/other/"));
	assert_null(find(related, "/asked/"));
}

TEST(search_related__other_languages_and_lists_are_left_out)
{
	Related *related = ask("/asked/", 10);

	assert_null(find(related, "/german/"));
	assert_null(find(related, "/list/"));
}

TEST(search_related__more_shared_words_are_nearer)
{
	Related *related = ask("/asked/", 10);

	assert_true(find(related, "/rye/")->score > find(related, "/oven/")->score);
	for (size_t i = 1; i < related->n; i++)
		assert_true(related->items[i - 1].score >= related->items[i].score);
}

TEST(search_related__the_reasons_are_named)
{
	Related *related;
	const RelatedPage *page;

	related = ask("/asked/", 10);
	page = find(related, "/rye/");
	assert_true(names_word(page, "rye") && names_word(page, "flour") && names_word(page, "starter"));
	assert_false(names_word(page, "oven"));
	assert_int_equal(page->n_terms + page->n_series, 0);
	page = find(related, "/part-two/");
	assert_int_equal(page->n_series, 1);
	assert_str(page->series[0].name, "bread");
	assert_int_equal(page->n_terms, 0);
	page = find(related, "/tagged/");
	assert_int_equal(page->n_terms, 1);
	assert_str(page->terms[0].facet, "tag");
	assert_str(page->terms[0].term.name, "baking");
	assert_int_equal(page->n_series, 0);
}

TEST(search_related__a_series_tells_more_than_a_tag)
{
	Related *related = ask("/asked/", 10);

	assert_true(find(related, "/part-two/")->score > find(related, "/tagged/")->score);
}

TEST(search_related__no_more_than_asked_for_and_those_the_best)
{
	Related *all, *few;

	all = ask("/asked/", 10);
	few = ask("https://example.org/asked", 2);
	assert_int_equal(few->n, 2);
	for (size_t i = 0; i < few->n; i++)
		assert_int_equal(few->items[i].page.id, all->items[i].page.id);
}

TEST(search_related__a_page_that_is_not_there_is_said_so)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Question question = question_new(QUESTION_RELATED, STR_EMPTY);
	Related *related = NULL;

	question.url = STR("/nowhere/");
	assert_false(related_run(site.engine, &question, &site.arena, &related, &err));
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	assert_null(related);
}

RUN_TESTS_ON_SITE(search_related, pages, UNIT(search_related__what_shares_nothing_is_not_related),
          UNIT(search_related__other_languages_and_lists_are_left_out),
          UNIT(search_related__more_shared_words_are_nearer), UNIT(search_related__the_reasons_are_named),
          UNIT(search_related__a_series_tells_more_than_a_tag),
          UNIT(search_related__no_more_than_asked_for_and_those_the_best),
          UNIT(search_related__a_page_that_is_not_there_is_said_so))
