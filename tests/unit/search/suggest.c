/* Which words are worth completing: core/search/suggest.c. The answers as a whole are tested from outside. */
#include "harness/unit.h"
#include "harness/written_site.h"

#include "blogsearch/question.h"

static const WrittenPage pages[] = {
	{ .name = "one", .title = "One", .text = "I don't know what donations are, and it isn't an island" },
	{ .name = "two", .title = "Two", .text = "Donations don't grow. Nobody's island isn't, dont you think" },
	{ .name = "three", .title = "Three", .text = "dont" },
};

static bool suggests(const char *q, const char *text)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Question question = question_new(QUESTION_SUGGEST, STR_EMPTY);
	Suggestions *suggestions;

	question.q = str_from_c(q);
	assert_true(suggest_run(site.engine, &question, &site.arena, &suggestions, &err));
	for (size_t i = 0; i < suggestions->n; i++)
		if (str_equal(suggestions->items[i].text, str_from_c(text)))
			return true;
	return false;
}

TEST(search_suggest__frequent_words_go_on_as_is_typed)
{
	assert_true(suggests("don", "donations"));
	assert_true(suggests("is", "island"));
	assert_false(suggests("no", "nobody")); /* on one page alone */
}

TEST(search_suggest__pieces_of_contractions_are_no_words)
{
	assert_false(suggests("do", "don"));
	assert_false(suggests("do", "dont"));
	assert_false(suggests("is", "isn"));
	assert_false(suggests("is", "isnt"));
}

RUN_TESTS_ON_SITE(search_suggest, pages, UNIT(search_suggest__frequent_words_go_on_as_is_typed),
          UNIT(search_suggest__pieces_of_contractions_are_no_words))
