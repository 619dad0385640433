/* Which words are worth completing: core/search/suggest.c. The answers as a whole are tested from outside. */
#include "harness/unit.h"
#include "harness/written_site.h"

#include "blogsearch/question.h"

static const WrittenPage pages[] = {
	{ .name = "one", .title = "One", .text = "I don't know what donations are, and it isn't an island" },
	{ .name = "two", .title = "Two", .text = "Donations don't grow. Nobody's island isn't, dont you think" },
	{ .name = "three", .title = "Three", .text = "dont" },
};

static bool suggests(WrittenSite *site, const char *q, const char *text)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Question question = question_new(QUESTION_SUGGEST, STR_EMPTY);
	Suggestions *suggestions;

	question.q = str_from_c(q);
	assert_true(suggest_run(site->engine, &question, &site->arena, &suggestions, &err));
	for (size_t i = 0; i < suggestions->n; i++)
		if (str_equal(suggestions->items[i].text, str_from_c(text)))
			return true;
	return false;
}

TEST(search_suggest__frequent_words_go_on_as_is_typed)
{
	WrittenSite site;

	open_written_site(&site, pages, ARRAY_SIZE(pages));
	assert_true(suggests(&site, "don", "donations"));
	assert_true(suggests(&site, "is", "island"));
	assert_false(suggests(&site, "no", "nobody")); /* on one page alone */
	close_written_site(&site);
}

TEST(search_suggest__pieces_of_contractions_are_no_words)
{
	WrittenSite site;

	open_written_site(&site, pages, ARRAY_SIZE(pages));
	assert_false(suggests(&site, "do", "don"));
	assert_false(suggests(&site, "do", "dont"));
	assert_false(suggests(&site, "is", "isn"));
	assert_false(suggests(&site, "is", "isnt"));
	close_written_site(&site);
}

RUN_TESTS(search_suggest, UNIT(search_suggest__frequent_words_go_on_as_is_typed),
          UNIT(search_suggest__pieces_of_contractions_are_no_words))
